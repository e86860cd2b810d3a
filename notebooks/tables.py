# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 表二、表三、表四 | The tables
#
# 哪些行、哪些列容易出错，错成什么样，出在哪种版式；表的对齐、报告的结论和置信度能不能信；元数据。
# “大样本”读自 `results/`，“小样本”由本笔记当场解析合成的留出报告得出（份数见 `NIANBAO_SAMPLE`）。
#
# Which rows and columns go wrong, how, and in which layouts; whether alignments and statuses can be
# believed; metadata. The large sample is read from `results/`; the small one is parsed here and
# now, on held-out synthetic reports. `make notebooks` runs it all anew.

# %%
import os

import matplotlib.pyplot as plt
from IPython.display import HTML, Markdown

from nianbao.training import plots, show, survey

plots.use_chinese()
big = survey.load("results/survey.json")
small = survey.survey(9_000_000, int(os.environ.get("NIANBAO_SAMPLE", "60")))
Markdown(show.about(big, small))

# %% [markdown]
# ## 完好、常见、恶劣 | Clean, typical, hostile

# %%
Markdown(show.patterns(big.tiers))

# %% [markdown]
# 小样本 | The small sample:

# %%
Markdown(show.patterns(small.tiers))

# %% [markdown]
# ## 各行各列 | Rows and columns
#
# 每一千次读这一格，读错、多出、漏掉各多少次（大样本）。灰色：法定格式没有这一格。
# Of a thousand readings of a cell, how many are wrong, invented, missed. Grey: no such cell.

# %%
fig, axes = plt.subplots(1, 3, figsize=(12, 4.2), layout="constrained")
plots.cells(axes, "t2", big.cells)

# %%
fig, axes = plt.subplots(1, 3, figsize=(12, 8), layout="constrained")
plots.cells(axes, "t3", big.cells)

# %%
fig, axes = plt.subplots(1, 3, figsize=(12, 3), layout="constrained")
plots.cells(axes, "t4", big.cells)

# %% [markdown]
# 出错最多的格子 | The cells that go wrong most:

# %%
Markdown(show.worst_cells(big, 15))

# %% [markdown]
# ## 读法与状态 | Methods and states
#
# 值是怎样对到格子上的。 | How values came into their cells.

# %%
Markdown(show.tallies(big.methods, "读法 method"))

# %%
fig, ax = plt.subplots(figsize=(9, 3.6), layout="constrained")
plots.confusion(ax, big.states, show.STATES)

# %% [markdown]
# ## 各版式 | By layout

# %%
fig, ax = plt.subplots(figsize=(10, 6), layout="constrained")
plots.kinds(ax, show.by_loss(big.layouts))

# %% [markdown]
# ## 勾稽关系证实了什么 | What the sums prove
#
# “证实”的表是不是真的都对。 | Whether the tables that are said to be proved are right.

# %%
Markdown(show.alignments(big))

# %% [markdown]
# ## 结论 | Status
#
# 有错的报告有没有送给人看。 | Whether a person is sent to the reports that are not perfect.

# %%
Markdown(show.statuses(big))

# %% [markdown]
# ## 元数据 | Metadata

# %%
Markdown(show.metadata(big, small))

# %% [markdown]
# ## 原文里的错误 | Mistakes in their text
#
# “标准”只标出这一格，“所得”是模型在附近给的标签。
# Gold marks the cell alone; below it the labels that the model gave around it.

# %%
HTML(show.mistakes(big.examples, ("cell",)))

# %% [markdown]
# 小样本里的 | Those of the small sample:

# %%
HTML(show.mistakes(small.examples, ("cell",)))
