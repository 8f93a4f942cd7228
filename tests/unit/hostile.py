"""Words that once broke a file or came alive in one; whatever a user can write, a document must carry."""

from __future__ import annotations

# What a cell may hold once it was read: no control characters, which intake takes out.
WORDS = (
    # mathematics, escapes and places of values
    "$_$", "self-pay $0-$100_", "a$b", "$\\frac{1}{0}$", "\\$", "\\", "a\\1b", "\\g<0>", "{n}", "{", "{{x}}", "${x}", "$(x)", "`x`",
    "%s %d", "%00", "^2", "x_1", "a^b_c", "\\u0041", "\\x41", "*P*", "a*b*c", "CYP2C19*2", "**", "_x000B_", "_x0041_x0042_", "*n*", "[was|were]", "(s)",
    # markup
    "<script>alert(1)</script>", "<b>bold</b>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "</title>", "</style>",
    "<a href=\"javascript:alert(1)\">x</a>", "javascript:alert(1)", "a & b", "&amp;", "&#x3c;script&#x3e;", "a < b > c", "<1%",
    "\"quoted\" 'too'", "\"", "'", "''", "--> <!-- x", "]]>", "<![CDATA[x]]>", "<!ENTITY x SYSTEM '/etc/passwd'>",
    "</svg></script>", "<r><t>x</t></r>", "<r>&</r>", "url(#x) href=\"#y\" id=\"z\"", "http://example.org",
    # formulas, numbers and dates of a spreadsheet
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "+1+cmd|'/C calc'!A0", "+", "-", "@", "\tTab", "internal:'A'!A1", "1e5", "0x10", "0,5", "1/2",
    # paths
    "../../etc/passwd", "C:\\con", "\\\\server\\x", "CON", "nul.txt", ".", "..", "~/x", "a:b/c|d?e*f",
    # what divides the words of a list or of a key
    ";", "；", "肺；", "bone;", "a;b", "a\\;b", "a,b", "a|b", "a/b", "A vs B", "A -> B", "a=b", "a: b",
    # YAML, JSON and our own words
    "- a", "{a: b}", "[1, 2]", "!!python/object:x", "*anchor", "# no", "__proto__", "all", "vs", "none", "None", "null", "missing",
    "NA", "nan", "true", "no", "rest", "other",
    # long, rare and composed
    "器官" * 30, "w" * 300, "腘", "體", "𠮷", "😀", "👨👩", "e\u0301", "a\u00a0b", "ﬁ", "\u202eabc", "zero\u200bwidth",
)  # fmt: skip
# What a writer may still be handed, by results of another program: it leaves these signs out.
FORBIDDEN = ("a\x0bb", "a\x07", "\x1b[31m", "a\x00b", "half \ud800 end", "\ufffe")
