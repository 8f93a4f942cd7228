"""What the choice of a definition does: the share of each label under every definition, and agreement."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.group_bars import group_colour, paint_shares, percent_axis, widest_mm
from oligoscope.drawing.sheet import LINE_MM, Key, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, FAINT, TEXT_PT
from oligoscope.number_format import MISSING, STYLES, format_number, join_limits
from oligoscope.printing.team_notes import given_by_team
from oligoscope.questions.definitions.words import agreement_words, own_word
from oligoscope.results.analyses import RECLASSIFICATION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.definitions import definition_name
from oligoscope.study.keys import is_comparison, parts_of
from oligoscope.study.vocabulary import column_name, name_of

X_LABEL = Text("患者比例/%", "Patients, %")
AGREE = Text("一致率/%", "Agreement, %")
KAPPA = Text("κ（95%CI）", "κ (95% CI)")
ORDER = ("oligoprogression", "acquired", "systemic", "primary")  # the others after these, in their order

# Millimetres.
_LEFT, _RIGHT, _TOP, _ROW, _AXIS, _FOOT = 3.0, 3.0, 2.0, 6.4, 9.0, 4.0
_MORE_COLOURS = ("#009e73", "#cc79a7", "#e69f00", "#56b4e9")


@dataclass(frozen=True)
class Definitions:
    """What the picture shows: labels under each definition, and agreement with the study's own."""

    outcome: str
    chosen: str
    presets: tuple[str, ...]
    labels: tuple[str, ...]
    percent: dict[tuple[str, str], Estimate]  # (preset, label)
    agree: dict[str, Estimate]
    kappa: dict[str, Estimate]
    sizes: dict[str, int]
    own: Text  # what the definition of the study is called beside its bar
    meaning: Text  # of agreement


def draw_reclassification(results: Results, population: str, outcome: str, chosen: str) -> Figure:
    """Shares of the labels of one outcome under every definition, from analysis `reclassification`.

    Args:
        results: The study's results.
        population: progressed or treated.
        outcome: pattern or resistance.
        chosen: The study's own definition.

    Raises:
        KeyError: No such estimates.
    """
    shown = definitions_of(results, population, outcome, chosen)
    name, whose = column_name(outcome), Text("本研究定义", "this study's own")
    if outcome in given_by_team(results):
        own = definition_name(chosen)
        whose = Text(f"{own.zh}定义", own.en)
    return Figure(
        id=f"reclassification_{population}_{outcome}",
        title=Text(f"不同定义下的{name.zh}构成及与{whose.zh}的一致性", f"{name.en} under each definition, and agreement with {whose.en}"),
        caption=_caption(shown),
        alt=_alt(shown),
        data=_data(shown),
        painter=lambda language: _paint(shown, language),
        estimates=(*shown.percent.values(), *shown.agree.values(), *shown.kappa.values()),
        width_mm=DOUBLE_COLUMN_MM,
    )  # fmt: skip


def definitions_of(results: Results, population: str, outcome: str, chosen: str) -> Definitions:
    """Everything the picture shows, found in the results."""
    found = results.find(analysis=RECLASSIFICATION, population=population, outcome=outcome)
    sizes = {
        e.group: int(e.value or 0)
        for e in found
        if not e.level and e.statistic == Statistic.N and not is_comparison(e.group)
    }
    percent = {(e.group, e.level): e for e in found if e.level and e.statistic == Statistic.PERCENT}
    if not percent:
        raise KeyError(f"reclassification of {outcome}")
    seen = list(dict.fromkeys(label for _, label in percent))
    labels = (*(w for w in ORDER if w in seen), *(w for w in seen if w not in ORDER))
    return Definitions(
        outcome, chosen, _chosen_first(sizes, chosen), labels, percent,
        _with_chosen(found, chosen, Statistic.PERCENT_AGREE), _with_chosen(found, chosen, Statistic.KAPPA), sizes,
        own_word(outcome, results), agreement_words(outcome, chosen, results),
    )  # fmt: skip


def _chosen_first(sizes: dict[str, int], chosen: str) -> tuple[str, ...]:
    return (*(p for p in sizes if p == chosen), *(p for p in sizes if p != chosen))


def _with_chosen(found: list[Estimate], chosen: str, statistic: str) -> dict[str, Estimate]:
    """An estimate of agreement with the study's own definition, by the other definition."""
    pairs = (
        (set(parts_of(e.group)), e)
        for e in found
        if is_comparison(e.group) and e.statistic == statistic and not e.variable
    )
    return {next(iter(pair - {chosen})): e for pair, e in pairs if chosen in pair and len(pair) == 2}


def _caption(shown: Definitions) -> Text:
    agreement = shown.meaning
    ns = {shown.sizes[p] for p in shown.presets}
    zh_n, en_n = (f"*n*={ns.pop()}。", f" *n*={max(shown.sizes.values())}.") if len(ns) == 1 else (
        "各定义可判定的患者数见表。", " The table gives the number of patients that each definition could classify.",
    )  # fmt: skip
    return Text(
        f"{agreement.zh}不足 5% 的部分未标数字。{zh_n}",
        f"{agreement.en} Parts below 5% carry no number.{en_n}",
    )


def _alt(shown: Definitions) -> Text:
    first = shown.labels[0]

    def sentence(language: Language) -> str:
        parts = [
            f"{definition_name(p)[language]} {format_number(e.value, 1)}%"
            for p in shown.presets
            if (e := shown.percent.get((p, first))) is not None
        ]
        joined = ("；" if language == "zh" else "; ").join(parts)
        name = name_of(first)[language]
        return {
            "zh": f"堆叠条形图。{name}的比例：{joined}。",
            "en": f"Stacked bars. Share of {name.lower()}: {joined}.",
        }[language]

    zh, en = (sentence(language) for language in LANGUAGES)
    return Text(zh, en)


def _data(shown: Definitions) -> pl.DataFrame:
    rows = [
        {
            "definition": preset, "label": label, "n_judged": shown.sizes[preset], "percent": e.value,
            Statistic.PERCENT_AGREE: _value(shown.agree.get(preset)), "kappa": _value(shown.kappa.get(preset)),
        }
        for (preset, label), e in shown.percent.items()
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else estimate.value


def agreement_texts(shown: Definitions, preset: str, language: Language) -> tuple[str, str]:
    """Agreement and kappa of one definition as printed beside its bar."""
    if preset == shown.chosen:
        return shown.own[language], ""
    agree, kappa = shown.agree.get(preset), shown.kappa.get(preset)
    first = MISSING if agree is None else format_number(agree.value, 1)
    if kappa is None or kappa.value is None:
        return first, MISSING
    if kappa.low is None and kappa.high is None:  # complete agreement
        return first, format_number(kappa.value, 2)
    limits = join_limits(format_number(kappa.low, 2), format_number(kappa.high, 2), STYLES[language])
    return first, f"{format_number(kappa.value, 2)}{STYLES[language].percent_space}({limits})"


def _colours(labels: tuple[str, ...]) -> dict[str, str]:
    more = iter(_MORE_COLOURS)
    return {w: group_colour(w, labels) if w in ORDER else next(more, "#7f7f7f") for w in labels}


def _paint(shown: Definitions, language: Language) -> Drawing:
    names = [definition_name(p)[language] for p in shown.presets]
    texts = [agreement_texts(shown, p, language) for p in shown.presets]
    left = _LEFT + widest_mm(names) + 2.0
    first, second = (
        widest_mm([head[language], *column])
        for head, column in zip((AGREE, KAPPA), zip(*texts, strict=True), strict=True)
    )
    width = DOUBLE_COLUMN_MM - left - first - second - 9.0 - _RIGHT
    colours = _colours(shown.labels)
    keys = arrange_keys([Key(name_of(w)[language], "patch", c) for w, c in colours.items()], width)
    above = _TOP + len(keys) * LINE_MM + 1.5
    height = _ROW * len(names)
    sheet = Sheet(DOUBLE_COLUMN_MM, above + height + _AXIS + _FOOT)
    sheet.paint_keys(keys, left, _TOP)
    places = (left + width + 4.0 + first / 2, left + width + 9.0 + first + second / 2)
    for head, x in zip((AGREE, KAPPA), places, strict=True):
        sheet.write(x, above - 1.5 - LINE_MM / 2, head[language], ha="center")
    for i, (name, pair) in enumerate(zip(names, texts, strict=True)):
        y = above + (i + 0.5) * _ROW
        sheet.write(left - 2.0, y, name, ha="right")
        for text, x in zip(pair, places, strict=True):
            sheet.write(x, y, text, ha="center", color=FAINT if i == 0 else "#1a1a1a")
    _paint_bars(sheet.axes(left, above, width, height), shown, colours, language)
    return sheet.drawing


def _paint_bars(axes: Axes, shown: Definitions, colours: dict[str, str], language: Language) -> None:
    axes.set_ylim(len(shown.presets), 0)
    axes.set_yticks([])
    for i, preset in enumerate(shown.presets):
        values = (_value(shown.percent.get((preset, label))) or 0.0 for label in colours)
        paint_shares(axes, i, 0.72, zip(values, colours.values(), strict=True))
    percent_axis(axes, 100, X_LABEL, language)
    axes.tick_params(labelsize=TEXT_PT)
