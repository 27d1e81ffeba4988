"""What a page's cards print is what Python prints, and a neuron's curve runs through what the neuron answered."""

from __future__ import annotations

from itertools import cycle

import numpy as np

import learnloop as ll
from learnloop.runs.render import sheet
from runs.visited import BODIES, OPTIMIZERS, traveller_of
from web.asked import Asked


def test_printed_numbers_are_those_of_python() -> None:
    rng, expected, asked = np.random.default_rng(3), [], Asked()
    for optimizer in OPTIMIZERS:
        traveller = traveller_of(optimizer)
        moment = traveller.at(update=int(rng.integers(traveller.updates)))
        for p in moment._structure.program.parameters:
            place = [int(rng.integers(d)) for d in p.dims]
            asked.ask(moment, {"what": "sheet", "name": p.name, "place": place})
            expected.append(sheet(moment.change(p.name, *place).told))
    for told, shown in zip(asked.answers(), expected, strict=True):
        numbers = [line.number for line in shown.lines]
        printed = [told["before"], told["after"], told["change"], *told["numbers"]]
        assert [n.replace("−", "-") for n in printed] == [shown.before, shown.after, shown.change, *numbers]


def test_curves_run_through_the_activation() -> None:
    rng, expected, asked = np.random.default_rng(4), [], Asked()
    for body, optimizer in zip(BODIES, cycle([ll.SGD(0.1), ll.Adam(0.02)])):
        moment = traveller_of(optimizer, body).at(update=3)
        for name in moment.layers:
            layer = moment.layer(name)
            if "pre_activation" not in layer.arrays or layer.pre_activation.ndim != 2:
                continue
            position, unit = (int(rng.integers(d)) for d in layer.pre_activation.shape)
            asked.ask(moment, {"what": "curve", "name": name, "unit": unit, "position": position})
            expected.append(float(layer.activation[position, unit]))
    pairs = [(told, a) for told, a in zip(asked.answers(), expected, strict=True) if told is not None]
    assert len(pairs) > 10
    for told, activation in pairs:
        assert abs(told["here"] - activation) < 1e-5
        assert told["steepest"] >= abs(told["slope"])
