"""Every statistic that can be reported, declared once: its word in results.csv, name, kind, unit and meaning."""

from __future__ import annotations

import re
from enum import Enum, StrEnum
from typing import Self

from oligoscope.bilingual import Count, Text
from oligoscope.results.units import Unit


class Kind(Enum):
    """How a statistic is read, and the decimals with which it is printed unless it declares its own."""

    COUNT = 0
    OTHER = 1
    RATIO = 2  # of hazards or odds; no limits that far apart are printed
    DIFFERENCE = 3
    P_VALUE = 4

    @property
    def decimals(self) -> int:
        return min(self.value, 3)


_ERROR_OF_RATIO = Text(
    "value 为合并比值的误差，low 与 high 为其置信限的误差",
    "`value` of the pooled ratio, `low` and `high` of its limits",
)


class Statistic(StrEnum):
    """A statistic; `str()` is its word in results.csv.

    Attributes:
        printed: Its name.
        kind: How it is read.
        decimals: With which it is printed; those of its kind where it declares none.
        unit: Where it is always the same.
        meaning: What the name does not say; None where it says all.
    """

    printed: Text
    kind: Kind
    decimals: int
    unit: Unit | None
    meaning: Text | None
    # fmt: off
    # Counts, and sums in place of counts.
    N = (
        "n", Text("例数", "Number"), Kind.COUNT, None,
        Text("匹配后为各插补的均值；疗效与阅片者的比较中为评估次数", "after matching the mean over the imputations; of readers' responses visits"),
    )
    N_EXCLUDED = "n_excluded", Text("排除例数", "Number excluded"), Kind.COUNT
    N_NOT_ASSESSABLE = (
        "n_not_assessable", Text("无法判定例数", "Number not assessable"), Kind.COUNT, None,
        Text("在某条规则处离开者中缺少该值的例数", "of those who left at a rule, those without the value it asks for"),
    )
    N_EVALUABLE = "n_evaluable", Text("可评估例数", "Number evaluable"), Kind.COUNT
    N_ENTERED_LATE = (
        "n_entered_late", Text("延迟进入例数", "Number entered late"), Kind.COUNT, None,
        Text("治疗开始后才进入观察的例数", "patients who came under observation after treatment had started"),
    )
    N_CENTRES = "n_centres", Text("中心数", "Number of centres"), Kind.COUNT
    N_CENTRE_UNKNOWN = "n_centre_unknown", Text("中心不详例数", "Number without a known centre"), Kind.COUNT
    N_NEVER_AT_RISK = (
        "n_never_at_risk", Text("从未处于风险中的例数", "Number never at risk"), Kind.COUNT, None,
        Text("进入观察之前或当日该结局的时间已结束，未纳入其分析", "the time was over before they entered or on that day; left out of its analysis"),
    )
    N_DIED_BEFORE = (
        "n_died_before", Text("界标前死亡例数", "Number who died before the landmark"), Kind.COUNT, Unit.PATIENTS,
        Text("在界标或之前死亡，未纳入", "at it or before; left out"),
    )
    N_CENSORED_BEFORE = (
        "n_censored_before", Text("界标前删失例数", "Number censored before the landmark"), Kind.COUNT, Unit.PATIENTS,
        Text("随访在界标或之前结束，未纳入", "follow-up ended at it or before; left out"),
    )
    N_PAIRS = "n_pairs", Text("配对数", "Pairs"), Kind.COUNT, Unit.PAIRS
    N_UNMATCHED = (
        "n_unmatched", Text("未匹配例数", "Number not matched"), Kind.COUNT, None,
        Text("各插补的均值与范围", "mean and range over the imputations"),
    )
    N_VISITS = "n_visits", Text("评估次数", "Visits"), Kind.COUNT, Unit.VISITS
    N_AGREE = "n_agree", Text("一致的评估次数", "Visits that agree"), Kind.COUNT, Unit.VISITS
    N_ALIKE = "n_alike", Text("分类一致的患者数", "Patients classified alike"), Kind.COUNT, Unit.PATIENTS
    N_DIFFER = "n_differ", Text("不一致的评估次数", "Visits that differ"), Kind.COUNT, Unit.VISITS
    MISSING = "missing", Text("缺失例数", "Number missing"), Kind.COUNT
    EVENTS = (
        "events", Text("事件数", "Events"), Kind.COUNT, Unit.EVENTS,
        Text("匹配后为各插补的均值", "after matching the mean over the imputations"),
    )
    IMPUTATIONS = "imputations", Text("插补次数", "Imputations"), Kind.COUNT
    N_SETS = "n_sets", Text("匹配组数", "Matched sets"), Kind.COUNT, Unit.SETS
    WEIGHTED_N = (
        "weighted_n", Text("权重之和", "Sum of weights"), Kind.OTHER, None,
        Text("匹配权重之和", "weights of the matching"),
    )
    WEIGHTED_EVENTS = (
        "weighted_events", Text("事件的权重之和", "Sum of weights of the events"), Kind.OTHER, None,
        Text("匹配权重之和", "weights of the matching"),
    )
    EFFECTIVE_N = (
        "effective_n", Text("有效样本量", "Effective sample size"), Kind.OTHER, None,
        Text("Kish 有效样本量", "of Kish, mean over the imputations"),
    )
    LARGEST_WEIGHT = (
        "largest_weight", Text("最大权重", "Largest weight"), Kind.OTHER, None,
        Text("为该组平均权重的倍数，各插补中最大者", "as a multiple of the mean weight of the group, the largest of the imputations"), 2,
    )
    N_TRUNCATED = (
        "n_truncated", Text("权重被截断的例数", "Patients whose weights were cut"), Kind.OTHER, Unit.PATIENTS,
        Text("各插补的均值", "mean over the imputations"),
    )
    # Shares.
    PERCENT = "percent", Text("百分比", "Percentage"), Kind.OTHER, Unit.PERCENT
    PERCENT_MISSING = "percent_missing", Text("缺失百分比", "Percentage missing"), Kind.OTHER, Unit.PERCENT
    PERCENT_INCOMPLETE = "percent_incomplete", Text("有缺失值的患者百分比", "Percentage of patients with a missing value"), Kind.OTHER, Unit.PERCENT
    PERCENT_AGREE = "percent_agree", Text("一致百分比", "Percentage that agree"), Kind.OTHER, Unit.PERCENT
    PERCENT_OF_ALL = (
        "percent_of_all", Text("占全部患者的百分比", "Percentage of all patients"), Kind.OTHER, None,
        Text("只见于已发表的论文", "only in published papers"),
    )
    N_PERCENT = (
        "n_percent", Text("占整体人群的百分比", "Percentage of the whole population"), Kind.OTHER, None,
        Text("只见于已发表的论文", "only in published papers"),
    )
    KAPPA = "kappa", Text("Kappa 值", "Kappa"), Kind.OTHER, None, None, 2
    # Descriptions.
    MEAN = "mean", Text("均数", "Mean")
    SD = "sd", Text("标准差", "Standard deviation")
    MEDIAN = (
        "median", Text("中位数", "Median"), Kind.OTHER, None,
        Text("基线变量附四分位数；生存附 log-log 法 95% 置信限", "quartiles of a measured variable; of a time 95 % limits on log-log"),
    )
    MEDIAN_PLAIN = (
        "median_plain", Text("中位数（plain 法置信限）", "Median (plain limits)"), Kind.OTHER, None,
        Text("与 SPSS 相同", "the same median with the limits of SPSS"),
    )
    MEDIAN_BETWEEN = (
        "median_between", Text("中位数所在区间", "Interval of the median"), Kind.OTHER, None,
        Text("非参数曲线降至一半的区间：值为其右端，low 与 high 为两端", "the interval in which the nonparametric curve falls to a half: its end, `low` and `high` both ends"),
    )
    # Differences between groups, and their balance.
    SMD = (
        "smd", Text("标准化均数差", "Standardised mean difference"), Kind.DIFFERENCE, None,
        Text("变量为绝对值；水平带符号", "of a variable absolute, of a level signed"),
    )
    SMD_BEFORE = (
        "smd_before", Text("匹配前标准化均数差", "Standardised mean difference before"), Kind.DIFFERENCE, None,
        Text("带符号，各插补的均值", "signed, mean over the imputations"),
    )
    SMD_AFTER = (
        "smd_after", Text("匹配后标准化均数差", "Standardised mean difference after"), Kind.DIFFERENCE, None,
        Text("带符号，各插补的均值", "signed, mean over the imputations"),
    )
    SMD_AFTER_ABSOLUTE = "smd_after_absolute", Text("匹配后标准化均数差绝对值的均值", "Mean absolute standardised difference after"), Kind.DIFFERENCE
    SMD_AFTER_MAXIMUM = "smd_after_maximum", Text("匹配后标准化均数差绝对值的最大值", "Largest absolute standardised difference after"), Kind.DIFFERENCE
    LARGEST_SMD = (
        "largest_smd", Text("各水平的最大标准化均数差", "Largest standardised difference over levels"), Kind.DIFFERENCE, None,
        Text("均衡性判定所用", "what the gate of balance judges"),
    )
    MAXIMUM_SMD = "maximum_smd", Text("任一插补中的最大标准化均数差", "Largest standardised difference in any imputation"), Kind.DIFFERENCE
    SMD_UNWEIGHTED = (
        "smd_unweighted", Text("加权前标准化均数差", "Standardised mean difference without weights"), Kind.DIFFERENCE, None,
        Text("带符号，各插补的均值", "signed, mean over the imputations"),
    )
    SMD_WEIGHTED = (
        "smd_weighted", Text("加权后标准化均数差", "Standardised mean difference with weights"), Kind.DIFFERENCE, None,
        Text("带符号，各插补的均值", "signed, mean over the imputations"),
    )
    SMD_WEIGHTED_ABSOLUTE = "smd_weighted_absolute", Text("加权后标准化均数差绝对值的均值", "Mean absolute standardised difference with weights"), Kind.DIFFERENCE
    SMD_WEIGHTED_MAXIMUM = "smd_weighted_maximum", Text("加权后标准化均数差绝对值的最大值", "Largest absolute standardised difference with weights"), Kind.DIFFERENCE
    VARIANCE_RATIO_BEFORE = "variance_ratio_before", Text("匹配前方差比", "Variance ratio before"), Kind.OTHER, None, None, 3
    VARIANCE_RATIO_AFTER = "variance_ratio_after", Text("匹配后方差比", "Variance ratio after"), Kind.OTHER, None, None, 3
    COVARIATE = (
        "covariate", Text("协变量", "Covariate"), Kind.OTHER, None,
        Text("只作为未给出数值的行：无法进入倾向评分或模型的协变量及原因", "only as a row without a value: why the propensity score or the model cannot hold it"),
    )
    # Survival and incidence; at a month: `at_months`.
    SURVIVAL = (
        "survival", Text("生存率", "Survival"), Kind.OTHER, None,
        Text("概率；log-log 法 95% 置信限", "probability; 95 % limits on log-log"),
    )
    SURVIVAL_DIFFERENCE = (
        "survival_difference", Text("生存率之差", "Difference in survival"), Kind.OTHER, None,
        Text("前者减后者，概率；95% 置信限", "first group minus second, as probabilities; 95 % limits"),
    )
    INCIDENCE = (
        "incidence", Text("累积发生率", "Cumulative incidence"), Kind.OTHER, None,
        Text("概率；不带月份者只作为未给出数值的行", "probability; 95 % limits on log-log; without months only as a row without a value"),
    )
    OCCUPATION = "occupation", Text("状态占据概率", "State occupation"), Kind.OTHER, None, Text("概率；log-log 法 95% 置信限", "probability; 95 % limits on log-log")
    RATE = "rate", Text("发生率", "Rate"), Kind.OTHER, None, Text("精确 Poisson 95% 置信限", "exact 95 % limits of Poisson")
    RESTRICTED_MEAN = "restricted_mean", Text("限制性平均生存时间", "Restricted mean")
    RESTRICTED_MEAN_DIFFERENCE = "restricted_mean_difference", Text("限制性平均生存时间之差", "Difference in restricted means")
    RESTRICTED_MEAN_RATIO = "restricted_mean_ratio", Text("限制性平均生存时间之比", "Ratio of restricted means"), Kind.OTHER, None, None, 2
    RESTRICTED_TIME_LOST = (
        "restricted_time_lost", Text("限制性平均损失时间", "Restricted mean time lost"), Kind.OTHER, None,
        Text("时限减去限制性平均生存时间", "the horizon minus the restricted mean"),
    )
    RESTRICTED_MEAN_HORIZON = (
        "restricted_mean_horizon", Text("限制性平均生存时间的时限", "Horizon of the restricted means"), Kind.OTHER, None,
        Text("预先规定者，否则为两组最长随访中的较小者", "as set beforehand, else the smaller of the largest follow-ups of the two groups"),
    )
    # Ratios.
    HAZARD_RATIO = (
        "hazard_ratio", Text("风险比", "Hazard ratio"), Kind.RATIO, None,
        Text("Wald 95% 置信限；匹配后按配对稳健，加权时稳健", "95 % Wald limits; robust to the pairs after matching, robust under weights"),
    )
    HAZARD_RATIO_ADJUSTED = (
        "hazard_ratio_adjusted", Text("校正风险比", "Adjusted hazard ratio"), Kind.RATIO, None,
        Text("校正的变量见 method：进展前时间（对数）与基线 ECOG，或进展时的协变量；illness_death 以其 variables 校正，按状态或按水平比较者以 adjust_for 校正",
             "adjusted for what `method` names: log time to progression and ECOG at baseline, or the covariates at progression; of "
             "illness_death for its variables; of states, and of the levels of a variable, for `adjust_for`"),
    )
    HAZARD_RATIO_PERIOD = (
        "hazard_ratio_period", Text("时段内风险比", "Hazard ratio of the period"), Kind.RATIO, None,
        Text("每个时段各一行", "one row a period"),
    )
    ODDS_RATIO_UNIVARIABLE = "odds_ratio_univariable", Text("单因素比值比", "Odds ratio, univariable"), Kind.RATIO
    ODDS_RATIO_MULTIVARIABLE = "odds_ratio_multivariable", Text("多因素比值比", "Odds ratio, multivariable"), Kind.RATIO
    SUBDISTRIBUTION_HAZARD_RATIO = "subdistribution_hazard_ratio", Text("亚分布风险比", "Subdistribution hazard ratio"), Kind.RATIO
    CAUSE_SPECIFIC_HAZARD_RATIO = "cause_specific_hazard_ratio", Text("特定原因风险比", "Cause-specific hazard ratio"), Kind.RATIO
    HAZARD_RATIO_TWO_WAY = (
        "hazard_ratio_two_way", Text("风险比（按匹配组与患者聚类）", "Hazard ratio, limits robust to sets and patients"), Kind.RATIO, None,
        Text("放回匹配时", "where controls serve again"),
    )
    LOG_HAZARD_RATIO = (
        "log_hazard_ratio", Text("对数风险比", "Log hazard ratio"), Kind.OTHER, None,
        Text("风险比由此得出", "what the ratio was made from"),
    )
    LOG_HAZARD_RATIO_SE = (
        "log_hazard_ratio_se", Text("对数风险比的标准误", "Standard error of the log hazard ratio"), Kind.OTHER, None,
        Text("置信限由此得出", "what its limits were made from"),
    )
    VARIANCE_SHARE_BETWEEN_IMPUTATIONS = (
        "variance_share_between_imputations", Text("插补间方差所占比例", "Share of the variance between imputations"), Kind.OTHER, None,
        Text("对数风险比方差的 (1+1/m)B/T", "of the log hazard ratio, (1 + 1/m) B / T"),
    )
    # Of ratios pooled over imputations: what other draws of the missing values would change.
    MONTE_CARLO_ERROR = (
        "monte_carlo_error", Text("插补的 Monte Carlo 误差", "Monte Carlo error of the imputations"), Kind.DIFFERENCE, None,
        _ERROR_OF_RATIO,
    )
    MONTE_CARLO_ERROR_UNIVARIABLE = (
        "monte_carlo_error_univariable", Text("单因素比值的 Monte Carlo 误差", "Monte Carlo error, univariable"), Kind.DIFFERENCE, None,
        _ERROR_OF_RATIO,
    )
    MONTE_CARLO_ERROR_OF_SMD = "monte_carlo_error_of_smd", Text("SMD 的 Monte Carlo 误差", "Monte Carlo error of the SMD"), Kind.DIFFERENCE
    MONTE_CARLO_ERROR_OF_P = "monte_carlo_error_of_p", Text("P 的 Monte Carlo 误差", "Monte Carlo error of P"), Kind.P_VALUE
    IMPUTATIONS_FOR_LAST_DIGIT = (
        "imputations_for_last_digit", Text("末位数字稳定所需的插补次数", "Imputations that settle the last printed digit"), Kind.COUNT, None,
        Text("Monte Carlo 误差不超过末位的半个单位", "its Monte Carlo error at most half a unit of that digit"),
    )
    IMPUTATIONS_BY_WHITE = (
        "imputations_by_white", Text("White、Royston 与 Wood（2011）规则所需的插补次数", "Imputations by White, Royston & Wood 2011"), Kind.COUNT, None,
        Text("Monte Carlo 误差不超过标准误的十分之一", "Monte Carlo error at most a tenth of the standard error"),
    )
    IMPUTATIONS_BY_VON_HIPPEL = (
        "imputations_by_von_hippel", Text("von Hippel（2020）规则所需的插补次数", "Imputations by von Hippel 2020"), Kind.COUNT, None,
        Text("标准误的变异系数不超过 5%", "standard errors repeatable to 5%"),
    )
    E_VALUE = (
        "e_value", Text("E 值", "E-value"), Kind.OTHER, None,
        Text("low 为较接近 1 的置信限的 E 值", "`low` holds that of the limit nearer to 1"), 2,
    )
    # Tests.
    TEST_STATISTIC = (
        "test_statistic", Text("检验统计量", "Test statistic"), Kind.OTHER, None,
        Text("单位为 F 者是 F，否则为卡方或该检验自身的统计量；P 为各插补的中位数时，是该 P 所在插补数据集的统计量",
             "of the same test as `p_value`, unit F where it is an F; where P is the median over imputations, of the imputation whose P it is"), 3,
    )
    Z_STATISTIC = (
        "z_statistic", Text("Z 值", "Z"), Kind.OTHER, None,
        Text("秩和检验以正态近似求 P 时的 Z，经结与连续性校正", "of a rank sum test whose P is that of a normal deviate; corrected for ties and continuity"), 3,
    )
    EVENTS_PER_PARAMETER = (
        "events_per_parameter", Text("每个变量的事件数", "Events per variable"), Kind.OTHER, None,
        Text("模型的事件数（两组之分取较小一组的例数）除以列数，各插补中最小者",
             "of a model with several variables: events (of two groups the patients of the smaller one) over columns, the smallest of the imputations"), 1,
    )
    P_VALUE_ADJUSTED = "p_value_adjusted", Text("校正风险比的 *P* 值", "*P* value of the adjusted hazard ratio"), Kind.P_VALUE
    P_VALUE_PROPORTIONAL_HAZARDS = (
        "p_value_proportional_hazards", Text("比例风险检验 *P* 值", "*P* value of proportional hazards"), Kind.P_VALUE, None,
        Text("Grambsch-Therneau 得分检验", "score test of Grambsch and Therneau"),
    )
    P_VALUE = (
        "p_value", Text("*P* 值", "*P* value"), Kind.P_VALUE, None,
        Text("检验名见 method", "of the test that `method` names"),
    )
    P_VALUE_LOG_RANK = (
        "p_value_log_rank", Text("加权 Log-rank 检验 *P* 值", "*P* value of the weighted log-rank test"), Kind.P_VALUE, None,
        Text("加权比较中；各插补的中位数", "of the comparison with weights; median over the imputations"),
    )
    P_VALUE_UNIVARIABLE = (
        "p_value_univariable", Text("单因素 *P* 值", "*P* value, univariable"), Kind.P_VALUE, None,
        Text("水平空白者为变量整体的检验", "without a level the joint test of the variable"),
    )
    P_VALUE_MULTIVARIABLE = (
        "p_value_multivariable", Text("多因素 *P* 值", "*P* value, multivariable"), Kind.P_VALUE, None,
        Text("水平空白者为变量整体的检验", "without a level the joint test of the variable"),
    )
    P_VALUE_INTERACTION = "p_value_interaction", Text("交互作用 *P* 值", "*P* value of the interaction"), Kind.P_VALUE
    P_VALUE_INTERACTION_ADJUSTED = (
        "p_value_interaction_adjusted", Text("校正后交互作用 *P* 值", "*P* value of the interaction, adjusted"), Kind.P_VALUE, None,
        Text("模型另含 adjust_for 的变量", "in the model that also holds the variables of `adjust_for`"),
    )
    P_VALUE_GRAY = "p_value_gray", Text("Gray 检验 *P* 值", "*P* value of Gray's test"), Kind.P_VALUE
    P_VALUE_SUBDISTRIBUTION = "p_value_subdistribution", Text("亚分布风险比的 *P* 值", "*P* value of the subdistribution hazard ratio"), Kind.P_VALUE
    P_VALUE_CAUSE_SPECIFIC = "p_value_cause_specific", Text("特定原因风险比的 *P* 值", "*P* value of the cause-specific hazard ratio"), Kind.P_VALUE
    # fmt: on

    def __new__(
        cls, word: str, printed: Text, kind: Kind = Kind.OTHER, unit: Unit | None = None, meaning: Text | None = None,
        decimals: int | None = None,
    ) -> Self:  # fmt: skip
        statistic = str.__new__(cls, word)
        statistic._value_, statistic.printed = word, printed
        statistic.kind, statistic.unit, statistic.meaning = kind, unit, meaning
        statistic.decimals = kind.decimals if decimals is None else decimals
        return statistic

    @property
    def family(self) -> Statistic:
        """Itself; of a statistic at a month what it is without the month."""
        return self

    @property
    def is_before_matching(self) -> bool:
        """Whether it describes the groups as they were before matching."""
        return self in {Statistic.SMD_BEFORE, Statistic.VARIANCE_RATIO_BEFORE}

    @property
    def test(self) -> Statistic:
        """The P value of a ratio.

        Raises:
            KeyError: It has none of its own.
        """
        return _TESTS[self]

    @property
    def weighted(self) -> Statistic | None:
        """The sum of weights beside a count of patients or events."""
        return _WEIGHTED.get(self)


# Of `p_value_proportional_hazards`: below it hazards are said not to be proportional.
PROPORTIONAL_LEVEL = 0.05
_TESTS = {
    Statistic.HAZARD_RATIO_ADJUSTED: Statistic.P_VALUE_ADJUSTED,
    Statistic.SUBDISTRIBUTION_HAZARD_RATIO: Statistic.P_VALUE_SUBDISTRIBUTION,
    Statistic.CAUSE_SPECIFIC_HAZARD_RATIO: Statistic.P_VALUE_CAUSE_SPECIFIC,
    Statistic.ODDS_RATIO_UNIVARIABLE: Statistic.P_VALUE_UNIVARIABLE,
    Statistic.ODDS_RATIO_MULTIVARIABLE: Statistic.P_VALUE_MULTIVARIABLE,
}
_WEIGHTED = {Statistic.N: Statistic.WEIGHTED_N, Statistic.EVENTS: Statistic.WEIGHTED_EVENTS}


class StatisticAt(str):
    """A statistic at a month: `survival_12_months`."""

    family: Statistic
    months: int

    @property
    def printed(self) -> Text:
        name = self.family.printed
        return Text(f"{self.months} 个月{name.zh}", f"{name.en} at {Count(self.months):month|months}")

    @property
    def kind(self) -> Kind:
        return self.family.kind

    @property
    def decimals(self) -> int:
        return self.family.decimals

    def __reduce__(self) -> tuple[object, ...]:
        return at_months, (self.family, self.months)


# These are reported at several months.
AT_MONTHS = (
    Statistic.SURVIVAL,
    Statistic.SURVIVAL_DIFFERENCE,
    Statistic.INCIDENCE,
    Statistic.OCCUPATION,
    Statistic.RESTRICTED_MEAN,
    Statistic.RESTRICTED_TIME_LOST,
    Statistic.RESTRICTED_MEAN_DIFFERENCE,
    Statistic.RESTRICTED_MEAN_RATIO,
    Statistic.P_VALUE,
)
_AT = re.compile(r"(\w+)_(\d+)_months")


def at_months(family: Statistic, months: int) -> StatisticAt:
    """A statistic at a month."""
    statistic = StatisticAt(f"{family}_{months}_months")
    statistic.family, statistic.months = family, months
    return statistic


def statistic_of(word: str) -> Statistic | StatisticAt:
    """The statistic that a file names.

    Raises:
        ValueError: There is none of that name.
    """
    timed = _AT.fullmatch(word)
    if timed is not None and timed[1] in AT_MONTHS:
        return at_months(Statistic(timed[1]), int(timed[2]))
    try:
        return Statistic(word)
    except ValueError:
        raise ValueError(f"no statistic is named {word!r}") from None


class LandmarkAt(str):
    """The variable of a landmark analysis: `landmark_3_months`."""

    months: int

    @property
    def printed(self) -> Text:
        return Text(
            f"治疗开始后 {self.months} 个月", f"{Count(self.months):month|months} after treatment start"
        )

    def __reduce__(self) -> tuple[object, ...]:
        return landmark_at, (self.months,)


class LandmarkAfter(str):
    """The variable of a landmark analysis from progression: `landmark_28_days`."""

    days: int

    @property
    def printed(self) -> Text:
        return Text(f"首次进展后 {self.days} 天", f"{Count(self.days):day|days} after the first progression")

    def __reduce__(self) -> tuple[object, ...]:
        return landmark_after, (self.days,)


_LANDMARK = re.compile(r"landmark_(\d+)_months")
_AFTER = re.compile(r"landmark_(\d+)_days")


def landmark_at(months: int) -> LandmarkAt:
    """The landmark at a month after treatment start."""
    landmark = LandmarkAt(f"landmark_{months}_months")
    landmark.months = months
    return landmark


def landmark_after(days: int) -> LandmarkAfter:
    """The landmark at a day after the first progression."""
    landmark = LandmarkAfter(f"landmark_{days}_days")
    landmark.days = days
    return landmark


def landmark_of(word: str) -> LandmarkAt | LandmarkAfter | str:
    """The landmark that a file names; another word as it is."""
    if found := _AFTER.fullmatch(word):
        return landmark_after(int(found[1]))
    found = _LANDMARK.fullmatch(word)
    return landmark_at(int(found[1])) if found else word
