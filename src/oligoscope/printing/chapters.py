"""Chapters to which several questions give sections."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.document_parts import Chapter, Place
from oligoscope.results import analyses

KEY_RESULTS = Chapter("summary", Text("主要结果", "Key results"), strobe=(18,), place=Place.ANSWER)
PATIENTS = Chapter("patients", Text("患者筛选", "Patients"), strobe=(5, 6, 10, 13), strobe_also=(14,))
PRIMARY = Chapter(
    "primary",
    Text("进展后生存期（主要比较）", "Post-progression survival (the primary comparison)"),
    strobe=(15, 16),
    further=Text("进展后生存期：其他比较", "Post-progression survival: further comparisons"),
)
# When patients progressed, and with it their type of resistance.
PROGRESSED_WHEN = Chapter("timing", analyses.TIMING.printed, keeps_words=True)
UNBIASED = Chapter(
    "unbiased",
    Text("避免永恒时间偏倚的分析", "Analyses that avoid immortal time bias"),
    strobe=(9, 15),
    strobe_also=(17,),
    introduction=Text(
        "以下自治疗起的分析按当时已发生的情况分组，不含永恒时间（即为归入某组而必须存活的时间）；但进展模式可由首次进展后时间窗内的检查判定，该时间窗除外。",
        "In these analyses from treatment on, patients are grouped by what had happened until then, so that they contain no immortal time "
        "(time that patients must survive to be in a group), except for the window after a progression in which a later scan may "
        "still decide its pattern.",
    ),
)
POPULATION, BY = "progressed", "pattern"  # the question of the study: whom and what the first page is about
