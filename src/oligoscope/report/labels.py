"""The few words that the writers add to a document."""

from __future__ import annotations

from oligoscope.bilingual import LANGUAGES, Language, Text, join_texts
from oligoscope.printing.blocks import Depth, FigureBlock, Notice, TableBlock

TABLE = Text("表", "Table ")
FIGURE = Text("图", "Fig. ")
# Chinese journals ask for captions and notes in English below the Chinese ones, with these labels.
SECOND_TABLE, SECOND_FIGURE = "Tab. ", "Fig. "
AFTER_NUMBER = Text("　", ". ")  # between a number and its title
NOTE = Text("注：", "Note: ")
NOTICES: dict[str, Text] = {
    "caution": Text("注意事项", "Caution"),
    "reference": Text("", ""),
    "withheld": Text("未给出", "Withheld"),
    "disclaimer": Text("声明", "Disclaimer"),
    "gate": Text("未达到预设标准", "A pre-specified criterion was not met"),
    "failed": Text("未能生成", "Left out"),
}


def notice_name(notice: Notice, language: Language) -> str:
    """What comes before the sentences of a notice: `Caution 2`; blank where they say it themselves."""
    name = NOTICES[notice.kind][language]
    return name if notice.number is None else f"{name} {notice.number}"


COLON = Text("：", ": ")  # after the name of a notice in running text
PAGE = (Text("第 ", "Page "), Text(" 页，共 ", " of "), Text(" 页", ""))  # around the two numbers


def languages_of(block: TableBlock | FigureBlock, language: Language) -> tuple[Language, ...]:
    """Of its caption and notes: in a Chinese file also English, where it is numbered and not of the team's own first page."""
    is_for_journal = block.number is not None and block.depth is not Depth.ANSWER
    return ("zh", "en") if language == "zh" and is_for_journal else (language,)


def joined_notes(notes: tuple[Text, ...]) -> Text:
    """The notes of a table or figure after one another; blank where there are none."""
    zh, en = (join_texts(notes, "", " ")[language] for language in LANGUAGES)
    return Text(NOTE.zh + zh if zh else "", NOTE.en + en if en else "")


def shortened(shown: int, total: int) -> Text:
    """The note below a long list of which only the first rows are printed."""
    return Text(
        f"共 {total} 行，此处列出前 {shown} 行；全部见 tables.xlsx。",
        f"The first {shown} of {total} rows are printed here; tables.xlsx holds every one.",
    )


APPENDIX_TABLE = Text("附表", "Appendix ")
CONTENTS = Text("目录", "Contents")
STORED = Text("results.csv 中的原值", "Stored values (results.csv)")
HOW_TO_READ = Text(
    "每张表左侧为报告中的印刷形式，右侧为对应的原值：value、low、high 即 results.csv 的同名列，key 为该行的七个键，以 | 分隔。",
    "Each table is at the left as it is printed in the report, with its stored values at the right: value, low and "
    "high are the columns of results.csv of these names; key is that row's seven keys, separated by |.",
)
