"""The small language of eligibility rules: `age_years >= 18 and stage in [IIIC, IV]`.

```
condition  := and_part ("or" and_part)*
and_part   := unit ("and" unit)*
unit       := "not" unit | "(" condition ")" | column operator word | column ["not"] "in" "[" word ("," word)* "]"
operator   := == != < <= > >=
word       := a bare word, a number, an ISO date, or anything in quotes (">=50%")
```

Parentheses and `not` within each other go MOST_DEEP deep at most, and a condition has MOST_TESTS comparisons at most.

A missing value on either side gives "unknown" (null), as in SQL: `unknown and false` is false,
`unknown or true` is true.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Protocol as TypingProtocol

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.errors import OligoscopeError

Word = str | float | date
MOST_DEEP = 50
MOST_TESTS = 500
TRUE_WORDS = ("yes", "true")
FALSE_WORDS = ("no", "false")


class ConditionError(OligoscopeError):
    """A condition that cannot be read; `text` says why in both languages."""

    exit_code = 3

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class Condition(TypingProtocol):
    """A condition over the columns of one table."""

    @property
    def columns(self) -> frozenset[str]:
        """The columns it reads."""
        ...

    def to_expr(self) -> pl.Expr:
        """True, false or null for each row."""
        ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """`column operator word`."""

    column: str
    operator: str
    word: Word

    @property
    def columns(self) -> frozenset[str]:
        """The one column it reads."""
        return frozenset({self.column})

    def to_expr(self) -> pl.Expr:
        """Compared as a number, a date or a word, as the right side is written."""
        if isinstance(self.word, str):
            same = _is_one_of(self.column, (self.word,))
            return same if self.operator == "==" else ~same
        return _COMPARE[self.operator](_as_kind_of(self.column, self.word), pl.lit(self.word))


@dataclass(frozen=True, slots=True)
class Membership:
    """`column in [words]`."""

    column: str
    words: tuple[Word, ...]

    @property
    def columns(self) -> frozenset[str]:
        """The one column it reads."""
        return frozenset({self.column})

    def to_expr(self) -> pl.Expr:
        """True where the column holds one of the words."""
        if all(isinstance(word, str) for word in self.words):
            return _is_one_of(self.column, tuple(str(word) for word in self.words))
        return pl.any_horizontal([Comparison(self.column, "==", word).to_expr() for word in self.words])


@dataclass(frozen=True, slots=True)
class Combination:
    """`and` or `or` of two or more conditions."""

    word: str
    parts: tuple[Condition, ...]

    @property
    def columns(self) -> frozenset[str]:
        """The columns of all parts."""
        return frozenset().union(*(part.columns for part in self.parts))

    def to_expr(self) -> pl.Expr:
        """Three-valued and / or."""
        parts = [part.to_expr() for part in self.parts]
        return pl.all_horizontal(parts) if self.word == "and" else pl.any_horizontal(parts)


@dataclass(frozen=True, slots=True)
class Negation:
    """`not` of a condition."""

    part: Condition

    @property
    def columns(self) -> frozenset[str]:
        """The columns of the part."""
        return self.part.columns

    def to_expr(self) -> pl.Expr:
        """Unknown stays unknown."""
        return ~self.part.to_expr()


def parse_condition(text: str) -> Condition:
    """Read a condition.

    Raises:
        ConditionError: It is not of the language above.
    """
    reader = _Reader(_tokens(text))
    condition = reader.condition()
    if reader.token is not None:
        raise _unexpected(reader.token)
    return condition


_COMPARE = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>"[^"]*"|'[^']*')
      | (?P<sign>==|!=|<=|>=|<|>|\(|\)|\[|\]|,)
      | (?P<word>[+-]?[\w.]+(?:-[\w.]+)*)
    )""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)$", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d$", re.ASCII)
_KEYWORDS = {"and", "or", "not", "in"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # quoted, sign, word
    text: str


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _cannot_start(text[at : at + 1000].strip())
        found.append(_Token(match.lastgroup, match[match.lastgroup]))
        at = match.end()
    if not found:
        raise ConditionError(Text("条件是空的。", "the condition is empty"))
    return found


class _Reader:
    """Recursive descent: one method a line of the grammar."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._n_tests = 0

    @property
    def token(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def condition(self) -> Condition:
        return self._combination("or", lambda: self._combination("and", self._unit))

    def _combination(self, word: str, read_part: Callable[[], Condition]) -> Condition:
        parts = [read_part()]
        while self._take(word):
            parts.append(read_part())
        return parts[0] if len(parts) == 1 else Combination(word, tuple(parts))

    def _unit(self) -> Condition:
        if self._take("not"):
            with self._deeper():
                return Negation(self._unit())
        if self._take("("):
            with self._deeper():
                inner = self.condition()
            self._need(")")
            return inner
        self._n_tests += 1
        if self._n_tests > MOST_TESTS:
            raise ConditionError(
                Text(
                    f"条件含 {MOST_TESTS} 个以上的比较。",
                    f"the condition has more than {MOST_TESTS} comparisons",
                )
            )
        return self._test(self._column())

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > MOST_DEEP:
            raise ConditionError(Text(
                f"括号和 not 嵌套超过 {MOST_DEEP} 层。", f"parentheses and `not` are more than {MOST_DEEP} deep",
            ))  # fmt: skip
        yield
        self._depth -= 1

    def _test(self, column: str) -> Condition:
        if self._take("not"):
            self._need("in")
            return Negation(Membership(column, self._words()))
        if self._take("in"):
            return Membership(column, self._words())
        sign = self._next()
        if sign.text not in _COMPARE or sign.kind != "sign":
            raise ConditionError(Text(
                f"{column} 之后应为 == != < <= > >= in 或 not in，而不是 {sign.text}。",
                f"after {column} one of == != < <= > >= in, not in is expected, not {sign.text}",
            ))  # fmt: skip
        return _comparison(column, sign.text, self._word())

    def _words(self) -> tuple[Word, ...]:
        self._need("[")
        words = [self._word()]
        while self._take(","):
            words.append(self._word())
        self._need("]")
        return tuple(words)

    def _word(self) -> Word:
        token = self._next()
        if token.kind == "quoted":
            return token.text[1:-1]
        if token.kind == "sign" or token.text in _KEYWORDS:
            raise _unexpected(token)
        return _typed(token.text)

    def _column(self) -> str:
        token = self._next()
        if token.kind != "word" or token.text in _KEYWORDS or not isinstance(_typed(token.text), str):
            raise ConditionError(Text(
                f"比较的左边应为列名，而不是 {token.text}。", f"the left side must be a column name, not {token.text}",
            ))  # fmt: skip
        return token.text

    def _next(self) -> _Token:
        if self.token is None:
            raise ConditionError(Text("条件没有写完。", "the condition is incomplete"))
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, text: str) -> bool:
        if self.token is None or self.token.kind == "quoted" or self.token.text != text:
            return False
        self._at += 1
        return True

    def _need(self, text: str) -> None:
        found = self.token
        if not self._take(text):
            shown = Text("结尾", "the end") if found is None else Text(found.text, found.text)
            raise ConditionError(Text(f"{shown.zh}之前缺少 {text}。", f"{text} is missing before {shown.en}"))


def _comparison(column: str, sign: str, word: Word) -> Comparison:
    if isinstance(word, str) and sign not in {"==", "!="}:
        raise ConditionError(Text(
            f"{sign} 只能与数字或 YYYY-MM-DD 日期比较，不能与文字 {word} 比较。",
            f"{sign} can be used with a number or a YYYY-MM-DD date, not with the word {word}",
        ))  # fmt: skip
    return Comparison(column, sign, word)


def _typed(text: str) -> Word:
    if _NUMBER.match(text):
        return float(text)
    if _DATE.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ConditionError(
                Text(f"{text} 不是日历上的日期。", f"{text} is not a calendar date")
            ) from None
    return text


def _is_one_of(column: str, words: tuple[str, ...]) -> pl.Expr:
    """Compared as text, so that `yes` also means true where the column holds true and false."""
    wanted: list[str] = []
    for word in words:
        wanted += next((w for w in (TRUE_WORDS, FALSE_WORDS) if word in w), (word,))
    return pl.col(column).cast(pl.String).is_in(wanted)


def words_named(condition: Condition) -> Iterator[tuple[str, str]]:
    """(column, word) of every word that a condition names; numbers and dates are no words."""
    match condition:
        case Comparison(column, _, word):
            words: tuple[Word, ...] = (word,)
        case Membership(column, words):
            pass
        case Combination(_, parts):
            for part in parts:
                yield from words_named(part)
            return
        case Negation(part):
            yield from words_named(part)
            return
        case _:
            return
    yield from ((column, word) for word in words if isinstance(word, str))


def _as_kind_of(column: str, word: Word) -> pl.Expr:
    # A covariate of the user's may hold text: what is no number there is unknown, not a crash.
    return pl.col(column).cast(pl.Date if isinstance(word, date) else pl.Float64, strict=False)


def _unexpected(token: _Token) -> ConditionError:
    return ConditionError(Text(f"此处不应出现 {token.text}。", f"{token.text} is not expected here"))


def _cannot_start(rest: str) -> ConditionError:
    if rest[0] == "=":
        return ConditionError(Text("相等写作 ==，不是 =。", "equality is written ==, not ="))
    return ConditionError(Text(
        f"无法解析“{rest[:20]}”；含符号的文字要加引号，如 \">=50%\"。",
        f"cannot read {rest[:20]!r}; put a word with signs in quotes, as \">=50%\"",
    ))  # fmt: skip
