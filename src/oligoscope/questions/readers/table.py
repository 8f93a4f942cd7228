"""Given responses beside those derived from the lesion rows."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.cells import decimal, whole_number
from oligoscope.printing.table import Cell, Header, Row, Table, same, words
from oligoscope.questions.readers.question import GIVEN_SERIES
from oligoscope.results.analyses import GIVEN_RESPONSE
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.given import ASSESSED_ON, PATIENT

_ROWS: dict[Statistic, Text] = {
    Statistic.N_VISITS: Text("可比较的访视数", "Visits with both"),
    Statistic.N_AGREE: Text("一致的访视数", "Visits that agree"),
    Statistic.PERCENT_AGREE: Text("一致率/%", "Agreement, %"),
}
_COLUMNS: dict[str, Text] = {
    "patient_id": PATIENT.label,
    "assessed_on": ASSESSED_ON.label,
    "given_response": Text("原有评效", "Given response"),
    "overall_response": Text("推导疗效", "Derived response"),
}


def tabulate_discordance(results: Results) -> Table:
    """At how many visits the given and the derived overall response agree."""
    rows = []
    for statistic, label in _ROWS.items():
        estimates = results.find(analysis=GIVEN_RESPONSE, statistic=statistic)
        rows += [
            Row((words(label), decimal(e) if statistic == Statistic.PERCENT_AGREE else whole_number(e)))
            for e in estimates[:1]
        ]
    rows += [
        Row((words(_pair(e.group, e.level)), whole_number(e)), indent=1)
        for e in results.find(analysis=GIVEN_RESPONSE, statistic=Statistic.N_DIFFER)
    ]
    return Table(
        id="given_response",
        title=Text("原有评效与推导疗效的一致性", "Given responses beside derived responses"),
        columns=(Header(Text("项目", "Item"), align="start"), Header(Text("数值", "Number"))),
        rows=tuple(rows),
        notes=(
            Text(
                "仅比较两者都存在的访视；不一致者逐条列出，不作改动。",
                "Only visits that have both are compared; each disagreement is listed, none is altered.",
            ),
        ),
    )


def _pair(given: str, derived: str) -> Text:
    return Text(f"原有 {given}，推导 {derived}", f"Given {given}, derived {derived}")


def tabulate_disagreements(results: Results, at_most: int = 2000) -> Table:
    """The visits at which the two differ; the first `at_most` of them, the number of all in the note."""
    frame = results.series[GIVEN_SERIES]
    shown = frame.head(at_most)
    rows = tuple(Row(tuple(_cell(row[name]) for name in _COLUMNS)) for row in shown.iter_rows(named=True))
    return Table(
        id="given_response_disagreements",
        title=Text("原有评效与推导疗效不一致的访视", "Visits at which given and derived response differ"),
        columns=tuple(Header(text, align="start") for text in _COLUMNS.values()),
        rows=rows,
        notes=(
            Text(
                f"共 {frame.height} 次访视，此处列出 {shown.height} 次；全部见 responses.csv。",
                f"{frame.height} visits in all, of which {shown.height} are listed; responses.csv holds every one.",
            ),
        ),
    )


def _cell(value: object) -> Cell:
    return words(same("" if value is None else str(value)))
