"""Cells as people write them: each a value, missing, or a question; in both languages and in any width."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import to_excel

from oligoscope.intake.checks.values import SERIAL, Elsewhere, Fault, Partial, micrometres, parser
from oligoscope.intake.checks.written_dates import order_of
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.column_reading import AS_USUAL, Reading
from oligoscope.intake.period import Period
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.schemas import LESIONS, MEASUREMENTS, PATIENTS, PROGRESSIONS, TREATMENTS

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

ASKED = "asked"
DIAMETER, SLICE = MEASUREMENTS.column("diameter_mm"), MEASUREMENTS.column("slice_mm")
AGE, TPS, PD_L1, ECOG = (PATIENTS.column(n) for n in ("age_years", "pd_l1_tps", "pd_l1", "ecog"))
DIED, BIRTH, SCANNED = (
    PATIENTS.column("died_on"),
    PATIENTS.column("birth_date"),
    MEASUREMENTS.column("assessed_on"),
)
ENDED, COUNT = TREATMENTS.column("ended_on"), PROGRESSIONS.column("n_progressing_lesions")


def read(column: Variable, text: str, reading: Reading = AS_USUAL) -> object:
    """The value of a cell; a length in micrometres; ASKED where it cannot be read."""
    cleaned = clean(text)
    value = None if cleaned is None else parser(column, reading)(cleaned)
    if isinstance(value, Fault):
        return ASKED
    if isinstance(value, Elsewhere):
        return (value.column, value.value)
    if isinstance(value, Decimal) and column.name.endswith("_mm"):
        return micrometres(value)
    return float(value) if isinstance(value, Decimal) else value


def asked_of(text: str) -> Fault:
    """The question that a diameter asks."""
    value = parser(DIAMETER)(text)
    assert isinstance(value, Fault)
    return value


def table(column: Variable, rows: str) -> list[ParameterSet]:
    """Rows of `cell | value`, separated by lines; the value is a Python expression."""
    found: list[ParameterSet] = []
    for line in rows.strip().splitlines():
        text, _, value = line.rpartition("|")
        found.append(pytest.param(column, text.strip(), eval(value), id=f"{column.name}: {text.strip()}"))
    return found


CELLS = [
    *table(DIAMETER, """
        12.5 | 12500
        12.50 | 12500
        .5 | 500
        5mm | 5000
        5 mm | 5000
        5MM | 5000
        5㎜ | 5000
        12 毫米 | 12000
        12毫米 | 12000
        1.2cm | 12000
        1.2 cm | 12000
        1.2 CM | 12000
        1.2㎝ | 12000
        3.4厘米 | 34000
        3.4 公分 | 34000
        2.05 centimetres | 20500
        41.0 millimeters | 41000
        0 | 0
        0mm | 0
        400 | 400000
        40cm | 400000
        401 | ASKED
        41cm | ASKED
        -8 | ASKED
        -8mm | ASKED
        5 kg | ASKED
        5 inch | ASKED
        5m | ASKED
        12..5 | ASKED
        12。5 | ASKED
        1 2 | ASKED
        12,5 | ASKED
        1,234 | ASKED
        12，5 | ASKED
        20-30 | ASKED
        20~30mm | ASKED
        20至30 | ASKED
        12×8 mm | ASKED
        12x8 | ASKED
        12X8 | ASKED
        23*15 | ASKED
        23 * 15mm | ASKED
        2.3cm×1.5cm | ASKED
        12×8×7 | ASKED
        <5 | ASKED
        ＜5mm | ASKED
        ≤10 | ASKED
        >20 | ASKED
        约12 | ASKED
        12左右 | ASKED
        12+ | ASKED
        5? | ASKED
        ? | ASKED
        二十 | ASKED
        未测 | None
        未测量 | ("state", "not_evaluated")
        未做 | ("state", "not_evaluated")
        未查 | None
        不详 | None
        缺失 | None
        NA | None
        N/A | None
        n/a | None
        ND | None
        n.d. | None
        NaN | None
        - | None
        — | None
        —— | None
        / | None
        ／ | None
        unknown | None
        Not Done | ("state", "not_evaluated")
        not_done | ("state", "not_evaluated")
        消失 | ("state", "absent")
        Absent | ("state", "absent")
        过小 | ("state", "too_small")
        too small | ("state", "too_small")
        未评估 | ("state", "not_evaluated")
        明确进展 | ("state", "unequivocal_progression")
        已测量 | ASKED
        #DIV/0! | ASKED
        =B2*10 | ASKED
    """),
    *table(SLICE, "5 | 5000\n1.25mm | 1250\n0.5cm | 5000\n6cm | ASKED"),
    *table(AGE, """
        62 | 62
        62岁 | 62
        62 岁 | 62
        ６２岁 | 62
        62周岁 | 62
        62 years | 62
        62 yrs | 62
        62y | 62
        62 y/o | 62
        62-year-old | ASKED
        年龄62 | 62
        62.5 | 62.5
        约62 | ASKED
        60-65 | ASKED
        >80 | ASKED
        6岁2月 | ASKED
        62月 | ASKED
        621 | ASKED
        不详 | None
        NK | None
    """),
    *table(ECOG, """
        1 | 1
        1.0 | 1
        1分 | 1
        1 分 | 1
        １分 | 1
        PS 1 | 1
        PS1 | 1
        PS=1 | 1
        PS：1 | 1
        ps-1 | 1
        PS评分1分 | 1
        ECOG 1 | 1
        ECOG PS 1 | 1
        ECOG-PS: 1 | 1
        1级 | 1
        0-1 | ASKED
        0~1 | ASKED
        ≥2 | ASKED
        1.5 | ASKED
        6 | ASKED
        KPS 80 | ASKED
        80 | ASKED
        一 | ASKED
        未评 | ASKED
        未评估 | None
    """),
    *table(TPS, """
        35 | 35
        35% | 35
        35 % | 35
        35％ | 35
        0.5% | 0.5
        TPS 80% | 80
        TPS=80 | 80
        TPS：80％ | 80
        PD-L1 TPS 5% | 5
        80 percent | 80
        CPS 10 | ASKED
        120% | ASKED
        <1% | ("pd_l1", "<1%")
        ＜1% | ("pd_l1", "<1%")
        <1 | ("pd_l1", "<1%")
        < 1 % | ("pd_l1", "<1%")
        阴性 | ("pd_l1", "<1%")
        阴性（<1%） | ("pd_l1", "<1%")
        阴性(TPS<1%) | ("pd_l1", "<1%")
        Negative (<1%) | ("pd_l1", "<1%")
        阳性（<1%） | ASKED
        阴性（≥50%） | ASKED
        阳性 | ASKED
        1-49% | ("pd_l1", "1-49%")
        1%-49% | ("pd_l1", "1-49%")
        1~49 | ("pd_l1", "1-49%")
        1–49% | ("pd_l1", "1-49%")
        20-30% | ("pd_l1", "1-49%")
        60-70% | ("pd_l1", ">=50%")
        40-60% | ASKED
        0-1% | ASKED
        >50% | ("pd_l1", ">=50%")
        ≥50% | ("pd_l1", ">=50%")
        ≥ 50 | ("pd_l1", ">=50%")
        >=50% | ("pd_l1", ">=50%")
        高表达（≥50%） | ("pd_l1", ">=50%")
        50%以上 | ("pd_l1", ">=50%")
        >90% | ("pd_l1", ">=50%")
        ≥1% | ASKED
        >1% | ASKED
        <50% | ASKED
        <=1% | ASKED
        >49% | ASKED
        未检测 | None
    """),
    *table(PD_L1, """
        <1% | "<1%"
        ＜1% | "<1%"
        阴性 | "<1%"
        35% | "1-49%"
        35 | "1-49%"
        80% | ">=50%"
        0% | "<1%"
        0.5% | "<1%"
        ≥50% | ">=50%"
        20-30% | "1-49%"
        0.35 | ASKED
        1 | ASKED
        1% | "1-49%"
        阳性 | ASKED
        未查 | None
    """),
    *table(COUNT, """
        3 | 3
        3.0 | 3
        3个 | 3
        3 处 | 3
        3 lesions | 3
        ≥5 | ASKED
        >5 | ASKED
        5+ | ASKED
        5个以上 | ASKED
        多发 | ASKED
        multiple | ASKED
        2-3 | ASKED
        3.5 | ASKED
        不详 | None
    """),
    *table(DIED, """
        存活 | None
        alive | None
        未死亡 | None
        无 | None
        失访 | None
        2020年3月 | Period(date(2020, 3, 1), date(2020, 3, 31))
        死亡 | ASKED
    """),
    *table(ENDED, "ongoing | None\n用药中 | None\n至今 | None\n2020-02-30 | ASKED"),
    *table(SCANNED, "NA | None\n未做 | None\n下周 | ASKED"),
    *table(LESIONS.column("lesion_id"), "NA | 'NA'\n001 | '001'\n1.0 | '1.0'\n12-3 | '12-3'"),
    *table(PATIENTS.column("driver_gene"), "未知 | 'unknown'\n未查 | 'unknown'\nNA | None\nEGFR 19del? | ASKED"),
    *table(LESIONS.column("station"), "NA | None\n/ | None\n7 | '7'"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "text", "value"), CELLS)
def test_a_cell_is_a_value_missing_or_a_question(column, text, value):
    found = parser(column, Reading(partial="middle"))(clean(text) or "") if column.kind == "date" else None

    assert (found.period if isinstance(found, Partial) else read(column, text)) == value


def test_there_are_enough_rows():
    assert len(CELLS) >= 150


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("12×8", "short axis"),
        ("12,5", "decimal: comma"),
        ("20-30", "range"),
        ("≥5", "limit"),
        ("多发", "limit"),
    ],
)
def test_a_question_says_what_the_cell_is(text, says):
    assert says in asked_of(text).expected.en
    assert asked_of(text).expected.zh


# ---- what the column says ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "reading", "text", "value"),
    [
        (DIAMETER, Reading(unit="cm"), "1.2", 12000),
        (DIAMETER, Reading(unit="cm"), "12mm", 12000),
        (DIAMETER, Reading(unit="cm"), "1.2cm", 12000),
        (DIAMETER, Reading(unit="mm"), "12", 12000),
        (DIAMETER, Reading(unit="cm"), "45", ASKED),
        (DIAMETER, Reading(decimal_comma=True), "12,5", 12500),
        (DIAMETER, Reading(decimal_comma=True), "1,2 cm", 12000),
        (DIAMETER, Reading(decimal_comma=True), "12.5", 12500),
        (TPS, Reading(unit="fraction"), "0.35", 35),
        (TPS, Reading(unit="fraction"), "35%", 35),
        (TPS, Reading(unit="percent"), "0.35", 0.35),
        (TPS, Reading(mixed_scale=True), "0.35", ASKED),
        (TPS, Reading(mixed_scale=True), "0.35%", 0.35),
        (TPS, Reading(mixed_scale=True), "35", 35),
        (TPS, Reading(mixed_scale=True), "0", 0),
        (LESIONS.column("lesion_id"), Reading(whole_ids=True), "12.0", "12"),
        (DIAMETER, Reading(only_named_missing=True), "NA", ASKED),
    ],
)
def test_what_is_true_of_the_column_is_used(column, reading, text, value):
    assert read(column, text, reading) == value


@given(st.integers(0, 400_000))
def test_lengths_in_either_unit_are_exact_in_micrometres(um):
    mm, cm = Decimal(um) / 1000, Decimal(um) / 10_000

    assert read(DIAMETER, f"{mm:f}mm") == um
    assert read(DIAMETER, f"{cm:f} cm") == um
    assert read(DIAMETER, f"{cm:f}", Reading(unit="cm")) == um


@given(
    st.sampled_from([p.values for p in CELLS if p.values[0].kind in {"number", "integer", "level"}]),
    st.sampled_from(["", " ", "  ", "\u3000", "\t"]),
    st.booleans(),
)
def test_width_and_blanks_around_do_not_matter(row, blank, wide):
    column, text, value = row
    if wide:
        text = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
        assert unicodedata.normalize("NFKC", text)

    assert read(column, f"{blank}{text}{blank}") == value


# ---- dates -----------------------------------------------------------------------------------------

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip
FORMATS = [
    "{y:04}-{m:02}-{d:02}", "{y:04}-{m}-{d}", "{y:04}/{m}/{d}", "{y:04}.{m}.{d}", "{y:04} {m} {d}", "{y:04}. {m}. {d}",
    "{y:04}{m:02}{d:02}", "{y}年{m}月{d}日", "{y} 年 {m} 月 {d} 日", "{y}年{m:02}月{d:02}号", "{d:02}-{b}-{y}", "{d}-{b}-{y}",
    "{d} {B} {y}", "{B} {d}, {y}", "{b} {d} {y}", "{d}{b}{y}", "{d:02}{bu}{y}", "{d}. {B} {y}", "{d}/{b}/{y}", "{y}-{b}-{d:02}",
    "{B} {d}th, {y}", "{d}th of {B} {y}", "{y:04}-{m:02}-{d:02}T10:30:00Z", "{y:04}-{m:02}-{d:02}T23:30:00+08:00",
    "{y:04}-{m:02}-{d:02} 10:30:00.000", "{y}/{m}/{d} 0:00", "{y}/{m}/{d} 10:30 PM", "{d:02}{bu}{y}:00:00:00",
    "{y}年{m}月{d}日 10:30", "{y}年{m}月{d}日 星期三", "Wednesday, {B} {d}, {y}",
]  # fmt: skip


def written(day: date, form: str) -> str:
    name = MONTHS[day.month - 1]
    return form.format(y=day.year, m=day.month, d=day.day, B=name, b=name[:3], bu=name[:3].upper())


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(FORMATS))
def test_every_day_is_read_in_every_form(day, form):
    assert read(SCANNED, written(day, form)) == day


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from("-/. "))
def test_day_and_month_are_read_in_the_order_of_the_column(day, sign):
    by_day, by_month = (
        f"{day.day}{sign}{day.month}{sign}{day.year}",
        f"{day.month:02}{sign}{day.day:02}{sign}{day.year}",
    )

    assert read(SCANNED, by_day, Reading(date_order="day_first")) == day
    assert read(SCANNED, by_month, Reading(date_order="month_first")) == day
    alone = read(SCANNED, by_day)
    assert alone == (day if day.day > 12 or day.day == day.month else ASKED)


@given(st.dates(date(1900, 3, 1), date(2100, 12, 31)))
def test_a_day_of_a_workbook_is_read_from_either_day_zero(day):
    for zero in (datetime(1899, 12, 30), datetime(1904, 1, 1)):
        if day > zero.date():
            serial = to_excel(day, zero)
            assert parser(SCANNED)(f"{SERIAL}{zero.date().isoformat()} {serial}") == day
            assert parser(SCANNED)(f"{SERIAL}{zero.date().isoformat()} {serial - 1 / 86_400 + 1e-9}") == day


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2020-03-03 23:59:59", date(2020, 3, 4)),
        ("2020-03-03 23:59:59.999", date(2020, 3, 4)),
        ("2020-03-03 23:59:00", date(2020, 3, 3)),
        ("2020-03-03T23:59:58", date(2020, 3, 3)),
        ("2020-03-03 24:30", ASKED),
        ("2020-03-03 10:61", ASKED),
        ("二〇二〇年三月四日", date(2020, 3, 4)),
        ("二○二○年十二月三十一日", date(2020, 12, 31)),
        ("一九五〇年十月二十日", date(1950, 10, 20)),
        ("".join(chr(ord(sign) + 0xFEE0) for sign in "2020-03-04"), date(2020, 3, 4)),
        ("27-Jan-2025", date(2025, 1, 27)),
        ("4 March 2021", date(2021, 3, 4)),
        ("March 4, 2021", date(2021, 3, 4)),
        ("Sept 4 2021", date(2021, 9, 4)),
        ("31-Feb-2021", ASKED),
        ("4 Mars 2021", ASKED),
        ("4 Mai 2021", ASKED),
        ("20.3.4", ASKED),
        ("20-3-4", ASKED),
        ("04/03/21", ASKED),
        ("27-Jan-25", ASKED),
        ("200304", ASKED),
        ("43894", ASKED),
        ("民国109年3月4日", ASKED),
        ("3月4日", ASKED),
        ("2020-3/4", ASKED),
        ("2020年3月4日左右", ASKED),
        ("2020-03-04 or 05", ASKED),
        ("2101-01-01", ASKED),
    ],
)  # fmt: skip
def test_dates_that_are_less_plain(text, value):
    assert read(SCANNED, text) == value


@pytest.mark.parametrize(
    ("column", "order", "text", "value"),
    [
        (SCANNED, "year_first", "20.3.4", date(2020, 3, 4)),
        (SCANNED, "day_first", "04/03/21", date(2021, 3, 4)),
        (SCANNED, "month_first", "04/03/21", date(2021, 4, 3)),
        (SCANNED, "day_first", "27-Jan-25", date(2025, 1, 27)),
        (BIRTH, "year_first", "50.3.4", date(1950, 3, 4)),
        (BIRTH, "day_first", "04/03/50", date(1950, 3, 4)),
        (SCANNED, "year_first", "04/03/2020", ASKED),
        (SCANNED, "month_first", "27/03/2020", ASKED),
    ],
)
def test_a_declared_order_reads_years_of_two_digits(column, order, text, value):
    assert read(column, text, Reading(date_order=order, is_declared=True)) == value


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("04/03/2020", "27/03/2020"), "day_first"),
        (("04/03/2020", "03/27/2020"), "month_first"),
        (("27.3.2020", "4.3.2020"), "day_first"),
        (("27/03/2020", "03/27/2020"), None),
        (("04/03/2020", "05/06/2020"), None),
        (("2020-03-27", "04/03/2020"), None),
        (("32/03/2020", "27/13/2020"), None),
        ((), None),
    ],
)
def test_the_order_is_taken_from_a_date_that_allows_no_other_and_none_contradicts(texts, order):
    assert order_of(texts)[0] == order


JUNE, YEAR = Period(date(2021, 6, 1), date(2021, 6, 30)), Period(date(2021, 1, 1), date(2021, 12, 31))
PARTIAL = {
    "2021-06": JUNE, "2021-6": JUNE, "2021.6": JUNE, "2021/06": JUNE, "2021年6月": JUNE, "2021年6月份": JUNE, "Jun 2021": JUNE,
    "June 2021": JUNE, "JUN2021": JUNE, "Jun-2021": JUNE, "06/2021": JUNE, "2021-06-UN": JUNE, "2021-06-UNK": JUNE, "2021-06-XX": JUNE,
    "2021-06-??": JUNE, "2021-06--": JUNE, "2021-06-00": JUNE, "UNK-JUN-2021": JUNE, "UN-Jun-2021": JUNE, "UN/06/2021": JUNE,
    "2021-Jun": JUNE, "二〇二一年六月": JUNE, "2021": YEAR, "2021年": YEAR, "2021-UN-UN": YEAR, "2021-00-00": YEAR, "UN-UNK-2021": YEAR,
    "UN/UN/2021": YEAR, "2021---15": YEAR, "2021年6月上旬": Period(date(2021, 6, 1), date(2021, 6, 10)),
    "2021年6月中旬": Period(date(2021, 6, 11), date(2021, 6, 20)), "2021年6月底": Period(date(2021, 6, 21), date(2021, 6, 30)),
}  # fmt: skip


@pytest.mark.parametrize(("text", "period"), PARTIAL.items())
def test_a_date_known_to_the_month_or_year_is_a_period_by_a_rule_only(text, period):
    parsed = parser(SCANNED, Reading(partial="first"))(clean(text) or "")

    assert parsed == Partial(period, period.first)
    assert read(SCANNED, text) == ASKED
    assert parser(SCANNED, Reading(partial="missing"))(clean(text) or "") == Partial(period, None)


@pytest.mark.parametrize("text", ["2021-13", "1850", "2021-3-32", "2021年13月", "21-06", "Q2 2021", "202106"])
def test_what_is_no_month_or_year_is_asked(text):
    assert isinstance(parser(SCANNED, Reading(partial="first"))(text), Fault)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["first", "middle", "last"]))
def test_the_day_that_a_rule_takes_lies_in_the_month(day, rule):
    found = parser(SCANNED, Reading(partial=rule))(f"{day.year}-{day.month:02}")

    assert found.day.replace(day=1) == day.replace(day=1)
    assert found.period.last + timedelta(days=1) == (day.replace(day=28) + timedelta(days=4)).replace(day=1)
