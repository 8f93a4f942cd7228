"""The outcomes of a study: times from a start to an event or to the end of follow-up."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from oligoscope.bilingual import Text


class Outcome(StrEnum):
    """A time to an event; `str()` is its word in study.yaml and results.csv.

    Attributes:
        printed: Its name.
        days: The column of patients with the time, in days.
        event: The column of patients that is 1 where the time ended in the event, 0 where it was censored.
        entry: The column of patients with the days from its start until the patient was under observation, where the study
            gives entries.
    """

    printed: Text

    PFS = "pfs", Text("无进展生存期", "Progression-free survival")
    OS = "os", Text("总生存期", "Overall survival")
    PPS = "pps", Text("进展后生存期", "Post-progression survival")
    DOR = "dor", Text("缓解持续时间", "Duration of response")
    PFS2 = "pfs2", Text("后线无进展生存期（PFS2）", "Later-line progression-free survival (PFS2)")
    IPFS = "ipfs", Text("iRECIST 无进展生存期", "iRECIST progression-free survival")

    def __new__(cls, word: str, printed: Text) -> Self:
        outcome = str.__new__(cls, word)
        outcome._value_, outcome.printed = word, printed
        return outcome

    @property
    def days(self) -> str:
        return f"{self}_days"

    @property
    def event(self) -> str:
        return f"{self}_event"

    @property
    def entry(self) -> str:
        return f"{self}_entry_days"

    @property
    def hazard(self) -> str:
        """The name of its Nelson-Aalen cumulative hazard in the models that impute."""
        return f"{self}_hazard"
