"""Problems, facts and cues are at the line and the column where they were written."""

from __future__ import annotations

import pytest

from learnloop.lesson.document.links import spans_of
from lesson.documents import FIRST, HEAD, body, wrong, wrong_body

HOLDERS = {
    "paragraph": "{}",
    "second line": "Äh, first\n{}",
    "line of a list": "- one\n- zwölf? no: {}",
    "second line of a list": "- one\n  two\n  {}",
    "lazy line of a list": "- one\n{}",
    "numbers": "1. a\n2. {}",
    "quotation": "> a\n>\n> b\n>{}",
    "lazy line of a quotation": "> a\n{}",
    "heading": "## Naïve {} ##",
    "note": ":::{{note}} Title\n:kind: idea\n\na\n\tb\n- c {}\n:::",
    "say": ":::{{say}}\na\n\nb 𝕏 {}\n:::",
    "caption": ":::{{plot}} loss\n:caption:\t x {}\n:::",
    "check": ":::{{check}}\nq\n\n- a {{? x}}\n- b {} {{? y}}\n:::",
    "behind a tab": "a\n\t{}",
    "behind marks": "**a *b* `c` \\{{ [d](https://example.org/{{) ** {}",
    "behind a formula": "$x_1 + \\frac{{a}}{{b}}$ {}",
    "indented list": "  -   a\n\n  -\t{}",
}


def place_of(text: str, what: str) -> tuple[int, int]:
    """Where a text stands, counted by itself."""
    at = text.index(what)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


@pytest.mark.parametrize("holder", HOLDERS)
def test_facts(holder: str) -> None:
    text = HEAD + HOLDERS[holder].format("{loss.start@77}")
    if holder == "behind marks":
        text = text.replace("{) **", ") **")
    facts = [s.fact for s in spans_of(body(text.removeprefix(HEAD))) if s.fact]
    assert [(f.place.line, f.place.column) for f in facts] == [place_of(text, "{loss.start@77}")]


@pytest.mark.parametrize("holder", HOLDERS)
def test_problems(holder: str) -> None:
    text = HEAD + HOLDERS[holder].format("x 9876 y").replace("{) **", ") **")
    assert [(line, column) for line, column, why in wrong(text) if "'9876' is typed" in why] == [place_of(text, "9876")]
    assert len(wrong(text)) == 1


def test_cues_and_links() -> None:
    text = ":::{plot} loss\n:id: p\n:::\n\n:::{say}\nÄÖ first,\nsee [it\nall](draw:p) or [that](https://example.org/) now\n:::\n"
    found = [s for s in spans_of(body(text)) if s.cue or s.link]
    assert [(s.text, s.place.line - FIRST + 1, s.place.column) for s in found] == [("it all", 7, 6), ("that", 8, 18)]
    assert found[0].cue is not None
    assert (found[0].cue.place.line - FIRST + 1, found[0].cue.place.column) == (7, 5)


def test_formulas() -> None:
    text = "a\n\n- b $x$\n  and $\\foo + \\ba$\n\n:::{equation}\n:spoken: z\n\nz = x\n  + \\wrong\n:::\n"
    assert [(line, column) for line, column, _ in wrong_body(text)] == [(4, 8), (4, 15), (10, 5)]


def test_all_at_once_and_in_order() -> None:
    text = "---\ntitel: x\n---\n\n:::{rum} xor\n:::\n\n# One\n\nsee 12 and {a b}\n\n:::{plot} los\n:idd: x\n:::\n"
    found = wrong(text)
    assert [(line, column) for line, column, _ in found] == [
        (1, 1),
        (2, 1),
        (5, 5),
        (10, 5),
        (10, 12),
        (12, 11),
        (13, 2),
    ]


def test_a_message_has_file_line_and_column() -> None:
    from learnloop.errors import DescriptionError
    from learnloop.lesson.document.reader import read

    with pytest.raises(DescriptionError, match=r"^my lesson\.md:6:3: '7' is typed"):
        read(HEAD + "a 7", "my lesson.md")
