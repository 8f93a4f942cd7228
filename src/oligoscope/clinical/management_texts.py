"""The words of `management`, in both languages: tiers, suggestions, evidence, reasons to withhold, notes."""

from __future__ import annotations

from oligoscope.bilingual import Text

CAUTION = Text(
    "以下内容转述文献观点，供多学科讨论参考，不是医嘱，也不能代替临床判断。",
    "The following summarises published opinion, for discussion by a tumour board. It is not an order and does not "
    "replace clinical judgement.",
)
TIERS: dict[str, Text] = {
    "early_systemic": Text("较早发生的广泛进展（治疗开始后 8 个月内）", "Early systemic progression (within 8 months of the start)"),
    "later_systemic": Text("较晚发生的广泛进展（8 个月之后）", "Later systemic progression (after more than 8 months)"),
    "late_oligo": Text("较晚发生的寡进展（10 个月之后）", "Late oligoprogression (after more than 10 months)"),
    "earlier_oligo": Text("较早发生的寡进展（10 个月内）", "Earlier oligoprogression (within 10 months)"),
}  # fmt: skip
SUGGESTIONS: dict[str, Text] = {
    "escalate_combination": Text(
        "文献建议讨论系统性联合升级（双免疫，或免疫联合抗血管生成治疗）。",
        "The source suggests discussing an escalated systemic combination (two immune checkpoint inhibitors, or one "
        "with anti-angiogenic therapy).",
    ),
    "change_systemic": Text(
        "文献指出广泛进展通常需要更换全身治疗方案；其升级与随访建议只针对较早发生的广泛进展，此处不作引申。",
        "The source says that systemic progression usually calls for a change of systemic therapy; its advice on "
        "escalation and on intervals concerns early systemic progression only and is not extended to this case.",
    ),
    "local_and_same_ici": Text(
        "文献建议讨论对进展病灶作局部巩固治疗（立体定向放疗、射频消融或手术），同时继续原免疫治疗方案。",
        "The source suggests discussing local consolidation of the progressing lesions (stereotactic radiotherapy, "
        "radiofrequency ablation or surgery) while the same immunotherapy is continued.",
    ),
    "consider_local": Text(
        "文献认为寡进展患者可考虑局部巩固治疗并维持原免疫治疗，但其明确推荐只针对较晚发生的寡进展；原文队列中此时段以广泛进展居多，宜先排除其他进展病灶。",
        "The source says that local consolidation with the same immunotherapy may be considered in oligoprogression, "
        "but recommends it explicitly only for late oligoprogression; in its cohort systemic progression was more common at this time, and "
        "other progressing sites should first be excluded.",
    ),
}
INTERVAL = Text("影像复查每 {low}~{high} 周一次。", "Imaging every {low} to {high} weeks.")
INTERVAL_IF_STABLE = Text(
    "整体稳定时影像复查可为每 {low}~{high} 周一次，并依局部病灶变化调整。",
    "Imaging every {low} to {high} weeks if the disease is otherwise stable, adjusted to the local lesions.",
)
NO_INTERVAL = Text("文献未给出此种情形的复查间隔。", "The source gives no interval for this case.")
EVIDENCE: dict[str, Text] = {
    "huang2025_opinion": Text(
        "Huang 2025（doi:10.3969/j.issn.2095-1264.2025.05.07）：回顾性单中心研究的讨论意见；该文自述未收集进展后治疗信息，不能证明疗效。",
        "Huang 2025 (doi:10.3969/j.issn.2095-1264.2025.05.07): opinion in the discussion of a retrospective "
        "single-centre study that states it did not collect treatment after progression; no proof of effect.",
    ),
    "no_trial_of_escalation": Text(
        "Huang 2025 未引用支持较早发生的广泛进展升级治疗的随机对照试验。", "Huang 2025 cites no randomised trial of escalation in early systemic progression."
    ),
    "curb": Text(
        "CURB（Tsai 2024）：随机 II 期试验，至少一线治疗后进展病灶不超过 5 个；59 例 NSCLC 中立体定向放疗延长无进展生存期，"
        "乳腺癌未见获益；不能据此认为总生存期获益。",
        "CURB (Tsai 2024): randomised phase II trial after at least one line, up to 5 progressing "
        "lesions; among 59 patients with NSCLC stereotactic radiotherapy prolonged progression-free survival, in "
        "breast cancer it did not; a benefit in overall survival does not follow from it.",
    ),
    "br38": Text(
        "CCTG BR38：一线免疫治疗后颅外寡进展（不超过 5 个病灶）的随机 III 期试验，比较立体定向放疗并继续原方案与更换二线治疗；结果尚未公布。",
        "CCTG BR38: randomised phase III trial in extracranial oligoprogression (up to 5 lesions) on first-line "
        "immunotherapy, stereotactic radiotherapy with the same therapy against a second line; results pending.",
    ),
}  # fmt: skip
SOURCES: dict[str, Text] = {
    "Huang 2025, discussion": Text("Huang 2025，讨论", "Huang 2025, discussion"),
    "Huang 2025, introduction": Text("Huang 2025，前言", "Huang 2025, introduction"),
    "Huang 2025, introduction and 2.5": Text("Huang 2025，前言与 2.5", "Huang 2025, introduction and 2.5"),
}
WITHHELD: dict[str, Text] = {
    "no_imaging": Text("进展仅凭临床判断，无影像学依据", "the progression was clinical, without imaging"),
    "pattern_missing": Text("进展模式无法判定", "the pattern of progression could not be determined"),
    "lower_bound": Text(
        "有病灶未评估，进展病灶数只是下限", "lesions were not evaluated, so the count of progressing lesions is a lower bound"
    ),
    "pseudoprogression": Text(
        "按 iRECIST，首次进展后病灶回缩、判定已重置（可能为假性进展）",
        "under iRECIST the disease shrank after the first progression and the bar was reset (possible pseudoprogression)",
    ),
    "unconfirmed": Text(
        "按 iRECIST，进展尚未确认（iUPD）", "under iRECIST the progression is not confirmed (iUPD)"
    ),
    "definitions_disagree": Text(
        "不同的寡进展定义对该患者的判定不一致", "the named definitions of oligoprogression disagree on this patient"
    ),
}  # fmt: skip
WITHHELD_SENTENCE = Text("不给出建议：{why}。", "No suggestion is given: {why}.")
NOTES: dict[str, Text] = {
    "primary_resistance": Text(
        "原发性耐药：文献报告其后续治疗受限、预后较差，局部治疗的依据也最弱。",
        "Primary resistance: the source reports few further options and a poor prognosis, and local treatment has the "
        "weakest support here.",
    ),
    "no_controlled_lesion": Text(
        "除进展病灶外，没有其他病灶被证明受控；寡进展的前提（其余病灶受控）未能证实。",
        "No other lesion is shown to be controlled, so that the precondition of oligoprogression (other lesions controlled) is not shown.",
    ),
    "fallback_used": Text(
        "径线总和达到进展，但没有单个病灶达到；进展病灶数按增大至少 20% 的病灶计。",
        "The sum progressed while no single lesion did; lesions that grew by at least 20 % were counted.",
    ),
    "intracranial_progression": Text(
        "有脑病灶进展：BR38、HALT 等试验只计颅外病灶，脑病灶应另行讨论。",
        "A brain lesion progresses: trials such as BR38 and HALT count extracranial lesions only; brain lesions are to be discussed separately.",
    ),
    "confirmation_not_assessed": Text(
        "无法按 iRECIST 评估进展是否确认。", "Whether the progression was confirmed under iRECIST could not be assessed."
    ),
    "agreement_not_assessed": Text(
        "未能比较其他寡进展定义的判定。", "The results of other definitions of oligoprogression could not be compared."
    ),
}  # fmt: skip


def sentences(row: dict[str, object]) -> tuple[Text, ...]:
    """One patient's row of `derive_management` as whole sentences: suggestion, interval and notes, or the reason for none."""
    notes = [NOTES[n] for n in str(row["notes"] or "").split(";") if n]
    if row["withheld_because"]:
        why = WITHHELD[str(row["withheld_because"])]
        withheld = Text(
            WITHHELD_SENTENCE.zh.format(why=why.zh), WITHHELD_SENTENCE.en.format(why=why.en)
        )  # fmt: skip
        return (withheld, *notes)
    return (SUGGESTIONS[str(row["suggestion"])], _interval(row), *notes)


def _interval(row: dict[str, object]) -> Text:
    low, high = row["interval_weeks_low"], row["interval_weeks_high"]
    if low is None:
        return NO_INTERVAL
    template = INTERVAL if row["tier"] == "early_systemic" else INTERVAL_IF_STABLE
    return Text(template.zh.format(low=low, high=high), template.en.format(low=low, high=high))
