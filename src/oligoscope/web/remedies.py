"""What to do about a finding, where the remedy of the command line names study.yaml: the page that asks the same."""

from __future__ import annotations

from typing import Final

from oligoscope.bilingual import Text
from oligoscope.intake.rules import RULES

_COLUMNS = Text("请在“列”页指明。", "Say which it is on the page Columns.")
_WORDS = Text(
    "请在下面更正；若这是您常用的写法，请在“用词”页说明其含义。",
    "Correct the cells below; if you usually write it so, say on the page Words what it means.",
)
_FILES = Text(
    "请在“文件”页核对表头行和工作表。", "Check the row of the header and the sheet on the page Files."
)
_UNITS = Text(
    "请在“用词”页说明单位，或更正文件。", "Say on the page Words which unit it is, or correct the file."
)
_CUTOFF = Text(
    "请核对日期，或在“定义”页改正数据截止日。",
    "Check the dates, or the data cut-off on the page Definitions.",
)
_UNUSED = Text(
    "若需要它，请在“列”页指明；否则不必处理。",
    "If it is needed, say so on the page Columns; otherwise nothing has to be done.",
)

# By rule: the step where it is corrected, and the sentence; the others keep the remedy of the rule.
_HERE: Final[dict[str, tuple[str, Text]]] = {
    "table_missing": ("files", Text("请在“文件”页放入该表，或在“列”页指明它在哪个文件。", "Add its file on the page Files, or say on the page Columns which file it is in.")),
    "table_empty": ("files", _FILES),
    "table_without_rows": ("files", _FILES),
    "sheet_shape": ("files", Text("请核对；如不对，请在“文件”页改正表头行和不读的行。", "Check it; if it is not right, correct the header and the rows that are not read on the page Files.")),
    "wide_unclear": ("files", _FILES),
    "file_not_read": ("columns", Text("若需要这个文件，请在“列”页指明；否则请在“文件”页移除。", "If the file is needed, say so on the page Columns; else remove it on the page Files.")),
    "encoding_assumed": ("files", Text("如果所示的词不对，请在 Excel 中另存为 CSV UTF-8 后重新上传。", "If the word shown is wrong, save the file as CSV UTF-8 in Excel and upload it again.")),
    "column_missing": ("columns", _COLUMNS),
    "column_ambiguous": ("columns", _COLUMNS),
    "column_ignored": ("columns", _UNUSED),
    "column_absent": ("columns", _UNUSED),
    "identifier_left_out": ("columns", Text("无需处理；这些列不读入。最好从文件中删去。", "Nothing has to be done: they are not read. It is best to delete them from the file.")),
    "redcap_events": ("columns", _UNUSED),
    "regimen_not_read": ("columns", _COLUMNS),
    "value_unreadable": ("words", _WORDS),
    "value_ignored": ("words", _WORDS),
    "node_denied": ("words", Text("请更正其中之一，或在“用词”页说明该词。", "Correct one of them, or say on the page Words what the word means.")),
    "place_unknown": ("words", Text("请在“用词”页说明它是哪个部位；确是另一个器官也请说明。", "Say on the page Words which place it is, or that it is an organ of its own.")),
    "fraction_or_percent": ("words", _UNITS),
    "unit_unknown": ("words", _UNITS),
    "patient_in_centimetres": ("words", _UNITS),
    "date_order_taken": ("words", Text("如不对，请在“用词”页改正日期的写法。", "If it is wrong, correct on the page Words how dates are written.")),
    "unknown_patient": ("", Text("请更正编号，或在患者表中补上该患者。", "Correct the number, or add the patient to the table of patients.")),
    "patient_left_out": ("", Text("请更正上述问题；或剔除这些患者，继续。", "Correct what is listed above, or go on without these patients.")),
    "patient_repeated": ("", Text("请更正编号；若是重复的行，在多余一行的“新值”中输入 -，然后剔除该行。", "Correct the number; where a row is a repeat, type - as its new value, then leave that row out.")),
    "join_conflict": ("", Text("每名患者只保留一行。", "Keep one row a patient.")),
    "start_after_cutoff": ("definitions", _CUTOFF),
    "row_after_cutoff": ("definitions", _CUTOFF),
    "reader_not_chosen": ("definitions", Text("请在“定义”页选定一位阅片者。", "Choose one of them on the page Definitions.")),
    "variable_left_out": ("definitions", Text("请补全该列，或在“定义”页去掉该变量。", "Complete the column, or take the variable out on the page Definitions.")),
    "censored_before_progression": ("words", Text("请更正；若 0 与 1 的含义相反，请在“用词”页说明。", "Correct it; where 0 and 1 mean the reverse, say so on the page Words.")),
    "death_and_event_differ": ("words", Text("请更正；若 0 与 1 的含义相反，请在“用词”页说明。", "Correct it; where 0 and 1 mean the reverse, say so on the page Words.")),
}  # fmt: skip


def remedy(rule: str) -> tuple[str, Text]:
    """The step where findings are corrected of a rule (blank: the data themselves), and what to do."""
    return _HERE.get(rule, ("", RULES[rule].remedy))
