"""`derive` writes the same bytes whatever the engine, the size of a partition, and the order of the files' rows."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from acceptance.commands import ROOT, as_process, oligoscope
from oligoscope.demo.cohort import make_cohort

sys.path.insert(0, str(ROOT / "benchmarks" / "derive"))
from generate import write_study  # pyright: ignore[reportMissingImports]

TABLES = ("patients", "responses", "reasons", "sites", "definitions", "management", "flow", "issues")
needs_spark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
    reason="Spark needs pyspark (the extra `spark`) and Java 17",
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drawn cohort as typed parquet."""
    folder = tmp_path_factory.mktemp("demo")
    as_parquet(make_cohort(5, 40).tables, folder)
    return folder


@pytest.fixture(scope="module")
def whole(demo: Path) -> Path:
    """The folder of what is derived of all its patients at once, by a process of its own."""
    as_process("derive", demo, "--out", demo.parent / "whole")
    return demo.parent / "whole"


def as_parquet(tables: dict[str, pl.DataFrame] | object, folder: Path) -> None:
    assert isinstance(tables, dict)
    folder.mkdir(exist_ok=True)
    for name, frame in tables.items():
        frame.write_parquet(folder / f"{name}.parquet", row_group_size=50)
    named = "\n".join(f"  {name}: {name}.parquet" for name in tables)
    text = f"study: {{title: {{zh: 试验, en: Trial}}, preset: huang2025}}\ndata:\n{named}\n"
    (folder / "study.yaml").write_text(text, encoding="utf-8")


def files(out: Path) -> dict[str, bytes]:
    return {name: (out / f"{name}.csv").read_bytes() for name in TABLES}


@pytest.mark.slow
@pytest.mark.parametrize("size", [2, 7])
def test_the_size_of_a_partition_changes_no_byte(size: int, demo: Path, whole: Path, tmp_path: Path):
    as_process("derive", demo, "--out", tmp_path / "parts", "--partition-patients", size)

    assert files(tmp_path / "parts") == files(whole)


@pytest.mark.slow
def test_csv_and_parquet_tables_give_the_same_patients(demo: Path, tmp_path: Path):
    study = tmp_path / "csv"
    study.mkdir()
    for path in demo.glob("*.parquet"):
        pl.read_parquet(path).write_csv(study / f"{path.stem}.csv")
    settings = (demo / "study.yaml").read_text(encoding="utf-8")
    (study / "study.yaml").write_text(settings.replace(".parquet", ".csv"), encoding="utf-8")

    oligoscope("derive", study, "--out", tmp_path / "one")
    oligoscope("derive", demo, "--out", tmp_path / "two", "--partition-patients", 20)

    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert one == {name: rows.replace(b".parquet", b".csv") for name, rows in two.items()}


@pytest.mark.slow
def test_rows_in_any_order_are_derived_alike(demo: Path, whole: Path, tmp_path: Path):
    """Reasons name other rows, as the rows stand elsewhere; nothing else differs."""
    shuffled = {
        path.stem: pl.read_parquet(path).sample(fraction=1, shuffle=path.stem != "patients", seed=1)
        if path.stem != "patients"
        else pl.read_parquet(path)
        for path in sorted(demo.glob("*.parquet"))
    }
    as_parquet(shuffled, tmp_path / "shuffled")

    oligoscope("derive", tmp_path / "shuffled", "--out", tmp_path / "two", "--partition-patients", 9)

    one, two = files(whole), files(tmp_path / "two")
    assert {n: rows for n, rows in one.items() if n != "reasons"} == {
        n: rows for n, rows in two.items() if n != "reasons"
    }


@pytest.mark.slow
def test_parquet_is_written_where_it_is_asked_for(demo: Path, whole: Path, tmp_path: Path):
    oligoscope(
        "derive", demo, "--out", tmp_path / "parquet", "--format", "parquet", "--partition-patients", 9
    )

    written = pl.read_parquet(tmp_path / "parquet" / "responses.parquet")
    assert not list((tmp_path / "parquet").glob("*.part"))
    assert written.write_csv() == (whole / "responses.csv").read_text(encoding="utf-8")


def test_a_row_that_must_leave_stops_the_work_unless_it_is_accepted(demo: Path, tmp_path: Path):
    faulty = tmp_path / "faulty"
    shutil.copytree(demo, faulty)
    rows = pl.read_parquet(faulty / "measurements.parquet")
    here = pl.int_range(pl.len()) == 41
    rows.with_columns(
        pl.when(here).then(pl.lit(-8.0)).otherwise("diameter_mm").alias("diameter_mm")
    ).write_parquet(faulty / "measurements.parquet")

    refused = oligoscope("derive", faulty, "--out", tmp_path / "refused", "--partition-patients", 30, check=3)
    oligoscope(
        "derive", faulty, "--out", tmp_path / "accepted", "--accept-issues", "--partition-patients", 30
    )

    assert "row 43" in refused.stderr
    assert "diameter_mm = -8" in refused.stderr
    assert {p.name for p in (tmp_path / "refused").iterdir()} == {"issues.csv", "run.json"}
    assert (tmp_path / "accepted" / "patients.csv").is_file()


@pytest.mark.slow
def test_check_and_run_read_parquet_too(demo: Path, whole: Path, tmp_path: Path):
    oligoscope("check", demo)
    oligoscope("run", demo, "--out", tmp_path / "run", check=None)  # so small a cohort is not balanced: 4

    assert (tmp_path / "run" / "patients.csv").read_bytes() == (whole / "patients.csv").read_bytes()


@pytest.mark.slow
def test_stopping_leaves_nothing_behind(tmp_path: Path):
    study, out = write_study(tmp_path / "study", 1500), tmp_path / "out"
    command = [
        sys.executable,
        "-c",
        # A worker of the tests ignores the key to stop, and its children would, too.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from oligoscope.cli import main; main()",
        "derive",
        str(study),
        "--out",
        str(out),
    ]
    words = [*command, "--partition-patients", "5"]

    with subprocess.Popen(
        words,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if " 3/" in line:
                running.send_signal(signal.SIGINT)
                break
        said = running.stderr.read()
        status = running.wait(60)

    assert status == 130
    assert "Stopped" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["study"]


@needs_spark
def test_spark_writes_what_polars_writes(demo: Path, whole: Path, tmp_path: Path):
    as_process(
        "derive",
        demo,
        "--out",
        tmp_path / "spark",
        "--engine",
        "spark",
        "--spark-master",
        "local[2]",
        "--partition-patients",
        15,
    )

    assert files(tmp_path / "spark") == files(whole)


# ---- a cluster -------------------------------------------------------------------------------------


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A standalone master and two workers of one core on this machine."""
    import pyspark  # pyright: ignore[reportMissingImports]  the extra [spark]

    home = Path(str(pyspark.__file__)).parent
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    log = (tmp_path / "cluster.log").open("wb")

    def start(*words: str) -> subprocess.Popen[bytes]:
        command = [str(home / "bin" / "spark-class"), *words]
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)

    port = 17077 + os.getpid() % 1000
    url = f"spark://127.0.0.1:{port}"
    started = [
        start(
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--webui-port",
            "0",
        )
    ]
    for number in (1, 2):
        work = str(tmp_path / f"worker-{number}")
        worker = "org.apache.spark.deploy.worker.Worker"
        started.append(
            start(worker, "-c", "1", "-m", "2g", "--webui-port", "0", "-d", work, "--host", "127.0.0.1", url)
        )
    registered = tmp_path / "cluster.log"
    for _ in range(240):
        if registered.read_bytes().count(b"Successfully registered with master") >= 2:
            break
        time.sleep(0.5)
    try:
        yield url, started[1:]
    finally:
        for process in reversed(started):
            end(process)
        log.close()


def end(process: subprocess.Popen[bytes]) -> None:
    """The process and what it started (its session): an executor outlives neither."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@needs_spark
@pytest.mark.slow
def test_a_worker_that_is_killed_changes_and_loses_nothing(cluster, tmp_path: Path):
    """20,000 patients on a standalone master with two workers; one is killed while it derives."""
    url, workers = cluster
    study = write_study(tmp_path / "study", 20_000)
    oligoscope("derive", study, "--out", tmp_path / "polars")
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    words = [
        "derive",
        str(study),
        "--out",
        str(tmp_path / "spark"),
        "--engine",
        "spark",
        "--spark-master",
        url,
    ]
    command = [
        sys.executable,
        "-c",
        "from oligoscope.cli import main; main()",
        *words,
        "--partition-patients",
        "500",
    ]

    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as running:
        victim = workers[0]
        work = tmp_path / "worker-1"
        while running.poll() is None and not list(work.glob("app-*/*/stderr")):
            time.sleep(0.2)
        time.sleep(8)  # it is at work
        assert running.poll() is None, "the work was done before a worker could be killed"
        end(victim)
        said, _ = running.communicate(timeout=280)

    assert running.returncode == 0, said.decode()
    assert files(tmp_path / "spark") == files(tmp_path / "polars")
