"""The words of the rule book in both languages: headers, cells, settings, definitions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from oligoscope.bilingual import Language, Text
from oligoscope.study.vocabulary import NAMES

TITLE = Text("规则手册", "Rule book")
INTRODUCTION = Text(
    "本手册列出 Oligoscope 的每条临床规则、出处及示例。每个示例是一张小的患者表，由软件实际推导；粗体列为推导结果。"
    "有病灶列的表为一名患者，每行一次扫描；无病灶列者（第 8、10、11、12 章）每行一名患者。"
    "除另有说明外，扫描以治疗开始后的天数表示，径线以毫米表示（淋巴结为短径），空格表示当次无记录。"
    "“设置”一行给出与默认不同的研究设置；未注明者均为默认设置。",
    "Every clinical rule of Oligoscope, with its source and examples. Each example is a small patient table that the "
    "software derived while this page was printed; the bold columns are what it derived. A table with lesions as columns "
    "is one patient, a scan a row; without (chapters 8, 10, 11 and 12) each row is a patient. Unless stated otherwise, scans "
    "are days from the start of treatment, sizes are millimetres (nodes: short axis), and a blank cell is no record at "
    "that scan. A line “Setting” names what differs from the default settings of a study.",
)
SOURCE = Text("出处：", "Source: ")
ONE_SCAN = Text("基线以下每行为一名患者。", "Each row below the baseline is a patient of their own.")
LAST_SCAN = Text(
    "最后一日的每行为一名患者，其上各行为他们共有。",
    "Each row of the last day is a patient of their own, with the rows above.",
)

_HEADERS = {
    "scan": Text("天", "Day"),
    "symptom": Text("因新症状加做", "For a new symptom"),
    "lesion": Text("病灶", "Lesion"),
    "organ": Text("器官", "Organ"),
    "side": Text("侧别", "Side"),
    "mm": Text("径线", "Size"),
    "slice": Text("层厚", "Slice"),
    "modality": Text("检查方式", "Modality"),
    "bone": Text("骨病变", "Bone lesion"),
    "soft tissue": Text("软组织成分", "Soft-tissue part"),
    "diffuse": Text("弥漫类型", "Diffuse disease"),
    "irradiated": Text("既往放疗", "Irradiated before"),
    "grown since": Text("其后进展", "Progressed since"),
    "-> role": Text("**类别**", "**Role**"),
    "-> target": Text("**靶病灶**", "**Targets**"),
    "-> other": Text("**非靶病灶**", "**Non-targets**"),
    "-> overall": Text("**总体**", "**Overall**"),
    "-> sum": Text("**总和**", "**Sum**"),
    "-> nadir": Text("**最低值**", "**Nadir**"),
    "-> dated": Text("**日期（天）**", "**Dated to day**"),
    "-> cause": Text("**原因**", "**Cause**"),
    "-> iRECIST": Text("**iRECIST**", "**iRECIST**"),
    "responses": Text("各次疗效（天）", "Responses (day)"),
    "therapy": Text("新治疗（天）", "New therapy (day)"),
    "baseline": Text("有基线扫描", "Baseline scan"),
    "death": Text("死亡（天）", "Death (day)"),
    "alive": Text("末次存活（天）", "Last alive (day)"),
    "entry": Text("进入观察（天）", "Entered (day)"),
    "-> PFS from": Text("**PFS 起观察**", "**PFS from**"),
    "-> PFS after": Text("**PFS 晚于**", "**PFS after**"),
    "-> assessments": Text("**评估次数**", "**assessments**"),
    "-> interval": Text("**评估间隔**", "**interval**"),
    "-> OS from": Text("**OS 起观察**", "**OS from**"),
    "-> PPS from": Text("**PPS 起观察**", "**PPS from**"),
    "-> DOR from": Text("**DOR 起观察**", "**DOR from**"),
    "clinical": Text("临床进展（天）", "Clinical progression (day)"),
    "-> unconfirmed": Text("**未确认**", "**Unconfirmed**"),
    "-> confirmed": Text("**确认**", "**Confirmed**"),
    "-> first response": Text("**首次缓解（天）**", "**First response (day)**"),
    "-> first confirmed": Text("**首次已确认缓解（天）**", "**First confirmed (day)**"),
    "-> response": Text("**iRECIST**", "**iRECIST**"),
    "-> best": Text("**最佳疗效**", "**Best response**"),
    "sum": Text("靶病灶总和", "Sum of targets"),
    "non-target": Text("非靶病灶", "Non-targets"),
    "new": Text("新病灶数", "New lesions"),
    "new mm": Text("新靶病灶总和", "Sum of new targets"),
    "definition": Text("定义", "Definition"),
    "progressing": Text("进展病灶", "Progressing"),
    "stable": Text("其余病灶（稳定）", "Others (stable)"),
    "not evaluated": Text("进展时未评估", "Not evaluated at progression"),
    "-> lesions": Text("**计数**", "**Count**"),
    "-> organs": Text("**器官数**", "**Organs**"),
    "-> outside": Text("**颅外**", "**Outside the brain**"),
    "-> brain": Text("**颅内**", "**In the brain**"),
    "-> pattern": Text("**进展模式**", "**Pattern**"),
    "-> failure": Text("**失败类型**", "**Failure**"),
    "-> flags": Text("**标记**", "**Flags**"),
    "start": Text("开始用药", "Start"),
    "progression": Text("进展", "Progression"),
    "best": Text("最佳疗效", "Best response"),
    "last dose": Text("末次用药", "Last dose"),
    "confirmed": Text("4 周后确认", "Confirmed after 4 weeks"),
    "rapid": Text("快速进展", "Rapid"),
    "-> huang2025": Text("**Huang 2025**", "**Huang 2025**"),
    "-> sitc_2023_ici_chemo": Text("**SITC 2023**", "**SITC 2023**"),
    "-> sitc_2020_mono": Text("**SITC 2020**", "**SITC 2020**"),
    "-> schoenfeld_2021": Text("**Schoenfeld 2021**", "**Schoenfeld 2021**"),
    "read": Text("已判读的进展（天）", "Progression read (day)"),
    "-> iPFS": Text("**iPFS（天）**", "**iPFS (days)**"),
    "-> PFS": Text("**PFS（天）**", "**PFS (days)**"),
    "-> OS": Text("**OS（天）**", "**OS (days)**"),
    "-> PPS": Text("**进展后生存（天）**", "**Post-progression (days)**"),
    "-> DOR": Text("**缓解持续（天）**", "**Duration of response (days)**"),
}

_WORDS = {
    "base": Text("基线", "baseline"),
    "joined": Text("与下一行同一时间点", "same time point as the next row"),
    "not_evaluated": Text("未评估", "not evaluated"),
    "False": Text("否", "no"),
    "merged": Text("并入，未写明", "merged, not said into what"),
    "too_small": Text("过小", "too small"),
    "absent": Text("消失", "absent"),
    "present": Text("存在", "present"),
    "increased": Text("增大", "increased"),
    "unequivocal_progression": Text("明确进展", "unequivocal progression"),
    "equivocal": Text("可疑", "equivocal"),
    "unequivocal": Text("明确", "unequivocal"),
    "unequivocal+": Text("明确，再增大", "unequivocal, grown further"),
    "stable": Text("存在", "present"),
    "gone": Text("消失", "gone"),
    "PET positive": Text("PET 阳性", "PET positive"),
    "PET negative": Text("PET 阴性", "PET negative"),
    "PET positive, CT confirms": Text("PET 阳性，CT 证实", "PET positive, CT confirms"),
    "PET positive, CT negative": Text("PET 阳性，CT 未证实", "PET positive, CT does not confirm"),
    "NON_CR_NON_PD": Text("Non-CR/Non-PD", "Non-CR/Non-PD"),
    "target": Text("靶病灶", "target"),
    "non_target": Text("非靶病灶", "non-target"),
    "not_disease": Text("正常", "normal"),
    "reappearance": Text("再现", "reappearance"),
    "partial PD": Text("不完整，已达进展", "incomplete, progression all the same"),
    "new_lesion": Text("新病灶", "new lesion"),
    "non_target+reappearance": Text("非靶病灶；再现", "non-targets; reappearance"),
    "new_lesion+target": Text("新病灶；靶病灶", "new lesion; targets"),
    "oligoprogression": Text("寡进展", "oligoprogression"),
    "systemic": Text("广泛进展", "systemic"),
    "primary": Text("原发", "primary"),
    "acquired": Text("继发", "acquired"),
    "unconfirmed_primary": Text("未确认的原发", "unconfirmed primary"),
    "not_acquired_by_definition": Text("不符合继发定义", "not acquired by definition"),
    "unclassifiable": Text("无法分类", "unclassifiable"),
    "existing": Text("原有", "existing"),
    "combined": Text("混合", "combined"),
    "new": Text("新发", "new"),
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
    "left": Text("左", "left"),
    "right": Text("右", "right"),
    "ct": Text("CT", "CT"),
    "mri": Text("MRI", "MRI"),
    "xray": Text("X 线", "X-ray"),
    "clinical": Text("卡尺", "calipers"),
    "lytic": Text("溶骨性", "lytic"),
    "blastic": Text("成骨性", "blastic"),
    "malignant_effusion": Text("恶性积液", "malignant effusion"),
    "leptomeningeal": Text("软脑膜", "leptomeningeal"),
    "lymphangitic": Text("癌性淋巴管炎", "lymphangitic"),
    "peritoneal": Text("腹膜种植", "peritoneal"),
    "marrow": Text("骨髓", "marrow"),
    "innumerable": Text("无法计数", "innumerable"),
    "no_controlled_lesion": Text("无受控病灶", "no controlled lesion"),
    "lower_bound": Text("下限", "lower bound"),
    "fallback_used": Text("以总和判进展", "by the sum only"),
    "pseudoprogression": Text("可能为假性进展", "possible pseudoprogression"),
    "intracranial_progression": Text("颅内进展", "intracranial progression"),
}
_NOTHING = Text("无", "none")
_DESCRIBED = {"progressing", "stable", "not evaluated"}
_LESION = re.compile(r"(NEW|T|N)(\d+)([a-z-]*)")
_LESION_NAMES = {
    "T": Text("靶病灶 {n}", "Target {n}"),
    "N": Text("非靶病灶 {n}", "Non-target {n}"),
    "NEW": Text("新病灶 {n}", "New lesion {n}"),
}
_LESION_DETAILS = {
    "": Text("{name}", "{name}"),
    "node": Text("{name}（淋巴结）", "{name} (node)"),
    "brain": Text("{name}（脑）", "{name} (brain)"),
    "liver": Text("{name}（肝）", "{name} (liver)"),
    "bone": Text("{name}（骨）", "{name} (bone)"),
    "adrenal": Text("{name}（肾上腺）", "{name} (adrenal)"),
    "brain-unscanned": Text("{name}（脑，基线未扫描）", "{name} (brain, not scanned at baseline)"),
}
_ITEM = re.compile(r"(\d+) (new |primary |)(\w+)(?:@(\w+))?(?: diffuse:(\w+))?")


def header_text(name: str, language: Language) -> str:
    """A column's printed name; a lesion by its kind, number and place."""
    if name in _HEADERS:
        return _HEADERS[name][language]
    return _lesion_text(name, language)


def cell_text(name: str, cell: str, language: Language) -> str:
    """A cell in words a clinician reads; what is derived and blank prints as a dash."""
    if not cell:
        return "–" if name.startswith("->") else ""
    if name in _DESCRIBED:
        return (
            "；".join(_described(cell, language))
            if language == "zh"
            else "; ".join(_described(cell, language))
        )
    if name == "organ":
        return _organ(cell, language)
    if name == "definition":
        return f"`{cell}`"
    for form, write in _FORMS:
        if found := form.fullmatch(cell):
            return write(found, language)
    if name == "-> flags":
        return _list([_WORDS[flag][language] for flag in cell.split(", ")], language)
    if cell in _WORDS:
        return _WORDS[cell][language]
    return cell.replace("NON_CR_NON_PD", "Non-CR/Non-PD")


def _list(items: list[str], language: Language) -> str:
    return "、".join(items) if language == "zh" else ", ".join(items)


def _lesion_text(name: str, language: Language) -> str:
    found = _LESION.fullmatch(name)
    assert found is not None, name
    kind, n, detail = found.groups()
    plain = _LESION_NAMES[kind][language].format(n=n)
    return _LESION_DETAILS[detail][language].format(name=plain)


def _organ(word: str, language: Language) -> str:
    return NAMES[word][language].lower()


def _described(cell: str, language: Language) -> list[str]:
    """ "2 new liver, 1 lymph_node@4R" in words, an item a kind of lesion."""
    items = []
    for item in cell.split(", "):
        match = _ITEM.fullmatch(item)
        assert match is not None, item
        n, what, organ, station, diffuse = match.groups()
        form = _DESCRIPTIONS[what.strip()][language]
        place = _organ(organ, language)
        if station:
            place = Text("{place}（{station} 站）", "{place} (station {station})")[language].format(
                place=place, station=station
            )
        if diffuse:
            place = Text("{place}（{kind}）", "{place} ({kind})")[language].format(
                place=place, kind=_WORDS[diffuse][language]
            )
        items.append(form.format(n=n, place=place))
    return items


_DESCRIPTIONS = {
    "": Text("{place} {n} 个", "{n} {place}"),
    "new": Text("新发{place} {n} 个", "{n} new, {place}"),
    "primary": Text("原发灶（{place}）{n} 个", "{n} primary, {place}"),
}


def _merged(found: re.Match[str], language: Language) -> str:
    return Text("并入{name}", "merged into {name}")[language].format(
        name=_lesion_text(found[1], language).lower()
    )


def _fragments(found: re.Match[str], language: Language) -> str:
    unknown = _WORDS["not_evaluated"][language]
    return " + ".join(unknown if part == "?" else part for part in found[0].split("+"))


def _grown(found: re.Match[str], language: Language) -> str:
    return Text("{n}，增大", "{n}, grown")[language].format(n=found[1])


def _small(found: re.Match[str], language: Language) -> str:
    return Text("过小，测得 {mm}", "too small, measured {mm}")[language].format(mm=found[1])


def _days(found: re.Match[str], language: Language) -> str:
    event = (
        Text("{days} 事件", "{days} event") if found[2] == "event" else Text("{days} 删失", "{days} censored")
    )
    return event[language].format(days=found[1])


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Language], str]], ...] = (
    (re.compile(r"merged:(\w+)"), _merged),
    (re.compile(r"[\d.]+(?:\+[\d.?]+)+"), _fragments),
    (re.compile(r"(\d+)\+"), _grown),
    (re.compile(r"too_small ([\d.]+)"), _small),
    (re.compile(r"(\d+) (event|censored)"), _days),
)

_BELOW = {
    "progressed": Text("进展日期：第 {value} 天。", "Progression is dated to day {value}."),
    "best": Text("最佳疗效：{value}。", "Best response: {value}."),
    "best_response": Text("最佳疗效，未确认：{value}。", "Best response, unconfirmed: {value}."),
    "confirmed_response": Text("最佳疗效，确认：{value}。", "Best response, confirmed: {value}."),
    "ibest_response": Text("iRECIST 最佳疗效：{value}。", "Best iRECIST response: {value}."),
    "progression_confirmed": Text(
        "进展经后续扫描确认：{value}。", "Progression confirmed by a later scan: {value}."
    ),
    "progressing": Text("进展病灶：{value}。", "Progressing lesions: {value}."),
    "lesions": Text("进展病灶计数：{value}。", "Count of progressing lesions: {value}."),
    "organs": Text("进展器官：{value}。", "Organs of progression: {value}."),
    "pattern": Text("进展模式：{value}。", "Pattern: {value}."),
    "failure": Text("失败类型：{value}。", "Failure: {value}."),
    "flags": Text("标记：{value}。", "Flags: {value}."),
}
_NO_PROGRESSION = Text("无进展日期。", "No date of progression.")
_SETTING = Text("设置：`{name}: {value}`", "Setting: `{name}: {value}`")


def below_text(below: Mapping[str, str], language: Language) -> list[str]:
    """The lines below a table, a sentence each."""
    return [_below(name, value, language) for name, value in below.items()]


def _below(name: str, value: str, language: Language) -> str:
    if name == "progressed" and not value:
        return _NO_PROGRESSION[language]
    if name == "progressing":
        value = _list([_lesion_text(lesion, language) for lesion in value.split(", ")], language)
    elif name == "organs":
        value = _list([_organ(organ, language) for organ in value.split(";")], language)
    elif value in _WORDS:
        value = _WORDS[value][language]
    return _BELOW[name][language].format(value=value or _NOTHING[language])


def settings_text(settings: Mapping[str, object], language: Language) -> list[str]:
    """Settings other than the default, as they are in study.yaml; a cut-off as its day."""
    lines = []
    for name, value in settings.items():
        if name == "data_cutoff":
            lines.append(Text("数据截止：第 {n} 天", "Data cut-off: day {n}")[language].format(n=value))
            continue
        written = str(value).lower() if isinstance(value, bool) else value
        lines.append(_SETTING[language].format(name=name, value=written))
    return lines


# A source is a list of references parted by "; ". Those with words in them, in Chinese; a plain citation
# ("RECIST 1.1, 4.3.1") reads the same in both languages.
_REFERENCES_ZH = {
    "CCTG BR38": "CCTG BR38",
    "Dingemans 2019, EORTC consensus": "Dingemans 2019，EORTC 共识",
    "EMA as sensitivity": "EMA 作敏感性分析",
    "EORTC RECIST questions": "EORTC RECIST 问答",
    "EORTC RECIST questions, paired organs": "EORTC RECIST 问答：成对器官",
    "EORTC RECIST questions: 100, 70, 70, 80, 80, 80": "EORTC RECIST 问答：100、70、70、80、80、80",
    "EORTC RECIST questions: does a new lesion always result in PD": "EORTC RECIST 问答：新病灶是否总是 PD",
    "EORTC RECIST questions, abnormal lymph node": "EORTC RECIST 问答：异常淋巴结",
    "EORTC RECIST questions, new lymph node lesions": "EORTC RECIST 问答：新淋巴结病灶",
    "KEYNOTE-189 protocol (Gandhi 2018), scans every 42 days ±7, quoted from memory": "KEYNOTE-189 方案（Gandhi 2018），每 42 天 ±7 天扫描，凭记忆引用",
    "EORTC iRECIST questions": "EORTC iRECIST 问答",
    "EORTC iRECIST questions, assigning response after new lesions": "EORTC iRECIST 问答：新病灶出现后如何判定疗效",
    "EORTC iRECIST questions, how do new lesions define progression": "EORTC iRECIST 问答：新病灶如何判定进展",
    "EORTC iRECIST questions, imaging less than four weeks after iUPD": "EORTC iRECIST 问答：iUPD 后不足四周的影像",
    "EORTC iRECIST questions, iUPD driven by non-target disease": "EORTC iRECIST 问答：非靶病灶所致 iUPD 的确认",
    "EORTC iRECIST questions, managing PR when measurements change slightly": "EORTC iRECIST 问答：测量略有变化时的 PR",
    "EORTC iRECIST scenario D": "EORTC iRECIST 情形 D",
    "EORTC iRECIST scenario F": "EORTC iRECIST 情形 F",
    "ESMO 2023 (second-hand)": "ESMO 2023（转引）",
    "ESTRO-ASTRO consensus (Lievens 2020)": "ESTRO-ASTRO 共识（Lievens 2020）",
    "FDA guidance for progression-free survival (values quoted from memory)": "FDA 关于无进展生存期的指南（表中数值凭记忆引用）",
    "Huang 2025, section 1.3": "Huang 2025，1.3",
    "Kluger 2020, SITC, table 1": "Kluger 2020，SITC，表 1",
    "RECIST 1.1 leaves it to the protocol": "RECIST 1.1 留待方案规定",
    "RECIST 1.1 limits applied to the lesion": "RECIST 1.1 界值用于单个病灶",
    "RECIST 1.1, 3.1.2 and 3.2": "RECIST 1.1，3.1.2 与 3.2",
    "RECIST 1.1, 4.3.2, applied to the lesion": "RECIST 1.1，4.3.2，用于单个病灶",
    "RECIST 1.1, 4.3.5 and table 1": "RECIST 1.1，4.3.5 与表 1",
    "RECIST 1.1, 4.4.2, with its example: baseline 50, two of three lesions now 80": "RECIST 1.1，4.4.2 及其示例：基线 50，三个病灶中两个现为 80",
    "RECIST 1.1, 4.6: 6 to 8 weeks": "RECIST 1.1，4.6：6~8 周",
    "RECIST 1.1, table 1": "RECIST 1.1，表 1",
    "RECIST 1.1, table 1, column not applicable": "RECIST 1.1，表 1，“不适用”列",
    "RECIST 1.1, table 2": "RECIST 1.1，表 2",
    "RECIST 1.1, table 3": "RECIST 1.1，表 3",
    "RECIST 1.1, table 3, footnote a": "RECIST 1.1，表 3，脚注 a",
    "RECIST 1.1, tables 1 and 2": "RECIST 1.1，表 1 与表 2",
    "Oligoscope's own rule": "Oligoscope 自定",
    "Rizvi 2023, SITC, table 3": "Rizvi 2023，SITC，表 3",
    "SITC 2020 (Kluger), table 1": "SITC 2020（Kluger），表 1",
    "SITC 2023 (Rizvi) and 2020 (Kluger)": "SITC 2023（Rizvi）与 2020（Kluger）",
    "SITC 2023 (Rizvi), table 3": "SITC 2023（Rizvi），表 3",
    "arithmetic": "算术",
    "calendar-month convention": "日历月惯例",
    "common practice": "惯例",
    "common trial practice": "试验惯例",
    "convention": "惯例",
    "iRECIST (Seymour 2017), table 2": "iRECIST（Seymour 2017），表 2",
    "iRECIST (Seymour 2017), table 3": "iRECIST（Seymour 2017），表 3",
    "no published source fixes a rule per lesion": "尚无文献规定单个病灶的判定规则",
    "previous scan: EXTEND-OP (NCT06367972)": "上一次扫描：EXTEND-OP（NCT06367972）",
    "quoted from memory": "凭记忆引用",
    "regions: IASLC node map": "区域：IASLC 淋巴结图谱",
    "rule list of admiralonco, derive_param_confirmed_bor": "admiralonco 的规则列表（derive_param_confirmed_bor）",
    "see the table of definitions": "见本章定义表",
    "setting progression.controlled": "设置 progression.controlled",
}


def source_text(source: str, language: Language) -> str:
    """A source as the book prints it: its references, one after another."""
    if language == "en":
        return source
    return "；".join(_REFERENCES_ZH.get(reference, reference) for reference in source.split("; "))


# ---- the named definitions ------------------------------------------------------------------------

DEFINITION_HEADERS = (
    Text("寡进展的命名定义", "Named definitions of oligoprogression"),
    Text("名称", "Name"),
    Text("进展病灶至多", "Progressing lesions at most"),
    Text("器官至多", "Organs at most"),
    Text("计入脑病灶", "Brain counts"),
    Text("纵隔等区域淋巴结算器官", "Mediastinal and other regional nodes are an organ"),
    Text("其余病灶须受控", "Other lesions controlled"),
    Text("出处", "Source"),
)
RESISTANCE_HEADERS = (
    Text(
        "耐药类型的命名定义（自上而下，先满足者为准）",
        "Named definitions of resistance (from above, the first that holds)",
    ),
    Text("定义", "Definition"),
    Text("类型", "Type"),
    Text("条件", "When"),
    Text("出处", "Source"),
)
CONTROL = {
    "flag": Text("仅标记", "flagged only"),
    "majority": Text("原发灶（若已知）及多数其余病灶", "the primary, where known, and most others"),
    "off": Text("不看", "not asked"),
}


def unlimited(number: int | None, language: Language) -> str:
    """A limit, or that there is none."""
    return Text("不限", "any")[language] if number is None else str(number)


def yes_or_no(value: bool, language: Language) -> str:
    """Yes or no."""
    return _WORDS["yes" if value else "no"][language]
