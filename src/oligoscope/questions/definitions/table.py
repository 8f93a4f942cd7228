"""What the choice of a definition does: labels under each preset, and how far the presets agree."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.cells import LIMITS, count, decimal, with_limits
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Header, Row, Table, words
from oligoscope.questions.definitions.question import ACQUIRED_OR_NOT
from oligoscope.questions.definitions.words import agreement_words, own_word
from oligoscope.results.analyses import RECLASSIFICATION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.definitions import definition_name
from oligoscope.study.keys import is_comparison, parts_of
from oligoscope.study.vocabulary import column_name, name_of

_HALVES = (
    Header(Text("继发与否：一致率/%", "Acquired or not: agreement, %")),
    Header(Text("继发与否：κ", "Acquired or not: κ"), LIMITS),
)
_HALVES_NOTE = Text(
    "继发与否：只比较是否为继发性耐药，其余标签（含无法分类）均归为“否”，各定义因此类别相同。",
    "Acquired or not: acquired resistance against every other label, unclassifiable included, so that all definitions have "
    "the same two categories.",
)


def tabulate_reclassification(results: Results, population: str, outcome: str, chosen: str) -> Table:
    """One row a preset: n (%) of each label, agreement and kappa with the study's own definition.

    Of resistance also agreement and kappa on whether it is acquired, which all definitions can say.

    Args:
        results: With analysis "reclassification".
        population: progressed or treated.
        outcome: pattern or resistance.
        chosen: The study's own preset.
    """
    found = results.find(analysis=RECLASSIFICATION, population=population, outcome=outcome)
    presets = list(dict.fromkeys(e.group for e in found if not is_comparison(e.group)))
    labels = list(dict.fromkeys(e.level for e in found if e.level and not is_comparison(e.group)))
    notes = Footnotes()
    halves = tuple(v for v in (ACQUIRED_OR_NOT,) if any(e.variable == v for e in found))
    rows = [
        _row(found, preset, labels, chosen, ("", *halves), own_word(outcome, results), notes)
        for preset in presets
    ]
    name = column_name(outcome)
    return Table(
        id=f"reclassification_{outcome}",
        title=Text(f"不同定义下的{name.zh} [例(%)]", f"{name.en} under each definition [n (%)]"),
        columns=(
            Header(Text("定义", "Definition"), align="start"),
            *(Header(name_of(label)) for label in labels),
            Header(Text("一致率/%", "Agreement, %")),
            Header(Text("κ", "κ"), LIMITS),
            *(_HALVES if halves else ()),
        ),
        rows=tuple(rows),
        notes=(
            *notes.notes(),
            agreement_words(outcome, chosen, results),
            *((_HALVES_NOTE,) if halves else ()),
        ),
    )


def _row(
    found: list[Estimate],
    preset: str,
    labels: list[str],
    chosen: str,
    variables: tuple[str, ...],
    own: Text,
    notes: Footnotes,
) -> Row:
    counts = [
        count(_pick(found, preset, label, Statistic.N), _pick(found, preset, label, Statistic.PERCENT))
        for label in labels
    ]
    cells = [c if c.keys else BLANK for c in counts]
    name = words(definition_name(preset))
    if preset == chosen:
        return Row((name, *cells, words(own), *(BLANK for _ in range(2 * len(variables) - 1))))
    pair = next((e.group for e in found if set(parts_of(e.group)) == {preset, chosen}), "")
    for variable in variables:
        agree, kappa = (_pick(found, pair, "", s, variable) for s in (Statistic.PERCENT_AGREE, "kappa"))
        cells += [decimal(agree), with_limits(kappa, notes)]
    return Row((name, *cells))


def _pick(
    found: list[Estimate], group: str, level: str, statistic: str, variable: str = ""
) -> Estimate | None:
    keys = (group, variable, level, statistic)
    return next((e for e in found if (e.group, e.variable, e.level, e.statistic) == keys), None)
