"""Chapters to which several questions give sections."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.document_parts import Chapter, Place

KEY_RESULTS = Chapter("summary", Text("主要结果", "Key results"), strobe=(18,), place=Place.ANSWER)
PATIENTS = Chapter("patients", Text("患者筛选", "Patients"), strobe=(5, 6, 10, 13), strobe_also=(14,))
UNBIASED = Chapter(
    "unbiased",
    Text("校正永恒时间偏倚的分析", "Analyses that account for immortal time bias"),
    strobe=(9, 15),
    strobe_also=(17,),
    introduction=Text(
        "以下比较不含永恒时间，即为归入某组而必须存活的时间：从首次进展起计时；或在固定的界标按当时已知的情况分组；或让每例患者自进展之日起"
        "才计入其模式；或把各种首个事件作为竞争风险。",
        "The comparisons here contain no immortal time, which patients must survive to be in a group: time starts at the first "
        "progression; or patients are grouped at a set landmark by what was known then; or each patient counts towards a "
        "pattern only from the day of that progression; or the kinds of first event compete.",
    ),
)
POPULATION, BY = "progressed", "pattern"  # the question of the study: whom and what the first page is about
