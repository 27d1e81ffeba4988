"""``Run.lesson``: a page from Python."""

from __future__ import annotations

from pathlib import Path

import pytest

import learnloop as ll
from learnloop.errors import FileError
from learnloop.lesson.pagefile import read_kept
from learnloop.lesson.problems import LessonError

DOCUMENT = """---
title: My own
---

:::{run} digits
:::

# One

:::{say}
At first the loss is {loss.start}.
:::
"""


@pytest.fixture(scope="module")
def run() -> ll.Run:
    X, y = ll.datasets.load("moons", rows=60).standardised()
    return ll.train(ll.mlp(2, 4, 1, activation="tanh"), X, y, epochs=3, batch_size=8, validation=0.2, progress=False)


def test_a_first_document(run: ll.Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = run.lesson(tmp_path / "a.html", voice="none")
    assert path == tmp_path / "a.html" and capsys.readouterr() == ("", "")
    kept = read_kept(path)
    assert kept.events.runs[0].digest == run.digest and kept.events.title == "How a Network Learned" and "accuracy.test" in kept.events.text
    assert run.lesson(str(tmp_path / "a.html"), voice="none").read_bytes() == path.read_bytes()


def test_a_document_of_ones_own(run: ll.Run, tmp_path: Path) -> None:
    """Its first run is the one that it is asked of."""
    (tmp_path / "own.md").write_text(DOCUMENT)
    for given in (DOCUMENT, tmp_path / "own.md", str(tmp_path / "own.md")):
        kept = read_kept(run.lesson(tmp_path / "b.html", document=given, voice="none"))
        assert kept.events.title == "My own" and [known.digest for known in kept.events.runs] == [run.digest]


def test_what_cannot_be(run: ll.Run, tmp_path: Path) -> None:
    with pytest.raises(LessonError, match=r"lesson\.md:11:22: unknown fact"):
        run.lesson(tmp_path / "c.html", document=DOCUMENT.replace("loss.start", "loss.strat"), voice="none")
    with pytest.raises(FileError, match=r"nothing\.md"):
        run.lesson(tmp_path / "c.html", document=tmp_path / "nothing.md", voice="none")
    with pytest.raises(FileError, match="cannot be written"):
        run.lesson(tmp_path / "missing" / "c.html", voice="none")
    assert not (tmp_path / "c.html").exists()
