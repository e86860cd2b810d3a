"""The model card, written from what the run recorded and from nothing else."""

from collections.abc import Mapping
from typing import Any

HEAD = """---
language: zh
license: apache-2.0
library_name: transformers
pipeline_tag: token-classification
tags:
- token-classification
- open-government-information
---

# {title}

逐字标注中国政府信息公开工作年度报告的模型：
标题、落款、日期、章节、表头、行名、数值、问题、措施与页面杂项，共十三类标签，
采用 BIO 记法，一个码位对应一个标记。
它随 nianbao 一起使用：模型只标注，章节、表格与数值的归属由规则判定。

Labels every character of the annual reports of Chinese governments on open government
information with one of thirteen labels in BIO notation. Which row and column a value belongs to
is decided by nianbao's rules, not by the model.

## 训练 | Training
"""

USE = """
## 使用 | Use

```python
from nianbao.inference.tagger import load_tagger

for span in load_tagger().tag(text):
    print(span.label, text[span.start : span.end], span.score)
```

分词器要求先折叠：`tokenizer(nianbao.models.characters.fold(text))`。
The tokenizer expects folded text, as in the line above.

## 局限 | Limits

训练数据主要是合成报告；得分不等于在真实报告上的得分，请以 nianbao 的评测为准。
数值未经勾稽关系核对前不可直接引用。

The training data are mostly synthetic reports. A score on them is not a score on real ones; figures
should not be quoted before nianbao's checks of sums have passed.
"""


def card(run: Mapping[str, Any], version: str) -> str:
    """The README of a model folder. run: `run.json` of the tagger's training."""
    rows = [
        ("版本 Version", version),
        ("编码器 Encoder", run["encoder"] or "nianbao"),
        ("参数 Parameters", f"{run['parameters']:,}"),
        ("步数 Steps", f"{run['step']:,}"),
        ("字符 Characters", f"{run['characters']:,}"),
        ("用时 Minutes", f"{run['seconds'] / 60:.1f} ({run['device']})"),
        ("预训练权重 Pre-trained weights (sha256)", run["init"] or "—"),
        ("未用版式 Layouts left out", ", ".join(run["leave_out"]) or "—"),
        ("人工标注的报告 Annotated reports", f"{run.get('gold', 0):,}"),
        ("torch", run["torch"]),
    ]
    table = "".join(f"| {name} | {value} |\n" for name, value in rows)
    title = f"nianbao-tagger {version}"
    return HEAD.format(title=title) + "\n| | |\n|---|---|\n" + table + _scores(run) + USE


def _scores(run: Mapping[str, Any]) -> str:
    """F1 on synthetic documents of the training split that no run trains on."""
    if not run["evaluations"]:
        return ""
    last = run["evaluations"][-1]
    rows = [("全部 all", last["f1"]), *last["f1_by_label"].items()]
    lines = "".join(f"| {name} | {'—' if f1 is None else f'{f1:.4f}'} |\n" for name, f1 in rows)
    return (
        "\n## 合成开发集得分 | Scores on synthetic development documents\n\n"
        "边界与标签均须完全一致。Exact edges and label.\n\n"
        f"| 标签 Label | F1 |\n|---|---|\n{lines}"
    )
