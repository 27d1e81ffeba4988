"""A document becomes values: front matter, chapters, blocks, spans."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from learnloop.errors import FileError
from learnloop.lesson.document import findings, inline, latex, links, source
from learnloop.lesson.document.commands import ENVIRONMENTS, KNOWN
from learnloop.lesson.document.directives import DIRECTIVES
from learnloop.lesson.document.front import KEYS
from learnloop.lesson.document.links import spans_of
from learnloop.lesson.document.reader import read, read_file
from learnloop.lesson.problems import LessonError, Place
from lesson.documents import HEAD, body, only, spans

DOCS = (Path(__file__).parents[2] / "docs/lessons.md").read_text(encoding="utf-8")
SHIPPED = sorted((Path(__file__).parents[2] / "src/learnloop/lesson/shipped").glob("*.md"))


def example() -> str:
    match = re.search(r"^````markdown\n(.*?)^````$", DOCS, re.MULTILINE | re.DOTALL)
    assert match
    return match[1]


def test_the_example_of_the_documentation() -> None:
    document = read(example(), "lesson.md")
    assert document.front.title == "How a small network bends a line"
    assert document.front.learn == ("What the loss says",)
    assert [(run.argument, run.options["hidden"].text) for run in document.runs] == [("spirals", "8, 8")]
    (chapter,) = document.chapters
    assert (chapter.id, [block.name for block in chapter.blocks]) == ("the-learning-loop", ["prose", "diagram", "say"])
    assert chapter.blocks[1].id == "loop"
    cues = [span.cue.target for span in chapter.blocks[2].prose[0].lines[0] if span.cue]
    assert cues == ["loop.data", "loop.answer"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_lessons_that_come_along(path: Path) -> None:
    assert read_file(path).chapters


def test_documentation_names_every_directive_and_option() -> None:
    for name, directive in DIRECTIVES.items():
        (row,) = re.findall(rf"^\| `{name}` \|(.*)$", DOCS, re.MULTILINE)
        argument = directive.argument
        for word in [*directive.options, *(argument.choices if argument else ())]:
            assert f"`{word}`" in row or word in ("id", "caption"), f"{name} does not tell of {word}"
        for option in directive.options.values():
            assert all(f"`{choice}`" in row for choice in option.choices if option.kind == "choice")
        told = set(re.findall(r"`([a-z][a-z-]*)`", row.split("|")[1]))
        assert told <= set(directive.options) | {c for o in directive.options.values() for c in o.choices}
    assert all(f"`{key}`" in DOCS for key in KEYS)


def test_front_matter_of_all_kinds() -> None:
    text = (
        "---\n# a comment\ntitle: 'Quoted: yes'\nsubtitle: \"two\"\ncategory: A\ndate: 2026-11-25\nlanguage: en-GB\n"
        "level: advanced\nauthor: Ä. Lehrer\nbase-url: https://example.org/x/\nlearn: [a, b]\n---\n# A\n\nText.\n"
    )
    front = read(text).front
    assert (front.title, front.subtitle, front.language, front.level) == ("Quoted: yes", "two", "en-GB", "advanced")
    assert (front.author, front.base_url, front.learn) == ("Ä. Lehrer", "https://example.org/x/", ("a", "b"))
    assert front.places["title"] == Place(3, 1)


def test_chapters_have_ids_of_their_own() -> None:
    text = "---\ntitle: A\n---\n# The Löss\n\na\n\n# The loss\n\nb\n\n# 学習\n\nc\n\n# *Marks* and {loss.end}\n\nd\n"
    assert [chapter.id for chapter in read(text).chapters] == ["the-loss", "the-loss-2", "chapter-3", "marks-and"]


def test_ids_of_blocks_are_unique() -> None:
    text = ":::{plot} loss\n:id: plot-1\n:::\n\n:::{plot} loss\n:::\n\n:::{plot} loss\n:::\n\ntext\n"
    assert [block.id for block in body(text).chapters[0].blocks] == ["plot-1", "plot-2", "plot-3", "prose-1"]


def test_prose_of_all_kinds() -> None:
    text = "## Part\n\nOne\ntwo.\n\n- a\n- b\n  c\n\n1. d\n\n2. e\n\n> f\n>\n> g\n\n### Small ###\n"
    pieces = only(text).prose
    said = [(p.kind, ["".join(s.text for s in line) for line in p.lines]) for p in pieces]
    assert said == [
        ("heading", ["Part"]), ("paragraph", ["One two."]), ("bullets", ["a", "b c"]), ("numbers", ["d", "e"]),
        ("quote", ["f", "g"]), ("heading", ["Small"]),
    ]  # fmt: skip
    assert [p.level for p in pieces if p.kind == "heading"] == [2, 3]


def test_marks() -> None:
    found = spans("a *b* __c__ ***d*** `e f` $z$ [g *h*](https://example.org/a_(b)?c=1&d) \\*i\\* \\{j\\} x_y_z")
    told = [(s.text, sorted(s.marks), s.link) for s in found]
    link = "https://example.org/a_(b)?c=1&d"
    assert told == [
        ("a ", [], None), ("b", ["em"], None), (" ", [], None), ("c", ["strong"], None), (" ", [], None),
        ("d", ["em", "strong"], None), (" ", [], None), ("e f", ["code"], None), (" ", [], None), ("z", ["math"], None),
        (" ", [], None), ("g ", [], link), ("h", ["em"], link), (" *i* {j} x_y_z", [], None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "run", "name", "form"),
    [
        ("loss.start", "", "loss.start", ""),
        ("hot/loss.end:3", "hot", "loss.end", "3"),
        ("accuracy.test:percent", "", "accuracy.test", "percent"),
        ("dense_1[7].activation@412#3", "", "dense_1[7].activation@412#3", ""),
        ("dense_1.weight[3,7].change@412", "", "dense_1.weight[3,7].change@412", ""),
        ("confusion[3,5]", "", "confusion[3,5]", ""),
        ("mistakes[0].answer", "", "mistakes[0].answer", ""),
        ("loss@last", "", "loss@last", ""),
        ("update@40", "", "update@40", ""),
    ],
)
def test_facts(written: str, run: str, name: str, form: str) -> None:
    more = ":::{run} xor\n:::\n\n:::{run} xor\n:name: hot\n:::\n\n"
    text, fact = body(f"{more}The {{{written}}}.").chapters[0].blocks[0].prose[0].lines[0][:2]
    assert (text.text, text.fact, fact.text) == ("The ", None, "")
    assert fact.fact is not None
    assert (fact.fact.run, fact.fact.name, fact.fact.format) == (run, name, form)


@pytest.mark.parametrize(
    ("target", "verb", "name", "value"),
    [
        ("draw:loop", "draw", "loop", ""), ("point:loop.the-loss", "point", "loop.the-loss", ""),
        ("set:update=412", "set", "update", "412"), ("set:update=0..1005", "set", "update", "0..1005"),
        ("set:update=last", "set", "update", "last"), ("set:update=3..last", "set", "update", "3..last"),
        ("set:learning-rate=0.03", "set", "learning-rate", "0.03"), ("set:neuron=dense_1:7", "set", "neuron", "dense_1:7"),
        ("set:neuron=none", "set", "neuron", "none"), ("set:row=12", "set", "row", "12"),
    ],
)  # fmt: skip
def test_cues(target: str, verb: str, name: str, value: str) -> None:
    document = body(f":::{{plot}} loss\n:id: loop\n:::\n\n:::{{say}}\nSee [*this* one]({target}).\n:::\n")
    said = document.chapters[0].blocks[1].prose[0].lines[0]
    assert [s.text for s in said] == ["See ", "this", " one", "."]
    assert [bool(s.cue) for s in said] == [False, True, True, False]
    cue = said[1].cue
    assert cue is not None and cue == said[2].cue
    assert (cue.verb, cue.target, cue.value) == (verb, name, value)


def test_choices() -> None:
    block = only(
        ":::{check}\nWhat did the *loss* do?\n\n- It fell. {? loss.end < loss.start}\n- It rose by {loss.end}. {? loss.end > loss.start }\n:::"
    )
    assert [p.kind for p in block.prose] == ["paragraph"]
    assert [c.condition.text for c in block.choices] == ["loss.end < loss.start", "loss.end > loss.start"]
    assert [c.spans[0].text for c in block.choices] == ["It fell.", "It rose by "]
    assert [c.condition.place for c in block.choices] == [Place(9, 15), Place(10, 29)]


def test_a_question_for_a_number() -> None:
    block = only(
        ":::{check}\n:answer: {loss.end:3}\n:tolerance: 0.1\nWhere did it end?\n\n- a list\n- is prose here\n:::"
    )
    assert block.answer is not None and (block.answer.name, block.answer.format) == ("loss.end", "3")
    assert [p.kind for p in block.prose] == ["paragraph", "bullets"]


def test_texts_of_blocks() -> None:
    block = only(":::{plot} loss\n:caption: From {loss.start} *down*\n:::")
    assert [s.text for s in block.texts["caption"]] == ["From ", "", " ", "down"]
    assert block.texts["caption"][1].fact is not None and block.texts["caption"][1].place == Place(7, 16)


def test_bodies_that_are_kept_as_they_are() -> None:
    text = "::::{code}\n:language: text\n\n  :::{note} 12\n\n  {loss} <b>\n:::\n::::"
    block = only(text)
    assert block.raw is not None
    assert (block.raw.text, block.raw.place) == ("  :::{note} 12\n\n  {loss} <b>\n:::", Place(9, 1))


def test_line_ends_and_a_mark_do_not_matter() -> None:
    text = HEAD + "One {loss.start}\ntwo.\n"
    one = read(text)
    for other in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), "\ufeff" + text):
        assert read(other) == one


def test_every_span_is_found() -> None:
    text = "a\n\n:::{plot} loss\n:caption: b\n:::\n\n:::{check}\nc\n\n- d {? x}\n- e {? y}\n:::\n"
    assert [s.text for s in spans_of(body(text))] == ["One", "a", "b", "c", "d", "e"]


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "a lesson.md"
    path.write_bytes((HEAD + "Grün {loss.start}.").encode())
    assert read_file(path).path == str(path)
    path.write_bytes(HEAD.encode() + b"Gr\xc3\xbcn and \xff")
    with pytest.raises(LessonError, match=r"a lesson\.md:6:10: byte 0xff is no UTF-8\. Fix: save") as caught:
        read_file(path)
    assert caught.value.found[0].place == Place(6, 10)


def test_what_is_no_file(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "large.md").write_bytes(b"x" * (1 << 20))
    for name, why in [
        ("", "is a folder"),
        ("none.md", "No such file"),
        ("pipe.md", "no plain file"),
        ("large.md", "more than"),
        ("a\0b", "null"),
    ]:
        with pytest.raises(FileError, match=why):
            read_file(tmp_path / name)


def test_what_lessons_need_is_imported_with_lessons_only() -> None:
    code = "import sys, learnloop; print([m for m in ('yaml', 'markdown_it', 'latex2mathml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_documentation_names_every_command_of_formulas_and_every_bound() -> None:
    section = DOCS.partition("### Formulas\n")[2].partition("\n### ")[0]
    told = set(re.findall(r"\\([A-Za-z]+)", section))
    assert told == set(KNOWN)
    assert all(f"`{name}`" in section for name in ENVIRONMENTS)
    bounds = DOCS.partition("### Bounds\n")[2].partition("\n### ")[0].replace("20 000", "20000")
    assert f"{source.MOST_BYTES >> 10} KiB" in bounds and f"{source.MOST_LINES} lines" in bounds
    assert f"{links.MOST_BLOCKS // 1000} 000 blocks" in bounds and f"{links.MOST_FACTS // 1000} 000 facts" in bounds
    assert f"a paragraph {inline.MOST} characters" in bounds and f"a formula {latex.MOST // 1000} 000" in bounds
    assert f"after {findings.ENOUGH} it" in bounds


def test_every_example_of_the_documentation_is_read() -> None:
    examples = re.findall(r"^````markdown\n(.*?)^````$", DOCS, re.MULTILINE | re.DOTALL)
    assert len(examples) > 1
    for text in examples:
        assert read(text if text.startswith("---") else HEAD + text).chapters
