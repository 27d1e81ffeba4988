"""Text that wants to break out, to deceive or to keep the reader busy: it is refused, or it stays text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnloop.lesson.document.findings import MOST
from learnloop.lesson.document.links import spans_of
from learnloop.lesson.document.model import Document
from learnloop.lesson.document.reader import read
from learnloop.lesson.problems import LessonError
from lesson.documents import HEAD, body, spans, wrong, wrong_body

LONG = 19_000
PATIENCE = 20.0
"""Seconds; each of these takes well below one, and minutes where something grows with the square of the length."""

UNITS = [
    "[", "]", "*", "**", "_", "*_", "`", "``` ", "<", "<!--", "<a ", "{", "}", "{a", "{?", "$", "\\", "(", "[a](", "[a](b", "![",
    "&", "&amp", "&amp;", "> ", ">- ", "- ", "- - ", "1. ", "# ", " ", "\t", "*a ", "_a_", "*a **b ", "`a``b```", "[[a](b)", "](b)",
    "é", "1", "1,", "1.", "a1_", "::", "|-", "--- |", "eleven ", "{loss.start} ", "$x$ ", "[a](draw:x) ", "<a>", "~~", "\u0301", "🙂",
    "x\n", "*\n", "> \n", "- a\n", "- a\n\n", "\n\na\n\n", ":::\n", ":::{say}\n", "::::{a}\n:::{b}\n", ":::{say}\na\n:::\n", "# a\n",
    "a\n---\n", "a  \n", "[a]: b\n", "\\\n", ":a: b\n", "| a |\n|--|\n", "  - a\n", "    a\n", "```\n", "a\n===\n",
]  # fmt: skip
YAML = [
    "[", "{", "a: ", "- ", "? ", "&a ", "*a ", "!", '"', "'", "|", ">", "%", "#", "{a: ", "[a, ", "a: &a [*a]\n",
    "a:\n ", "a\n", "- a\n", "- \n ",
]  # fmt: skip
LATEX = [
    "{", r"\frac", r"\hat", "^", "_", r"\left(", r"\begin{matrix}", "x^{", r"\sqrt", r"\sqrt[", r"\text{", "&", r"\\",
    "'", r"\fact{", r"\mathbf ", r"\foo ",
]  # fmt: skip


def timed(text: str) -> list[tuple[int, int, str]]:
    begin = time.monotonic()
    found = wrong(text)
    assert time.monotonic() - begin < PATIENCE
    assert len(found) <= MOST + 1
    return found


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_long_texts(unit: str) -> None:
    long = (unit * LONG)[:LONG]
    timed(HEAD + long)
    timed(f"{HEAD}:::{{say}}\n{long}\n:::\n")
    timed(f"{HEAD}:::{{plot}} loss\n:caption: {long}\n:alt: {long}\n:::\n")
    timed(HEAD + "\n\n".join([long] * 20))


@pytest.mark.parametrize("unit", YAML, ids=repr)
def test_long_front_matter(unit: str) -> None:
    timed(f"---\n{(unit * 16_000)[:16_000]}\n---\n# A\n\na\n")
    timed("---\n" + f"{unit.strip(chr(10))}\n" * 199 + "---\n# A\n\na\n")


@pytest.mark.parametrize("unit", LATEX, ids=repr)
def test_long_formulas(unit: str) -> None:
    timed(f"{HEAD}:::{{equation}}\n:spoken: a\n\n{(unit * 2000)[:2000]}\n:::\n")
    timed(HEAD + f"${(unit * 40)[:40]}$ " * 400)


@pytest.mark.parametrize(
    "text",
    [
        "".join("  " * depth + "- a\n" for depth in range(150)),
        "\n".join(">" * depth + " a" for depth in range(150)),
        "[" * 3000 + "a" + "](https://b.org)" * 1000,
        "*" * 4000 + "a" + "*" * 4000,
        "".join(f"{':' * (300 - depth)}{{note}} a\n" for depth in range(290)),
        "".join(f"{':' * (depth + 3)}{{note}} a\n" for depth in range(190)),
        ":::{plot} loss\n" + ":id: a\n" * 10_000,
        "".join(f":::{{plot}} loss\n:id: p{k}\n:::\n" for k in range(900))
        + ":::{say}\n"
        + "[a](draw:q) " * 900
        + "\n:::\n",
    ],
    ids=["lists", "quotations", "links", "stars", "ever shorter fences", "ever longer fences", "options", "cues"],
)
def test_deep_texts(text: str) -> None:
    timed(HEAD + text)


def test_bounds() -> None:
    for text, words in [
        ("a\n" * 30_000, "more than 20000 lines"), ("a" * 30_000, "a line of"), (("a " * 5_000 + "\n") * 100, "more than 524288 characters"),
        ("[" * 15_000 + "\n" + "{" * 18_000, "brackets, braces, stars"), (("b" * 10_000 + "\n") * 3, "a paragraph of"),
        ("- a\n\nb\n\n:::{note} c\nd\n:::\n" * 600, "1200 blocks"), ("{loss.end} " * 5_500, "a line of"),
        (("{loss.end} " * 1_000 + "\n\n") * 6, "6000 facts"),
    ]:  # fmt: skip
        assert any(words in why for _, _, why in timed(HEAD + text)), words


def test_many_problems_are_counted() -> None:
    found = timed(HEAD + "12 " * 5_000)
    assert len(found) == MOST + 1 and "more problems from here on" in found[-1][2]


@pytest.mark.parametrize(
    "code", [0x0, 0x7, 0x1B, 0x7F, 0x85, 0x2028, 0x202A, 0x202E, 0x2066, 0x2069, 0xFEFF, 0xFFFC, 0xD800, 0xDFFF, 0xFFFF]
)
def test_characters_that_cannot_be_seen(code: int) -> None:
    ((line, column, why),) = wrong_body(f"a\näb{chr(code)}c")
    assert (line, column) == (2, 3) and f"U+{code:04X}" in why and "Fix: delete it." in why
    assert any(f"U+{code:04X}" in why for _, _, why in wrong(f"---\ntitle: a{chr(code)}b\n---\n# A\n\na\n"))
    assert ("turns the direction" in why) == (code in (0x202A, 0x202E, 0x2066, 0x2069))


def test_other_scripts_are_welcome() -> None:
    assert [s.text for s in spans("שלום \u200fעולם، 学習 👩‍🔬 é")] == ["שלום \u200fעולם، 学習 👩‍🔬 é"]


HOSTILE = [
    "<script>alert()</script>", "<img src=x onerror=alert()>", "</p><svg/onload=alert()>", "javascript:alert()", "&lt;b&gt;",
    "<!--<script>", "]]>", "${alert}", "{{alert}}", "<%= x %>", "' OR ''='", '" onclick="alert()', "`rm`", "$(rm)", "<a\nb>", "< script>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_refused_or_stay_text(text: str) -> None:
    for around in (
        "{}",
        "## {}",
        "- {}",
        "> {}",
        ":::{{note}} {}\na\n:::",
        ":::{{say}}\n{}\n:::",
        ":::{{plot}} loss\n:caption: {}\n:::",
    ):
        try:
            document = body(around.format(text))
        except LessonError:
            continue
        check(document)
    try:
        assert read(f"---\ntitle: '{text.replace(chr(39), chr(39) * 2)}'\n---\n# A\n\na\n").front.title == " ".join(
            text.split()
        )
    except LessonError as error:
        assert error.found


SCHEMES = [
    "javascript:a", "JAVASCRIPT:a", "java\tscript:a", "java%0ascript:a", "vbscript:a", "data:text/html,a",
    "file:///a", "//evil.org", "\\\\evil", "blob:a", "https:evil", "ftp://a", "x://a", "about:blank",
    "view-source:https://a.org", " https://a.org", "https://a.org\u00a0b", "&#x6a;avascript:a", "\\javascript:a",
    "<javascript:a>", "https://a.org'b", "#<b>", "#", "mailto:a@b.org?body=x", "https://a@b.org", "http://[::1",
    "https://a.org:99999",
]  # fmt: skip


@pytest.mark.parametrize("target", SCHEMES)
def test_links_lead_where_they_may(target: str) -> None:
    assert wrong_body(f"[a]({target})")


def check(document: Document) -> None:
    """What holds for everything that is read: places are true, links are known, and nothing that is unseen is left."""
    lines = document.text.split("\n")
    for span in spans_of(document):
        begins = lines[span.place.line - 1][span.place.column - 1 :]
        if span.fact:
            assert begins.startswith("{")
        elif not span.text.startswith(" ") and "math" not in span.marks:
            assert begins.startswith(span.text[0]), (span, begins)
        assert not span.link or span.link.startswith(("https://", "http://", "mailto:", "#"))
        assert "\n" not in span.text or "math" in span.marks
        assert span.text or span.fact


PIECES = [
    *UNITS, ":::{note} N\n", ":::{say}\n", ":::{check}\n", ":::{equation}\n", ":spoken: x\n", ":id: a\n", ":caption: c *d* {loss.end}\n", ":::\n", "::::\n",
    "\n", "\n\n", "- a {? b}\n", "> a\n", "1. a\n", "## H\n", "# C\n", "[w](https://a.org/)", "[w](#one)", "[w](draw:a)", "*e*", "**s**", "`c`",
    "{loss.start}", "{hot/loss.end:3}", "$x_1$", "a", "b ", " c", "Ä", "12", "\\{", "\\*", "  ", "\t", "---\n", "...\n", "title: A\n", ":::{run} xor\n", ":name: hot\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.booleans())
def test_pieces_are_read_or_refused(text: str, headed: bool) -> None:
    read_or_refuse(HEAD + text if headed else text)


@given(st.text(max_size=200), st.booleans())
def test_any_text_is_read_or_refused(text: str, headed: bool) -> None:
    read_or_refuse(HEAD + text if headed else text)


WORDS = [
    "a", "Äb", "*c*", "**d e**", "`f`", "[g h](https://a.org/)", "{loss.end}", "$x$", "\\*", "ij\nk", "l,", "(m)",
    "\\{n\\}", "o_p", "𝕏",
]  # fmt: skip
PARAGRAPHS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
HOLDERS = ["{}", "- {}\n- {}", "> {}", "1. {}", ":::{{note}} N\n{}\n:::", "## A\n\n{}", " {}"]


@given(st.lists(st.tuples(st.sampled_from(HOLDERS), PARAGRAPHS), min_size=1, max_size=4))
def test_what_is_right_is_read(parts: list[tuple[str, str]]) -> None:
    check(body("\n\n".join(holder.format(*[text] * holder.count("{}")) for holder, text in parts)))


def read_or_refuse(text: str) -> None:
    try:
        document = read(text)
    except LessonError as error:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
        assert error.found
        for problem in error.found:
            assert 1 <= problem.place.line <= len(lines)
            assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
            assert "\n" not in problem.text and "Fix: " in problem.text
    else:
        check(document)
