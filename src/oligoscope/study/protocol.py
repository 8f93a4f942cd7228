"""The settings of a study, frozen; `study.yaml` is their written form (read by `study_file`).

Defaults are the paper's (Huang et al. 2025) where the paper fixes one. Each field says its unit,
range and source; `oligoscope new` writes those sentences into the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from oligoscope.bilingual import OwnText, Text, without_marks
from oligoscope.study.dictionary.criteria import CRITERIA, RECIST_1_1
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS, Control
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import OwnColumn, Patients
from oligoscope.study.report_parts import PartOfReport

if TYPE_CHECKING:
    CriteriaName = ProgressionPreset = ResistancePreset = str
else:  # the rows of the tables
    CriteriaName = Literal[tuple(CRITERIA)]
    ProgressionPreset = Literal[tuple(PROGRESSION_DEFINITIONS)]
    ResistancePreset = Literal[tuple(RESISTANCE_DEFINITIONS)]


class Settings(BaseModel):
    """Frozen settings; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(Settings):
    zh: str
    en: str

    @property
    def printed(self) -> Text:
        """As it is printed, with no letter marked."""
        return without_marks(Text(self.zh, self.en))


class StudySettings(Settings):
    title: Bilingual = Bilingual(zh="未命名研究", en="Untitled study")
    preset: Literal["huang2025"] | None = None
    data_cutoff: date | None = None  # follow-up after this day is not counted
    seed: Annotated[int, Field(ge=0)] = 20250408
    synthetic: bool = False  # every page is marked
    accept_issues: bool = False  # go on without the quarantined rows and patients


class JoinSource(Settings):
    """One more file whose columns are added to a table's rows by a key."""

    file: str
    key: str  # the column, in that file, that holds patient_id
    sheet: str | None = None  # of a workbook
    columns: dict[str, str | tuple[str, ...]] = {}  # ours: theirs
    where: dict[str, tuple[str, ...]] = {}  # their column: the words of the rows to read


PartialDates = Literal["first", "middle", "last", "missing"]
# Of two diameters in one cell. recist: the short axis of a lymph node, the longest of another lesion (RECIST 1.1, 3.1.2).
TwoDiameters = Literal["recist", "longest", "shortest"]


class WideSource(Settings):
    """Columns of each scan beside each other; in a header, * is the scan and <lesion> the lesion."""

    value: tuple[str, ...] = ()  # headers of the cells: a number is diameter_mm, a word is state
    date: tuple[str, ...] = ()  # headers of the date of each scan
    dates_in: Literal["header"] | Annotated[int, Field(ge=1)] | None = None  # or a row of the sheet
    columns: dict[str, str] = {}  # ours: the headers of it, one a scan


ALL_SHEETS = "all"  # in place of the titles of sheets
SHEET_TITLE, FILE_NAME = (
    "[sheet]",
    "[file]",
)  # in place of a header: the title of the sheet, the name of the file


class TableSource(Settings):
    """Where a table comes from, in the user's own words."""

    files: tuple[str, ...]
    query: str | None = None  # in place of files: one SELECT, of the database
    database: str | None = None  # its address, without a password; none: data.database
    dictionary: str | None = None  # of REDCap: the csv file that says what the codes of `files` mean
    sheet: str | tuple[str, ...] | None = (
        None  # one, several, or ALL_SHEETS that have the columns of the table
    )
    header_row: tuple[
        Annotated[int, Field(ge=1)], ...
    ] = ()  # one or several rows; none: found from the cells
    units_row: Annotated[int, Field(ge=0)] | None = None  # of units or formats; 0: there is none
    ignored_rows: tuple[Annotated[int, Field(ge=1)], ...] = ()  # rows that are not data
    last_row: Annotated[int, Field(ge=1)] | None = None  # of the data
    wide: WideSource | bool = True  # columns of scans; true: found where it is certain, false: not looked for
    columns: dict[str, str | tuple[str, ...]] = {}  # ours: theirs; of a list the first that is not blank
    # Our column: our word: their words. Our word "" makes theirs missing; their word "*" is every other word.
    levels: dict[str, dict[str, tuple[str, ...]]] = {}
    where: dict[str, tuple[str, ...]] = {}  # their column: the words of the rows to read
    missing: tuple[str, ...] = ()  # words that mean "not known" in any column, besides a blank cell
    # Our column of per cent: whether their numbers are of 1 (0.6 is 60 %) or of 100 (0.6 is 0.6 %); of lengths: mm or cm.
    units: dict[str, Literal["fraction", "percent", "mm", "cm", "by_patient"]] = {}
    dates: dict[
        str, Literal["day_first", "month_first", "year_first", "excel", "excel_1904"]
    ] = {}  # our column: the order in 04/03/2020, or what 43894 counts from
    partial_dates: dict[str, PartialDates] = {}  # our column, where it differs from data.partial_dates
    decimal: Literal["point", "comma"] = "point"  # comma: 12,5 is 12.5
    two_diameters: TwoDiameters | None = None  # which of 12×8 counts; none: it is asked
    encoding: str | None = None  # of csv files; none: UTF-8, else the likelier of GB18030 and Windows-1252
    constants: dict[str, str | int | float | bool] = {}  # our column: one value for every row
    join: tuple[JoinSource, ...] = ()


SdtmTest = Literal["diameter", "longest", "short_axis", "state", "new", "response"]
SDTM_TESTS: tuple[SdtmTest, ...] = get_args(SdtmTest)


class SdtmSource(Settings):
    """CDISC SDTM domains in place of the tables; what each column is read from: docs/sdtm.md."""

    folder: str = "."  # of the domain files, seen from data.folder
    files: dict[str, str] = {}  # domain: its file, where it is not called after the domain
    start: Literal["reference_start", "first_dose"] = "reference_start"  # DM.RFSTDTC, or the first dose in EX
    treatment: tuple[str, ...] = ()  # words of EXTRT whose first and last dose count; none: any
    partial_dates: PartialDates = "middle"  # of the month or year that is known
    tests: dict[str, tuple[str, ...]] = {}  # one of SDTM_TESTS: codes of TR and RS, in place of CDISC's
    where: dict[str, dict[str, tuple[str, ...]]] = {}  # domain: its column: the words of the rows to read
    missing: tuple[str, ...] = ("NA",)  # words of a csv that mean a blank cell; R writes NA
    encoding: str | None = None  # of csv files; none: UTF-8, else the likelier of GB18030 and Windows-1252
    columns: dict[str, str | tuple[str, ...]] = {}  # ours: theirs, in place of the usual one
    levels: dict[str, dict[str, tuple[str, ...]]] = {}  # our column: our word: their words, before CDISC's
    join: tuple[JoinSource, ...] = ()  # columns of patients from another domain or file


class DataSettings(Settings):
    folder: str = "."  # relative to study.yaml
    partial_dates: PartialDates = "middle"  # which day of the month or year that is known
    database: str | None = None  # of tables by query: sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME
    sdtm: SdtmSource | None = None
    genie: str | None = None  # the folder of the PRISSMM data sets of GENIE BPC, in place of the tables
    cohort: TableSource | None = None  # one row a patient whom the team has classified already
    patients: Annotated[TableSource | None, Field(validate_default=True)] = None
    lesions: TableSource | None = None
    measurements: TableSource | None = None
    treatments: TableSource | None = None
    assessments: TableSource | None = None
    progressions: TableSource | None = None
    places: dict[str, str] = {}  # their word of any organ or station: our place, or `own`

    @field_validator("patients")
    @classmethod
    def _patients_from_somewhere(cls, value: TableSource | None, info: ValidationInfo) -> TableSource | None:
        others = ("sdtm", "genie", "cohort")
        if value is None and all(info.data.get(name, "faulty") is None for name in others):
            raise ValueError("neither patients nor sdtm nor cohort")
        return value


class EligibilityRule(Settings):
    """One ordered rule; a patient for whom `keep` is false leaves with this sentence."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    keep: str  # condition over patient columns, e.g. "age_years >= 18 and age_years <= 80"
    excluded: Bilingual  # why those who fail it were excluded
    after: Literal["screened", "treated"] = "screened"


class ResponseSettings(Settings):
    criteria: CriteriaName = RECIST_1_1
    source: Literal["lesions", "assessments"] = (
        "lesions"  # derive from lesions, or take responses already given
    )
    confirmation: bool = False  # which best response is reported; both are always derived
    confirmation_days: Annotated[int, Field(ge=0)] = 28  # days; RECIST 1.1 table 3
    max_ne_between: Annotated[int, Field(ge=0)] = 1
    accept_sd_between_pr: bool = False
    cr_then_pr: Literal["query", "reclassify_to_pr"] = "query"
    minimum_sd_days: Annotated[int, Field(ge=0)] = 42  # days from treatment start; RECIST 1.1, 6 to 8 weeks
    partial_sum_pd: bool = True  # a partial sum may show PD (RECIST 1.1 worked example)
    pr_continues_until_pd: bool = True  # EORTC frequently asked question
    scan_window_days: Annotated[int, Field(ge=0)] = (
        28  # scans of different lesions within it are one time point, while a target is to be evaluated
    )
    # Once every target was evaluated; days, a visit's window in protocols (KEYNOTE-189: 42 days +- 7)
    visit_window_days: Annotated[int, Field(ge=0)] = 7
    pd_date: Literal["earliest", "latest"] = "earliest"
    response_date: Literal["earliest", "latest"] = "latest"
    reader: str | None = None  # which reader; needed where measurements hold several

    @field_validator("visit_window_days")
    @classmethod
    def _visit_within_scan_window(cls, value: int, info: ValidationInfo) -> int:
        longest = info.data.get("scan_window_days", value)
        if value > longest and value != cls.model_fields["visit_window_days"].default:
            raise ValueError("longer than scan_window_days")
        return value


class ProgressionSettings(Settings):
    """None leaves the preset's value (domain sources: docs/rule-book.md)."""

    preset: ProgressionPreset = "astro_estro5"
    max_lesions: Annotated[int, Field(ge=1)] | None | Literal["preset"] = "preset"
    max_organs: Annotated[int, Field(ge=1)] | None | Literal["preset"] = "preset"
    lesion_reference: Literal["nadir", "previous"] = "nadir"
    node_counting: Literal["station", "lesion", "region"] = "station"
    count_brain: bool | Literal["preset"] = "preset"
    mediastinal_nodes_are_organ: bool | Literal["preset"] = "preset"
    controlled: Control | Literal["preset"] = "preset"
    window_days: Annotated[int, Field(ge=0)] = (
        28  # scans this near the progression show which lesions progressed
    )


class ResistanceSettings(Settings):
    preset: ResistancePreset = "huang2025"


class EndpointSettings(Settings):
    missed_assessments: Literal["ignore", "censor"] = "ignore"
    new_therapy: Literal["ignore", "censor"] = "ignore"
    clinical_progression: Literal["event", "ignore"] = "event"
    death_without_baseline: Literal["by_missed_assessments", "event", "early_only"] = "by_missed_assessments"
    schedule_days: Annotated[int, Field(ge=1)] = 42  # planned days between scans
    pfs2_line: Annotated[int, Field(ge=2)] = 2

    @property
    def counts_death_without_baseline(self) -> bool:
        """Whether a death of a patient without a baseline scan is an event of PFS however late it comes.

        FDA table A: only within two scan intervals; EMA, which ignores missed assessments: always.
        """
        if self.death_without_baseline == "by_missed_assessments":
            return self.missed_assessments == "ignore"
        return self.death_without_baseline == "event"


class ImputationSettings(Settings):
    variables: tuple[str, ...] = ("pd_l1",)
    m: Annotated[int, Field(ge=1, le=1000)] = 5


class MatchingSettings(Settings):
    covariates: tuple[str, ...] = (
        "age_60",
        "sex",
        "stage",
        "smoking",
        "histology",
        "brain_metastasis",
        "pd_l1",
    )
    method: Literal["nearest", "optimal"] = "nearest"
    ratio: Annotated[int, Field(ge=1)] = 1
    replace: bool = False
    order: Literal["descending", "ascending", "given", "random"] = "descending"
    caliper: Annotated[float, Field(gt=0)] | None = 0.02
    caliper_scale: Literal["logit", "probability", "sd_logit"] = "logit"
    balance_limit: Annotated[float, Field(gt=0)] = 0.1
    minimum_group: Annotated[int, Field(ge=2)] = (
        5  # fewer patients in a group: it is not matched, weighted, compared or drawn
    )
    # Patients of the smaller group over columns of the score: fewer, and it is not used. A score is judged by the balance that it
    # gives, not by its coefficients (Stuart, Stat Sci 2010, 25:1), so that no more is asked than a patient a column.
    minimum_events_per_variable: Annotated[float, Field(gt=0)] = 1
    exact: tuple[str, ...] = ()  # matched only within equal values of these
    unseal: Bilingual | None = (
        None  # why estimates are given though the balance was missed; none: they are withheld
    )
    imputations: Literal["within", "across"] = "within"  # a score in each imputation, or their mean


class AnalysisSettings(Settings):
    """One question of the study: what, by which grouping, in which population."""

    kind: str  # a question that has options; study.yaml is read with the list of them
    population: Literal["treated", "progressed", "matched"] = (
        "progressed"  # matched: in every imputation, pooled
    )
    where: dict[str, str] = {}  # only patients with these values, e.g. {pattern: systemic}
    by: str = "pattern"
    reference: str | None = None  # of `by`; none: the last of its two groups, of predictors the first
    outcomes: tuple[Outcome, ...] = ()
    variables: tuple[str, ...] = ()
    minimum_events: Annotated[int, Field(ge=1)] = 5  # fewer events in a group: it is not compared or drawn
    # Of a model with several variables; fewer: it is withheld. 5, as with 5 to 9 bias and coverage are seldom worse than with 10
    # and more (Vittinghoff & McCulloch, Am J Epidemiol 2007, 165:710); below 10 the numbers carry a warning (Peduzzi 1995, 1996).
    minimum_events_per_variable: Annotated[float, Field(gt=0)] = 5
    small_sample: Literal["firth", "none"] = "firth"  # below it or separated (Heinze & Schemper 2001)
    exact_p: Literal["fisher", "mid_p"] = "fisher"  # of sparse 2 x 2 tables; mid-P: Lancaster 1961

    @field_validator("kind")
    @classmethod
    def _is_known(cls, kind: str, info: ValidationInfo) -> str:
        """One of `kinds` in the context of the validation; without a context any name is taken."""
        if info.context is not None and kind not in info.context["kinds"]:
            raise ValueError("no such kind of analysis")
        return kind

    @property
    def patients(self) -> str:
        """As Results name them: `progressed`, or `progressed:systemic` for a part of them."""
        return Patients.of(self.population, self.where) if self.where else self.population


class ReportSettings(Settings):
    """How the documents are written; no number of results.csv depends on it."""

    # The smallest count of patients that a report to be passed on prints; none: every count is printed.
    small_cells: Annotated[int, Field(ge=2, le=100)] | None = None
    # What patients are called in documents: numbers made for the study, or those of the data.
    patient_numbers: Literal["study", "own"] = "study"
    # Where single tables and figures, or all of a kind, are printed in place of the list of `report_parts`.
    figures: dict[str, PartOfReport] = {}
    tables: dict[str, PartOfReport] = {}


class Label(Settings):
    """The names of one column of the user's, as tables, figures and text print them."""

    zh: Annotated[str, Field(min_length=1)] | None = None  # as it is written in the data where none is given
    en: Annotated[str, Field(min_length=1)] | None = None
    unit: str = ""  # of its numbers: printed after the name, and the unit of results.csv
    levels: dict[str, Bilingual] = {}  # their word: its names

    def of(self, column: str) -> OwnColumn:
        """The column as a key of results that knows these names."""
        plain = column.replace("_", " ")
        levels = {word: OwnText(name.zh, name.en) for word, name in self.levels.items()}
        return OwnColumn.of(column, OwnText(self.zh or plain, self.en or plain), levels, self.unit)


class LimitSettings(Settings):
    """How large a file of data may be; looked at before memory is spent on it."""

    file_mb: Annotated[int, Field(ge=1)] = 200  # of a file read whole, in millions of bytes
    unpacked_mb: Annotated[int, Field(ge=1)] = 200  # of a workbook once unpacked
    rows: Annotated[int, Field(ge=1)] = 2_000_000  # of a file read cell by cell
    parquet_rows: Annotated[int, Field(ge=1)] = 500_000_000  # of a parquet file read in typed columns
    columns: Annotated[int, Field(ge=1)] = 2_000
    cells: Annotated[int, Field(ge=1)] = 30_000_000  # rows by columns of a file read cell by cell
    cell_length: Annotated[int, Field(ge=1)] = 131_072  # characters
    name_length: Annotated[int, Field(ge=1)] = 500  # characters of the name of a column


class Protocol(Settings):
    """A whole study as its settings."""

    study: StudySettings
    data: DataSettings
    eligibility: tuple[EligibilityRule, ...] = ()
    response: ResponseSettings = ResponseSettings()
    progression: ProgressionSettings = ProgressionSettings()
    resistance: ResistanceSettings = ResistanceSettings()
    endpoints: EndpointSettings = EndpointSettings()
    imputation: ImputationSettings = ImputationSettings()
    matching: MatchingSettings = MatchingSettings()
    analyses: tuple[AnalysisSettings, ...] = ()
    report: ReportSettings = ReportSettings()
    labels: dict[str, Label] = {}  # a column of the user's own: its names, and those of its levels
    limits: LimitSettings = LimitSettings()

    @model_validator(mode="after")
    def _labelled(self) -> Self:
        """Columns with labels have them wherever they are named."""
        known = {column: label.of(column) for column, label in self.labels.items()}
        if not known:
            return self

        def names(columns: Iterable[str]) -> tuple[str, ...]:
            return tuple(known.get(column, column) for column in columns)

        def named(analysis: AnalysisSettings) -> AnalysisSettings:
            where = {known.get(column, column): word for column, word in analysis.where.items()}
            by, variables = known.get(analysis.by, analysis.by), names(analysis.variables)
            return analysis.model_copy(update={"by": by, "variables": variables, "where": where})

        m, i = self.matching, self.imputation
        with_labels = {
            "analyses": tuple(named(analysis) for analysis in self.analyses),
            "matching": m.model_copy(update={"covariates": names(m.covariates), "exact": names(m.exact)}),
            "imputation": i.model_copy(update={"variables": names(i.variables)}),
        }
        for section, settings in with_labels.items():
            # The model is frozen for its users; this is still a part of making it.
            object.__setattr__(self, section, settings)
        return self

    def asked(self, kind: str) -> list[tuple[str, str]]:
        """(patients, by) of the analyses of one kind, each once, in the study file's order."""
        return list(dict.fromkeys((a.patients, a.by) for a in self.analyses if a.kind == kind))
