"""What was done, in sentences made from the settings that ran."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.comparison_names import in_sentence
from oligoscope.report.statistics_sentences import statistics_sentences
from oligoscope.results.analyses import LANDMARK, SURVIVAL, TIME_DEPENDENT
from oligoscope.results.results import Results
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import Protocol

PROGRESSION: dict[str, Text] = {
    "astro_estro5": Text(
        "寡进展定义为首次进展时进展病灶（含新病灶）1~5 个，器官数不限（ESTRO-ASTRO 2020）",
        "Oligoprogression meant 1 to 5 progressing lesions, new ones included, at the first progression, in any "
        "number of organs (ESTRO-ASTRO 2020)",
    ),
    "huang2025": Text(
        "寡进展定义为首次进展时进展病灶（含新病灶）1~5 个，且原发灶及多数其他病灶未进展（Huang 2025）",
        "Oligoprogression meant 1 to 5 progressing lesions, new ones included, at the first progression while the "
        "primary tumour and most other lesions did not progress (Huang 2025)",
    ),
    "strict3": Text(
        "寡进展定义为首次进展时进展病灶（含新病灶）1~3 个",
        "Oligoprogression meant 1 to 3 progressing lesions, new ones included, at the first progression",
    ),
    "dingemans": Text(
        "寡进展定义为首次进展时进展病灶 1~5 个且累及器官不超过 3 个，纵隔淋巴结不计为器官（Dingemans 2019）",
        "Oligoprogression meant 1 to 5 progressing lesions in at most 3 organs at the first progression, mediastinal "
        "nodes not counted as an organ (Dingemans 2019)",
    ),
    "br38": Text(
        "寡进展定义为首次进展时颅外进展病灶 1~5 个（CCTG BR38）",
        "Oligoprogression meant 1 to 5 progressing extracranial lesions at the first progression (CCTG BR38)",
    ),
    "chai2021": Text(
        "寡进展定义为首次进展累及器官不超过 2 个（Chai 2021）",
        "Oligoprogression meant progression in at most 2 organs at the first progression (Chai 2021)",
    ),
    "core": Text(
        "寡进展定义为首次进展时进展病灶 1~3 个且累及器官不超过 2 个（CORE）",
        "Oligoprogression meant 1 to 3 progressing lesions in at most 2 organs at the first progression (CORE)",
    ),
}
RESISTANCE: dict[str, Text] = {
    "huang2025": Text(
        "原发性耐药为治疗开始后 6 个月内进展且未获 CR 或 PR；继发性耐药为获 CR 或 PR、或 SD 满 6 个月后进展（Huang 2025）。",
        "Primary resistance was progression within 6 months of treatment start without CR or PR; acquired resistance "
        "was progression after CR or PR, or after SD of at least 6 months (Huang 2025).",
    ),
    "sitc_2023_ici_chemo": Text(
        "耐药类型按 SITC 2023 免疫联合化疗标准判定。",
        "Resistance was classified by the SITC 2023 definitions for immunotherapy with chemotherapy.",
    ),
    "sitc_2020_mono": Text(
        "耐药类型按 SITC 2020 单药标准判定。",
        "Resistance was classified by the SITC 2020 definitions for monotherapy.",
    ),
    "schoenfeld_2021": Text(
        "继发性耐药按 Schoenfeld 2021 标准判定。",
        "Acquired resistance followed Schoenfeld 2021.",
    ),
}
_NODES = {
    "station": Text("淋巴结按站计数", "lymph nodes were counted by station"),
    "lesion": Text("淋巴结按病灶计数", "lymph nodes were counted one by one"),
    "region": Text("淋巴结按区域计数", "lymph nodes were counted by region"),
}
_REFERENCE = {
    "nadir": Text(
        "病灶较其最小径增大≥20% 且≥5 mm 为进展",
        "a lesion progressed when it grew by at least 20 % and 5 mm over its own nadir",
    ),
    "previous": Text(
        "病灶较上一次扫描增大≥20% 且≥5 mm 为进展",
        "a lesion progressed when it grew by at least 20 % and 5 mm over its previous scan",
    ),
}


def method_sentences(protocol: Protocol, results: Results) -> tuple[Text, ...]:
    """One paragraph each on the data, response, progression, resistance, and every kind of analysis that was done."""
    return (
        _data(protocol),
        _response(protocol),
        _progression(protocol),
        RESISTANCE[protocol.resistance.preset],
        *_endpoints(protocol),
        *_analysis(protocol),
        *statistics_sentences(protocol, results),
    )


def _data(protocol: Protocol) -> Text:
    n, cutoff = len(protocol.eligibility), protocol.study.data_cutoff
    zh = "；".join(rule.excluded.zh for rule in protocol.eligibility)
    en = "; ".join(in_sentence(Text(r.excluded.zh, r.excluded.en)).en for r in protocol.eligibility)
    rules = Text(
        f"按研究方案的 {n} 条规则依次排除患者：{zh}。" if n else "未设入排规则。",
        f"Patients were excluded by {n} rules in order: {en}." if n else "No eligibility rule was set.",
    )
    if cutoff is None:
        until = Text("未设定数据截止日期。", "No data cutoff was set.")
    else:
        until = Text(f"随访截至 {cutoff}。", f"Follow-up was counted up to {cutoff}.")
    return Text(rules.zh + until.zh, f"{rules.en} {until.en}")


def _response(protocol: Protocol) -> Text:
    settings = protocol.response
    source = _CRITERIA[settings.criteria] if _from_lesions(protocol) else _given(protocol)
    if settings.confirmation:
        best = Text(
            f"最佳总体疗效中的 CR 与 PR 须在至少 {settings.confirmation_days} 天后确认；",
            f"CR and PR as best overall response had to be confirmed at least {settings.confirmation_days} days later;",
        )
    else:
        best = Text(
            "最佳总体疗效中的 CR 与 PR 不要求确认；",
            "CR and PR as best overall response needed no confirmation;",
        )
    days = settings.minimum_sd_days
    stable = Text(f"SD 须自治疗开始起满 {days} 天。", f"SD had to last {days} days from treatment start.")
    return Text(source.zh + best.zh + stable.zh, f"{source.en} {best.en} {stable.en}")


_CRITERIA: dict[str, Text] = {
    "recist_1_1": Text(
        "疗效由逐病灶测量按 RECIST 1.1 推导。",
        "Responses were derived from lesion measurements by RECIST 1.1.",
    ),
    "irecist": Text(
        "疗效由逐病灶测量按 iRECIST 推导（Seymour 2017）：首次进展先记为未确认（iUPD），至少 4 周后的检查可予以确认（iCPD）；"
        "进展日期为已确认者、或此后未见缓解或稳定而未能确认者的首个 iUPD 之日；此后达到 iCR、iPR 或 iSD 者不计为进展。",
        "Responses were derived from lesion measurements by iRECIST (Seymour 2017): a first progression was unconfirmed "
        "(iUPD), and a scan at least 4 weeks later could confirm it (iCPD). Progression was dated to the first iUPD that was "
        "confirmed, or that was never followed by iCR, iPR or iSD; one that was followed by them did not count.",
    ),
}


def _from_lesions(protocol: Protocol) -> bool:
    """Whether responses come from measurements of lesions, by the criteria of the study."""
    data = protocol.data
    return protocol.response.source == "lesions" and (data.sdtm is not None or data.lesions is not None)


def _given(protocol: Protocol) -> Text:
    """Where responses come from that were not derived from lesions."""
    data = protocol.data
    if data.sdtm is None and data.assessments is None and data.progressions is not None:
        return Text(
            "疗效与首次进展采用数据中已判读的结果，未由病灶测量推导。",
            "Responses and first progressions were those that the team had read and given; none was derived from lesions.",
        )
    return Text("疗效采用数据中已有的评价。", "Responses were those already given in the data.")


def _progression(protocol: Protocol) -> Text:
    settings = protocol.progression
    preset = PROGRESSION[settings.preset]
    nodes, reference = _NODES[settings.node_counting], _REFERENCE[settings.lesion_reference]
    changed = _changed(protocol)
    return Text(
        f"{preset.zh}；{reference.zh}，{nodes.zh}，弥漫性病变一律计为广泛进展。其余为广泛进展。{changed.zh}",
        f"{preset.en}; {reference.en}, {nodes.en}, and diffuse disease counted as systemic at any number. "
        f"All other progressions were systemic. {changed.en}".rstrip(),
    )


def _changed(protocol: Protocol) -> Text:
    """Settings of the study file that replace the preset's own."""
    settings = protocol.progression
    named = ("max_lesions", "max_organs", "count_brain", "mediastinal_nodes_are_organ", "controlled")
    own = {name: getattr(settings, name) for name in named if getattr(settings, name) != "preset"}
    if settings.preset == "huang2025" and own.get("controlled") == "majority":
        del own["controlled"]
    if not own:
        return Text("", "")
    listed = ", ".join(f"{name}={value}" for name, value in own.items())
    return Text(f"研究方案另行设定：{listed}。", f"The study file sets these differently: {listed}.")


ENDPOINTS: dict[str, Text] = {
    Outcome.OS: Text(
        "总生存期自治疗开始至死亡，存活者截至末次确知存活之日。",
        "Overall survival ran from the start of treatment to death; the living were censored when last known alive.",
    ),
    Outcome.PFS: Text(
        "无进展生存期自治疗开始至首次进展或死亡，两者皆无者截至末次可评估的检查。",
        "Progression-free survival ran from the start of treatment to the first progression or death; without either it was "
        "censored at the last adequate assessment.",
    ),
    Outcome.PPS: Text(
        "进展后生存期自首次进展至死亡，截尾同总生存期。",
        "Post-progression survival ran from the first progression to death, censored as overall survival.",
    ),
    Outcome.PFS2: Text(
        "后线无进展生存期（PFS2）自第 {line} 线治疗开始至该线治疗的进展或死亡，不同于自一线治疗开始计算的 PFS2（EMA）。",
        "Later-line progression-free survival (PFS2) ran from the start of line {line} of treatment, not of the first line, to progression "
        "on that line or death; the PFS2 of the EMA counts from the first line.",
    ),
    Outcome.DOR: Text(
        "缓解持续时间自首次 CR 或 PR 至进展或死亡，只计缓解者。",
        "Duration of response ran from the first CR or PR to progression or death, in responders only.",
    ),
    Outcome.IPFS: Text(
        "iRECIST 无进展生存期以 iRECIST 所定的进展日期计。",
        "iRECIST progression-free survival took the date of progression from iRECIST.",
    ),
}
_CENSORED = {
    "missed_assessments": Text(
        "连续缺失两次及以上检查后的进展或死亡不计，截至此前末次可评估的检查。",
        "Progression or death after two or more missed assessments did not count: censored at the last adequate one before.",
    ),
    "new_therapy": Text(
        "更换抗肿瘤治疗者截至此前末次可评估的检查。",
        "A new anticancer therapy censored at the last adequate assessment before it.",
    ),
}


def _endpoints(protocol: Protocol) -> tuple[Text, ...]:
    """Start, event and censoring of every endpoint that was asked for; nothing where none was."""
    asked = {o for a in protocol.analyses for o in a.outcomes}
    asked |= {Outcome.OS} if any(a.kind in {LANDMARK, TIME_DEPENDENT} for a in protocol.analyses) else set()
    sentences = [text for name, text in ENDPOINTS.items() if name in asked]
    settings = protocol.endpoints
    if Outcome.PFS in asked:
        sentences += [text for name, text in _CENSORED.items() if getattr(settings, name) == "censor"]
    if not sentences:
        return ()
    line = settings.pfs2_line
    zh, en = "".join(t.zh for t in sentences), " ".join(t.en for t in sentences)
    return (Text(zh.replace("{line}", str(line)), en.replace("{line}", str(line))),)


_COMPARED: tuple[tuple[frozenset[str], Text], ...] = (
    (
        frozenset({"baseline"}),
        Text(
            "分类变量用 Pearson χ² 检验（期望频数低时用 Fisher 精确检验），数值变量按正态性用 *t* 检验或 Mann-Whitney *U* 检验；"
            "另报告标准化均数差。",
            "Categories were compared by Pearson's chi-square test (Fisher's exact test where expected counts were low), "
            "numbers by a *t* test or the Mann-Whitney *U* test according to normality; standardised mean differences are "
            "given as well.",
        ),
    ),
    (
        frozenset({SURVIVAL, LANDMARK}),
        Text(
            "生存用 Kaplan-Meier 法估计（双对数置信区间），组间用 Log-rank 检验比较，"
            "风险比来自 Cox 模型（Efron 法），比例风险以 Grambsch-Therneau 法检验。",
            "Survival was estimated by the Kaplan-Meier method (log-log limits) and compared by the "
            "log-rank test; hazard ratios come from a Cox model (Efron's method), and proportional hazards were tested by the "
            "method of Grambsch and Therneau.",
        ),
    ),
)
_ALWAYS = Text(
    "均为双侧检验，*P*<0.05 为差异有统计学意义；1 个月为 30.4375 天。",
    "Tests are two-sided at the level of 0.05; 1 month is 30.4375 days.",
)


def _analysis(protocol: Protocol) -> tuple[Text, ...]:
    """How groups were compared, of the kinds of analysis that were asked for; nothing where none was."""
    kinds = {a.kind for a in protocol.analyses}
    if not kinds:
        return ()
    said = (*(text for of, text in _COMPARED if kinds & of), _ALWAYS)
    return (Text("".join(t.zh for t in said), " ".join(t.en for t in said)),)
