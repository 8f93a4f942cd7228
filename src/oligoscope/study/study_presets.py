"""What a preset of the whole study fills in: the paper's eligibility rules and analyses (Huang et al. 2025)."""

from __future__ import annotations

from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings, Bilingual, EligibilityRule

PAPER_ELIGIBILITY: tuple[EligibilityRule, ...] = (
    EligibilityRule(
        id="age", keep="age_years >= 18 and age_years <= 80",
        excluded=Bilingual(zh="年龄不在 18~80 岁", en="Age outside 18 to 80 years"),
    ),
    EligibilityRule(
        id="stage", keep="stage in [IIIC, IV, IVA, IVB]",
        excluded=Bilingual(zh="分期为 I~IIIB 期", en="Stage I to IIIB"),
    ),
    EligibilityRule(
        id="regimen", keep="first_line_regimen in [chemo_io, chemo_io_antiangiogenic]",
        excluded=Bilingual(zh="晚期一线未接受免疫联合化疗", en="First line was not chemotherapy plus immunotherapy"),
    ),
    EligibilityRule(
        id="driver", keep="driver_gene == negative",
        excluded=Bilingual(zh="驱动基因阳性或未知", en="Driver alteration present or unknown"),
    ),
    EligibilityRule(
        id="measurable", keep="n_target_lesions >= 1",
        excluded=Bilingual(zh="无可测量病灶", en="No measurable lesion"),
    ),
    EligibilityRule(
        id="ecog", keep="ecog <= 1",
        excluded=Bilingual(zh="ECOG 评分≥2 分", en="ECOG PS 2 or more"),
    ),
    EligibilityRule(
        id="progressed", keep="progressed == yes", after="treated",
        excluded=Bilingual(zh="一线免疫联合化疗未发生疾病进展", en="No progression on first-line chemotherapy plus immunotherapy"),
    ),
)  # fmt: skip

PAPER_VARIABLES = ("age_60", "sex", "smoking", "ecog", "brain_metastasis", "histology", "stage", "pd_l1")
_BOTH_PATTERNS: tuple[dict[str, str], ...] = ({"pattern": "oligoprogression"}, {"pattern": "systemic"})
_SECOND_LINES = ("chemo_io", "chemo_io_antiangiogenic")
PAPER_ANALYSES: tuple[AnalysisSettings, ...] = (
    AnalysisSettings(kind="follow_up", population="treated"),
    AnalysisSettings(kind="baseline", variables=PAPER_VARIABLES),
    AnalysisSettings(kind="baseline", population="matched", variables=PAPER_VARIABLES),
    AnalysisSettings(kind="predictors", variables=PAPER_VARIABLES),
    AnalysisSettings(kind="sites"),
    AnalysisSettings(kind="timing"),
    AnalysisSettings(kind="survival", outcomes=(Outcome.PPS, Outcome.OS, Outcome.PFS)),
    AnalysisSettings(kind="survival", population="matched", outcomes=(Outcome.PPS, Outcome.OS, Outcome.PFS)),
    AnalysisSettings(kind="landmark", population="treated"),
    AnalysisSettings(kind="time_dependent", population="treated"),
    AnalysisSettings(
        kind="competing_risks",
        population="treated",
        variables=("sex", "smoking", "histology", "brain_metastasis"),
    ),
    AnalysisSettings(kind="subgroups", outcomes=(Outcome.PPS,), variables=PAPER_VARIABLES),
    AnalysisSettings(kind="weighting", outcomes=(Outcome.PPS, Outcome.OS)),
    *(
        AnalysisSettings(
            kind="survival", outcomes=(Outcome.PFS2, Outcome.OS), where={"line_regimen": regimen}
        )
        for regimen in _SECOND_LINES
    ),
    *(
        AnalysisSettings(
            kind="survival",
            population=population,
            by="resistance",
            outcomes=(Outcome.PPS, Outcome.OS, Outcome.PFS),
            where=where,
        )
        for where in _BOTH_PATTERNS
        for population in ("progressed", "matched")
    ),
    AnalysisSettings(
        kind="survival",
        outcomes=(Outcome.OS,),
        where={"pattern": "oligoprogression", "local_after_progression": "no"},
    ),
    AnalysisSettings(kind="response_rate"),
    AnalysisSettings(kind="reclassification"),
)

PAPER_MATCHING: dict[str, object] = {
    "covariates": ("age_60", "sex", "stage", "smoking", "histology", "brain_metastasis", "pd_l1"),
    "method": "nearest",
    "ratio": 1,
    "replace": False,
    "order": "descending",  # not stated there; the order that MatchIt has
    "caliper": 0.02,
    "caliper_scale": "logit",
    "balance_limit": 0.1,
}
# What `oligoscope new` writes for a study of its own: the paper's questions, with the variables of the default score where it
# had age in two classes. Subgroups need classes.
OWN_VARIABLES = (
    "age_years", "sex", "smoking", "ecog", "brain_metastasis", "n_baseline_organs", "n_baseline_lesions", "histology", "stage", "pd_l1",
)  # fmt: skip
OWN_ANALYSES: tuple[AnalysisSettings, ...] = tuple(
    analysis.model_copy(update={"variables": OWN_VARIABLES})
    if analysis.variables == PAPER_VARIABLES and analysis.kind != "subgroups"
    else analysis
    for analysis in PAPER_ANALYSES
)
UNSEALED_AS_IN_THE_PAPER = Bilingual(
    zh="为与 Huang 等（2025）报告的匹配后结果对照而给出",
    en="given for comparison with Huang et al. (2025), who report matched results",
)
# What `preset: huang2025` fills in wherever the file itself states nothing.
PRESETS: dict[str, dict[str, object]] = {
    "huang2025": {
        "eligibility": PAPER_ELIGIBILITY,
        "progression": {"preset": "huang2025", "controlled": "majority"},
        "resistance": {"preset": "huang2025"},
        "imputation": {"variables": ("pd_l1",), "m": 5},
        "matching": {**PAPER_MATCHING, "unseal": UNSEALED_AS_IN_THE_PAPER},
        "weighting": {"limits": "robust"},
        "analyses": PAPER_ANALYSES,
    }
}
