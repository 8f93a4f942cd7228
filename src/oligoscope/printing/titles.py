"""Titles that name the patients and what makes their groups."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, name_of


def titled(title: Text, population: str, by: str = "") -> Text:
    """A title with the names of a population and a grouping in the places of `{people}` and `{groups}`."""
    people, groups = name_of(population), column_name(by)
    return Text(
        title.zh.format(people=people.zh, groups=groups.zh),
        title.en.format(people=in_sentence(people).en, groups=in_sentence(groups).en),
    )
