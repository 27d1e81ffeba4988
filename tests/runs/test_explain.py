"""Every change adds up, and only true explanations have their tick."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import learnloop as ll
from learnloop.errors import DescriptionError, UnknownName
from learnloop.rules import Optimizer
from learnloop.runs import Change, Check, Moment, Traveller
from runs.visited import BODIES, OPTIMIZERS, run_of, traveller_of

CONSTANT = Fraction(154, 100)
"""What the prototype measured of |rounding| / (2^-24 (|w| + sum of |terms|)); here 1.85, and 2.4 for 1797 rows."""


def sampled(moment: Moment, count: int, full: bool) -> list[Change]:
    """Some changes of every parameter, or all."""
    rng = np.random.default_rng(moment.update)
    found = []
    for name in moment.parameters:
        changes = list(moment.changes(name)) if full else None
        dims = moment._structure.parameter(name).dims
        places = [tuple(int(rng.integers(d)) for d in dims) for _ in range(count)]
        found += changes or [moment.change(name, *place) for place in places]
    return found


def check_all(moment: Moment, count: int, full: bool) -> None:
    unit = Fraction(1, 2**24 if moment.dtype == np.float32 else 2**53)
    for change in sampled(moment, count, full):
        assert change.ticks, str(change)
        assert change.sums
        size = abs(Fraction(change.before)) + sum(abs(p.value) for p in change.parts[:-1])
        assert abs(change.rounding) <= 2 * CONSTANT * unit * size + Fraction(1, 2**126)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_optimizers(optimizer: Optimizer, full: bool) -> None:
    traveller = traveller_of(optimizer)
    for update in (0, 1, traveller.updates - 1):
        check_all(traveller.at(update=update), 2, full)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("body", BODIES)
def test_networks(body: str, dtype: str, full: bool) -> None:
    for optimizer in (ll.SGD(0.1, momentum=0.9, nesterov=True, weight_decay=0.01, clip_norm=0.1), ll.AdamW(0.02)):
        traveller = traveller_of(optimizer, body, dtype)
        check_all(traveller.at(update=3), 3, full)


def test_batches_of_several_blocks() -> None:
    X, y = ll.datasets.load("iris").standardised()
    run = ll.train(ll.mlp(4, 3, 3), X, y, batch_size=150, epochs=2, optimizer=ll.SGD(0.1), progress=False)
    check_all(Traveller(run).at(update=1), 0, True)


def kinds(optimizer: Optimizer) -> list[tuple[str, str]]:
    """Kind and coefficient of what is no row."""
    change = traveller_of(optimizer, "plain").at(update=2).change("dense_1.weight", 1, 2)
    assert len(change.rows) == 7
    return [(p.kind, f"{float(p.coefficient):.4g}") for p in change.parts if p.kind not in ("row", "rounding")]


def test_parts_are_the_textbooks() -> None:
    assert kinds(ll.SGD(0.1)) == []
    assert kinds(ll.SGD(0.1, momentum=0.9)) == [("state", "-0.09")]
    assert kinds(ll.SGD(0.1, momentum=0.8, nesterov=True)) == [("state", "-0.064")]
    assert kinds(ll.SGD(0.1, weight_decay=0.05)) == [("weight", "-0.005")]
    assert kinds(ll.SGD(0.1, weight_decay=0.05, decoupled=True)) == [("weight", "-0.005")]
    assert [kind for kind, _ in kinds(ll.AdamW(0.02))] == ["state", "weight"]


def test_rows_of_both_paths_of_nesterov_are_one() -> None:
    moment = traveller_of(ll.SGD(0.1, momentum=0.8, nesterov=True), "plain").at(update=2)
    change = moment.change("dense_1.weight", 1, 2)
    x, delta = moment.tensor("x")[:, 1].astype(float), moment.layer("dense_1").delta[:, 2].astype(float)
    by_row = {p.row: float(p) for p in change.rows}
    assert list(by_row) == sorted(by_row, key=lambda row: -abs(by_row[row]))
    for n, row in enumerate(moment.rows):
        assert by_row[row] == pytest.approx(-0.18 * x[n] * delta[n], rel=1e-6)


def test_what_is_frozen_is_said() -> None:
    assert traveller_of(ll.SGD(0.1), "plain").at(update=0).change("dense_1.bias", 0).frozen == ()
    change = traveller_of(ll.AdamW(0.02, clip_norm=0.05)).at(update=3).change("dense_1.weight", 0, 0)
    assert change.frozen == ("clip", "rateW1")
    assert "rateW1" in str(change)


@pytest.mark.parametrize(
    "optimizer", [ll.SGD(0.1), ll.SGD(0.1, momentum=0.9, weight_decay=0.05), ll.AdamW(0.02)], ids=repr
)
def test_mutated_explanations_lose_their_tick(optimizer: Optimizer) -> None:
    moment = traveller_of(optimizer, "plain").at(update=4)
    found = [c for name in moment.parameters for c in moment.changes(name)]
    large = [c for c in found if abs(c.change) >= 100 * c.bound]
    assert len(large) > len(found) / 2
    for change in large:
        for wrong in mutants(change):
            assert not wrong.ticks, str(wrong)
            assert "✓" not in str(wrong) + wrong._repr_html_()


def mutants(change: Change) -> list[Change]:
    """A dropped row, a wrong rate, a wrong sign, stale weights, with the rounding closed again and left as it was."""
    parts, strongest = change.parts, change.rows[0]
    found = [replace(change, before=change.before + float(2 * change.bound))]
    found += [replace(change, after=np.nextafter(change.after, 9.0)), replace(change, parts=parts[:-1])]
    for new in (
        tuple(p for p in parts if p is not strongest),
        tuple(replace(p, value=p.value * Fraction(11, 10)) for p in parts),
        tuple(replace(p, value=-p.value) if p is strongest else p for p in parts),
    ):
        found += [replace(change, parts=new)]
        if abs(sum(p.value for p in new[:-1]) - change.change) > 2 * change.bound:
            found += [change.reclosed(new)]
    return found


def test_printed_numbers_add_up() -> None:
    for optimizer in (ll.SGD(0.1, momentum=0.9, weight_decay=0.05), ll.AdamW(0.02, clip_norm=0.05)):
        moment = traveller_of(optimizer).at(update=5)
        for change in moment.changes("dense_1.weight"):
            head, *lines = str(change).splitlines()
            before, after, moved = (Fraction(n) for n in re.findall(r"-?\d+\.\d+", head.split(":", 1)[1]))
            number = re.compile(r"  +(-?\d+\.\d+)(  |$)")
            printed = [Fraction(number.search(li)[1]) for li in lines if "    (" not in li]
            assert sum(printed) == moved == after - before
            assert abs(before - Fraction(change.before)) < Fraction(1, 10**6)
            last_digit = Fraction(1, 10 ** len(head.rpartition(".")[2]))
            assert abs(printed[-1] - change.rounding) <= (len(printed) + 2) * last_digit


def test_receipts_add_up_exactly() -> None:
    for optimizer in (ll.SGD(0.1, momentum=0.9, weight_decay=0.05), ll.AdamW(0.02, clip_norm=0.05)):
        data = json.loads(json.dumps(traveller_of(optimizer).at(update=5).change("dense_1.weight", 1, 2).to_dict()))
        exact = [Fraction(p["exact"]) for p in data["parts"]]
        assert sum(exact) == Fraction(data["after"]) - Fraction(data["before"])
        assert all(float(e) == p["value"] for e, p in zip(exact, data["parts"], strict=True))


def test_other_forms() -> None:
    change = traveller_of(ll.AdamW(0.02)).at(update=5).change("residual_1.dense_1.weight", 1, 2)
    data = json.loads(json.dumps(change.to_dict()))
    assert data["ticks"] is True
    assert sum(p["value"] for p in data["parts"]) == pytest.approx(data["change"], abs=1e-12)
    assert data["parts"][-1]["kind"] == "rounding"
    assert change.latex().count("{") == change.latex().count("}")
    assert r"residual\_1" in change.latex()


def test_names_are_no_markup() -> None:
    name = "<script>alert(1)</script>$\\x"
    X = np.eye(3, dtype=np.float32)
    network = ll.Network(3, [ll.Dense(2, "tanh", name=name), ll.Dense(1)])
    run = ll.train(network, X, X[:, 0], epochs=1, progress=False)
    change = Traveller(run).at(update=0).change(f"{name}.weight", 0, 0)
    assert "<script" not in change._repr_html_()
    assert html.escape(name) in change._repr_html_()
    assert r"\$\textbackslash{}x" in change.latex()


@pytest.mark.parametrize("layer", ["dense_1", "residual_1.dense_1", "residual_1.dense_2", "dense_2"])
def test_neurons(layer: str) -> None:
    moment = traveller_of(ll.SGD(0.1)).at(update=4)
    found = moment.layer(layer)
    for row in range(len(moment.rows)):
        for unit in range(found.pre_activation.shape[1]):
            seen = moment.neuron(layer, unit, row=row)
            assert seen.ticks
            assert (seen.pre_activation, seen.row) == (found.pre_activation[row, unit], moment.rows[row])
            assert (seen.activation, seen.delta) == (found.activation[row, unit], found.delta[row, unit])
            assert np.array_equal(seen.weights, found.weight[:, unit])
            assert seen.bias == found.bias[unit]
            assert np.dot(seen.inputs, seen.weights) + seen.bias == pytest.approx(seen.pre_activation, abs=1e-5)
            assert not replace(seen, pre_activation=seen.pre_activation + 1e-4).ticks
    assert "✓" in str(seen)
    data = json.loads(json.dumps(seen.to_dict()))
    assert data["ticks"] is True
    assert sum(Fraction(p["exact"]) for p in data["parts"]) == Fraction(data["pre_activation"])
    assert "✗" in str(replace(seen, pre_activation=seen.pre_activation + 1e-4))


@pytest.mark.parametrize(("inputs", "lines"), [(3, 3), (8, 8), (9, 6)])
def test_the_equation_of_a_neuron(inputs: int, lines: int) -> None:
    X = np.random.default_rng(2).normal(size=(9, inputs))
    run = ll.train(ll.mlp(inputs, 2, 1), X, X[:, 0], loss="mse", epochs=1, progress=False)
    seen = Traveller(run).at(update=0).neuron("dense_1", 1)
    head, *rows = str(seen).splitlines()
    rows = rows[:-1]  # without a and delta
    assert len(rows) == lines + 2  # bias and rounding
    numbers = [Fraction(re.search(r"  +(-?\d+\.\d+)(  |$)", row)[1]) for row in rows]
    assert sum(numbers) == Fraction(head.rpartition("z = ")[2])
    assert ("the other 4 of 9 inputs" in str(seen)) == (inputs == 9)
    assert all(f"{w:.6g}" in str(seen) for w in seen.weights) == (inputs < 9)
    assert seen.latex().count("{") == seen.latex().count("}")
    assert r"underbrace" in seen.latex()
    assert "<th>z</th>" in seen._repr_html_()


def test_the_neuron_of_a_row_of_the_data() -> None:
    moment = traveller_of(ll.SGD(0.1)).at(update=4)
    for position, row in enumerate(moment.rows.tolist()):
        assert moment.neuron("dense_1", 2, data_row=row) == moment.neuron("dense_1", 2, position)
    absent = next(r for r in range(23) if r not in moment.rows)
    with pytest.raises(DescriptionError, match=rf"row {absent} .* update 4.* rows {moment.rows[0]}, ") as caught:
        moment.neuron("dense_1", 2, data_row=absent)
    home = int(re.search(r"at\(update=(\d+)\)", str(caught.value))[1])
    assert traveller_of(ll.SGD(0.1)).at(update=home).neuron("dense_1", 2, data_row=absent).row == absent
    with pytest.raises(DescriptionError, match="from 0 to 22"):
        moment.neuron("dense_1", 2, data_row=23)
    run = run_of(ll.SGD(0.1), validation=0.3)
    with pytest.raises(DescriptionError, match="does not learn from it"):
        Traveller(run).at(update=0).neuron("dense_1", 2, data_row=int(run.held_out[0]))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("body", BODIES)
def test_backpropagation_agrees_with_differences(body: str, dtype: str) -> None:
    moment = traveller_of(ll.AdamW(0.02), body, dtype).at(update=3)
    rng = np.random.default_rng(1)
    for name in moment.parameters:
        place = [int(rng.integers(d)) for d in moment._structure.parameter(name).dims]
        check = moment.check(name, *place)
        assert check.agrees, str(check)
        wrong = replace(check, backpropagation=-check.backpropagation)
        assert not wrong.agrees or abs(check.backpropagation) <= check.tolerance
        for form in (str, Check._repr_html_):
            assert ("✓" in form(check), "✓" in form(wrong)) == (True, wrong.agrees)
        data = json.loads(json.dumps(check.to_dict()))
        assert data["agrees"] == (abs(data["backpropagation"] - data["difference"]) <= data["tolerance"])
        assert check.latex().count("{") == check.latex().count("}")


def test_bad_places() -> None:
    moment = traveller_of(ll.SGD(0.1)).at(update=0)
    with pytest.raises(UnknownName, match=r"dense_1\.weight"):
        moment.change("dense_1.wieght", 0, 0)
    for ask in (moment.change, moment.check):
        for place in ((0,), (0, 0, 0), ()):
            with pytest.raises(DescriptionError, match="give 2"):
                ask("dense_1.weight", *place)
        for place in ((3, 0), (0, -1), (0, 1.0), ("a", 0)):
            with pytest.raises(DescriptionError, match="from 0 to"):
                ask("dense_1.weight", *place)
    with pytest.raises(DescriptionError, match="from 0 to 6"):
        moment.neuron("dense_1", 0, row=7)
    with pytest.raises(UnknownName, match="pre_activation"):
        moment.neuron("dropout_1", 0)
    with pytest.raises(UnknownName, match="layer"):
        moment.neuron("dens", 0)
