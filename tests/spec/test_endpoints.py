"""Times to events in days from the start of treatment, and who is censored when."""

from __future__ import annotations

from datetime import date

from spec.patient_tables import derive, study_tables
from spec.rules import rule

FDA = "FDA guidance for progression-free survival (values quoted from memory)"


@rule(
    "endpoints",
    en="PFS ends with the first progression or death. Without either it is censored at the last adequate assessment: not at the last contact, and NE is not adequate. OS ends with death, else at the last day known alive.",
    zh="PFS 止于首次进展或死亡；两者均无则删失于末次有效评估（非末次联系，NE 不算有效）。OS 止于死亡，否则删失于末次已知存活日。",
    source=FDA,
)
def test_pfs_and_os(sheet):
    sheet.follow_up("""
        responses           | death | alive | -> PFS       | -> OS
        SD 56, PD 112       | 300   |       | 112 event    | 300 event
        SD 56, SD 112       | 140   |       | 140 event    | 140 event
        SD 56, PR 112       |       | 300   | 112 censored | 300 censored
        SD 56, NE 112       |       | 300   | 56 censored  | 300 censored
        SD 56, NE 112       | 140   |       | 140 event    | 140 event
        SD 56, PR 112       |       |       | 112 censored | 112 censored
        PD 56, PR 112       | 56    |       | 56 event     | 56 event
    """)


@rule(
    "endpoints",
    en="The patient was alive on the day of a scan or a progression, so that OS never ends before PFS.",
    zh="检查当日与进展当日患者均存活，故 OS 不会早于 PFS 结束。",
    source="common practice",
)
def test_a_progression_is_a_sign_of_life(sheet):
    sheet.follow_up("""
        responses | clinical | read | alive | -> PFS       | -> OS        | -> PPS
        SD 56     | 80       |      | 70    | 80 event     | 80 censored  | 0 censored
        SD 56     |          | 90   |       | 90 event     | 90 censored  | 0 censored
        SD 56     |          |      | 40    | 56 censored  | 56 censored  |
    """)


@rule(
    "endpoints",
    en="Without any scan after the start, PFS is censored on day 0; an early death is an event.",
    zh="开始治疗后无任何扫描者，PFS 删失于第 0 天；早期死亡为事件。",
    source=FDA,
)
def test_no_scan_after_the_start(sheet):
    sheet.follow_up(
        """
        responses | death | alive | -> PFS     | -> OS
                  | 40    |       | 40 event   | 40 event
                  |       | 300   | 0 censored | 300 censored
        NE 56     |       | 300   | 0 censored | 300 censored
        """,
        schedule_days=56,
    )


@rule(
    "endpoints",
    en="Without a baseline scan no later one can be judged: censored on day 0. A death is an event where missed assessments are ignored (the default, as EMA); where they censor (FDA), only a death within two scan intervals. A separate setting overrides this.",
    zh="无基线扫描则其后无从判定：删失于第 0 天。忽略缺失评估时（默认，同 EMA）死亡为事件；按缺失评估删失时（FDA），仅两个扫描间隔内的死亡为事件。另有设置可改。",
    source=FDA + "; EMA as sensitivity",
)
def test_no_baseline(sheet):
    drawing = """
        responses | baseline | death | alive | -> PFS      | -> OS
        SD 56     | yes      |       | 300   | 56 censored | 300 censored
        SD 56     | no       |       | 300   | 0 censored  | 300 censored
        SD 56     | no       | 112   |       | 112 event   | 112 event
        SD 56     | no       | 113   |       | {late}      | 113 event
    """
    # FDA asks for two intervals; without its censorings a late death is as much an event as after missed scans.
    sheet.follow_up(drawing.format(late="113 event"), schedule_days=56)
    sheet.follow_up(drawing.format(late="0 censored"), schedule_days=56, missed_assessments="censor")
    sheet.follow_up(drawing.format(late="0 censored"), schedule_days=56, death_without_baseline="early_only")
    sheet.follow_up(
        """
        responses | baseline | death | -> PFS
        SD 56     | no       | 113   | 113 event
        """,
        schedule_days=56,
        missed_assessments="censor",
        death_without_baseline="event",
    )


@rule(
    "endpoints",
    en="Progression or death after two or more missed assessments: censored at the last adequate one (FDA); an event all the same where missed assessments are ignored (the default, as EMA).",
    zh="连续缺失两次及以上评估后进展或死亡：删失于末次有效评估（FDA）；若忽略缺失评估（默认，同 EMA），则仍为事件。",
    source=FDA + "; EMA as sensitivity",
)
def test_missed_assessments(sheet):
    drawing = """
        responses     | death | -> PFS
        SD 56, PD 168 |       | 168 event
        SD 56, PD 169 |       | {pd}
        SD 56         | 168   | 168 event
        SD 56         | 300   | {death}
                      | 113   | {never}
    """
    sheet.follow_up(
        drawing.format(pd="56 censored", death="56 censored", never="0 censored"),
        schedule_days=56,
        missed_assessments="censor",
    )
    sheet.follow_up(drawing.format(pd="169 event", death="300 event", never="113 event"), schedule_days=56)


@rule(
    "endpoints",
    en="A new anticancer therapy before the event: censored at the last adequate assessment before it (FDA); ignored by default (EMA). On the day of progression, the progression counts.",
    zh="事件前开始新的抗肿瘤治疗：删失于其前末次有效评估（FDA）；默认忽略（EMA）。与进展同日者，进展成立。",
    source=FDA,
)
def test_new_therapy(sheet):
    drawing = """
        responses      | therapy | death | -> PFS
        SD 56, PD 112  | 112     |       | 112 event
        SD 56, PD 112  | 70      |       | {before}
        SD 56, SD 112  | 70      | 300   | {death}
        SD 56, SD 112  | 70      |       | {alive}
        PD 112         | 30      |       | {nothing}
    """
    sheet.follow_up(
        drawing.format(before="56 censored", death="56 censored", alive="56 censored", nothing="0 censored"),
        new_therapy="censor",
    )
    sheet.follow_up(
        drawing.format(before="112 event", death="300 event", alive="112 censored", nothing="112 event")
    )


@rule(
    "endpoints",
    en="A later line dated before the start of treatment, or on the day, is none: it ends no response, censors nothing and begins no PFS2. The check of the data lists it.",
    zh="日期不晚于治疗开始的后线治疗不作后线计：不截断疗效、不导致删失，也无 PFS2；数据检查会列出。",
    source="common practice",
)
def test_a_later_line_comes_after_the_start(sheet):
    sheet.follow_up(
        """
        responses      | therapy | -> unconfirmed | -> PFS
        PR 56, PD 112  | -296    | PR             | 112 event
        PR 56, PD 112  | 0       | PR             | 112 event
        PR 56, PD 112  | 1       | NE             | 0 censored
        """,
        new_therapy="censor",
    )

    def derived(line: dict[str, int]) -> tuple[int | None, int | None, int, int]:
        patient = derive(
            study_tables(
                patients=[{"patient_id": "A", "died_day": 500}], treatments=[{"patient_id": "A", "line": 2, **line}]
            )
        ).patients.row(0, named=True)  # fmt: skip
        names = ("pfs2_days", "pfs2_event", "pfs2_ema_days", "pfs2_ema_event")
        return tuple(patient[name] for name in names)

    assert derived({"started_day": -296, "progressed_day": -200}) == (None, None, 500, 1)
    assert derived({"started_day": 0}) == (None, None, 500, 1)
    assert derived({"started_day": 100, "progressed_day": 300}) == (200, 1, 300, 1)


@rule(
    "endpoints",
    en="Clinical progression without imaging is an event by default and has no pattern; it can be ignored (FDA table A).",
    zh="无影像的临床进展默认为事件，但无进展模式；可设为忽略（FDA 表 A）。",
    source=FDA,
)
def test_clinical_progression(sheet):
    sheet.follow_up("""
        responses     | clinical | alive | -> PFS   | -> pattern
        SD 56, PD 112 | 80       |       | 80 event |
        SD 56         | 80       | 300   | 80 event |
    """)
    sheet.follow_up(
        """
        responses     | clinical | alive | -> PFS
        SD 56, PD 112 | 80       |       | 112 event
        SD 56         | 80       | 300   | 56 censored
        """,
        clinical_progression="ignore",
    )


@rule(
    "endpoints",
    en="iPFS counts a clinical progression as PFS does: iRECIST waits for a second scan only where a scan showed the progression. A clinical progression over stable scans is no pseudoprogression; that flag is for a progression by imaging that later scans resolved.",
    zh="iPFS 对临床进展的处理同 PFS：仅扫描所示的进展才由 iRECIST 等待再次扫描。影像稳定时的临床进展不是假性进展；该标记仅用于影像进展而其后扫描未予证实者。",
    source="iRECIST (Seymour 2017); Oligoscope's own rule",
)
def test_immune_progression_free_survival(sheet):
    drawing = """
        scan | clinical | death | T1 | -> PFS    | -> iPFS   | -> flags
        base | 107      | 138   | 50 |           |           |
        56   |          |       | 50 | {pfs}     | {pfs}     |
    """
    sheet.course(drawing.format(pfs="107 event"))
    sheet.course(drawing.format(pfs="138 event"), clinical_progression="ignore")
    sheet.course("""
        scan | clinical | death | T1 | -> PFS   | -> iPFS   | -> flags
        base | 200      |       | 50 |          |           |
        56   |          |       | 70 |          |           |
        112  |          |       | 45 | 56 event | 200 event | no_controlled_lesion, pseudoprogression
    """)


@rule(
    "endpoints",
    en="iPFS is censored, and ends, as PFS does: a death or a clinical progression before any scan is an event, missed assessments and a new therapy censor where the study sets it, and a patient without a baseline is judged alike.",
    zh="iPFS 的删失与终止同 PFS：任何扫描之前的死亡或临床进展为事件；研究如此规定时，缺失评估与新治疗导致删失；无基线者的处理亦同。",
    source="iRECIST (Seymour 2017); " + FDA,
)
def test_immune_progression_free_survival_is_censored_as_the_other(sheet):
    for events, end in (
        ("       | 300  ", "300 event"),
        ("30     |      ", "30 event "),
        ("30     | 300  ", "30 event "),
        ("       |      ", "0 censored"),
    ):
        sheet.course(f"""
            scan | clinical | death | T1            | -> PFS | -> iPFS
            base | {events} | 50            |        |
            56   |   |      | not_evaluated | {end}  | {end}
        """)
    sheet.course("""
        scan | death | T1 | -> PFS    | -> iPFS
        56   | 300   | 45 | 300 event | 300 event
    """)
    drawing = """
        scan | therapy   | death   | T1     | -> PFS | -> iPFS
        base | {therapy} | {death} | 50     |        |
        56   |           |         | 45     |        |
        {n}  |           |         | {last} | {end}  | {end}
    """
    sheet.course(
        drawing.format(therapy="", death="", n=300, last=65, end="56 censored"), missed_assessments="censor"
    )
    sheet.course(
        drawing.format(therapy="", death=300, n=112, last="not_evaluated", end="56 censored"),
        missed_assessments="censor",
    )
    sheet.course(
        drawing.format(therapy=80, death="", n=112, last=65, end="56 censored"), new_therapy="censor"
    )
    sheet.course(drawing.format(therapy=80, death="", n=112, last=65, end="112 event"))


@rule(
    "endpoints",
    en="Duration of response runs from the first CR or PR to progression or death; it is undefined, not 0, without a response.",
    zh="缓解持续时间自首次 CR 或 PR 至进展或死亡；无缓解者无定义，而非 0。",
    source="RECIST 1.1, 4.7",
)
def test_duration_of_response(sheet):
    sheet.follow_up("""
        responses              | death | alive | -> DOR
        PR 56, PR 112, PD 168  |       |       | 112 event
        PR 56, PR 112, PR 168  |       | 300   | 112 censored
        SD 56, PR 112          | 200   |       | 88 event
        PR 56                  |       | 300   | 0 censored
        SD 56, PD 112          |       |       |
        PD 56, PR 112          |       |       |
    """)


@rule(
    "endpoints",
    en="Post-progression survival runs from the first progression to death or the last day known alive; without progression it is undefined.",
    zh="进展后生存期自首次进展至死亡或末次已知存活日；未进展者无定义。",
    source="Huang 2025",
)
def test_post_progression_survival(sheet):
    sheet.follow_up("""
        responses     | death | alive | -> PPS
        PD 56         | 356   |       | 300 event
        SD 56, PD 112 |       | 300   | 188 censored
        SD 56, PD 112 |       |       | 0 censored
        SD 56         | 300   |       |
    """)


@rule(
    "endpoints",
    en="Nothing after the data cut-off counts: a later death is alive at the cut-off, a later progression has not been seen.",
    zh="数据截止日之后概不计入：其后死亡者视为截止日存活，其后进展视为未发生。",
    source="common practice",
)
def test_data_cutoff(sheet):
    sheet.follow_up(
        """
        responses      | death | alive | -> PFS       | -> OS        | -> PPS
        SD 56, PD 112  | 300   |       | 112 event    | 300 event    | 188 event
        SD 56, PD 112  | 301   |       | 112 event    | 300 censored | 188 censored
        SD 56, PD 301  |       | 400   | 56 censored  | 300 censored |
        SD 56, SD 280  | 320   |       | 280 censored | 300 censored |
        SD 56, SD 301  |       | 400   | 56 censored  | 300 censored |
        """,
        cutoff=date(2020, 11, 10),
    )


@rule(
    "endpoints",
    en="A patient who came under observation after the start (registered or referred later) is at risk only from then on, on the clock of each outcome: PFS and OS from the start, PPS from the progression, DOR from the response, PFS2 from the line. An outcome that was over by that day, or on it, is not analysed for this patient.",
    zh="治疗开始后才进入观察者（后来登记或转入），自该日起才处于风险中，按各结局自己的时钟计：PFS 与 OS 自治疗开始，PPS 自进展，DOR 自缓解，PFS2 自该线治疗。在该日或之前已结束的结局，不纳入该患者。",
    source="Andersen, Borgan, Gill & Keiding 1993, Statistical models based on counting processes (left truncation)",
)
def test_delayed_entry_counts_on_the_clock_of_each_outcome(sheet):
    sheet.follow_up("""
        responses             | entry | death | -> PFS from   | -> OS from    | -> PPS from   | -> DOR from
        PR 50, PR 80, PD 100  |       | 300   | 0             | 0             | 0             | 0
        PR 50, PR 80, PD 100  | -20   | 300   | 0             | 0             | 0             | 0
        PR 50, PR 80, PD 100  | 60    | 300   | 60            | 60            | 0             | 10
        PR 50, PR 80, PD 100  | 100   | 300   | never at risk | 100           | 0             | never at risk
        PR 50, PR 80, PD 100  | 150   | 300   | never at risk | 150           | 50            | never at risk
        PR 50, PR 80, PD 100  | 300   | 300   | never at risk | never at risk | never at risk | never at risk
        SD 50                 | 20    | 300   | 20            | 20            |               |
    """)


@rule(
    "endpoints",
    en="PFS ends after the last adequate assessment before the event (or after the start, without one) and no later than the day on which the event was found; a death without an assessment after it, too. Without an event both are the day of censoring. The interval between assessments is the mean of the first 183 days.",
    zh="PFS 终点位于事件前末次充分评估（无则为治疗开始）之后、发现事件之日或之前；死亡同样如此。无事件者两端均为删失日。评估间隔为前 183 天的平均值。",
    source="Panageas et al. 2007; Joly et al. 2002",
)
def test_an_event_lies_between_two_assessments(sheet):
    sheet.follow_up(
        """
        responses              | death | -> PFS       | -> PFS after | -> assessments | -> interval
        SD 56, PD 112          |       | 112 event    | 56           | 2              | 56
        SD 56, NE 98, PD 112   |       | 112 event    | 56           | 2              | 56
        PD 40                  |       | 40 event     | 0            | 1              | 40
        SD 56, SD 112          | 300   | 300 event    | 112          | 2              | 56
        SD 56, SD 112          |       | 112 censored | 112          | 2              | 56
        SD 56, PD 112, PD 150  |       | 112 event    | 56           | 2              | 56
        SD 60, SD 150, SD 270  |       | 270 censored | 270          | 3              | 75
        """
    )
