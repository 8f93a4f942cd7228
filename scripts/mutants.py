"""Would the tests notice another rule? Change one operator, number or statement of clinical/ or stats/ at a time, and run its tests.

    PYTHONPATH=src python scripts/mutants.py --room clinical --sample 40 --seed 1      # the share that is noticed, and what is not
    PYTHONPATH=src python scripts/mutants.py --room stats --only rmst.py --sample 10   # of files whose path holds this
    PYTHONPATH=src python scripts/mutants.py --list --room clinical --sample 40        # which; runs nothing

Operators: a comparison by its neighbour (`<` and `<=`) or its opposite, arithmetic, a constant by the next one, `and` for `or` and a
condition by its negation, a statement left out. Texts, types, docstrings and `raise` are none. Each mutant is tried in a copy of
the package: with the tests that bear its module's name or its beginning, then with the others that import it, up to the first failure. Time is
processor time, since other programs may be at work: a mutant whose tests need more than ten times what they need without it
is noticed, for it does not end; one whose tests wait without computing is not. Those known to change nothing are in `EQUAL`, each
with its reason. Exit status 1 where one is not noticed, 2 where the tests fail already.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from pathlib import Path

from wrong_words import copy_of_repository

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "src" / "oligoscope"
ROOMS = ("clinical", "stats")


@dataclass(frozen=True, slots=True)
class Change:
    """What a mutant is known by while lines move: its file, its line as written, what was and is there; of several alike which."""

    file: str
    whole_line: str
    before: str
    after: str
    which: int = 1


# Mutants that no test can notice, because the program does the same, and why.
EQUAL: dict[Change, str] = {
    Change(
        "stats/regression/multinomial.py",
        "return self.coefficients + deviation.reshape(k, p).T",
        "self.coefficients + deviation.reshape(k, p).T",
        "(self.coefficients - deviation.reshape(k, p).T)",
    ): "a deviation and its negative are equally likely",
    Change(
        "stats/regression/logistic_newton.py",
        "change, halvings = step[0] + scaled @ step[1:], 0",
        "0",
        "(1)",
        2,
    ): "a Newton step points upwards, and gains long before it was halved so often",
    Change(
        "stats/regression/logistic_newton.py",
        "step, change, halvings = step / 2, change / 2, halvings + 1",
        "halvings + 1",
        "(halvings - 1)",
    ): "a Newton step points upwards, and gains long before it was halved so often",
    Change(
        "stats/regression/logistic_newton.py",
        "step, change, halvings = step / 2, change / 2, halvings + 1",
        "1",
        "(2)",
    ): "a Newton step points upwards, and gains long before it was halved so often",
    Change(
        "stats/regression/separation.py",
        '-toward.sum(axis=0), A_ub=-toward, b_ub=np.zeros(len(toward)), bounds=(-1, 1), method="highs"',
        "1",
        "(2)",
        1,
    ): "whether a direction separates does not depend on how long it is",
    Change(
        "stats/regression/separation.py",
        '-toward.sum(axis=0), A_ub=-toward, b_ub=np.zeros(len(toward)), bounds=(-1, 1), method="highs"',
        "1",
        "(2)",
        2,
    ): "whether a direction separates does not depend on how long it is",
    Change(
        "clinical/irecist_scans.py",
        '"other_joined_um": pl.lit(0),',
        "0",
        "(1)",
    ): "what joined is taken from a size of other lesions, and where it is not given that is not either",
}
SHORTEST = 20.0  # seconds of the processor that the tests of a mutant may need at least
UNMEASURED = 120.0  # and, where it is not known what they need without it, before that is measured
PATIENCE = 20  # times as long a run may last by the clock
_NEIGHBOURS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


_MOST_SHOWN = 100  # characters of a change


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the file, seen from the package, its line, the operator, the place in bytes, and what was and is there."""

    file: str
    line: int
    kind: str
    start: int
    end: int
    before: str
    after: str
    which: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.kind}: {_short(self.before)} -> {_short(self.after)}"

    @property
    def change(self) -> Change:
        """What it is known by."""
        line = (PACKAGE / self.file).read_text(encoding="utf-8").splitlines()[self.line - 1].strip()
        return Change(self.file, line, _flat(self.before), _flat(self.after), self.which)

    def of(self, source: bytes) -> bytes:
        """The module with this change."""
        return source[: self.start] + self.after.encode() + source[self.end :]


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What can stand in the place of a node."""
    match node:
        case ast.Compare(ops=[operator, *rest]):
            for other in _NEIGHBOURS[type(operator)]:
                new = copy.deepcopy(node)
                new.ops = [other(), *rest]
                kind = (
                    "boundary"
                    if isinstance(other(), (ast.Lt, ast.LtE, ast.Gt, ast.GtE))
                    and other is _NEIGHBOURS[type(operator)][0]
                    else "comparison"
                )
                yield kind, new
        case ast.BinOp(op=operator) if type(operator) in _ARITHMETIC and not _is_text(node):
            new = copy.deepcopy(node)
            new.op = _ARITHMETIC[type(operator)]()
            yield "arithmetic", new
        case ast.BoolOp(op=operator):
            new = copy.deepcopy(node)
            new.op = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield "boolean", new
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub(), operand=operand):
            yield "boolean" if not isinstance(node.op, ast.USub) else "arithmetic", operand
        case ast.Constant(value=bool() as value):
            yield "constant", ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield "constant", ast.Constant(value + 1)
        case ast.Constant(value=float() as value):
            yield "constant", ast.Constant(value * 1.5 if value else 0.5)
        case ast.If() | ast.IfExp():
            new = copy.deepcopy(node)
            new.test = ast.UnaryOp(ast.Not(), new.test)
            yield "boolean", new
        case ast.Assign() | ast.AugAssign() | ast.Expr() if _is_statement(node):
            yield "deletion", ast.Pass()
        case _:
            return


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def _is_statement(node: ast.stmt) -> bool:
    """Whether it is worth leaving out: an assignment to something that exists, or a call for its effect."""
    if isinstance(node, ast.AugAssign):
        return True
    if isinstance(node, ast.Assign):
        return isinstance(node.targets[0], (ast.Subscript, ast.Attribute))
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


class Places(ast.NodeVisitor):
    """Paths to the nodes that may be changed: not in annotations, docstrings, texts, raised errors, or the names of types."""

    def __init__(self) -> None:
        self.found: list[ast.AST] = []

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, (ast.Raise, ast.Import, ast.ImportFrom, ast.JoinedStr)):
            return
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"Text", "TypeVar", "Literal", "round"}
        ):
            return
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for part in (*node.args.defaults, *(d for d in node.args.kw_defaults if d), *node.body):
                self.visit(part)
            return
        if isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self.visit(node.value)
            return
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                self.visit(part)
            return
        self.found.append(node)
        self.generic_visit(node)


def mutants_of(path: Path) -> list[Mutant]:
    """Every mutant of a module."""
    source = path.read_bytes()
    places = Places()
    places.visit(ast.parse(source))
    offsets = _line_starts(source)
    found = []
    for node in places.found:
        if not isinstance(node, (ast.expr, ast.stmt)):
            continue
        for kind, new in changes(node):
            start, end = _span(offsets, node.test if isinstance(node, ast.If) else node)
            old = source[start:end].decode()
            text = _text(old, node, new)
            if _flat(text) not in (_flat(old), f"({_flat(old)})"):
                file = path.relative_to(PACKAGE).as_posix()
                found.append(Mutant(file, node.lineno, kind, start, end, old, text))
    return _numbered(found)


def _numbered(mutants: Sequence[Mutant]) -> list[Mutant]:
    """Those alike in lines alike are told apart by their order in the file."""
    seen: Counter[Change] = Counter()
    numbered = []
    for mutant in mutants:
        change = mutant.change
        seen[change] += 1
        numbered.append(replace(mutant, which=seen[change]))
    return numbered


def _text(old: str, node: ast.AST, new: ast.AST) -> str:
    """What is written in the place of a node: in brackets where it is an expression."""
    if isinstance(node, ast.If):
        return f"(not ({old}))"
    return ast.unparse(new) if isinstance(new, ast.stmt) else f"({ast.unparse(new)})"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _line_starts(source: bytes) -> list[int]:
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def _span(starts: list[int], node: ast.expr | ast.stmt) -> tuple[int, int]:
    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return starts[node.lineno - 1] + node.col_offset, starts[end_line - 1] + end_column


def _short(text: str) -> str:
    flat = _flat(text)
    return flat if len(flat) <= _MOST_SHOWN else f"{flat[:_MOST_SHOWN]}…"


# ---- tests ----------------------------------------------------------------------------------------

_FOLDERS = ("spec", "unit", "property", "oracle")
_NO_RULES = {"test_rule_book"}  # prints the specs, which are tried themselves


def tests_of(file: str) -> list[tuple[str, ...]]:
    """Files of tests for a module of the package, nearest first: its own by name, then those that import it; of clinical rules the specs, too."""
    module = "oligoscope." + file.removesuffix(".py").replace("/", ".")
    pattern = re.compile(rf"\b{re.escape(module)}\b")
    room = file.split("/", maxsplit=1)[0]
    files = [
        path
        for folder in _FOLDERS
        for path in sorted((REPOSITORY / "tests" / folder).rglob("test_*.py"))
        if path.stem not in _NO_RULES
    ]
    importing = [path for path in files if pattern.search(path.read_text(encoding="utf-8"))]
    of_room = [path for path in files if room in path.parts or (room == "clinical" and "spec" in path.parts)]
    own = [path for path in (*importing, *of_room) if f"test_{Path(file).stem}".startswith(path.stem)]
    others = [
        path
        for path in (importing if room == "stats" and importing else [*importing, *of_room])
        if path not in own
    ]
    return [
        tuple(str(path.relative_to(REPOSITORY)) for path in dict.fromkeys(stage))
        for stage in (own, others)
        if stage
    ]


class Outcome(Enum):
    """What tests did: passed, failed, computed longer than they may, waited."""

    PASSED = auto()
    FAILED = auto()
    ENDLESS = auto()
    WAITING = auto()


@dataclass(frozen=True)
class Copy:
    """A copy of the repository in which one module is changed at a time.

    Attributes:
        needed: Seconds of the processor that tests need without a change, as far as they were measured.
    """

    folder: Path
    needed: dict[tuple[str, ...], float] = field(default_factory=dict[tuple[str, ...], float])

    def run(self, tests: Sequence[str], seconds: float) -> Outcome:
        """Run these tests up to the first failure, for so many seconds of the processor at most."""
        command = [
            "sh", "-c", 'ulimit -S -t "$0" && exec "$@"', str(round(seconds)),
            sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", "-m", "not slow", *tests,
        ]  # fmt: skip
        environment = os.environ | {
            "PYTHONPATH": f"{self.folder / 'src'}{os.pathsep}{self.folder / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1",
        }  # fmt: skip
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, timeout=PATIENCE * seconds, check=False
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Outcome.WAITING
        if done.returncode == -signal.SIGXCPU:
            return Outcome.ENDLESS
        return Outcome.FAILED if done.returncode else Outcome.PASSED

    def measured(self, tests: tuple[str, ...]) -> Outcome:
        """How these tests fare without a change; what they need is kept."""
        began = os.times()
        outcome = self.run(tests, 100 * UNMEASURED)
        now = os.times()
        self.needed[tests] = (
            now.children_user + now.children_system - began.children_user - began.children_system
        )
        return outcome

    def tried(self, mutant: Mutant, tests: tuple[str, ...]) -> Outcome:
        """How these tests fare with a mutant; they may need ten times what they need without it, and never less than `SHORTEST`."""
        if tests not in self.needed:
            outcome = self._run_with(mutant, tests, UNMEASURED)
            if outcome is not Outcome.ENDLESS:
                return outcome
            self.measured(tests)
            if 10 * self.needed[tests] <= UNMEASURED:
                return outcome
        return self._run_with(mutant, tests, max(SHORTEST, 10 * self.needed[tests]))

    def _run_with(self, mutant: Mutant, tests: Sequence[str], seconds: float) -> Outcome:
        path = self.folder / "src" / "oligoscope" / mutant.file
        before = path.read_bytes()
        path.write_bytes(mutant.of(before))
        try:
            return self.run(tests, seconds)
        finally:
            path.write_bytes(before)


def copied(folder: Path) -> Copy:
    copy_of_repository(folder)
    with (folder / "tests" / "conftest.py").open("a", encoding="utf-8") as file:
        file.write(_ONE_FAILURE_IS_ENOUGH)
    return Copy(folder)


# A generated case that fails is not made smaller, since it is not read.
_ONE_FAILURE_IS_ENOUGH = """

from hypothesis import Phase, settings

settings.register_profile("mutants", settings.default, phases=[Phase.explicit, Phase.generate])
settings.load_profile("mutants")
"""


def chosen(room: str, only: str, sample: int, seed: int) -> list[Mutant]:
    """A sample of the mutants of a room, the same for the same seed and source."""
    files = [path for path in sorted((PACKAGE / room).rglob("*.py")) if only in path.as_posix()]
    found = [mutant for path in files for mutant in mutants_of(path)]
    return found if sample >= len(found) else random.Random(seed).sample(found, sample)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--room", choices=ROOMS, default=ROOMS[0])
    parser.add_argument("--sample", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="files whose path holds this")
    parser.add_argument(
        "--known-green", action="store_true", help="do not try first whether the tests pass as the code is"
    )
    parser.add_argument("--list", action="store_true", help="which mutants; runs nothing")
    arguments = parser.parse_args()
    mutants = chosen(arguments.room, arguments.only, arguments.sample, arguments.seed)
    if arguments.list:
        print(*mutants, sep="\n")
        return 0
    print(f"{len(mutants)} mutants of {arguments.room}/, seed {arguments.seed}")
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        return _tried(copied(Path(folder)), mutants, known_green=arguments.known_green)


def _tried(copy_of: Copy, mutants: Sequence[Mutant], *, known_green: bool) -> int:
    equal = [mutant for mutant in mutants if mutant.change in EQUAL]
    others = [mutant for mutant in mutants if mutant.change not in EQUAL]
    noticed = 0
    for mutant in others:
        outcomes = []
        for tests in tests_of(mutant.file):
            if (
                not known_green
                and tests not in copy_of.needed
                and copy_of.measured(tests) is not Outcome.PASSED
            ):
                print(f"the tests of {mutant.file} fail already: {' '.join(tests)}")
                return 2
            outcomes.append(copy_of.tried(mutant, tests))
            if outcomes[-1] in (Outcome.FAILED, Outcome.ENDLESS):
                break
        is_noticed = outcomes[-1] in (Outcome.FAILED, Outcome.ENDLESS)
        waited = " (its tests waited)" if Outcome.WAITING in outcomes else ""
        noticed += is_noticed
        print("noticed   " if is_noticed else f"UNNOTICED{waited} ", mutant, flush=True)
    for mutant in equal:
        print("equal     ", mutant, f"({EQUAL[mutant.change]})")
    score = 100 * noticed / len(others) if others else 100.0
    print(
        f"{noticed} of {len(others)} noticed ({score:.0f} %); {len(equal)} more change nothing by their reason in EQUAL"
    )
    return 1 if noticed < len(others) else 0


if __name__ == "__main__":
    sys.exit(main())
