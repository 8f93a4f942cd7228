"""The analyses that results hold: their words in results.csv and their names.

A new question declares its own in its `question.py`; those that other rooms write or read are declared here.
"""

from __future__ import annotations

from typing import Self

from oligoscope.bilingual import Text


class Analysis(str):
    """What made a number; the text is its word in results.csv and, where study.yaml asks for it, there.

    Attributes:
        printed: Its heading where numbers are listed.
    """

    printed: Text

    def __new__(cls, word: str, zh: str, en: str) -> Self:
        analysis = super().__new__(cls, word)
        analysis.printed = Text(zh, en)
        _DECLARED[word] = analysis
        return analysis

    def __reduce__(self) -> tuple[object, ...]:
        return Analysis, (str(self), self.printed.zh, self.printed.en)


_DECLARED: dict[str, Analysis] = {}


def analysis_of(word: str) -> Analysis:
    """The analysis that a file names, of those declared in the rooms that are loaded.

    Raises:
        ValueError: There is none of that name.
    """
    if word not in _DECLARED:
        raise ValueError(f"no analysis is named {word!r}")
    return _DECLARED[word]


FLOW = Analysis("flow", "患者筛选", "Patients")
DELAYED_ENTRY = Analysis("delayed_entry", "延迟进入观察", "Delayed entry")
CENTRES = Analysis("centres", "治疗中心", "Treating centres")
FOLLOW_UP = Analysis("follow_up", "随访时间", "Follow-up")
BASELINE = Analysis("baseline", "基线特征", "Baseline characteristics")
IMPUTATION = Analysis("imputation", "缺失值与插补", "Missing values and imputation")
MATCHING = Analysis("matching", "匹配", "Matching")
AT_PROGRESSION = Analysis("at_progression", "进展时的可比性", "Comparability at progression")
BALANCE = Analysis("balance", "匹配前后的均衡性", "Balance before and after matching")
PREDICTORS = Analysis("predictors", "进展模式的影响因素", "Predictors of the pattern")
SITES = Analysis("sites", "进展部位", "Sites of progression")
TIMING = Analysis("timing", "进展时间", "Time of progression")
SURVIVAL = Analysis("survival", "生存结局", "Survival")
RESPONSE_RATE = Analysis("response_rate", "疗效", "Response")
RESPONSE_SERIES = Analysis("response_series", "病灶变化与病程", "Change of the lesions and course")
LANDMARK = Analysis("landmark", "界标分析", "Landmark analysis")
LANDMARK_AFTER_PROGRESSION = Analysis(
    "landmark_after_progression", "进展后界标分析", "Landmark analysis after progression"
)
TIME_DEPENDENT = Analysis("time_dependent", "时依 Cox 模型", "Time-dependent Cox model")
COMPETING_RISKS = Analysis("competing_risks", "竞争风险", "Competing risks")
SUBGROUPS = Analysis("subgroups", "亚组分析", "Subgroups")
WEIGHTING = Analysis("weighting", "倾向评分加权", "Weighting")
ILLNESS_DEATH = Analysis("illness_death", "疾病—死亡模型", "Illness-death model")
WEIGHTED_BALANCE = Analysis("weighted_balance", "加权前后的均衡性", "Balance before and after weighting")
RECLASSIFICATION = Analysis("reclassification", "各定义的比较", "Definitions side by side")
GIVEN_RESPONSE = Analysis("given_response", "原有评效与推导疗效", "Given and derived responses")
TEAM_LABELS = Analysis("team_labels", "研究团队的分类", "Labels of the study team")
READER_AGREEMENT = Analysis("reader_agreement", "各阅片者的一致性", "Agreement by reader")
MANAGEMENT = Analysis("management", "进展后处理的文献观点", "Published opinion on management")
