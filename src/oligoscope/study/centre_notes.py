"""What the settings of `centres` mean; a part of `setting_notes`."""

from __future__ import annotations

from oligoscope.bilingual import Text

CENTRE_NOTES: dict[str, Text] = {
    "centres": Text("治疗中心（centre 列）如何计入比较。", "How comparisons take the treating centres (the column centre) into account."),
    "centres.use": Text(
        "none 不计入；strata 在中心内比较（每个中心有自己的基线风险；中心少而各有较多患者时用，Glidden 与 Vittinghoff 2004）；cluster 置信区间与检验允许同一中心的患者"
        "彼此相关（中心多时用，Lin 与 Wei 1989；t 分布，自由度为中心数减 1）；frailty 各中心的风险相差一个 gamma 分布的系数（Therneau 等 2003），不弃去只有一组的中心，但不如 strata 那样排除中心的混杂。中心不详者合为一个中心。",
        "none: they are not; strata: patients are compared within centres, each with its own baseline hazard (for centres with many patients; "
        "Glidden & Vittinghoff 2004); cluster: limits and tests allow for correlation between patients of a centre (for many centres; Lin & Wei 1989; "
        "by t of the number of centres less 1); frailty: hazards of centres differ by a gamma factor (Therneau et al. 2003), which keeps centres "
        "with one group only and takes out less of their confounding than strata do. Patients whose centre is not known are one centre.",
    ),
}  # fmt: skip
