"""What a user requires of Oligoscope, and the tests that show each requirement: the rows of the validation pack."""

from __future__ import annotations

from dataclasses import dataclass

from oligoscope.bilingual import Text


@dataclass(frozen=True)
class Evidence:
    """A file of tests without rules of the rule book.

    Attributes:
        file: Seen from tests/.
        shows: What its tests show.
        source: With what they compare.
        answers: Files in tests/oracle that hold R's answers, with the versions that gave them.
    """

    file: str
    shows: Text
    source: Text
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Requirement:
    """One requirement.

    Attributes:
        id: Its number in the pack.
        sentence: What is required.
        chapters: Chapters of the rule book that hold its rules.
        evidence: Tests beside those of the rules.
    """

    id: str
    sentence: Text
    chapters: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


SURVIVAL = Text("R 程序包 survival", "R, package survival")
R = Text("R", "R")
GUIDELINE = Text("RECIST 1.1（Eisenhauer 2009）", "RECIST 1.1 (Eisenhauer 2009)")
IRECIST = Text("iRECIST（Seymour 2017）", "iRECIST (Seymour 2017)")

REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement("R1", Text("靶病灶的选择及径线总和按指南计算。", "Target lesions are chosen, and diameters summed, as the guideline says."),
                ("selection", "sums")),
    Requirement("R2", Text("各次疗效及最佳疗效按 RECIST 1.1 判定。", "The response at each visit and the best response follow RECIST 1.1."),
                ("target", "non_target", "new", "overall", "dates", "best"), (
        Evidence("property/test_recist_properties.py", Text("任意病史都成立的性质；另一份独立编写的指南实现给出相同疗效", "What holds for every history; a second, plain reading of the guideline gives the same responses"), GUIDELINE),
        Evidence("spec/test_rule_cases.py", Text("第三方整理的病例给出预期答案（病例文件不在仓库内，缺失时跳过）", "Worked cases by a third party give their expected answers (their files are not in the repository; skipped where absent)"), GUIDELINE),
    )),
    Requirement("R3", Text("免疫治疗疗效按 iRECIST 判定。", "Responses under immunotherapy follow iRECIST."), ("irecist",), (
        Evidence("property/test_irecist_properties.py", Text("任意疗效序列都成立的性质", "What holds for every series of responses"), IRECIST),
    )),
    Requirement("R4", Text("寡进展与广泛进展按所选定义区分。", "Oligoprogression and systemic progression are told apart by the chosen definition."), ("pattern",)),
    Requirement("R5", Text("耐药类型按所选定义判定。", "The type of resistance follows the chosen definition."), ("resistance",)),
    Requirement("R6", Text("各终点的起点、事件与删失按定义计算。", "Start, event and censoring of every endpoint follow their definitions."), ("endpoints",), (
        Evidence("property/test_times.py", Text("任何分析所用的时间都不为负", "No time that an analysis reads is negative"), Text("定义", "the definitions")),
    )),
    Requirement("R7", Text("每个推导结果都写明依据，并可追溯到数据行。", "Every derived label has its reason, which follows from the rows that it names."), (), (
        Evidence("spec/test_reasons.py", Text("依据中的每句话都由所指数据行得出", "Every sentence of a reason follows from the rows it names"), Text("独立的检查程序", "a checker written for it")),
    )),
    Requirement("R8", Text("协变量及进展后处理建议按文献给出。", "Covariates, and what a source suggests after progression, follow their sources."), (), (
        Evidence("spec/test_at_progression.py", Text("首次进展当日已知的变量", "What is known on the day of the first progression"), Text("Hernán 与 Robins 2016", "Hernán & Robins 2016")),
        Evidence("spec/test_covariates.py", Text("由数据列推导的协变量", "Covariates derived from columns"), Text("Huang 2025", "Huang 2025")),
        Evidence("spec/test_management.py", Text("进展后处理建议的分层、复查间隔，及不给建议的情形", "Tiers, intervals, and when nothing is suggested"), Text("Huang 2025", "Huang 2025")),
    )),
    Requirement("R9", Text("描述统计与组间检验与 R 一致。", "Descriptions and tests of groups are R's."), (), (
        Evidence("oracle/test_summaries.py", Text("四分位数、率的可信区间、标准化差异", "Quartiles, limits of proportions, standardized differences"), R, ("summaries.json",)),
        Evidence("oracle/test_group_tests.py", Text("卡方、Fisher 精确、t、方差分析、秩和与正态性检验", "Chi-square, Fisher exact, t, analysis of variance, rank and normality tests"), R, ("level_tests.json", "value_tests.json")),
        Evidence("oracle/test_trend.py", Text("有序分组率的趋势", "Trend of a share over ordered classes"), Text("R 函数 prop.trend.test", "R, prop.trend.test"), ("trend.json",)),
    )),
    Requirement("R10", Text("生存分析与 R 一致。", "Survival analyses are R's."), (), (
        Evidence("oracle/test_kaplan_meier.py", Text("Kaplan-Meier 曲线、可信区间、中位数", "Kaplan-Meier curves, limits, medians"), SURVIVAL, ("kaplan_meier.json",)),
        Evidence("oracle/test_log_rank.py", Text("log-rank 检验，含分层", "Log-rank tests, stratified too"), SURVIVAL, ("log_rank.json",)),
        Evidence("oracle/test_cox.py", Text("Cox 回归：分层、聚类、权重、延迟进入", "Cox regression: strata, clusters, weights, delayed entry"), SURVIVAL, ("cox.json",)),
        Evidence("oracle/test_intervals.py", Text("区间删失：Turnbull 曲线与 Weibull 模型", "Interval censoring: Turnbull's curve and the Weibull model"), SURVIVAL, ("intervals.json",)),
        Evidence("oracle/test_time_to_event_models.py", Text("限制性平均生存时间、比例风险检验、时依模型、交互、中位随访", "Restricted means, proportional hazards, time-dependent models, interactions, median follow-up"), SURVIVAL, ("rmst.json", "proportional_hazards.json", "episodes.json")),
        Evidence("spec/test_landmark_after_progression.py", Text("进展后界标：谁被纳入、自何日起计时", "A landmark after progression: who is compared, and from which day time counts"), Text("Anderson 1983；Dafni 2011", "Anderson 1983; Dafni 2011")),
        Evidence("oracle/test_landmark_after_progression.py", Text("进展后界标：例数、中位数、HR（未校正与校正）、log-rank 检验，含延迟进入", "A landmark after progression: counts, medians, crude and adjusted HR, log-rank test; delayed entry too"), SURVIVAL, ("landmark_after_progression.json",)),
        Evidence("oracle/test_changing_hazards.py", Text("加权 Log-rank 检验、MaxCombo 检验、匹配组的限制性平均生存时间", "Weighted log-rank tests, MaxCombo, restricted means of matched sets"), Text("R 软件包 survival 与 mvtnorm", "R, survival and mvtnorm"), ("changing_hazards.json",)),
        Evidence("oracle/test_competing_risks.py", Text("竞争风险：累积发生率、Gray 检验、Fine-Gray 模型", "Competing risks: cumulative incidence, Gray's test, Fine-Gray model"), Text("R 程序包 cmprsk 与 survival", "R, packages cmprsk and survival"), ("competing_risks.json",)),
        Evidence("oracle/test_multi_state.py", Text("疾病—死亡模型：状态占据概率、各状态的平均时间、各转移的 Cox 模型与发生率", "Illness-death model: state occupation, mean time in each state, Cox models and rates of the transitions"), SURVIVAL, ("multistate.json",)),
    )),
    Requirement("R18", Text("研究团队已分类的队列与已判读的进展按所写采用。", "Cohorts that a team has classified, and progressions that it has read, are used as given."), (), (
        Evidence("spec/test_classified.py", Text("一行分类的队列成为一名推导的患者；所给的标签与时间不改动", "A row of a classified cohort becomes a derived patient; labels and times are those given"), Text("本软件的规则手册", "Oligoscope's rule book")),
        Evidence("spec/test_read_progressions.py", Text("已判读的进展：部位、随访与未进展者", "Progressions that were read: sites, follow-up, patients without one"), Text("本软件的规则手册", "Oligoscope's rule book")),
        Evidence("oracle/test_classified_cohort.py", Text("以月给出的时间：中位数、置信限、HR", "Times given in months: medians, limits, hazard ratios"), SURVIVAL, ("classified.json",)),
    )),
    Requirement("R19", Text("延迟进入（左截断）与 R 一致。", "Delayed entry (left truncation) is R's."), (), (
        Evidence("oracle/test_delayed_entry.py", Text("风险集、曲线、检验与模型", "Risk sets, curves, tests and models"), SURVIVAL, ("delayed_entry.json",)),
        Evidence("oracle/test_entered_late.py", Text("从文件到结果的一项研究", "One study from its files to its results"), SURVIVAL, ("entered_late.json",)),
    )),
    Requirement("R31", Text("按中心分层或对中心稳健的比较与 R 一致。", "Comparisons within centres, or robust to them, are R's."), (), (
        Evidence("oracle/test_few_clusters.py", Text("Cox 模型的 t 置信限与 log-rank 的 F 检验", "Limits of the Cox model by t, and the log-rank test by F"), SURVIVAL, ("few_clusters.json",)),
        Evidence("oracle/test_centres.py", Text("从文件到结果的一项多中心研究", "One study of several centres from its files to its results"), SURVIVAL, ("centres.json",)),
    )),
    Requirement("R32", Text("中心共享脆弱项的 Cox 模型与 R 一致。", "Cox models with a frailty shared by a centre are R's."), (), (
        Evidence("oracle/test_frailty.py", Text("系数、标准误、方差与脆弱项", "Coefficients, errors, variance and frailties"), SURVIVAL, ("frailty.json",)),
    )),
    Requirement("R11", Text("缺失值的多重插补与合并与 R 一致。", "Multiple imputation and pooling are R's."), (), (
        Evidence("oracle/test_imputation_models.py", Text("插补模型的估计与协方差", "Estimates and covariances of the models that are drawn from"), Text("R 程序包 mice", "R, package mice"), ("imputation_models.json",)),
        Evidence("oracle/test_imputation_monte_carlo.py", Text("数百次插补的均值与离散，在模拟误差内一致", "Means and spreads over hundreds of imputations, within simulation error"), Text("R 程序包 mice", "R, package mice"), ("imputation_monte_carlo.json",)),
        Evidence("oracle/test_monte_carlo.py", Text("插补的 Monte Carlo 误差与所需插补次数", "Monte Carlo error of the imputations, and the number of them needed"), Text("R；White、Royston 与 Wood 2011；von Hippel 2020", "R; White, Royston and Wood 2011; von Hippel 2020"), ("monte_carlo.json",)),
        Evidence("oracle/test_rubin.py", Text("按 Rubin 规则合并", "Pooling by Rubin's rules"), Text("R 程序包 mice 与 mitml", "R, packages mice and mitml"), ("rubin.json",)),
    )),
    Requirement("R12", Text("倾向评分、匹配、均衡与权重与 R 一致。", "Propensity scores, matching, balance and weights are R's."), (), (
        Evidence("oracle/test_matching.py", Text("评分、配对、均衡、权重、E 值", "Scores, pairs, balance, weights, E-values"), Text("R 程序包 MatchIt", "R, package MatchIt"), ("propensity_matching.json", "balance.json", "weighting.json", "e_value.json")),
        Evidence("oracle/test_matched_sets.py", Text("按权重计数的匹配患者的各项分析", "Analyses of matched patients who count by weights"), Text("R 程序包 MatchIt 与 survival", "R, packages MatchIt and survival"), ("matched_sets.json",)),
        Evidence("oracle/test_estimated_weights.py", Text("估计的权重、熵均衡、加权检验与双重稳健之差", "Estimated weights, entropy balancing, weighted tests, the doubly robust difference"), Text("R 程序包 survival", "R, package survival"), ("estimated_weights.json",)),
    )),
    Requirement("R13", Text("Logistic 回归与 R 一致。", "Logistic regression is R's."), (), (
        Evidence("oracle/test_logistic.py", Text("Logistic 回归、稳健协方差、Firth 法", "Logistic regression, robust covariance, Firth's"), Text("R 程序包 stats、sandwich、brglm2", "R, packages stats, sandwich, brglm2"), ("logistic.json",)),
        Evidence("oracle/test_firth_cox.py", Text("Firth 法的 Cox 回归", "Firth's Cox regression"), Text("R 程序包 survival 与闭式解", "R, package survival, and a closed form"), ("firth_cox.json",)),
        Evidence("oracle/test_mid_p.py", Text("四格表的 mid-P", "Mid-P of 2 x 2 tables"), Text("R", "R"), ("mid_p.json",)),
        Evidence("oracle/test_firth.py", Text("Firth 法的可信区间与 P 值", "Firth's limits and P"), Text("R 与闭式解", "R, and closed forms"), ("firth.json", "firth_profiles.json")),
    )),
    Requirement("R14", Text("由设置到结果的整个研究与 R 重算一致。", "A whole study, from its settings to its results, is what R recomputes."), (), (
        Evidence("oracle/test_recomputed_settings.py", Text("随机设置的整个研究，由 R 从患者表重算", "Whole studies with random settings, recomputed by R from the table of patients"), SURVIVAL, ("recomputed_settings.json",)),
    )),
    Requirement("R15", Text("用户自己的列名与取值原样使用，不被误认为程序的词。", "Columns and levels of the user's are used as written, never taken for words of the program."), (), (
        Evidence("property/test_own_words.py", Text("任意名称的列与取值通过整个研究与报告", "Columns and levels of any name through a whole study and its report"), Text("原始数据", "the data as given")),
    )),
    Requirement("R16", Text("安装给出与存档一致的结果（oligoscope doctor）。", "An installation gives the stored answers (oligoscope doctor)."), (), (
        Evidence("unit/doctor/test_doctor_checks.py", Text("被改动的文件、数字、标签、程序库均被指出", "Files, numbers, labels and libraries that were changed are named"), Text("有意损坏的安装", "installations spoiled on purpose")),
    )),
    Requirement("R17", Text("表格按原样读入；损坏的文件给出说明，不中断。", "Tables are read as written; a damaged file is a sentence, not a crash."), (), (
        Evidence("property/test_order_of_rows.py", Text("行与列的顺序不影响任何结果", "The order of rows and columns changes no result"), Text("定义", "the definitions")),
        Evidence("property/test_readers.py", Text("各种格式写出后原样读回；任意损坏的字节只给出有说明的错误", "What is written in any format is read back; bytes damaged in any way give errors with a reason"), Text("原始数据", "the data as given")),
    )),
    Requirement("R21", Text("匹配后印出的例数为整数，且各部分之和等于合计。", "Counts printed after matching are whole and add up."), (), (
        Evidence("property/test_whole_counts.py", Text("任意各插补均数取整后，各水平之和等于组例数，各组之和等于合计", "Of any means over imputations levels make up their group, and groups all patients, when rounded"), Text("定义", "the definitions")),
    )),
)  # fmt: skip
