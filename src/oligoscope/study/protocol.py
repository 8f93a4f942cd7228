"""The settings of a study, frozen; `study.yaml` is their written form (read by `study_file`).

Defaults are what current guidance asks for, each with its source; `preset: huang2025` has the paper's values in their
place (`study_presets`). Each field says its unit, range and source; `oligoscope new` writes those sentences into the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal, Self, get_args

from pydantic import Field, ValidationInfo, field_validator, model_validator

from oligoscope.study.bilingual_setting import Bilingual
from oligoscope.study.centre_settings import CentreSettings
from oligoscope.study.dictionary.criteria import CRITERIA, RECIST_1_1
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS, Control
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import Patients
from oligoscope.study.limit_settings import LimitSettings
from oligoscope.study.report_settings import Label, ReportSettings
from oligoscope.study.settings_base import Settings
from oligoscope.study.weighting_settings import WeightingSettings

if TYPE_CHECKING:
    CriteriaName = ProgressionPreset = ResistancePreset = str
else:  # the rows of the tables
    CriteriaName = Literal[tuple(CRITERIA)]
    ProgressionPreset = Literal[tuple(PROGRESSION_DEFINITIONS)]
    ResistancePreset = Literal[tuple(RESISTANCE_DEFINITIONS)]


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


# As many imputations as per cent of the patients have a value imputed, 20 at least (`imputations_by_missing`).
BY_MISSING: Literal["by_missing"] = "by_missing"


class ImputationSettings(Settings):
    variables: tuple[str, ...] = ("pd_l1",)
    # White, Royston & Wood, Stat Med 2011, 30:377: m of the per cent of incomplete patients; von Hippel, Sociol Methods Res 2020,
    # 49:699: with few, standard errors and P are those of the draws. 5, as in Huang 2025, was enough for estimates alone.
    m: Annotated[int, Field(ge=1, le=1000)] | Literal["by_missing"] = BY_MISSING


class MatchingSettings(Settings):
    # Prognostic factors at baseline: age as measured, since two classes remove 64 % of its confounding only (Cochran, Biometrics
    # 1968, 24:295); performance status, and tumour burden as numbers of metastatic organs and of lesions (Oh, Cancer 2009,
    # 115:2930). One that the data do not have, or that does not vary, is left out by name.
    covariates: tuple[str, ...] = (
        "age_years",
        "sex",
        "stage",
        "smoking",
        "histology",
        "ecog",
        "brain_metastasis",
        "n_baseline_organs",
        "n_baseline_lesions",
        "pd_l1",
    )
    # Highest first, nearest matching within a wide caliper leaves its distances on one side; optimal does less of it
    # (docs/methods-matching.md, the choice simulated; Rosenbaum, JASA 1989, 84:1024).
    method: Literal["nearest", "optimal"] = "optimal"
    ratio: Annotated[int, Field(ge=1)] = 1
    replace: bool = False
    order: Literal["descending", "ascending", "given", "random"] = "descending"
    # Austin, Pharm Stat 2011, 10:150: 0.2 SD of the logit; 0.02 on the logit (Huang 2025) keeps a third of the pairs of 60 patients.
    caliper: Annotated[float, Field(gt=0)] | None = 0.2
    caliper_scale: Literal["logit", "probability", "sd_logit"] = "sd_logit"
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
    # When the follow-up compared starts, and what is known then may be in the score (Hernan & Robins, Am J Epidemiol 2016, 183:758).
    time_zero: Literal["treatment", "progression"] = "treatment"
    # Known at the first progression; in the score only with time zero there, and adjusted for by `at_progression`.
    covariates_at_progression: tuple[str, ...] = (
        "months_to_progression", "best_response", "ecog_at_progression", "n_baseline_organs",
    )  # fmt: skip


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
    # Beside hazard ratios that change with time (Grambsch & Therneau, P < 0.05).
    # Months of the restricted means, set beforehand (Royston & Parmar, BMC Med Res Methodol 2013, 13:152; Uno et al., J Clin
    # Oncol 2014, 32:2380); none: the smaller of the two groups' largest follow-ups, up to which inference stays valid though the
    # data set it (Tian et al., Biometrics 2020, 76:1157).
    horizon_months: Annotated[float, Field(gt=0)] | None = None
    # Months at which the periods of ratios end, ascending: by default the first two times at which survival is printed.
    period_ends: tuple[Annotated[float, Field(gt=0)], ...] = (6.0, 12.0)
    # max_combo: the largest of FH(0,0), (0,1), (1,0) and (1,1) (Lin et al., Stat Biopharm Res 2020, 12:187; Karrison, Stata J
    # 2016, 16:678), which needs no guess of when the groups differ.
    weighted_test: Literal["max_combo", "fleming_harrington"] = "max_combo"
    # Powers of fleming_harrington: events at t count S(t-)^rho (1 - S(t-))^gamma; 0, 1: late ones (Fleming & Harrington 1991).
    rho_gamma: tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)]] = (0.0, 1.0)
    # Of death after progression: months since treatment (Andersen & Keiding 2002), or since progression (Putter 2007, 3.4).
    clock: Literal["forward", "reset"] = "forward"
    # Below that limit, or where the events of one side are none: none, withheld; firth, by Firth's method (Heinze & Schemper 2001).
    small_sample: Literal["none", "firth"] = "none"
    exact_p: Literal["fisher", "mid_p"] = "fisher"  # of sparse 2 x 2 tables; mid-P: Lancaster 1961
    # Covariates known when the follow-up compared starts: an adjusted ratio beside each crude one, of the patients in whom all of
    # them are known. Named beforehand, not chosen by their P (Heinze, Wallisch & Dunkler, Biom J 2018, 60:431); none: crude alone.
    adjust_for: tuple[str, ...] = ()
    # Days after progression from which survival is counted, of those alive and followed then (Anderson, J Clin Oncol 1983, 1:710;
    # Dafni, Circ Cardiovasc Qual Outcomes 2011, 4:363); none: progression.window_days, within which scans show the pattern.
    landmark_days: Annotated[int, Field(ge=0)] | None = None

    @field_validator("kind")
    @classmethod
    def _is_known(cls, kind: str, info: ValidationInfo) -> str:
        """One of `kinds` in the context of the validation; without a context any name is taken."""
        if info.context is not None and kind not in info.context["kinds"]:
            raise ValueError("no such kind of analysis")
        return kind

    @field_validator("period_ends")
    @classmethod
    def _ascend(cls, ends: tuple[float, ...]) -> tuple[float, ...]:
        """One month or more, each later than the one before."""
        if not ends or any(later <= earlier for earlier, later in pairwise(ends)):
            raise ValueError("months above 0, ascending, one or more")
        return ends

    @property
    def patients(self) -> str:
        """As Results name them: `progressed`, or `progressed:systemic` for a part of them."""
        return Patients.of(self.population, self.where) if self.where else self.population


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
    weighting: WeightingSettings = WeightingSettings()
    centres: CentreSettings = CentreSettings()
    analyses: tuple[AnalysisSettings, ...] = ()
    report: ReportSettings = ReportSettings()
    labels: dict[str, Label] = {}  # a column of the user's own: its names, and those of its levels
    limits: LimitSettings = LimitSettings()

    @model_validator(mode="after")
    def _of_time_zero(self) -> Self:
        """Where follow-up starts at progression the score has what is known then, too."""
        m = self.matching
        if m.time_zero == "progression":
            later = tuple(name for name in m.covariates_at_progression if name not in m.covariates)
            matching = m.model_copy(update={"covariates": (*m.covariates, *later)})
            # The model is frozen for its users; this is still a part of making it.
            object.__setattr__(self, "matching", matching)
        return self

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
            by = known.get(analysis.by, analysis.by)
            listed = {name: names(getattr(analysis, name)) for name in ("variables", "adjust_for")}
            return analysis.model_copy(update={"by": by, "where": where} | listed)

        m, i = self.matching, self.imputation
        with_labels = {
            "analyses": tuple(named(analysis) for analysis in self.analyses),
            "matching": m.model_copy(
                update={
                    "covariates": names(m.covariates),
                    "exact": names(m.exact),
                    "covariates_at_progression": names(m.covariates_at_progression),
                }
            ),
            "imputation": i.model_copy(update={"variables": names(i.variables)}),
        }
        for section, settings in with_labels.items():
            # The model is frozen for its users; this is still a part of making it.
            object.__setattr__(self, section, settings)
        return self

    def asked(self, kind: str) -> list[tuple[str, str]]:
        """(patients, by) of the analyses of one kind, each once, in the study file's order."""
        return list(dict.fromkeys((a.patients, a.by) for a in self.analyses if a.kind == kind))
