"""What a document cannot be: each mistake has one message, at its place, that says what to write instead."""

from __future__ import annotations

import pytest

from learnloop.lesson.document.numbers import HOLE, typed_numbers
from lesson.documents import HEAD, body, wrong, wrong_body

BODIES = {
    "raw HTML": ("a <b>c</b>", [(1, 3, "holds no HTML"), (1, 7, "holds no HTML")]),
    "HTML on lines of its own": ("<script>\nalert()\n</script>", [(1, 1, "holds no HTML"), (3, 1, "holds no HTML")]),
    "a comment": ("a <!-- b --> c", [(1, 3, "holds no HTML")]),
    "an address in angle brackets": ("<https://example.org>", [(1, 1, "Fix: [words](https://...)")]),
    "an image": ("a ![b](c.png)", [(1, 3, "Fix: :::{illustration}")]),
    "a table": ("| a | b |\n|---|---|\n| c | d |", [(2, 1, "a table. Fix: a list")]),
    "a reference": ("a [b][c]", [(1, 3, "without a list of addresses")]),
    "a definition": ("[b]: https://example.org", [(1, 1, "without a list of addresses")]),
    "a foot note": ("a [^b]", [(1, 3, "or notes")]),
    "a rule": ("a\n\n***", [(3, 1, "# begins a chapter")]),
    "a line below a heading": ("a\n\nb\n---", [(3, 1, "Fix: ## before it")]),
    "two lines below a heading": ("a\n\nb\n===", [(3, 1, "Fix: # before it")]),
    "a heading of level four": ("#### a", [(1, 1, "#, ## or ###")]),
    "a heading without words": ("##", [(1, 1, "a heading without words")]),
    "indented code": ("a\n\n    b", [(3, 5, "Fix: :::{code}")]),
    "fenced code": ("```\na 12\n```", [(1, 1, "Fix: :::{code}")]),
    "a hard break": ("a  \nb", [(1, 2, "delete them")]),
    "a hard break by backslash": ("a\\\nb", [(1, 2, "delete it")]),
    "a list in a list": ("- a\n  - b", [(2, 3, "a list is within")]),
    "a quotation in a list": ("- a\n  > b", [(2, 3, "a quotation is within")]),
    "a quotation in a quotation": ("> a\n> > b", [(2, 1, "a quotation is within")]),
    "two paragraphs in a line of a list": ("- a\n\n  b", [(3, 3, "a second paragraph")]),
    "a heading in a list": ("- # a", [(1, 1, "a heading is within")]),
    "an empty line of a list": ("- a\n-\n- b", [(1, 1, "a line without words")]),
    "a list from three on": ("3. a\n4. b", [(1, 1, "does not begin with one")]),
    "an entity": ("a &amp; b &#49;", [(1, 3, "the character itself"), (1, 11, "the character itself")]),
    "a brace": ("a { b", [(1, 3, "a brace that is not closed")]),
    "a dollar sign": ("a $ b", [(1, 3, "without a second one")]),
    "two dollar signs": ("$$ x $$", [(1, 1, ":::{equation}"), (1, 6, ":::{equation}")]),
    "no fact": ("a {b c} {} {a..b} {1} {a/b/c} {a:B}", [(1, c, "no name of a fact") for c in (3, 9, 12, 19, 23, 31)]),
    "a condition in prose": ("a {? b}", [(1, 3, "only a choice")]),
    "a cue in prose": ("a [b](draw:c)", [(1, 3, "words that are spoken")]),
    "a link to a script": ("[a](javascript:alert)", [(1, 5, "leads nowhere")]),
    "a link to a script in capitals": ("[a](JaVaScRiPt:alert)", [(1, 5, "leads nowhere")]),
    "a link to a script as entities": ("[a](&#106;avascript:alert)", [(1, 5, "leads nowhere")]),
    "a link to data": ("[a](data:text/html,x)", [(1, 5, "leads nowhere")]),
    "a link to a file": ("[a](/etc/passwd) [b](../x) [c](file:///x)", [(1, c, "leads nowhere") for c in (5, 22, 32)]),
    "a link without a host": ("[a](https:///x) [b](https://u@h/) [c](https://h:x/)", [(1, c, "no address of a page") for c in (5, 21, 39)]),
    "a link with a title": ('[a](https://example.org "b")', [(1, 4, "without spaces and titles")]),
    "a link with other signs": ('[a](https://example.org/"x) [b](https://ex\u00e4mple.org)', [(1, 5, "printable ASCII"), (1, 33, "printable ASCII")]),
    "a link without words": ("a [](https://example.org)", [(1, 3, "without words")]),
    "a link in a link": ("[a [b](https://b.org)](https://c.org)", [(1, 4, "within a link")]),
    "a wrong address for mail": ("[a](mailto:x)", [(1, 5, "no e-mail address")]),
    "no such chapter": ("[a](#Ones)", [(1, 2, "Fix: write #one")]),
    "a close alone": ("a\n\n:::", [(3, 1, "none is open")]),
    "a directive that is not closed": (":::{say}\na", [(1, 1, "is not closed. Fix: a line ::: behind it")]),
    "a directive before the end of another": (":::{say}\na\n:::{say}\nb\n:::", [(1, 1, "in line 8. Fix: a line ::: before it")]),
    "a directive in another": ("::::{note} a\n:::{plot} loss\n:::\n::::", [(2, 1, "within something else"), (3, 1, "within something else")]),
    "a directive in a list": ("- a\n    :::{say}", [(2, 5, "behind four spaces")]),
    "no name": (":::note\na\n:::", [(1, 4, "Fix: a name in braces")]),
    "no such directive": (":::{dialog}\na\n:::", [(1, 5, "no directive 'dialog'. Fix: write 'diagram'")]),
    "no such kind": (":::{plot} los\n:::", [(1, 11, "Fix: write 'loss'")]),
    "no kind": (":::{plot}\n:::", [(1, 1, "plot needs to be told what. Fix: one of 'loss'")]),
    "too much behind a name": (":::{say} a\nb\n:::", [(1, 10, "takes nothing behind its name")]),
    "no such option": (":::{plot} loss\n:neuran: a:1\n:::", [(2, 2, "no option 'neuran'. Fix: write 'neuron'")]),
    "an option twice": (":::{plot} loss\n:id: a\n:id: b\n:::", [(3, 2, "given twice")]),
    "an empty option": (":::{plot} loss\n:id:\n:::", [(2, 5, "id is empty")]),
    "no option": (":::{plot} loss\n:id x\n:::", [(2, 1, "is no option")]),
    "an option that is missing": (":::{equation}\nx\n:::", [(1, 1, "equation needs spoken")]),
    "no number": (":::{say}\n:pause: long\na\n:::", [(2, 9, "expected a number")]),
    "no whole number": (":::{run} xor\n:rows: 1.5\n:hidden: 8; 8\n:::", [(2, 8, "a whole number"), (3, 10, "whole numbers")]),
    "no choice": (":::{note} a\n:kind: ideas\nb\n:::", [(2, 8, "Fix: write 'idea'")]),
    "no neuron": (":::{plot} weights\n:neuron: dense_1\n:::", [(2, 10, "a layer and a neuron of it")]),
    "no such run": (":::{plot} loss\n:run: hot\n:::\n\n{hot/loss.end}", [(2, 7, "no run is named 'hot'"), (5, 1, "no run is named")]),
    "no id": (":::{plot} loss\n:id: a_b\n:::", [(2, 6, "is no id")]),
    "an id of the page": (":::{plot} loss\n:id: ll-a\n:::\n:::{plot} loss\n:id: beat-1\n:::", [(2, 6, "the page's own"), (5, 6, "the page's own")]),
    "an id twice": (":::{plot} loss\n:id: a\n:::\n:::{plot} loss\n:id: a\n:::", [(4, 1, "that of the plot in line 6")]),
    "the id of a chapter": (":::{plot} loss\n:id: one\n:::", [(1, 1, "that of a chapter")]),
    "text that is not wanted": (":::{plot} loss\n\nabc\n:::", [(3, 1, "plot holds no text")]),
    "no text": (":::{say}\n:::", [(1, 1, "say is empty")]),
    "boxes without lines": (":::{diagram} boxes\n:::", [(1, 1, "boxes are drawn from lines")]),
    "lines without boxes": (":::{diagram} neuron\n\na\n:::", [(3, 1, "drawn from the run")]),
    "numbers in boxes": (":::{diagram} boxes\n\na -> b\nb: 12 units\n:::", [(4, 4, "'12' is typed")]),
    "an image nobody describes": (":::{illustration} a.png\n:::", [(1, 1, "needs alt")]),
    "numbers and facts in alt": (":::{illustration} a.png\n:alt: 3 cats {a}\n:::", [(2, 7, "'3' is typed"), (2, 14, "a brace would be seen")]),
    "numbers in the title of a note": (":::{note} Top 10\na\n:::", [(1, 15, "'10' is typed")]),
    "code of both": (":::{code} python\n\na\n:::", [(3, 1, "made of the run")]),
    "code of nothing": (":::{code}\n:::", [(1, 1, "code without text")]),
    "options of other code": (":::{code} c\n:language: c\n:::\n:::{code}\n:part: a\n\nb\n:::", [(2, 12, "its own language"), (5, 8, "made of the run")]),
    "a check without choices": (":::{check}\na\n:::", [(1, 1, "two choices or more")]),
    "a check of nothing but code": (":::{check}\n    a\n:::", [(1, 1, "a question and, below it"), (2, 5, "Fix: :::{code}")]),
    "a check without a question": (":::{check}\n- a {? b}\n- c {? d}\n:::", [(1, 1, "a question and, below it")]),
    "choices without conditions": (":::{check}\na\n\n- b\n- c {? d} e\n- {?}\n:::", [(4, 3, "ends in one condition"), (5, 5, "ends in one condition"), (6, 3, "without a fact")]),
    "a tolerance of nothing": (":::{check}\n:tolerance: 1\na\n\n- b {? c}\n- d {? e}\n:::", [(2, 13, "an answer that is a number")]),
    "an answer that is no fact": (":::{check}\n:answer: 12\na\n:::", [(2, 10, "no name of a fact")]),
    "a heading in a note": (":::{note} a\n## b\n:::", [(2, 1, "a heading within note")]),
    "a chapter in a note": (":::{note} a\n# b\n:::", [(2, 1, "a heading within note")]),
    "a chapter with nothing": ("a\n\n# Two\n", [(3, 1, "nothing in it")]),
    "a link in a title": ("a\n\n# [b](https://example.org)\n\nc", [(3, 3, "leads nowhere")]),
    "a second run without a name": (":::{run} xor\n:::\n:::{run} xor\n:::\n\na", [(3, 1, "needs a name")]),
    "a name twice": (":::{run} xor\n:name: a\n:::\n:::{run} xor\n:name: a\n:::\n\na", [(5, 8, "another run is named 'a'")]),
    "a formula that does not exist": ("$\\foo$", [(1, 2, "\\foo is no command")]),
}  # fmt: skip

SAID = {
    "a formula": ("the $L$ falls", [5, 7]), "a backslash": ("a \\b", [3]), "a power": ("x^2", [2]), "code": ("a `b` c", [3, 5]),
    "an escape": ("a \\{b", [3]), "an index": ("w_{i}", [2]),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_bodies(name: str) -> None:
    text, expected = BODIES[name]
    found = wrong_body(text)
    assert [(line, column) for line, column, _ in found] == [(line, column) for line, column, _ in expected], found
    for (_, _, why), (_, _, words) in zip(found, expected, strict=True):
        assert words in why and "Fix: " in why and "\n" not in why


@pytest.mark.parametrize("name", SAID)
def test_narrations(name: str) -> None:
    text, columns = SAID[name]
    found = wrong_body(f":::{{say}}\n{text}\n:::")
    unsaid = [(line, column) for line, column, why in found if "cannot be read aloud" in why]
    assert unsaid == [(2, column) for column in columns]
    spoken = wrong_body(f":::{{equation}}\n:spoken: {text}\n\nx\n:::")
    assert [(line, column) for line, column, why in spoken if "read aloud" in why] == [(2, c + 9) for c in columns]


@pytest.mark.parametrize("text", ["- a\n- b", "> a", "## a"])
def test_narrations_are_sentences(text: str) -> None:
    assert len(wrong_body(f":::{{say}}\n{text}\n:::")) == 1


@pytest.mark.parametrize(
    ("cue", "words"),
    [
        ("draw:nothing", "no block that is drawn has the id 'nothing'"), ("draw:", "names no block"), ("draw:a.b.c", "names no block"),
        ("draw:train", "no block that is drawn"), ("draw:said", "no block that is drawn"), ("point:plots.x", "Fix: write 'plot'"),
        ("set:speed=1", "cannot be set. Fix: one of 'update'"), ("set:update=x", "no value of update"), ("set:update=5..", "no value"),
        ("set:learning-rate=-1", "no value"), ("set:neuron=7", "no value"), ("set:row=1.5", "no value"), ("set:update", "no value"),
        ("Draw:plot", "leads nowhere"), ("say:plot", "leads nowhere"),
    ],
)  # fmt: skip
def test_cues(cue: str, words: str) -> None:
    rest = ":::{run} xor\n:id: train\n:::\n:::{plot} loss\n:id: plot\n:::\n"
    ((line, column, why),) = wrong_body(f"{rest}:::{{say}}\n:id: said\n[a]({cue})\n:::")
    assert (line, column in (1, 5)) == (9, True) and words in why


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It has 12 units", ["12"]), ("1,005 of 98.3 %", ["1,005", "98.3"]), ("dense_1 x1 h264 _1 x_1_2 W1b", []),
        ("2D, 3x, 10k, GPT-4", ["2", "3", "10", "4"]), ("10² ２０ ½ Ⅻ ① ٣ 𝟙", ["10²", "２０", "½", "Ⅻ", "①", "٣", "𝟙"]), ("約20", ["20"]),
        ("x² and W₁", []), ("12:30 and 3/4", ["12:30", "3/4"]), ("v1.5", ["5"]), ("v1.1 2..3", ["1", "2", "3"]),
        ("eleven Twelve thirteenth twenties", ["eleven", "Twelve", "thirteenth", "twenties"]),
        ("a hundred, thousands, a dozen, millions", ["hundred", "thousands", "dozen", "millions"]),
        ("one ten second weighty often", []), (f"{HOLE} percent {HOLE} per cent", []), ("ninety percent", ["ninety", "percent"]),
        (f"{HOLE} and percent", ["percent"]), ("dense_eleven", []), ("eleven_1", []), ("#1", ["1"]), ("-3.5e-7", ["3.5", "7"]),
    ],
)  # fmt: skip
def test_numbers(text: str, numbers: list[str]) -> None:
    found = [n.text.rstrip("Dxk") for n in sorted(typed_numbers(text), key=lambda n: n.at)]
    assert found == numbers
    assert all(text[n.at :].startswith(n.text) for n in typed_numbers(text))


def test_number_words_are_those_of_the_language() -> None:
    assert not list(typed_numbers("elf million dozen", "de"))
    assert [n.text for n in typed_numbers("12 eleven", "fr-CA")] == ["12"]
    assert wrong(HEAD + "eleven") and not wrong(HEAD.replace("---\n#", "language: de\n---\n#") + "eleven")


def test_numbers_go_across_marks() -> None:
    assert [column for _, column, _ in wrong_body("1**2**3 a*b*4 {loss.end} *percent* `9`")] == [1, 37]
    assert not wrong_body("$x_{12}$ {loss.end:3}% {loss.end} percent")
    body("`dense_1`, {loss.start} and [one](https://example.org/2026/11)")


def test_documents_without_a_beginning() -> None:
    assert [(line, column) for line, column, _ in wrong("")] == [(1, 1), (1, 1)]
    assert any("no front matter" in why for _, _, why in wrong("# One\n\ntext"))
    assert any("no chapter" in why for _, _, why in wrong("---\ntitle: A\n---\n"))
    ((line, column, why),) = wrong("---\ntitle: A\n---\n\n a\n\n:::{run} xor\n:::\n\n# One\n\nb")
    assert (line, column) == (5, 2) and "before the first chapter" in why
