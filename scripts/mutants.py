"""Would the tests notice another rule? Change one operator, number or statement of clinical/ or stats/ at a time, and run its tests.

    PYTHONPATH=src python scripts/mutants.py --room clinical --sample 40 --seed 1      # the share that is noticed, and what is not
    PYTHONPATH=src python scripts/mutants.py --room stats --only rmst.py --sample 10   # of files whose path holds this
    PYTHONPATH=src python scripts/mutants.py --list --room clinical --sample 40        # which; runs nothing

Operators: a comparison by its neighbour (`<` and `<=`) or its opposite, arithmetic, a constant by the next one, `and` for `or` and a
condition by its negation, a statement left out. Texts, types, docstrings and `raise` are none. Each mutant is tried in a copy of
the package with the tests that import its module, those nearest first, and stops at the first failure; one that runs ten times
as long as all tests did counts as noticed. Those known to change nothing are in `EQUAL`, each with its reason. Exit status 1
where one is not noticed, 2 where the tests fail already.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wrong_words import copy_of_repository

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "src" / "oligoscope"
ROOMS = ("clinical", "stats")
# Lines whose mutants no test can notice, because the program does the same: file, line, why.
EQUAL: dict[tuple[str, str], str] = {
    (
        "stats/comparison/group_tests.py",
        "if counts.shape == (2, 2):",
    ): "of four cells one below 5 is more than a fifth of them",
    (
        "stats/regression/multinomial.py",
        "return self.coefficients + deviation.reshape(k, p).T",
    ): "a deviation and its negative are equally likely",
    (
        "stats/regression/logistic_newton.py",
        "step, change, halvings = step / 2, change / 2, halvings + 1",
    ): "the maximum is the same however often a step is halved",
    (
        "stats/regression/separation.py",
        '-toward.sum(axis=0), A_ub=-toward, b_ub=np.zeros(len(toward)), bounds=(-1, 1), method="highs"',
    ): "whether a direction separates does not depend on how long it is",
}
LONGEST = 600  # seconds that the tests of a mutant may run at least
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

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.kind}: {_short(self.before)} -> {_short(self.after)}"

    @property
    def whole_line(self) -> str:
        """The line as it is, without the blanks around it."""
        return (PACKAGE / self.file).read_text(encoding="utf-8").splitlines()[self.line - 1].strip()

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
    return found


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

_FOLDERS = ("unit", "spec", "property", "oracle")


def tests_of(file: str) -> list[str]:
    """Files of tests for a module of the package: its own by name, then those that import it; of clinical rules the specs, too."""
    module = "oligoscope." + file.removesuffix(".py").replace("/", ".")
    pattern = re.compile(rf"\b{re.escape(module)}\b")
    room = file.split("/", maxsplit=1)[0]
    files = [
        path for folder in _FOLDERS for path in sorted((REPOSITORY / "tests" / folder).rglob("test_*.py"))
    ]
    importing = [path for path in files if pattern.search(path.read_text(encoding="utf-8"))]
    own = [path for path in files if path.stem == f"test_{Path(file).stem}"]
    of_room = [path for path in files if room in path.parts or (room == "clinical" and "spec" in path.parts)]
    found = (*own, *importing) if room == "stats" and importing else (*own, *importing, *of_room)
    return [str(path.relative_to(REPOSITORY)) for path in dict.fromkeys(found)]


@dataclass(frozen=True)
class Copy:
    """A copy of the repository in which one module is changed."""

    folder: Path

    def run(self, tests: Sequence[str], seconds: float) -> bool:
        """Whether all of these tests pass in time."""
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-n",
            "0",
            "-p",
            "no:cacheprovider",
            "-m",
            "not slow",
            *tests,
        ]
        environment = os.environ | {
            "PYTHONPATH": f"{self.folder / 'src'}{os.pathsep}{self.folder / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1",
        }  # fmt: skip
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def is_noticed(self, mutant: Mutant, tests: Sequence[str], seconds: float) -> bool:
        path = self.folder / "src" / "oligoscope" / mutant.file
        before = path.read_bytes()
        path.write_bytes(mutant.of(before))
        try:
            return not self.run(tests, seconds)
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
    needed: dict[str, float] = {}
    unnoticed: list[Mutant] = []
    equal = 0
    for mutant in mutants:
        if (mutant.file, mutant.whole_line) in EQUAL:
            equal += 1
            continue
        tests = tests_of(mutant.file)
        if mutant.file not in needed:
            began = time.monotonic()
            if not known_green and not copy_of.run(tests, 10 * LONGEST):
                print(f"the tests of {mutant.file} fail already: {' '.join(tests)}")
                return 2
            needed[mutant.file] = max(LONGEST, 10 * (time.monotonic() - began))
        noticed = copy_of.is_noticed(mutant, tests, needed[mutant.file])
        print("noticed   " if noticed else "UNNOTICED ", mutant, flush=True)
        if not noticed:
            unnoticed.append(mutant)
    tried = len(mutants) - equal
    score = 100 * (tried - len(unnoticed)) / tried if tried else 100.0
    print(
        f"{tried - len(unnoticed)} of {tried} noticed ({score:.0f} %); {equal} change nothing by their reason in EQUAL"
    )
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
