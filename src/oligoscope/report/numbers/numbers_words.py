"""The sentences of the page of numbers."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.report.numbers.patients_found import LISTED_FIRST, LISTED_WHOLE

SKIP = Text("跳到数字", "Skip to the numbers")
READ = Text("怎样读这一页", "How to read this page")
BACK = Text('报告：<a href="{}">{}</a>。', 'The report: <a href="{}">{}</a>.')
HOW: tuple[Text, ...] = (
    Text(
        "每一行就是 results.csv 的一行。行号按电子表格计数，表头为第 1 行；数值、下限、上限与 n 逐位照录，未作舍入。"
        "鼠标停在行号上可见该行的七个键；各方法的定义、出处与对应的 R 语句见 docs/methods.md。",
        "Each row is a row of results.csv. Row numbers are those of a spreadsheet, where the head is row 1; value, "
        "low, high and n are given digit by digit as stored. The seven keys of a row show on its row number; every method, "
        "with its source and its line of R, is in docs/methods.md.",
    ),
    Text(
        "“患者”一栏中的数字链接到名单：“163 / 289”指 289 例患者中计入 163 例；“在险”指 n 只计该时点仍在随访者。"
        "名单中找到的人数必须与 n 相等，否则不列名单，或以一条写明的原因说明。",
        "A number under “Patients” leads to the list of them: “163 of 289” counts 163 of 289 patients; “at risk” are those "
        "whom n counts because they were still followed. As many patients must be found as n says; where they are not, "
        "no patient is named, or a stated reason says why.",
    ),
    Text(
        "每组患者都写成 patients.csv 各列上的条件（其他文件在方括号中注明），可在 Excel 中逐列筛选，也可写成程序："
        "“in [a, b]”为其中之一，“has”为以分号隔开的词之一，“is blank”为空白；日期相减得天数；一个月为 30.4375 天。",
        "Each set of patients is written as a condition on columns of patients.csv (another file is named in square "
        "brackets), to be repeated with filters in Excel or in code: “in [a, b]” is one of these, “has” one of the words "
        "separated by semicolons, “is blank” an empty cell; one date less another gives days; a month is 30.4375 days.",
    ),
    Text(
        f"不超过 {LISTED_WHOLE} 例的名单完整列出，更长的只列前 {LISTED_FIRST} 例；单个患者的病程与判定依据用命令 oligoscope patient 查看。",
        f"Lists of up to {LISTED_WHOLE} patients are complete; of longer ones the first {LISTED_FIRST} are given. The command "
        "oligoscope patient shows the course of one patient and the reason of every label.",
    ),
)
REASONS = Text("人数与 n 不同，或不列名单的原因", "Why patients differ from n, or are not listed")
PATIENTS = Text("患者名单", "Lists of patients")
EVERY_ROW = Text("patients.csv 的全部行", "Every row of patients.csv")
IN_PAIRS = Text(
    "matched_pairs.csv 中同一插补（imputation）的 patient_id 与 matched_with，并满足：",
    "patient_id and matched_with of one imputation in matched_pairs.csv, and:",
)
COUNT = Text("{} 例", "{} patients")
ONE = Text("{} 例", "{} patient")
OF_IMPUTATIONS = Text("各插补 {} 例；不同的患者共 {} 例", "{} patients by imputation; {} different ones")
LISTED = Text("患者编号", "Patient numbers")
LISTED_PART = Text("前 {} 例的患者编号", "Numbers of the first {} patients")
NOT_EVERYWHERE = Text(
    "括号内为该患者所在的插补；无括号者在所有插补中。",
    "Brackets hold the imputations a patient is in; those without are in all of them.",
)
SAME = Text(
    '与<a href="#patients-{0}">名单 {0}</a>为同一批患者。',
    'The same patients as in <a href="#patients-{0}">list {0}</a>.',
)
OF = Text(" / ", " of ")
AT_RISK = Text('<a class="why" href="#{}">在险</a> {}', '<a class="why" href="#{}">at risk</a> {}')
HEADS: dict[str, Text] = {
    "row": Text("行", "Row"),
    "group": Text("分组", "Group"),
    "variable": Text("变量", "Variable"),
    "level": Text("水平", "Level"),
    "statistic": Text("统计量", "Statistic"),
    "value": Text("数值", "Value"),
    "low": Text("下限", "Low"),
    "high": Text("上限", "High"),
    "n": Text("n", "n"),
    "unit": Text("单位", "Unit"),
    "patients": Text("患者", "Patients"),
    "method": Text("方法", "Method"),
    "warning": Text("提示", "Warning"),
}
