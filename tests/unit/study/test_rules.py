"""Tables of rules over the rows of a frame: order, unknown conditions, what is written."""

from __future__ import annotations

import polars as pl

from oligoscope.study.rules import OTHERWISE, Rule, all_that_hold, first_that_holds

ROWS = pl.DataFrame({"days": [10, 50, None]})
RULES = (
    Rule("early", "within 20 days", pl.col("days") <= 20, "A 2020"),
    Rule("timely", "within 60 days", pl.col("days") <= 60, "B 2021"),
)


def test_the_first_rule_that_holds_wins_and_an_unknown_condition_does_not_hold():
    found = ROWS.select(
        label=first_that_holds(RULES), source=first_that_holds(RULES, lambda rule: rule.source)
    )

    assert found["label"].to_list() == ["early", "timely", None]
    assert found["source"].to_list() == ["A 2020", "B 2021", None]


def test_a_negated_unknown_condition_does_not_hold_either():
    late = Rule("late", "after 20 days", ~(pl.col("days") <= 20))

    assert ROWS.select(x=first_that_holds([late]))["x"].to_list() == [None, "late", None]


def test_the_last_rule_may_hold_for_everything_that_is_left():
    rest = Rule(None, "not known", OTHERWISE)

    found = ROWS.select(x=first_that_holds([*RULES, rest], lambda rule: rule.sentence))

    assert found["x"].to_list() == ["within 20 days", "within 60 days", "not known"]


def test_every_rule_that_holds_is_named_in_order_and_none_is_null():
    assert ROWS.select(x=all_that_hold(RULES, "+"))["x"].to_list() == ["early+timely", "timely", None]
