"""Printed names of what results.csv says in words of its own: variables and levels."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.management.levels import LEVELS as OF_MANAGEMENT
from oligoscope.questions.weighting.table import TARGETS
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.derived import SITE_RELATION
from oligoscope.study.dictionary.levels import RESPONSES
from oligoscope.study.dictionary.reported import REPORTED

VARIABLES: dict[str, Text] = {
    **{variable.name: variable.label for variable in REPORTED},
    SITE_RELATION.name: SITE_RELATION.label,
    Statistic.RESTRICTED_MEAN: Statistic.RESTRICTED_MEAN.printed,
    **TARGETS,
}
LEVELS: dict[str, dict[str, Text]] = {
    **OF_MANAGEMENT,
    "best_response": {level.word: level.in_full for level in RESPONSES},
    **{
        v.name: {level.word: level.name for level in v.levels} for v in (*REPORTED, SITE_RELATION) if v.levels
    },
}
