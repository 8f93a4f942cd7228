"""The primary comparison as a trial would make it, and as this study made it: the components of TARGET, in two columns.

Each cell of the study is made from its settings and from the analyses that gave a number: what was not done is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.method_texts import left_out_of_score, names_in_sentence, were_matched
from oligoscope.printing.sentences import joined
from oligoscope.printing.table import Table, left, row_of
from oligoscope.results.analyses import AT_PROGRESSION, IMPUTATION, SURVIVAL, WEIGHTING, Analysis
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.definitions import definition_name
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import in_sentence, is_of
from oligoscope.study.protocol import Protocol

_LEAD = Outcome.PPS
_NOTHING = Text("", "")


def target_trial(protocol: Protocol, results: Results) -> Table | None:
    """Eligibility, groups, assignment, time zero, follow-up, outcome, contrast and analysis; None where PPS is not compared.

    References:
        Cashin et al. 2025 (TARGET); Hernan & Robins, Am J Epidemiol 2016, 183:758; Hernan et al., J Clin Epidemiol 2016, 79:70.
    """
    if not any(is_of(e.group, "pattern") for e in _ratios(results, SURVIVAL)):
        return None
    rows = (
        row_of(_ELIGIBILITY, _AT_PROGRESSION_ELIGIBLE, _eligible(protocol)),
        row_of(_GROUPS, _NO_STRATEGY, _groups(protocol)),
        row_of(_ASSIGNMENT, _AT_RANDOM, joined(list(_assigned(protocol, results)))),
        row_of(_TIME_ZERO, _ONE_DAY, joined(list(_time_zero(protocol, results)))),
        row_of(_FOLLOW_UP, _FOLLOWED, _followed(protocol)),
        row_of(_OUTCOME, _DEATH, _DEATH_RECORDED),
        row_of(_CONTRAST, _BY_ASSIGNMENT, joined(list(_contrasts(results)))),
        row_of(_ANALYSIS, _AS_ASSIGNED, joined(list(_analysed(results)))),
    )
    heads = left(
        Text("要素", "Component"),
        Text("目标试验（设想）", "Target trial, as it would be specified"),
        Text("本研究", "This study"),
    )
    return Table("target_trial", _TITLE, heads, rows, (_NOTE,))


def _ratios(results: Results, analysis: Analysis, population: str = "") -> list[Estimate]:
    found = results.find(analysis=analysis, outcome=_LEAD, statistic=Statistic.HAZARD_RATIO)
    return [e for e in found if e.value is not None and population in {"", e.population}]


def _adjusted(results: Results) -> bool:
    found = results.find(analysis=AT_PROGRESSION, statistic=Statistic.HAZARD_RATIO_ADJUSTED)
    return any(e.value is not None for e in found)


def _eligible(protocol: Protocol) -> Text:
    rules = [rule.excluded.printed for rule in protocol.eligibility]
    if not rules:
        return Text(
            "有首次进展的患者；未设其他排除标准。",
            "Patients with a first progression; no other criterion was set.",
        )
    zh, en = "；".join(r.zh for r in rules), "; ".join(in_sentence(r).en for r in rules)
    return Text(
        f"有首次进展的患者；按记录排除：{zh}。",
        f"Patients with a first progression; excluded by their records: {en}.",
    )


def _groups(protocol: Protocol) -> Text:
    name = definition_name(protocol.progression.preset)
    return Text(
        f"首次进展时观察到的寡进展与广泛进展（{name.zh}）：患者的特征，不是治疗。",
        f"Oligoprogression and systemic progression as observed at the first progression ({name.en}): a feature of patients, no treatment.",
    )


def _assigned(protocol: Protocol, results: Results) -> Iterator[Text]:
    yield Text("未作分配；组别由观察得到。", "Not assigned: the groups were observed.")
    matched, weighted = (
        were_matched(results) and bool(_ratios(results, SURVIVAL, MATCHED)),
        _weighted(results),
    )
    if matched or weighted:
        score = names_in_sentence(
            tuple(n for n in protocol.matching.covariates if n not in left_out_of_score(results))
        )
        how = _HOW[matched, weighted]
        yield Text(
            f"按倾向评分{how.zh}（{score.zh}）。",
            f"Patients were {how.en} by the propensity score ({score.en}).",
        )
    else:
        yield Text("两组未作匹配或加权。", "The groups were neither matched nor weighted.")
    if _adjusted(results):
        missing = {e.variable for e in results.find(analysis=AT_PROGRESSION, statistic=Statistic.COVARIATE)}
        names = names_in_sentence(
            tuple(n for n in protocol.matching.covariates_at_progression if n not in missing)
        )
        yield Text(
            f"模型另校正进展时已知的变量（{names.zh}）。",
            f"Models also adjusted for what was known at progression ({names.en}).",
        )


_HOW = {
    (True, True): Text("匹配与加权", "matched and weighted"),
    (True, False): Text("匹配", "matched"),
    (False, True): Text("加权", "weighted"),
}


def _weighted(results: Results) -> bool:
    return bool(_ratios(results, WEIGHTING)) or any(e.variable for e in _ratios(results, AT_PROGRESSION))


def _time_zero(protocol: Protocol, results: Results) -> Iterator[Text]:
    yield Text(
        "首次进展：组别在该日确定，随访由该日开始。",
        "The first progression: the groups are defined and follow-up starts on that day.",
    )
    if not (were_matched(results) or _weighted(results)):
        return
    if protocol.matching.time_zero == "progression":
        yield Text("倾向评分含该日已知的变量。", "The propensity score holds what was known on that day.")
    else:
        yield Text(
            "倾向评分只含治疗开始时已知的变量，早于时间零点。",
            "The propensity score holds only what was known at treatment start, before time zero.",
        )


def _followed(protocol: Protocol) -> Text:
    cutoff = protocol.study.data_cutoff
    until = (
        _NOTHING
        if cutoff is None
        else Text(f"，至数据截止日 {cutoff}", f", up to the data cutoff ({cutoff})")
    )
    return Text(
        f"自首次进展至死亡或末次随访{until.zh}。",
        f"From the first progression to death or last contact{until.en}.",
    )


def _contrasts(results: Results) -> Iterator[Text]:
    yield Text(
        "组间关联，不是治疗的因果效应：风险比。",
        "An association of the groups, not the causal effect of a treatment: hazard ratios.",
    )
    if _ratios(results, SURVIVAL, MATCHED):
        yield Text(
            "匹配后：找到匹配者的患者。", "After matching: of the patients for whom a partner was found."
        )
    targets = {
        e.variable for kind in (WEIGHTING, AT_PROGRESSION) for e in _ratios(results, kind) if e.variable
    }
    names = [_TARGETS[t] for t in _TARGETS if t in targets]
    if names:
        zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
        yield Text(f"加权后：{zh}。", f"Weighted: of {en}.")


_TARGETS = {
    "ate": Text("全部患者", "all patients"),
    "att": Text("第一组的患者", "patients like those of the first group"),
    "overlap": Text("两组重叠的患者", "the overlap population"),
}


def _analysed(results: Results) -> Iterator[Text]:
    yield Text("Kaplan-Meier 法与 Cox 模型。", "Kaplan-Meier curves and Cox models.")
    if _ratios(results, SURVIVAL, MATCHED):
        yield Text("匹配后方差按配对稳健。", "After matching the variance is robust to the pairs.")
    if _weighted(results):
        yield Text("加权后方差稳健。", "Under weights it is robust.")
    if _adjusted(results):
        yield Text(
            "匹配、加权与未加权的风险比另有校正进展时协变量者。",
            "Hazard ratios are also given adjusted for the covariates at progression.",
        )
    made = results.value(analysis=IMPUTATION, population="progressed", statistic=Statistic.IMPUTATIONS)
    if (made or 0) > 1:
        yield Text(
            "缺失的协变量多重插补，按 Rubin 法合并。",
            "Missing covariates were multiply imputed and estimates pooled by Rubin's rules.",
        )


_ELIGIBILITY = Text("入选标准", "Eligibility")
_GROUPS = Text("治疗策略（组别）", "Treatment strategies (groups)")
_ASSIGNMENT = Text("分配", "Assignment")
_TIME_ZERO = Text("时间零点", "Time zero")
_FOLLOW_UP = Text("随访", "Follow-up")
_OUTCOME = Text("结局", "Outcome")
_CONTRAST = Text("因果对比（估计目标）", "Causal contrast (estimand)")
_ANALYSIS = Text("统计分析", "Statistical analysis")
_AT_PROGRESSION_ELIGIBLE = Text(
    "首次进展者，在进展当日核实入选标准。",
    "Patients with a first progression, eligible by what is known on that day.",
)
_NO_STRATEGY = Text(
    "进展模式不能分配；试验只能在某一模式内比较治疗（如局部治疗与否）。",
    "A pattern cannot be assigned; a trial could compare treatments within one (local treatment or none).",
)
_AT_RANDOM = Text("在时间零点随机分配。", "At random, at time zero.")
_ONE_DAY = Text(
    "首次进展：入选、分配与随访始于同一日。",
    "The first progression: eligibility, assignment and the start of follow-up on one day.",
)
_FOLLOWED = Text("自时间零点至死亡或随访结束。", "From time zero to death or the end of follow-up.")
_DEATH = Text("任何原因的死亡。", "Death from any cause.")
_DEATH_RECORDED = Text(
    "任何原因的死亡（进展后生存期），来自记录。",
    "Death from any cause (post-progression survival), from records.",
)
_BY_ASSIGNMENT = Text("按分配比较（意向性治疗）。", "As assigned (intention to treat).")
_AS_ASSIGNED = Text("按分配的组别比较生存。", "Survival compared by assigned group.")
_TITLE = Text("主要比较：目标试验与本研究", "Primary comparison: the target trial and this study")
_NOTE = Text(
    "要素依 TARGET（Cashin 等 2025）。组别不是治疗，本研究没有模拟治疗的试验；该表列出本研究与各要素相应之处。",
    "Components after TARGET (Cashin et al. 2025). The groups are no treatments, so that no trial of treatments is emulated; the table "
    "shows what the study has in place of each component.",
)
