"""Who was studied, on the first page: how many, who was not eligible, what their groups are, how long they were followed."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Paragraph
from oligoscope.printing.chapters import POPULATION
from oligoscope.printing.document_parts import Draft
from oligoscope.printing.sentences import joined, listed
from oligoscope.printing.team_notes import given_by_team
from oligoscope.questions.flow.section import flow_paragraph, is_known, regimens_of
from oligoscope.questions.follow_up.section import follow_up_in_short
from oligoscope.report.definition_words import progression_in_short
from oligoscope.results.analyses import FLOW
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol

_OTHER_TREATMENT = Text("一线采用其他治疗", "other first-line treatment")
_BY_TEAM = Text("进展模式为研究团队所判定。", "The patterns are those that the study team gave.")


def patients_studied(draft: Draft) -> Iterator[Block]:
    """One paragraph; nothing where no patients were counted."""
    if not is_known(draft):
        return
    protocol, results = draft.protocol, draft.results
    counted, followed = flow_paragraph(results, protocol), follow_up_in_short(results)
    texts = [counted.text, *_not_eligible(protocol, results), *_groups(protocol, results)]
    keys = counted.keys
    if followed is not None:
        texts.append(followed.text)
        keys += followed.keys
    yield Paragraph(joined(texts), keys)


def _not_eligible(protocol: Protocol, results: Results) -> Iterator[Text]:
    """The rules that excluded patients before treatment; that of the treatment in short, as it is named already.

    A rule that excluded no patient, or could be assessed for none, is not named.
    """
    none = {e.variable for e in results.find(analysis=FLOW, statistic=Statistic.N_EXCLUDED) if e.value == 0}
    rules = [
        _OTHER_TREATMENT if regimens_of(r.keep) else r.excluded.printed
        for r in protocol.eligibility
        if r.after == "screened" and r.id not in none
    ]
    if rules:
        zh, en = listed([r.zh for r in rules], "zh"), "; ".join(in_sentence(r).en for r in rules)
        yield Text(f"排除：{zh}。", f"Excluded: {en}.")


def _groups(protocol: Protocol, results: Results) -> Iterator[Text]:
    progressed = results.value(
        analysis=FLOW, population=POPULATION, variable="", group="", statistic=Statistic.N
    )
    if progressed:
        yield _BY_TEAM if "pattern" in given_by_team(results) else progression_in_short(protocol)
