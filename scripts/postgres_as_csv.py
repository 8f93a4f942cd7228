"""Does a study read from a PostgreSQL server derive what it derives from its csv files?

Starts Debian's postgresql in a temporary folder, on this machine alone and with a password; loads the tables of a drawn
cohort in types of the database; runs `check` and `derive` on both; compares; and looks for the password in every output.
Needs the extra [sql] and the programs of PostgreSQL (Debian: postgresql).

    python scripts/postgres_as_csv.py [--patients N]
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

USER = "oligoscope_reader"
PASSWORD = "OLIGOSCOPE_DATABASE_PASSWORD"


def main() -> int:
    """Exit status 0 where both derive the same."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--patients", type=int, default=60)
    patients = asked.parse_args().patients
    scratch = Path(tempfile.mkdtemp(prefix="oligoscope-postgres-"))
    scratch.chmod(0o755)
    try:
        return _compare(scratch, patients)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _compare(scratch: Path, patients: int) -> int:
    from oligoscope.demo.cohort import make_cohort, write_cohort

    cohort = make_cohort(20250408, patients)
    of_csv, of_server = scratch / "csv", scratch / "server"
    write_cohort(cohort, of_csv)
    of_server.mkdir()
    password = secrets.token_hex(16)
    names = list(cohort.tables)
    with _server(scratch / "base", password) as port:
        _load(of_csv, names, port, password)
        queries = "".join(f"  {name}: {{query: 'select * from {name}'}}\n" for name in names)
        address = f"postgresql+psycopg://{USER}@127.0.0.1:{port}/postgres"
        study = (of_csv / "study.yaml").read_text(encoding="utf-8")
        begin = study.index("\ndata:") + 1
        after = study[begin:].split("\n")
        end = begin + len(after[0]) + 1 + sum(len(line) + 1 for line in _section(after[1:]))
        text = study[:begin] + f"data:\n  database: '{address}'\n{queries}" + study[end:]
        (of_server / "study.yaml").write_text(text, encoding="utf-8")
        surroundings = {**os.environ, PASSWORD: password}
        for folder in (of_csv, of_server):
            for command in (["check"], ["derive", "--accept-issues", "--out", str(folder / "out")]):
                done = subprocess.run(
                    [sys.executable, "-m", "oligoscope", command[0], str(folder), *command[1:]],
                    env=surroundings, capture_output=True, text=True, check=False,
                )  # fmt: skip
                if done.returncode:
                    print(done.stdout, done.stderr)
                    return 1
                if password in done.stdout + done.stderr:
                    print("the password is in what the command says")
                    return 1
    return _judge(of_csv / "out", of_server / "out", password)


def _section(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if line and not line[0].isspace() and not line.startswith("#"):
            return
        yield line


def _judge(ours: Path, theirs: Path, password: str) -> int:
    held = [p for p in theirs.rglob("*") if p.is_file() and password.encode() in p.read_bytes()]
    if held:
        print(f"the password is in {held}")
        return 1
    compared = 0
    for path in sorted(ours.rglob("*.csv")):
        first, second = (pl.read_csv(p, infer_schema=False) for p in (path, theirs / path.relative_to(ours)))
        places = [c for c in first.columns if "source" in c or c in {"row", "file"}]
        if path.name == "issues.csv":
            continue
        if not first.drop(places).equals(second.drop(places)):
            print(f"{path.name} differs")
            return 1
        compared += 1
    print(f"{compared} files of derive are the same from PostgreSQL and from csv")
    return 0 if compared else 1


@contextmanager
def _server(folder: Path, password: str) -> Iterator[int]:
    """A server of its own, as a user other than root, until the end of the block."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        raise SystemExit("PostgreSQL is not installed (Debian: postgresql)")
    bin_folder = programs[-1]
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder.mkdir()
    secret = folder / "password"
    secret.write_text(password, encoding="utf-8")
    if as_user:
        shutil.chown(folder, "postgres")
        shutil.chown(secret, "postgres")
    port = _free_port()
    data = folder / "data"
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder}
    subprocess.run(
        [*as_user, str(bin_folder / "initdb"), "-D", str(data), "-U", USER, "-A", "scram-sha-256",
         f"--pwfile={secret}", "-E", "UTF8", "--no-sync"], check=True, **quiet,
    )  # fmt: skip
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
    control = [*as_user, str(bin_folder / "pg_ctl"), "-D", str(data), "-w"]
    subprocess.run([*control, "-o", options, "-l", str(folder / "log"), "start"], check=True, **quiet)
    try:
        yield port
    finally:
        subprocess.run([*control, "-m", "fast", "stop"], check=True, **quiet)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _load(folder: Path, names: list[str], port: int, password: str) -> None:
    import sqlalchemy as sql

    types = {pl.Date: sql.Date, pl.Int64: sql.BigInteger, pl.Float64: sql.Double, pl.Boolean: sql.Boolean}
    url = sql.URL.create("postgresql+psycopg", USER, password, "127.0.0.1", port, "postgres")
    with sql.create_engine(url, poolclass=sql.NullPool).begin() as server:
        for name in names:
            frame = pl.read_csv(folder / f"{name}.csv", try_parse_dates=True, infer_schema_length=None)
            columns = [sql.Column(c, types.get(t.base_type(), sql.Text)) for c, t in frame.schema.items()]
            table = sql.Table(name, sql.MetaData(), *columns)
            table.create(server)
            server.execute(table.insert(), frame.to_dicts())


if __name__ == "__main__":
    sys.exit(main())
