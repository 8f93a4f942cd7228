"""What the choice of a definition does: labels under each preset, and how far the presets agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from oligoscope.bilingual import Text
from oligoscope.printing.cells import LIMITS, count, decimal, with_limits
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, words
from oligoscope.questions.definitions.question import ACQUIRED_OR_NOT
from oligoscope.questions.definitions.words import (
    agreement_words,
    own_word,
    ratios_between_patterns,
    sizes_of,
)
from oligoscope.results.analyses import RECLASSIFICATION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.definitions import definition_name
from oligoscope.study.keys import in_sentence, is_comparison, parts_of, versus
from oligoscope.study.vocabulary import column_name, name_of

_HALVES = (
    Header(Text("继发与否：一致率/%", "Acquired or not: agreement, %")),
    Header(Text("继发与否：κ", "Acquired or not: κ"), LIMITS),
)
_RATIO = Header(Text("进展后生存期 HR", "PPS HR"), LIMITS)
_HALVES_NOTE = Text(
    "继发与否：只比较是否为继发性耐药，其余标签（含无法分类）均归为“否”，各定义因此类别相同。",
    "Acquired or not: acquired resistance against every other label, unclassifiable included, so that all definitions have "
    "the same two categories.",
)


def tabulate_reclassification(results: Results, population: str, outcome: str, chosen: str) -> Table:
    """One row a preset, the study's own first: n (%) of each label, agreement and kappa with the study's own definition.

    Of the pattern also the hazard ratio of post-progression survival; of resistance agreement and kappa on whether it is
    acquired, which all definitions can say.

    Args:
        results: With analysis "reclassification".
        population: progressed or treated.
        outcome: pattern or resistance.
        chosen: The study's own preset.
    """
    found = results.find(analysis=RECLASSIFICATION, population=population, outcome=outcome)
    presets = sorted(
        dict.fromkeys(e.group for e in found if not is_comparison(e.group)),
        key=lambda preset: preset != chosen,
    )
    labels = list(dict.fromkeys(e.level for e in found if e.level and not is_comparison(e.group)))
    notes = Footnotes()
    halves = tuple(v for v in (ACQUIRED_OR_NOT,) if any(e.variable == v for e in found))
    ratios = (
        {e.group: e for e in ratios_between_patterns(results, population)} if outcome == "pattern" else {}
    )
    own = own_word(outcome, results)
    # Of resistance a definition may not have a category: there a blank is no 0.
    sizes = {e.group: e for e in sizes_of(results, population, outcome)} if outcome == "pattern" else {}
    rows = [
        Row(
            (
                words(_name(preset, own if preset == chosen else None)),
                *_shares(found, preset, labels, sizes.get(preset)),
                *((with_limits(ratios.get(preset), notes),) if ratios else ()),
                *_agreement(found, preset, chosen, ("", *halves), notes),
            )
        )
        for preset in presets
    ]
    name = column_name(outcome)
    return Table(
        id=f"reclassification_{outcome}",
        title=Text(f"不同定义下的{name.zh} [例(%)]", f"{name.en} under each definition [n (%)]"),
        columns=(
            Header(Text("定义", "Definition"), align="start"),
            *(Header(name_of(label)) for label in labels),
            *((_RATIO,) if ratios else ()),
            Header(Text("一致率/%", "Agreement, %")),
            Header(Text("κ", "κ"), LIMITS),
            *(_HALVES if halves else ()),
        ),
        rows=tuple(rows),
        notes=(
            *notes.notes(),
            *((_ratio_note(next(iter(ratios.values()))),) if ratios else ()),
            agreement_words(outcome, chosen, results),
            *((_HALVES_NOTE,) if halves else ()),
        ),
    )


def _name(preset: str, own: Text | None) -> Text:
    """With what it is beside the others, of the one they are compared with."""
    name = definition_name(preset)
    return name if own is None else Text(f"{name.zh}（{own.zh}）", f"{name.en} ({own.en})")


def _shares(found: list[Estimate], preset: str, labels: list[str], size: Estimate | None) -> Iterator[Cell]:
    none = BLANK if size is None else Cell(count(replace(size, value=0.0), None).text)
    for label in labels:
        n, percent = (_pick(found, preset, label, s) for s in (Statistic.N, Statistic.PERCENT))
        cell = count(n, percent)
        yield cell if cell.keys else none


def _agreement(
    found: list[Estimate], preset: str, chosen: str, variables: tuple[str, ...], notes: Footnotes
) -> Iterator[Cell]:
    if preset == chosen:
        yield from (BLANK for _ in range(2 * len(variables)))
        return
    pair = next((e.group for e in found if set(parts_of(e.group)) == {preset, chosen}), "")
    for variable in variables:
        yield decimal(_pick(found, pair, "", Statistic.PERCENT_AGREE, variable))
        yield with_limits(_pick(found, pair, "", Statistic.KAPPA, variable), notes)


def _ratio_note(ratio: Estimate) -> Text:
    pair, reference = in_sentence(versus(ratio.level)), in_sentence(name_of(parts_of(ratio.level)[-1]))
    return Text(
        f"HR：进展后生存期的风险比，{pair.zh}（{reference.zh}为参照；Cox 模型，Efron 法处理结，Wald 置信区间）。",
        f"PPS HR: hazard ratio of post-progression survival, {pair.en} ({reference.en} is the reference; Cox model, Efron's "
        "method for ties, Wald limits).",
    )


def _pick(
    found: list[Estimate], group: str, level: str, statistic: str, variable: str = ""
) -> Estimate | None:
    keys = (group, variable, level, statistic)
    return next((e for e in found if (e.group, e.variable, e.level, e.statistic) == keys), None)
