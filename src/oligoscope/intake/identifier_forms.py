"""Forms and headers of direct identifiers: id card and telephone numbers, names, addresses, e-mail, hospital numbers.

A form is used where it cannot well be anything else. Laboratory values, dates, accession numbers and the ids of
lesions are numbers, too: an id card number has a date and a check digit, a column of mobile numbers has nothing
else in it and no common beginning. What a form cannot show (a name in Latin letters, a hospital number) is known by
its header alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from oligoscope.bilingual import Text

MASK = "***"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A kind of direct identifier.

    Attributes:
        name: What it is called in a finding.
        english: Headers in English: words of small letters, without those of `_OF_WHOM` and `_NUMBER`.
        numbered: Headers in English that say so only with a word of `_NUMBER` after them.
        chinese: Parts of headers in Chinese.
        not_chinese: Parts of headers in Chinese that say something else of it.
    """

    name: Text
    english: frozenset[str]
    numbered: frozenset[str]
    chinese: tuple[str, ...]
    not_chinese: tuple[str, ...] = ()


def _kind(zh: str, en: str, english: str, chinese: str, numbered: str = "", no: str = "") -> Identifier:
    words = frozenset(english.split(", ")), frozenset(numbered.split(", ") if numbered else ())
    return Identifier(Text(zh, en), *words, tuple(chinese.split()), tuple(no.split()))


ID_NUMBER = _kind(
    "证件号码", "id card numbers",
    "id card, identity card, national id, identification, citizen id, resident id, ssn, social security, passport, nhs, "
    "driver license, drivers license, driving licence",
    "身份证 证件号 护照 社保号 社保卡 社会保障号 驾驶证 公民身份",
    "identity, national identity, personal",
)  # fmt: skip
TELEPHONE = _kind(
    "电话号码", "telephone numbers",
    "phone, telephone, tel, mobile phone, cell phone, cellphone, mobile telephone, fax, whatsapp, wechat, weixin, qq",
    "电话 手机 联系方式 联系号码 传真 微信号 QQ号", "mobile, cell, contact", "随访 回访 日期 时间 是否",
)  # fmt: skip
EMAIL = _kind(
    "电子邮箱",
    "e-mail addresses",
    "email, e mail, mail, email address, e mail address",
    "邮箱 电子邮件 邮件地址",
)
ADDRESS = _kind(
    "地址", "addresses",
    "address, street, street address, postal code, post code, postcode, zip, zip code, zipcode",
    "地址 住址 现住 居住地 户籍地 户口 邮编 邮政编码", "house", "网址 邮件地址 网络地址",
)  # fmt: skip
HOSPITAL_NUMBER = _kind(
    "住院号、医保号等", "hospital or insurance numbers",
    "mrn, medicare, medicaid",
    "住院号 病案号 病历号 门诊号 就诊卡 就诊号 医保号 医保卡 医保编号 医疗保险号 参保号 诊疗卡 健康卡 住院编号",
    "medical record, hospital, chart, admission, inpatient, outpatient, insurance, health insurance, insurance card, health card",
    "日期 时间 是否 类型 类别",
)  # fmt: skip
NAME = _kind(
    "姓名", "names",
    "full name, first name, last name, given name, surname, middle name, maiden name, forename, nickname, initials, "
    "next of kin, pinyin, name pinyin, pinyin name, chinese name, english name, name initials",
    "姓名 患者名 病人名 曾用名 联系人 监护人 家属 姓氏", "", "药 方案 医院 机构 检查 项目 研究 日期 是否 关系 史 随访",
)  # fmt: skip
BIRTH_DATE = _kind(
    "出生日期",
    "dates of birth",
    "date of birth, birth date, birthdate, dob, birthday, birth day",
    "出生日期 出生年月 生日",
)
KINDS = (ID_NUMBER, TELEPHONE, EMAIL, ADDRESS, HOSPITAL_NUMBER, NAME, BIRTH_DATE)
_OF_WHOM = {
    "patient", "patients", "pt", "pts", "subject", "participant", "person", "emergency", "home", "work", "family", "relative",
    "guardian", "contact", "mailing", "postal", "permanent", "current", "residential", "personal", "doctor",
    "physician", "surgeon", "own",
}  # fmt: skip
_NUMBER = {"no", "nr", "num", "number", "numbers", "id", "code"}


def kind_of_header(header: str, *, of_patients: bool = True) -> Identifier | None:
    """The kind of identifier that a header names; a column that is called `name` only in a table of patients."""
    written = unicodedata.normalize("NFKC", header)
    squeezed = re.sub(r"[\s_\-]+", "", written)
    for kind in KINDS:
        if any(part in squeezed for part in kind.chinese) and not any(
            p in squeezed for p in kind.not_chinese
        ):
            return kind
    words = _words(written)
    bare = [letters for word in words if (letters := word.rstrip("0123456789"))]
    if bare == ["name"] or bare in (["姓名"], ["名字"]):
        return NAME if of_patients else None
    tries = [bare, *(bare[i:] for i in range(1, len(bare)) if set(bare[:i]) <= _OF_WHOM)]
    for phrase in tries:
        without = phrase[:-1] if phrase and phrase[-1] in _NUMBER else []
        for kind in KINDS:
            known = kind.english | kind.numbered if without else kind.english
            if " ".join(phrase) in kind.english or " ".join(without) in known:
                return kind
    return NAME if len(bare) > 1 and bare[-1] == "name" and set(bare[:-1]) <= _OF_WHOM else None


def _words(header: str) -> list[str]:
    """`patientPhone_No.` is patient, phone, no."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return re.findall(r"[^\W_]+", parted.casefold())


# ---- forms ----------------------------------------------------------------------------------------

_REGIONS = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]"
_CARD = re.compile(rf"(?<!\d)(?:{_REGIONS})\d{{4}}(\d{{8}})\d{{3}}[\dXx](?![\dA-Za-z])")
_OLD_CARD = re.compile(rf"(?:{_REGIONS})\d{{4}}(\d{{6}})\d{{3}}")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_MOBILE = r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
_LANDLINE = r"(?:\+86[- ]?|\(?0)[1-9]\d{1,2}(?:\)|[- ])[- ]?[2-9]\d{6,7}(?:[-转]\d{1,5})?"
_ABROAD = r"\+[1-9]\d{0,2}[- .]?\(?\d{1,4}\)?(?:[- .]?\d{2,4}){2,4}|\([2-9]\d{2}\) ?[2-9]\d{2}-\d{4}"
_WHOLE_NUMBER = re.compile(rf"(?:{_MOBILE}|{_LANDLINE}|{_ABROAD})")
_IN_TEXT = re.compile(
    rf"(?:电话|手机|联系|致电|[Tt]el|[Pp]hone|[Mm]obile|[Cc]all(?:ed)?)[^\d+(]{{0,12}}({_MOBILE}|{_LANDLINE}|{_ABROAD})(?!\d)"
)
# One sign of the place's name shows that there is an address; to look for more of it takes the square of a text's length.
_HAS_ADDRESS = re.compile(
    r"[\u4e00-\u9fff](?:省|市|区|县|旗).{0,25}?[\u4e00-\u9fff0-9](?:路|街|大道|巷|弄|胡同|镇(?!痛|静|咳)|乡|村|小区|社区|庄|屯)"
    r"[^，。；]{0,15}?\d+ ?(?:号|弄|栋|幢|室|单元|楼)"
)
_ADDRESS = re.compile(rf"[\u4e00-\u9fff]*{_HAS_ADDRESS.pattern}")
_STREET = re.compile(
    r"\d{1,5} [A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,3} (?:Street|St|Avenue|Ave|Road|Rd|Lane|Drive|Boulevard|Blvd|Court)\b"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊"
    "白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤俞章葛柯翁殷施倪单季岑骆费项祝柳辛管祁童牛焦裴涂欧聂瞿詹"
)
_CHINESE_NAME = re.compile(
    rf"(?:[{_SURNAMES}]|欧阳|司马|上官|诸葛|夏侯|皇甫)(?:[\u4e00-\u9fff]{{1,2}}|某某?|[*xX○]{{1,2}})"
)
_OF_EVERY_HUNDRED = 80  # of the cells of a column must have a form that a single cell may have by chance


def counted(column: pl.LazyFrame) -> pl.DataFrame:
    """The different cells of a column that are not blank: `cell` in one spelling of its signs, and `n` of them.

    Args:
        column: A frame of that one column, whatever its name.
    """
    each = column.select(cell=pl.all().cast(pl.String)).group_by("cell").len("n")
    spelt = each.with_columns(pl.col("cell").str.normalize("NFKC").str.strip_chars()).filter(
        pl.col("cell") != ""
    )
    return added_up(spelt.collect(engine="streaming"))


def added_up(*counts: pl.DataFrame) -> pl.DataFrame:
    """The cells of several such tables, or of one in which a cell is twice."""
    return pl.concat([NO_CELLS, *counts]).group_by("cell").agg(pl.col("n").sum())


NO_CELLS = pl.DataFrame(schema={"cell": pl.String, "n": pl.UInt32})


def kind_of_cells(counts: pl.DataFrame) -> tuple[Identifier, int] | None:
    """The kind of identifier that a column holds by the form of its cells, and how many of them have it.

    Args:
        counts: Its cells, as `counted` gives them.
    """
    n_filled, n_different = int(counts["n"].sum()), counts.height
    # One query tells which forms a cell may have: in nearly every column none.
    begun = counts.select(
        pl.col("cell").str.contains(form.begins).any().alias(str(i)) for i, form in enumerate(_FORMS)
    ).row(0)
    possible = {form.begins for form, any_ in zip(_FORMS, begun, strict=True) if any_}
    for form in _FORMS_IN_CELLS:
        if form.begins in possible and (n := sum(form.cells(counts).values())):
            return form.kind, n
    for form, fewest in _FORMS_OF_CELLS:
        if form.begins not in possible:
            continue
        with_form = form.cells(counts)
        if (
            len(with_form) >= fewest
            and _most(with_form, n_filled, n_different)
            and not _is_a_series(with_form, form.kind)
        ):
            return form.kind, sum(with_form.values())
    return None


def _most(some: dict[str, int], n_filled: int, n_different: int) -> bool:
    """Most cells, and most different cells; a few words that are repeated are organs or hospitals."""
    enough = 100 * min(sum(some.values()) / n_filled, len(some) / n_different) >= _OF_EVERY_HUNDRED
    return enough and 2 * n_different >= n_filled


def _is_a_series(words: dict[str, int], kind: Identifier) -> bool:
    """Whether numbers begin alike, as those that one machine or one office counts on."""
    if kind is NAME:
        return False
    beginnings = {re.sub(r"\D", "", word)[:4] for word in words}
    return len(beginnings) == 1


def _has_card(text: str) -> bool:
    return any(_is_card(found) for found in _CARD.finditer(text))


def _is_card(found: re.Match[str]) -> bool:
    """Whether its date exists and its last sign is the check digit (GB 11643-1999, ISO 7064 MOD 11-2)."""
    digits = found[0]
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits[:17]))
    return "10X98765432"[total % 11] == digits[17].upper() and _is_day(found[1])


def _is_old_card(text: str) -> bool:
    """A number of fifteen digits, as cards had before 1999: no check digit, but a region and a date."""
    found = _OLD_CARD.fullmatch(text)
    return found is not None and _is_day(f"19{found[1]}")


def _is_day(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    try:
        return 1850 <= date(year, month, day).year <= 2100
    except ValueError:
        return False


def _has_address(text: str) -> bool:
    return _HAS_ADDRESS.search(text) is not None or _STREET.search(text) is not None


def _is_telephone(text: str) -> bool:
    return _WHOLE_NUMBER.fullmatch(text.removesuffix(".0")) is not None


def _is_name(text: str) -> bool:
    return _CHINESE_NAME.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class _Form:
    """A form that a cell may have.

    Attributes:
        kind: What a cell of this form is.
        begins: What every cell of the form holds: quick on whole columns, and never too strict.
        holds: Whether a cell has the form.
    """

    kind: Identifier
    begins: str
    holds: Callable[[str], object]

    def cells(self, counts: pl.DataFrame) -> dict[str, int]:
        """The cells that have the form, and how many of each there are."""
        may_have = counts.filter(pl.col("cell").str.contains(self.begins))
        return {word: n for word, n in may_have.select("cell", "n").iter_rows() if self.holds(word)}


_FORMS_IN_CELLS = (
    _Form(ID_NUMBER, r"\d{17}", _has_card),
    _Form(EMAIL, "@", _EMAIL.search),
    _Form(ADDRESS, r"[\u4e00-\u9fff](?:省|市|区|县|旗)|\d [A-Z]", _has_address),
    _Form(TELEPHONE, "电话|手机|联系|致电|[Tt]el|[Pp]hone|[Mm]obile|[Cc]all", _IN_TEXT.search),
)
# Of these a cell may have one by chance, so that most must have it, and at least so many different ones.
_FORMS_OF_CELLS = (
    (_Form(ID_NUMBER, r"^\d{15}$", _is_old_card), 3),
    (_Form(TELEPHONE, r"^(?:[+(]|\d[\d() .\-转]{9})", _is_telephone), 3),
    (_Form(NAME, r"^[\u4e00-\u9fff]", _is_name), 5),
)
_FORMS = (*_FORMS_IN_CELLS, *(form for form, _ in _FORMS_OF_CELLS))


# ---- cells in findings ----------------------------------------------------------------------------

LONGEST_QUOTED = 60  # characters of a cell that a finding quotes
_LONGEST_IDENTIFIER = 100  # characters, so that one that begins in what is quoted is seen whole
_NUMBER_IN_CELL = re.compile(rf"(?<![\w.-])(?:{_MOBILE}|{_LANDLINE}|{_ABROAD})(?![\w]|[.-]\d)")


def quoted(text: str) -> str:
    """A cell as a finding may quote it: without numbers and addresses of a person, and not longer than `LONGEST_QUOTED`."""
    begun = text[: LONGEST_QUOTED + _LONGEST_IDENTIFIER]
    hidden = _CARD.sub(lambda found: MASK if _is_day(found[1]) else found[0], begun)  # one mistyped, too
    for form in (_EMAIL, _ADDRESS, _STREET, _NUMBER_IN_CELL):
        hidden = form.sub(MASK, hidden)
    if len(begun) < len(text):
        hidden = hidden[: len(hidden) - _LONGEST_IDENTIFIER]  # where one may be that was cut
    elif len(hidden) <= LONGEST_QUOTED:
        return hidden
    return f"{hidden[:LONGEST_QUOTED]}…"
