"""Do the labels of study.yaml name existing columns and levels of the user's own?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from oligoscope.bilingual import Text
from oligoscope.study.analysis_checks import Fault
from oligoscope.study.mapping_checks import our_columns
from oligoscope.study.protocol import Label
from oligoscope.study.schemas import PATIENTS
from oligoscope.study.setting_types import nearest
from oligoscope.study.vocabulary import column_name, is_ours

_NOT_OWN = {*our_columns(PATIENTS), "source", "source_row"}


def check_labels(labels: Mapping[str, Label]) -> Iterator[Fault]:
    """Labels of columns that have names already, and names that two levels of a column share."""
    for column, label in labels.items():
        if is_ours(column):
            name = column_name(column)
            expected = Text(
                f"此列由本软件命名（{name.zh}），不能另取名称；请删去。",
                f"this column is named by the program ({name.en}) and cannot be renamed; delete it",
            )
            yield ("labels", column), None, expected
        yield from _same_names(column, label)


def _same_names(column: str, label: Label) -> Iterator[Fault]:
    """Two levels with one name could not be distinguished in a table."""
    seen: dict[tuple[str, str], str] = {}
    for word, name in label.levels.items():
        for language, text in (("zh", name.zh), ("en", name.en)):
            first = seen.setdefault((language, text), word)
            if first != word:
                expected = Text(
                    f"与取值 {first} 同名；各取值的名称不能相同。",
                    f"is also the name of the level {first}; each level needs its own",
                )
                yield ("labels", column, "levels", word, language), text, expected


def check_labels_of_data(
    labels: Mapping[str, Label], levels: Mapping[str, Collection[str]]
) -> Iterator[Fault]:
    """Labels of columns that patients do not have, and of levels that are misspelt.

    A level that no patient has may be labelled: a list of names is often longer than the data. It is a fault where a
    level of the data that has no label is nearly the same word.

    Args:
        labels: Of study.yaml.
        levels: The words of every column of patients.
    """
    for column, label in labels.items():
        if column not in levels:
            known = tuple(name for name in levels if name not in _NOT_OWN)
            near = nearest(column, known)
            zh, en = (f"；是否为 {near}？", f"; did you mean {near}?") if near else ("", "")
            names = ", ".join(known)
            expected = Text(
                f"患者表没有此列{zh}（有：{names}）", f"patients have no such column{en} (there are: {names})"
            )
            yield ("labels", column), None, expected
            continue
        unnamed = tuple(word for word in levels[column] if word not in label.levels)
        for word in label.levels:
            near = None if word in levels[column] else nearest(word, unnamed)
            if near is not None:
                expected = Text(
                    f"该列没有此取值；是否为 {near}？", f"the column has no such level; did you mean {near}?"
                )
                yield ("labels", column, "levels", word), None, expected
