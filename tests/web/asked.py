"""Asks the explanations in JavaScript what Python is asked, of the same bytes, in Node."""

from __future__ import annotations

import json
import math
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

import learnloop
from installed import need
from learnloop.language import ROWS
from learnloop.program import Program
from learnloop.runs import Moment, Traveller
from learnloop.web.describe import describe_program
from learnloop.web.pack import pack

MODULES = Path(learnloop.__file__).parent / "web" / "js"
SCRIPT = Path(__file__).with_name("explain.mjs")
Array = np.ndarray[Any, np.dtype[Any]]
Question = dict[str, Any]


@dataclass
class Asked:
    """Questions to moments.

    Attributes:
        moments: each with its questions.
        milliseconds: how long each answer took.
    """

    moments: list[tuple[Moment, list[Question]]] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def ask(self, moment: Moment, *questions: Question) -> None:
        """Ask something of a moment."""
        known = next((asked for m, asked in self.moments if m is moment), None)
        if known is None:
            self.moments.append((moment, known := []))
        known.extend(questions)

    def answers(self) -> list[Any]:
        """What JavaScript says, in the order of the questions of each moment."""
        with TemporaryDirectory() as name:
            folder, told = Path(name), []
            for k, (moment, asked) in enumerate(self.moments):
                write_moment(folder, f"{k}.pack", moment)
                told.append({"moment": f"{k}.pack", "asked": asked})
            found = in_node(SCRIPT, folder, moments=told)
            self.milliseconds = [answer["milliseconds"] for answer in found]
            return [answer["answer"] for answer in found]


def in_node(script: Path, folder: Path, **given: Any) -> Any:
    """What a script prints that is given a folder with questions."""
    (folder / "questions.json").write_text(json.dumps({"modules": f"{MODULES.as_uri()}/", **given}))
    command = [need("node"), str(script), str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def write_moment(folder: Path, name: str, moment: Moment) -> None:
    """One update as files: the arena, what was before it, the data, and the description of the program."""
    memory, examples, program = moment._memory, moment._examples, moment._structure.program
    data = {"X": examples.X, "Y": examples.Y, "labels": examples.labels, "weights": examples.weights}
    header = {
        "description": write_description(folder, program), "layout": memory.artefact.layout.to_dict(), "capacity": memory.capacity,
        "update": moment.update, "epoch": moment.epoch, "seed": str(moment.seed), "dtype": moment.dtype.name,
        "before": list(moment._before),
    }  # fmt: skip
    arrays = {f"before {tensor}": values for tensor, values in moment._before.items()}
    arrays |= {what: values for what, values in data.items() if values is not None}
    arrays |= {"arena": memory.arena, "rows": moment.rows.astype("int32")}
    (folder / name).write_bytes(pack(header, arrays))


def write_stretch(folder: Path, name: str, traveller: Traveller, wanted: Question, start: int, stop: int) -> None:
    """Some updates as files: what the life of a number reads of each, stacked."""
    structure, moments = traveller.structure, list(traveller.moments(start, stop))
    sources = structure.sources(structure.parameter(wanted["name"]).tensor)
    names = dict.fromkeys([*sources, *(structure.value_of[n] for n in sources if n in structure.value_of)])
    most = max(len(m.rows) for m in moments)
    tensors = structure.train.tensors
    arrays = {
        n: np.stack([padded(m.tensor(n), len(m.rows), most, tensors[n].dims[:1] == (ROWS,)) for m in moments])
        for n in names
    }
    arrays["row"] = np.stack([padded(m.rows.astype(np.int32), len(m.rows), most, True) for m in moments])
    if traveller.classes is not None:
        arrays["classes"] = traveller.classes
    header = wanted | {
        "description": write_description(folder, structure.program), "counts": [len(m.rows) for m in moments],
        "dtype": traveller.dtype.name, "start": start, "dataRows": traveller.examples.rows,
    }  # fmt: skip
    (folder / name).write_bytes(pack(header, arrays))


def padded(values: Array, rows: int, most: int, over_rows: bool) -> Array:
    """A tensor over rows with room for the largest batch."""
    if not over_rows or rows == most:
        return values
    return np.concatenate([values, np.zeros((most - rows, *values.shape[1:]), values.dtype)])


def write_description(folder: Path, program: Program) -> str:
    """The description of a program as a file of its own."""
    path = folder / f"{program.digest}.json"
    path.write_text(json.dumps(describe_program(program), allow_nan=False))
    return path.name


def as_sent(data: Any) -> Any:
    """Plain data as JSON has it, -0 as the script sends it."""
    if isinstance(data, dict):
        return {str(k): as_sent(v) for k, v in data.items()}
    if isinstance(data, list | tuple):
        return [as_sent(v) for v in data]
    if isinstance(data, float) and data == 0 and math.copysign(1, data) < 0:
        return "-0"
    return data
