"""What the Methods and the limitations say of labels that are the team's own."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.document_parts import Sentence
from oligoscope.results.analyses import TEAM_LABELS
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name


def methods(_protocol: Protocol, results: Results) -> Iterator[Text]:
    """Which labels and times are the team's own."""
    names = [
        column_name(e.outcome) for e in results.find(analysis=TEAM_LABELS, statistic=Statistic.N, variable="")
    ]
    if not names:
        return
    zh = "、".join(name.zh for name in names)
    en = ", ".join(in_sentence(name).en for name in names)
    yield Text(
        f"以下各项为研究团队所判定，按所给采用：{zh}。凡所给数据足以套用本软件规则者，均已复核，结果另表列出；规则未改动任何一例。",
        f"These were classified or timed by the study team and are used as given: {en}. Where the data allowed it the program's "
        "rules were applied beside them and the agreement is given in a table; the rules altered no patient's label.",
    )


def unchecked(_protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """That labels rest on the team's reading, and which could not be checked."""
    given = results.find(analysis=TEAM_LABELS, statistic=Statistic.N, variable="")
    if not given:
        return
    checked = [
        e.outcome
        for e in results.find(analysis=TEAM_LABELS, statistic=Statistic.N_ALIKE)
        if e.value is not None
    ]
    open_ = [column_name(e.outcome) for e in given if e.outcome not in checked]
    if open_:
        zh = "、".join(name.zh for name in open_)
        en = ", ".join(in_sentence(name).en for name in open_)
        yield (
            Text(
                f"研究团队所给的以下各项未能由数据复核：{zh}。",
                f"These items of the study team could not be checked from the data: {en}.",
            ),
            tuple(given),
        )
