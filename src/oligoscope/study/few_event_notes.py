"""What the settings of an analysis mean that decide of models with several variables or few events; a part of `setting_notes`."""

from __future__ import annotations

from oligoscope.bilingual import Text

FEW_EVENT_NOTES: dict[str, Text] = {
    "analyses.small_sample": Text(
        "firth：未匹配的 Cox 模型中，事件只出现在一侧，或每个变量的事件数低于上述限值时，改用 Firth 法并注明（Heinze 与 Schemper 2001）；none：不给出。",
        "firth: an unmatched Cox model with events on one side only, or fewer a variable than the limit above, is fitted by Firth's method, which is "
        "named (Heinze & Schemper 2001); none: it is withheld.",
    ),
    "analyses.exact_p": Text(
        "期望频数低的四格表的 P 值：fisher 为 Fisher 精确检验；mid_p 为其 mid-P（观察到的表只计一半概率，较少保守；Lancaster 1961）。",
        "P of 2 x 2 tables with low expected counts: fisher, Fisher's exact test; mid_p, its mid-P, which counts the table seen by half and is less "
        "conservative (Lancaster 1961).",
    ),
    "analyses.adjust_for": Text(
        "在界标（含进展后界标）、时依与亚组的未校正风险比旁另给校正这些变量的风险比，只含这些变量均已知的患者（例数另印）；变量应预先选定，"
        "且在随访起点已知（Heinze 等 2018）；不写则只给未校正者。",
        "Beside the unadjusted hazard ratios of landmarks, time-dependent models and subgroups also those adjusted for these variables, in the patients in "
        "whom all are known (their number is printed); chosen beforehand and known when follow-up starts (Heinze et al. 2018); without it the "
        "ratios are unadjusted.",
    ),
    "analyses.landmark_days": Text(
        "进展后界标分析自首次进展后多少天起计时，只含当时仍存活并在随访者（Anderson 1983；Dafni 2011）；null：progression.window_days，即判定进展模式所用检查的时间窗。",
        "Days after the first progression from which landmark_after_progression counts survival, of those alive and followed then (Anderson 1983; "
        "Dafni 2011); null: progression.window_days, within which scans show the pattern.",
    ),
}  # fmt: skip
