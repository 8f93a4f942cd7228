"""What each setting means, its unit, source and reason: one sentence a setting, in both languages.

Keys are dotted names; `data.TABLE.x` is any table's source. `oligoscope new` writes these
sentences into study.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

from oligoscope.bilingual import Text
from oligoscope.study.analysis_options import Kinds, OptionName
from oligoscope.study.centre_notes import CENTRE_NOTES
from oligoscope.study.data_notes import DATA_NOTES
from oligoscope.study.few_event_notes import FEW_EVENT_NOTES
from oligoscope.study.format_notes import FORMAT_NOTES

SETTING_NOTES: dict[str, Text] = {
    "study": Text("研究本身。", "The study itself."),
    "study.title": Text(
        "报告标题；只写一句话则两种语言共用。", "Title of the report; a single sentence is used in both languages."
    ),
    "study.title.zh": Text("中文标题。", "The title in Chinese."),
    "study.title.en": Text("英文标题。", "The title in English."),
    "study.preset": Text(
        "huang2025：未写明的入选标准、进展与耐药定义、插补、匹配和分析均取自该文；null：各项取现行方法学建议的默认值，入选标准与分析须自行写明。",
        "huang2025: eligibility, definitions, imputation, matching and analyses are the paper's where this file does not state them; null: each "
        "setting has what current guidance asks for, and eligibility and analyses are those of the file.",
    ),
    "study.data_cutoff": Text(
        "数据截止日；其后的随访不计入，以免各患者随访终点不一。",
        "Follow-up after this day is not counted, so that all patients are followed to the same day.",
    ),
    "study.seed": Text(
        "随机数种子；同一种子重复运行得到逐字节相同的结果。",
        "Seed of every random draw; the same seed gives identical files.",
    ),
    "study.synthetic": Text(
        "数据为模拟数据时写 true，报告每页都会标明。",
        "true where the data are simulated: every page of the report is marked.",
    ),
    "study.accept_issues": Text(
        "true：剔除有误的行和患者后继续，逐条列于 issues.csv；false：先改数据。",
        "true: go on without the faulty rows and patients, each listed in issues.csv; false: stop until they are corrected.",
    ),
    **DATA_NOTES,
    "eligibility": Text(
        "入选标准，依次应用；条件所用的列不存在时该条“无法评估，保留”并注明。",
        "Ordered rules; one whose column is absent is reported as not assessable and keeps the patient.",
    ),
    "eligibility.id": Text("编号，小写字母和 _。", "Its id, lower-case letters and _."),
    "eligibility.keep": Text(
        "保留条件，如 age_years >= 18 and stage in [IIIC, IV]；含符号的文字加引号。",
        "Condition to stay, as age_years >= 18 and stage in [IIIC, IV]; quote words with signs.",
    ),
    "eligibility.excluded": Text("排除原因，流程图中的文字。", "Why the others are excluded; the words of the flow chart."),
    "eligibility.excluded.zh": Text("中文。", "In Chinese."),
    "eligibility.excluded.en": Text("英文。", "In English."),
    "eligibility.after": Text(
        "screened：对筛选人群；treated：对治疗人群（得到进展人群）。",
        "screened: of the screened; treated: of the treated, which gives the progressed population.",
    ),
    "response": Text("如何由病灶得出疗效（RECIST 1.1）。", "How lesions become responses (RECIST 1.1)."),
    "response.criteria": Text("疗效标准（Eisenhauer 2009）。", "The criteria (Eisenhauer 2009)."),
    "response.source": Text(
        "lesions：由病灶推导；assessments：采用已给出的评效。",
        "lesions: derived from lesions; assessments: taken as given.",
    ),
    "response.confirmation": Text(
        "true：报告经确认的最佳疗效（非随机、以缓解为主要终点的研究需要）；两者均会计算。",
        "true: report the confirmed best response (for non-randomised trials of response); both are always derived.",
    ),
    "response.confirmation_days": Text(
        "确认至少间隔的天数；RECIST 1.1 表 3，4 周。", "Days until a confirming scan, at least; RECIST 1.1 table 3, 4 weeks."
    ),
    "response.max_ne_between": Text(
        "两次缓解之间允许的 NE 次数。", "NE time points allowed between a response and its confirmation."
    ),
    "response.accept_sd_between_pr": Text(
        "PR-SD-PR 是否算确认。", "Whether PR, SD, PR is a confirmed PR."
    ),
    "response.cr_then_pr": Text(
        "CR 之后出现 PR：query 列为疑问；reclassify_to_pr 将 CR 改判为 PR（RECIST 1.1 表 3 注）。",
        "A PR after a CR: query it, or read the CR again as PR (RECIST 1.1, note to table 3).",
    ),
    "response.minimum_sd_days": Text(
        "判为 SD 所需距治疗开始的最少天数；RECIST 1.1 为 6~8 周。",
        "Days from treatment start that an SD needs; 6 to 8 weeks in RECIST 1.1.",
    ),
    "response.partial_sum_pd": Text(
        "部分靶病灶未测时，已测之和足以判为 PD 则判 PD（RECIST 1.1 原文例子）。",
        "Where targets are missing, the sum of the others may show PD (the worked example of RECIST 1.1).",
    ),
    "response.pr_continues_until_pd": Text(
        "达到 PR 后，未到 PD 前均记 PR（EORTC 解答）。", "After PR, PR until PD (EORTC, questions and answers)."
    ),
    "response.scan_window_days": Text(
        "靶病灶尚未全部评估时，相隔不超过此天数的各部位检查算同一次评估。",
        "While a target is still to be evaluated, scans of different parts at most so many days apart are one time point.",
    ),
    "response.visit_window_days": Text(
        "靶病灶全部评估之后，仍属同一次评估的天数，不长于 scan_window_days；再晚的检查为下一次评估。"
        "7 天为试验方案的访视窗（如 KEYNOTE-189：每 42 天 ±7 天）。",
        "Days after the scan that completed the targets within which a scan still belongs to it, at most scan_window_days; "
        "a later one is the next time point. 7 is a visit's window in trial protocols (KEYNOTE-189: every 42 days, ±7).",
    ),
    "response.pd_date": Text(
        "一次评估含多个检查日时，PD 取最早还是最晚一天。", "Of several scan days in one time point, the day of a PD."
    ),
    "response.response_date": Text(
        "同上，CR、PR、SD 的日期。", "The same for CR, PR and SD."
    ),
    "response.reader": Text(
        "采用哪位阅片者；测量含多位阅片者时必须写明。", "The reader whose measurements count; needed where there are several."
    ),
    "progression": Text("如何区分寡进展与广泛进展。", "How oligoprogression is distinguished from systemic progression."),
    "progression.preset": Text(
        "定义；各定义的出处见规则手册，报告会给出各定义间的重分类。",
        "The definition; sources are in the rule book, and the report shows which patients change class under the others.",
    ),
    "progression.max_lesions": Text(
        "寡进展最多进展病灶数；preset 取定义中的值，null 不限。",
        "Largest number of progressing lesions in oligoprogression; preset: as in the definition, null: no limit.",
    ),
    "progression.max_organs": Text(
        "寡进展最多进展器官数；preset 取定义中的值，null 不限。",
        "Largest number of progressing organs in oligoprogression; preset: as in the definition, null: no limit.",
    ),
    "progression.lesion_reference": Text(
        "单个病灶与其最小值（nadir）还是前一次（previous）比较；RECIST 用最小值，EXTEND 试验用前一次。",
        "A lesion is compared with its own nadir or with the previous scan; RECIST takes the nadir, EXTEND the previous.",
    ),
    "progression.node_counting": Text(
        "淋巴结按站、按个还是按区计数。", "Whether nodes are counted by station, by lesion or by region."
    ),
    "progression.count_brain": Text(
        "脑病灶是否计入；颅内、颅外数均会分别报告。",
        "Whether brain lesions count; intracranial and extracranial counts are always reported too.",
    ),
    "progression.mediastinal_nodes_are_organ": Text(
        "纵隔淋巴结是否算一个转移器官（Dingemans 2019 不算）。",
        "Whether mediastinal nodes are an organ of metastasis (not in Dingemans 2019).",
    ),
    "progression.controlled": Text(
        "其余病灶是否须得到控制：majority 原发灶和多数病灶须未进展；flag 只标记；off 不问。",
        "Whether the other lesions must be controlled: majority (the primary and most of them), flag it only, or off.",
    ),
    "progression.window_days": Text(
        "首次进展前后多少天内的检查计入进展模式：进展当次未扫描的部位，取此窗内的检查。",
        "Days around the first progression within which a scan counts towards the pattern: of parts that were not scanned "
        "at the progression itself, the scan within it is taken.",
    ),
    "resistance": Text("原发性与继发性耐药。", "Primary and acquired resistance."),
    "resistance.preset": Text(
        "定义：huang2025，或 SITC、Schoenfeld 的共识。", "The definition: huang2025, or the SITC or Schoenfeld consensus."
    ),
    "endpoints": Text("生存终点。", "Survival endpoints."),
    "endpoints.missed_assessments": Text(
        "连续漏查两次以上后的 PFS 事件：ignore 仍算事件；censor 在末次充分评估删失（FDA）。",
        "A PFS event after two or more missed scans: ignore the gap, or censor at the last adequate scan (FDA).",
    ),
    "endpoints.new_therapy": Text(
        "进展前换用新治疗：ignore 不影响；censor 在换药前末次评估删失。",
        "A new therapy before progression: ignore it, or censor at the last scan before it.",
    ),
    "endpoints.clinical_progression": Text(
        "无影像的临床进展是否算 PFS 事件。", "Whether a progression without imaging is a PFS event."
    ),
    "endpoints.death_without_baseline": Text(
        "无基线扫描的患者死亡：event 一律算 PFS 事件；early_only 仅在两个复查间隔内算（FDA）；by_missed_assessments 与漏查的处理一致（ignore 同 event；censor 即删失，同 early_only）。",
        "A death without a baseline scan: event, always a PFS event; early_only, only within two scan intervals (FDA); by_missed_assessments, as missed scans are handled (ignore: event; censor: early_only).",
    ),
    "endpoints.schedule_days": Text(
        "计划的复查间隔（天），用来判断是否漏查。", "Planned days between scans, to find missed scans."
    ),
    "endpoints.pfs2_line": Text("PFS2 以第几线治疗的进展为终点。", "The line of therapy whose progression ends PFS2."),
    "imputation": Text("缺失值的多重插补。", "Multiple imputation of missing values."),
    "imputation.variables": Text("要插补的变量（原文为 PD-L1）。", "Variables to impute (PD-L1 in the paper)."),
    "imputation.m": Text(
        "插补份数：by_missing 取有缺失值的患者百分比，至少 20（White、Royston 与 Wood 2011；von Hippel 2020）；也可写一个整数（原文 5）。",
        "Number of completed data sets: by_missing, as many as per cent of the patients have a missing value, 20 at least (White, Royston & "
        "Wood 2011; von Hippel 2020); or a whole number (5 in the paper).",
    ),
    "matching": Text("倾向评分匹配。", "Propensity score matching."),
    "matching.covariates": Text(
        "倾向评分模型中的变量。年龄取实测值，因分两组只能消除其混杂的 64%（Cochran 1968）；另含 ECOG 与基线肿瘤负荷（器官数与病灶数；Oh 等 2009）。数据中没有或取值不变者自动"
        "剔除并注明（原文 7 个：age_60、sex、stage、smoking、histology、brain_metastasis、pd_l1）。",
        "Variables of the propensity model. Age as measured, since two classes remove 64 % of its confounding only (Cochran 1968); also ECOG, and "
        "tumour burden at baseline as numbers of organs and lesions (Oh et al. 2009). One that is not in the data or does not vary is left out and named (the paper has seven: age_60, "
        "sex, stage, smoking, histology, brain_metastasis, pd_l1).",
    ),
    "matching.method": Text(
        "optimal 在卡钳内配对最多，再求总距离最小，比由高到低的最近邻匹配偏倚小（docs/methods-matching.md 的模拟）；nearest 最近邻（原文）。",
        "optimal: most pairs within the caliper, then the least total distance, with less bias than nearest matching from high to low (simulated "
        "in docs/methods-matching.md); nearest: nearest neighbour (the paper).",
    ),
    "matching.ratio": Text("每例匹配几例对照（原文 1）。", "Controls for each case (1 in the paper)."),
    "matching.replace": Text("对照是否可重复使用（原文否）。", "Whether a control may be used again (not in the paper)."),
    "matching.order": Text(
        "最近邻匹配先匹配谁；random 会使结果随种子变动，故默认由高分到低分。",
        "Who is matched first by nearest matching; with random order the result depends on the seed, so the default is from high to low scores.",
    ),
    "matching.caliper": Text(
        "卡钳值，尺度见下；0.2 个标准差（Austin 2011）。原文为 logit 上的 0.02，60 例时只留约三分之一的配对；null 不设。",
        "Caliper on the scale below; 0.2 SD (Austin 2011). The paper has 0.02 on the logit, which keeps a third of the pairs of 60 patients; "
        "null: none.",
    ),
    "matching.caliper_scale": Text(
        "卡钳的尺度：logit 的标准差倍数（Austin 2011）、logit（原文）或概率。",
        "Scale of the caliper: standard deviations of the logit (Austin 2011), the logit (the paper) or the probability.",
    ),
    "matching.balance_limit": Text(
        "匹配后可接受的最大 SMD；超过则不给出匹配后的估计值（除非 unseal 写明理由），退出码 4。",
        "Largest SMD allowed after matching; above it estimates after matching are withheld (unless `unseal` gives a reason) and the exit status is 4.",
    ),
    "matching.minimum_group": Text(
        "任一组少于此例数时不匹配、不加权、不比较也不绘图（匹配后、加权后、界标与亚组中同样如此），并说明原因。",
        "A group with fewer patients is not matched, weighted, compared or drawn, also after matching, with weights, at landmarks and in "
        "subgroups; the report gives the reason.",
    ),
    "matching.minimum_events_per_variable": Text(
        "较小一组的例数除以倾向评分模型的列数，低于此值则不匹配、不加权。评分看的是均衡而非系数（Stuart 2010），故默认仅要求 1。",
        "Patients of the smaller group over columns of the propensity score; below this nothing is matched or weighted. A score is judged "
        "by balance, not by its coefficients (Stuart 2010), hence 1.",
    ),
    "matching.unseal": Text(
        "均衡未达标时仍要给出匹配后估计值的理由（一句话，或 {zh: …, en: …}），印在每处结果旁；null：不给出，只给均衡性。原文如此报告，故预设为此。",
        "Why estimates after matching are given though the balance was missed (a sentence, or {zh: …, en: …}), printed beside them; "
        "null: they are withheld, and the balance alone is given. The paper reports them so, hence the preset's reason.",
    ),
    "matching.unseal.zh": Text("理由，中文。", "The reason in Chinese."),
    "matching.unseal.en": Text("理由，英文。", "The reason in English."),
    "matching.exact": Text("只在这些变量取值相同者之间配对。", "Only patients equal in these variables are paired."),
    "matching.imputations": Text(
        "within：每个插补数据集各自匹配后合并；across：取各插补评分的平均后匹配一次。",
        "within: matched in each imputation, then pooled; across: matched once on the mean of their scores.",
    ),
    "weighting": Text("以权重代替匹配；协变量、均衡限值与 unseal 同 matching。", "Weights in place of matches; covariates, balance limit and `unseal` are those of `matching`."),
    "weighting.lead": Text(
        "曲线、log-rank 检验与均衡图所用、并列在最前的权重；重叠权重均衡最好且无极端权重（Li 等 2018、2019）。",
        "Whose weights the curves, the log-rank test and the love plot have, printed first; overlap weights balance exactly and none is "
        "huge (Li et al. 2018, 2019).",
    ),
    "weighting.targets": Text(
        "给出哪些权重：overlap 重叠人群；ate 全部患者；att 第一组；entropy_ate、entropy_att 以熵均衡得到（Hainmueller 2012）。",
        "Which weights are given: overlap, the overlap population; ate, all patients; att, the first group; entropy_ate and entropy_att by "
        "entropy balancing (Hainmueller 2012).",
    ),
    "weighting.truncate": Text(
        "两端各截断多大比例患者的权重，如 0.01；null 不截断（Cole 与 Hernán 2008）。",
        "The share of patients whose weights are cut at either end, as 0.01; null: none (Cole & Hernán 2008).",
    ),
    "weighting.limits": Text(
        "置信区间：robust 视评分为已知；stacked 计入评分是估计的（Shu 等 2021）；bootstrap 每次重抽样都重新估计（Austin 2016）。",
        "Confidence limits: robust takes the score as known; stacked knows that it is estimated (Shu et al. 2021); bootstrap estimates it "
        "again in every sample (Austin 2016).",
    ),
    "weighting.resamples": Text("bootstrap 时每个插补数据集的重抽样次数。", "Samples of each imputation, with bootstrap."),
    "matching.time_zero": Text(
        "时间零点：treatment 以治疗开始为零点；progression 以首次进展为零点，评分与均衡性另含下一项的变量（用于进展后生存，建议预先选定）。",
        "Time zero: treatment, treatment start; progression, the first progression, with the variables of the next setting in score and balance "
        "(for post-progression survival; to be chosen beforehand).",
    ),
    "matching.covariates_at_progression": Text(
        "进展时已知的变量：at_progression 分析据此描述与校正；不含进展后的治疗。",
        "Variables known at progression, described and adjusted for by the analysis at_progression; no treatment after it.",
    ),
    **CENTRE_NOTES,
    "analyses": Text("要做的分析，各注明人群。", "The analyses, each with its population."),
    "analyses.where": Text(
        "只分析这些取值的患者，如 {pattern: systemic}。", "Only patients with these values, e.g. {pattern: systemic}."
    ),
    "analyses.reference": Text(
        "作为参照的组（by 的一个取值）；不设则以两组中排在后面的一组为参照（影响因素分析以前一组为参照）。",
        "The group of `by` that the other is compared with; without it the last of the two (of predictors the first).",
    ),
    "analyses.minimum_events": Text(
        "某组事件少于此数则不比较（检验与风险比）也不绘其曲线，因为估计不可靠。",
        "A group with fewer events is not compared, by test or by ratio, nor is its curve drawn, because it is unreliable.",
    ),
    "analyses.minimum_events_per_variable": Text(
        "多变量模型每个变量（列）的事件数低于此值则不给出（Vittinghoff 与 McCulloch 2007：5 至 9 个多可接受；不足 10 个另加提示，Peduzzi 1995）。",
        "A model of several variables with fewer events per variable (column) is withheld (Vittinghoff & McCulloch 2007: 5 to 9 mostly do); "
        "below 10 its numbers carry a warning (Peduzzi 1995).",
    ),
    "analyses.horizon_months": Text(
        "风险比随时间改变处所给限制性平均生存时间的时限（月），应预先规定（Royston 与 Parmar 2013）；null：两组最长随访中的较小者（Tian 2020）。",
        "Months of the restricted means given beside a hazard ratio that changes with time, best set beforehand (Royston & Parmar 2013); null: the "
        "smaller of the two groups' largest follow-ups (Tian 2020).",
    ),
    "analyses.period_ends": Text(
        "风险比随时间改变处，各时段风险比的时段终点（月），由小到大。",
        "Months at which periods end, ascending: where a hazard ratio changes with time there is one of each period.",
    ),
    "analyses.weighted_test": Text(
        "风险比随时间改变处的加权 Log-rank 检验：max_combo 取全程、晚期、早期与中期加权者之最大（Lin 2020）；或 fleming_harrington。",
        "Weighted log-rank test beside a hazard ratio that changes with time: max_combo, the largest of those for all, late, early and middle "
        "times (Lin 2020), or fleming_harrington.",
    ),
    "analyses.rho_gamma": Text(
        "fleming_harrington 的 [ρ, γ]：[0, 1] 看重晚期差异，[1, 0] 看重早期差异。",
        "[rho, gamma] of fleming_harrington: [0, 1] gives weight to late differences, [1, 0] to early ones.",
    ),
    "analyses.clock": Text(
        "进展后死亡的模型如何计时（illness_death）：forward 从治疗开始，进展之日起进入风险集；reset 从进展之日重新计时（Putter 2007）。",
        "Time of the models of death after progression (illness_death): forward, since treatment, at risk from progression on; reset, "
        "since progression (Putter 2007).",
    ),
    **FEW_EVENT_NOTES,
    "report": Text("文档的写法；不影响 results.csv。", "How the documents are written; results.csv does not depend on it."),
    "report.small_cells": Text(
        "供对外提供的报告可印出的最小例数，如 5：1 至 4 例印作“<5”，可由以推算的数、单个患者的图与清单一并略去；null：全部印出。",
        "The smallest count that a report to be passed on prints, as 5: counts of 1 to 4 become <5, and numbers they could be computed "
        "from, figures of single patients and lists are left out; null: every count is printed.",
    ),
    "report.patient_numbers": Text(
        "文档中患者的编号：study 为研究编号（对照表 study_numbers.csv 与 study.yaml 同在一处，请勿外传）；own 为数据中的编号，仅当其本身已是研究编号时使用。",
        "What documents call the patients: study, by study numbers, whose key is study_numbers.csv beside study.yaml and is not passed on; own, "
        "by the numbers of the data, for data that hold study numbers already.",
    ),
    "report.figures": Text(
        "把某图（名称，或一类图名称的开头）放入论文或补充材料，如 {love_plot: paper, flow_chart: supplement}；未写者按默认清单。",
        "Puts a figure, by its name or by how the names of its kind begin, into the paper or the supplement, as "
        "{love_plot: paper, flow_chart: supplement}; those without are where the usual list has them.",
    ),
    "report.tables": Text(
        "同上，用于表，如 {balance: paper, baseline: supplement}。",
        "The same for tables, as {balance: paper, baseline: supplement}.",
    ),
    "labels": Text(
        "自有列及其取值在表、图、正文中的名称，如 {arm: {zh: 治疗组, en: Arm, levels: {A: {zh: 甲组, en: Group A}}}}；未写者按数据原样印出。",
        "Printed names of your own columns and their levels, as {arm: {zh: 治疗组, en: Arm, levels: {A: {zh: 甲组, en: Group A}}}}; "
        "those without are printed as in the data.",
    ),
    "labels.zh": Text("该列的中文名称。", "Name of the column in Chinese."),
    "labels.en": Text("该列的英文名称。", "Name of the column in English."),
    "labels.unit": Text("数值的单位，印在名称之后。", "Unit of its numbers, printed after the name."),
    "labels.levels": Text("取值: 名称；只写一句话则两种语言共用。", "Level: its name; a single name is used in both languages."),
    "labels.levels.zh": Text("该取值的中文名称。", "Name of the level in Chinese."),
    **FORMAT_NOTES,
    "labels.levels.en": Text("该取值的英文名称。", "Name of the level in English."),
    "limits": Text(
        "数据文件的大小上限，读入前核对，以免损坏或过大的文件耗尽内存；超过者不读并说明，确需时可调高。",
        "How large the files of data may be, looked at before they are read, so that a damaged or huge file does not take all memory; one beyond is refused and named. Raise what you need.",
    ),
    "limits.file_mb": Text("整个读入的文件的大小，百万字节。", "Size of a file that is read whole, in millions of bytes."),
    "limits.unpacked_mb": Text(
        "工作簿（xlsx）解压后的大小，百万字节；且不超过文件本身的 100 倍（10 MB 以下不限）。",
        "Size of a workbook (xlsx) once unpacked, in millions of bytes; and at most 100 times the file's own size (10 MB always may be).",
    ),
    "limits.rows": Text("csv、xlsx、xpt 及逐格读入的 parquet 的行数。", "Rows of a csv, xlsx or xpt file, and of a parquet file that is read cell by cell."),
    "limits.parquet_rows": Text("按列类型读入的 parquet（全部表均为 parquet 时）的行数。", "Rows of a parquet file read in typed columns (where every table is parquet)."),
    "limits.columns": Text("列数。", "Columns of a file."),
    "limits.cells": Text("逐格读入的文件的行数乘列数。", "Rows times columns of a file that is read cell by cell."),
    "limits.cell_length": Text("一个单元格的字符数。", "Characters of one cell."),
    "limits.name_length": Text("一个列名的字符数。", "Characters of the name of a column."),
}  # fmt: skip


def notes_of_kinds(kinds: Kinds, names: Mapping[str, Text]) -> dict[str, Text]:
    """The sentences that list kinds of analysis: which there are, and which take a setting.

    Args:
        kinds: What each honours.
        names: Its name in words.
    """

    def taking(option: OptionName) -> str:
        return ", ".join(kind for kind, options in kinds.items() if option in options.honours)

    matched = [kind for kind, options in kinds.items() if "matched" in options.populations]
    return {
        "analyses.kind": Text(
            "；".join(f"{kind} {names[kind].zh}" for kind in kinds) + "。",
            "; ".join(f"{kind}: {names[kind].en}" for kind in kinds) + ".",
        ),
        "analyses.population": Text(
            f"治疗人群、进展人群，或匹配后人群（每个插补数据集，再合并；仅 {' 与 '.join(matched)}）。",
            "The treated, the progressed or the matched population "
            f"(in every imputation, then pooled; {' and '.join(matched)} only).",
        ),
        "analyses.by": Text(
            f"按哪个变量分组（{taking('by')}）。", f"The variable that defines the groups ({taking('by')})."
        ),
        "analyses.outcomes": Text(
            f"生存终点（{taking('outcomes')}）。", f"Survival endpoints ({taking('outcomes')})."
        ),
        "analyses.variables": Text(f"变量（{taking('variables')}）。", f"Variables ({taking('variables')})."),
    }
