"""How a number was made: every part of a method once, in both languages.

An estimate's `method` is a value that knows its parts. Its text, which results.csv holds, is their words divided by
`, `: `Cox, Efron ties, Wald limits`; tests of which one or the other was done are divided by ` or `.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from string import Formatter
from typing import Any, Self

from oligoscope.bilingual import Text

_BETWEEN, _OR = ", ", " or "
_MOST_READ = 5000  # texts whose values are remembered: thousands of rows have few different ones


class MethodPart(StrEnum):
    """Every part a method can have; called with the values its words name, it is a step of one."""

    text: Text

    def __new__(cls, word: str, zh: str, en: str = "") -> Self:
        part = str.__new__(cls, word)
        part._value_, part.text = word, Text(zh, en or word)
        return part

    @property
    def names(self) -> frozenset[str]:
        """Of the values that it must be given."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self) if name)

    def __call__(self, **values: object) -> Step:
        """The part with its values.

        Raises:
            ValueError: A value that the words need is missing, or one they do not name is given.
        """
        if self.names != values.keys():
            raise ValueError(f"{self} needs {sorted(self.names)}; it was given {sorted(values)}.")
        return Step(self, tuple((name, str(values[name])) for name in sorted(values)))

    # Tests: printed by a name of their own.
    CHI_SQUARE = (
        "chi-square",
        "Pearson *χ*² 检验（不作连续性校正）",
        "Pearson chi-square test, no continuity correction",
    )
    FISHER = ("Fisher exact", "Fisher 精确检验", "Fisher's exact test")
    FISHER_MID_P = ("Fisher mid-P", "Fisher 精确检验的 mid-P", "mid-*P* of Fisher's exact test")
    FISHER_MONTE_CARLO = (
        "Fisher exact, Monte Carlo",
        "Fisher 精确检验（Monte Carlo 法，*P* 值的标准误不超过 0.0011）",
        "Fisher's exact test by Monte Carlo, standard error of *P* 0.0011 at most",
    )
    STUDENT_T = ("Student t", "独立样本 *t* 检验（方差齐）", "independent-samples *t* test, equal variances")
    WELCH_T = ("Welch t", "Welch *t* 检验（方差不齐）", "Welch's *t* test, unequal variances")
    MANN_WHITNEY = ("Mann-Whitney U", "Mann-Whitney *U* 检验", "Mann-Whitney *U* test")
    ANOVA = ("one-way ANOVA", "单因素方差分析", "one-way analysis of variance")
    WELCH_ANOVA = ("Welch ANOVA", "Welch 方差分析", "Welch's analysis of variance")
    KRUSKAL_WALLIS = ("Kruskal-Wallis", "Kruskal-Wallis 检验", "Kruskal-Wallis test")
    COCHRAN_ARMITAGE = (
        "Cochran-Armitage trend",
        "Cochran-Armitage 趋势检验",
        "Cochran-Armitage test for trend",
    )
    LOG_RANK = ("log-rank", "Log-rank 检验", "log-rank test")
    WEIGHTED_LOG_RANK = (
        "weighted log-rank, robust",
        "加权 Log-rank 检验（按匹配组稳健估计方差）",
        "weighted log-rank test, variance robust to the matched sets",
    )
    MAX_COMBO = (
        "MaxCombo",
        "MaxCombo 检验（FH(0,0)、(0,1)、(1,0)、(1,1) 加权 Log-rank 之最大者）",
        "MaxCombo test (largest of the log-rank tests weighted FH(0,0), (0,1), (1,0) and (1,1))",
    )
    FLEMING_HARRINGTON = (
        "Fleming-Harrington rho {rho} gamma {gamma}",
        "Fleming-Harrington 加权 Log-rank 检验（*ρ*={rho}，*γ*={gamma}）",
        "Fleming-Harrington weighted log-rank test (rho {rho}, gamma {gamma})",
    )
    WEIGHTED_WALD = (
        "weighted Wald, set-robust",
        "加权 Wald 检验（按匹配组稳健估计方差）",
        "weighted Wald test, variance robust to the matched sets",
    )
    SCORE_WEIGHTED_LOG_RANK = (
        "log-rank weighted by the score, robust",
        "以倾向评分加权的 log-rank 检验（稳健方差）",
        "log-rank test weighted by the score, robust variance",
    )
    SCORE_WEIGHTED_LOG_RANK_STACKED = (
        "log-rank weighted by the score, stacked",
        "以倾向评分加权的 log-rank 检验（方差计入权重的估计）",
        "log-rank test weighted by the score, variance that knows the weights are estimated",
    )
    GRAY = ("Gray's test", "Gray 检验", "Gray's test")
    WALD = ("Wald", "Wald 检验", "Wald test")
    GRAMBSCH_THERNEAU = (
        "Grambsch-Therneau score test, Kaplan-Meier time",
        "Grambsch-Therneau 检验（Kaplan-Meier 时间尺度）",
        "Grambsch-Therneau score test, Kaplan-Meier time",
    )
    GRAMBSCH_THERNEAU_OF_STATES = (
        "Grambsch-Therneau score test, Kaplan-Meier time, all states",
        "Grambsch-Therneau 检验（Kaplan-Meier 时间尺度，全部状态）",
        "Grambsch-Therneau score test, Kaplan-Meier time, all states",
    )
    PENALISED_LIKELIHOOD_RATIO = (
        "penalised likelihood ratio",
        "惩罚似然比检验（Firth 法）",
        "penalised likelihood-ratio test (Firth)",
    )
    FINE_GRAY = ("Fine-Gray", "Fine-Gray 模型（Wald 检验）", "Fine-Gray model, Wald test")
    CAUSE_SPECIFIC_COX = (
        "cause-specific Cox",
        "特定原因 Cox 模型（Wald 检验）",
        "cause-specific Cox model, Wald test",
    )
    LIKELIHOOD_RATIO_OF_PRODUCT = (
        "likelihood ratio of the product term",
        "乘积项的似然比检验",
        "likelihood-ratio test of the product term",
    )
    MEDIAN_P = (
        "median P over imputations",
        "取各插补数据集 *P* 值的中位数",
        "median *P* over the imputations",
    )
    D1 = ("D1", "各插补数据集的估计以 D1 法合并", "estimates of the imputations pooled by D1")
    # All others.
    LIKELIHOOD_RATIO_OF_PERIODS = ("likelihood ratio of the periods", "各时段风险比相等的似然比检验")
    WALD_OF_PERIODS = ("Wald of the periods", "各时段风险比相等的 Wald 检验")
    KAPLAN_MEIER = ("Kaplan-Meier", "Kaplan-Meier 法")
    WEIGHTED_KAPLAN_MEIER = ("weighted Kaplan-Meier", "加权 Kaplan-Meier 法")
    REVERSE_KAPLAN_MEIER = ("reverse Kaplan-Meier", "反向 Kaplan-Meier 法")
    UNDER_KAPLAN_MEIER = ("area under Kaplan-Meier", "Kaplan-Meier 曲线下面积")
    GREENWOOD = ("Greenwood variance", "Greenwood 方差")
    TURNBULL = (
        "nonparametric maximum likelihood of intervals",
        "区间的非参数极大似然估计（Turnbull）",
        "nonparametric maximum likelihood of intervals (Turnbull)",
    )
    WEIBULL = (
        "Weibull model of intervals",
        "区间删失的 Weibull 比例风险模型",
        "Weibull model of proportional hazards for intervals",
    )
    AALEN_JOHANSEN = ("Aalen-Johansen", "Aalen-Johansen 法")
    COX = ("Cox", "Cox 模型")
    WEIGHTED_COX = ("weighted Cox", "加权 Cox 模型")
    COX_BY_PERIOD = ("Cox by period", "分时段 Cox 模型")
    COX_OF_STATES = ("Cox with time-dependent state", "时依状态的 Cox 模型")
    COX_ADJUSTED_FOR_TIME = ("Cox adjusted for log time to progression", "校正进展前时间（对数）的 Cox 模型")
    COX_ADJUSTED_FOR_TIME_AND_ECOG = (
        "Cox adjusted for log time to progression and ECOG",
        "校正进展前时间（对数）与 ECOG 的 Cox 模型",
    )
    COX_OF_TRANSITION = ("Cox of the transition", "状态转换的 Cox 模型")
    SINCE_TREATMENT = ("months since treatment", "从治疗开始计时")
    SINCE_PROGRESSION = ("months since progression", "从进展之日计时")
    EVENTS_OVER_TIME = ("events over time at risk", "事件数除以在险时间")
    POISSON_LIMITS = ("exact Poisson limits", "精确 Poisson 置信限")
    IN_EACH_STATE = ("area under Aalen-Johansen", "Aalen-Johansen 曲线下面积")
    JACKKNIFE_OF_PATIENTS = ("infinitesimal jackknife", "无穷小刀切法方差")
    COX_ADJUSTED_AT_PROGRESSION = (
        "Cox adjusted for covariates at progression",
        "校正进展时协变量的 Cox 模型",
    )
    WEIGHTED_COX_ADJUSTED_AT_PROGRESSION = (
        "weighted Cox adjusted for covariates at progression",
        "校正进展时协变量的加权 Cox 模型",
    )
    ADJUSTED_FOR_COVARIATES = ("adjusted for covariates", "校正协变量")
    EFRON = ("Efron ties", "Efron 法处理结")
    LOG_LOG_LIMITS = ("log-log limits", "log-log 法置信限")
    ROBUST_LOG_LOG_LIMITS = ("robust log-log limits", "稳健的 log-log 法置信限")
    PLAIN_LIMITS = ("plain limits", "plain 法置信限")
    WALD_LIMITS = ("Wald limits", "Wald 置信限")
    ROBUST_LIMITS = ("robust limits", "稳健置信限")
    STACKED_LIMITS = (
        "stacked limits",
        "计入权重估计的稳健置信限",
        "robust limits that know the weights are estimated",
    )
    BOOTSTRAP_LIMITS = ("bootstrap limits, {resamples} samples", "自助法置信限（{resamples} 次重抽样）")
    ENTROPY_BALANCING = ("entropy balancing", "熵均衡")
    WEIGHTS_CUT = ("weights cut at {percent} % at either end", "两端各 {percent}% 的权重被截断")
    DOUBLY_ROBUST = ("augmented inverse probability weighting", "增广逆概率加权")
    PSEUDO_OBSERVATIONS = ("pseudo-observations", "伪观测值")
    PAIR_ROBUST_LIMITS = ("pair-robust limits", "按配对的稳健置信限")
    SET_ROBUST_LIMITS = ("set-robust limits", "按匹配组的稳健置信限")
    STRATIFIED_BY_CENTRE = ("stratified by centre", "按中心分层")
    CENTRE_FRAILTY = ("gamma frailty of the centre", "中心的 gamma 脆弱项")
    ROBUST_TO_CENTRES = ("robust to centres by F", "对中心稳健（F 分布）", "robust to centres, by F")
    WALD_OF_PRODUCT = ("Wald of the product term", "乘积项的 Wald 检验", "Wald test of the product term")
    CENTRE_ROBUST_LIMITS = ("centre-robust limits", "对中心稳健的置信限")
    TWO_WAY_LIMITS = ("limits robust to sets and patients", "按匹配组与患者聚类的稳健置信限")
    T_OF = ("t of {df}", "{df} 个自由度的 t 分布")
    RUBIN = ("pooled by Rubin", "以 Rubin 法合并")
    POOLED_LOG_LOG = ("pooled on log(-log S)", "按 log(-log S) 合并")
    LOGISTIC = ("logistic regression", "logistic 回归")
    FIRTH = ("Firth", "Firth 法")
    PROFILE_LIMITS = ("profile penalised limits", "剖面惩罚似然置信限")
    CLIP = ("pooled by CLIP", "以剖面似然合并（CLIP）")
    E_VALUE = ("E-value (VanderWeele & Ding)", "E 值（VanderWeele 与 Ding）")
    RARE_OUTCOME = ("rare outcome", "结局少见")
    MATCHING_WEIGHTS = ("weights of the matching", "按匹配权重")
    CLOPPER_PEARSON = ("Clopper-Pearson", "Clopper-Pearson 法")
    COHEN_KAPPA = ("Cohen kappa", "Cohen kappa")
    SMD = ("standardised mean difference", "标准化均数差")
    YANG_DALTON = ("Yang-Dalton", "Yang-Dalton 法")
    SD_BEFORE_MATCHING = ("SD before matching", "除以匹配前的标准差")
    CHAINED_EQUATIONS = ("chained equations", "链式方程")
    JACKKNIFE_OVER = (
        "jackknife over {m} imputations",
        "对 {m} 次插补作刀切法",
        "jackknife over {m} imputations",
    )
    MEAN_OVER = ("mean over {m} imputations", "{m} 次插补的均值")
    BEST_RESPONSE = ("best response", "最佳疗效")
    CONFIRMED = ("confirmed", "已确认")
    UNCONFIRMED = ("unconfirmed", "未确认")
    SCANS_TO_PROGRESSION = (
        "scans up to the first progression or a new systemic therapy",
        "截至首次进展或新的全身治疗的各次扫描",
    )
    EVERY_SCAN = ("every scan", "全部扫描")
    NEAREST = ("nearest neighbour", "最近邻匹配")
    OPTIMAL = ("optimal (most pairs, then least total distance)", "最优匹配（配对最多，再求总距离最小）")
    HIGHEST_FIRST = ("highest score first", "评分高者优先")
    LOWEST_FIRST = ("lowest score first", "评分低者优先")
    AS_GIVEN = ("in the order given", "按资料原有顺序")
    AT_RANDOM = ("in random order", "按随机顺序")
    CONTROLS_TO_ONE = ("1:{ratio}", "1:{ratio}")
    WITHOUT_REPLACEMENT = ("without replacement", "不放回")
    WITH_REPLACEMENT = ("with replacement", "放回")
    NO_CALIPER = ("no caliper", "不设卡钳值")
    CALIPER_ON_LOGIT = ("caliper {width} on the logit", "logit 尺度卡钳值 {width}")
    CALIPER_ON_PROBABILITY = ("caliper {width} on the probability", "概率尺度卡钳值 {width}")
    CALIPER_IN_SDS = ("caliper {width} SD of the logit", "卡钳值为 {width} 倍 logit 标准差")
    ON_MEAN_SCORE = ("once on the mean score over the imputations", "按各插补数据集评分的均数匹配一次")


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a method with its values; `is_other`: done in place of the part before, in some imputations."""

    part: MethodPart
    values: tuple[tuple[str, str], ...] = ()
    is_other: bool = False

    def __str__(self) -> str:
        return self.part.format(**dict(self.values))

    def printed_as(self, names: Mapping[MethodPart, Text]) -> Text:
        """By its name among these, else by its own."""
        text, values = names.get(self.part, self.part.text), dict(self.values)
        return Text(text.zh.format(**values), text.en.format(**values))


class Method(str):
    """How a number was made, as a text that knows its parts; blank where nothing needs to be named."""

    steps: tuple[Step, ...]

    def __new__(cls, *steps: MethodPart | Step) -> Self:
        made = tuple(step if isinstance(step, Step) else step() for step in steps)
        text = str.__new__(cls, _joined([(str(s), s.is_other) for s in made], _BETWEEN, _OR))
        text.steps = made
        return text

    def has(self, *parts: MethodPart) -> bool:
        """Whether any of these is part of it."""
        return any(step.part in parts for step in self.steps)

    def without(self, *parts: MethodPart) -> Method:
        """The other parts."""
        return Method(*(step for step in self.steps if step.part not in parts))

    def plus(self, *steps: MethodPart | Step) -> Method:
        """The method with more parts."""
        return Method(*self.steps, *steps)

    @property
    def printed(self) -> Text:
        """The method by the printed names of its parts, in both languages."""
        return self.printed_as({})

    def printed_as(self, names: Mapping[MethodPart, Text]) -> Text:
        """The method with other names for some of its parts."""
        found = [(step.printed_as(names), step.is_other) for step in self.steps]
        return Text(
            _joined([(name.zh, other) for name, other in found], "，", "或 "),
            _joined([(name.en, other) for name, other in found], _BETWEEN, _OR),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return Method, self.steps

    def __deepcopy__(self, _memo: object) -> Self:
        return self


def one_of(*methods: Method) -> Method:
    """Tests of one part each, of which one or the other was done."""
    first, *others = dict.fromkeys(step.part for method in methods for step in method.steps)
    return Method(first, *(Step(part, is_other=True) for part in others))


def _joined(words: list[tuple[str, bool]], between: str, alternative: str) -> str:
    return "".join(
        (alternative if other else between if i else "") + word for i, (word, other) in enumerate(words)
    )


NO_METHOD = Method()


@lru_cache(_MOST_READ)
def read_method(text: str) -> Method:
    """The value of a text of results.csv.

    Raises:
        ValueError: Some of it is no part of a method.
    """
    steps: list[Step] = []
    at = 0
    while at < len(text):
        found = _SEPARATOR.match(text, at)
        at = found.end() if found and steps else at
        step, at = _read(text, at)
        steps.append(Step(step.part, step.values, is_other=bool(found and steps and found[0] == _OR)))
    return Method(*steps)


def _read(text: str, at: int) -> tuple[Step, int]:
    for part, pattern in _PATTERNS:
        if found := pattern.match(text, at):
            return part(**found.groupdict()), found.end()
    raise ValueError(f'"{text[at:]}" is no part of a method of results.csv.')


def _pattern(part: MethodPart) -> re.Pattern[str]:
    pieces = (
        (re.escape(word), f"(?P<{name}>[^ ,]+)" if name else "")
        for word, name, _, _ in Formatter().parse(part)
    )
    return re.compile("".join(word + value for word, value in pieces) + f"(?={_BETWEEN}|{_OR}|$)")


_SEPARATOR = re.compile(f"{_BETWEEN}|{_OR}")
_PATTERNS = [
    (part, _pattern(part)) for part in sorted(MethodPart, key=len, reverse=True)
]  # the longest first
