"""What goes with the pattern, in words."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.sentences import is_significant, keys_of, ratio_text
from oligoscope.results.analyses import PREDICTORS
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import PER_UNIT, in_sentence, parts_of
from oligoscope.study.vocabulary import name_of, variable_name


def predictors_paragraph(results: Results, population: str, by: str) -> Paragraph | None:
    """Which variables go with the event in the multivariable model, and in which direction."""
    found = results.find(analysis=PREDICTORS, population=population, outcome=by)
    joint = (e for e in found if e.statistic == Statistic.ODDS_RATIO_MULTIVARIABLE)
    ratios = [e for e in joint if e.value is not None and e.level]
    if not ratios:
        return None
    tests = {(e.variable, e.level): e for e in found if e.statistic == Statistic.P_VALUE_MULTIVARIABLE}
    clear = [(e, tests.get((e.variable, e.level))) for e in ratios]
    clear = [(e, p) for e, p in clear if is_significant(p)]
    event = in_sentence(name_of(parts_of(ratios[0].group)[0]))
    if not clear:
        text = Text(
            f"多因素 Logistic 回归中，各变量与{event.zh}的关联均无统计学意义（*P*≥0.05）。",
            f"In the multivariable logistic regression no association of a variable with {event.en} was statistically significant (*P*≥0.05).",
        )
        return Paragraph(text)
    parts = [_predictor_text(e, p, event) for e, p in clear]
    text = Text(
        f"多因素 Logistic 回归中：{'；'.join(p.zh for p in parts)}。",
        f"In the multivariable logistic regression: {'; '.join(p.en for p in parts)}.",
    )
    return Paragraph(text, keys_of(*(e for pair in clear for e in pair)))


def _predictor_text(ratio: Estimate, p: Estimate | None, event: Text) -> Text:
    numbers, name = ratio_text("OR", ratio, p), variable_name(ratio.variable)
    own = in_sentence(name).en
    less = (ratio.value or 0) < 1
    if ratio.level == PER_UNIT:
        if less:
            return Text(
                f"{name.zh}越高，{event.zh}的可能性越小（{numbers.zh}）",
                f"{event.en} was less likely with higher {own} ({numbers.en})",
            )
        return Text(
            f"{name.zh}越高，{event.zh}的可能性越大（{numbers.zh}）",
            f"{event.en} was more likely with higher {own} ({numbers.en})",
        )
    a, b = (in_sentence(name_of(level)) for level in parts_of(ratio.level))
    if less:
        return Text(
            f"{name.zh}为“{a.zh}”者{event.zh}的可能性小于“{b.zh}”者（{numbers.zh}）",
            f"{own}: {event.en} was less likely with “{a.en}” than with “{b.en}” ({numbers.en})",
        )
    return Text(
        f"{name.zh}为“{a.zh}”者{event.zh}的可能性大于“{b.zh}”者（{numbers.zh}）",
        f"{own}: {event.en} was more likely with “{a.en}” than with “{b.en}” ({numbers.en})",
    )
