"""Findings of driver genes as they are written, `EGFR 19del`, `EGFR/ALK 阴性`, read as positive, negative or unknown."""

from __future__ import annotations

import re
import unicodedata

from oligoscope.study.dictionary.words import plain

_GENE = r"EGFR|(?:EML4-)?ALK|ROS-?1"
_POSITIVE = (
    r"(?:EX(?:ON)?\s*)?19\s*-?\s*DEL(?:ETION)?|DEL\s*19|EX(?:ON)?\s*19\s*DELETION|(?:第?19号?)?外显子缺失|19\s*号?外显子(?:缺失)?(?:突变)?"
    r"|(?:EX(?:ON)?\s*)?(?:21\s*)?L858R|(?:21\s*号?外显子\s*)L858R|突变阳性|融合阳性|重排阳性|阳性|敏感突变|突变型|突变|融合|重排|易位"
    r"|POSITIVE|POS|MUTATION|MUTATED|MUTANT|MUT|FUSION|REARRANGEMENT|REARRANGED|TRANSLOCATION|\(\+\)|\+"
)
_NEGATIVE = (
    r"突变阴性|融合阴性|重排阴性|均阴性|均为阴性|全阴性|阴性|野生型|均野生型|均为野生型|未突变|无突变|未见突变|未检出突变|NEGATIVE|NEG|WILD[\s-]?TYPE"
    r"|WT|\(-\)|-(?!\s*[A-Z])"
)
_UNKNOWN = r"未检测|均未检测|未测|未知|不详|UNKNOWN|UNK|NOT\s+TESTED|UNTESTED"
_SEPARATOR = r"[/,;、，；和及与&]|\s|AND"
# The longer words first: `突变阴性` is no mutation.
_TOKEN = re.compile(
    rf"(?P<negative>{_NEGATIVE})|(?P<unknown>{_UNKNOWN})|(?P<positive>{_POSITIVE})|(?P<gene>{_GENE})|(?P<separator>{_SEPARATOR})"
)
_SAID = re.compile(
    r"(?:驱动基因)?(?:阳性|突变|突变阳性|POSITIVE|MUTANT|MUTATED)\s*[:(]\s*(?P<which>[^()]+)\)?"
)
_BRACKET = re.compile(r"\(([^()+-]+)\)")  # `EGFR（19del）`
_OF_EGFR = re.compile(r"19|L858R")
# Both must be known to be negative; the paper's patients have neither.
_MUST_BE_NEGATIVE = {"EGFR", "ALK"}


def read_driver_gene(text: str) -> str | None:
    """The level of `driver_gene` that a finding of EGFR, ALK or ROS1 certainly is.

    None where a part is unknown, another gene is named (KRAS, MET, RET …: whether it counts is for the study to say),
    only one of EGFR and ALK is negative, or the finding contradicts itself.
    """
    written = unicodedata.normalize("NFKC", text).upper().strip()
    said = _SAID.fullmatch(written)  # `阳性（EGFR 19del）`
    found = _findings(_BRACKET.sub(r" \1 ", written if said is None else said["which"]))
    if not found:
        return None
    results = set(found.values())
    if said is not None and "positive" not in results:
        return None
    if "positive" in results:
        return "positive"
    if results == {"negative"}:
        return "negative" if set(found) >= _MUST_BE_NEGATIVE else None
    return "unknown" if results == {"unknown"} else None


def _findings(text: str) -> dict[str, str] | None:
    """Each gene with its finding; None where the text is not understood whole."""
    found: dict[str, str] = {}
    waiting: list[str] = []  # genes whose finding is still to come
    last: list[str] = []  # genes of the finding before
    at, joined = 0, False
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return None
        kind, word = token.lastgroup or "", token[0]
        at = token.end()
        if kind == "gene":
            if joined:  # `EGFR+ALK` may mean `and`
                return None
            waiting.append(plain(word).removeprefix("eml4-").replace("-", "").upper())
        elif kind != "separator":
            if not waiting and _OF_EGFR.search(word):
                waiting = last or ["EGFR"]
            genes = waiting or last
            if not genes or any(found.get(gene, kind) != kind for gene in genes):
                return None
            found |= dict.fromkeys(genes, kind)
            waiting, last = [], genes
        joined = word in {"+", "-"}
    return None if waiting else found
