"""The comparison as tables of Markdown, and the model card of what is shipped."""

from ...models.themes import themes
from .measure import Interval
from .results import Classifier, Comparison, Scored

HEADER = (
    "| 分类器 classifier | 开发集 dev: micro, macro F1 | 测试集 test: micro F1 (95 %) "
    "| macro F1 (95 %) | 首主题 first % | ECE | ms | MB | 冷启动 cold start s |\n"
    "|---|---|---|---|--:|--:|--:|--:|--:|"
)
THEME_HEADER = (
    "| 主题 theme | 条数 n | 精确率 precision | 召回率 recall | F1 | ECE | 阈值 threshold |\n"
    "|---|--:|--:|--:|--:|--:|--:|"
)
HEAD = """---
language: zh
license: apache-2.0
library_name: nianbao
pipeline_tag: text-classification
tags:
- text-classification
- open-government-information
---

# nianbao-themes {version}

判断政府信息公开年度报告“存在的主要问题及改进情况”中一条问题或措施属于哪些主题（共十六个）。
按字的一至三元组作 tf-idf，每个主题一个逻辑回归，概率经校准，阈值逐主题选定。
只需 numpy；没有 pickle。

Tells which of sixteen themes a problem or a measure of section 5 is about: tf-idf over the n-grams
of one to three characters, one logistic regression a theme, calibrated probabilities, a threshold
for each theme. It needs numpy alone, and there is no pickle.
"""
USE = """
## 文件 | Files

`classifier.json` 名称、主题次序、截距、校准、阈值与样例 settings · `ngrams.txt` n 元组，一行一个，
行号即数组的行 the n-grams by row · `rarity.npy` idf · `weights.npy` 权重 weights [n-grams, themes]
· `words.json` 说明理由时所用的词 the words that reasons are told in

## 使用 | Use

```python
from nianbao.inference.themes import load_classifier

classifier = load_classifier()
classifier.assign(["栏目更新不够及时"])  # 主题与概率 themes with probabilities
classifier.why("栏目更新不够及时", "platform")  # 最重的词 the weightiest words
```

## 局限 | Limits

语料由多人按同一规则撰写并标注，不是真实报告的原文；在真实报告上的得分可能较低。
没有主题过阈值时给出概率最高的一个，其分数低，应由人看。

The corpus was written and labelled for this purpose by several hands under one set of rules; it is
no text of real reports, on which scores may be lower. Where no theme reaches its threshold the
likeliest is given: its low score tells that a person should look.
"""


def classifier_table(comparison: Comparison) -> str:
    return "\n".join((HEADER, *map(_row, comparison.classifiers)))


def _row(one: Classifier) -> str:
    dev, test, cost = one.splits["dev"], one.splits["test"], one.cost
    fields = (
        one.what,
        f"{dev.micro:.3f}, {dev.macro:.3f}",
        _with_interval(test.micro, test.micro_interval),
        _with_interval(test.macro, test.macro_interval),
        f"{100 * test.first:.1f}",
        f"{test.calibration_error:.3f}",
        f"{cost.milliseconds:.2f}",
        f"{cost.megabytes:.1f}",
        "—" if cost.cold_start is None else f"{cost.cold_start:.1f}",
    )
    return f"| {' | '.join(fields)} |"


def _with_interval(value: float, interval: Interval) -> str:
    return f"{value:.3f} ({interval.low:.3f}-{interval.high:.3f})"


def theme_table(comparison: Comparison, name: str) -> str:
    """Every theme on the test split."""
    one = comparison.classifier(name)
    by_theme = one.splits["test"].by_theme
    rows = [
        f"| {entry.zh} {entry.id} | {score.statements} | {_share(score.precision)} "
        f"| {_share(score.recall)} | {score.f1:.3f} | {score.calibration_error:.3f} "
        f"| {threshold:.2f} |"
        for entry, score, threshold in zip(themes(), by_theme, one.thresholds, strict=True)
    ]
    return "\n".join((THEME_HEADER, *rows))


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def card(comparison: Comparison, name: str, version: str) -> str:
    """The README of the shipped folder: what the comparison measured, and nothing else."""
    one = comparison.classifier(name)
    rows = [_split_row(split, scored) for split, scored in one.splits.items()]
    table = "\n".join(("| | micro F1 | macro F1 | ECE |", "|---|---|---|--:|", *rows))
    head = HEAD.format(version=version)
    scores = "\n## 得分 | Scores\n\n"
    return f"{head}{scores}{table}\n\n{theme_table(comparison, name)}\n{USE}"


def _split_row(split: str, scored: Scored) -> str:
    micro = _with_interval(scored.micro, scored.micro_interval)
    macro = _with_interval(scored.macro, scored.macro_interval)
    return f"| {split} | {micro} | {macro} | {scored.calibration_error:.3f} |"
