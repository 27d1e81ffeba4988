"""What the player of lessons computes without a page: to play to a time and to go there come to the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from web.asked import in_node

SCRIPT = Path(__file__).with_name("lesson.mjs")
FRAME = 0.04


def asked(folder: Path, **given: Any) -> Any:
    """What JavaScript says."""
    return in_node(SCRIPT, folder, **given)


def lesson_of(seed: int) -> dict[str, Any]:
    """A random lesson: chapters, beats, and events of all kinds, on a grid of milliseconds."""
    chance = random.Random(seed)
    time, chapters, beats, events = 0.0, [], [], []
    for c in range(chance.randint(1, 4)):
        begin = time
        for _ in range(chance.randint(1, 4)):
            start, name = time, f"beat-{len(beats) + 1}"
            words = []
            for _ in range(chance.randint(0, 9)):
                words.append(round(time, 3))
                time += chance.choice([0.0, 0.12, 0.31, 0.5])
            if words:
                events.append({"kind": "say", "beat": name, "start": words[0], "end": round(time + 0.2, 3), "words": words})
            time = round(time + chance.choice([0.2, 0.7]), 3)
            beats.append({"id": name, "chapter": f"c{c}", "start": start, "end": time})
            events += list(_marks(chance, start, time))
        chapters.append({"id": f"c{c}", "title": f"Chapter {c}", "start": begin, "end": time})
    return {"version": 1, "title": "", "seconds": time, "voice": "", "silence": "", "chapters": chapters, "beats": beats,
            "events": sorted(events, key=lambda e: e["start"]), "checks": {}}  # fmt: skip


def _marks(chance: random.Random, start: float, end: float) -> Iterator[dict[str, Any]]:
    def span() -> tuple[float, float]:
        a, b = sorted(round(chance.uniform(start, end), 3) for _ in range(2))
        return a, b

    for kind in ("draw", "draw", "point"):
        a, b = span()
        yield {"kind": kind, "target": chance.choice(["one", "one.a", "one.b", "two", "two.a"]), "start": a, "end": b}
    a, b = span()
    yield {"kind": "set", "name": "update", "value": chance.randint(0, 900), "before": chance.randint(0, 900), "start": a, "end": b}
    name, value = chance.choice([("learning-rate", 3.0), ("neuron", "dense_1:2"), ("neuron", None), ("row", 7)])
    yield {"kind": "set", "name": name, "value": value, "before": value, "start": a, "end": a}
    if chance.random() < 0.5:
        yield {"kind": "ask", "target": "one", "start": a, "text": "Try it."}


class Player:
    """Plays frame by frame: every event is begun and ended once, as a player with a memory would do it."""

    def __init__(self, lesson: dict[str, Any]) -> None:
        self.lesson, self.time = lesson, -1.0
        self.begun: list[dict[str, Any]] = []
        self.waiting = sorted(lesson["events"], key=lambda e: e["start"])
        self.drawn: dict[str, float] = {e["target"]: 0.0 for e in self.waiting if e["kind"] == "draw"}
        self.drawing: dict[str, dict[str, Any]] = {}
        self.pointed: list[dict[str, Any]] = []
        self.set: dict[str, dict[str, Any]] = {}
        self.saying: dict[str, Any] | None = None
        self.ask: dict[str, Any] | None = None

    def to(self, time: float) -> dict[str, Any]:
        """Frame after frame."""
        while self.time < time:
            self.time = min(time, self.time + FRAME)
            self._frame()
        return self._state()

    def _frame(self) -> None:
        while self.waiting and self.waiting[0]["start"] <= self.time:
            getattr(self, f"_{self.waiting[0]['kind']}")(self.waiting.pop(0))
        for target, event in self.drawing.items():
            whole = event["end"] - event["start"]
            self.drawn[target] = 1.0 if self.time >= event["end"] else (self.time - event["start"]) / whole
        self.pointed = [event for event in self.pointed if event["end"] > self.time]
        if self.saying and self.saying["end"] <= self.time:
            self.saying = None

    def _say(self, event: dict[str, Any]) -> None:
        self.saying = event

    def _draw(self, event: dict[str, Any]) -> None:
        self.drawing.setdefault(event["target"], event)

    def _point(self, event: dict[str, Any]) -> None:
        self.pointed.append(event)

    def _set(self, event: dict[str, Any]) -> None:
        self.set[event["name"]] = event

    def _ask(self, event: dict[str, Any]) -> None:
        self.ask = event

    def _live(self, name: str) -> Any:
        event = self.set.get(name)
        if event is None or name != "update" or self.time >= event["end"]:
            return event and event["value"]
        share = (self.time - event["start"]) / (event["end"] - event["start"])
        return event["before"] + (event["value"] - event["before"]) * share

    def _state(self) -> dict[str, Any]:
        count = {name: sum(one["start"] <= self.time for one in self.lesson[name]) - 1 for name in ("chapters", "beats")}
        word = None
        if self.saying:
            word = (self.saying["beat"], sum(start <= self.time for start in self.saying["words"]) - 1)
        return {
            "chapter": count["chapters"], "beat": count["beats"], "spoken": word, "drawn": self.drawn, "ask": self.ask,
            "pointed": sorted({event["target"] for event in self.pointed}),
            "live": {key: self._live(name) for key, name in (("update", "update"), ("learningRate", "learning-rate"), ("neuron", "neuron"), ("row", "row"))},
        }  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_going_to_a_time_is_playing_to_it(seed: int, tmp_path: Path) -> None:
    lesson = lesson_of(seed)
    chance = random.Random(1000 + seed)
    times = [0.0, lesson["seconds"], *(round(chance.uniform(0, lesson["seconds"]), 4) for _ in range(60))]
    found = asked(tmp_path, states=[{"lesson": lesson, "times": times}])["states"][0]
    for time, state in zip(times, found, strict=True):
        played = Player(lesson).to(time)
        spoken = state["spoken"] and (state["spoken"]["beat"], state["spoken"]["word"])
        assert spoken == played["spoken"]
        assert {name: state[name] for name in ("chapter", "beat", "pointed", "ask")} == {name: played[name] for name in ("chapter", "beat", "pointed", "ask")}
        assert state["drawn"] == pytest.approx(played["drawn"])
        update = played["live"].pop("update")
        assert (state["live"].pop("update") is None) == (update is None)
        assert state["live"] == played["live"]


def test_an_update_runs_in_whole_steps_and_everything_else_jumps(tmp_path: Path) -> None:
    events = [
        {"kind": "set", "name": "update", "before": 0, "value": 100, "start": 1.0, "end": 3.0},
        {"kind": "set", "name": "learning-rate", "before": 0.1, "value": 3, "start": 2.0, "end": 2.0},
    ]
    lesson = lesson_of(0) | {"events": events, "seconds": 5}
    found = asked(tmp_path, states=[{"lesson": lesson, "times": [0.5, 1, 1.5, 2, 2.999, 3, 5]}])["states"][0]
    assert [state["live"]["update"] for state in found] == [None, 0, 25, 50, 100, 100, 100]
    assert [state["live"]["learningRate"] for state in found] == [None, None, None, 3, 3, 3, 3]


def test_a_block_is_drawn_with_its_beat_or_on_its_cue(tmp_path: Path) -> None:
    beats = [{"id": "beat-1", "chapter": "c", "start": 0, "end": 2}, {"id": "beat-2", "chapter": "c", "start": 2, "end": 4}]
    events = [{"kind": "draw", "target": "late", "start": 3, "end": 4}, {"kind": "draw", "target": "parts.a", "start": 1, "end": 2}]
    lesson = lesson_of(0) | {"beats": beats, "events": events, "seconds": 4}
    blocks = [["early", 0], ["late", 1], ["other", 1], ["parts", 0], ["nowhere", -1]]
    found = asked(tmp_path, states=[{"lesson": lesson, "times": [0, 2, 3.5, 4], "blocks": blocks}])["states"][0]
    assert [state["blocks"] for state in found] == [[1, 0, 0, 1, 1], [1, 0, 1, 1, 1], [1, 0.5, 1, 1, 1], [1, 1, 1, 1, 1]]


def test_sentences_end_where_people_end_them(tmp_path: Path) -> None:
    words = ["It", "fell.", "“Why?”", "Look", "(again!)", "at", "1.5", "of", "it"]
    assert asked(tmp_path, sentences=[words])["sentences"] == [[0, 0, 1, 2, 2, 3, 3, 3, 3]]


def test_answers_are_judged_by_the_run(tmp_path: Path) -> None:
    choices = {"choices": [False, True]}
    number = {"value": 0.983, "tolerance": 0.002, "text": "98.3 %"}
    plain = {"value": -2.5, "tolerance": 0.1, "text": "−2.5"}
    given = [[choices, 1], [choices, 0], [choices, -1], [number, "98.3"], [number, "0.982"], [number, "98,2 %"], [number, "97"], [number, ""], [plain, "−2.45"], [plain, "250"]]
    found = asked(tmp_path, judged=given)["judged"]
    assert [one["right"] for one in found] == [True, False, False, True, True, True, False, False, True, False]
    assert "98.3 %" in found[3]["said"]
    assert "too small" in found[6]["said"] and "too large" in found[9]["said"]
    assert "98.3" not in found[6]["said"]


def test_times_are_said_as_people_say_them(tmp_path: Path) -> None:
    assert asked(tmp_path, times=[0, 42.9, 64, 600, 3725])["times"] == ["0:00", "0:42", "1:04", "10:00", "1:02:05"]


def simple(**more: Any) -> dict[str, Any]:
    chapters = [{"id": "a", "title": "First", "start": 0, "end": 10}, {"id": "b", "title": "Second", "start": 10, "end": 20}]
    beats = [{"id": f"beat-{k}", "chapter": "ab"[k // 2], "start": 5 * k, "end": 5 * k + 5} for k in range(4)]
    asks = [{"kind": "ask", "target": "x", "start": 7, "text": "Try it."}]
    return {"version": 1, "title": "", "seconds": 20, "voice": "", "silence": "", "chapters": chapters, "beats": beats, "events": asks, "checks": {}} | more


def test_the_voice_waits_where_something_is_asked_but_not_for_who_goes_past(tmp_path: Path) -> None:
    waits = [["play", None], ["wait", 6000], ["wait", 1500], ["wait", 3000], ["play", None], ["wait", 1000]]
    past = [["play", None], ["seek", 7.5], ["wait", 1000]]
    one, two = asked(tmp_path, performed=[{"lesson": simple(), "does": waits}, {"lesson": simple(), "does": past}])["performed"]
    assert [(s["playing"], s["asking"]) for s in one["found"]] == [
        (True, None), (True, None), (False, "Try it."), (False, "Try it."), (True, None), (True, None),
    ]  # fmt: skip
    assert [s["t"] for s in one["found"]] == pytest.approx([0, 6, 7, 7, 7, 8], abs=0.002)
    assert one["said"] == ["Chapter 1: First", "Your turn: Try it."]
    assert [(s["t"], s["asking"]) for s in two["found"]] == [(0, None), (7.5, None), (8.5, None)]


def test_rates_chapters_and_the_end(tmp_path: Path) -> None:
    does = [["seek", 8], ["hurry", 2], ["play", None], ["wait", 2000], ["chapter", -1], ["chapter", -1], ["chapter", 1], ["wait", 6000], ["play", None], ["pace", -1], ["wait", 1000], ["seek", 30]]
    (one,) = asked(tmp_path, performed=[{"lesson": simple(), "does": does}])["performed"]
    assert [s["t"] for s in one["found"]] == pytest.approx([8, 8, 8, 12, 0, 0, 10, 20, 0, 0, 1.5, 20])
    assert [s["ended"] for s in one["found"]] == [False] * 7 + [True] + [False] * 3 + [True]
    assert [s["playing"] for s in one["found"]] == [False] * 2 + [True] * 5 + [False] + [True] * 3 + [False]
    assert "The lesson is over." in one["said"] and "Chapter 2: Second" in one["said"]


@pytest.mark.parametrize("refuse", ["NotSupportedError", "NotAllowedError"])
def test_a_sound_that_cannot_be_played_is_said_to_be_and_the_words_go_on(refuse: str, tmp_path: Path) -> None:
    does = [["seek", 3], ["hurry", 2], ["play", None], ["wait", 1000]]
    (one,) = asked(tmp_path, performed=[{"lesson": simple(), "sound": {"refuse": refuse}, "does": does}])["performed"]
    last = one["found"][-1]
    assert (last["t"], last["playing"], last["rate"]) == (5, True, 2)
    assert "silence" in last["trouble"]
    assert last["trouble"] in one["said"]


def test_a_sound_leads_and_its_time_goes_on_between_its_steps(tmp_path: Path) -> None:
    does = [["play", None], ["wait", 2000], ["seek", 7.5], ["wait", 1000], ["pause", None], ["wait", 1000]]
    (one,) = asked(tmp_path, performed=[{"lesson": simple(), "sound": {"refuse": ""}, "does": does}])["performed"]
    assert [s["t"] for s in one["found"]] == pytest.approx([0, 2, 7.5, 8.5, 8.5, 8.5])
    found = asked(tmp_path, smooth={"steps": [[0, 1.0], [20, 1.0], [20, 1.0], [500, 1.0], [10, 1.5]]})["smooth"]
    assert found == pytest.approx([1.0, 1.02, 1.04, 1.06, 1.5])
