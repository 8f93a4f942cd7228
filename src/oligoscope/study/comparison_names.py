"""Printed names of what is compared: "male vs female", a level of a variable, a name inside a sentence."""

from __future__ import annotations

from oligoscope.study.vocabulary import Text, name_of

PER_UNIT = "per unit"
CROSSED = " -> "  # between the labels of one patient under two definitions, or of one visit by two readers


def in_sentence(text: Text) -> Text:
    """A name as it stands inside an English sentence: abbreviations keep their capitals."""
    first = text.en.split(" ", 1)[0]
    return text if first[1:] != first[1:].lower() else Text(text.zh, text.en[:1].lower() + text.en[1:])


def versus(comparison: str) -> Text:
    """`male vs female` in both languages; the reference stands last."""
    if comparison == PER_UNIT:
        return Text("每增加 1 个单位", "Per unit")
    first, *others = (name_of(word) for word in comparison.split(" vs "))
    if not others:
        return first
    zh, en = (o.zh for o in others), (in_sentence(o).en for o in others)
    return Text(" vs ".join((first.zh, *zh)), " vs ".join((first.en, *en)))


def variable_name(variable: str) -> Text:
    """The name of a variable without its unit."""
    name = name_of(variable)
    return Text(name.zh.split("/")[0], name.en.split(", ")[0])


def level_name(name: str) -> Text:
    """`pd_l1=>=50%` as "PD-L1 expression, ≥50%"; a variable without a level by itself."""
    variable, _, level = name.partition("=")
    if not level:
        return variable_name(variable)
    whole, part = variable_name(variable), in_sentence(name_of(level))
    return Text(f"{whole.zh} {part.zh}", f"{whole.en}, {part.en}")
