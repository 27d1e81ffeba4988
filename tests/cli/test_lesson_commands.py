"""``learnloop lesson``: new, list, build and open, and every mistake that can be made with them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cli.conftest import fits
from learnloop import load
from learnloop.cli import lesson_build
from learnloop.explore import onefile
from learnloop.explore.serve import Explorer
from learnloop.lesson.build import Built, build
from learnloop.lesson.document.reader import read_file
from learnloop.lesson.voice.model import VoiceError

DOCUMENT = """---
title: A small lesson
---

:::{run} xor
:hidden: 4
:epochs: 2
:::

# The Start

:::{say}
At first the loss is {loss.start}.
:::
"""
WRONG = DOCUMENT.replace("{loss.start}", "{loss.strat}, and then {no.fact}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with a document."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    (place / "lesson.md").write_text(DOCUMENT)
    return place


@pytest.fixture
def built(learnloop, folder: Path) -> Path:
    """The page of the document."""
    assert learnloop("lesson", "build", "lesson.md", "--voice", "none", "--json", "--quiet").code == 0
    return folder / "lesson.html"


def test_without_a_command_there_is_help(learnloop):
    result = learnloop("lesson")
    assert result.code == 0 and fits(result.out) and all(f"  {name} " in result.out for name in ("new", "list", "build", "watch", "open"))


@pytest.mark.parametrize("name", ["new", "list", "build", "watch", "open"])
def test_help_has_examples_that_can_be_parsed(learnloop, name):
    result = learnloop("lesson", name, "--help")
    assert result.code == 0 and fits(result.out.replace("    learnloop", "learnloop"))
    assert re.findall(rf"^    learnloop lesson {name}\b", result.out, re.MULTILINE)


def test_list(learnloop, answer):
    result = learnloop("lesson", "list")
    assert result.code == 0 and fits(result.out) and result.err == ""
    found = json.loads(learnloop("lesson", "list", "--json").out)
    assert found and all(line["name"] in result.out and line["minutes"] >= 1 and line["title"] for line in found)


def test_build_writes_a_page_and_what_there_is_beside_it(learnloop, folder):
    result = learnloop("lesson", "build", "lesson.md", "--voice", "none", "--vtt", "--md", "--json")
    assert result.code == 0 and fits(result.out) and "A small lesson" in result.out
    assert [line.split()[0] for line in result.err.splitlines()][:2] == ["reading", "training"] and result.err.count(" s\n") >= 4
    assert sorted(path.name for path in folder.iterdir()) == ["lesson.article.md", "lesson.html", "lesson.json", "lesson.md", "lesson.vtt"]
    assert (folder / "lesson.md").read_text() == DOCUMENT
    assert (folder / "lesson.html").read_bytes().startswith(b"<!doctype html>") and (folder / "lesson.vtt").read_text().startswith("WEBVTT")
    data = json.loads((folder / "lesson.json").read_text())
    assert data["version"] == 1 and [fact["name"] for fact in data["facts"]] == ["loss.start"]
    assert "# A small lesson" in (folder / "lesson.article.md").read_text()


def test_the_same_document_gives_the_same_bytes(learnloop, folder, built):
    before = {name: (folder / name).read_bytes() for name in ("lesson.html", "lesson.json")}
    assert learnloop("lesson", "build", "lesson.md", "-o", "lesson.html", "--voice", "none", "--json", "-q") == (0, "", "")
    assert before == {name: (folder / name).read_bytes() for name in before}


def test_other_names(learnloop, folder):
    assert learnloop("lesson", "build", "lesson.md", "--out", "page.htm", "--voice", "none", "--md", "-q").code == 0
    assert {"page.htm", "page.md"} <= {path.name for path in folder.iterdir()}


def test_a_page_with_a_public_address_has_a_card(learnloop, folder):
    (folder / "lesson.md").write_text(DOCUMENT.replace("title: A small lesson", "title: A small lesson\nbase-url: https://example.org/lessons"))
    assert learnloop("lesson", "build", "lesson.md", "--voice", "none", "-q").code == 0
    assert (folder / "lesson.png").read_bytes().startswith(b"\x89PNG") and b"https://example.org/lessons/lesson.png" in (folder / "lesson.html").read_bytes()


def test_problems_are_told_a_line_each(learnloop, folder):
    (folder / "wrong.md").write_text(WRONG)
    result = learnloop("lesson", "build", "wrong.md", "--voice", "none", "--quiet")
    lines = result.err.splitlines()
    assert result.code == 2 and result.out == "" and not (folder / "wrong.html").exists()
    assert lines[0].startswith("wrong.md:13:22: ") and "loss.start" in lines[0] and lines[1].startswith("wrong.md:13:45: ")
    assert lines[-1] == "error: these 2 problems must be mended first; nothing was written."


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        ("build nothing", 2, "unknown lesson 'nothing'."),
        ("build reading-digit", 2, "Did you mean 'reading-digits'"),
        ("build nothing.md", 5, "there is no file nothing.md. Fix: "),
        ("build a/b", 5, "there is no file a/b. Fix: "),
        ("build .", 5, ". is a folder"),
        ("build lesson.md -o .", 5, ". is a folder. Fix: give the name of a file in it, such as lesson.html."),
        ("build lesson.md -o missing/a.html", 5, "there is no folder missing. Fix: "),
        ("build lesson.md -o lesson.md", 5, "lesson.md is no name of a page. Fix: one that ends in .html"),
        ("build lesson.md --voice nobody", 2, "unknown voice 'nobody'"),
        ("build lesson.md --voice none --mp3", 2, "--mp3 writes what is spoken, and --voice none lets nobody speak. Fix: "),
        ("build lesson.md --voice none --voice-url http://a", 2, "--voice and --voice-url name two voices."),
        ("build binary.md --voice none", 2, "binary.md:1:1: byte 0xff is no UTF-8. Fix: "),
        ("new iris-9 -o a.md", 2, "unknown run 'iris-9'"),
        ("new iris-1", 5, "lesson.md is there already. Fix: another name with -o, or --force to replace it."),
        ("new iris-1 -o a.txt", 5, "a.txt is no name of a document. Fix: one that ends in .md, such as a.md."),
        ("new iris-1 -o missing/a.md", 5, "there is no folder missing. Fix: "),
        ("new iris-1 -o .", 5, ". is a folder. Fix: give the name of a file in it, such as lesson.md."),
        ("new ../far.run -o a.md", 5, "does not lie beside a.md. Fix: put both into one folder, or learnloop import"),
        ("watch nothing.md --no-open", 5, "there is no file nothing.md. Fix: "),
        ("watch . --no-open", 5, ". is a folder, and a lesson is one file. Fix: "),
        ("watch lesson.md --no-open --voice nobody", 2, "unknown voice 'nobody'"),
        ("watch lesson.md --no-open --port 99999", 2, "port is 99999"),
        ("open nothing.html", 5, "there is no file nothing.html. Fix: "),
        ("open other.html", 5, "other.html is no page of a lesson"),
        ("open other.json", 5, "other.json is no page of a lesson"),
        ("open nothing", 2, "unknown lesson 'nothing'."),
        ("bild", 2, "Did you mean build?"),
    ],
)
def test_mistakes(learnloop, folder, shared, words, code, text):
    shared.load("iris-1").save(folder.parent / "far.run")
    (folder / "other.html").write_text("<p>hello</p>")
    (folder / "other.json").write_text("[]")
    (folder / "binary.md").write_bytes(b"\xff\xfe\x00")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    result = learnloop("lesson", *words.split())
    assert result.code == code and text in result.err and result.out == "" and "Traceback" not in result.err, result
    assert before == {path: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_place_that_may_not_be_written(learnloop, folder):
    (folder / "closed").mkdir(mode=0o500)
    assert "cannot be written" in learnloop("lesson", "build", "lesson.md", "-o", "closed/a.html").err


def test_a_place_that_fails_while_writing(learnloop, folder, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(onefile, "replace", full)
    result = learnloop("lesson", "build", "lesson.md", "--voice", "none", "-q")
    assert result.code == 5 and "the page cannot be written to 'lesson.html': No space left on device. Fix: choose another place, or make room." in result.err


def test_a_voice_that_was_asked_for_and_fails(learnloop, folder, monkeypatch):
    def choose(wanted: str | None) -> None:
        raise VoiceError("espeak-ng is not installed. Fix: install it.")

    monkeypatch.setattr("learnloop.lesson.voice.choose.choose", choose)
    result = learnloop("lesson", "build", "lesson.md", "--voice", "espeak", "--mp3", "-q")
    assert result.code == 1 and "error: espeak-ng is not installed. Fix: install it. The lesson is whole, but silent" in result.err
    assert "There is no MP3." in result.err and (folder / "lesson.html").exists() and not (folder / "lesson.mp3").exists()
    assert learnloop("lesson", "build", "lesson.md", "--voice", "none", "-q") == (0, "", "")


@pytest.mark.parametrize(("words", "code", "label"), [((), 0, "silent: "), (("--mp3",), 1, "error: "), (("--voice", "espeak"), 1, "error: ")])
def test_a_voice_that_breaks_off(learnloop, folder, monkeypatch, words, code, label):
    def broken(path: Path, **how: object) -> Built:
        made = build(path, voice="none")
        return replace(made, lesson=replace(made.lesson, silence="espeak-ng broke off. Fix: try again."))

    monkeypatch.setattr(lesson_build, "build", broken)
    result = learnloop("lesson", "build", "lesson.md", "-q", *words)
    assert result.code == code and result.err.startswith(f"{label}espeak-ng broke off. Fix: try again. The lesson is whole, but silent")
    assert (folder / "lesson.html").exists()


@pytest.mark.parametrize("words", [["lesson", "--help"], ["lesson", "build", "--help"], ["--help"]])
def test_help_needs_nothing_that_is_heavy(words):
    code = (
        f"import sys; from learnloop.cli import main; main({words});"
        "print(sorted({'numpy', 'rich', 'markdown_it', 'yaml', 'soundfile', 'starlette', 'learnloop.lesson'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


@pytest.mark.parametrize("id", ["iris-1", "iris-3", "diabetes-1"])
def test_new_builds_as_it_is(learnloop, shared, folder, id):
    result = learnloop("lesson", "new", id, "-o", "mine.md")
    assert result.code == 0 and fits(result.out) and "learnloop lesson build mine.md" in result.out
    text = (folder / "mine.md").read_text()
    assert f":::{{run}} {id}\n:::" in text and ("diverged_at" in text) == (id == "iris-3") and ("accuracy.test" in text) == id.startswith("iris")
    result = learnloop("lesson", "build", "mine.md", "--voice", "none")
    assert result.code == 0, result.err
    assert (folder / "mine.html").stat().st_size < 1_500_000


def test_new_for_machines(answer, shared, folder):
    assert answer("lesson", "new", "iris-1", "-o", "a.md") == {"command": "lesson new", "run": "iris-1", "saved": str(folder / "a.md")}


def test_new_about_a_file_of_a_run(learnloop, shared, folder):
    (folder / "runs").mkdir()
    shared.load("iris-1").save(folder / "runs" / "a.run")
    assert learnloop("lesson", "new", "runs/a.run", "--force").code == 0
    assert read_file(folder / "lesson.md").runs[0].argument == "runs/a.run"
    assert learnloop("lesson", "build", "lesson.md", "--voice", "none", "-q").code == 0
    assert load(folder / "runs" / "a.run").digest in (folder / "lesson.html").read_text()


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What explorers were opened with; none of them stays."""
    seen: list[dict] = []
    monkeypatch.setattr(Explorer, "wait", lambda self, seconds=None: (seen.append(self.desk.session()["opening"]), self.close()))
    return seen


@pytest.mark.parametrize("given", ["lesson.html", "lesson.json", "lesson.md"])
def test_open_goes_on(learnloop, folder, built, openings, given):
    result = learnloop("lesson", "open", given, "--no-open")
    assert result.code == 0 and "http://127.0.0.1:" in result.out and "changed" not in result.err and fits(result.out.replace("page      http", "saved"))
    scenario = openings[0]["scenario"]
    assert scenario["data"]["name"] == "xor" and scenario["options"]["epochs"] == 2
    if given != "lesson.md":
        assert "1 number of the lesson: all are facts of its runs" in " ".join(result.out.split())


def test_open_for_machines(learnloop, folder, built, openings):
    found = json.loads(learnloop("lesson", "open", "lesson.html", "--no-open", "--json").out)
    assert found["command"] == "lesson open" and found["url"].startswith("http://127.0.0.1:")


def test_open_says_what_was_changed_by_hand(learnloop, folder, built, openings):
    text = built.read_text()
    (fact,) = json.loads((folder / "lesson.json").read_text())["facts"]
    built.write_text(text.replace(f'"value":{json.dumps(fact["value"])}', '"value":0.25'))
    result = learnloop("lesson", "open", "lesson.html", "--no-open")
    assert result.code == 1 and re.search(r"^changed: loss\.start was .*, and is ", result.err, re.MULTILINE) and len(openings) == 1


def test_open_a_lesson_that_comes_along(learnloop, folder, openings):
    assert learnloop("lesson", "open", "the-maths-of-one-update", "--no-open").code == 0
    assert openings[0]["scenario"]["data"]["name"] == "xor"


def test_open_a_document_with_problems(learnloop, folder, openings):
    (folder / "wrong.md").write_text(DOCUMENT.replace(":hidden: 4", ":hidden: many"))
    result = learnloop("lesson", "open", "wrong.md", "--no-open")
    assert result.code == 2 and result.err.startswith("wrong.md:6:") and not openings


def test_watch_ends_by_itself(learnloop, folder):
    result = learnloop("lesson", "watch", "lesson.md", "--no-open", "--voice", "none", "--end-after", "0")
    assert result.code == 0 and "page      http://127.0.0.1:" in result.out and "Ctrl-C" in result.out
    assert json.loads(learnloop("lesson", "watch", "lesson.md", "--no-open", "--end-after", "0", "--json").out)["command"] == "lesson watch"
