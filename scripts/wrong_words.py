"""Is a wrong word noticed, and how soon? Change one word of the package at a time, and run what is run at every change.

    PYTHONPATH=src python scripts/wrong_words.py --words 40 --seed 1              # exit 1: one is not caught; 2: tests fail already
    PYTHONPATH=src python scripts/wrong_words.py --only results.py --words 5      # of files whose path holds this
    PYTHONPATH=src python scripts/wrong_words.py --list --words 40 --seed 1       # which words; runs nothing

A word is a string literal that the program reads: a key, a column, a level, a series, a setting, a file, a class of a
page, a colour. Sentences, names in both languages (Text), docstrings and messages are left out: what they say is for
people to read. One letter of it is changed, in a copy; then a misspelt word is looked for, pyright looks at the file, and
the quick tests run up to the first failure. Seconds are of processor time, since other programs may be at work.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
WORD = re.compile(r"[\w#][\w:./*+#-]+")
# Calls whose words are for people, and keywords that hold such words.
SENTENCES = {
    "Text",
    "OwnText",
    "Bilingual",
    "same",
    "sentence",
    "compile",
    "TypeVar",
    "ParamSpec",
    "getattr",
    "version",
}
WORDING = {"zh", "en", "help", "reason", "title", "metavar", "encoding", "newline"}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Word:
    """A literal: its file, seen from the repository, its place there in bytes, and the word."""

    file: str
    line: int
    start: int
    end: int
    text: str


class Finder(ast.NodeVisitor):
    """Gathers the literals of one module that the program reads."""

    def __init__(self) -> None:
        self.found: list[ast.Constant] = []

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and WORD.fullmatch(node.value):
            self.found.append(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """A message."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        self.visit(node.func)
        # `check_numbers(values, "covariate")`: the word is for the message.
        for argument in () if name in SENTENCES or name.startswith("check_") else node.args:
            self.visit(argument)
        for keyword in node.keywords:
            if name not in SENTENCES and keyword.arg not in WORDING:
                self.visit(keyword.value)


def words_of(path: Path) -> Iterator[Word]:
    source = path.read_bytes()
    starts = [0, *(m.end() for m in re.finditer(b"\n", source))]
    finder = Finder()
    finder.visit(ast.parse(source))
    for node in finder.found:
        if node.lineno == node.end_lineno and node.end_col_offset is not None:
            at = starts[node.lineno - 1]
            file = path.relative_to(REPOSITORY).as_posix()
            yield Word(file, node.lineno, at + node.col_offset, at + node.end_col_offset, str(node.value))


def all_words(only: str) -> list[Word]:
    modules = sorted((REPOSITORY / "src" / "oligoscope").rglob("*.py"))
    return [w for path in modules if only in path.as_posix() for w in words_of(path)]


def with_wrong_letter(word: str, chance: random.Random) -> str:
    """The word with one letter changed; of a colour, one digit."""
    if re.fullmatch("#?[0-9a-fA-F]{6}", word):
        place, letters = chance.randrange(1, len(word)), "0123456789abcdef"
    else:
        places = [i for i, c in enumerate(word) if c.isalpha()] or [len(word) - 1]
        place, letters = chance.choice(places), LETTERS
    return word[:place] + chance.choice(letters.replace(word[place].lower(), "")) + word[place + 1 :]


def copy_of_repository(folder: Path) -> Path:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.split("\0"):
        if name and (REPOSITORY / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / name, target)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)  # one test asks git for the files
    return folder


def caught_by(copy: Path, word: Word, workers: int) -> tuple[str, float]:
    """What notices it, and after how many seconds of processor time; blank where nothing does."""
    began = os.times()

    def seconds() -> float:
        now = os.times()
        return now.children_user + now.children_system - began.children_user - began.children_system

    return _misspelt(copy) or _wrong_type(copy, word) or _failed_test(copy, workers), seconds()


def _misspelt(copy: Path) -> str:
    return _pytest(copy, "tests/test_words_used_once.py", "-n", "0")


def _wrong_type(copy: Path, word: Word) -> str:
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, word.file]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    return "pyright" if " - error:" in done.stdout else ""


def _failed_test(copy: Path, workers: int) -> str:
    return _pytest(copy, "@tests/quick.txt", "-n", str(workers))


def _pytest(copy: Path, *arguments: str) -> str:
    """The first test that fails; blank where all pass."""
    command = [sys.executable, "-m", "pytest", *arguments, "-x", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if not done.returncode:
        return ""
    named = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return named[1].rpartition("/")[2] if named else "collection"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--words", type=int, default=14)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true")
    asked = parser.parse_args(arguments)
    chance = random.Random(asked.seed)
    known = all_words(asked.only)
    chosen = chance.sample(known, min(asked.words, len(known)))
    missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        copy = REPOSITORY if asked.list else copy_of_repository(Path(scratch))
        # Where a test fails already, it would seem to notice every word.
        if not asked.list and (failed := _misspelt(copy) or _failed_test(copy, asked.workers)):
            print(f"Nothing was tried: without a wrong word this fails: {failed}")
            return 2
        for word in chosen:
            wrong = with_wrong_letter(word.text, chance)
            line = f"{word.file.removeprefix('src/oligoscope/')}:{word.line} {word.text} -> {wrong}"
            if asked.list:
                print(line)
                continue
            path = copy / word.file
            source = path.read_bytes()
            literal = source[word.start : word.end].replace(word.text.encode(), wrong.encode(), 1)
            path.write_bytes(source[: word.start] + literal + source[word.end :])
            found, seconds = caught_by(copy, word, asked.workers)
            path.write_bytes(source)
            missed += not found
            print(f"{found or 'NOT CAUGHT':60} {seconds:5.1f} s  {line}", flush=True)
    if not asked.list:
        print(f"{len(chosen) - missed} of {len(chosen)} caught, of {len(known)} words; seed {asked.seed}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
