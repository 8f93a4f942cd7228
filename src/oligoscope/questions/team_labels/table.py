"""The team's labels beside those of the rules."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.cells import count, with_limits
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, key_of, same, words
from oligoscope.results.analyses import TEAM_LABELS
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name


def tabulate_labels(results: Results, protocol: Protocol) -> Table:
    """Of each label and time that the team has given: of how many patients, and how often the rule says the same."""
    notes, rules = Footnotes(), rules_of(protocol)
    found = results.find(analysis=TEAM_LABELS, statistic=Statistic.N, variable="")
    rows = [_row(results, e.outcome, rules.get(e.outcome), notes) for e in found]
    return Table(
        id="team_labels",
        title=Text("研究团队的分类，以及与本软件规则的一致性", "Labels of the study team, and their agreement with the rules"),
        columns=(
            Header(Text("项目", "Item"), align="start"),
            Header(Text("研究团队所给", "Given by the team"), Text("例（%）", "n (%)")),
            Header(Text("用以复核的规则", "Checked by"), align="start"),
            Header(Text("可复核", "Both known"), same("n")),
            Header(Text("一致", "Alike"), Text("例（%）", "n (%)")),
            Header(Text("Kappa 值", "Kappa"), Text("（95%CI）", "(95% CI)")),
        ),
        rows=tuple(rows),
        notes=(
            *notes.notes(),
            Text(
                "各项一律采用研究团队所给，规则只用于复核，不改动任何一例。空白：没有可用于复核的规则。",
                "The team's own are used throughout; a rule only checks them and alters none. Blank: no rule checks this item.",
            ),
        ),
    )  # fmt: skip


def rules_of(protocol: Protocol) -> dict[str, Text]:
    """What each label or time is checked by."""
    return {
        "pattern": PROGRESSION_DEFINITIONS[protocol.progression.preset].printed,
        "resistance": RESISTANCE_DEFINITIONS[protocol.resistance.preset].printed,
        Outcome.PPS: Text("OS − PFS，舍入误差以内", "OS − PFS, within rounding"),
        Outcome.PFS: Text("已进展或同时死亡者为事件", "an event in patients who progressed or died then"),
    }


def _row(results: Results, item: str, rule: Text | None, notes: Footnotes) -> Row:
    def get(statistic: Statistic) -> Estimate | None:
        return results.get(analysis=TEAM_LABELS, population="screened", outcome=item, statistic=statistic)

    alike, percent, kappa = get(Statistic.N_ALIKE), get(Statistic.PERCENT_AGREE), get(Statistic.KAPPA)
    given = get(Statistic.N)
    name = words(column_name(item))
    if alike is None or rule is None:
        return Row((name, count(given, None), BLANK, BLANK, BLANK, BLANK))
    both = BLANK if alike.value is None else Cell(same(str(alike.n)), key_of(alike))
    shown = with_limits(alike, notes) if alike.value is None else count(alike, percent)
    return Row((name, count(given, None), words(rule), both, shown, with_limits(kappa, notes)))
