"""Workbooks of Excel 97 to 2003."""

from __future__ import annotations

import base64
import random
import zlib
from contextlib import suppress

import pytest

from oligoscope.intake.files.sheet import UnreadableError
from oligoscope.intake.files.xls_reader import XlsWorkbook
from oligoscope.study.protocol import LimitSettings

# Made with xlwt: a sheet 患者 with text, dates, numbers, per cent, truth values, a formula, merged cells; and a sheet other.
BOOK = (
    "c-rk)O-NKx6#nj;dGlj4I+{i**&t+P3W}RHIu(?w#M%@QjL+t!gU*aRU!-la%w-U?D%wc4Xpz;X|DtwLf&DCkAkd;!tDvHV`a1W#"
    "H<Q`~N+l@od)#yHIrs0o_n!MR^Kznia`a}!6c(Tb9?V)n_~zIIg<w{RfbuO%CbMyXg5_dGAsC>A^r^TXe&LsEDA#)m3T}9xkOV$Z"
    "IE+5DWzu?d8L^8wXhL#m7GCl_1(zrkqMUh^usp(YEz9d%_5sTsY&pxanaWOzLzsxQ)oyqE_@GkFd4(heZgZV?Y-vOpo=QJHc~016"
    "RqQm9TJLJfsPcv|23qS@J*^v3FTxcR0E2}3RH{Cam_#Z0!5F?-QQ&KK!#|F?_T{w;kp0JeyZ;aN04-uZdyu|`_VbDt7=qOyr1y^?"
    "L_1C9DB^O5Iy8bXG(HPdWXx{en5H6yyjdXqq)#)GdfJR96CR*nA1DP(L)XldH1?aCVd{x^CQTQG)}_Y>b<OBksbIHe=oA~tu5MFS"
    "JeHz9k86f(rJ<pbl$6%1dmy6mU|W+shmPvfLKN=}y&5DZ9w?Ca51&_&dFNG_cX5bh0!5rI=Di%DS((22<@Mgq_E?-PLwrZsH`yjR"
    "3$SoX)}YFToZ~_ECadKd+gP6FRx3GO!LpQQhvJ&{GAFTTn9H2u+!|`3iSZ`3c}{u@rAI#RyHhptF}9V`<E>LCO2^;EMo~@cl%V?Z"
    "8%CX|6BjQ?+>K>p;hcHzS(g8H{sokX!`*VO>mtm^1tS!*v^6<9BBv?NT-ln3G*3?RlIG26Drss?^O5GuX@1iD4hNBkgJ2E;r@UYe"
    "@+I*Q>-l7-kzJEazVm3FbKj~G;8RPo^<e|cVrP9Ur+GiB1geOQ-K?Y$a%d=dXedmhz@cF~${L4;!Ze;SjmlO@V`Gkn!Zd(KkZF6c"
    "pPYe6-H#Tf1h-`KboKngayYEW$(8D`BCo@S<s($iD)P;$3l}b2xNza(FCh30Xuo^C{K~VRD1PUEof!(V?%yP<7W<K*&!k_7yOE~Y"
    "z~GYnXB||LZA&b&PWJyoi38NTfgW@+kDev_FFi5E-0>{BV&va#p{4deyA+=Px&NOA7C0&"
)


@pytest.fixture(scope="module")
def book() -> bytes:
    return zlib.decompress(base64.b85decode(BOOK))


def test_cells_of_every_kind_are_read(book):
    title, sheet = XlsWorkbook.opened(book).sheet(None, ("patients", "患者"))

    assert title == "患者"
    frame = sheet.frame.drop("__source", "__row", "__excess", "sum")
    assert frame.rows() == [
        ("001", "male", "2020-01-10", "61", "50%", "true", "肺科"),
        ("张三3", "female", "2020-02-29", "45.5", "7%", "false", "肺科"),
    ]
    assert sheet.frame["__row"].to_list() == [2, 3]
    assert [(m.header, m.n) for m in sheet.shape.merged] == [("ward", 1)]


def test_a_sheet_is_chosen_by_name_and_one_that_is_not_there_is_said(book):
    assert XlsWorkbook.opened(book).sheet("other", ())[1].headers == ("x",)
    with pytest.raises(UnreadableError, match="no sheet third"):
        XlsWorkbook.opened(book).sheet("third", ())


def test_the_limits_hold(book):
    for limits in ({"rows": 1}, {"columns": 3}, {"cells": 4}, {"cell_length": 2}):
        with pytest.raises(UnreadableError, match=f"limits.{next(iter(limits))}"):
            XlsWorkbook.opened(book, LimitSettings.model_validate(limits)).sheet(None, ("患者",))


def test_damage_is_a_sentence_or_read(book):
    rng = random.Random(1)
    for trial in range(300):
        raw = bytearray(book)
        if trial % 3:
            for _ in range(trial % 3):
                raw[rng.randrange(len(raw))] = rng.randrange(256)
        else:
            del raw[rng.randrange(8, len(raw)) :]
        with suppress(UnreadableError):
            XlsWorkbook.opened(bytes(raw)).sheet(None, ("患者",))
