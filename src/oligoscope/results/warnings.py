"""Why a number is withheld or must be read with care: every code once, with its sentence in both languages.

An estimate's `warning` is a value that knows its parts. Its text, which results.csv holds, is their codes divided by
`; `, each followed where needed by `name=value` parts: `too_few_events minimum=5`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from string import Formatter
from typing import Any, Self
from urllib.parse import quote, unquote

from oligoscope.bilingual import Count, Text
from oligoscope.plain_text import shielded
from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import predictor_name, variable_name

_RESERVED = re.compile(r"[\s;=,%]")  # what divides the parts of a warning
_VALUE = re.compile(r" (\w+)=(\S*)")
_COLUMNS = re.compile(r" \(column ([\d, ]+)\)")  # of a model, where not all of them are meant
_BETWEEN = "; "
_MOST_READ = 5000  # texts whose values are remembered: thousands of rows have few different ones


class WarningCode(StrEnum):
    """Every reason that results.csv can give; called with the values its sentence names, it is the warning."""

    text: Text

    def __new__(cls, word: str, zh: str, en: str) -> Self:
        code = str.__new__(cls, word)
        code._value_, code.text = word, Text(zh, en)
        return code

    @property
    def names(self) -> frozenset[str]:
        """Of the values that it must be given."""
        return _names_in(self.text.en)

    def __call__(self, *, of_columns: str = "", **values: object) -> Warnings:
        """The warning alone.

        Args:
            of_columns: Numbers of the columns of a model that it concerns, where not all: "1, 2".
            values: What the sentence names; a tuple where it lists several.

        Raises:
            ValueError: A value that the sentence needs is missing, or one it does not name is given.
        """
        if self.names != values.keys():
            raise ValueError(f"{self} needs {sorted(self.names)}; it was given {sorted(values)}.")
        written = {n: v if isinstance(v, tuple) else (v,) for n, v in values.items()}
        listed = tuple((n, tuple(str(v) for v in several)) for n, several in written.items())
        return Warnings((OneWarning(self, listed, of_columns),))

    # fmt: off
    ONLY_PROGRESSED_PATIENTS = (
        "only_progressed_patients", "人群中只有已进展的患者，该分析需要全部治疗患者",
        "the population holds only patients who progressed, and this analysis needs all who were treated")
    RULE_NOT_CHECKED = (
        "rule_not_checked", "所给数据不足以套用规则，未能复核", "what was given does not suffice to apply the rule, so that it could not be checked")
    NO_FOLLOW_UP = (
        "no_follow_up", "数据中没有任何患者的死亡日期或末次存活日期", "the data have no date of death and no day last known alive of any patient")
    PROGRESSION_NOT_RECORDED = "progression_not_recorded", "数据未记录何人进展", "the data do not say who progressed"
    RESPONSE_NOT_RECORDED = "response_not_recorded", "这些患者均无疗效记录", "no best response of these patients is recorded"
    RESISTANCE_NOT_KNOWN = (
        "resistance_not_known", "这些患者均无疗效记录，耐药类型无法推导",
        "no best response of these patients is recorded, so that their type of resistance cannot be derived")
    LESIONS_NOT_RECORDED = (
        "lesions_not_recorded", "这些患者首次进展时的病灶均无记录", "no lesions of these patients are recorded at the first progression")
    TIME_NOT_GIVEN = "time_not_given", "数据中没有可得出该时间的记录", "the data do not say when it began or ended"
    BLANK_FOR_ALL = "blank_for_all", "该变量对所有患者均为空", "the variable is blank for every patient"
    MISSING_AND_NOT_IMPUTED = (
        "missing_and_not_imputed", "该变量有 {n} 例缺失且未插补",
        "the variable is missing in {n} of the patients and was not imputed")
    MEASURED_NOT_LEVELS = "measured_not_levels", "该变量是数值或日期，没有可比较的水平", "the variable is measured and has no levels to compare"
    MAKES_THE_GROUPS = "makes_the_groups", "该变量就是分组变量", "the variable is what makes the groups"
    NO_COVARIATES = "no_covariates", "所列协变量均无法使用", "none of the covariates that were named can be used"
    TWO_GROUPS_NEEDED = "two_groups_needed", "需要恰好两组患者", "exactly two groups of patients are needed"
    TOO_FEW_IN_GROUP = "too_few_in_group", "有一组少于 {minimum} 例", "a group has fewer than {minimum} patients"
    GROUP_TOO_SMALL = "group_too_small", "该组少于 {minimum} 例", "the group has fewer than {minimum} patients"
    TOO_FEW_EFFECTIVE = (
        "too_few_effective", "有一组加权后仅相当于不足 {minimum} 例等权患者", "after weighting a group is worth fewer than {minimum} patients")
    TOO_FEW_TO_MATCH = (
        "too_few_to_match", "较小的一组仅 {smallest} 例，少于匹配与加权所需的 {minimum} 例",
        "the number of patients in the smaller group is {smallest}, below the {minimum} that matching and weighting need")
    FEW_IMPUTATIONS = (
        "few_imputations", "插补次数 {m} 少于不完整病例的百分比（{incomplete_percent}%）",
        "there are fewer imputations ({m}) than per cent of incomplete cases ({incomplete_percent})")
    PREDICTORS_LEFT_OUT = (
        "predictors_left_out", "插补模型未能使用与其他变量重复的变量：{names}",
        "the imputation model could not use variables that repeat others: {names}")
    EVENTS_PER_VARIABLE = (
        "events_per_variable", "模型平均每个参数仅有 {value} 个事件，少于 10",
        "the model has only {value} events per parameter, fewer than 10")
    TOO_FEW_PER_VARIABLE = (
        "too_few_per_variable", "模型平均每个参数仅有 {value} 个事件，少于所设的 {minimum}",
        "the model has only {value} events per parameter, fewer than the {minimum} that were set")
    FEW_BY_FIRTH = (
        "few_by_firth", "模型平均每个参数仅有 {value} 个事件，少于所设的 {minimum}，故采用 Firth 法",
        "the model has only {value} events per parameter, fewer than the {minimum} that were set, so Firth's method was used")
    HAZARDS_BY_FIRTH = (
        "hazards_by_firth", "事件只出现在变量的一侧，普通 Cox 模型没有估计值，故采用 Firth 法",
        "events are found on one side of a variable only, so Firth's method was used in place of the ordinary Cox model")
    SCORE_TOO_FEW = (
        "score_too_few_per_variable", "倾向评分模型中，较小一组的例数仅为参数个数的 {value} 倍，少于所设的 {minimum} 倍",
        "the propensity score model has only {value} patients of the smaller group per parameter, fewer than the {minimum} that were set")
    SEPARATED = "separated", "协变量将两组完全分开，改用 Firth 法", "covariates separate the groups, so Firth's method was used"
    TOO_FEW_EVENTS = "too_few_events", "有一组的事件数少于 {minimum} 例", "a group has fewer than {minimum} events"
    ONE_GROUP_ONLY = "one_group_only", "仅有一组患者，无法比较", "there is one group only, so nothing can be compared"
    NO_EVENTS = "no_events", "没有发生事件", "no event happened"
    NO_PATIENTS = "no_patients", "没有患者", "there are no patients"
    NOT_REACHED = "not_reached", "未达到", "it was not reached"
    NON_PROPORTIONAL = (
        "non_proportional", "风险比随时间改变（比例风险检验 *P*<0.05），所给为平均值",
        "the hazard ratio changes with time (test of proportional hazards, *P*<0.05) and is an average")
    NOT_CONVERGED = "not_converged", "模型未收敛", "the model did not converge"
    TOO_FEW_PATIENTS = "too_few_patients", "患者太少，无法检验", "there are too few patients for the test"
    LEVEL_IN_ONE_GROUP = (
        "level_in_one_group", "某协变量水平（或其组合）仅见于一组，另一组的结局模型无法预测这些患者的结局",
        "a level of a covariate, or a combination of levels, is found in one group only, and the model of the other group's outcome cannot "
        "predict for these patients")
    EQUAL_BY_MATCHING = (
        "equal_by_matching", "各匹配组内两组完全相同（如按该变量精确匹配），没有可检验的差异",
        "the groups are the same within every matched set (as where they were matched exactly), so there is no difference to test")
    ONE_LEVEL_ONLY = "one_level_only", "该变量只有一个水平", "the variable has one level only"
    ONE_LABEL_FOR_ALL = (
        "one_label_for_all", "其中一种分类对所有患者给出同一标签，无论另一种如何分类 κ 均为 0，因此没有置信区间",
        "one of the two classifications gives all patients the same label, so that kappa is 0 whatever the other one gives, and has no limits")
    REPORTED_TWICE = (
        "reported_twice", "同一名称下得到两个不同的数值，因此均不给出",
        "two different numbers were computed under one name, so that neither is given")
    NO_SUMS = "no_sums", "没有可用的靶病灶径线总和", "no sum of target diameters can be compared with baseline"
    BEYOND_FOLLOW_UP = "beyond_follow_up", "超出随访时间", "it lies beyond the follow-up"
    GROUP_KNOWN_ONLY_AT_PROGRESSION = (
        "group_known_only_at_progression", "分组在首次进展时才知道，而计时从治疗开始（永恒时间偏倚）",
        "the group is known only at the first progression, while time counts from treatment start (immortal time bias)")
    TRUE_BY_CONSTRUCTION = (
        "true_by_construction", "分组由该结局本身定义，差异是定义使然",
        "the groups are defined by this outcome, so the difference follows from the definition")
    NO_CALIPER = "no_caliper", "匹配未设卡钳值，差距再大也会配对", "matching had no caliper, so that pairs may lie far apart"
    NO_PAIRS = "no_pairs", "没有配成任何一对", "no pair could be made"
    POOR_OVERLAP = (
        "poor_overlap", "两组重叠差：{percent}% 的患者在共同支持域之外",
        "the groups overlap poorly: {percent} % of the patients are outside the common support")
    SCORE_SEPARATED = (
        "score_separated", "协变量将两组完全分开，倾向评分改用 Firth 法估计",
        "covariates separate the groups, so the propensity score was estimated by Firth's method")
    SCORE_COLLINEAR = "score_collinear", "倾向评分模型中有变量与其他变量重复", "a variable of the propensity score repeats others"
    SCORE_NOT_CONVERGED = "score_not_converged", "倾向评分模型未收敛", "the propensity score model did not converge"
    NO_BALANCING_WEIGHTS = (
        "no_balancing_weights", "没有权重能使一组的均值等于目标人群的均值（该组在其一侧没有患者）",
        "no weights give a group the means of the target population, as it has no patients on one side of them")
    WEIGHTS_UNBALANCED = (
        "weights_unbalanced", "加权后均衡性未达标（{variable}的 |SMD| 为 {largest}，限值 {limit}）",
        "balance after weighting was missed (|SMD| {largest} for {variable}, limit {limit})")
    WEIGHTS_UNSEALED = (
        "weights_unsealed", "加权后的估计值仍予报告，仅作参考：{reason}", "weighted estimates are reported as supportive only: {reason}")
    INFINITE_IN_BOTH_DIRECTIONS = (
        "infinite_in_both_directions", "差值在各插补数据集中为方向相反的无穷大，没有均数",
        "the difference is infinite in opposite directions in different imputations and has no mean")
    CONTROLS_USED_AGAIN = (
        "controls_used_again", "同一例对照最多用于 {most} 个匹配组；置信区间只按匹配组聚类，因而偏窄，另见同时按匹配组与患者聚类的置信区间",
        "one control serves in up to {most} sets, so that limits robust to the sets alone are too narrow; those robust to sets "
        "and patients are given beside them")
    CALIPER_NEEDS_TWO = (
        "A caliper in SDs of the logit needs 2 patients or more in each group.", "以标准差计的卡钳值要求每组至少 2 例",
        "a caliper in standard deviations needs 2 patients in each group")
    TOO_MANY_TO_PAIR = (
        "too_many_to_pair", "最优匹配须比较的配对多于 {most} 对的上限；请改用 nearest，或缩小卡钳值",
        "optimal matching would weigh more than {most} pairs: name nearest, which gives nearly as many pairs, or a narrower caliper")
    UNBALANCED = (
        "unbalanced", "匹配后均衡性未达标（{variable}的 |SMD| 为 {largest}，限值 {limit}）",
        "balance was not achieved (|SMD| {largest} for {variable}, limit {limit})")
    VERDICT_BY_DRAWS = (
        "verdict_by_draws", "限值在该值的 Monte Carlo 误差范围内（{m} 次插补），换一批插补值，判定可能改变",
        "the limit lies within the Monte Carlo error of this value ({m} imputations), so that other draws of the missing values could "
        "give the other verdict")
    P_BY_DRAWS = (
        "p_by_draws", "0.05 在 *P* 值的 Monte Carlo 误差范围内（{m} 次插补），换一批插补值，*P* 值可能落在另一侧",
        "0.05 lies within the Monte Carlo error of P ({m} imputations), so that P could lie on its other side with other draws of the "
        "missing values")
    UNSEALED = (
        "unsealed", "匹配后的估计值仍予报告，仅作参考：{reason}", "matched estimates are supportive only: {reason}")
    CHAINS_NOT_MIXED = (
        "chains_not_mixed", "{variable}的插补链尚未充分混合（R-hat 为 {r_hat}）",
        "the imputation chains of {variable} have not mixed (R-hat {r_hat})")
    IMPUTATION_NOT_CONVERGED = (
        "imputation_not_converged", "{variable}的插补模型未收敛",
        "the imputation model of {variable} did not converge")
    ORDERED_AS_UNORDERED = (
        "ordered_as_unordered", "{variable}的比例优势模型无法拟合，按无序多分类插补",
        "the proportional odds model of {variable} could not be fitted, so it was imputed as an unordered factor")
    ONE_LEVEL_IMPUTED = (
        "one_level_imputed", "{variable}仅见一个水平，只能以该水平填补",
        "{variable} was observed at one level only and could be completed with nothing else")
    ODDS_SEPARATED = (
        "the outcome is found on one side of the variable only: the odds ratio is 0 or infinite", "结局只出现在变量的一侧，比值比为 0 或无穷大",
        "the outcome is found on one side of the variable only, so the odds ratio is 0 or infinite")
    HAZARDS_NO_MAXIMUM = (
        "the likelihood has no maximum (events on one side of a variable only): no hazard ratio is given", "似然没有最大值（事件只出现在变量的一侧）",
        "the likelihood has no maximum (events on one side of a variable only)")
    HAZARDS_SEPARATED = (
        "events are found on one side of the variable only: the hazard ratio is 0 or infinite", "事件只出现在一组，风险比为 0 或无穷大",
        "events are found in one group only, so the hazard ratio is 0 or infinite")
    HAZARDS_COLLINEAR = (
        "the variable is constant or repeats other variables: its hazard ratio does not exist", "变量为常数或与其他变量重复，其估计不存在",
        "the variable is constant or repeats others, so no estimate of it exists")
    ODDS_COLLINEAR = (
        "the variable is constant or repeats other variables: its odds ratio does not exist", "变量为常数或与其他变量重复，其估计不存在",
        "the variable is constant or repeats others, so no estimate of it exists")
    HAZARDS_NOT_CONVERGED = (
        "the likelihood did not come to a maximum: no hazard ratio is given", "似然未达到最大值",
        "the likelihood did not come to a maximum")
    ODDS_NOT_CONVERGED = (
        "the likelihood did not come to a maximum: no odds ratio is given", "似然未达到最大值",
        "the likelihood did not come to a maximum")
    NO_ANSWER = "no_answer", "这些患者的数据不能确定该模型，因此没有结果", "these patients do not determine the model, so it has no answer"
    UNDETERMINED = (
        "undetermined", "置信限相差一百万倍以上，这些患者的数据不足以确定该比值",
        "the limits are more than a million times apart, so these patients do not determine the ratio")
    TOO_MANY_COLUMNS = (
        "too_many_columns", "模型有 {columns} 列（变量的各水平），多于较小一组的 {patients} 例患者；请减少变量或合并水平",
        "the model has {columns} columns (levels of its variables), more than the {patients:patient|patients} of the smaller group; "
        "name fewer variables or join levels")
    MANY_COLUMNS_SEPARATED = (
        "many_columns_separated", "协变量将两组完全分开，而模型有 {columns} 列；列数超过 {most} 时不再用 Firth 法估计，请减少变量或合并水平",
        "covariates separate the groups and the model has {columns} columns; with more than {most} Firth's method is not used: "
        "name fewer variables or join levels")
    TOO_MANY_LEVELS = (
        "too_many_levels", "该变量有 {levels} 个水平，多于可插补的 {most} 个；请合并水平",
        "the variable has {levels} levels, more than the {most} that can be imputed; join some of them")
    LEVELS_BEYOND_A_MODEL = (
        "levels_beyond_a_model", "该变量有 {levels} 个水平，多于模型可用的 {most} 个；请合并水平",
        "the variable has {levels} levels, more than the {most} that a model can use; join some of them")
    TOO_MANY_TO_IMPUTE = (
        "too_many_to_impute", "有缺失的变量 {incomplete} 个、插补模型 {columns} 列，插补无法在合理时间内完成，故未插补；请减少匹配、插补与影响因素所列的变量",
        "{incomplete:incomplete variable|incomplete variables} and {columns:column|columns} are more than can be imputed in reasonable time, so none was; "
        "name fewer variables for matching, imputation and predictors")
    NO_SHARED_RISK = (
        "no_shared_risk", "事件发生时没有两组患者同时处于风险中（例如所有人在同一时间发生事件），无法检验",
        "no event happened while patients of two groups were at risk and some of them survived it, so there is no test")
    NOT_IN_EVERY_IMPUTATION = (
        "not_in_every_imputation", "并非每个插补数据集都有估计值，无法合并",
        "some completed data set has no estimate, so nothing can be pooled")
    NO_COVARIATE = (
        "no_covariate", "没有一个协变量对全部患者都有记录且有差异，无法估计倾向评分",
        "no covariate is recorded for all patients and varies among them, so there is no propensity score")
    NO_DELAYED_ENTRY = (
        "no_delayed_entry", "该方法不能处理延迟进入（左截断），忽略它会使结果有偏",
        "the method cannot take delayed entry (left truncation), and without it the number would be biased")
    IGNORES_ENTRY = (
        "ignores_entry", "未考虑延迟进入：在进入观察之前死亡或退出的患者不在其中",
        "delayed entry is not taken into account: patients who died or left before they could enter are missing")
    TOO_FEW_CENTRES = (
        "too_few_centres", "中心数不多于模型的列数，无法估计中心之间的方差",
        "there are no more centres than columns of the model, so that the variance between centres cannot be estimated")
    IGNORES_CENTRES = (
        "ignores_centres", "未计入治疗中心", "the treating centres are not taken into account")
    ONE_CENTRE_ONLY = (
        "one_centre_only", "已知的中心少于两个，无法按中心比较",
        "fewer than two centres are known, so that they cannot be taken into account")
    RISK_SET_EMPTIED = (
        "risk_set_emptied", "在第 {months} 个月，处于风险中的患者全部发生事件，而其余患者尚未进入观察；此后的生存估计没有意义",
        "at {months} months all patients at risk had the event while others had not yet entered; the estimate means nothing from "
        "then on")
    NONE_AT_RISK = (
        "none_at_risk", "自第 {begin} 至 {end} 个月没有患者处于风险中，曲线在其间没有依据",
        "no patient was at risk from {begin} to {end} months, and the curve has no basis there")
    NO_DATED_ASSESSMENT = (
        "no_dated_assessment", "没有患者的无进展生存期有已知的评估日期作为区间两端", "no patient has dated assessments between which progression-free survival ended")
    TOO_FEW_FOR_SMD = "too_few_for_smd", "患者太少，无法计算标准化均数差", "there are too few patients for a standardised mean difference"
    # fmt: on


@cache
def _names_in(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


@dataclass(frozen=True, slots=True)
class OneWarning:
    """One reason: its code and the values of its sentence.

    `in_full` is the sentence in place of the code's own, where a document knows more than the values say; no file holds it.
    """

    code: WarningCode
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    of_columns: str = ""
    in_full: Text | None = None

    def __str__(self) -> str:
        values = "".join(f" {name}={','.join(map(_written, several))}" for name, several in self.values)
        return f"{self.code}{values}" + (f" (column {self.of_columns})" if self.of_columns else "")

    @property
    def printed(self) -> Text:
        """The sentence part that says why, in both languages."""
        if self.in_full is not None:
            return self.in_full
        own: dict[str, object] = {
            n: Count(", ".join("∞" if v == "inf" else shielded(v) for v in vs)) for n, vs in self.values
        }
        name = in_sentence(variable_name(str(own.get("variable", ""))))
        # A sentence of study.yaml, in Chinese and in English.
        reasons = [shielded(reason) for n, several in self.values if n == "reason" for reason in several] or [
            ""
        ]
        several = [in_sentence(predictor_name(v)) for n, vs in self.values if n == "names" for v in vs]
        names = ("、".join(n.zh for n in several), ", ".join(n.en for n in several))
        words = ((name.zh, reasons[0], names[0]), (name.en, reasons[-1], names[1]))
        zh, en = ({**own, "variable": v, "reason": reason, "names": n} for v, reason, n in words)
        return Text(self.code.text.zh.format(**zh), self.code.text.en.format(**en))


class Warnings(str):
    """The reasons of one number, as a text that knows its parts; blank where there is none."""

    parts: tuple[OneWarning, ...]

    def __new__(cls, parts: tuple[OneWarning, ...] = ()) -> Self:
        text = str.__new__(cls, _BETWEEN.join(map(str, parts)))
        text.parts = parts
        return text

    def has(self, *codes: WarningCode) -> bool:
        """Whether any of these is among the reasons."""
        return any(part.code in codes for part in self.parts)

    def has_only(self, *codes: WarningCode) -> bool:
        """Whether there is a reason, and none but these."""
        return bool(self.parts) and all(part.code in codes for part in self.parts)

    def of_column(self, number: int) -> Warnings:
        """Those of a model that concern all of its columns, or this one (from 1)."""
        own = (p for p in self.parts if not p.of_columns or str(number) in p.of_columns.split(", "))
        return Warnings(tuple(own))

    def without(self, code: WarningCode) -> Warnings:
        """The other reasons."""
        return Warnings(tuple(p for p in self.parts if p.code is not code)) if self.has(code) else self

    @property
    def printed(self) -> Text:
        """The sentence parts that say why, in both languages."""
        found = list(dict.fromkeys(part.printed for part in self.parts))
        return Text("；".join(t.zh for t in found), _BETWEEN.join(t.en for t in found))

    def __reduce__(self) -> tuple[Any, ...]:
        return Warnings, (self.parts,)

    def __deepcopy__(self, _memo: object) -> Self:
        return self


NO_WARNING = Warnings()
# These say how far a curve goes, not that a comparison is in doubt.
OF_CURVES = (WarningCode.NOT_REACHED, WarningCode.BEYOND_FOLLOW_UP)


def join(*warnings: Warnings) -> Warnings:
    """The reasons of all, each once."""
    given = [warning for warning in warnings if warning]
    if len(given) < 2:
        return given[0] if given else NO_WARNING
    return Warnings(tuple(dict.fromkeys(part for warning in given for part in warning.parts)))


def of_missed_balance(warning: Warnings) -> Warnings:
    """Why balance was missed, by the warning of the largest difference; blank where it was reached, or not judged of so few."""
    return warning.without(WarningCode.VERDICT_BY_DRAWS).without(WarningCode.TOO_FEW_IN_GROUP)


def of_balance_not_judged(warning: Warnings) -> Warnings:
    """That too few were matched to show balance, by the warning of the largest difference; blank where it was judged, or missed."""
    if of_missed_balance(warning):
        return NO_WARNING
    return Warnings(tuple(p for p in warning.parts if p.code is WarningCode.TOO_FEW_IN_GROUP))


def of_statistics(*remarks: Remark | None) -> Warnings:
    """What methods doubt, as warnings."""
    given = (r for r in remarks if r is not None)
    return join(*(WarningCode(r.doubt.value)(**dict(r.values)) for r in given))


def of_error(warning: str) -> Warnings:
    """The reason that an error carries: a warning, or the doubt of a method."""
    if isinstance(warning, Warnings):
        return warning
    return WarningCode(Doubt(warning).value)() if warning else NO_WARNING


@lru_cache(_MOST_READ)
def read_warnings(text: str) -> Warnings:
    """The value of a text of results.csv.

    Raises:
        ValueError: A part begins with no code, or has other values than the code needs.
    """
    return join(*(_read(part) for part in text.split(_BETWEEN) if part))


def _read(part: str) -> Warnings:
    code = next((code for code in _LONGEST_FIRST if part.startswith(code)), None)
    if code is None:
        raise ValueError(f'"{part}" is no warning of results.csv.')
    rest = part.removeprefix(code)
    columns = _COLUMNS.search(rest)
    values = {name: tuple(map(unquote, value.split(","))) for name, value in _VALUE.findall(rest)}
    found = code(of_columns=columns[1] if columns else "", **values)
    if found != part:
        raise ValueError(f'"{part}" is no warning of results.csv.')
    return found


_LONGEST_FIRST = sorted(WarningCode, key=len, reverse=True)


def _written(value: str) -> str:
    """A word of the user's as a value: what divides the parts of a warning is written as in an address."""
    return _RESERVED.sub(lambda found: _quoted(found[0]), value)


@cache  # of few signs, each met thousands of times
def _quoted(sign: str) -> str:
    return quote(sign)
