"""Published sources that texts of a report name, each once: how texts call it, and its entry in a list of references.

Entries follow Vancouver in English and GB/T 7714 in Chinese (numbered in the order of citation). A source added here is
listed in every document that calls it by one of its names.
"""

from __future__ import annotations

from dataclasses import dataclass

from oligoscope.bilingual import Text


@dataclass(frozen=True, slots=True)
class Source:
    """One publication.

    Attributes:
        names: How texts call it, in either language.
        entry: Its reference, GB/T 7714 and Vancouver.
        place: Where it is to be found, as a page without a list of references names it.
    """

    names: tuple[str, ...]
    entry: Text
    place: Text


def _article(
    names: tuple[str, ...], authors: str, title: str, journal: str, year: int, place: str, short: str = ""
) -> Source:
    """An article: authors as Vancouver has them, `journal` in full and abbreviated as `short`, `place` volume(issue): pages."""
    chinese = authors.replace(", et al", ", et al").upper() if not authors.isupper() else authors
    chinese = chinese.replace("ET AL", "et al")
    return Source(
        names,
        Text(
            f"{chinese}. {title}[J]. {journal}, {year}, {place.replace(':', ': ')}.",
            f"{authors}. {title}. {short or journal} {year};{place}.",
        ),
        Text(f"{short or journal} {year};{place}", f"{short or journal} {year};{place}"),
    )


# The title of a document in English is the same in both lists.
_EMA = (
    "European Medicines Agency. Appendix 1 to the guideline on the evaluation of anticancer medicinal products in man: methodological "
    "consideration for using progression-free survival (PFS) or disease-free survival (DFS) in confirmatory trials"
)
SOURCES: tuple[Source, ...] = (
    Source(
        ("Huang 2025", "Huang et al. 2025", "Huang et al. (2025)", "Huang 等 2025", "Huang 等（2025）"),
        Text(
            "HUANG J, ZHANG A, ZHANG Y, 等. 非小细胞肺癌不同进展模式的临床特征与治疗结局分析[J]. 肿瘤药学, 2025, 15(5): 618-629.",
            "Huang J, Zhang A, Zhang Y, et al. Clinical characteristics and treatment outcomes analysis of different progression "
            "patterns in non-small cell lung cancer. Anti-tumor Pharmacy 2025;15(5):618-629.",
        ),
        Text("肿瘤药学 2025;15(5):618-629", "Anti-tumor Pharmacy 2025;15(5):618-629"),
    ),
    _article(
        ("RECIST 1.1",), "Eisenhauer EA, Therasse P, Bogaerts J, et al",
        "New response evaluation criteria in solid tumours: revised RECIST guideline (version 1.1)",
        "European Journal of Cancer", 2009, "45(2):228-247", "Eur J Cancer",
    ),
    _article(
        ("Seymour 2017",), "Seymour L, Bogaerts J, Perrone A, et al",
        "iRECIST: guidelines for response criteria for use in trials testing immunotherapeutics",
        "The Lancet Oncology", 2017, "18(3):e143-e152", "Lancet Oncol",
    ),
    _article(
        ("ESTRO-ASTRO 2020", "Lievens 2020", "ESTRO-ASTRO"), "Lievens Y, Guckenberger M, Gomez D, et al",
        "Defining oligometastatic disease from a radiation oncology perspective: an ESTRO-ASTRO consensus document",
        "Radiotherapy and Oncology", 2020, "148:157-166", "Radiother Oncol",
    ),
    _article(
        ("Guckenberger 2020",), "Guckenberger M, Lievens Y, Bouma AB, et al",
        "Characterisation and classification of oligometastatic disease: a European Society for Radiotherapy and Oncology and "
        "European Organisation for Research and Treatment of Cancer consensus recommendation",
        "The Lancet Oncology", 2020, "21(1):e18-e28", "Lancet Oncol",
    ),
    _article(
        ("Dingemans 2019",), "Dingemans AMC, Hendriks LEL, Berghmans T, et al",
        "Definition of synchronous oligometastatic non-small cell lung cancer: a consensus report",
        "Journal of Thoracic Oncology", 2019, "14(12):2109-2119", "J Thorac Oncol",
    ),
    _article(
        ("Chai 2021",), "Chai R, Yin Y, Cai X, et al",
        "Patterns of failure in patients with advanced non-small cell lung cancer treated with immune checkpoint inhibitors",
        "Frontiers in Oncology", 2021, "11:724722", "Front Oncol",
    ),
    Source(
        ("BR38",),
        Text(
            "Canadian Cancer Trials Group. CCTG BR38：一线免疫治疗后颅外寡进展的随机Ⅲ期试验[C]. ASCO Annual Meeting, 摘要 TPS8124.",
            "Canadian Cancer Trials Group. CCTG BR38: randomised phase III trial in extracranial oligoprogression on first-line "
            "immunotherapy. ASCO Annual Meeting, abstract TPS8124.",
        ),
        Text("ASCO 年会摘要 TPS8124", "ASCO Annual Meeting, abstract TPS8124"),
    ),
    Source(
        ("CORE",),
        Text(
            "CORE：常规治疗与放射消融（立体定向体部放疗）治疗颅外寡转移的随机试验[DB/OL]. ISRCTN45961438. "
            "https://www.isrctn.com/ISRCTN45961438.",
            "CORE: a randomised trial of conventional care versus radioablation (stereotactic body radiotherapy) for extracranial "
            "oligometastases. ISRCTN45961438. https://www.isrctn.com/ISRCTN45961438.",
        ),
        Text("ISRCTN45961438", "ISRCTN45961438"),
    ),
    _article(
        ("SITC 2023", "Rizvi 2023"), "Rizvi N, Ademuyiwa FO, Cao ZA, et al",
        "Society for Immunotherapy of Cancer (SITC) consensus definitions for resistance to combinations of immune checkpoint "
        "inhibitors with chemotherapy",
        "Journal for ImmunoTherapy of Cancer", 2023, "11(3):e005920", "J Immunother Cancer",
    ),
    _article(
        ("SITC 2020", "Kluger 2020"), "Kluger HM, Tawbi HA, Ascierto ML, et al",
        "Defining tumor resistance to PD-1 pathway blockade: recommendations from the first meeting of the SITC Immunotherapy "
        "Resistance Taskforce",
        "Journal for ImmunoTherapy of Cancer", 2020, "8(1):e000398", "J Immunother Cancer",
    ),
    _article(
        ("Schoenfeld 2021",), "Schoenfeld AJ, Antonia SJ, Awad MM, et al",
        "Clinical definition of acquired resistance to immunotherapy in patients with metastatic non-small-cell lung cancer",
        "Annals of Oncology", 2021, "32(12):1597-1607", "Ann Oncol",
    ),
    _article(
        ("Eekhout 2017",), "Eekhout I, van de Wiel MA, Heymans MW",
        "Methods for significance testing of categorical covariates in logistic regression models after multiple imputation: power "
        "and applicability analysis",
        "BMC Medical Research Methodology", 2017, "17:129", "BMC Med Res Methodol",
    ),
    _article(
        ("Austin & Cafri 2020", "Austin 与 Cafri 2020"), "Austin PC, Cafri G",
        "Variance estimation when using propensity-score matching with replacement with survival or time-to-event outcomes",
        "Statistics in Medicine", 2020, "39(11):1623-1640", "Stat Med",
    ),
    _article(
        ("Cameron et al. 2008", "Cameron 等 2008"), "Cameron AC, Gelbach JB, Miller DL",
        "Bootstrap-based improvements for inference with clustered errors",
        "The Review of Economics and Statistics", 2008, "90(3):414-427", "Rev Econ Stat",
    ),
    _article(
        ("VanderWeele & Ding 2017", "VanderWeele 与 Ding 2017"), "VanderWeele TJ, Ding P",
        "Sensitivity analysis in observational research: introducing the E-value",
        "Annals of Internal Medicine", 2017, "167(4):268-274", "Ann Intern Med",
    ),
    _article(
        ("White, Royston & Wood (2011", "White、Royston 与 Wood（2011"), "White IR, Royston P, Wood AM",
        "Multiple imputation using chained equations: issues and guidance for practice",
        "Statistics in Medicine", 2011, "30(4):377-399", "Stat Med",
    ),
    _article(
        ("von Hippel (2020", "von Hippel（2020"), "von Hippel PT",
        "How many imputations do you need? A two-stage calculation using a quadratic rule",
        "Sociological Methods & Research", 2020, "49(3):699-718", "Sociol Methods Res",
    ),
    _article(
        ("Royston and Parmar 2013", "Royston 与 Parmar，2013"), "Royston P, Parmar MKB",
        "Restricted mean survival time: an alternative to the hazard ratio for the design and analysis of randomized trials with a "
        "time-to-event outcome",
        "BMC Medical Research Methodology", 2013, "13:152", "BMC Med Res Methodol",
    ),
    _article(
        ("Uno et al. 2014", "Uno 等，2014"), "Uno H, Claggett B, Tian L, et al",
        "Moving beyond the hazard ratio in quantifying the between-group difference in survival analysis",
        "Journal of Clinical Oncology", 2014, "32(22):2380-2385", "J Clin Oncol",
    ),
    _article(
        ("Struthers and Kalbfleisch 1986", "Struthers 与 Kalbfleisch，1986"), "Struthers CA, Kalbfleisch JD",
        "Misspecified proportional hazard models",
        "Biometrika", 1986, "73(2):363-369",
    ),
    _article(
        ("Lin et al. 2020", "Lin 等，2020"), "Lin RS, Lin J, Roychoudhury S, et al",
        "Alternative analysis methods for time to event endpoints under nonproportional hazards: a comparative analysis",
        "Statistics in Biopharmaceutical Research", 2020, "12(2):187-198", "Stat Biopharm Res",
    ),
    _article(
        ("Anderson et al. 1983", "Anderson 等，1983"), "Anderson JR, Cain KC, Gelber RD",
        "Analysis of survival by tumor response",
        "Journal of Clinical Oncology", 1983, "1(11):710-719", "J Clin Oncol",
    ),
    _article(
        ("Dafni 2011", "Dafni，2011"), "Dafni U",
        "Landmark analysis at the 25-year landmark point",
        "Circulation: Cardiovascular Quality and Outcomes", 2011, "4(3):363-371", "Circ Cardiovasc Qual Outcomes",
    ),
    _article(
        ("Turnbull 1976", "Turnbull，1976"), "Turnbull BW",
        "The empirical distribution function with arbitrarily grouped, censored and truncated data",
        "Journal of the Royal Statistical Society: Series B", 1976, "38(3):290-295", "J R Stat Soc Series B Stat Methodol",
    ),
    _article(
        ("Andersen et al. 2017", "Andersen 等 2017"), "Andersen PK, Syriopoulou E, Parner ET",
        "Causal inference in survival analysis using pseudo-observations",
        "Statistics in Medicine", 2017, "36(17):2669-2681", "Stat Med",
    ),
    _article(
        ("Wang 2018",), "Wang J",
        "A simple, doubly robust, efficient estimator for survival functions using pseudo observations",
        "Pharmaceutical Statistics", 2018, "17(1):38-48", "Pharm Stat",
    ),
    _article(
        ("Austin 2016",), "Austin PC",
        "Variance estimation when using inverse probability of treatment weighting (IPTW) with survival analysis",
        "Statistics in Medicine", 2016, "35(30):5642-5655", "Stat Med",
    ),
    _article(
        ("Mao et al. 2019", "Mao 等 2019"), "Mao H, Li L, Greene T",
        "Propensity score weighting analysis and treatment effect discovery",
        "Statistical Methods in Medical Research", 2019, "28(8):2439-2454", "Stat Methods Med Res",
    ),
    _article(
        ("Shu et al. 2021", "Shu 等 2021"), "Shu D, Young JG, Toh S, et al",
        "Variance estimation in inverse probability weighted Cox models",
        "Biometrics", 2021, "77(3):1101-1117",
    ),
    _article(
        ("Tsai 2024",), "Tsai CJ, Yang JT, Shaverdian N, et al",
        "Standard-of-care systemic therapy with or without stereotactic body radiotherapy in patients with oligoprogressive breast "
        "cancer or non-small-cell lung cancer (Consolidative Use of Radiotherapy to Block [CURB] oligoprogression): an open-label, "
        "randomised, controlled, phase 2 study",
        "The Lancet", 2024, "403(10422):171-182", "Lancet",
    ),
    _article(
        ("Cashin et al. 2025", "Cashin 等 2025"), "Cashin AG, Hansford HJ, Hernán MA, et al",
        "Transparent reporting of observational studies emulating a target trial: the TARGET statement",
        "BMJ", 2025, "390:e087179",
    ),
    _article(
        ("von Elm et al. 2007", "von Elm 等 2007"), "von Elm E, Altman DG, Egger M, et al",
        "The Strengthening the Reporting of Observational Studies in Epidemiology (STROBE) statement: guidelines for reporting "
        "observational studies",
        "The Lancet", 2007, "370(9596):1453-1457", "Lancet",
    ),
    Source(
        ("Yan & Peng 2019", "严若华与彭晓霞 2019"),
        Text(
            "严若华, 彭晓霞. 医学期刊统计报告要求的详述与解读[J]. 中华流行病学杂志, 2019, 40(1): 99-105. "
            "doi:10.3760/cma.j.issn.0254-6450.2019.01.020.",
            "Yan R, Peng X. Statistical reporting requirements for medical journals: amplifications and explanations. Chinese Journal "
            "of Epidemiology 2019;40(1):99-105. doi:10.3760/cma.j.issn.0254-6450.2019.01.020.",
        ),
        Text("中华流行病学杂志 2019;40(1):99-105", "Chinese Journal of Epidemiology 2019;40(1):99-105"),
    ),
    Source(
        ("EMA 2012",),
        Text(f"{_EMA}[R]. EMA/CHMP/27994/2008/Rev.1, 2012.", f"{_EMA}. EMA/CHMP/27994/2008/Rev.1. 2012."),
        Text("EMA/CHMP/27994/2008/Rev.1", "EMA/CHMP/27994/2008/Rev.1"),
    ),
)  # fmt: skip
