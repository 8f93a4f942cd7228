"""Survival by what had happened until then: landmarks, and a time-dependent model."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.question import Question
from oligoscope.results import analyses
from oligoscope.results.statistics import Statistic
from oligoscope.study.analysis_options import CHANGING, UNMATCHED, OptionName, Options
from oligoscope.study.dictionary.outcomes import Outcome


def _followed(*more: OptionName) -> Options:
    """Both follow patients through no progression and both patterns: their groups and their endpoint are fixed."""
    both = ("where", "minimum_events", "minimum_events_per_variable", "small_sample", "adjust_for")
    return Options(UNMATCHED, (*both, *more), outcomes=(Outcome.OS,), entry="taken")


LANDMARK = Question(
    analyses.LANDMARK,
    Text("界标分析", "comparing from landmarks"),
    withheld_by=Outcome.OS,
    options=_followed(*CHANGING),
    left_out_as=Statistic.COVARIATE,
    numbers="landmark.numbers:answer",
    patients="landmark.patients:made_from",
    document="landmark.section",
)
TIME_DEPENDENT = Question(
    analyses.TIME_DEPENDENT,
    Text("拟合时依模型", "fitting the time-dependent model"),
    withheld_by=Outcome.OS,
    # Patients change their state, so that there is no curve of a group: ratios by period alone.
    options=_followed("period_ends"),
    left_out_as=Statistic.COVARIATE,
    numbers="landmark.numbers:answer_time_dependent",
    patients="landmark.patients:time_dependent_made_from",
)
LANDMARK_AFTER_PROGRESSION = Question(
    analyses.LANDMARK_AFTER_PROGRESSION,
    Text("进展后界标分析", "comparing from a landmark after progression"),
    withheld_as=Statistic.HAZARD_RATIO,
    withheld_by=Outcome.PPS,
    options=Options(
        ("progressed",),
        (
            "where",
            "by",
            "reference",
            "landmark_days",
            "minimum_events",
            "minimum_events_per_variable",
            "small_sample",
            "adjust_for",
            *CHANGING,
        ),
        outcomes=(Outcome.PPS,),
        two_groups=True,
        apart_by=("by",),
        entry="taken",
    ),
    left_out_as=Statistic.COVARIATE,
    numbers="landmark.after_progression:answer",
    patients="landmark.patients:after_progression_made_from",
)
