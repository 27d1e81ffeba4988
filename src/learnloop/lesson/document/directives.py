"""The directives of a lesson, as one table: what checks a document and its documentation reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "word", "number", "whole", "wholes", "choice", "spans", "fact", "run", "neuron", "id"]
"""What an option holds: "text" is shown and holds no digits, "spans" may hold facts; "word" is a name from elsewhere."""


@dataclass(frozen=True)
class Argument:
    """What follows the name of a directive.

    Attributes:
        needed: whether it must be there.
        choices: what it may be; empty for anything.
        free: whether it may be something else than its choices.
        shown: whether it is text that readers see.
    """

    needed: bool = False
    choices: tuple[str, ...] = ()
    free: bool = False
    shown: bool = False


@dataclass(frozen=True)
class Option:
    """An option of a directive.

    Attributes:
        kind: what it holds.
        choices: what a "choice" may be; for a number a word that may stand in its place.
        needed: whether it must be there.
        spoken: whether the voice says it.
    """

    kind: Kind
    choices: tuple[str, ...] = ()
    needed: bool = False
    spoken: bool = False


@dataclass(frozen=True)
class Directive:
    """A directive.

    Attributes:
        argument: None where there is none.
        options: by name; ``id`` is everywhere.
        body: "prose" is Markdown, "raw" is kept as it is, "none" is no body.
        needed: whether the body must be there.
    """

    argument: Argument | None = None
    options: Mapping[str, Option] = field(default_factory=dict)
    body: Literal["prose", "raw", "none"] = "none"
    needed: bool = False


_ID = {"id": Option("id")}
_PICTURE = {**_ID, "caption": Option("spans")}
_RUN, _NEURON, _ROW, _UPDATE = Option("run"), Option("neuron"), Option("whole"), Option("whole", ("last",))
_HAND = Option("whole", ("off",))
_RATE = Option("number")

DIRECTIVES: dict[str, Directive] = {
    "run": Directive(
        Argument(needed=True, free=True),
        {
            **_ID, "name": Option("word"), "target": Option("word"), "rows": Option("whole"), "noise": Option("number"),
            "hidden": Option("wholes", ("none",)), "activation": Option("word"), "loss": Option("word"),
            "optimizer": Option("word"), "learning-rate": _RATE, "momentum": _RATE, "batch-size": Option("whole"),
            "epochs": Option("whole"), "seed": Option("whole"), "test": Option("number"), "split-seed": Option("whole"),
        },
    ),
    "diagram": Directive(
        Argument(needed=True, choices=("learning-loop", "training-dynamics", "neuron", "network", "data-flow", "boxes")),
        {**_PICTURE, "run": _RUN, "neuron": _NEURON, "row": _ROW, "update": _UPDATE, "hand": _HAND},
        body="raw",
    ),
    "note": Directive(
        Argument(free=True, shown=True),
        {**_ID, "kind": Option("choice", ("idea", "careful", "history"))}, body="prose", needed=True,
    ),
    "equation": Directive(
        None, {**_ID, "spoken": Option("spans", needed=True, spoken=True), "label": Option("spans")}, body="raw", needed=True
    ),
    "illustration": Directive(
        Argument(needed=True, choices=("network",), free=True),
        {**_PICTURE, "alt": Option("text"), "prompt": Option("word"), "run": _RUN, "update": _UPDATE, "hand": _HAND},
    ),
    "plot": Directive(
        Argument(needed=True, choices=("loss", "accuracy", "decision-map", "weights", "confusion", "mistakes")),
        {**_PICTURE, "run": _RUN, "neuron": _NEURON, "update": _UPDATE, "with": _RUN},
    ),
    "code": Directive(
        Argument(choices=("python", "program", "c")),
        {**_ID, "run": _RUN, "language": Option("word"), "part": Option("word")}, body="raw",
    ),
    "check": Directive(None, {**_ID, "answer": Option("fact"), "tolerance": Option("number")}, body="prose", needed=True),
    "live": Directive(
        Argument(needed=True, choices=("network", "neuron", "timeline", "knobs")),
        {**_PICTURE, "neuron": _NEURON, "update": _UPDATE, "ask": Option("spans", spoken=True)},
    ),
    "say": Directive(None, {**_ID, "pause": Option("number")}, body="prose", needed=True),
}  # fmt: skip
"""name -> what it takes."""

SILENT = frozenset({"run", "say"})
"""Directives that draw nothing, so that no cue can be about them."""
