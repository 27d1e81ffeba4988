"""The state of the page in its address: there and back, and what comes from anywhere is looked at first."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import learnloop
from installed import need
from learnloop.explore.opening import first, suits

MODULES = Path(learnloop.__file__).parent / "web" / "js"
OPENING = first().to_dict()
CHANGED = json.loads(json.dumps(OPENING))
CHANGED["optimizer"]["momentum"] = 0.5
CHANGED["options"]["seed"] = "18446744073709551615"
CHANGED["network"]["layers"][1]["units"] = 5


def ask(*asked: dict[str, Any]) -> list[Any]:
    """What the page's modules answer."""
    given = json.dumps({"modules": str(MODULES), "asked": asked})
    done = subprocess.run([need("node"), Path(__file__).with_name("sharing.mjs")], input=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def decoded(*fragments: str) -> list[Any]:
    return ask(*({"what": "decode", "fragment": fragment, "opening": OPENING} for fragment in fragments))


def test_a_state_comes_back() -> None:
    selection = {"kind": "weight", "parameter": "dense_2.weight", "place": [3, 1]}
    state = {"scenario": CHANGED, "pinned": {"scenario": suits("moons").to_dict()}, "cursor": 120.7, "selection": selection,
             "row": 7, "phase": 3, "links": "change", "range": "network", "speed": 25, "part": "train"}  # fmt: skip
    (fragment,) = ask({"what": "encode", "state": state, "opening": OPENING})
    (found,) = decoded(fragment)
    assert found["scenario"] == CHANGED
    assert found["pinned"] == suits("moons").to_dict()
    assert found["cursor"] == 120
    assert found["shown"] == {k: state[k] for k in ("selection", "row", "phase", "links", "range", "speed", "part")}
    assert found["notice"] == ""


def test_people_can_read_it() -> None:
    state = {"scenario": {**OPENING, "optimizer": CHANGED["optimizer"]}, "cursor": 12,
             "selection": {"kind": "neuron", "layer": "dense_1", "unit": 3}}  # fmt: skip
    (fragment,) = ask({"what": "encode", "state": state, "opening": OPENING})
    assert fragment == "#v=1&optimizer.momentum=0.5&at=12&neuron=dense_1:3"


HOSTILE = [
    "#v=2&at=1", "#at=1", "#v=1&at=-1", "#v=1&at=1e9", "#v=1&at=99999999999999999999", "#v=1&phase=5", "#v=1&links=toString",
    "#v=1&constructor=1", "#v=1&__proto__=1", "#v=1&__proto__.x=1", "#v=1&options.__proto__.x=1", "#v=1&options.epochs=-3",
    "#v=1&options.epochs=1e99", "#v=1&options.epochs=%22a%22", "#v=1&options.seed=1.5", "#v=1&options=null", "#v=1&network=[]",
    "#v=1&data=%7B%22kind%22:%22file%22,%22path%22:%22/etc/passwd%22%7D", "#v=1&split.test=2", "#v=1&without=[-1]",
    "#v=1&neuron=%3Cscript%3E", "#v=1&weight=dense_1.weight:1,2,3,4,5", "#v=1&optimizer.momentum=NaN", "#v=1&pin=2",
    "#v=1&version=2", "#v=1&unknown.path=1", "#v=1&network.layers=" + "[" * 40 + "]" * 40, "#v=1&a=" + "x" * 40000,
    "#v=1&optimizer.learning_rate=0.5", "#v=1&loss=5", "#v=1&pin.options.epochs=1", "#%00", "#v=1&=&&&==",
]  # fmt: skip


@pytest.mark.parametrize("fragment", HOSTILE, ids=lambda text: text[:40])
def test_what_makes_no_sense_is_ignored_with_a_notice(fragment: str) -> None:
    (found,) = decoded(fragment)
    assert found["scenario"] == OPENING
    assert found["pinned"] is None or found["pinned"] == OPENING
    assert found["cursor"] is None
    assert found["shown"] == {}
    assert found["notice"]


def test_what_makes_sense_stays_beside_what_does_not() -> None:
    (found,) = decoded("#v=1&at=7&row=x&options.epochs=3")
    assert (found["cursor"], found["scenario"]["options"]["epochs"]) == (7, 3)
    assert "row" in found["notice"]
    assert decoded("", "#")[0]["notice"] == ""


def test_sha256_is_sha256() -> None:
    texts = [bytes(k % 256 for k in range(n)) for n in (0, 1, 55, 56, 63, 64, 65, 1000)]
    expected = [[hashlib.sha256(text).hexdigest()] * 2 for text in texts]
    assert ask(*({"what": "sha256", "bytes": list(text)} for text in texts)) == expected


def test_tables_hold_no_formula() -> None:
    assert ask({"what": "quoted", "text": '=HYPERLINK("x")'}, {"what": "quoted", "text": "a"}) == ['"\'=HYPERLINK(""x"")"', '"a"']


def test_tables_of_a_run() -> None:
    run = {"updates": 2, "perEpoch": 2, "losses": [0.5, 0.25], "data": {"task": "regression"},
           "marks": [{"update": 2, "train": {"loss": 0.1, "quality": 0.9}, "test": {"loss": None, "quality": None}}]}  # fmt: skip
    curves, weights = ask({"what": "tables", "run": run, "weights": [{"name": "d.weight", "dims": [1, 2], "values": [1, -2]}]})[0]
    assert curves.splitlines() == [
        "update,epoch,batch_loss,train_loss,train_r2,test_loss,test_r2", "0,0,0.5,,,,", "1,0,0.25,,,,", "2,1,,0.1,0.9,,",
    ]  # fmt: skip
    assert weights.splitlines() == ["parameter,place,value", '"d.weight","0 0",1', '"d.weight","0 1",-2']
