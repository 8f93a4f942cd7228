"""From treatment through progression to death, in words."""

from __future__ import annotations

from typing import Any

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import interval_words
from oligoscope.printing.sentences import is_significant, joined, keys_of, listed, ratio_text
from oligoscope.questions.illness_death.states import DEATH
from oligoscope.questions.illness_death.table import AFTER, state_name
from oligoscope.results.analyses import ILLNESS_DEATH
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.study.keys import in_sentence

SHARES_AT = 12  # months at which sentences give them


def states_paragraph(results: Results, population: str) -> Paragraph | None:
    """The share in each state at a year, then death after one pattern against death after the other."""
    keys: dict[str, Any] = {"analysis": ILLNESS_DEATH, "population": population}
    shares = results.find(**keys, statistic=at_months(Statistic.OCCUPATION, SHARES_AT))
    shares = [e for e in shares if e.value]
    sentences, used = [], list[Estimate | None](shares)
    if shares:
        zh, en = (listed([_share(e, language) for e in shares], language) for language in LANGUAGES)
        sentences.append(
            Text(
                f"治疗开始后 {SHARES_AT} 个月时患者所处的状态：{zh}。",
                f"At {SHARES_AT} months after treatment start the share of patients in each state was: {en}.",
            )
        )
    adjusted, alone = (
        results.get(**keys, outcome=DEATH, group=AFTER, statistic=s)
        for s in (Statistic.HAZARD_RATIO_ADJUSTED, Statistic.HAZARD_RATIO)
    )
    ratio = adjusted if adjusted is not None and adjusted.value is not None else alone
    if ratio is not None:
        test = Statistic.P_VALUE if ratio is alone else Statistic.P_VALUE_ADJUSTED
        p = results.get(**keys, outcome=DEATH, group=AFTER, statistic=test)
        sentences.append(_after(ratio, p, is_adjusted=ratio is adjusted))
        used += [ratio, p]
    return Paragraph(joined(sentences), keys_of(*used)) if sentences else None


def _share(e: Estimate, language: Language) -> str:
    name, value = in_sentence(state_name(e.group))[language], format_number(100 * (e.value or 0), 1)
    if e.low is None or e.high is None:
        return f"{name} {value}%"
    limits = interval_words(100 * e.low, 100 * e.high, 1, language, "%")
    return {"zh": f"{name} {value}%（{limits}）", "en": f"{name} {value}% ({limits})"}[language]


def _after(ratio: Estimate, p: Estimate | None, *, is_adjusted: bool) -> Text:
    """The direction in words only where P is below 0.05."""
    if ratio.value is None:
        why = ratio.warning.printed
        return Text(
            f"寡进展后与广泛进展后死亡的风险比未给出：{why.zh}。",
            f"The hazard ratio of death after oligoprogression against systemic progression is not given: {why.en}.",
        )
    numbers = ratio_text("HR", ratio, p)
    how = Text("校正后", "After adjustment, ") if is_adjusted else Text("", "")
    if not is_significant(p):
        en = f"{how.en}the hazard of death after oligoprogression did not differ significantly from that after systemic progression"
        return Text(
            f"{how.zh}寡进展后与广泛进展后死亡风险的差异无统计学意义（{numbers.zh}）。",
            f"{en[:1].upper()}{en[1:]} ({numbers.en}).",
        )
    lower = ratio.value < 1
    en = f"{how.en}the hazard of death was {'lower' if lower else 'higher'} after oligoprogression than after systemic progression"
    return Text(
        f"{how.zh}寡进展后的死亡风险{'低' if lower else '高'}于广泛进展后（{numbers.zh}）。",
        f"{en[:1].upper()}{en[1:]} ({numbers.en}).",
    )
