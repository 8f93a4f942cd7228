"""Which sheet of a workbook holds a table: the one named for it, else the one whose headers fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from oligoscope.bilingual import Count, Text
from oligoscope.intake.files.sheet import UnreadableError
from oligoscope.study.dictionary.words import plain

_NONE = Text("", "")


@dataclass(frozen=True, slots=True)
class Fitness:
    """How the headers of a sheet fit a table.

    Attributes:
        known: Columns of the table that it has.
        lacking: Required ones that it does not have.
    """

    known: int
    lacking: tuple[str, ...] = ()


Fit = Callable[[Sequence[str]], Fitness]


@dataclass(frozen=True, slots=True)
class Choice:
    """The title of a sheet, and why it was taken where its name does not say so."""

    title: str
    why: Text = _NONE


def choose_sheet(
    titles: Sequence[str],
    wanted: str | None,
    names: tuple[str, ...],
    headers: Callable[[str], Sequence[str]],
    fit: Fit | None,
) -> Choice:
    """The sheet that the study names, else one of the table's names, else the only one, else the only one that fits.

    Args:
        titles: Of the workbook.
        wanted: The one named in study.yaml.
        names: Names of the table, the surest first.
        headers: The headers of a sheet; UnreadableError where it is empty.
        fit: How well they fit.

    Raises:
        UnreadableError: There is no such sheet, or several may be meant; they are listed.
    """
    for name in (wanted,) if wanted is not None else names:
        found = [title for title in titles if plain(title) == plain(name)]
        if found:
            return Choice(found[0])
    if wanted is not None:
        listed = ", ".join(titles)
        raise UnreadableError(Text(
            f"没有工作表 {wanted}（现有：{listed}）。", f"it has no sheet {wanted} (its sheets are: {listed})",
        ))  # fmt: skip
    if len(titles) == 1:
        return Choice(titles[0])
    return _fitting(_fitness(titles, headers, fit))


def sheets_alike(titles: Sequence[str], headers: Callable[[str], Sequence[str]], fit: Fit) -> tuple[str, ...]:
    """The sheet that fits a table best, and those that have its columns and most of its headers.

    Args:
        titles: Of the workbook.
        headers: The headers of a sheet; UnreadableError where it is empty.
        fit: How well they fit.
    """
    names: dict[str, Sequence[str]] = {}
    for title in titles:
        with suppress(UnreadableError):
            names[title] = headers(title)
    found = {title: fit(there) for title, there in names.items()}
    best = min(found, key=lambda title: (len(found[title].lacking), -found[title].known), default=None)
    if best is None or not found[best].known:
        return ()
    lacking = set(found[best].lacking)
    return tuple(t for t in found if set(found[t].lacking) <= lacking and alike(names[t], names[best]))


def alike(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two thirds of the headers of one sheet, the smaller one, are those of another."""
    a, b = {plain(name) for name in some}, {plain(name) for name in others}
    return 3 * len(a & b) >= 2 * min(len(a), len(b))


def _fitness(
    titles: Sequence[str], headers: Callable[[str], Sequence[str]], fit: Fit | None
) -> dict[str, Fitness]:
    """How each sheet fits that is not empty."""
    found: dict[str, Fitness] = {}
    for title in titles:
        try:
            names = headers(title)
        except UnreadableError:
            continue  # an empty sheet
        found[title] = Fitness(0) if fit is None else fit(names)
    return found or dict.fromkeys(titles, Fitness(0))


def _fitting(sheets: dict[str, Fitness]) -> Choice:
    if len(sheets) == 1:
        (title,) = sheets
        return Choice(title, Text("其余工作表为空", "the other sheets are empty"))
    whole = sorted((t for t, f in sheets.items() if not f.lacking), key=lambda t: -sheets[t].known)
    best = [t for t in whole if sheets[t].known >= 2]
    if best and (len(best) == 1 or sheets[best[0]].known >= 2 + sheets[best[1]].known):
        n = sheets[best[0]].known
        return Choice(
            best[0],
            Text(f"工作表 {best[0]} 的 {n} 个列名属于该表", f"{n} headers of the sheet {best[0]} are those of the table"),
        )  # fmt: skip
    zh = "；".join(f"{t}：{f.known} 列{_lacks(f, '，缺 ', '、')}" for t, f in sheets.items())
    en = "; ".join(
        f"{t}: {Count(f.known):column|columns}{_lacks(f, ', lacks ', ', ')}" for t, f in sheets.items()
    )
    listed = ", ".join(sheets)
    raise UnreadableError(Text(
        f"有多个工作表（{listed}）；请在 study.yaml 用 sheet 写明其中一个。各表认得的列：{zh}。",
        f"it has several sheets ({listed}); name one of them as `sheet` in study.yaml. Headers that are known: {en}",
    ))  # fmt: skip


def _lacks(fitness: Fitness, before: str, between: str) -> str:
    return before + between.join(fitness.lacking) if fitness.lacking else ""
