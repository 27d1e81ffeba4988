"""Front matter is YAML of one kind, and nothing in it can grow or call."""

from __future__ import annotations

import pytest

from lesson.documents import wrong

FRONTS = {
    "nothing": ("", [(1, 1, "no title")]),
    "a comment": ("# nothing", [(1, 1, "no title")]),
    "an empty title": ("title:", [(2, 1, "no title")]),
    "no such key": ("title: A\nauthors: b", [(3, 1, "Fix: write 'author'")]),
    "a key twice": ("title: A\ntitle: B", [(3, 1, "given twice")]),
    "a text that is a list": ("title: [a, b]", [(2, 1, "title is a list")]),
    "a list that is a text": ("title: A\nlearn: b", [(3, 1, "learn is a list")]),
    "a list of lists": ("title: A\nlearn:\n  - [a]", [(4, 5, "no text")]),
    "a text with keys": ("title: A\nauthor:\n  name: b", [(4, 3, "names of its own")]),
    "a list": ("- a", [(2, 1, "names and texts are expected")]),
    "a text": ("a", [(2, 1, "names and texts are expected")]),
    "a colon": ("title: A: b", [(2, 9, "Fix: quotes")]),
    "an open bracket": ("title: [a", [(2, 10, "no YAML")]),
    "a tab": ("title: A\n\tlearn: b", [(3, 1, "no YAML")]),
    "an anchor": ("title: &a A", [(2, 8, "Fix: quotes")]),
    "an alias": ("title: *a", [(2, 8, "Fix: quotes")]),
    "a tag": ("title: !!python/object:os.system A", [(2, 8, "Fix: quotes")]),
    "another document": ("title: A\n...\ntitle: B", [(4, 1, "no YAML")]),
    "a key that is a list": ("? [a]\n: b", [(2, 3, "a name is expected")]),
    "an empty text": ("title: A\nauthor:", [(3, 1, "author is empty")]),
    "a day that is none": ("title: A\ndate: 2026-02-30", [(3, 7, "no date")]),
    "a date of another kind": ("title: A\ndate: 25.11.2026", [(3, 7, "no date")]),
    "a language that is none": ("title: A\nlanguage: en_GB", [(3, 11, "no language")]),
    "a level that is none": ("title: A\nlevel: begginer", [(3, 8, "Fix: write 'beginner'")]),
    "an address without s": ("title: A\nbase-url: http://example.org", [(3, 11, "no https address")]),
    "an address with a question": ("title: A\nbase-url: https://example.org/?a", [(3, 11, "more than host and path")]),
    "an address without a host": ("title: A\nbase-url: https://", [(3, 11, "no https address")]),
    "numbers": ("title: 'Ä 3'\nlearn:\n - Eleven ways", [(2, 11, "'3' is typed"), (4, 4, "'Eleven' is typed")]),
    "two lines": ("title: |\n  a\n  b", [(2, 1, "on 2 lines")]),
    "a long text": ("title: " + "a" * 301, [(2, 1, "at most 300")]),
    "too much to learn": ("title: A\nlearn:\n" + " - a\n" * 21, [(3, 1, "at most 20")]),
    "too many lines": ("title: A\n" + "#\n" * 300, [(1, 1, "more than 200 lines")]),
}


@pytest.mark.parametrize("name", FRONTS)
def test_fronts(name: str) -> None:
    text, expected = FRONTS[name]
    found = wrong(f"---\n{text}\n---\n# One\n\na\n")
    assert [(line, column) for line, column, _ in found] == [(line, column) for line, column, _ in expected], found
    assert all(words in why and "Fix: " in why for (_, _, why), (_, _, words) in zip(found, expected, strict=True))


def test_a_front_that_is_not_closed() -> None:
    ((line, column, why),) = wrong("---\ntitle: A\n\n# One\n\na\n")
    assert (line, column) == (1, 1) and "not closed. Fix: a line ---" in why


def test_dates_and_words_stay_text() -> None:
    from learnloop.lesson.document.reader import read

    front = read(
        "---\ntitle: yes\nauthor: null\ncategory: 0x\nlearn: [on, ~]\n---\n# One\n\na\n".replace("0x", "off")
    ).front
    assert (front.title, front.author, front.category, front.learn) == ("yes", "null", "off", ("on", "~"))
