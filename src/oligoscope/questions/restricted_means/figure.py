"""Forest plot of the differences in restricted means, by outcome and horizon."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.forest import Column, Entry, Forest
from oligoscope.printing.cells import decimal, with_limits
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.forest_texts import forest_figure, p_text, reading_with_care
from oligoscope.printing.sentences import joined
from oligoscope.questions.restricted_means.horizons import UpTo, horizons_of
from oligoscope.questions.restricted_means.table import horizon_name
from oligoscope.results.results import Results
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, name_of

_BLANK = Text("", "")
_NOTE = Text(
    "横线为 95% 置信区间（CI）。差值为前者减后者；限制性平均生存时间为至时限为止 Kaplan-Meier 曲线下的面积，不假定比例风险。",
    "Lines are 95% confidence intervals (CI). The difference is the first group minus the second; a restricted mean is the area "
    "under the Kaplan-Meier curve up to the horizon and assumes no proportional hazards.",
)
_COLUMNS = ("outcome", "group", "variable", "statistic", "value", "low", "high", "n")


def draw_means(results: Results, population: str = "progressed", by: str = "pattern") -> Figure:
    """A heading an outcome; a row a horizon with both means, their difference and its P.

    Raises:
        KeyError: Nothing was compared.
    """
    found = horizons_of(results, population, by)
    if not found:
        raise KeyError(f"restricted_means/{population}/{by}")
    people, (first, second) = name_of(population), (name_of(g) for g in found[0].groups)
    forest = Forest(
        entries=tuple(_entries(found)),
        columns=(
            Column(Text("两组平均/月", "Means, months")),
            Column(Text("差值（95%CI）", "Difference (95% CI)"), in_words=True),
            Column(Text("*P*", "*P*")),
        ),
        models=(),
        axis=Text("限制性平均生存时间之差/月", "Difference in restricted means, months"),
        below=_longer(second),
        above=_longer(first),
        no_effect=0,
    )
    estimates = tuple(
        dict.fromkeys(e for one in found for e in one.printed if e not in (*one.lost, one.ratio))
    )
    return forest_figure(
        f"restricted_means_{population}_{by}",
        forest,
        Text(
            f"{people.zh}限制性平均生存时间之差（{first.zh}减{second.zh}）",
            f"Differences in restricted means in the {in_sentence(people).en} ({in_sentence(first).en} minus {in_sentence(second).en})",
        ),
        joined([_NOTE, reading_with_care(one.difference for one in found)]),
        Text("限制性平均生存时间之差的森林图", "Forest plot of differences in restricted means"),
        estimates,
        _COLUMNS,
    )


def _longer(group: Text) -> Text:
    return Text(f"{group.zh}组较长", f"Longer with {in_sentence(group).en}")


def _entries(found: list[UpTo]) -> list[Entry]:
    entries: list[Entry] = []
    outcome = ""
    for one in found:
        if one.outcome != outcome:
            entries.append(Entry(column_name(one.outcome), (_BLANK,) * 3, is_heading=True))
            outcome = one.outcome
        a, b = (decimal(e).text for e in one.means)
        means = Text(f"{a.zh} vs {b.zh}", f"{a.en} vs {b.en}")
        cells = (means, with_limits(one.difference, Footnotes()).text, p_text(one.p))
        entries.append(Entry(horizon_name(one), cells, (one.difference,), tests=(one.p,)))
    return entries
