"""What was done, in sentences made from the settings that ran and from the numbers that came out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from oligoscope.bilingual import LANGUAGES, Count, Text
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.document_parts import Methods, in_order
from oligoscope.printing.sentences import joined, listed, listed_names
from oligoscope.printing.team_notes import given_by_team, no_response_known
from oligoscope.questions.registry import document_parts, question_of
from oligoscope.report.definition_words import progression_rules
from oligoscope.results.analyses import FLOW, SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Kind, Statistic
from oligoscope.study.dictionary.criteria import CRITERIA
from oligoscope.study.dictionary.definitions import RESISTANCE_DEFINITIONS
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import in_sentence, is_of
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name


def method_sentences(protocol: Protocol, results: Results) -> tuple[Text, ...]:
    """One paragraph each on the data, response, progression, resistance, and what the questions say of their methods."""
    return tuple(paragraph.text for paragraph in method_paragraphs(protocol, results))


def method_paragraphs(protocol: Protocol, results: Results) -> tuple[Paragraph, ...]:
    """The same, each with what its results are of, where the paper need not print them."""
    shares = in_order(
        (kind, replace(share, about=share.about or (kind,)))
        for kind, parts in document_parts()
        for share in parts.methods
    )
    own = (share for share in shares if not share.compares_groups)
    return (
        Paragraph(_data(protocol, results)),
        *map(Paragraph, _responses(protocol, results)),
        *_labels(protocol, results),
        *_endpoints(protocol, results),
        *map(Paragraph, _comparisons(protocol, results, shares)),
        *(Paragraph(text, about=share.about) for share in own for text in share.build(protocol, results)),
    )


def _says_nothing_of_progression(results: Results) -> bool:
    """Whether the data do not say of anybody whether they progressed."""
    unknown = results.get(
        analysis=FLOW, population="treated", variable="progression_unknown", statistic=Statistic.N_EXCLUDED
    )
    return unknown is not None and unknown.value == unknown.n


def _none_progressed(results: Results) -> bool:
    """Whether there was no progression to which a definition could be applied."""
    n = results.get(analysis=FLOW, population="progressed", variable="", group="", statistic=Statistic.N)
    return n is not None and not n.value


def _responses(protocol: Protocol, results: Results) -> Iterator[Text]:
    has_responses = not no_response_known(results)
    has_progressions = not _says_nothing_of_progression(results)
    if only_read(protocol):
        yield from _read_by_team(has_responses=has_responses, has_progressions=has_progressions)
    elif has_responses and ("best_response" in given_by_team(results) or has_progressions):
        yield _response(protocol)


def _labels(protocol: Protocol, results: Results) -> Iterator[Paragraph]:
    """By which definitions patterns and types were derived; none of those that the team has given."""
    given = given_by_team(results)
    if _says_nothing_of_progression(results) or _none_progressed(results):
        return
    if "pattern" not in given:
        yield Paragraph(progression_rules(protocol, only_read=only_read(protocol)))
    if "resistance" not in given and not no_response_known(results):
        yield Paragraph(RESISTANCE_DEFINITIONS[protocol.resistance.preset].methods, about=("resistance",))


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _data(protocol: Protocol, results: Results) -> Text:
    blind, cutoff = _not_assessed(results), protocol.study.data_cutoff
    rules = joined(
        [
            *_excluded(protocol, blind, after_treatment=False),
            *_excluded(protocol, blind, after_treatment=True),
        ]
    )
    if not protocol.eligibility:
        rules = Text("未设入排标准。", "No eligibility criterion was set.")
    if cutoff is None:
        day, until = Text("", ""), Text("未设定数据截止日期。", "No data cutoff was set.")
    else:
        day = Text(
            f"{cutoff.year} 年 {cutoff.month} 月 {cutoff.day} 日",
            f"{cutoff.day} {_MONTHS[cutoff.month - 1]} {cutoff.year}",
        )
        until = Text(f"数据截止日期为 {day.zh}。", f"The data cutoff was {day.en}.")
    if cutoff is not None and _times_given(results):
        until = Text(
            f"数据截止日期为 {day.zh}；研究团队以时长给出的结局按所给采用。",
            f"The data cutoff was {day.en}; times that the study team gave are as given.",
        )
    return joined([*_design(protocol, results), rules, *_not_applied(protocol, results), until])


def _excluded(protocol: Protocol, blind: set[str], *, after_treatment: bool) -> Iterator[Text]:
    """The rules applied to the screened, which make the treated; then those that set aside some of the treated."""
    found = [
        rule.excluded.printed
        for rule in protocol.eligibility
        if rule.id not in blind and (rule.after != "screened") is after_treatment
    ]
    if not found:
        return
    n, zh = len(found), "；".join(rule.zh for rule in found)
    en = "; ".join(in_sentence(rule).en for rule in found)
    if after_treatment:
        yield Text(
            f"治疗人群中符合下列情形者不属于进展人群：{zh}。",
            f"Treated patients to whom the following applied were not in the progressed population: {en}.",
        )
        return
    yield Text(
        f"依次按 {n} 条排除标准排除患者：{zh}。",
        f"Patients were excluded by {n} {'criterion' if n == 1 else 'criteria in this order'}: {en}.",
    )


def _design(protocol: Protocol, results: Results) -> Iterator[Text]:
    """What kind of study this is, and which comparison is the primary one."""
    people = Text("患者资料", "The data")
    if protocol.study.synthetic:
        people = Text("合成（由计算机生成的）患者资料", "Synthetic data, made by a computer,")
    verb = "were analysed as those of a retrospective cohort study."
    yield Text(f"{people.zh}按回顾性队列研究分析。", f"{people.en} {verb}")
    compared = results.find(analysis=SURVIVAL, outcome=Outcome.PPS, statistic=Statistic.HAZARD_RATIO)
    if any(e.value is not None and is_of(e.group, "pattern") for e in compared):
        yield Text(
            "主要比较为两种进展模式的进展后生存期，从首次进展起计时，因为此时方能确定进展模式。",
            "The primary comparison was that of post-progression survival between the progression patterns, from the first progression on, "
            "when the pattern is known.",
        )


def _not_applied(protocol: Protocol, results: Results) -> Iterator[Text]:
    """The rules that could be assessed for no patient."""
    names = _not_assessed(results)
    rules = [rule.excluded.printed for rule in protocol.eligibility if rule.id in names]
    if rules:
        zh = "；".join(rule.zh for rule in rules)
        en = "; ".join(in_sentence(rule).en for rule in rules)
        yield Text(
            f"因资料缺失，下列标准无法评估，未排除任何患者：{zh}。",
            f"Because data were missing, the following criteria could not be assessed and excluded no patient: {en}.",
        )


def _not_assessed(results: Results) -> set[str]:
    found = results.find(analysis=FLOW, statistic=Statistic.N_NOT_ASSESSABLE)
    return {e.variable for e in found if e.n and e.value == e.n}


def _times_given(results: Results) -> list[Outcome]:
    """Outcomes whose time and event the study team gave."""
    given = given_by_team(results)
    return [outcome for outcome in Outcome if outcome in given]


def _response(protocol: Protocol) -> Text:
    settings = protocol.response
    source = CRITERIA[settings.criteria].methods if _from_lesions(protocol) else _GIVEN
    if settings.confirmation:
        best = Text(
            f"最佳总体疗效中的完全缓解（CR）与部分缓解（PR）须在至少 {settings.confirmation_days} 天后确认；",
            f"Complete (CR) and partial response (PR) as best overall response had to be confirmed at least {Count(settings.confirmation_days):day|days} later;",
        )
    else:
        best = Text(
            "最佳总体疗效中的完全缓解（CR）与部分缓解（PR）不要求确认；",
            "Complete (CR) and partial response (PR) as best overall response needed no confirmation;",
        )
    days = settings.minimum_sd_days
    stable = Text(
        f"疾病稳定（SD）须自治疗开始起满 {days} 天。",
        f"stable disease (SD) had to last {Count(days):day|days} from treatment start.",
    )
    return joined([source, best, stable])


def _from_lesions(protocol: Protocol) -> bool:
    """Whether responses come from measurements of lesions, by the criteria of the study."""
    data = protocol.data
    return protocol.response.source == "lesions" and (data.sdtm is not None or data.lesions is not None)


def only_read(protocol: Protocol) -> bool:
    """Whether best responses and first progressions are those that a team has read, scan by scan nowhere recorded."""
    data = protocol.data
    scans = (data.sdtm, data.assessments, data.lesions, data.measurements)
    return all(source is None for source in scans)


# Where responses come from that were neither derived from lesions nor read together with the first progression.
_GIVEN = Text("疗效采用数据中已有的评价。", "Responses were those already given in the data.")


def _read_by_team(*, has_responses: bool, has_progressions: bool) -> Iterator[Text]:
    """What the team has read, scan by scan nowhere recorded; only what it gave."""
    names = [
        *([Text("疗效", "responses")] if has_responses else []),
        *([Text("首次进展", "first progressions")] if has_progressions else []),
    ]
    if names:
        zh, en = (listed([name[language] for name in names], language) for language in LANGUAGES)
        yield Text(
            f"{zh}采用数据中已判读的结果，未由病灶测量推导。",
            f"{en[:1].upper()}{en[1:]} were read by the study team and used as given; none was derived from lesions.",
        )


ENDPOINTS: dict[str, Text] = {
    Outcome.OS: Text(
        "总生存期自治疗开始至死亡，存活者于末次确知存活之日删失。",
        "Overall survival ran from the start of treatment to death; patients alive were censored when last known alive.",
    ),
    Outcome.PFS: Text(
        "无进展生存期自治疗开始至首次进展或死亡，两者皆无者于末次充分评估时删失。",
        "Progression-free survival ran from the start of treatment to the first progression or death; without either it was "
        "censored at the last adequate assessment.",
    ),
    Outcome.PPS: Text(
        "进展后生存期自首次进展至死亡，删失规则同总生存期。",
        "Post-progression survival ran from the first progression to death, censored in the same way as overall survival.",
    ),
    Outcome.PFS2: Text(
        "后线无进展生存期（PFS2）自第 {line} 线治疗开始至该线治疗的进展或死亡；标准的 PFS2 自一线治疗开始至第二次进展或死亡（EMA 2012），与此不同。",
        "Later-line progression-free survival (PFS2) ran from the start of line {line} of treatment to progression on "
        "that line or death; this differs from the standard PFS2, which runs from the start of the first line to the second "
        "progression or death (EMA 2012).",
    ),
    Outcome.DOR: Text(
        "缓解持续时间自首次 CR 或 PR 至进展或死亡，只计缓解者。",
        "Duration of response ran from the first CR or PR to progression or death, in responders only.",
    ),
    Outcome.IPFS: Text(
        "iRECIST 无进展生存期以 iRECIST 所定的进展日期计。",
        "iRECIST progression-free survival took the date of progression from iRECIST.",
    ),
}
_NOT_CENSORED = Text(
    "无进展生存期不因漏检或更换抗肿瘤治疗而删失。",
    "Missed assessments and a new anticancer therapy did not censor progression-free survival.",
)
_PFS_TO_CONTACT = Text(
    "无进展生存期自治疗开始至首次进展或死亡；数据中没有各次检查的日期，两者皆无者于末次随访时删失。",
    "Progression-free survival ran from the start of treatment to the first progression or death; the data date no assessment, and "
    "without either it was censored at the last contact.",
)
_CENSORED = {
    "missed_assessments": Text(
        "连续缺失两次及以上检查后的进展或死亡不计，于此前末次充分评估时删失。",
        "Progression or death after two or more missed assessments did not count; follow-up was censored at the last adequate assessment before them.",
    ),
    "new_therapy": Text(
        "更换抗肿瘤治疗者于此前末次充分评估时删失。",
        "Patients who started a new anticancer therapy were censored at the last adequate assessment before it.",
    ),
}


def _endpoints(protocol: Protocol, results: Results) -> Iterator[Paragraph]:
    """Start, event and censoring of every endpoint that was asked for and has numbers; nothing where none was."""
    asked = {o for a in protocol.analyses for o in a.outcomes}
    asked |= {
        question_of(a.kind).withheld_by for a in protocol.analyses
    }  # kinds with one outcome of their own
    texts = ENDPOINTS | ({Outcome.PFS: _PFS_TO_CONTACT} if only_read(protocol) else {})
    timed = [outcome for outcome in _times_given(results) if outcome in asked]
    derived = {o for o in asked if o not in timed and _has_a_number(o, results)}
    later = derived & {Outcome.PFS2}  # of a subset of the patients, in the supplement
    sentences = [*_timed_by_team(timed), *(text for name, text in texts.items() if name in derived - later)]
    settings = protocol.endpoints
    if Outcome.PFS in derived:
        censored = [text for name, text in _CENSORED.items() if getattr(settings, name) == "censor"]
        sentences += censored or ([] if only_read(protocol) else [_NOT_CENSORED])
    if sentences:
        yield Paragraph(joined(sentences))
    for outcome in later:
        yield Paragraph(texts[outcome].filled(line=settings.pfs2_line), about=(outcome,))


def _timed_by_team(outcomes: list[Outcome]) -> Iterator[Text]:
    if outcomes:
        names = listed_names(map(column_name, outcomes))
        yield Text(
            f"{names.zh}的起点、事件与删失由研究团队判定，本软件未推导。",
            f"Start, event and censoring of {names.en} are the study team's own; the program derived none of them.",
        )


def _has_a_number(outcome: str, results: Results) -> bool:
    """Whether any number of an outcome came out."""
    return any(e.value is not None for e in results.find(outcome=outcome))


_TWO_SIDED = Text(
    "均为双侧检验，*P*<0.05 为差异有统计学意义。",
    "All tests were two-sided, and *P*<0.05 was considered statistically significant.",
)
_MONTH = Text("每月按 30.4375 天计。", "A month is counted as 30.4375 days.")


def _comparisons(protocol: Protocol, results: Results, shares: Iterable[Methods]) -> tuple[Text, ...]:
    """How groups were compared, of the kinds of analysis that were asked for; nothing where none was."""
    if not protocol.analyses:
        return ()
    found = (text for share in shares if share.compares_groups for text in share.build(protocol, results))
    tested = any(e.statistic.kind is Kind.P_VALUE and e.value is not None for e in results.estimates)
    return (joined([*dict.fromkeys(found), *([_TWO_SIDED] if tested else []), _MONTH]),)
