"""Numbers to text: rounding, the default styles, and the named ones of journals."""

from __future__ import annotations

import threading

import pytest

from oligoscope.number_format import (
    CHINESE,
    ENGLISH,
    PROFILES,
    STYLES,
    equals_p,
    format_count,
    format_interval,
    format_number,
    format_p,
    number_style,
)

THIN = "\u202f"


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [(56.25, 1, "56.3"), (-0.04, 1, "0.0"), (-1.25, 1, "−1.3"), (2.675, 2, "2.68"), (1e20, 0, "1" + "0" * 20),
     (None, 1, "–"), (float("nan"), 1, "–"), (float("inf"), 1, "∞")],
)  # fmt: skip
def test_numbers_are_rounded_half_away_from_zero(value, decimals, shown):
    assert format_number(value, decimals) == shown


@pytest.mark.parametrize(
    ("profile", "shown"),
    [
        # P of 0.0000012, 0.00034, 0.0034, 0.0496, 0.034, 0.34, 0.995
        ("en", ["<0.001", "<0.001", "0.003", "0.050", "0.034", "0.340", "0.995"]),
        ("zh", ["<0.001", "<0.001", "0.003", "0.050", "0.034", "0.340", "0.995"]),
        ("zh-cma", ["<0.001", "<0.001", "0.003", "0.050", "0.034", "0.340", "0.995"]),
        ("zh-ath", [f"<0.000{THIN}1", f"0.000{THIN}3", "0.003", "0.050", "0.034", "0.340", "0.995"]),
        ("en-jama", ["<.001", "<.001", ".003", ".0496", ".03", ".34", ">.99"]),
        ("en-lancet", ["<0·0001", "0·00034", "0·0034", "0·0496", "0·034", "0·34", "1·00"]),
        ("en-nejm", ["<0.001", "<0.001", "0.003", "0.0496", "0.03", "0.34", "1.00"]),
    ],
)
def test_each_style_writes_p_its_way(profile, shown):
    """AMA Manual of Style (11th edition); NEJM and Lancet instructions; Huang 2025 for zh-ath."""
    style = {**PROFILES, "en": ENGLISH, "zh": CHINESE}[profile]

    assert [format_p(p, style) for p in (1.2e-6, 0.00034, 0.0034, 0.0496, 0.034, 0.34, 0.995)] == shown


@pytest.mark.parametrize("style", [ENGLISH, CHINESE, *PROFILES.values()], ids=lambda style: style.name)
def test_no_style_prints_a_p_of_nothing(style):
    for p in (0.0, 1e-12, 0.0001, 0.00049, 0.0005, 0.00099, 0.001, 0.01, 0.05, 1.0):
        shown = format_p(p, style).replace("·", ".").replace(THIN, "")

        assert shown[0] == "<" or float(shown.lstrip(">")) > 0


@pytest.mark.parametrize(
    ("profile", "interval", "negative", "count"),
    [
        ("zh-cma", "0.34~0.84", "−0.10~0.84", f"12{THIN}163(60.8)"),
        ("zh-ath", "0.34~0.84", "−0.10~0.84", f"12{THIN}163(60.8)"),
        ("en-jama", "0.34-0.84", "−0.10 to 0.84", "12,163 (60.8)"),
        ("en-lancet", "0·34–0·84", "−0·10 to 0·84", f"12{THIN}163 (60·8)"),
        ("en-nejm", "0.34 to 0.84", "−0.10 to 0.84", "12,163 (60.8)"),
    ],
)
def test_each_style_writes_limits_and_counts_its_way(profile, interval, negative, count):
    style = PROFILES[profile]

    assert format_interval(0.34, 0.84, 2, style) == interval
    assert format_interval(-0.10, 0.84, 2, style) == negative
    assert format_count(12163, 20000, style) == count
    assert format_count(1163, 2000, style).startswith("1163")  # four digits are not divided


def test_groups_of_three_go_both_ways_from_the_point_where_gb_t_15835_asks_for_it():
    assert format_number(12345.67891, 5, PROFILES["zh-cma"]) == f"12{THIN}345.678{THIN}91"
    assert format_number(12345.67891, 5, PROFILES["en-lancet"]) == f"12{THIN}345·67891"


def test_p_brings_its_sign():
    jama = PROFILES["en-jama"]

    assert [equals_p(p, jama) for p in (0.034, 1e-9, 0.999)] == ["=.03", "<.001", ">.99"]


def test_a_style_holds_inside_and_not_after():
    with number_style("en-lancet"):
        assert (STYLES["en"].name, STYLES["zh"].name, format_number(1.5)) == ("en-lancet", "zh", "1·5")
        with number_style(None):
            assert STYLES["en"].name == "en-lancet"
    assert (STYLES["en"], STYLES["zh"], format_number(1.5)) == (ENGLISH, CHINESE, "1.5")


def test_a_style_does_not_reach_another_thread():
    """Two reports may be made at once."""
    seen = []
    with number_style("en-lancet"):
        thread = threading.Thread(target=lambda: seen.append(format_number(1.5)))
        thread.start()
        thread.join()

    assert seen == ["1.5"]


def test_an_unknown_style_is_an_error():
    with pytest.raises(KeyError), number_style("en-unknown"):
        pass
