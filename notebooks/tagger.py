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
# # 逐字标注模型 | The tagger
#
# 每个标签、每种样式的得分，混淆，校准，风险与覆盖率，学习曲线，消融，以及每种错误在原文里的样子。
# “大样本”读自 `results/`，“小样本”由本笔记当场解析合成的留出报告得出（份数见 `NIANBAO_SAMPLE`）。
#
# Scores by label and by pattern, confusion, calibration, risk against coverage, learning curve,
# ablation, and each kind of mistake in its text. The large sample is read from `results/`; the
# small one is parsed here and now, on held-out synthetic reports. `make notebooks` runs it anew.

# %%
import json
import os

import matplotlib.pyplot as plt
from IPython.display import HTML, Markdown

from nianbao.models.folder import shipped
from nianbao.models.labels import Label
from nianbao.training import compare, plots, show, survey

plots.use_chinese()
big = survey.load("results/survey.json")
small = survey.survey(9_000_000, int(os.environ.get("NIANBAO_SAMPLE", "60")))
variants = compare.load("results/variants.json")
run = json.loads((shipped() / "run.json").read_text("utf-8"))
Markdown(show.about(big, small))

# %% [markdown]
# ## 各标签 | By label
#
# 区间的两端和标签都对才算对。 | A span counts only with both edges and its label right.

# %%
Markdown(show.labels(big, small))

# %%
fig, ax = plt.subplots(figsize=(8, 4.5), layout="constrained")
plots.label_scores(ax, big.spans)

# %% [markdown]
# ## 混淆 | Confusion
#
# 行是标准，列是所得；数是字数，颜色是占该行的份额。O 是没有标签。
# Rows gold, columns given; counts of characters, coloured by the share of the row. O is no label.

# %%
fig, ax = plt.subplots(figsize=(10.5, 6), layout="constrained")
plots.confusion(ax, big.characters, show.LABELS)

# %% [markdown]
# ## 各版式、各种破损 | By layout and by damage
#
# 按损失从大到小：先看不正确的单元格，再看章节和条目。u：原文里的数已经无法恢复。
# Worst first: cells, then sections and items. u: figures that are gone from the text for good.

# %%
layouts = show.by_loss(big.layouts)
Markdown(show.patterns(layouts))

# %%
fig, axes = plt.subplots(1, 3, figsize=(11, 6), layout="constrained")
plots.losses(axes, layouts)

# %% [markdown]
# 损失最大的二十种破损 | The twenty damages that cost most:

# %%
Markdown(show.patterns(show.by_loss(big.damages), 20))

# %% [markdown]
# ## 校准 | Calibration
#
# 虚线上，置信度说几成错就是几成错；线下是过于谨慎，线上是过于自信。
# 空心：一个错也没有。不足二十个的不画。
# On the dashed line doubts are as large as the share of mistakes; below it the parser is too
# cautious, above it too sure. Hollow: no mistake at all. Bins of fewer than 20 are left out.

# %%
fig, axes = plt.subplots(1, 3, figsize=(12, 3.8), layout="constrained")
for ax, (kind, title) in zip(axes, show.THINGS.items(), strict=True):
    plots.calibration(ax, big.confidence[kind], small.confidence[kind], title)

# %%
Markdown(show.calibration(big, small))

# %% [markdown]
# ## 风险与覆盖率 | Risk against coverage
#
# 只留最可信的，其中有多少不对。 | Of the most confident, how many are not right.

# %%
fig, ax = plt.subplots(figsize=(8, 4.2), layout="constrained")
plots.risk(ax, {title: big.confidence[kind] for kind, title in show.THINGS.items()})

# %% [markdown]
# ## 学习曲线 | Learning curve
#
# 左：随软件发布的模型，各标签；右：各变体，全部标签。在开发用的合成报告上；
# 不到万分之一的画在万分之一处。
# Left the shipped model by label, right the variants, all labels; on development reports. What is
# below 1 in 10,000 is drawn there.

# %%
fig, axes = plt.subplots(1, 2, figsize=(12, 4), layout="constrained")
plots.learning(axes[0], {show.LABELS[label]: compare.curve(run, label) for label in Label})
plots.learning(axes[1], {variant.what: variant.curve for variant in variants if variant.curve})

# %% [markdown]
# ## 消融 | Ablation

# %%
Markdown(show.variants(variants))

# %% [markdown]
# ## 原文里的错误 | Mistakes in their text
#
# 每种一例，取自大样本。⏎ 是换行，⇥ 是制表符；每段标记后的小字是标签。
# One of each kind, from the large sample. ⏎ is a line break, ⇥ a tab; after each mark its label.

# %%
HTML(show.mistakes(big.examples, Label))

# %% [markdown]
# 问题与措施的条目，以及章节 | Items of problems and measures, and sections:

# %%
HTML(show.mistakes(big.examples, ("item", "section")))

# %% [markdown]
# 小样本里的 | Those of the small sample:

# %%
HTML(show.mistakes(small.examples, ("item", "section")))
