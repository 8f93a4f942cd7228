"""Words that once broke a file or came alive in one; whatever a user can write, a document must carry."""

from __future__ import annotations

# What a cell may hold once it was read: no control characters, which intake takes out.
WORDS = (
    "$_$", "self-pay $0-$100_", "a$b", "$\\frac{1}{0}$", "\\$", "\\", "a\\1b", "\\g<0>", "{n}", "{", "%s %d", "<script>alert(1)</script>",
    "<b>bold</b>", "a & b", "&amp;", "a < b > c", '"quoted" \'too\'', "--> <!-- x", "]]>", "</svg></script>", "url(#x) href=\"#y\" id=\"z\"",
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tTab", "http://example.org", "internal:'A'!A1", "*P*", "a*b*c", "CYP2C19*2", "**", "_x000B_",
    "../../etc/passwd", "C:\\con", "a:b/c|d?e*f", "；", "肺；", ";", "bone;", "a;b", "a\\;b", "器官" * 30, "w" * 300, "腘", "體", "𠮷", "😀", "e\u0301", "\u202eabc", "[was|were]", "(s)",
)  # fmt: skip
# What a writer may still be handed, by results of another program: it leaves these signs out.
FORBIDDEN = ("a\x0bb", "a\x07", "\x1b[31m", "a\x00b", "half \ud800 end", "\ufffe")
