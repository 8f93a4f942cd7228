"""The words of a patient's page: names of labels, and of the values a label may take."""

from __future__ import annotations

from datetime import date

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.questions.flow.figure import BUILT_IN
from oligoscope.study.cell_lists import words_in
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import name_of

DAYS_A_MONTH = 30.4375
NOT_KNOWN = Text("未知", "not known")

# Labels of a patient in the order of the page.
LABELS: dict[str, Text] = {
    "population": Text("所属人群", "Population"),
    "excluded_because": Text("排除原因", "Excluded because"),
    "treatment_started_on": Text("治疗开始", "Treatment start"),
    "age_years": Text("年龄/岁", "Age, years"),
    "sex": Text("性别", "Sex"),
    "smoking": Text("吸烟史", "Smoking history"),
    "ecog": Text("ECOG 评分", "ECOG score"),
    "histology": Text("病理类型", "Histology"),
    "stage": Text("分期", "Stage"),
    "pd_l1": Text("PD-L1 表达", "PD-L1 expression"),
    "first_line_regimen": Text("一线方案", "First-line regimen"),
    "baseline_organs": Text("基线转移器官", "Metastatic organs at baseline"),
    "best_response": Text("最佳疗效（未确认）", "Best response, unconfirmed"),
    "confirmed_response": Text("最佳疗效（确认）", "Best response, confirmed"),
    "ibest_response": Text("iRECIST 最佳疗效", "Best response, iRECIST"),
    "first_response_on": Text("首次缓解", "First response"),
    "progressed_on": Text("首次进展", "First progression"),
    "progression_basis": Text("进展依据", "Basis of the progression"),
    "iprogression_confirmed": Text("iRECIST 确认进展", "Progression confirmed, iRECIST"),
    "pattern": Text("进展模式", "Progression pattern"),
    "patterns_disagree": Text("各定义判定不一致", "Definitions disagree"),
    "n_progressing_lesions": Text("进展病灶数", "Progressing lesions"),
    "n_progressing_extracranial": Text("其中颅外", "of them outside the brain"),
    "n_progressing_intracranial": Text("其中颅内", "of them in the brain"),
    "progressing_organs": Text("进展器官", "Organs of progression"),
    "site_relation": Text("与基线部位的关系", "Relation to the sites at baseline"),
    "failure": Text("失败类型", "Kind of failure"),
    "resistance": Text("耐药类型", "Resistance type"),
    Outcome.PFS: Text("无进展生存期", "Progression-free survival"),
    Outcome.IPFS: Text("iRECIST 无进展生存期", "iRECIST progression-free survival"),
    Outcome.DOR: Text("缓解持续时间", "Duration of response"),
    Outcome.PFS2: Text("第二次无进展生存期", "Second progression-free survival"),
    Outcome.PPS: Text("进展后生存期", "Post-progression survival"),
    Outcome.OS: Text("总生存期", "Overall survival"),
    "flags": Text("标记", "Flags"),
}
ENDPOINTS = frozenset({Outcome.PFS, Outcome.IPFS, Outcome.DOR, Outcome.PFS2, Outcome.PPS, Outcome.OS})
ORGAN_LISTS = frozenset({"baseline_organs", "progressing_organs"})

WORDS: dict[str, Text] = {
    "chemo_io": Text("免疫联合化疗", "Chemotherapy and immunotherapy"),
    "chemo_io_antiangiogenic": Text("免疫联合化疗及抗血管生成治疗", "Chemotherapy, immunotherapy and anti-angiogenic"),
    "chemo": Text("化疗", "Chemotherapy"),
    "io": Text("免疫治疗", "Immunotherapy"),
    "targeted": Text("靶向治疗", "Targeted therapy"),
    "radiotherapy": Text("放疗", "Radiotherapy"),
    "surgery": Text("手术", "Surgery"),
    "ablation": Text("消融", "Ablation"),
    "target": Text("靶病灶", "Target"),
    "non_target": Text("非靶病灶", "Non-target"),
    "new": Text("新病灶", "New"),
    "excluded": Text("未纳入", "Excluded"),
    "treated": Text("治疗人群", "Treated population"),
    "progressed": Text("进展人群", "Progressed population"),
    "imaging": Text("影像", "Imaging"),
    "clinical": Text("临床", "Clinical"),
    "NON_CR_NON_PD": Text("Non-CR/Non-PD", "Non-CR/Non-PD"),
    "NON_CR_NON_UPD": Text("Non-CR/Non-uPD", "Non-CR/Non-uPD"),
    "no_controlled_lesion": Text("无受控病灶", "no controlled lesion"),
    "lower_bound": Text("病灶数为下限", "count is a lower bound"),
    "fallback_used": Text("总和进展而单灶未达标", "sum progressed, no single lesion did"),
    "intracranial_progression": Text("颅内进展", "intracranial progression"),
    "pseudoprogression": Text("可能为假性进展", "possible pseudoprogression"),
    "cr_then_pr": Text("CR 后又见病灶（待核）", "disease after CR (to be queried)"),
}  # fmt: skip
# Words that mean something else under another label.
OF_LABEL: dict[str, dict[str, Text]] = {
    "failure": {
        "existing": Text("原有病灶进展", "Existing lesions"),
        "new": Text("仅新病灶", "New lesions only"),
        "combined": Text("原有病灶与新病灶", "Existing and new lesions"),
    },
    "site_relation": {
        "same": Text("原部位", "Same organs"),
        "new": Text("新部位", "New organs"),
        "both": Text("原部位与新部位", "Same and new organs"),
    },
}
STATES: dict[str, Text] = {
    "present": Text("存在", "present"),
    "absent": Text("消失", "absent"),
    "increased": Text("增大", "increased"),
    "unequivocal_progression": Text("明确进展", "unequivocal progression"),
    "not_evaluated": Text("NE", "NE"),
    "equivocal": Text("可疑", "equivocal"),
}
TOO_SMALL = Text("{size}（过小）", "{size} (too small)")
SPLIT = Text("{size}（分裂）", "{size} (split)")
MERGED = Text("并入 {into}", "merged into {into}")
LINE = Text("第 {line} 线", "Line {line}")


def word(value: str, label: str = "") -> Text:
    """The printed form of a word; an unknown one stands for itself."""
    return OF_LABEL.get(label, {}).get(value) or WORDS.get(value) or name_of(value)


def words(cell: str, label: str = "") -> Text:
    """Several words of one cell, divided by ";"."""
    found = [word(part, label) for part in words_in(cell)]
    return Text(
        "、".join(t.zh for t in found),
        ", ".join(t.en[:1].lower() + t.en[1:] if i else t.en for i, t in enumerate(found)),
    )


def value_text(label: str, value: object, protocol: Protocol | None = None) -> Text:
    """The printed value of a label."""
    if value is None or value == "":
        return NOT_KNOWN
    if isinstance(value, bool):
        return Text("是", "Yes") if value else Text("否", "No")
    if isinstance(value, date):
        return Text(value.isoformat(), value.isoformat())
    if label == "excluded_because":
        return _exclusion(str(value), protocol)
    if isinstance(value, float):
        shown = format_number(value, 0 if value.is_integer() else 1)
        return Text(shown, shown)
    return words(str(value), label)


def _exclusion(rule: str, protocol: Protocol | None) -> Text:
    own = {r.id: Text(r.excluded.zh, r.excluded.en) for r in (protocol.eligibility if protocol else ())}
    return own.get(rule) or BUILT_IN.get(rule) or name_of(rule)


def duration_text(days: int, event: int | None) -> Text:
    """`135 days (4.4 months), event`."""
    months = format_number(days / DAYS_A_MONTH, 1)
    if event:
        return Text(f"{days} 天（{months} 个月），发生事件", f"{days} days ({months} months), event")
    return Text(f"{days} 天（{months} 个月），删失", f"{days} days ({months} months), censored")
