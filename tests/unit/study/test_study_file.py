"""study.yaml to settings, and every problem of it at once."""

from __future__ import annotations

import pytest

from oligoscope.bilingual import Language
from oligoscope.errors import StudyFileError, SystemRefusal, UsageError
from oligoscope.questions.registry import KIND_NAMES, KINDS, read_protocol
from oligoscope.study.analysis_checks import check_analyses
from oligoscope.study.new_study import write_new_protocol
from oligoscope.study.protocol import DataSettings, JoinSource, Protocol, Settings, TableSource
from oligoscope.study.schemas import TABLES
from oligoscope.study.setting_notes import SETTING_NOTES, notes_of_kinds
from oligoscope.study.study_file import data_folder
from oligoscope.study.study_presets import PAPER_ANALYSES, PAPER_ELIGIBILITY

SHORT = "study: {preset: huang2025}\ndata: {patients: patients.csv}\n"


@pytest.fixture
def study(tmp_path):
    """Write a study.yaml and read it."""

    def read(text, language: Language = "en"):
        content = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "study.yaml").write_bytes(content)
        return read_protocol(tmp_path, language)

    return read


@pytest.fixture
def complaint(study):
    """The message about a study.yaml that must be corrected."""

    def message(text, language="en"):
        with pytest.raises(StudyFileError) as caught:
            study(text, language)
        return str(caught.value)

    return message


def test_a_short_file_is_a_whole_study(study):
    protocol = study(SHORT)

    assert protocol.data.patients == TableSource(files=("patients.csv",))
    assert protocol.eligibility == PAPER_ELIGIBILITY
    assert (protocol.progression.preset, protocol.progression.controlled) == ("huang2025", "majority")
    assert protocol.analyses == PAPER_ANALYSES


def test_without_a_preset_the_plain_defaults_hold(study):
    protocol = study("study: {title: A}\ndata: {patients: patients.csv}\n")

    assert protocol.eligibility == ()
    assert (protocol.progression.preset, protocol.progression.controlled) == ("astro_estro5", "preset")


def test_the_preset_imputes_and_matches_as_the_paper_and_a_study_without_it_by_guidance(study):
    """Huang 2025, 1.5: 5 imputations, 1:1 within 0.02; else as docs/methods-matching.md and docs/methods-imputation.md say."""
    paper, own = study(SHORT), study("study: {title: A}\ndata: {patients: patients.csv}\n")

    of = {
        name: (p.matching.method, p.matching.order, p.matching.caliper, p.matching.caliper_scale, p.imputation.m)
        for name, p in (("paper", paper), ("own", own))
    }  # fmt: skip
    assert of == {
        "paper": ("nearest", "descending", 0.02, "logit", 5),
        "own": ("optimal", "descending", 0.2, "sd_logit", "by_missing"),
    }
    assert paper.matching.covariates == (
        "age_60", "sex", "stage", "smoking", "histology", "brain_metastasis", "pd_l1",
    )  # fmt: skip
    assert own.matching.covariates == (
        "age_years", "sex", "stage", "smoking", "histology", "ecog", "brain_metastasis", "n_baseline_organs", "n_baseline_lesions", "pd_l1",
    )  # fmt: skip
    assert paper.matching.unseal is not None
    assert own.matching.unseal is None


def test_what_the_file_states_wins_over_the_preset_key_by_key(study):
    protocol = study(SHORT + "progression: {max_organs: 3}\neligibility: []\n")

    assert protocol.progression.max_organs == 3
    assert protocol.progression.controlled == "majority"
    assert protocol.eligibility == ()


def test_another_progression_definition_brings_its_own_control(study):
    """`controlled: majority` is huang2025's; strict3 chosen by name must not inherit it."""
    protocol = study(SHORT + "progression: {preset: strict3}\n")

    assert (protocol.progression.preset, protocol.progression.controlled) == ("strict3", "preset")


def test_short_forms_are_written_out(study):
    protocol = study(
        """
study: {title: One title}
data:
  patients: [a.csv, b.csv]
  lesions:
    files: l.csv
    columns: {role: [NEW, TYPE], organ: SITE}
    levels: {role: {new: Y, "": [N, no]}, is_node: {yes: [1, "01"]}}
    where: {VISIT: BASELINE}
    join: {file: j.csv, key: ID}
  measurements: m.csv
"""
    )

    assert protocol.study.title.zh == protocol.study.title.en == "One title"
    assert protocol.data.patients.files == ("a.csv", "b.csv")
    lesions = protocol.data.lesions
    assert lesions is not None
    assert lesions.files == ("l.csv",)
    assert lesions.columns == {"role": ("NEW", "TYPE"), "organ": "SITE"}
    assert lesions.levels == {"role": {"new": ("Y",), "": ("N", "no")}, "is_node": {"yes": ("1", "01")}}
    assert lesions.where == {"VISIT": ("BASELINE",)}
    assert lesions.join == (JoinSource(file="j.csv", key="ID"),)


def test_every_problem_is_reported_at_once_with_its_line(complaint):
    message = complaint(
        """study: {preset: huang2025, sed: 5}
data:
  patients: patients.csv
  measurements:
    files: m.csv
    columns: {diameter: LEN}
    levels: {state: {presnt: [P]}}
eligibility:
  - {id: age, keep: age_years = 18, excluded: {zh: 年龄, en: Age}}
  - {id: age, keep: ecog <= 1, excluded: {zh: 年龄}}
progression:
  preset: asto_estro5
  max_lesions: five
matching: {caliper: -1}
study: {}
"""
    )

    assert message.startswith("study.yaml has 10 problems.")
    for line in (
        "line 1  study.sed   no such setting; did you mean seed?",
        "line 6  data.measurements.columns.diameter   measurements has no such column; did you mean diameter_mm?",
        "line 7  data.measurements.levels.state.presnt   state (State) has no such level; did you mean present?",
        "line 9  eligibility[1].keep = age_years = 18   equality is written ==",
        "line 10  eligibility[2].excluded.en   is missing",
        "line 10  eligibility[2].id = age   eligibility[1] has this id already",
        "line 12  progression.preset = asto_estro5   must be one of astro_estro5, huang2025,",
        "did you mean astro_estro5?",
        "line 13  progression.max_lesions = five   must be a whole number >= 1, or null (none), or preset",
        "line 14  matching.caliper = -1   must be a number > 0, or null (none)",
        "line 15  study   written twice; the first is on line 1",
    ):
        assert line in message
    assert "pydantic" not in message.casefold()
    assert "Input should" not in message


def test_a_visit_lasts_no_longer_than_a_time_point(complaint):
    message = complaint(
        "study: {}\ndata: {patients: p.csv}\nresponse: {scan_window_days: 10, visit_window_days: 14}\n"
    )

    assert "line 3  response.visit_window_days = 14   must be days, at most scan_window_days" in message


def test_an_unknown_outcome_is_refused_with_those_there_are(complaint):
    message = complaint(
        "study: {}\ndata: {patients: p.csv}\nanalyses:\n- {kind: survival, outcomes: [pss]}\n"
    )

    line = "line 4  analyses[1].outcomes[1] = pss   must be one of pfs, os, pps, dor, pfs2, ipfs; did you mean pps?"
    assert line in message


def test_problems_are_reported_in_chinese_too(complaint):
    message = complaint("study: {seed: x}\ndata: {patients: p.csv}\n", "zh")

    assert "study.yaml 有 1 处需要修改" in message
    assert "第 1 行  study.seed = x   应为 整数 >= 0" in message


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "is empty"),
        ("   \n\n", "is empty"),
        ("# only a comment\n", "must be keys and values"),
        ("- a\n- b\n", "must be keys and values"),
        ("just words", "must be keys and values"),
        ("study: {preset: huang2025", "line 1"),
        ("study:\n\tpreset: huang2025\n", "not by a tab"),
        ("study: {}\n---\ndata: {}\n", "one file holds one study"),
        ("a: *b\n", "in quotes"),
        ("a: &x [*x]\ndata: {patients: p.csv}\n", "an alias cannot hold itself"),
        ("a: x\x07y\n", "control character"),
        ("study: {}\n", "data   is missing"),
        ("data: {patients: p.csv}\n", "study   is missing"),
        ("study: {}\ndata: {lesions: l.csv}\n", "data.patients   is missing"),
        ("study: {data_cutoff: 2025-13-40}\ndata: {patients: p.csv}\n", "must be a date YYYY-MM-DD"),
        ("study: 5\ndata: {patients: p.csv}\n", "must be a group of settings"),
        ("study: {}\ndata: {patients: 5x: y}\n", "line 2"),
        (
            "study: {}\ndata: {patients: {files: p.csv, columns: {sex: S}, constants: {sex: male}}}\n",
            "keep one of them",
        ),
        ("{[a]: 1}\n", "a key must be one word"),
    ],
)
def test_a_broken_file_is_named_without_a_traceback(complaint, text, named):
    assert named in complaint(text)


def test_a_file_in_another_encoding_names_the_line(complaint):
    assert "not UTF-8 at line 2" in complaint("study:\n  title: 寡进展\n".encode("gb18030"))


def test_a_missing_study_is_reported_with_how_to_make_one(tmp_path):
    with pytest.raises(StudyFileError, match="oligoscope new"):
        read_protocol(tmp_path / "nowhere")
    with pytest.raises(StudyFileError, match="oligoscope new"):
        read_protocol(tmp_path)


def test_the_file_itself_may_be_named(tmp_path):
    (tmp_path / "other.yaml").write_text(SHORT, encoding="utf-8-sig")

    protocol = read_protocol(tmp_path / "other.yaml")

    assert data_folder(tmp_path / "other.yaml", protocol) == tmp_path
    assert data_folder(tmp_path, protocol) == tmp_path


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_a_new_study_of_the_preset_is_read_back_as_the_papers_protocol(tmp_path, study, language):
    text = write_new_protocol(tmp_path / "new", KINDS, KIND_NAMES, language, "huang2025").read_text("utf-8")

    written, paper = read_protocol(tmp_path / "new"), study(SHORT)

    assert written.model_copy(update={"data": paper.data}) == paper
    assert (SETTING_NOTES["study"].zh in text, SETTING_NOTES["study"].en in text) == (
        language != "en",
        language != "zh",
    )


def test_a_new_study_of_its_own_has_the_defaults_and_the_papers_questions_of_age_as_measured(tmp_path, study):
    """Both are offered at the head of the file."""
    text = write_new_protocol(tmp_path / "new", KINDS, KIND_NAMES).read_text("utf-8")

    written, own = (
        read_protocol(tmp_path / "new"),
        study("study: {title: A}\ndata: {patients: patients.csv}\n"),
    )

    assert written.study.preset is None
    sections = ("imputation", "matching", "progression", "resistance", "response", "endpoints")
    assert {s: getattr(written, s) for s in sections} == {s: getattr(own, s) for s in sections}
    assert written.eligibility == PAPER_ELIGIBILITY
    assert [a.kind for a in written.analyses] == [a.kind for a in PAPER_ANALYSES]
    named = {a.kind: a.variables for a in written.analyses if a.variables}
    assert "age_years" in named["baseline"]
    assert "n_baseline_lesions" in named["predictors"]
    assert "age_60" in named["subgroups"]  # which have classes
    assert "--preset huang2025" in text.splitlines()[3]


def test_a_new_study_has_every_setting_with_its_sentence(tmp_path):
    text = write_new_protocol(tmp_path, KINDS, KIND_NAMES, "en").read_text("utf-8")
    notes = SETTING_NOTES | notes_of_kinds(KINDS, KIND_NAMES)

    for name in _names(Protocol):
        last = name.rsplit(".", 1)[-1]
        if "TABLE" not in name and last not in {"zh", "en"}:
            assert f"{last}:" in text
            assert notes[name].en in text


def test_a_study_is_never_overwritten(tmp_path):
    (tmp_path / "study.yaml").write_text("mine", encoding="utf-8")

    with pytest.raises(UsageError, match="not changed"):
        write_new_protocol(tmp_path, KINDS, KIND_NAMES, "zh")

    assert (tmp_path / "study.yaml").read_text("utf-8") == "mine"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(SystemRefusal, match="cannot be written"):
        write_new_protocol(tmp_path / "file" / "study", KINDS, KIND_NAMES, "en")


def test_every_setting_has_its_sentence_and_no_sentence_lacks_its_setting():
    notes = SETTING_NOTES | notes_of_kinds(KINDS, KIND_NAMES)

    assert set(_names(Protocol)) == set(notes)
    assert all(note.zh and note.en for note in notes.values())


def _names(model, prefix=""):
    """Dotted names of all settings; the sources of all tables share `data.TABLE`."""
    for name, field in model.model_fields.items():
        dotted = f"{prefix}{name}"
        yield dotted
        inner = _settings_in(field.annotation)
        if inner is TableSource or dotted == "data.sdtm.join":  # as data.TABLE.join
            continue
        if inner is not None:
            yield from _names(inner, f"{dotted}.")
    if model is DataSettings:
        yield from _names(TableSource, "data.TABLE.")


def _settings_in(annotation):
    candidates = (annotation, *getattr(annotation, "__args__", ()))
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, Settings)), None)


def test_every_table_can_be_given():
    others = {"folder", "sdtm", "places", "partial_dates", "database", "genie"}
    assert set(TABLES) | others == set(DataSettings.model_fields)


TWICE = """
analyses:
  - {kind: survival, outcomes: [os, pps]}
  - {kind: survival, outcomes: [os], where: {sex: male}}
  - {kind: survival, outcomes: [pfs]}
  - {kind: survival, outcomes: [os, pfs2], minimum_events: 3}
  - {kind: baseline, variables: [sex, stage, sex]}
"""


@pytest.mark.parametrize(
    ("language", "repeated", "listed"),
    [
        ("en", "gives the same numbers as analyses[1]; delete one", "= sex   is listed twice"),
        ("zh", "与 analyses[1] 得出同样的数字；请删去其一", "= sex   同一名称写了两次"),
    ],
)
def test_an_analysis_that_repeats_another_is_a_problem_with_its_line(complaint, language, repeated, listed):
    message = complaint(SHORT + TWICE, language)

    first, second = message.splitlines()[1:3]
    assert (" 8" in first, "analyses[4] = survival" in first, repeated in first) == (True, True, True)
    assert (" 9" in second, "analyses[5].variables" in second, listed in second) == (True, True, True)


def test_the_presets_compute_every_number_once():
    assert list(check_analyses(PAPER_ANALYSES, KINDS)) == []


def test_a_reason_to_unseal_is_one_sentence_or_one_in_each_language(study):
    one = study(SHORT + "matching: {unseal: The committee asked for it}\n").matching.unseal
    two = study(SHORT + "matching: {unseal: {zh: 委员会要求, en: Asked for}}\n").matching.unseal

    assert (one.zh, one.en) == ("The committee asked for it",) * 2
    assert (two.zh, two.en) == ("委员会要求", "Asked for")


def test_what_a_reason_to_unseal_may_be_names_the_short_form(complaint):
    english, chinese = (complaint(SHORT + "matching: {unseal: 5}\n", language) for language in ("en", "zh"))

    assert (
        "must be one sentence for both languages, or a group of settings (zh, en), or null (none)" in english
    )
    assert "应为一句话（中英文通用），或一组设置（zh, en），或null（不设）" in chinese


def test_the_preset_unseals_with_the_paper_s_reason_and_null_takes_it_back(study):
    assert "Huang" in study(SHORT + "matching: {caliper: 0.1}\n").matching.unseal.en
    assert study(SHORT + "matching: {unseal: null}\n").matching.unseal is None
    assert study("study: {title: T}\ndata: {patients: patients.csv}\n").matching.unseal is None


@pytest.mark.parametrize(
    "blank", ['""', '"."', '"。"', '"\u200b"', '"  "', '{zh: 理由, en: ""}', "true", "{zh: 理由}"]
)
def test_a_blank_reason_is_refused_with_its_line(complaint, blank):
    english, chinese = (
        complaint(SHORT + f"matching:\n  unseal: {blank}\n", language) for language in ("en", "zh")
    )

    assert "line 4" in english
    assert "matching.unseal" in english
    assert "第 4 行" in chinese
