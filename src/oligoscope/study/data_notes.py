"""What each setting under `data` means: where the tables come from, and how their sheets and cells are read.

Keys are dotted names; `data.TABLE.x` is any table's source.
"""

from __future__ import annotations

from oligoscope.bilingual import Text

DATA_NOTES: dict[str, Text] = {
    "data": Text(
        "各表来自哪里：文件名，或长写法（列、取值的对应）。",
        "Where each table comes from: a file name, or the long form with columns and levels in your own words.",
    ),
    "data.folder": Text("数据文件夹，相对于本文件。", "Folder of the data files, relative to this file."),
    "data.partial_dates": Text(
        "只知年月或年的日期（2021-03、1950）取该段的首日、中间（15 日；7 月 1 日）、末日，或视为缺失；逐条列出，且不与该患者的其他日期矛盾。",
        "A date known to the month or year (2021-03, 1950) becomes its first day, its middle (the 15th; 1 July) or its last, or is missing; each is listed, "
        "and none contradicts the patient's other dates.",
    ),
    "data.sdtm": Text(
        "CDISC SDTM 各域（dm、tu、tr、rs、ds、dd、ex），代替下面各表；读法见 docs/sdtm.md。",
        "CDISC SDTM domains (dm, tu, tr, rs, ds, dd, ex) in place of the tables below; docs/sdtm.md describes how they are read.",
    ),
    "data.sdtm.folder": Text(
        "各域文件（parquet、xpt、csv、Dataset-JSON）所在文件夹，相对于数据文件夹。",
        "Folder of the domain files (parquet, xpt, csv or Dataset-JSON), relative to the data folder.",
    ),
    "data.sdtm.files": Text(
        "域: 文件名，仅当文件不以域命名时，如 {tu: tu_onco.parquet}。",
        "Domain: its file, where it is not named after the domain, as {tu: tu_onco.parquet}.",
    ),
    "data.sdtm.start": Text(
        "治疗开始日：reference_start 取 DM.RFSTDTC；first_dose 取 EX 中首次给药。",
        "The day of treatment start: DM.RFSTDTC (reference_start), or the first dose in EX.",
    ),
    "data.sdtm.treatment": Text(
        "哪些药物（EXTRT）的首末次给药计入；[] 为全部。",
        "Treatments (words of EXTRT) whose first and last dose count; []: all.",
    ),
    "data.sdtm.partial_dates": Text(
        "只知年月或年的日期取该段的首日、中间（15 日；7 月 1 日）、末日，或视为缺失；逐条列出。",
        "A date known to the month or year becomes its first day, its middle (the 15th; 1 July) or its last, or is missing; each is listed.",
    ),
    "data.sdtm.tests": Text(
        "径线、长径、短径、状态、新病灶、总体疗效各用哪些检查代码（TRTESTCD、RSTESTCD），代替 CDISC 的默认值。",
        "Test codes (TRTESTCD, RSTESTCD) of diameter, longest, short_axis, state, new and response, in place of CDISC's.",
    ),
    "data.sdtm.where": Text(
        "域: {列: [取值]}，只读这些行，如 {rs: {RSCAT: [RECIST 1.1]}}。",
        "Domain: {column: [words]}; read only these rows, as {rs: {RSCAT: [RECIST 1.1]}}.",
    ),
    "data.sdtm.missing": Text(
        "csv 中表示空白的写法；R 写出的 csv 为 NA；[] 为没有。", "Words of a csv that mean a blank cell: NA as R writes it; [] for none.",
    ),
    "data.sdtm.encoding": Text(
        "csv 的编码，如 latin-1；不写则为 UTF-8，否则 GB18030 或 Windows-1252（取可能者），并予说明。",
        "Encoding of csv files, as latin-1; else UTF-8, or the likelier of GB18030 and Windows-1252, which is then said.",
    ),
    "data.sdtm.columns": Text(
        "本软件的列名: 域中的列名，代替默认的，如 {arm: ACTARM, role: TUGRPID}。",
        "Column of the program: column of the domain, in place of the usual one, as {arm: ACTARM, role: TUGRPID}.",
    ),
    "data.sdtm.levels": Text(
        "本软件的列名: {本软件的取值: [域中的取值]}，先于 CDISC 术语，如 {organ: {lung: [CHEST]}}。",
        "Column of the program: {its word: [words of the domain]}, before CDISC's terms, as {organ: {lung: [CHEST]}}.",
    ),
    "data.sdtm.join": Text(
        "从其他域或文件补充的患者列，如 QS 中的 ECOG 评分。",
        "Columns of patients from another domain or file, as the ECOG performance status in QS.",
    ),
    "data.patients": Text(
        "患者表，每人一行；本软件不认识的列作为协变量保留。",
        "One row a patient; columns unknown to the program are kept as covariates.",
    ),
    "data.lesions": Text("病灶表，每个病灶一行。", "One row a lesion."),
    "data.measurements": Text("测量表，每个病灶每次检查一行。", "One row a lesion and scan."),
    "data.treatments": Text("治疗表：各线方案与局部治疗。", "Lines of therapy, and local treatments."),
    "data.assessments": Text(
        "已有的评效，用于比较（或代替病灶，见 response.source）。",
        "Given responses, for comparison (or in place of lesions: response.source).",
    ),
    "data.progressions": Text(
        "已判读的首次进展，用于没有病灶数据的研究。",
        "First progressions already read, for studies without lesion data.",
    ),
    "data.places": Text(
        "部位词（任何表的器官或淋巴结站）: 本软件的部位，如 {胸腔占位: pleura, 锁上: lymph_node 1, 腹膜后: own}；own 为单独的器官。",
        "Word of an organ or station in any table: its place, as {Left chest: pleura, SCF: lymph_node 1, Retroperitoneum: own}; own: an organ of its own.",
    ),
    "data.cohort": Text(
        "研究团队已分类的队列，每名患者一行：协变量、进展模式、耐药类型、各结局的时间与事件；可代替其余各表。",
        "Patients whom the team has classified already, one row each: covariates, pattern, resistance, times and events; alone it is a study.",
    ),
    "data.TABLE.files": Text("一个或多个文件（xlsx、xls、csv、sav、dta、sas7bdat、xpt、parquet、Dataset-JSON），依次相接。", "One or more files (xlsx, xls, csv, sav, dta, sas7bdat, xpt, parquet, Dataset-JSON), one after the other."),
    "data.TABLE.sheet": Text(
        "xlsx 的工作表名，可写多个；all 表示含有该表各列的全部工作表；不写则取与表同名的或唯一的工作表。",
        "Sheet of a workbook, or several; all: every sheet that has the columns of the table; else the sheet named as the table, or the only one.",
    ),
    "data.TABLE.header_row": Text(
        "表头所在行，两行表头写 [3, 4]；不写则由内容找出。", "Row of the header, of two rows [3, 4]; else found from the cells.",
    ),
    "data.TABLE.units_row": Text(
        "表头下写单位或格式的行；0 表示没有；不写则由内容找出。",
        "Row of units or formats under the header; 0: there is none; else found from the cells.",
    ),
    "data.TABLE.ignored_rows": Text("不是数据的行，如 [47, 48]。", "Rows that are not data, as [47, 48]."),
    "data.TABLE.last_row": Text("数据的最后一行；其后不读。", "The last row of data; nothing after it is read."),
    "data.TABLE.wide": Text(
        "每次检查一列的测量表；true：确定时自动识别；false：不识别。",
        "Measurements with a column for each scan; true: found where it is certain; false: not looked for.",
    ),
    "data.TABLE.wide.value": Text(
        "写径线或状态的列名，* 为第几次，<lesion> 为病灶，如 [评效*]。",
        "Headers of sizes or states; * is the scan, <lesion> the lesion, as [\"Scan * size\"].",
    ),
    "data.TABLE.wide.date": Text("各次检查日期的列名，如 [日期*]。", "Headers of the dates of scans, as [\"Scan * date\"]."),
    "data.TABLE.wide.dates_in": Text(
        "日期不在列中时：header 为列名本身，数字为工作表的某一行。",
        "Where dates are in no column: header, in the headers; a number, in that row of the sheet.",
    ),
    "data.TABLE.wide.columns": Text(
        "本软件的列名: 每次检查一列的列名，如 {modality: 方式*}。",
        "Column of the program: headers with one column a scan, as {modality: \"Scan * modality\"}.",
    ),
    "data.TABLE.columns": Text(
        "本软件的列名: 您的列名；写列表时取第一个非空的；\"[sheet]\" 为工作表名，\"[file]\" 为文件名。",
        "Column of the program: your column; of a list the first that is not blank; \"[sheet]\" is the title of the sheet, \"[file]\" the name of the file.",
    ),
    "data.TABLE.levels": Text(
        "本软件的列名: {本软件的取值: [您的写法]}；\"\" 表示缺失，[\"*\"] 表示其余全部。",
        "Column of the program: {its word: [your words]}; \"\" means missing, [\"*\"] every other word.",
    ),
    "data.TABLE.where": Text("只读这些行，您的列名: [取值]。", "Read only the rows with these values; your column: [words]."),
    "data.TABLE.missing": Text("除空白外还表示缺失的写法，如 [NA]。", "Words that mean missing besides a blank cell, as [NA]."),
    "data.TABLE.units": Text(
        "列的单位，如 {pd_l1_tps: fraction, diameter_mm: cm}：fraction 表示 0.6 即 60%，percent 表示 0.6 即 0.6%；长度为 mm 或 cm，径线还可为 by_patient（全部径线约为他人十分之一的患者按 cm，其余按 mm）。",
        "Of a column, as {pd_l1_tps: fraction, diameter_mm: cm}: fraction, 0.6 is 60 %; percent, 0.6 is 0.6 %; lengths are in mm or cm, "
        "diameters also by_patient: in cm of patients all of whose sizes are about a tenth of the others', else in mm.",
    ),
    "data.TABLE.dates": Text(
        "列中日期的次序，如 {died_on: day_first}：04/03/2020 为 3 月 4 日；month_first 为 4 月 3 日；year_first 用于 20.3.4 这类两位年份；excel：43894 为 Excel 的日期序号（excel_1904：自 1904 年起）。",
        "Order of the dates of a column, as {died_on: day_first}: 04/03/2020 is 4 March; month_first: 3 April; year_first: 20.3.4 is 4 March 2020; excel: 43894 is a day as Excel counts it (excel_1904: from 1904).",
    ),
    "data.TABLE.partial_dates": Text(
        "某列与 data.partial_dates 不同时，如 {birth_date: first}。",
        "Of a column for which it is not as data.partial_dates, as {birth_date: first}.",
    ),
    "data.TABLE.decimal": Text("小数点的写法；comma 表示 12,5 即 12.5。", "The decimal sign; comma: 12,5 is 12.5."),
    "data.TABLE.two_diameters": Text(
        "测量表中一格写两个径线（12×8）时取哪一个：recist 为淋巴结取短径、其他病灶取长径；longest 取长者；shortest 取短者。",
        "Of measurements with two diameters in a cell (12×8): recist, the short axis of a node and the longest diameter of another lesion; longest; shortest.",
    ),
    "data.TABLE.encoding": Text(
        "csv 的编码，如 latin-1；不写则为 UTF-8，否则 GB18030 或 Windows-1252（取可能者），并予说明。",
        "Encoding of csv files, as latin-1; else UTF-8, or the likelier of GB18030 and Windows-1252, which is then said.",
    ),
    "data.TABLE.constants": Text("整列同一个值，本软件的列名: 值。", "One value for every row; column of the program: value."),
    "data.TABLE.join": Text("从另一个文件按患者编号补充的列。", "Columns added from another file by the patient's number."),
    "data.TABLE.join.file": Text("该文件名。", "That file."),
    "data.TABLE.join.key": Text("该文件中的患者编号列。", "The column there that holds the patient's number."),
    "data.TABLE.join.sheet": Text("该文件的工作表名。", "Its sheet, where it is a workbook."),
    "data.TABLE.join.columns": Text("本软件的列名: 该文件的列名。", "Column of the program: the column there."),
    "data.TABLE.join.where": Text("只读该文件的这些行。", "Read only these rows there."),
}  # fmt: skip
