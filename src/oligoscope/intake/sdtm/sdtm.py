"""SDTM domains to the tables of a study: patients, lesions, measurements, treatments, assessments.

The cells stay those of the domains, with file and row; which variable is which of our columns, and which
of CDISC's words is which of ours, goes with each table as its mapping. Validation then treats them like
any user's files. docs/sdtm.md lists what every column is read from.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.columns import all_listed, find_header
from oligoscope.intake.files.joining import add_joined
from oligoscope.intake.files.raw_table import RawTable, table_of
from oligoscope.intake.files.row_filter import holds
from oligoscope.intake.files.sheet import Sheet, UnreadableError, sheet_issues
from oligoscope.intake.issues import Issue
from oligoscope.intake.sdtm.sdtm_dates import complete_dates, study_day_dates, whole_days
from oligoscope.intake.sdtm.sdtm_domains import DOMAINS, SUBJECT, Domains, domain_files, of_reader
from oligoscope.intake.sdtm.sdtm_lesions import lesions_of
from oligoscope.intake.sdtm.sdtm_measurements import measurements_of, new_lesions, unused_rows
from oligoscope.intake.sdtm.sdtm_patients import (
    ALIVE,
    DIED,
    FIRST,
    LAST,
    deaths,
    doses,
    first_line,
    last_alive,
    one_a_patient,
    patient_mapping,
    patient_rows,
)  # fmt: skip
from oligoscope.intake.sdtm.sdtm_results import codes_of
from oligoscope.intake.sdtm.sdtm_terms import RESPONSES, with_own
from oligoscope.study.file_bytes import is_file
from oligoscope.study.protocol import JoinSource, Protocol, SdtmSource, TableSource
from oligoscope.study.schemas import TABLES

TABLE_OF = {"dm": "patients", "tu": "lesions", "tr": "measurements", "rs": "assessments", "ex": "treatments"}

_NO_SUBJECT = Text("没有 USUBJID 列。", "it has no column USUBJID")


def read_sdtm(protocol: Protocol, folder: Path) -> dict[str, RawTable]:
    """The tables that a study's SDTM domains hold.

    Args:
        protocol: The study; `data.sdtm` names the files, `response.reader` the reader.
        folder: The data folder.

    Returns:
        patients; lesions and measurements (TU and TR); treatments (EX) and assessments (RS) where there are
        such domains. One that could not be read has no rows, and the reason in `problems`.
    """
    settings = protocol.data.sdtm
    if settings is None:
        return {}
    domains = Domains(settings, folder, protocol.limits)
    sheets, problems = _sheets(domains, protocol)
    tables = {name: RawTable(name, problems=tuple(found)) for name, found in problems.items()}
    if "dm" in sheets:
        tables["patients"] = _patients(sheets, domains, settings)
    if "dm" in sheets and "ex" in sheets:
        given, issues = doses(sheets["ex"], settings)
        frame, mapping = first_line(given, sheets["dm"], settings)
        tables["treatments"] = table_of("treatments", sheets["ex"].source, frame, mapping, issues)
    reader, starts = protocol.response.reader, _starts(sheets.get("dm"))
    if "tu" in sheets and "tr" in sheets:
        tables |= _read_lesions(sheets["tu"], sheets["tr"], starts, settings, reader)
    if "rs" in sheets:
        tables["assessments"] = _assessments(sheets["rs"], starts, settings, reader)
    for domain, sheet in sheets.items():
        name = TABLE_OF.get(domain, "patients")
        if name in tables:  # it is not where the other domain of a table could not be read
            tables[name] = tables[name].with_problems(*sheet_issues(TABLES[name], [sheet]))
    return tables


def sdtm_inputs(settings: SdtmSource, folder: Path) -> list[Path]:
    """Every file that is read."""
    joined = [folder / settings.folder / join.file for join in settings.join]
    return [path for path in (*domain_files(settings, folder).values(), *joined) if is_file(path)]


def _sheets(domains: Domains, protocol: Protocol) -> tuple[dict[str, Sheet], dict[str, list[Issue]]]:
    """The domains that exist; a required one that does not is a finding of its table."""
    needed = {"dm"} | ({"rs"} if protocol.response.source == "assessments" else {"tu", "tr"})
    sheets: dict[str, Sheet] = {}
    problems: dict[str, list[Issue]] = {}
    for domain in DOMAINS:
        if domain not in needed and not domains.has(domain):
            continue
        try:
            sheet = domains.sheet(domain)
            if find_header(sheet.headers, SUBJECT) is None:
                raise UnreadableError(_NO_SUBJECT)
            sheets[domain] = sheet
        except UnreadableError as error:
            table = TABLE_OF.get(domain, "patients")
            problems.setdefault(table, []).append(
                error.issue(table, domains.name_of(domain), domains.path_of(domain))
            )
    return sheets, problems


def _patients(sheets: dict[str, Sheet], domains: Domains, settings: SdtmSource) -> RawTable:
    """DM joined with the data of the other domains on each patient, every value with its own place."""
    dm = sheets["dm"]
    frame, issues = patient_rows(dm, settings)
    seen = last_alive(sheets)
    died, of_deaths = deaths(dm, sheets.get("ds"), sheets.get("dd"), seen.select(SUBJECT, "alive"), settings)
    joined: list[tuple[JoinSource, Sheet]] = [
        (_join("death", {"died_on": DIED}), died),
        (
            _join("follow-up", {"last_known_alive_on": ALIVE}),
            one_a_patient(
                "follow-up", ALIVE, seen.with_columns(pl.col("alive").cast(pl.String).alias(ALIVE))
            ),
        ),
        *(_of_doses(sheets["ex"], settings) if "ex" in sheets else ()),
    ]
    problems = [*issues, *of_deaths]
    for join in settings.join:
        path = domains.folder / settings.folder / join.file
        try:
            joined.append((join, domains.file(path)))
        except UnreadableError as error:
            problems.append(error.issue("patients", join.file, path))
    mapping = patient_mapping(dm, settings, tuple(join for join, _ in joined))
    raw = table_of("patients", dm.source, frame, mapping, problems)
    for number, (join, sheet) in enumerate(joined, 1):
        raw = add_joined(raw, sheet, join, number, mapping)
    return _mapped_only(raw, mapping)


def _join(name: str, columns: dict[str, str]) -> JoinSource:
    return JoinSource(file=name, key=SUBJECT, columns=dict(columns))


def _of_doses(ex: Sheet, settings: SdtmSource) -> list[tuple[JoinSource, Sheet]]:
    given, _ = doses(ex, settings)  # its partial dates are findings of the treatments table
    last = given.with_columns(pl.col("last_row").alias("__row"))
    found = [(_join("last dose", {"last_dose_on": LAST}), one_a_patient("last dose", LAST, last))]
    if settings.start == "first_dose":
        found.append(
            (_join("first dose", {"treatment_started_on": FIRST}), one_a_patient("first dose", FIRST, given))
        )
    return found


def _mapped_only(raw: RawTable, mapping: TableSource) -> RawTable:
    """Only the mapped variables of DM: the others (SITEID, RFICDTC, …) are covariates only on request."""
    kept = {find_header(raw.columns, name) for name in all_listed(mapping.columns)}
    headers = {source: tuple(h for h in names if h in kept) for source, names in raw.headers.items()}
    return replace(raw, headers=headers)


def _starts(dm: Sheet | None) -> pl.DataFrame:
    """USUBJID and start: the day that study days count from."""
    header = None if dm is None else find_header(dm.headers, "RFSTDTC")
    if dm is None or header is None:
        return pl.DataFrame(schema={SUBJECT: pl.String, "start": pl.Date})
    return dm.frame.select(SUBJECT, whole_days(dm.frame[header]).alias("start")).unique(SUBJECT, keep="first")


def _read_lesions(
    tu: Sheet, tr: Sheet, starts: pl.DataFrame, settings: SdtmSource, reader: str | None
) -> dict[str, RawTable]:
    """TU and TR of one reader."""
    own_tu, of_tu = of_reader(tu, "TU", reader, "lesions")
    own_tr, of_tr = of_reader(tr, "TR", reader, "measurements")
    lesions, known = lesions_of(own_tu, new_lesions(own_tr, settings), settings)
    measured = measurements_of(own_tr, known, starts, settings)
    return {"lesions": lesions.with_problems(*of_tu), "measurements": measured.with_problems(*of_tr)}


def _assessments(rs: Sheet, starts: pl.DataFrame, settings: SdtmSource, reader: str | None) -> RawTable:
    """The overall responses in RS; one that was not done is NE."""
    rs, issues = of_reader(rs, "RS", reader, "assessments")
    frame, test = rs.frame, find_header(rs.headers, "RSTESTCD")
    if test is not None:
        wanted = holds(frame[test], codes_of(settings, "response"))
        issues += unused_rows(frame.filter(~wanted), test, "assessments")
        frame = frame.filter(wanted)
    results = [
        pl.col(h) for name in ("RSSTRESC", "RSORRES", "RSSTAT") if (h := find_header(rs.headers, name))
    ]
    result = pl.coalesce([*results, pl.lit(None, pl.String)])
    frame = frame.with_columns(result.alias("RSSTRESC"))
    if find_header(rs.headers, "RSDTC") is not None:
        days = study_day_dates(frame, find_header(rs.headers, "RSDY"), starts)
        frame, dated = complete_dates(frame, "RSDTC", settings.partial_dates, "assessments", days)
        issues += dated
    columns: dict[str, str | tuple[str, ...]] = {
        "patient_id": SUBJECT, "assessed_on": "RSDTC", "overall_response": "RSSTRESC", "reader": "READER",
    }  # fmt: skip
    if "overall_response" in settings.columns:
        columns["overall_response"] = settings.columns["overall_response"]
    levels = {"overall_response": with_own(settings.levels.get("overall_response", {}), RESPONSES)}
    return table_of(
        "assessments", rs.source, frame, TableSource(files=(), columns=columns, levels=levels), issues
    )
