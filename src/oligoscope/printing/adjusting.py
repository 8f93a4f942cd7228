"""What the ratios of the primary comparison are adjusted for, and what they are not."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.method_texts import left_out_of_score, names_in_sentence
from oligoscope.results.analyses import AT_PROGRESSION, BALANCE, SURVIVAL, WEIGHTING
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.protocol import Protocol

_LEAD, _ECOG, _TIME = Outcome.PPS, "ecog", "months_to_progression"

# What the comparison of survival is adjusted for, by the part of its method.
_BY_METHOD = {
    MethodPart.COX_ADJUSTED_FOR_TIME: (_TIME,),
    MethodPart.COX_ADJUSTED_FOR_TIME_AND_ECOG: (_TIME, _ECOG),
}


def adjusted_by_method(method: Method) -> tuple[str, ...]:
    """The covariates that the method of a ratio names; none where study.yaml names them."""
    return next((names for part, names in _BY_METHOD.items() if method.has(part)), ())


def not_adjusted_for(protocol: Protocol, results: Results) -> Iterator[Text]:
    """One sentence each on the adjusted ratio and on those by the propensity score; whether one adjusts for all of it."""
    adjusted = results.find(analysis=SURVIVAL, outcome=_LEAD, statistic=Statistic.HAZARD_RATIO_ADJUSTED)
    given = [e for e in adjusted if e.value is not None]
    has_ecog = any(e.method.has(MethodPart.COX_ADJUSTED_FOR_TIME_AND_ECOG) for e in given)
    in_model = {_ECOG} if has_ecog else set()
    score = _score(protocol, results)
    kinds = _by_score(results)
    if given:
        yield _of_the_model(tuple(n for n in score if n not in in_model), has_ecog=has_ecog)
    if kinds.en and _TIME not in score:
        of = (
            Text("", "")
            if given
            else Text(
                f"校正{names_in_sentence(score).zh}，", f" accounts for {names_in_sentence(score).en} and"
            )
        )
        asked = (_TIME, _ECOG) if has_ecog and _ECOG not in score else (_TIME,)
        elsewhere = _at_progression(protocol, results)
        no = _never_or_not_always(asked, elsewhere)
        yield Text(f"{kinds.zh}的 HR {of.zh}{no.zh}。", f"{kinds.en}{of.en} does not account for {no.en}.")
        if given and _TIME not in elsewhere:
            yield Text("没有同时校正两者的估计。", "No estimate accounts for both.")


def accounts_for_both(results: Results) -> bool:
    """Whether a matched or weighted ratio was adjusted for the time to progression, too."""
    adjusted = results.find(analysis=AT_PROGRESSION, statistic=Statistic.HAZARD_RATIO_ADJUSTED)
    return any(e.value is not None for e in adjusted if e.population == MATCHED or e.variable)


_NAMES = {
    _TIME: Text("首次进展时间", "the time to progression"),
    _ECOG: Text("基线 ECOG 评分", "baseline ECOG PS"),
}


def _at_progression(protocol: Protocol, results: Results) -> frozenset[str]:
    """The covariates for which a matched or weighted ratio was adjusted at the progression; none where it was not."""
    if not accounts_for_both(results):
        return frozenset()
    left_out = {e.variable for e in results.find(analysis=AT_PROGRESSION, statistic=Statistic.COVARIATE)}
    return frozenset(protocol.matching.covariates_at_progression) - left_out


def _never_or_not_always(names: tuple[str, ...], elsewhere: frozenset[str]) -> Text:
    """What no ratio accounts for, and what only those account for of which that is said."""
    never, sometimes = (
        [_NAMES[name] for name in names if (name in elsewhere) == is_elsewhere]
        for is_elsewhere in (False, True)
    )
    zh, en = [], []
    if never:
        zh.append("未校正" + "与".join(n.zh for n in never))
        en.append(" and ".join(n.en for n in never))
    if sometimes:
        zh.append(f"除另行校正者外，{'也' if never else ''}未校正" + "与".join(n.zh for n in sometimes))
        said = " and ".join(n.en for n in sometimes)
        en.append(
            f"nor, except where that is said, for {said}" if never else f"{said}, except where that is said"
        )
    return Text("；".join(zh), ", ".join(en))


def adjusted_in_short(results: Results) -> Iterator[Text]:
    """The same for a note: what each kind of ratio accounts for, without names of the score's variables."""
    adjusted = results.find(analysis=SURVIVAL, outcome=_LEAD, statistic=Statistic.HAZARD_RATIO_ADJUSTED)
    given, matched = any(e.value is not None for e in adjusted), _has_matched(results)
    of_score = {e.variable for e in results.find(analysis=BALANCE)}
    if _TIME in of_score:
        return
    has_ecog = any(_ECOG in adjusted_by_method(e.method) for e in adjusted if e.value is not None)
    also = Text("与 ECOG 评分", " or ECOG PS") if has_ecog and _ECOG not in of_score else Text("", "")
    if given and matched:
        yield Text(
            f"校正后的 HR 未纳入倾向评分中的变量，匹配后的 HR 未校正首次进展时间{also.zh}。",
            f"Adjusted: not for the variables of the propensity score; matched: not for the time to progression{also.en}.",
        )
    elif given and _by_score(results).en:
        yield Text(
            "校正后的 HR 未纳入倾向评分中的变量。", "Adjusted: not for the variables of the propensity score."
        )
    elif matched:
        yield Text("匹配后者未校正首次进展时间。", "Matched: not adjusted for the time to progression.")


def _score(protocol: Protocol, results: Results) -> tuple[str, ...]:
    left_out = left_out_of_score(results)
    return tuple(n for n in protocol.matching.covariates if n not in left_out)


def _has_matched(results: Results) -> bool:
    found = results.find(
        analysis=SURVIVAL, population=MATCHED, outcome=_LEAD, statistic=Statistic.HAZARD_RATIO
    )
    return any(e.value is not None for e in found)


def _by_score(results: Results) -> Text:
    """The ratios after matching and after weighting, as they were given; blank where neither was."""
    weighted = results.find(analysis=WEIGHTING, outcome=_LEAD, statistic=Statistic.HAZARD_RATIO)
    has_matched, has_weighted = _has_matched(results), any(e.value is not None for e in weighted)
    if has_matched and has_weighted:
        return Text("匹配后与加权", "The HR after matching or weighting")
    if has_matched:
        return Text("匹配后", "The HR after matching")
    return Text("加权", "The weighted HR") if has_weighted else Text("", "")


def _of_the_model(others: tuple[str, ...], *, has_ecog: bool) -> Text:
    more = Text("与基线 ECOG 评分", " and baseline ECOG PS") if has_ecog else Text("", "")
    without = Text("", "")
    if others:
        names = names_in_sentence(others)
        without = Text(f"，未校正{names.zh}", f", not for {names.en}")
    return Text(
        f"校正后的 HR 只校正首次进展时间{more.zh}{without.zh}。",
        f"The adjusted HR accounts for the time to progression{more.en} only{without.en}.",
    )
