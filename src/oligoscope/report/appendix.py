"""Tables at the end of the report: issues, settings, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oligoscope.bilingual import Text, join_texts
from oligoscope.printing.table import Header, Row, Table, left, row_of, same

GRADES: dict[str, Text] = {
    "error": Text("错误（须修改）", "Error (must be corrected)"),
    "quarantine": Text("隔离（未纳入分析）", "Quarantine (left out)"),
    "warning": Text("提醒（保留）", "Warning (kept)"),
}
FILES: dict[str, Text] = {
    "results.csv": Text(
        "每个估计值一行，含键、置信区间与方法", "Every estimate once, with keys, limits and method"
    ),
    "patients.csv": Text(
        "每位患者一行：疗效、进展模式、耐药类型、终点",
        "A row a patient: response, pattern, resistance, endpoints",
    ),
    "responses.csv": Text("每次评估一行：径线总和与疗效", "A row an assessment: sums and responses"),
    "reasons.csv": Text("每个推导结论的规则与来源行", "The rule and the source rows of each derived label"),
    "issues.csv": Text("数据问题清单", "What was wrong in the data"),
    "flow.csv": Text("患者筛选流程的计数", "Counts of the patient flow"),
    "sites.csv": Text("每例患者首次进展的器官与日数", "Organs of each first progression, with its day"),
    "definitions.csv": Text(
        "每例患者在各定义下的进展模式与耐药类型",
        "Pattern and resistance type of each patient under every definition",
    ),
    "management.csv": Text(
        "每例进展患者的处理观点分层或不给出的原因",
        "The management tier of each progressed patient, or why none is given",
    ),
    "balance.csv": Text("匹配前后的标准化均数差", "Standardised mean differences before and after matching"),
    "matched_pairs.csv": Text("匹配对及其距离", "Who was matched with whom, and the distance"),
    "analysis.R": Text(
        "全部分析的 R 代码：重新计算并与 results.csv 逐一比较",
        "Every analysis in R: computes it again and compares each number with results.csv",
    ),
    "covariates.csv": Text(
        "R 代码所用、patients.csv 中没有的列", "Columns that the R code reads and patients.csv does not hold"
    ),
    "study_numbers.csv": Text(
        "研究编号与患者编号的对照表，请勿外传", "The key of study numbers; not to be passed on"
    ),
    "imputed.csv": Text("每次插补为缺失值抽取的值", "The values drawn for missing ones in each imputation"),
    "scores.csv": Text(
        "每次插补中每例患者的倾向评分", "The propensity score of each patient in each imputation"
    ),
    "weights.csv": Text(
        "匹配与加权后每例患者的权重", "What each patient counts after matching and weighting"
    ),
    "reader_responses.csv": Text("每位阅片者每次评估的疗效", "The responses of each reader at each visit"),
    "run.json": Text("版本、随机种子、设置与校验和", "Versions, seed, settings and checksums"),
    "numbers.zh.html": Text(
        "每个数字的行、方法与患者（中文）", "Every number with its row, method and patients (Chinese)"
    ),
    "numbers.en.html": Text(
        "每个数字的行、方法与患者（英文）", "Every number with its row, method and patients (English)"
    ),
}


_MOST_PLACES = 3  # of issues of one kind


Rows = Sequence[Mapping[str, Any]]  # with the columns of issues.csv


def tabulate_issue_counts(rows: Rows) -> Table:
    """How many issues of each grade."""
    counts = {grade: sum(row["grade"] == grade for row in rows) for grade in GRADES}
    return Table(
        "issue_counts",
        Text("数据问题分级计数", "Data issues by grade"),
        (*left(Text("级别", "Grade")), Header(Text("条数", "Number"))),
        tuple(row_of(GRADES[g], same(str(n))) for g, n in counts.items()),
    )


def tabulate_issues(rows: Rows) -> Table:
    """Issues of the same kind together: how many, what was expected, where the first ones are."""
    kinds: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        kind = tuple(str(row.get(name) or "") for name in ("grade", "table", "column", "rule"))
        kinds.setdefault(kind, []).append(row)
    order = list(GRADES)
    ordered = sorted(kinds.items(), key=lambda item: order.index(item[0][0]))
    return Table(
        "issues",
        Text("数据问题明细", "Data issues in detail"),
        (
            *left(
                Text("级别", "Grade"),
                Text("表与列", "Table and column"),
                Text("要求或所见", "Expected, or found"),
            ),
            Header(Text("条数", "Number")),
            *left(Text("位置（前几处）", "Where (the first few)")),
        ),
        tuple(_issue_row(kind, found) for kind, found in ordered),
        (Text("全部逐条列于 issues.csv。", "issues.csv lists every one."),),
    )


def _issue_row(kind: tuple[str, ...], found: list[Mapping[str, Any]]) -> Row:
    grade, table, column, rule = kind
    expected = Text(str(found[0].get("expected_zh") or rule), str(found[0].get("expected_en") or rule))
    places = list(dict.fromkeys(map(_place, found)))
    where = places[:_MOST_PLACES]
    if len(places) > _MOST_PLACES:
        where.append(Text("……", "…"))
    name = f"{table}.{column}" if column else table
    return row_of(GRADES[grade], same(name), expected, same(str(len(found))), join_texts(where, "；", "; "))


def _place(row: Mapping[str, Any]) -> Text:
    source, number, patient = (row.get(name) for name in ("source", "row", "patient_id"))
    place = same(f"{source or row.get('table')}")
    if number is not None:
        # Not the patient, too: the row in the hospital's file would say who is behind a study number.
        return Text(f"{place.zh} 第 {number} 行", f"{place.en} row {number}")
    return Text(f"{place.zh}（{patient}）", f"{place.en} ({patient})") if patient else place


def tabulate_files(names: Iterable[str]) -> Table:
    """Files written beside this report."""
    return Table(
        "files",
        Text("随报告输出的文件", "Files written with this report"),
        left(Text("文件", "File"), Text("内容", "What it holds")),
        tuple(row_of(same(name), FILES.get(name, _picture(name))) for name in names),
    )


def tabulate_inputs(checksums: Mapping[str, str]) -> Table:
    """Files read, each with its checksum: the same bytes give the same numbers."""
    return Table(
        "inputs",
        Text("读入的文件", "Files read"),
        left(Text("文件", "File"), Text("校验和（SHA-256）", "Checksum (SHA-256)")),
        tuple(row_of(same(name), same(checksum)) for name, checksum in checksums.items()),
    )


def _picture(name: str) -> Text:
    return (
        Text("图及其数据", "Picture or the data behind it") if name.startswith("figures/") else Text("", "")
    )


SETTINGS: dict[str, Text] = {
    "study.preset": Text("研究预设", "Study preset"),
    "study.data_cutoff": Text("数据截止日期", "Data cutoff"),
    "study.seed": Text("随机种子", "Seed"),
    "response.source": Text("疗效来源", "Source of responses"),
    "response.confirmation": Text("疗效需确认", "Responses confirmed"),
    "response.minimum_sd_days": Text("SD 最短天数", "Minimum SD, days"),
    "response.scan_window_days": Text("同一时间点的扫描窗/天", "Scans of one time point within, days"),
    "response.visit_window_days": Text(
        "靶病灶全部评估后时间点仍开放的天数", "Days a time point stays open once every target was evaluated"
    ),
    "response.pd_date": Text("PD 日期取值", "Date of PD"),
    "progression.preset": Text("进展模式预设", "Progression preset"),
    "progression.lesion_reference": Text("病灶进展的参照", "Reference of lesion growth"),
    "progression.node_counting": Text("淋巴结计数方式", "Counting of nodes"),
    "progression.window_days": Text(
        "首次进展前后计入进展模式的天数", "Days around the progression whose scans count towards the pattern"
    ),
    "resistance.preset": Text("耐药类型预设", "Resistance preset"),
    "endpoints.missed_assessments": Text("漏检评估的处理", "Missed assessments"),
    "endpoints.new_therapy": Text("新治疗的处理", "New therapy"),
    "endpoints.clinical_progression": Text("临床进展的处理", "Clinical progression"),
}
VALUES: dict[str, Text] = {
    "lesions": Text("逐病灶测量", "lesion measurements"),
    "assessments": Text("数据中已有的评价", "responses given in the data"),
    "earliest": Text("最早日期", "earliest"),
    "latest": Text("最晚日期", "latest"),
    "nadir": Text("最小径", "nadir"),
    "previous": Text("上一次扫描", "previous scan"),
    "station": Text("按站", "by station"),
    "lesion": Text("按病灶", "one by one"),
    "region": Text("按区域", "by region"),
    "ignore": Text("不作处理", "ignored"),
    "censor": Text("删失", "censored"),
    "event": Text("计为事件", "an event"),
}
RUN: dict[str, Text] = {
    "version": Text("Oligoscope 版本", "Oligoscope version"),
    "python": Text("Python 版本", "Python version"),
}


# They decide nothing where no scan is recorded; the source of responses is then the team.
OF_SCANS = {
    "response.source", "response.confirmation", "response.minimum_sd_days", "response.scan_window_days", "response.visit_window_days",
    "response.pd_date", "progression.lesion_reference", "progression.node_counting", "progression.window_days",
    "endpoints.missed_assessments",
}  # fmt: skip
OF_THE_RESPONSE = {"resistance.preset"}  # decides nothing where no response is known
_READ_BY_TEAM = Text("研究团队的判读", "as read by the study team")


def tabulate_settings(
    settings: Mapping[str, Any],
    run_info: Mapping[str, Any],
    *,
    has_scans: bool = True,
    has_responses: bool = True,
) -> Table:
    """The settings that decide the numbers, as resolved, and facts of the run."""
    unused = (set() if has_scans else OF_SCANS) | (set() if has_responses else OF_THE_RESPONSE)
    used = (path for path in SETTINGS if path not in unused)
    paths = ((SETTINGS[path], *path.split(".")) for path in used)
    found = [(label, settings[part][name]) for label, part, name in paths]
    found += [] if has_scans or not has_responses else [(SETTINGS["response.source"], _READ_BY_TEAM)]
    found += [(label, run_info[name]) for name, label in RUN.items() if name in run_info]
    return Table(
        "settings",
        Text("运行设置", "Run settings"),
        left(Text("设置", "Setting"), Text("取值", "Value")),
        tuple(row_of(label, _value(value)) for label, value in found),
        (Text("全部设置见 run.json。", "run.json holds every setting."),),
    )


def _value(value: object) -> Text:
    if isinstance(value, Text):
        return value
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if value is None:
        return Text("未设定", "not set")
    return VALUES.get(str(value), same(str(value)))
