"""Sentences about landmarks, the time-dependent model, competing risks and subgroups, with their directions."""

from __future__ import annotations

from oligoscope.number_format import STYLES, equals_p, format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import interval
from oligoscope.printing.comparison_names import in_sentence, variable_name
from oligoscope.questions.landmark.table import NONE, landmarks_of, months_of
from oligoscope.report.comparison_sentences import is_significant, joined, keys_of, ratio_text
from oligoscope.results import Estimate, Results
from oligoscope.study.keys import is_comparison, parts_of
from oligoscope.study.vocabulary import Language, Text, column_name, name_of
from oligoscope.study.withheld import reason

INCIDENCE_AT = 12  # months


def landmark_paragraph(results: Results, population: str) -> Paragraph | None:
    """The two patterns compared from each landmark."""
    sentences: list[Text] = []
    used: list[Estimate | None] = []
    for landmark in landmarks_of(results, population):
        keys = {"analysis": "landmark", "population": population, "outcome": "os", "variable": landmark}
        pair = next(
            (e.group for e in results.find(**keys) if is_comparison(e.group) and NONE not in e.group), ""
        )
        ratio = results.get(**keys, group=pair, statistic="hazard_ratio")
        if ratio is None:
            continue
        p = results.get(**keys, group=pair, statistic="p_value")
        months = months_of(landmark)
        when = Text(f"从 {months} 个月的界标起", f"from the {months}-month landmark")
        sentences.append(_survival_text(when, ratio, p))
        used += [ratio, p]
    return Paragraph(joined(sentences), keys_of(*used)) if sentences else None


def time_dependent_paragraph(results: Results, population: str) -> Paragraph | None:
    """The two patterns compared from the day each is known."""
    keys = {"analysis": "time_dependent", "population": population, "outcome": "os"}
    pair = next((e.group for e in results.find(**keys) if is_comparison(e.group) and NONE not in e.group), "")
    ratio = results.get(**keys, group=pair, statistic="hazard_ratio")
    if ratio is None or not pair:
        return None
    p = results.get(**keys, group=pair, statistic="p_value")
    return Paragraph(_hazard_text(ratio, p), keys_of(ratio, p))


def _hazard_text(ratio: Estimate, p: Estimate | None) -> Text:
    """The hazard of death after either progression: such a ratio compares no survival curves."""
    a, b = (in_sentence(name_of(g)) for g in parts_of(ratio.group))
    if ratio.value is None:
        why = reason(ratio.warning)
        return Text(
            f"时依 Cox 模型不给出风险比：{why.zh}。",
            f"In the time-dependent Cox model no hazard ratio is given: {why.en}.",
        )
    numbers = ratio_text("HR", ratio, p)
    if not is_significant(p):
        return Text(
            f"时依 Cox 模型中，{a.zh}后与{b.zh}后的死亡风险差异无统计学意义（{numbers.zh}）。",
            f"In the time-dependent Cox model the hazard of death did not differ clearly after {a.en} and after {b.en} ({numbers.en}).",
        )
    if ratio.value < 1:
        return Text(
            f"时依 Cox 模型中，{a.zh}后的死亡风险低于{b.zh}后（{numbers.zh}）。",
            f"In the time-dependent Cox model the hazard of death was lower after {a.en} than after {b.en} ({numbers.en}).",
        )
    return Text(
        f"时依 Cox 模型中，{a.zh}后的死亡风险高于{b.zh}后（{numbers.zh}）。",
        f"In the time-dependent Cox model the hazard of death was higher after {a.en} than after {b.en} ({numbers.en}).",
    )


def _survival_text(when: Text, ratio: Estimate, p: Estimate | None) -> Text:
    """Whether survival differs, and which way; P decides whether a difference is claimed."""
    a, b = (in_sentence(name_of(g)) for g in parts_of(ratio.group))
    start = when.en[:1].upper() + when.en[1:]
    if ratio.value is None:
        why = reason(ratio.warning)
        return Text(f"{when.zh}，不给出风险比：{why.zh}。", f"{start} no hazard ratio is given: {why.en}.")
    numbers = ratio_text("HR", ratio, p)
    if not is_significant(p):
        return Text(
            f"{when.zh}，{a.zh}与{b.zh}患者的总生存差异无统计学意义（{numbers.zh}）。",
            f"{start}, overall survival did not differ clearly between {a.en} and {b.en} ({numbers.en}).",
        )
    if ratio.value < 1:
        return Text(
            f"{when.zh}，{a.zh}患者的总生存长于{b.zh}患者（{numbers.zh}）。",
            f"{start}, overall survival was longer with {a.en} than with {b.en} ({numbers.en}).",
        )
    return Text(
        f"{when.zh}，{a.zh}患者的总生存短于{b.zh}患者（{numbers.zh}）。",
        f"{start}, overall survival was shorter with {a.en} than with {b.en} ({numbers.en}).",
    )


def competing_risks_paragraph(results: Results, population: str) -> Paragraph | None:
    """Incidence of each first event at a year, then the variables whose Gray's test is below 0.05."""
    keys = {"analysis": "competing_risks", "population": population}
    at = [
        e for e in results.find(**keys, statistic=f"incidence_{INCIDENCE_AT}_months") if e.value is not None
    ]
    if not at:
        return None
    zh = "，".join(f"{name_of(e.group).zh} {_share(e, 'zh')}" for e in at)
    *first, last = (f"{_share(e, 'en')} for {in_sentence(name_of(e.group)).en}" for e in at)
    en = f"{', '.join(first)} and {last}" if first else last
    sentences = [
        Text(
            f"{INCIDENCE_AT} 个月时各首个事件的累积发生率：{zh}。",
            f"At {INCIDENCE_AT} months the cumulative incidence of each first event was {en}.",
        )
    ]
    used: list[Estimate | None] = [*at]
    for ratio in results.find(**keys, statistic="subdistribution_hazard_ratio"):
        own = keys | {"outcome": ratio.outcome, "variable": ratio.variable}
        p = results.get(**own, statistic="p_value_gray")
        if ratio.value is not None and is_significant(p):
            cause = results.get(**own, level=ratio.level, statistic="cause_specific_hazard_ratio")
            sentences.append(_more_often_text(ratio, p, cause))
            used += [ratio, p, cause]
    return Paragraph(joined(sentences), keys_of(*used))


def _share(estimate: Estimate, language: Language) -> str:
    """Per cent, with its limits."""
    value = format_number(100 * (estimate.value or 0), 1)
    if estimate.low is None or estimate.high is None:
        return f"{value}%"
    limits = interval(100 * estimate.low, 100 * estimate.high, 1, language)
    return {"zh": f"{value}%（95%CI：{limits}）", "en": f"{value}% (95% CI {limits})"}[language]


def _more_often_text(ratio: Estimate, p: Estimate | None, specific: Estimate | None) -> Text:
    cause, name = in_sentence(name_of(ratio.outcome)), variable_name(ratio.variable)
    a, b = (in_sentence(name_of(level)) for level in parts_of(ratio.level))
    start = cause.en[:1].upper() + cause.en[1:]
    own, numbers = in_sentence(name).en, _gray(ratio, p, specific)
    if (ratio.value or 0) < 1:
        return Text(
            f"{name.zh}为“{a.zh}”者{cause.zh}的发生率低于“{b.zh}”者（{numbers.zh}）。",
            f"{start} was less frequent with {own} “{a.en}” than with “{b.en}” ({numbers.en}).",
        )
    return Text(
        f"{name.zh}为“{a.zh}”者{cause.zh}的发生率高于“{b.zh}”者（{numbers.zh}）。",
        f"{start} was more frequent with {own} “{a.en}” than with “{b.en}” ({numbers.en}).",
    )


def _gray(ratio: Estimate, p: Estimate | None, specific: Estimate | None) -> Text:
    """The P of Gray's test, then both ratios: of the subdistribution and, cause by cause, of the hazards."""
    numbers = ratio_text("sHR", ratio, None)
    zh, en = (equals_p(None if p is None else p.value, STYLES[language]) for language in ("zh", "en"))
    both = Text("", "")
    if specific is not None and specific.value is not None:
        hazards = ratio_text("HR", specific, None)
        both = Text(f"；原因别 {hazards.zh}", f"; cause-specific {hazards.en}")
    return Text(f"Gray 检验 *P*{zh}；{numbers.zh}{both.zh}", f"Gray's test *P*{en}; {numbers.en}{both.en}")


def subgroups_paragraph(results: Results, population: str, outcome: str) -> Paragraph | None:
    """Whether the comparison differs between subgroups."""
    tests = [
        e
        for e in results.find(
            analysis="subgroups", population=population, outcome=outcome, statistic="p_value_interaction"
        )
        if e.value is not None
    ]
    if not tests:
        return None
    clear = [e for e in tests if is_significant(e)]
    n, what = len(tests), in_sentence(column_name(outcome))
    if not clear:
        text = Text(
            f"检验的 {n} 个变量与分组对{what.zh}均无交互作用（*P*≥0.05）。",
            f"None of the {n} variables tested changed the difference in {what.en} between the groups (interaction *P*≥0.05).",
        )
        return Paragraph(text)
    zh = "、".join(f"{variable_name(e.variable).zh}（*P*{equals_p(e.value, STYLES['zh'])}）" for e in clear)
    en = ", ".join(
        f"{in_sentence(variable_name(e.variable)).en} (*P*{equals_p(e.value, STYLES['en'])})" for e in clear
    )
    text = Text(
        f"检验的 {n} 个变量中，与分组对{what.zh}有交互作用的有：{zh}。",
        f"Of the {n} variables tested, these changed the difference in {what.en} between the groups: {en}.",
    )
    return Paragraph(text, keys_of(*clear))
