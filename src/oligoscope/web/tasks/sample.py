"""The synthetic cohort as a study of its own, and its run."""

from __future__ import annotations

from pathlib import Path

from oligoscope.answers import Answer
from oligoscope.bilingual import LANGUAGES, Language
from oligoscope.checked_study import check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.output_folder import held
from oligoscope.printing.left_out import LeftOut
from oligoscope.system.second_process import second_process
from oligoscope.web.tasks.run_task import Progress
from oligoscope.workflow import run_and_report

_SEED = 20250408
_PROGRESSED = 579


def answer_of(folder: Path, _rest: list[str], language: Language, progress: Progress, answer: Answer) -> None:
    """Draw the cohort into the study's folder, then run it as any other study."""
    answer.hold(second_process("oligoscope.report.shared_work"))
    out = folder / "output"
    answer.hold(held(out, folder))
    progress("draw")
    write_cohort(make_cohort(_SEED, _PROGRESSED), folder)
    checked = check_study(folder, None, language, progress)
    run_and_report(checked, out, LANGUAGES, progress, left_out=LeftOut())
    answer.update({"out": str(out)})
