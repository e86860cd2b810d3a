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
# # 问题与措施的主题 | Themes of problems and measures
#
# 各分类器的得分与代价，各主题的查准查全曲线和阈值，概率是否可信，两人标注的一致程度，
# 哪些主题容易混淆，错在原文里的样子。得分读自 `results/themes.json`
# （由 `python -m nianbao.training.themes.compare` 写出），词的分量由随软件发布的分类器当场算出。
#
# What the classifiers score and cost, precision against recall and the threshold of each theme,
# whether probabilities can be believed, how far two people agree, which themes are confused, and
# mistakes in their text. Scores are read from `results/themes.json`, which
# `python -m nianbao.training.themes.compare` writes; the weights of words are worked out here and
# now by the classifier that ships.

# %%
from IPython.display import HTML, Image, Markdown
from matplotlib.figure import Figure

from nianbao.inference.themes import load_classifier, shipped
from nianbao.training.plots import confusion, use_chinese
from nianbao.training.themes import faults, plots, results, show, tables
from nianbao.training.themes.corpus import split

use_chinese()
found = results.load("results/themes.json")
classifier = load_classifier(shipped())
SHIPPED = "characters"  # its name in the comparison
Markdown(show.about(found, classifier.info))

# %% [markdown]
# ## 各分类器 | The classifiers
#
# 开发集用来定阈值和校准，测试集由另一人撰写，每个分类器只评一次。
# 括号里是按报告自助抽样的 95 % 区间。泛泛而谈、说没有问题的条目没有主题，也不给主题。
# Thresholds and calibration were set on the development split; the test split is by another
# author and was scored once a classifier. In brackets intervals of 95 %, by drawing reports anew.
# Statements that name no object, or no problem, have no theme and are not given any.

# %%
Markdown(tables.classifier_table(found))

# %%
fig = Figure(figsize=(12, 5.5), layout="constrained")
for ax, part in zip(fig.subplots(1, 2), show.SPLITS, strict=True):
    plots.all_precision_recall(ax, found, part)
Image(plots.png(fig))

# %% [markdown]
# ## 各主题 | By theme
#
# 随软件发布的分类器，测试集。 | The shipped classifier on the test split.

# %%
Markdown(tables.theme_table(found, SHIPPED))

# %%
fig = Figure(figsize=(10, 5.5), layout="constrained")
plots.theme_scores(fig.subplots(), found, "test")
Image(plots.png(fig))

# %% [markdown]
# ## 查准与查全 | Precision against recall
#
# 测试集。蓝线是随软件发布的分类器，圆点是它的阈值所在，灰线是其他分类器；虚线上 F1 相同。
# Test split. Blue the shipped classifier, the dot where its threshold cuts, grey the others; along
# a dotted line F1 is the same.

# %%
fig = Figure(figsize=(10.5, 10.5), layout="constrained")
axes = fig.subplots(4, 4, sharex=True, sharey=True)
plots.precision_recall(axes.flat, found, SHIPPED)
fig.supxlabel("查全 recall")
fig.supylabel("查准 precision")
Image(plots.png(fig))

# %% [markdown]
# ## 阈值 | Thresholds
#
# 每个主题单独看：从这个概率起就给出，F1 是多少。红圈是选定的阈值，它们在开发集和训练集的交叉验证上
# 一起选出，彼此不许离得太远。
# Each theme on its own: its F1 if it is given from that probability on. Red rings are the
# thresholds that were chosen, together and near each other, on the development split and by
# cross-validation.

# %%
fig = Figure(figsize=(10, 6), layout="constrained")
plots.thresholds(fig.subplots(), found, SHIPPED, "dev")
Image(plots.png(fig))

# %% [markdown]
# ## 校准 | Calibration
#
# 虚线上，概率说几成就有几成属实；线上是过于谨慎，线下是过于自信。竖线是随软件发布的分类器的
# 95 % 区间，不足十个的不画。
# On the dashed line as many are true as the probability says; above it the classifier is too
# cautious, below it too sure. Bars are intervals of 95 % of the one that ships; bins of fewer than
# ten are left out.

# %%
fig = Figure(figsize=(12, 6), layout="constrained")
axes = fig.subplots(1, 2)
plots.reliability(axes[0], found, [SHIPPED], ["dev", "test"])
plots.reliability(axes[1], found, [one.name for one in found.classifiers], ["test"])
Image(plots.png(fig))

# %% [markdown]
# 大多数概率接近零，也确实不属实，所以“全部”的误差总是小的；只看给出的主题更严，测试集：
# Most probabilities are near 0 and rightly so, which makes the error over all pairs small whatever
# happens; over the themes that were given it is a harder measure. Test split:

# %%
Markdown(show.calibration(found, "test"))

# %% [markdown]
# ## 两人标注的一致程度 | Agreement of two labellings
#
# 两人各自标注，互不知情，商定之前；旁边是分类器与商定后的标准。
# Two people, neither seeing the other's labels, before they settled; beside them the classifier
# against the labels that were settled.

# %%
labellings = faults.labellings(found, SHIPPED)
Markdown(show.agreement(labellings))

# %%
fig = Figure(figsize=(10.5, 5.5), layout="constrained")
plots.kappas(fig.subplots(), labellings)
Image(plots.png(fig))

# %% [markdown]
# ## 容易混淆的主题 | Themes that are confused
#
# 一条该给甲却给了乙的次数。“没有”一列：漏掉了，没有别的顶替；“没有”一行：多给了。
# 行是标准，列是所得，对角线是给对的；颜色是占该行的份额。测试集。
# Statements that should have one theme and were given another. The column none: missed, and no
# other in its place; the row none: given beside what is right. Rows gold, columns given, coloured
# by the share of the row; on the diagonal what is right. Test split.

# %%
fig = Figure(figsize=(11, 8), layout="constrained")
pairs = faults.labelled(found, SHIPPED, "test")
confusion(fig.subplots(), faults.confusions(pairs), show.SIDES)
Image(plots.png(fig))

# %% [markdown]
# 最常互相顶替的，不分谁对；两人之间的也数在内。
# The pairs that stand most often in each other's place, whichever is right, between the two people
# as well.

# %%
Markdown(show.confused_pairs(labellings, 15))

# %% [markdown]
# ## 原文里的错误 | Mistakes in their text
#
# 取自开发集，测试集的文字不看，免得照着它改：每个主题取概率最低而漏掉的一条、概率最高而多出的
# 一条。数是概率和阈值，后面是最支持这个主题的词和它们在对数几率里的分量；词在原文里标出。
# From the development split, for nobody is to mend things by the texts of the test split: of each
# theme the statement that misses it at the least probability and the one that invents it at the
# highest. The figures are probability and threshold; behind them the words that speak most for the
# theme, with what they add to its log odds. The words are marked in the text.

# %%
HTML(show.cases(faults.worst(faults.cases(found, SHIPPED, "dev")), split("dev"), classifier))
