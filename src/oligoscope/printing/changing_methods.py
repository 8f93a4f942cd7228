"""The sentence of the Methods about what is given beside hazard ratios that change with time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from oligoscope.bilingual import Text
from oligoscope.printing.sentences import listed
from oligoscope.results.analyses import LANDMARK, LANDMARK_AFTER_PROGRESSION, SURVIVAL, TIME_DEPENDENT
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import AnalysisSettings, Protocol

_KINDS = (SURVIVAL, LANDMARK, TIME_DEPENDENT, LANDMARK_AFTER_PROGRESSION)


def beside_changing_ratios(protocol: Protocol, results: Results) -> Iterator[Text]:
    """What is given, up to which horizon, in which periods and by which test; nothing where no ratio changes with time."""
    found = list(chain.from_iterable(results.find(analysis=kind) for kind in _KINDS))
    given = [e for e in found if e.value is not None]
    means = [e for e in given if e.statistic == Statistic.RESTRICTED_MEAN_DIFFERENCE]
    periods = [e for e in given if e.statistic == Statistic.HAZARD_RATIO_PERIOD]
    tests = [
        e for e in given if "weighted_log_rank" in (e.variable, e.level) and e.statistic == Statistic.P_VALUE
    ]
    asked = [a for a in protocol.analyses if a.kind in _KINDS]
    parts = [*([_means(asked)] if means else []), *([_periods(asked)] if periods else []), *_tests(tests)]
    if parts:
        zh, en = listed([p.zh for p in parts], "zh"), listed([p.en for p in parts], "en")
        # Of states that change with time there are no two curves to compare.
        day_by_day = any(e.analysis == TIME_DEPENDENT for e in periods)
        alone = _PERIODS_ALONE if day_by_day and (means or tests) else Text("", "")
        yield Text(
            f"比例风险假定被拒绝（*P*<0.05）之处，风险比为取决于随访与删失的平均值（Struthers 与 Kalbfleisch，1986），另给出{zh}{alone.zh}。",
            "Where proportional hazards were rejected (*P*<0.05), the hazard ratio is an average that depends on follow-up and censoring "
            f"(Struthers and Kalbfleisch 1986), and beside it are given {en}{alone.en}.",
        )


_PERIODS_ALONE = Text(
    "；时依 Cox 模型只给出各时段风险比",
    "; for the time-dependent Cox model hazard ratios of periods alone are given",
)


def _means(asked: list[AnalysisSettings]) -> Text:
    months = sorted({a.horizon_months for a in asked if a.horizon_months is not None})
    if not months:
        return Text(
            "限制性平均生存时间（RMST）之差（时限取两组最长随访中较短者）",
            "the difference in restricted mean survival time (RMST, to the smaller of the two groups' largest follow-ups)",
        )
    zh, en = (listed([f"{m:g}" for m in months], language) for language in ("zh", "en"))
    return Text(
        f"限制性平均生存时间（RMST）之差（预先规定的时限 {zh} 个月）",
        f"the difference in restricted mean survival time (RMST, to {en} months, which were set beforehand)",
    )


def _periods(asked: list[AnalysisSettings]) -> Text:
    ends = sorted({end for a in asked for end in a.period_ends})
    zh, en = (listed([f"{end:g}" for end in ends], language) for language in ("zh", "en"))
    return Text(f"以 {zh} 个月分段的各时段风险比", f"hazard ratios of periods that end at {en} months")


def _tests(found: list[Estimate]) -> Iterator[Text]:
    made = dict.fromkeys(e.method.without(MethodPart.MEDIAN_P) for e in found)
    for method in made:
        if method.has(MethodPart.MAX_COMBO):
            yield Text("MaxCombo 检验（Lin 等，2020）", "the MaxCombo test (Lin et al. 2020)")
        else:
            name = method.printed
            yield Text(name.zh, f"the {name.en}")
