"""Every rule the data are held to: its grade, what it says, why, and what to do; docs/data.md is printed from it.

A rule's grade stands here and nowhere else. error: nothing can be derived until it is mended.
quarantine: the row (or the patient) must be left out. warning: kept, and listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from oligoscope.study.vocabulary import Text

Grade = Literal["error", "quarantine", "warning"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: Its name in issues.csv.
        grade: What follows where it is broken.
        tables: The tables it speaks of.
        finding: The heading over its findings; {source} is the file or sheet, {n} the number of findings.
        why: Why it has this grade.
        remedy: What the user can do.
    """

    id: str
    grade: Grade
    tables: str
    finding: Text
    why: Text
    remedy: Text


_MEND = Text("请核对原始记录并修改文件。", "Look at the source document and mend the file.")
_MEND_DATE = Text("请核对是哪个日期有误。", "Find out which of the dates is wrong.")
_ALL = "all"


def _rules() -> tuple[Rule, ...]:
    return (*_STRUCTURE, *_CELLS, *_ROWS, *_DATES, *_LESIONS, *_SDTM, *_CONSEQUENCES)


_STRUCTURE = (
    Rule("file_unreadable", "error", _ALL,
        Text("{source} 无法读取。", "{source} cannot be read."),
        Text("缺一个文件，结果就不是这项研究的结果。", "Without one of its files the results are not the study's."),
        Text("检查文件名、文件夹与编码，或重新另存。", "Check the name, the folder and the encoding, or save it again.")),
    Rule("table_missing", "error", _ALL,
        Text("缺少推导所需的表。", "A table that the study needs is not given."),
        Text("需要患者表，以及病灶与测量（或已判读的进展）。", "Patients are needed, and lesions with measurements, or progressions."),
        Text("在 study.yaml 的 data 中写明该表。", "Name the table under data in study.yaml.")),
    Rule("table_empty", "error", "patients, lesions, measurements, progressions",
        Text("{source} 没有数据行。", "{source} has no rows of data."),
        Text("没有行就无从推导。", "Nothing can be derived from no rows."),
        Text("检查文件、工作表和 where 条件。", "Check the file, the sheet and the `where` filter.")),
    Rule("fraction_or_percent", "error", "patients",
        Text("{source} 的百分数列没有大于 1 的数。", "{source} has a column of per cent without a number above 1."),
        Text("0.6 可能是 60%，也可能是 0.6%；猜错会改变分级。", "0.6 may be 60 % or 0.6 %, and the class hangs on it."),
        Text("在 study.yaml 该表下写 units，如 {pd_l1_tps: fraction}（0.6 即 60%）或 {pd_l1_tps: percent}。",
             "Say which under `units` of the table in study.yaml: {pd_l1_tps: fraction} (0.6 is 60 %) or {pd_l1_tps: percent}.")),
    Rule("encoding_assumed", "warning", _ALL,
        Text("{source} 不是 UTF-8，已按另一种编码读入。", "{source} is not UTF-8 and was read in another encoding."),
        Text("编码不对，文字就会变成别的字；请看所列的词。", "In the wrong encoding words become other words; look at the one shown."),
        Text("若该词不对，在 study.yaml 该表下写 encoding（如 latin-1、cp1252）。",
             "If that word is wrong, say `encoding` (as latin-1 or cp1252) of the table in study.yaml.")),
    Rule("column_missing", "error", _ALL,
        Text("{source} 缺少所需的列。", "{source} lacks a column it needs."),
        Text("没有该列，每一行都不完整。", "Without it every row is incomplete."),
        Text("在 study.yaml 的 columns 中写明对应的列名。", "Map the column under `columns` in study.yaml.")),
    Rule("column_repeated", "error", _ALL,
        Text("{source} 有两列同名。", "{source} has two columns of one name."),
        Text("无法知道哪一列是真的。", "Nothing says which of them is meant."),
        Text("改名或删去其一。", "Rename or delete one of them.")),
    Rule("patient_repeated", "error", "patients",
        Text("{source} 中同一患者编号出现多次（{n} 行）。", "{source} has patients who stand in several rows ({n} rows)."),
        Text("无法知道哪一行是真的，也可能是两名患者。", "Nothing says which row is true, or whether they are two people."),
        Text("每名患者保留一行，或更正编号。", "Keep one row a patient, or mend the number.")),
    Rule("reader_not_chosen", "error", "measurements, assessments",
        Text("{source} 含多位阅片者，而未写明采用哪一位。", "{source} holds several readers and none is chosen."),
        Text("混用阅片者会得出没有人读出的结果。", "Mixed readers give a response that nobody read."),
        Text("在 study.yaml 写 response.reader。", "Set response.reader in study.yaml.")),
)  # fmt: skip

_CELLS = (
    Rule("value_unreadable", "quarantine", _ALL,
        Text("{source} 有 {n} 个关键单元格无法识别。", "{source} has {n} decisive cell(s) that cannot be read."),
        Text("径线、日期、病灶类别等决定结论，不能猜。", "Diameters, dates, roles decide the result and are never guessed."),
        Text("修改单元格，或在 study.yaml 用 levels、missing 写明含义。", "Mend the cells, or say what they mean under `levels` or `missing` in study.yaml.")),
    Rule("value_out_of_range", "quarantine", _ALL,
        Text("{source} 有 {n} 个关键单元格超出可能的范围。", "{source} has {n} decisive cell(s) outside the possible range."),
        Text("不可能的径线或数目会改变结论。", "An impossible length or count would change the result."),
        Text("请核对原始记录；单位是否应为毫米？", "Look at the source document; is the unit another one than ours?")),
    Rule("value_blank", "quarantine", _ALL,
        Text("{source} 有 {n} 行缺少必填内容。", "{source} has {n} row(s) without a value that must be there."),
        Text("没有编号、日期或类别的行无法归属。", "A row without its number, date or role belongs nowhere."),
        _MEND),
    Rule("row_shifted", "quarantine", _ALL,
        Text("{source} 有 {n} 行的单元格多于表头。", "{source} has {n} row(s) with more cells than the header."),
        Text("多半是文字中的分隔符未加引号，其后各列都错位。", "Most likely a comma inside an unquoted text: all columns after it are shifted."),
        Text("给该文字加引号。", "Put that text in quotes.")),
    Rule("value_ignored", "warning", _ALL,
        Text("{source} 有 {n} 个次要单元格无法识别，按缺失处理。", "{source} has {n} cell(s) that cannot be read and [was|were] set to missing."),
        Text("这些列不决定疗效和进展。", "These columns decide neither response nor progression."),
        Text("修改单元格，或在 study.yaml 用 levels、missing 写明含义。", "Mend the cells, or say what they mean under `levels` or `missing` in study.yaml.")),
    Rule("control_character", "warning", _ALL,
        Text("{source} 有 {n} 个单元格含控制字符，已删除。", "{source} has {n} cell(s) with control characters, which were removed."),
        Text("看不见的控制字符无法写入文档，多半来自复制粘贴。", "No document can hold them; most come from copying and pasting."),
        Text("在原文件中删去这些字符。", "Delete them in the file.")),
    Rule("row_is_a_note", "warning", _ALL,
        Text("{source} 有 {n} 行是合计或注释，不是数据，未读入。", "{source} has {n} row(s) that [is a total or a note|are totals or notes] and [was|were] not read."),
        Text("合计行与脚注若当作患者，例数就会增加。", "Read as patients they would be counted."),
        Text("若其中有数据行，请改写第一格。", "If one of them is data, give its first cell another word.")),
    Rule("column_ignored", "warning", _ALL,
        Text("{source} 有 {n} 列未采用。", "{source} has {n} column(s) that [was|were] not used."),
        Text("可能是列名写法不同。", "Perhaps a name is spelt differently."),
        Text("需要时在 study.yaml 的 columns 中对应。", "Map them under `columns` in study.yaml where they are needed.")),
    Rule("table_without_rows", "warning", "treatments, assessments",
        Text("{source} 没有数据行。", "{source} has no rows of data."),
        Text("该表可以不给。", "The table is optional."),
        Text("检查文件、工作表和 where 条件。", "Check the file, the sheet and the `where` filter.")),
    Rule("days_from_anchor", "warning", _ALL,
        Text("部分患者只有天数、没有治疗开始日期。", "Some patients have days and no date of treatment start."),
        Text("天数以 2001-01-01 为起点换成日期；以日历月计算的定义（六个月）因此可能差一两天。",
             "Days are counted from 2001-01-01; definitions in calendar months (six months) may differ by a day or two."),
        Text("如有治疗开始日期，请补上。", "Give the date of treatment start where it is known.")),
)  # fmt: skip

_ROWS = (
    Rule("unknown_patient", "quarantine", "all but patients",
        Text("{source} 有 {n} 行属于患者表中没有的患者。", "{source} has {n} row(s) of [a patient who is|patients who are] not in the patients table."),
        Text("编号写错时，别人的数据会缺这一行。", "If the number is misspelt, somebody else lacks this row."),
        Text("更正编号，或在患者表中补上该患者。", "Mend the number, or add the patient.")),
    Rule("row_conflict", "quarantine", "measurements, treatments, assessments, progressions",
        Text("{source} 有 {n} 行与同一对象的另一行矛盾。", "{source} has {n} row(s) that [contradicts|contradict] another row of the same thing."),
        Text("无法知道哪一行是真的，故都不采用。", "Nothing says which is true, so none is used."),
        Text("保留正确的一行；若是不同阅片者或检查方式，请填写 reader 或 modality。", "Keep the true one; if readers or modalities differ, fill in reader or modality.")),
    Rule("row_repeated", "warning", "measurements, treatments, assessments, progressions",
        Text("{source} 有 {n} 行与另一行完全相同，只计一次。", "{source} has {n} row(s) that [repeats|repeat] another row and [counts|count] once."),
        Text("相同的行不改变结果。", "A repeated row changes nothing."),
        Text("可删去重复行。", "Delete the repetition if you like.")),
    Rule("join_conflict", "quarantine", _ALL,
        Text("{source} 中有患者有多行互相矛盾的记录。", "{source} has patients with several contradicting rows."),
        Text("并入患者的值不唯一。", "The value to be added to the patient is not one value."),
        Text("每名患者保留一行，或用 where 选出。", "Keep one row a patient, or choose it by `where`.")),
    Rule("join_unknown_patient", "warning", _ALL,
        Text("{source} 有 {n} 名患者不在主表中。", "{source} has {n} patient(s) who [is|are] not in the table it is joined to."),
        Text("登记文件常含更多患者；也可能是编号写错。", "Registers often hold more patients; or a number is misspelt."),
        Text("核对编号。", "Check the numbers.")),
    Rule("pd_l1_disagrees", "warning", "patients",
        Text("{source} 有 {n} 名患者的 PD-L1 分级与 TPS 不符。", "{source} has {n} patient(s) whose PD-L1 class is not that of their TPS."),
        Text("分级照用；两者之一有误。", "The class is used as given; one of the two is wrong."),
        _MEND),
    Rule("age_disagrees", "warning", "patients",
        Text("{source} 有 {n} 名患者的年龄与出生日期相差一岁以上。", "{source} has {n} patient(s) whose age is more than a year from their date of birth."),
        Text("年龄照用；两者之一有误。", "The age is used as given; one of the two is wrong."),
        _MEND),
)  # fmt: skip

_DATES = (
    Rule("birth_after_start", "quarantine", "patients",
        Text("{source} 有 {n} 名患者的出生日期不早于治疗开始。", "{source} has {n} patient(s) born on or after their treatment start."),
        Text("两个日期之一有误，时间都不可信。", "One of the dates is wrong, and no time can be trusted."),
        _MEND_DATE),
    Rule("start_after_death", "quarantine", "patients",
        Text("{source} 有 {n} 名患者的治疗开始晚于死亡。", "{source} has {n} patient(s) whose treatment started after their death."),
        Text("生存时间将为负。", "Survival would be negative."),
        _MEND_DATE),
    Rule("alive_after_death", "quarantine", "patients",
        Text("{source} 有 {n} 名患者死亡之后仍有记录。", "{source} has {n} patient(s) with a date after their death."),
        Text("死亡日期或另一日期有误，生存时间不可信。", "The death or the other date is wrong, and survival cannot be trusted."),
        _MEND_DATE),
    Rule("row_after_death", "quarantine", "measurements, treatments, assessments, progressions",
        Text("{source} 有 {n} 行的日期晚于患者死亡。", "{source} has {n} row(s) dated after the patient's death."),
        Text("该行不可能发生；死亡日期也可能有误。", "It cannot have happened; or the death is misdated."),
        _MEND_DATE),
    Rule("progression_before_start", "quarantine", "patients, progressions, treatments",
        Text("{source} 有 {n} 行的进展早于治疗开始。", "{source} has {n} row(s) with a progression before treatment start."),
        Text("无进展生存将为负。", "Progression-free survival would be negative."),
        _MEND_DATE),
    Rule("treatment_out_of_order", "quarantine", "treatments",
        Text("{source} 有 {n} 行治疗的结束早于开始。", "{source} has {n} treatment(s) that [ends before it starts|end before they start]."),
        Text("线数与换药时间据此判定。", "Lines and changes of therapy are told by these dates."),
        _MEND_DATE),
    Rule("date_and_day_disagree", "quarantine", _ALL,
        Text("{source} 有 {n} 行的日期与天数不符。", "{source} has {n} row(s) whose date and day disagree."),
        Text("无法知道哪一个是真的。", "Nothing says which is true."),
        Text("只保留其一。", "Keep one of the two.")),
    Rule("date_without_start", "quarantine", _ALL,
        Text("{source} 有 {n} 行写日期，而该患者其余只有天数、没有治疗开始日期。", "{source} has {n} row(s) with a date, of patients otherwise told in days and without a treatment start."),
        Text("日期与天数之间没有共同的起点。", "Dates and days have no common start."),
        Text("补上治疗开始日期，或全部写天数。", "Give the treatment start, or days throughout.")),
    Rule("alive_before_assessment", "warning", "patients",
        Text("{source} 有 {n} 名患者的末次存活日期早于其后的记录。", "{source} has {n} patient(s) with records after the day they were last known alive."),
        Text("生存随访取较晚的日期即可。", "Later records show them alive; the date was not kept up."),
        Text("更新末次存活日期。", "Bring the date up to date.")),
    Rule("start_unknown", "warning", "patients",
        Text("{source} 有 {n} 名患者有检查而没有治疗开始日期。", "{source} has {n} patient(s) with scans and no treatment start."),
        Text("没有起点就没有时间和基线；这些患者不属于治疗人群。", "No start, no times and no baseline; they are not of the treated population."),
        Text("补上治疗开始日期。", "Give the treatment start.")),
)  # fmt: skip

_LESIONS = (
    Rule("lesion_conflict", "quarantine", "lesions",
        Text("{source} 有 {n} 个病灶前后描述矛盾。", "{source} has {n} lesion(s) described in contradicting ways."),
        Text("病灶类别决定它如何计入，故该患者也须剔除。", "A lesion's role decides how it counts, so the patient is left out."),
        Text("每个病灶保留一种描述。", "Keep one description a lesion.")),
    Rule("lesion_undeclared", "quarantine", "measurements",
        Text("{source} 有 {n} 行测量的病灶未在病灶表中说明。", "{source} has {n} measurement(s) of [a lesion that was|lesions that were] never declared."),
        Text("它可能是新病灶，即进展，故该患者也须剔除。", "It may be a new lesion, that is a progression, so the patient is left out."),
        Text("在病灶表中补上该病灶，或更正编号。", "Declare the lesion, or mend its number.")),
    Rule("new_lesion_at_baseline", "quarantine", "measurements",
        Text("{source} 有 {n} 行的“新病灶”在治疗开始时已存在。", "{source} has {n} row(s) of a new lesion seen by the treatment start."),
        Text("基线已有的病灶不是新病灶；类别或日期有误，故该患者须剔除。", "What is there at baseline is not new: role or date is wrong, so the patient is left out."),
        Text("更正类别或日期。", "Mend the role or the date.")),
    Rule("too_many_targets", "warning", "lesions",
        Text("{source} 有 {n} 名患者的靶病灶超过 5 个。", "{source} has {n} patient(s) with more than 5 target lesions."),
        Text("RECIST 1.1 最多 5 个；总和照算。", "RECIST 1.1 takes at most 5; the sum is taken as given."),
        Text("核对靶病灶的选择。", "Check the choice of targets.")),
    Rule("too_many_targets_in_organ", "warning", "lesions",
        Text("{source} 有 {n} 处同一器官的靶病灶超过 2 个。", "{source} has {n} organ(s) with more than 2 target lesions."),
        Text("RECIST 1.1 每器官最多 2 个（淋巴结合为一个器官）；总和照算。", "RECIST 1.1 takes at most 2 an organ, all nodes being one; the sum is taken as given."),
        Text("核对靶病灶的选择。", "Check the choice of targets.")),
    Rule("small_target_node", "warning", "measurements",
        Text("{source} 有 {n} 个靶淋巴结基线短径不足 15 mm。", "{source} has {n} target node(s) under 15 mm at baseline."),
        Text("RECIST 1.1 中不属可测量病灶；照算。", "Not measurable by RECIST 1.1; counted as given."),
        Text("核对短径，或改为非靶病灶。", "Check the short axis, or make it a non-target.")),
    Rule("small_target", "warning", "measurements",
        Text("{source} 有 {n} 个靶病灶基线过小。", "{source} has {n} target lesion(s) too small at baseline."),
        Text("RECIST 1.1：至少 10 mm，层厚超过 5 mm 时至少为层厚的两倍；照算。", "RECIST 1.1: at least 10 mm, or twice the slice where that is above 5 mm; counted as given."),
        Text("核对径线，或改为非靶病灶。", "Check the diameter, or make it a non-target.")),
    Rule("target_in_bone", "warning", "lesions",
        Text("{source} 有 {n} 个骨靶病灶没有软组织成分或为成骨性。", "{source} has {n} bone target(s) that [is|are] blastic or without a soft-tissue part."),
        Text("RECIST 1.1 中不属可测量病灶；照算。", "Not measurable by RECIST 1.1; counted as given."),
        Text("核对，或改为非靶病灶。", "Check, or make it a non-target.")),
    Rule("early_baseline", "warning", "measurements",
        Text("{source} 有 {n} 次基线检查早于治疗开始 28 天以上。", "{source} has {n} baseline scan(s) more than 28 days before treatment start."),
        Text("RECIST 1.1 要求 28 天内；照用。", "RECIST 1.1 asks for 28 days; used as given."),
        Text("核对日期。", "Check the dates.")),
    Rule("no_baseline", "warning", "lesions",
        Text("{source} 有 {n} 个靶病灶没有基线测量。", "{source} has {n} target lesion(s) without a baseline measurement."),
        Text("没有基线总和，就没有缓解。", "Without a baseline sum there is no response."),
        Text("补上基线测量。", "Add the baseline measurement.")),
    Rule("lesion_never_measured", "warning", "lesions",
        Text("{source} 有 {n} 个病灶没有任何测量。", "{source} has {n} lesion(s) without any measurement."),
        Text("视为从未评估。", "Read as never evaluated."),
        Text("补上测量，或删去该病灶。", "Add its measurements, or take the lesion out.")),
    Rule("absent_with_diameter", "warning", "measurements",
        Text("{source} 有 {n} 行状态为消失而径线大于 0。", "{source} has {n} row(s) that [is|are] absent and [has|have] a diameter above 0."),
        Text("状态与径线之一有误；按状态计。", "State or diameter is wrong; the state is taken."),
        _MEND),
    Rule("measured_without_diameter", "warning", "measurements",
        Text("{source} 有 {n} 行状态为已测量而没有径线。", "{source} has {n} row(s) that [is|are] measured and [has|have] no diameter."),
        Text("按未评估计，不会当作消失。", "Read as not evaluated, never as absent."),
        Text("补上径线，或改写状态。", "Give the diameter, or another state.")),
    Rule("nothing_recorded", "warning", "measurements",
        Text("{source} 有 {n} 行既无径线也无状态。", "{source} has {n} row(s) with neither diameter nor state."),
        Text("按未评估计，不会当作消失。", "Read as not evaluated, never as absent."),
        Text("补上径线或状态。", "Give the diameter or the state.")),
)  # fmt: skip

_SDTM = (
    Rule("partial_date", "warning", _ALL,
        Text("{source} 有 {n} 个日期只知年月或年。", "{source} has {n} date(s) known only to the month or the year."),
        Text("按 data.sdtm.partial_dates 所定的规则取一天；所取的日子列于旁边。", "A day is taken by the rule data.sdtm.partial_dates; it stands beside each."),
        Text("如能查到确切日期，请补全。", "Complete the dates where they can be found.")),
    Rule("domain_rows_unused", "warning", "measurements, assessments",
        Text("{source} 有未采用的检查项目。", "{source} has tests whose rows are not read."),
        Text("总和与分项评效由本软件推导，不照抄。", "Sums and partial responses are derived here, not copied."),
        Text("若其中有径线、状态或总体疗效，请在 data.sdtm.tests 写明代码。", "If one of them is a diameter, a state or the overall response, name its code under data.sdtm.tests.")),
    Rule("not_done_undated", "warning", "measurements",
        Text("{source} 有 {n} 行未做且无日期。", "{source} has {n} row(s) that [was|were] not done and [has|have] no date."),
        Text("该次评估中没有此病灶的行，即按未评估计。", "A lesion without a row at an assessment is read as not evaluated."),
        Text("无需处理。", "Nothing needs to be done.")),
    Rule("node_without_short_axis", "warning", "measurements",
        Text("{source} 有 {n} 个淋巴结只有长径。", "{source} has {n} node(s) with a longest diameter and no short axis."),
        Text("RECIST 1.1 按短径计；此处以长径代替，总和偏大。", "RECIST 1.1 takes the short axis; the longest diameter stands in, and sums are too large."),
        Text("如有短径（SAXIS、LPERP 或 DIAMETER），请补上。", "Add the short axis (SAXIS, LPERP or DIAMETER) where there is one.")),
    Rule("death_dates_differ", "warning", "patients",
        Text("{source} 有 {n} 名患者在各域中的死亡日期不同。", "{source} has {n} patient(s) whose death is dated otherwise in another domain."),
        Text("按 DM、DS、DD 的次序取第一个。", "The first of DM, DS, DD is taken."),
        _MEND_DATE),
    Rule("death_from_record", "warning", "patients",
        Text("{source} 中的死亡日期取自 DDDTC。", "{source} gives the day of death as DDDTC."),
        Text("DDDTC 本是记录日期，可能晚于死亡；DM.DTHDTC 与 DS 中没有这些患者的死亡日期。", "DDDTC is the day of the record, perhaps later than the death; neither DM.DTHDTC nor DS dates these deaths."),
        Text("补上 DM.DTHDTC。", "Fill in DM.DTHDTC.")),
)  # fmt: skip

_CONSEQUENCES = (
    Rule("patient_left_out", "quarantine", "patients",
        Text("有 {n} 名患者须整个剔除。", "{n} patient(s) must be left out altogether."),
        Text("其决定性数据有误（见其他各条），留下会得出错误的结论。", "Their decisive data are faulty (see the other findings); kept, they would give a wrong result."),
        Text("先修改其数据；或以 --accept-issues 剔除后继续。", "Mend their data, or go on without them by --accept-issues.")),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.id: rule for rule in _rules()}
