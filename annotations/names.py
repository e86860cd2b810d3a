"""The labels and the themes as annotators see them: names, colours, keys."""

from types import MappingProxyType

from ..models.labels import Label
from ..models.themes import themes

#: Label -> its name in Chinese, by which Label Studio shows it.
CHINESE = MappingProxyType(
    {
        Label.TITLE: "标题",
        Label.ISSUER: "机关",
        Label.DATE: "日期",
        Label.SECTION: "部分标题",
        Label.SUBSECTION: "小标题",
        Label.CAPTION: "表注",
        Label.COLUMN: "表头",
        Label.GROUP: "行组",
        Label.ROW: "行名",
        Label.VALUE: "数值",
        Label.PROBLEM: "问题",
        Label.MEASURE: "措施",
        Label.NOISE: "杂项",
    }
)

#: What an annotator chooses in place of a theme where an item names no object.
GENERIC = "generic_only"
THEMES = MappingProxyType({theme.id: theme.zh for theme in themes()} | {GENERIC: "泛泛而谈"})

_LABELS = {name: label for label, name in CHINESE.items()} | {str(label): label for label in Label}
_THEMES = {name: theme for theme, name in THEMES.items()} | {theme: theme for theme in THEMES}


def label_of(name: object) -> Label | None:
    """The label of that name, in English capitals or in Chinese; None where there is none."""
    return _LABELS.get(name) if isinstance(name, str) else None


def theme_of(name: object) -> str | None:
    """The theme of that name or id, `GENERIC` among them; None where there is none."""
    return _THEMES.get(name) if isinstance(name, str) else None
