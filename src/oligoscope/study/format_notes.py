"""What the settings of databases, REDCap and GENIE mean; a part of `setting_notes`."""

from __future__ import annotations

from oligoscope.bilingual import Text

FORMAT_NOTES: dict[str, Text] = {
    "data.database": Text(
        "以 query 取表时的数据库地址，如 sqlite:///clinic.db、postgresql+psycopg://user@host/db；密码放在环境变量 OLIGOSCOPE_DATABASE_PASSWORD 中。",
        "Database of tables by query, as sqlite:///clinic.db or postgresql+psycopg://user@host/db; its password is in the environment "
        "variable OLIGOSCOPE_DATABASE_PASSWORD.",
    ),
    "data.genie": Text(
        "AACR GENIE BPC（PRISSMM）各数据集所在文件夹，代替下面各表；须配合 response.source: assessments。",
        "Folder of the PRISSMM data sets of AACR GENIE BPC, in place of the tables below; needs response.source: assessments.",
    ),
    "data.TABLE.query": Text("代替文件：一条 SELECT。", "In place of files: one SELECT."),
    "data.TABLE.database": Text(
        "该查询的数据库地址；不写则为 data.database。", "The database of the query; else data.database."
    ),
    "data.TABLE.dictionary": Text(
        "REDCap 的数据字典（csv），说明各代码的含义。",
        "The data dictionary of REDCap (csv), which says what codes mean.",
    ),
}
