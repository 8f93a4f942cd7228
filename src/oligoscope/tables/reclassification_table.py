"""What the choice of a definition does: labels under each preset, and how far the presets agree."""

from __future__ import annotations

from oligoscope.results import Estimate, Results
from oligoscope.study.definition_names import definition_name
from oligoscope.study.vocabulary import Text, name_of
from oligoscope.tables.cells import count, decimal, with_limits
from oligoscope.tables.footnotes import Footnotes
from oligoscope.tables.table import BLANK, Header, Row, Table, words

ANALYSIS = "reclassification"


def tabulate_reclassification(results: Results, population: str, outcome: str, chosen: str) -> Table:
    """One row a preset: n (%) of each label, agreement and kappa with the study's own definition.

    Args:
        results: With analysis "reclassification".
        population: progressed or treated.
        outcome: pattern or resistance.
        chosen: The study's own preset.
    """
    found = results.find(analysis=ANALYSIS, population=population, outcome=outcome)
    presets = list(dict.fromkeys(e.group for e in found if " vs " not in e.group))
    labels = list(dict.fromkeys(e.level for e in found if e.level and "|" not in e.level))
    notes = Footnotes()
    rows = [_row(found, preset, labels, chosen, notes) for preset in presets]
    name = name_of(outcome)
    return Table(
        id=f"reclassification_{outcome}",
        title=Text(f"不同定义下的{name.zh} [例(%)]", f"{name.en} under each definition [n (%)]"),
        columns=(
            Header(Text("定义", "Definition"), align="start"),
            *(Header(name_of(label)) for label in labels),
            Header(Text("一致率/%", "Agreement, %")),
            Header(Text("κ", "κ"), Text("（95%CI）", "(95% CI)")),
        ),
        rows=tuple(rows),
        notes=(
            *notes.notes(),
            Text(
                f"一致率与 Cohen κ 均与本研究所用定义（{definition_name(chosen).zh}）比较。",
                f"Agreement and Cohen's κ are with the definition this study uses ({definition_name(chosen).en}).",
            ),
        ),
    )


def _row(found: list[Estimate], preset: str, labels: list[str], chosen: str, notes: Footnotes) -> Row:
    cells = [
        count(_pick(found, preset, label, "n"), _pick(found, preset, label, "percent")) for label in labels
    ]
    cells = [c if c.keys else BLANK for c in cells]
    pair = next((e.group for e in found if e.group in {f"{preset} vs {chosen}", f"{chosen} vs {preset}"}), "")
    agree, kappa = _pick(found, pair, "", "percent_agree"), _pick(found, pair, "", "kappa")
    own = Text("本研究", "this study")
    last = (words(own), BLANK) if preset == chosen else (decimal(agree, 1), with_limits(kappa, 2, notes))
    return Row((words(definition_name(preset)), *cells, *last))


def _pick(found: list[Estimate], group: str, level: str, statistic: str) -> Estimate | None:
    return next(
        (e for e in found if e.group == group and e.level == level and e.statistic == statistic), None
    )
