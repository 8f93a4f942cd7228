"""A forest plot as a figure: its cells, its caption, and the whole in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from oligoscope.bilingual import Language, Text, join_texts
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.forest import Column, Entry, Forest, paint_forest
from oligoscope.number_format import MISSING, STYLES, format_number, format_p
from oligoscope.printing.cells import bracketed, count_text, interval
from oligoscope.printing.sentences import joined
from oligoscope.printing.table import each_language, same
from oligoscope.results.results import Estimate
from oligoscope.results.warnings import WarningCode, join
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of


def ratio_cell(ratio: Estimate | None) -> Text:
    """`0.53 (0.34 to 0.84)`; a dash where it is withheld."""
    if ratio is None or ratio.value is None:
        return same(MISSING)

    def one(language: Language) -> str:
        style = STYLES[language]
        limits = interval(ratio.low, ratio.high, 2, language)
        return bracketed(format_number(ratio.value, 2, style), limits, language)

    return each_language(one)


def reference_row(group: Text, n_cells: int) -> Entry:
    """The first row of a forest whose ratios are all against one group."""
    name = Text(f"参照：{group.zh}", f"Reference: {in_sentence(group).en}")
    return Entry(name, (same(""),) * n_cells, is_whole=True)


def arm_columns(groups: Iterable[str]) -> tuple[Column, ...]:
    """A column of `events_of_arms` for each group."""
    return tuple(Column(name_of(group), under=_EVENTS_OF_N) for group in groups)


_EVENTS_OF_N = Text("事件数/*n*", "events/*n*")


def events_of_arms(counts: Iterable[tuple[Estimate | None, Estimate | None]]) -> tuple[Text, ...]:
    """`123/289` for the (events, patients) of each group; blank where they were not counted, without `/n` where n was not."""

    def one(events: Estimate | None, n: Estimate | None) -> str:
        if events is None or events.value is None:
            return ""
        shown = count_text(events.value)
        return shown if n is None or n.value is None else f"{shown}/{count_text(n.value)}"

    return tuple(same(one(events, n)) for events, n in counts)


def p_text(p: Estimate | None) -> Text:
    """*P* in each language; blank where none was reported."""
    return same("") if p is None else each_language(lambda lang: format_p(p.value, STYLES[lang]))


def reading_with_care(found: Iterable[Estimate], naming: Callable[[Estimate], Text] | None = None) -> Text:
    """Why some estimates of a picture are not given, or should be read with care; blank where nothing is said.

    Args:
        found: The estimates.
        naming: The name of an estimate's row; where a warning is not of all rows, it is said of which.
    """
    estimates = list(found)
    withheld, given = (
        join(*(e.warning for e in estimates if (e.value is None) == is_withheld)).printed
        for is_withheld in (True, False)
    )
    sentences = []
    if withheld.en:
        sentences.append(Text(f"{MISSING}：未给出，{withheld.zh}。", f"{MISSING}: not given, {withheld.en}."))
    if given.en and naming is not None:
        given = _of_rows([e for e in estimates if e.value is not None], naming)
    if given.en:
        sentences.append(Text(f"解读时注意：{given.zh}。", f"Interpret with caution: {given.en}."))
    return joined(sentences)


def _of_rows(given: list[Estimate], naming: Callable[[Estimate], Text]) -> Text:
    """Each warning with the names of its rows in brackets, where it is not of all; immortal time is in their heading."""
    said = []
    for part in join(*(e.warning for e in given)).parts:
        mine = [e for e in given if part.code in {p.code for p in e.warning.parts}]
        why = part.printed
        if len(mine) < len(given) and part.code is not WarningCode.GROUP_KNOWN_ONLY_AT_PROGRESSION:
            names = list(dict.fromkeys(in_sentence(naming(e)) for e in mine))
            zh, en = "；".join(n.zh for n in names), "; ".join(n.en for n in names)
            why = Text(f"{why.zh}（{zh}）", f"{why.en} (rows: {en})")
        said.append(why)
    return join_texts(dict.fromkeys(said), "；", "; ")


def forest_figure(
    name: str,
    forest: Forest,
    title: Text,
    caption: Text,
    opening: Text,
    printed: tuple[Estimate, ...] = (),
    columns: tuple[str, ...] = ("variable", "level", "statistic", "value", "low", "high", "n"),
) -> Figure:
    """The picture, with its rows in words and its estimates as a table.

    Args:
        name: The id of the figure.
        forest: What is drawn.
        title: Of the figure.
        caption: Below it.
        opening: What it is, before its rows in words.
        printed: The estimates it prints; those of its points and tests where none are named.
        columns: What the table of its data holds of each estimate.
    """
    estimates = printed or forest.estimates
    rows = [{name: getattr(e, name) for name in columns} for e in estimates]
    return Figure(
        id=name, title=title, caption=caption, alt=_in_words(forest, opening),
        data=pl.DataFrame(rows, infer_schema_length=None),
        painter=lambda language: paint_forest(forest, language), estimates=estimates, width_mm=forest.width_mm,
    )  # fmt: skip


def _in_words(forest: Forest, opening: Text) -> Text:
    """Every row in words: variable, level, the printed ratio."""

    def sentence(language: Language) -> str:
        lines, variable = [], ""
        for entry in forest.entries:
            if entry.is_heading:
                variable = entry.name[language]
                continue
            shown = [
                c[language] for c, column in zip(entry.cells, forest.columns, strict=True) if column.in_words
            ]
            lines.append(f"{variable} {entry.name[language]} {' / '.join(shown)}".strip())
        joined = ("；" if language == "zh" else "; ").join(lines)
        return {"zh": f"{opening.zh}。{joined}。", "en": f"{opening.en}. {joined}."}[language]

    return each_language(sentence)
