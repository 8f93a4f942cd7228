"""The words of a patient's page: names of labels, and of the values a label may take."""

from __future__ import annotations

from datetime import date

from oligoscope.bilingual import Count, Text
from oligoscope.number_format import format_number
from oligoscope.questions.flow.figure import BUILT_IN
from oligoscope.study.cell_lists import words_in
from oligoscope.study.dictionary.given_lesions import CERTAINTY, STATE
from oligoscope.study.dictionary.levels import NO, YES
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.terms import Response, State
from oligoscope.study.keys import in_sentence
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import described, name_of, name_of_level, organ_name

NOT_KNOWN = Text("未知", "not known")

# In the order of the page.
LABELS = (
    "population", "excluded_because", "treatment_started_on", "age_years", "sex", "smoking", "ecog", "histology", "stage",
    "pd_l1", "first_line_regimen", "baseline_organs", "best_response", "confirmed_response", "ibest_response",
    "first_response_on", "progressed_on", "progression_basis", "iprogression_confirmed", "pattern", "patterns_disagree",
    "n_progressing_lesions", "n_progressing_extracranial", "n_progressing_intracranial", "progressing_organs",
    "site_relation", "failure", "resistance", Outcome.PFS, Outcome.IPFS, Outcome.DOR, Outcome.PFS2, Outcome.PPS, Outcome.OS, "flags",
)  # fmt: skip
MERGED = Text("并入 {into}", "merged into {into}")
LINE = Text("第 {line} 线", "Line {line}")


def state_text(state: str) -> Text:
    """What was seen of a lesion, inside a line of sizes; NE where it was not evaluated."""
    if state == State.NOT_EVALUATED:
        return name_of_level("best_response", Response.NE)
    return in_sentence((CERTAINTY if state in CERTAINTY.words else STATE).level_name(state))


def sized_text(size: str, state: str) -> Text:
    """A size that is no plain measurement: `5 (too small)`."""
    name = state_text(state)
    return Text(f"{size}（{name.zh}）", f"{size} ({name.en})")


def word(value: str, label: str) -> Text:
    """The printed form of a value of a label; an organ, and an unknown word, by itself."""
    if value in described(label).words:
        return name_of_level(label, value)
    return organ_name(value) if label.endswith("_organs") else name_of(value)


def words(cell: str, label: str) -> Text:
    """Several words of one cell, divided by ";"."""
    found = [word(part, label) for part in words_in(cell)]
    return Text(
        "、".join(t.zh for t in found),
        ", ".join(in_sentence(t).en if i else t.en for i, t in enumerate(found)),
    )


def value_text(label: str, value: object, protocol: Protocol | None = None) -> Text:
    """The printed value of a label."""
    if value is None or value == "":
        return NOT_KNOWN
    if isinstance(value, bool):
        return YES.name if value else NO.name
    if isinstance(value, date):
        return Text(value.isoformat(), value.isoformat())
    if label == "excluded_because":
        return _exclusion(str(value), protocol)
    if isinstance(value, float):
        shown = format_number(value, 0 if value.is_integer() else 1)
        return Text(shown, shown)
    return words(str(value), label)


def _exclusion(rule: str, protocol: Protocol | None) -> Text:
    own = {r.id: r.excluded.printed for r in (protocol.eligibility if protocol else ())}
    return own.get(rule) or BUILT_IN.get(rule) or name_of(rule)


def duration_text(days: float, event: int | None) -> Text:
    """`135 days (4.4 months), event`; days to the hundredth, where a team gave months."""
    months, shown = format_number(days / DAYS_PER_MONTH, 1), f"{round(days, 2):g}"
    if event:
        return Text(
            f"{shown} 天（{months} 个月），发生事件", f"{Count(shown):day|days} ({months} months), event"
        )
    return Text(f"{shown} 天（{months} 个月），删失", f"{Count(shown):day|days} ({months} months), censored")
