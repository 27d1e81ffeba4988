"""Going on where a lesson ended: pages and event lists are read as if anybody had written them."""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import learnloop as ll
from learnloop.errors import DescriptionError, FileError, LearnloopError
from learnloop.explore.desk import Desk
from learnloop.explore.handover import data_pack
from learnloop.explore.holding import Holding
from learnloop.explore.onefile import page_of_run, page_session
from learnloop.explore.opening import of_run
from learnloop.explore.scenario import read
from learnloop.lesson import pagefile
from learnloop.lesson.model import LessonRun
from learnloop.lesson.outputs import event_list
from learnloop.lesson.page.write import write_page
from learnloop.lesson.pagefile import read_kept
from learnloop.lesson.reopen import of_file, of_runs, open_at
from learnloop.train.progress import Silent
from lesson.handmade import facts, lesson, lesson_run, scenario, trained


@cache
def own_rows() -> LessonRun:
    """A run whose rows only the page has."""
    X, y = ll.datasets.load("moons", rows=40).standardised()
    run, held = ll.train(ll.mlp(2, 3, 1), X, y, epochs=2, batch_size=8, validation=0.25, progress=False), Holding()
    scenario = of_run(run, held)
    return LessonRun("", run, {**scenario.to_dict(), "data": {"kind": "kept", "id": "run-1"}}, data_pack(held.table(scenario.data["id"]), scenario.data))


def page_of(**changes: Any) -> bytes:
    made = lesson(**changes)
    first = made.runs[""]
    if first.scenario is None:
        return write_page(made, {}, {})
    return write_page(made, {"kit": b"kit", "kit-emulated": b"kit", "data": first.rows, "source": b"c"}, page_session(first.run, first.scenario))


def written(folder: Path, content: bytes | str, name: str = "lesson.html") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(ll.Store(tmp_path / "runs.sqlite"))


def test_the_page_of_a_data_set_that_comes_along(tmp_path: Path, desk: Desk) -> None:
    found = of_file(written(tmp_path, page_of()))
    assert found.differences == () and found.scenario is not None and found.table is None
    open_at(desk, found)
    assert desk.session()["opening"]["scenario"] == lesson_run().scenario


def test_the_page_of_rows_of_ones_own(tmp_path: Path, desk: Desk) -> None:
    found = of_file(written(tmp_path, page_of(runs={"": own_rows()}, facts=())))
    assert found.differences == () and found.table is not None
    open_at(desk, found)
    opening = desk.session()["opening"]["scenario"]
    assert opening["data"]["kind"] == "kept" and opening["data"]["id"] != "run-1"
    assert desk.held.table(opening["data"]["id"]).data.feature_names == ("x0", "x1")


def test_an_event_list(tmp_path: Path, desk: Desk) -> None:
    found = of_file(written(tmp_path, json.dumps(event_list(lesson())), "lesson.json"))
    open_at(desk, found)
    assert found.differences == () and desk.session()["opening"]["scenario"] == lesson_run().scenario
    with pytest.raises(DescriptionError, match=r"does not hold the rows of its run\. Fix: open the page"):
        of_file(written(tmp_path, json.dumps(event_list(lesson(runs={"": own_rows()}))), "own.json"))


def test_the_runs_of_a_document(desk: Desk) -> None:
    open_at(desk, of_runs({"": own_rows()}))
    assert desk.session()["opening"]["scenario"]["data"]["kind"] == "kept"
    branch = own_rows().run.branch(3, learning_rate=0.5)
    open_at(desk, of_runs({"": LessonRun("", branch, None, b"", "it is a branch.")}))
    assert desk.session()["opening"]["run"].startswith("@")


def test_weights_that_were_changed_by_hand(tmp_path: Path) -> None:
    digest = lesson_run().run.digest.encode()
    page = page_of()
    assert page.count(digest) >= 2
    found = of_file(written(tmp_path, page.replace(digest, b"0" * 64)))
    assert len(found.differences) == 1 and "the lesson says '000000000000'" in found.differences[0]
    at = page.rindex(digest)
    found = of_file(written(tmp_path, page[:at] + b"0" * 64 + page[at + 64 :]))
    assert found.differences == ("the page promises other weights than its lesson says.",)


def test_numbers_that_were_changed_by_hand(tmp_path: Path) -> None:
    data = event_list(lesson(facts=facts("loss.start", "loss.end", "run.updates")))
    assert of_file(written(tmp_path, json.dumps(data), "lesson.json")).checked == 3
    data["facts"][1] |= {"value": 1e-9, "text": "0.000000001"}
    found = of_file(written(tmp_path, json.dumps(data), "lesson.json"))
    assert len(found.differences) == 1 and found.differences[0].startswith("loss.end was 0.000000001, and is ")
    data["facts"] = [{"id": "f", "run": "nobody", "name": "loss.end", "text": "1"}, {"id": "f", "run": "", "name": "no.fact", "text": "1", "format": ""}]
    found = of_file(written(tmp_path, json.dumps(data), "lesson.json"))
    assert len(found.differences) == 2 and "unknown fact 'no.fact'" in found.differences[1]
    assert found.differences[0] == "loss.end is called a fact of the run 'nobody', which the lesson does not have."


def test_a_run_that_diverged_is_no_difference(tmp_path: Path) -> None:
    wild = scenario()
    wild = replace(wild, structure=replace(wild.structure, network=ll.mlp(2, 4, 1, activation="relu"), optimizer=ll.SGD(1e30)))
    run = trained("", wild)
    assert run.run.status == "diverged"
    page = page_of(runs={"": run}, facts=facts("loss.end", "run.status", "run.diverged_at", run=run))
    assert of_file(written(tmp_path, page)).differences == ()


def test_other_runs_of_the_lesson_are_compared_too(tmp_path: Path) -> None:
    hot = replace(lesson_run("hot", epochs=3), name="hot")
    assert of_file(written(tmp_path, page_of(runs={"": lesson_run(), "hot": hot}))).differences == ()
    lost = {"": lesson_run(), "hot": own_rows(), "old": LessonRun("old", lesson_run().run, None, b"", "it is a branch. Fix: no.")}
    found = of_file(written(tmp_path, page_of(runs=lost)))
    assert [said.split(" as it")[0] for said in found.unchecked] == ["the run 'hot' could not be done again", "the run 'old' could not be done again"]
    assert found.differences == ()


def test_a_run_that_was_interrupted_is_not_compared(tmp_path: Path) -> None:
    class Impatient(Silent):
        def show(self, update: int, loss: float | None, extra: dict[str, float]) -> None:
            raise KeyboardInterrupt

    X, y = ll.datasets.load("moons", rows=40).standardised()
    run, held = ll.train(ll.mlp(2, 3, 1), X, y, epochs=400, batch_size=8, threads=1, progress=Impatient()), Holding()
    assert run.interrupted
    asked = of_run(run, held)
    stopped = LessonRun("", run, asked.to_dict(), data_pack(held.table(asked.data["id"]), asked.data))
    found = of_file(written(tmp_path, page_of(runs={"": stopped}, facts=facts("loss.end", run=stopped))))
    assert found.differences == () and found.checked == 0 and len(found.unchecked) == 1
    assert "its numbers were not compared: it goes on to update 2000, and was stopped at update" in found.unchecked[0]


def test_what_the_store_calls_a_run_is_not_compared(tmp_path: Path) -> None:
    data = event_list(lesson())
    data["facts"].append({"id": "f", "run": "", "name": "run.id", "text": "xor-1", "value": "xor-1", "format": ""})
    assert of_file(written(tmp_path, json.dumps(data), "lesson.json")).differences == ()


def test_a_run_without_a_scenario(tmp_path: Path) -> None:
    lost = LessonRun("", lesson_run().run, None, b"", "it branched from another run. Fix: something.")
    with pytest.raises(DescriptionError, match=r"cannot be done again from the page: it branched from another run\. Fix: learnloop explore RUN"):
        of_file(written(tmp_path, page_of(runs={"": lost})))


def block(page: bytes, name: str, content: bytes) -> bytes:
    """The page with another block of a name."""
    found = re.sub(rb'(id="block-%b">)[^<]*' % name.encode(), lambda known: known[1] + content, page)
    assert found != page
    return found


def zipped(content: bytes) -> bytes:
    return base64.b64encode(gzip.compress(content))


def test_files_that_are_no_lesson(tmp_path: Path) -> None:
    explorer = page_of_run(own_rows().run)
    for content, text in [
        (explorer, "is a page of the explorer, not of a lesson. Fix: "), (b"<!doctype html><p>hello</p></html>", "is no page of a lesson"), (b"", "is no page of a lesson"),
        (b"\x00\xff" * 100, "is no page of a lesson"), (b"{", "the event list of .* is damaged"), (b'{"version": NaN}', "NaN is no JSON"),
    ]:  # fmt: skip
        with pytest.raises(FileError, match=text):
            read_kept(written(tmp_path, content))
    with pytest.raises(FileError, match="there is no file"):
        read_kept(tmp_path / "nothing.html")
    with pytest.raises(FileError, match="is a folder"):
        read_kept(tmp_path)
    with pytest.raises(FileError, match="cannot be read"):
        read_kept(tmp_path / "a\0b")


def test_a_page_that_was_cut_off(tmp_path: Path) -> None:
    page = page_of()
    for share in (0.2, 0.5, 0.9, 0.99):
        cut = page[: int(len(page) * share)]
        with pytest.raises(FileError, match=r"is not whole: it ends before the page does\. Fix: |is no page of a lesson"):
            read_kept(written(tmp_path, cut))
    with pytest.raises(FileError, match="is not whole"):
        read_kept(written(tmp_path, page[: page.index(b'id="block-data">') + 40]))


def test_blocks_that_are_damaged_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of()
    bomb = zipped(bytes(pagefile.LIMITS["data"] + 1))
    for name, content, text in [
        ("data", b"????", "the block data of .* is damaged"), ("data", zipped(b"x" * 1000)[:-40], "is damaged"), ("data", b"", "it ends too early"),
        ("data", base64.b64encode(b"no gzip"), "is damaged"), ("data", bomb, "has more than 25 MiB"), ("lesson", b"[" * 100_000, "it nests too deep"),
        ("lesson", b'{"version": 1', "is damaged"), ("lesson", b"1" * 5000, "is damaged"), ("session", b"{]", "what the page opens with"),
        ("lesson", b"\xff\xfe", "is damaged"),
    ]:  # fmt: skip
        with pytest.raises(FileError, match=text):
            read_kept(written(tmp_path, block(page, name, content)))
    monkeypatch.setattr(pagefile, "LARGEST", 1000)
    with pytest.raises(FileError, match="which no lesson has"):
        read_kept(written(tmp_path, page))


HOSTILE = [None, 3, "x", [], {}, {"version": 1}, {"kind": "builtin"}]


@pytest.mark.parametrize("part", ["data", "network", "options", "loss", "optimizer", "split", "version"])
@pytest.mark.parametrize("value", HOSTILE, ids=str)
def test_scenarios_of_anybody(tmp_path: Path, part: str, value: Any) -> None:
    data = event_list(lesson())
    data["runs"][0]["scenario"] = {**data["runs"][0]["scenario"], part: value}
    path = written(tmp_path, json.dumps(data), "lesson.json")
    if (part, value) in (("split", None), ("options", {})):  # another run, but one
        assert "it goes on to update" in of_file(path).unchecked[0]
        return
    with pytest.raises(LearnloopError):
        of_file(path)


def test_a_training_that_would_never_end_is_not_begun(tmp_path: Path) -> None:
    data = event_list(lesson())
    data["runs"][0]["scenario"]["options"]["epochs"] = 700_000
    found = of_file(written(tmp_path, json.dumps(data), "lesson.json"))
    assert "could not be done again" in found.unchecked[0]
    assert found.scenario is not None and found.scenario.options.epochs == 700_000
    assert read(found.scenario.to_dict()).options.epochs == 700_000
