"""A stored study run from its files to its documents, and every answer compared with the stored one."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.checked_study import Checked, check_study, must_run
from oligoscope.doctor.check import Check, compared
from oligoscope.doctor.comparison import differences
from oligoscope.drawing.theme import missing_glyphs
from oligoscope.errors import OligoscopeError, UsageError
from oligoscope.pipeline import run_study
from oligoscope.printing.left_out import LeftOut
from oligoscope.results_files import ESTIMATES, write_results
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.workflow import run_and_report

HERE = Path(__file__).parent
STUDY, ANSWERS = HERE / "study", HERE / "answers"
DERIVED = (
    "patients.csv", "responses.csv", "reasons.csv", "sites.csv", "definitions.csv", "management.csv", "flow.csv", "balance.csv",
    "matched_pairs.csv",
)  # fmt: skip
# One analysis of each kind of table and figure: the documents of all of them take a minute.
_IN_DOCUMENTS = (("baseline", "progressed"), ("response_rate", "progressed"), ("survival", "matched"))
_SIGNS_OF_PLATES = "0123456789.,%()[]<>=≥≤×–−·αρχ²寡进展广泛治疗生存概率月风险人数患者"


def examine(progress: Callable[[str], None]) -> list[Check]:
    """Run the stored study in a folder of its own and compare what comes out; nothing is left behind.

    Args:
        progress: Called with each stage.

    Raises:
        UsageError: There is no place for temporary files.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="oligoscope-doctor-") as scratch:
            return _examine(Path(scratch), progress)
    except OSError as error:
        raise UsageError(
            f"The check needs a folder for temporary files, which cannot be used: {error}. Name another one in the variable TMPDIR.",
            zh=f"检查需要一个临时文件夹，但无法使用：{error}。请用环境变量 TMPDIR 另指定一个。",
        ) from None


def _examine(scratch: Path, progress: Callable[[str], None]) -> list[Check]:
    try:
        left_out = make_answers(STUDY, scratch, progress)
    except OSError:
        raise
    except Exception as error:  # whatever a spoiled installation raises is what is looked for
        return [_not_run(error)]
    return [*compare_answers(ANSWERS, scratch), _documents(scratch, left_out)]


def make_answers(study: Path, folder: Path, progress: Callable[[str], None]) -> LeftOut:
    """Run the study into `folder`: the tables of every analysis, and the documents of a few of them in `folder/out`."""
    checked = check_study(study, progress=progress)
    must_run(checked, accept_issues=False, language="en")
    whole = run_study(checked.protocol, checked.tables, checked.n_quarantined, progress, checked.file)
    write_results(whole.results, folder)
    left_out = LeftOut()
    run_and_report(_shortened(checked), folder / "out", progress=progress, left_out=left_out)
    return left_out


def _shortened(checked: Checked) -> Checked:
    analyses = checked.protocol.analyses
    kept = tuple(next(a for a in analyses if (a.kind, a.population) == chosen) for chosen in _IN_DOCUMENTS)
    protocol = checked.protocol.model_copy(update={"analyses": kept})
    return replace(checked, protocol=protocol)


def compare_answers(stored: Path, made: Path) -> list[Check]:
    """The derived tables, and every number, beside the stored ones."""
    labels = [found for name in DERIVED for found in differences(stored / name, made / "out" / name)]
    rows = sum(_count(stored / name) for name in DERIVED)
    n = _count(stored / ESTIMATES)
    return [
        compared("labels", Text(f"疗效、进展模式、终点、匹配及其依据：{len(DERIVED)} 个表共 {rows} 行",
                                f"responses, patterns, endpoints, matching and their reasons: {rows} rows of {len(DERIVED)} tables"), labels),
        compared("numbers", Text(f"{n} 项统计结果", f"{n} statistics"), differences(stored / ESTIMATES, made / ESTIMATES)),
    ]  # fmt: skip


def _count(table: Path) -> int:
    return len(table.read_bytes().splitlines()) - 1 if table.is_file() else 0


def _documents(made: Path, left_out: LeftOut) -> Check:
    out = made / "out"
    written = [p for p in out.rglob("*") if p.suffix in _OPENED]
    said = Text(
        f"中英文报告与图：{len(written)} 个文件",
        f"reports and figures in both languages: {len(written)} files",
    )
    return compared("documents", said, (*(part.text for part in left_out.parts), *_missing(out), *_unopened(written), *_undrawn()))  # fmt: skip


def _missing(out: Path) -> Iterator[Text]:
    names = (("report", "html"), ("answer", "docx"), ("report", "docx"), ("supplement", "docx"))
    wanted = [f"{name}.{language}.{ending}" for language in LANGUAGES for name, ending in names]
    for name in (*wanted, "tables.xlsx"):
        if not (out / name).is_file():
            yield Text(f"{name} 未能生成", f"{name} was not made")
    for language in LANGUAGES:
        if not list(out.glob(f"figures/*.{language}.png")):
            yield Text(f"没有 {language} 图", f"there is no figure in {language}")


def _unopened(written: list[Path]) -> Iterator[Text]:
    for path in written:
        try:
            _OPENED[path.suffix](path)
        except (OSError, ValueError, zipfile.BadZipFile, ElementTree.ParseError) as error:
            yield Text(f"{path.name} 无法打开（{error}）", f"{path.name} cannot be opened ({error})")


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path) as file:
        if broken := file.testzip():
            raise ValueError(broken)


def _picture(path: Path) -> None:
    if not path.read_bytes().startswith(b"\x89PNG\r\n"):
        raise ValueError("PNG")


_OPENED: dict[str, Callable[[Path], object]] = {
    ".docx": _zip,
    ".xlsx": _zip,
    ".svg": ElementTree.parse,
    ".png": _picture,
}


def _undrawn() -> Iterator[Text]:
    """Signs of our own that the font which is shipped cannot draw."""
    names = "".join(f"{outcome.printed.zh}{outcome.printed.en}" for outcome in Outcome)
    if lacking := missing_glyphs(names + _SIGNS_OF_PLATES):
        yield Text(f"附带字体缺少：{lacking}", f"the shipped font lacks: {lacking}")


def _not_run(error: Exception) -> Check:
    said = Text("随程序附带的研究：未能运行", "the study that is shipped with the program: it did not run")
    en = f"{type(error).__name__}: {' '.join(str(error).split())}"
    zh = error.in_language(chinese=True) if isinstance(error, OligoscopeError) else en
    return compared("study", said, [Text(zh, en)])
