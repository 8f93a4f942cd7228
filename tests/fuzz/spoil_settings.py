"""study.yaml spoiled: its bytes, its syntax, its types, its depth, its keys, its words and its paths."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from fuzz.spoil_files import (
    COMMANDS,
    ELSEWHERE,
    cut_out,
    flip_bit,
    flip_bytes,
    insert_noise,
    truncate,
    zero_block,
)
from fuzz.spoiled import ANY, ONLY_REFUSED, TABLES, Base, Draw, Spoiled, yaml_bytes

FILE = "study.yaml"
Spoiler = Callable[[Base, Draw], Spoiled]
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, float("nan"), float("inf"), 10**30, "", " ", "x", "no", "~", "💥", "器" * 400, "{}", [], [[]], {}, {"": ""}, [None], {"zh": 1}, [1, "a", {}],
    "2025-02-30", "\\", "a: b", "*x", "=1+1", "<b>", "../..", "/etc/passwd", "%(a)s", "\u202e", [["a"] * 30] * 30,
)  # fmt: skip


def settings_spoilers() -> Iterator[Spoiler]:
    """All of them."""
    for damage in (flip_bit, flip_bytes, truncate, zero_block, cut_out, insert_noise):
        yield _damaged(damage)
    times = {
        _odd_type: 5, _unknown_key: 2, _syntax: 5, _anchors: 4, _depth: 3, _control: 3, _paths: 5, _condition: 4, _many: 2, _setting: 4, _analyses: 2, _mapping: 3,
    }  # fmt: skip
    for spoiler, n in times.items():
        yield from [spoiler] * n


def _damaged(damage: Callable[[bytearray, Draw], str]) -> Spoiler:
    def spoil(base: Base, rng: Draw) -> Spoiled:
        raw = bytearray(yaml_bytes(base.settings))
        detail = damage(raw, rng)
        return Spoiled(f"study.yaml: {damage.__name__.replace('_', ' ')}", base.files() | {FILE: bytes(raw)}, rng.choice(COMMANDS), place="",
                       detail=detail)  # fmt: skip

    return spoil


def _text(
    base: Base, text: str | bytes, name: str, detail: str, rng: Draw, allowed: frozenset[int] = ANY
) -> Spoiled:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return Spoiled(
        f"study.yaml: {name}",
        base.files() | {FILE: raw},
        rng.choice(COMMANDS),
        allowed,
        FILE if allowed == ONLY_REFUSED else "",
        detail,
    )


def _whole(
    base: Base, settings: Any, name: str, detail: str, rng: Draw, allowed: frozenset[int] = ANY
) -> Spoiled:
    return _text(base, yaml_bytes(settings), name, detail, rng, allowed)


FULL: dict[str, Any] = {
    "eligibility": [{"id": "adult", "excluded": {"zh": "未成年", "en": "Not adults"}, "keep": "age_years >= 18"}],
    "response": {"criteria": "recist_1_1", "confirmation": False, "confirmation_days": 28, "max_ne_between": 1, "minimum_sd_days": 42, "reader": None},
    "progression": {"preset": "huang2025", "max_lesions": 5, "lesion_reference": "nadir", "count_brain": True},
    "resistance": {"preset": "huang2025"},
    "endpoints": {"missed_assessments": "ignore", "schedule_days": 42, "pfs2_line": 2},
    "imputation": {"variables": ["pd_l1"], "m": 2},
    "matching": {"covariates": ["age_60", "sex"], "method": "nearest", "ratio": 1, "caliper": 0.02, "balance_limit": 0.1},
    "labels": {"arm": {"zh": "组", "en": "Arm", "levels": {"A": {"zh": "甲", "en": "A"}}}},
}  # fmt: skip


def _full(base: Base) -> dict[str, Any]:
    return base.studied(**copy.deepcopy(FULL))


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    found = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in found:
        yield (*path, key)
        yield from _places(inner, (*path, key))


def _put(settings: Any, path: tuple[Any, ...], value: Any) -> None:
    for step in path[:-1]:
        settings = settings[step]
    settings[path[-1]] = value


def _odd_type(base: Base, rng: Draw) -> Spoiled:
    settings = _full(base)
    path = rng.choice(list(_places(settings)))
    value = rng.choice(ODD)
    _put(settings, path, value)
    return _whole(
        base, settings, "a value of another type", f"{'.'.join(map(str, path))}: {str(value)[:30]!r}", rng
    )


def _unknown_key(base: Base, rng: Draw) -> Spoiled:
    settings = _full(base)
    path = rng.choice([p for p in _places(settings) if isinstance(p[-1], str)])
    at: Any = settings
    for step in path[:-1]:
        at = at[step]
    key = rng.choice(
        (
            path[-1] + "s",
            path[-1].upper(),
            "",
            " ",
            "__class__",
            "model_config",
            "a.b",
            "0",
            "键",
            "x" * 5000,
            "\\",
            "{}",
            "<b>",
            "preset",
            "keep",
        )
    )
    at[key] = at.pop(path[-1]) if rng.random() < 0.5 else 1
    return _whole(base, settings, "an unknown key", f"{'.'.join(map(str, path))} -> {key[:20]!r}", rng)


def _syntax(base: Base, rng: Draw) -> Spoiled:
    text = yaml_bytes(base.settings).decode()
    lines = text.splitlines()
    at = rng.randrange(len(lines))
    sign = rng.each(("\t", "- ", ": ", "{", "}", "[", "]", '"', "'", "|", ">", "%TAG ! x", "&a", "*a", "!!python/object/apply:os.system ['touch /tmp/oligoscope-alive']", "!!binary x",
                       "---", "...", "? ", "<<: *a", "<<: {}", "@", "`", "#", "!<tag:x>", "%YAML 9.9", "!!set {a}", "!!omap [a]", "!!timestamp 9", "!!float x", "!!int 0b2", "\ufeff", "=: 1"))  # fmt: skip
    how = rng.randrange(3)
    if how == 0:
        lines[at] = sign + lines[at]
    elif how == 1:
        lines.insert(at, sign)
    else:
        lines[at] += " " + sign
    return _text(base, "\n".join(lines), "odd signs", f"{sign[:20]!r} at line {at + 1}, way {how}", rng)


def _anchors(base: Base, rng: Draw) -> Spoiled:
    text = yaml_bytes(base.settings).decode()
    shape = rng.each(
        (
            "list of itself",
            "map of itself",
            "mutual",
            "bomb",
            "map bomb",
            "merge of itself",
            "merge bomb",
            "key of itself",
            "unknown",
            "twice",
            "long bomb",
        )
    )
    depth = rng.choice((6, 9, 30))
    added = {
        "list of itself": "eligibility: &a [*a]", "map of itself": "labels: &a {sex: *a}", "mutual": "eligibility: &a [&b [*a, *b]]",
        "bomb": "\n".join(["a0: &a0 [x, x, x, x, x, x, x, x, x]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, depth)]),
        "map bomb": "\n".join(["a0: &a0 {x: 1, y: 2}"] + [f"a{i}: &a{i} {{{', '.join(f'k{j}: *a{i - 1}' for j in range(9))}}}" for i in range(1, depth)]),
        "merge of itself": "labels: &a\n  <<: *a\n  sex: {}", "merge bomb": "\n".join(["a0: &a0 {x: 1}"] + [f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9)}]}}" for i in range(1, depth)]),
        "key of itself": "labels: &a {? *a : 1}", "unknown": "eligibility: *nowhere", "twice": "x: &a 1\ny: &a 2\nz: *a",
        "long bomb": "s: &s " + "x" * 10_000 + "\neligibility: [" + ", ".join(["*s"] * 50_000) + "]",
    }[shape]  # fmt: skip
    ours = rng.random() < 0.5 and "bomb" in shape and shape != "long bomb"
    if ours:
        added = added.replace(
            f"a{depth - 1}: ", "labels: " if "map" in shape or "merge" in shape else "eligibility: ", 1
        )
    return _text(
        base,
        f"{added}\n{text}",
        "anchors that hold themselves or multiply",
        f"{shape}, {depth} levels, ours {ours}",
        rng,
        ONLY_REFUSED,
    )


def _depth(base: Base, rng: Draw) -> Spoiled:
    n = rng.choice((100, 1000, 20_000, 200_000))
    text = yaml_bytes(base.settings).decode()
    shape = rng.each(("lists", "maps", "blocks", "condition", "not", "and", "open lists"))
    added = {
        "lists": "eligibility: " + "[" * n + "]" * n, "maps": "labels: " + "{a: " * n + "1" + "}" * n, "blocks": "labels:\n" + "\n".join(" " * (i + 1) + "a:" for i in range(min(n, 2000))),
        "condition": f"eligibility:\n - {{id: a, keep: '{'(' * n}age_years > 1{')' * n}'}}", "not": f"eligibility:\n - {{id: a, keep: '{'not ' * n}age_years > 1'}}",
        "and": f"eligibility:\n - {{id: a, keep: '{'age_years > 1 and ' * n}age_years > 1'}}", "open lists": "eligibility: " + "[" * n,
    }[shape]  # fmt: skip
    allowed = ANY if shape in {"and", "not", "condition"} and n <= 1000 else ONLY_REFUSED
    return _text(base, f"{text}\n{added}\n", "depth", f"{shape}, {n} levels", rng, allowed)


def _control(base: Base, rng: Draw) -> Spoiled:
    sign = rng.each(
        (
            "\x00",
            "\x07",
            "\x0b",
            "\x1b",
            "\x7f",
            "\x85",
            "\u2028",
            "\ufeff",
            "\ufffe",
            "\ud800",
            '"\\uD800"',
            '"\\x00"',
            '"\\u0007"',
            '"\\uFFFF"',
            '"\\N"',
            '"\\e"',
            '"\\P"',
            '"\\U00110000"',
        )
    )
    text = yaml_bytes(base.settings).decode()
    where = rng.choice(("Small study", "patients.csv", "huang2025", "age_years", "baseline"))
    new = text.replace(where, sign if sign.startswith('"') else where + sign, 1)
    return _text(base, new, "control characters", f"{sign!r} in {where}", rng)


def _paths(base: Base, rng: Draw) -> Spoiled:
    settings = base.studied()
    table = rng.choice(TABLES)
    path = rng.each(("", ".", "..", "/", "~", "~root", "nowhere.csv", "/dev/stdin", "/dev/zero", "/proc/self/environ", "a" * 300, "a/" * 3000 + "b", "p\x00q.csv", ELSEWHERE,
                       "https://example.org/a.csv", "s3://bucket/a.csv", "\\\\server\\share", "C:\\a.csv", "CON", "patients.csv/", "patients.csv/x", "*.csv", "patients.csv\n", "$HOME/x.csv",
                       "患者.csv", "\u202ecsv.p", "study.yaml", "-", "hf://datasets/x", "patients?.csv", "[p]atients.csv", "../study/patients.csv"))  # fmt: skip
    where = rng.choice(("table", "files", "folder", "sheet", "join", "sdtm"))
    if where == "table":
        settings["data"][table] = path
    elif where == "files":
        settings["data"][table] = {"files": [f"{table}.csv", path]}
    elif where == "folder":
        settings["data"]["folder"] = path
    elif where == "sheet":
        settings["data"][table] = {"files": [f"{table}.csv"], "sheet": path}
    elif where == "join":
        settings["data"][table] = {
            "files": [f"{table}.csv"],
            "join": [{"file": path, "on": {"patient_id": "patient_id"}}],
        }
    else:
        settings["data"] = {"sdtm": {"folder": path, "files": {"dm": path}}}
    return _whole(
        base,
        settings,
        "odd paths",
        f"{where}: {path[:30]!r} ({table})",
        rng,
        ANY | {2} if where == "folder" else ANY,
    )


def _condition(base: Base, rng: Draw) -> Spoiled:
    keep = rng.each((
        "", " ", "age_years", "age_years >", "> 3", "age_years > > 3", "age_years > 'x", "(age_years > 3", "age_years > 3)", "1 == 1", "age_years in []", "age_years in [", "not", "and", "or or",
        "__import__('os').system('x')", "age_years > 1e999", "age_years > 99999999999999999999999999", "age_years == nan", "nothing == 3", "sex > 3", "sex == male and", "a" * 100_000, "sex == \"<b>\"",
        "age_years >= 18 and (sex == male or sex == female) and not (ecog > 5)", "age_years > -1", "patient_id == S0001", "sex in [male, male, x]", "ecog = 1", "sex != ''", "stage == \"IV\" or \"III\"", "年龄 > 3", "age_years > \uff11\uff18",
    ))  # fmt: skip
    where = rng.choice(("keep", "where"))
    settings = base.studied()
    if where == "keep":
        settings["eligibility"] = [{"id": "a", "keep": keep}]
    else:
        settings["analyses"] = [
            {
                "kind": "baseline",
                "where": rng.choice(
                    (keep, {"sex": keep}, {keep: "x"}, [keep], {"age_years": 3}, {"pattern": ["nothing"]})
                ),
            }
        ]
    return _whole(base, settings, "conditions", f"{where}: {keep[:40]!r}", rng)


def _many(base: Base, rng: Draw) -> Spoiled:
    n = rng.choice((1000, 5000))
    shape = rng.each(("analyses", "rules", "labels", "unknown keys", "files", "repeated keys"))
    settings = base.studied()
    if shape == "analyses":
        settings["analyses"] = [{"kind": "nothing"}] * n
    elif shape == "rules":
        settings["eligibility"] = [{"id": f"r{i}", "keep": "age_years >"} for i in range(n)]
    elif shape == "labels":
        settings["labels"] = {f"c{i}": {"a": "b"} for i in range(n)}
    elif shape == "unknown keys":
        settings |= {f"k{i}": i for i in range(n)}
    elif shape == "files":
        settings["data"]["patients"] = {"files": [f"p{i}.csv" for i in range(n)]}
    text = yaml_bytes(settings) + (b"eligibility: []\n" * n if shape == "repeated keys" else b"")
    return _text(base, text, "very many of something", f"{n} {shape}", rng)


def _setting(base: Base, rng: Draw) -> Spoiled:
    """A number or a word beyond its range in a setting that exists."""
    from fuzz.random_settings import ASKED

    settings = _full(base)
    path = rng.choice([p for p in _places(settings) if p[0] not in {"data", "labels", "analyses"}])
    value = rng.choice(
        (
            -1,
            0,
            1,
            2**31,
            2**63,
            2**64,
            10**18,
            1e-300,
            0.5,
            1.5,
            "huang2025",
            "nearest",
            "optimal",
            [],
            ["sex"],
            ["patient_id"],
            list(ASKED),
            "1" * 5000,
            "2025-04-08",
        )
    )
    _put(settings, path, value)
    return _whole(
        base, settings, "a value out of range", f"{'.'.join(map(str, path))}: {str(value)[:30]}", rng
    )


def _analyses(base: Base, rng: Draw) -> Spoiled:
    from fuzz.random_settings import ASKED

    kind = rng.choice(list(ASKED))
    option = rng.choice(
        (
            "by",
            "where",
            "outcomes",
            "variables",
            "population",
            "minimum_events",
            "months",
            "title",
            "method",
            "weights",
            "levels",
            "landmarks",
        )
    )
    value = rng.choice((*ODD, "patient_id", "pattern", ["os", "os"], {"sex": "male"}, "progressed", -3))
    return _whole(
        base,
        base.studied(analyses=[{"kind": kind, option: value}]),
        "an odd option of an analysis",
        f"{kind}.{option}: {str(value)[:30]!r}",
        rng,
    )


def _mapping(base: Base, rng: Draw) -> Spoiled:
    settings = base.studied()
    table = rng.choice(TABLES[:3])
    source: dict[str, Any] = {"files": [f"{table}.csv"]}
    key = rng.choice(
        (
            "columns",
            "levels",
            "constants",
            "join",
            "where",
            "units",
            "dates",
            "missing",
            "sheet",
            "encoding",
            "unknown",
        )
    )
    source[key] = rng.choice((
        {"patient_id": "lesion_id"}, {"patient_id": "nothing"}, {"nothing": "patient_id"}, {"sex": {"male": ["m", "m"], "female": ["m"]}}, {"sex": "male"}, {"patient_id": ["a", "b"]}, {"state": {}},
        {"role": "target"}, {"patient_id": "X"}, {"patient_id": None}, [], "x", 3, [{"file": "treatments.csv", "on": {"patient_id": "nothing"}}], [{"file": f"{table}.csv", "on": {"patient_id": "patient_id"}}], {"": ""},
        {"organ": {"<b>": ["lung"]}}, {"sex": ["male", "<b>"]}, {"patient_id": "patient_id", "lesion_id": "patient_id"}, {"x" * 3000: "sex"}, {"sex": {"neither": ["male"]}},
    ))  # fmt: skip
    settings["data"][table] = source
    return _whole(base, settings, "an odd mapping", f"{table}.{key}: {str(source[key])[:60]}", rng)
