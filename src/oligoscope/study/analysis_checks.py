"""Is every analysis of study.yaml one that can be done as it is written, and does each give numbers that no other gives?"""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.study.analysis_options import OPTIONS, Kinds, Options
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.protocol import AnalysisSettings
from oligoscope.study.yaml_lines import Path, dotted

Fault = tuple[Path, str | None, Text]


TWICE = Text("同一名称写了两次；请删去其一。", "is listed twice; delete one")


def check_analyses(analyses: tuple[AnalysisSettings, ...], kinds: Kinds) -> Iterator[Fault]:
    """Settings that an analysis would not honour, names repeated in a list, and analyses that repeat an earlier one."""
    for i, analysis in enumerate(analyses):
        options = kinds[analysis.kind]
        yield from _not_honoured(i, analysis, options)
        for name in ("outcomes", "variables", "adjust_for"):
            words = getattr(analysis, name)
            twice = next((w for w in words if words.count(w) > 1), None)
            if twice is not None:
                yield ("analyses", i, name), twice, TWICE
        first = next((j for j in range(i) if _meet(analyses[j], analysis, options)), None)
        if first is not None:
            yield ("analyses", i), analysis.kind, _repeats(dotted(("analyses", first)), options)


def _not_honoured(i: int, analysis: AnalysisSettings, options: Options) -> Iterator[Fault]:
    """Settings that the kind cannot follow, and lists without which it has nothing to compute."""
    kind = analysis.kind
    if analysis.population not in options.populations:
        possible = ", ".join(options.populations)
        refused = Text(
            f"{kind} 不能在此人群中进行；可用：{possible}。",
            f"{kind} cannot be done in this population; possible: {possible}",
        )
        yield ("analyses", i, "population"), analysis.population, refused
    for name in OPTIONS:
        value = getattr(analysis, name)
        # The fixed endpoint of a kind may be written out, and so may a setting's default.
        fixed = name == "outcomes" and set(analysis.outcomes) <= set(options.outcomes)
        if fixed or value == AnalysisSettings.model_fields[name].default:
            continue
        if name not in options.honours:
            yield ("analyses", i, name), _shown(value), _ignored(kind, options)
        elif name in options.of_unmatched and analysis.population == MATCHED:
            yield ("analyses", i, name), _shown(value), _ROBUST_ALREADY
    if analysis.weighted_test == "max_combo" and analysis.rho_gamma != _USUAL_POWERS:
        yield ("analyses", i, "rho_gamma"), _shown(analysis.rho_gamma), _POWERS_OF_ONE_TEST
    if {"by", "variables"} <= set(options.honours) and analysis.by in analysis.variables:
        yield ("analyses", i, "variables"), analysis.by, _ITS_OWN_GROUPS
    if "by" in options.honours and analysis.by in analysis.adjust_for:
        yield ("analyses", i, "adjust_for"), analysis.by, _ITS_OWN_GROUPS
    for name in options.needs:
        if not getattr(analysis, name):
            yield ("analyses", i), kind, _lacks(kind, name, options.outcomes if name == "outcomes" else ())


_USUAL_POWERS = AnalysisSettings.model_fields["rho_gamma"].default
_POWERS_OF_ONE_TEST = Text(
    "只用于 weighted_test: fleming_harrington；请写上它，或删去此设置。",
    "is of weighted_test: fleming_harrington alone; state that, or delete this",
)
# Firth's penalty is of a likelihood: with variances robust to matched sets there is none, and no profile to take limits from. Few
# sets have Student's t instead (docs/methods-matching.md). The adjusted ratio that has events per variable is of unmatched patients.
_ROBUST_ALREADY = Text(
    "匹配后的比较不用此设置：其方差按配对稳健估计，没有可惩罚的似然，而对数少时已改用 t 分布；匹配后也没有多变量模型。请删去，"
    "或用于未匹配的人群。",
    "changes nothing after matching: variances are robust to the pairs, so that there is no likelihood to penalise, few pairs have "
    "Student's t already, and there is no model of several variables; delete it, or use it in an unmatched population",
)
_ITS_OWN_GROUPS = Text("此变量就是分组变量，请删去。", "this variable is what makes the groups; delete it")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(str(v) for v in value)}]"
    return str(value)


def _ignored(kind: str, options: Options) -> Text:
    names = ", ".join(("population", *options.honours))
    only = f"outcomes [{', '.join(options.outcomes)}]" if options.outcomes else ""
    zh = f"，结局固定为 {only}" if only and "outcomes" not in options.honours else ""
    en = f"; its endpoint is fixed: {only}" if zh else ""
    return Text(
        f"{kind} 不使用此设置，请删去；它可用的设置：{names}{zh}。",
        f"{kind} does not use this setting; delete it. It uses: {names}{en}",
    )


def _lacks(kind: str, name: str, words: tuple[str, ...]) -> Text:
    listed = f" ({', '.join(words)})" if words else ""
    return Text(
        f"{kind} 需要 {name}{listed}，否则没有可计算的内容。",
        f"{kind} needs {name}{listed}; without them there is nothing to compute",
    )


def _meet(one: AnalysisSettings, other: AnalysisSettings, options: Options) -> bool:
    if one.kind != other.kind or one.patients != other.patients:
        return False
    return all(_same(getattr(one, name), getattr(other, name)) for name in options.apart_by)


def _same(one: str | tuple[str, ...], other: str | tuple[str, ...]) -> bool:
    if isinstance(one, str):
        return one == other
    return bool(set(one) & set(other)) or one == other


def _repeats(first: str, options: Options) -> Text:
    names = ", ".join(("population", "where", *options.apart_by))
    return Text(
        f"与 {first} 得出同样的数字；请删去其一，或改动其 {names}。",
        f"gives the same numbers as {first}; delete one of them, or change one of: {names}",
    )
