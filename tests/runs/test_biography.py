"""Every biography adds up, and only true ones have their tick."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import cycle
from typing import Any

import numpy as np
import pytest

import learnloop as ll
from learnloop.errors import DescriptionError, ProgramError, UnknownName
from learnloop.rules import Optimizer
from learnloop.runs import Biography, Traveller, biographies, biography, lives, stretch
from runs.visited import BODIES, OPTIMIZERS, run_of, traveller_of

MOMENTUM = ll.SGD(0.1, momentum=0.9, weight_decay=0.05)


def some_place(traveller: Traveller, rng: np.random.Generator) -> tuple[Any, ...]:
    """The name of a parameter and a place in it."""
    parameters = traveller.structure.program.parameters
    p = parameters[rng.integers(len(parameters))]
    return p.name, *(int(rng.integers(d)) for d in p.dims)


def adds_up(life: Biography) -> None:
    assert life.ticks, str(life)
    assert sum((p.value for p in life.parts), Fraction(0)) == life.change
    assert abs(life.rounding) <= life.bound
    assert life.parts[-1].kind == "rounding"


def test_random_triples_over_all_optimizers(full: bool) -> None:
    rng, epochs = np.random.default_rng(3), 500 if full else 25
    for _, optimizer in zip(range(200 if full else 14), cycle(rng.permutation(np.array(OPTIMIZERS, object)))):
        try:
            run = run_of(optimizer, epochs=epochs)
            stop = run.updates
        except ll.errors.Diverged as error:  # one recipe does, after a while
            run = error.run
            stop = run.updates - 5
        traveller = Traveller(run)
        start = int(rng.integers(stop // 2)) if rng.random() < 0.5 else 0
        name, *place = some_place(traveller, rng)
        adds_up(biography(traveller, name, *place, start=start, stop=stop))
        assert traveller.at(update=int(rng.integers(stop))).change(name, *place).ticks


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("body", BODIES)
def test_networks(body: str, dtype: str) -> None:
    rng = np.random.default_rng(1)
    for optimizer in (ll.SGD(0.1, momentum=0.9, nesterov=True, weight_decay=0.01, clip_norm=0.1), ll.AdamW(0.02)):
        traveller = traveller_of(optimizer, body, dtype)
        for p in traveller.structure.program.parameters:
            life = biography(traveller, p.name, *(int(rng.integers(d)) for d in p.dims))
            adds_up(life)
            assert life.after == traveller.run.weights[p.name][tuple(map(int, life.name[:-1].split("[")[1].split(",")))]


def test_windows_of_any_size_tell_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for optimizer, dtype in ((MOMENTUM, "float32"), (ll.AdamW(0.02), "float64")):
        traveller = traveller_of(optimizer, "all", dtype)
        whole = biography(traveller, "dense_1.weight", 1, 2)
        for memory in (1, 30_000):
            monkeypatch.setattr(stretch, "MEMORY", memory)
            life = biography(traveller, "dense_1.weight", 1, 2)
            adds_up(life)
            np.testing.assert_allclose(life.by_row, whole.by_row, rtol=1e-12, atol=1e-16)
            assert np.array_equal(life.values, whole.values)
            assert life.bound == pytest.approx(whole.bound, rel=0.1)  # a window's largest batch counts
        monkeypatch.undo()


@pytest.mark.parametrize("decay", [{}, {"weight_decay": 0.05}, {"weight_decay": 0.05, "decoupled": True}], ids=str)
def test_without_states_it_is_the_sum_of_the_changes(decay: dict[str, Any]) -> None:
    traveller = traveller_of(ll.SGD(0.1, **decay))
    life = biography(traveller, "residual_1.dense_1.weight", 1, 2)
    changes = [m.change("residual_1.dense_1.weight", 1, 2) for m in traveller.moments()]
    assert life.values.tolist() == [*(c.before for c in changes), changes[-1].after]
    by_row, others = np.zeros(23), 0.0
    for change in changes:
        for part in change.parts[:-1]:
            if part.row is None:
                others += float(part)
            else:
                by_row[part.row] += float(part)
    np.testing.assert_allclose(life.by_row, by_row, rtol=1e-12, atol=1e-16)
    assert float(sum((p.value for p in life.others), Fraction(0))) == pytest.approx(others, rel=1e-12)
    assert float(life.rounding) == pytest.approx(sum(float(c.rounding) for c in changes), abs=1e-13)
    assert life.slack == pytest.approx(float(sum(c.bound for c in changes)), rel=0.05)


def test_momentum_is_followed_back_to_rows() -> None:
    """The velocity of the textbook, unrolled by hand: a push at t counts rate (1 + mu + mu^2 ...) until the end."""
    traveller = traveller_of(ll.SGD(0.1, momentum=0.9), "plain")
    life, expected = biography(traveller, "dense_1.weight", 1, 2), np.zeros(23)
    for m in traveller.moments():
        left = traveller.updates - m.update
        share = -0.1 * sum(0.9**k for k in range(left))
        pushes = m.tensor("x")[:, 1].astype(float) * m.layer("dense_1").delta[:, 2].astype(float)
        expected[m.rows] += share * pushes
    np.testing.assert_allclose(life.by_row, expected, rtol=1e-5)
    assert {p.kind for p in life.others} <= {"state"}


def test_a_stretch() -> None:
    traveller = traveller_of(MOMENTUM)
    per_epoch = traveller.run.updates_per_epoch
    life = biography(traveller, "dense_1.weight", 0, 1, start=per_epoch, stop=2 * per_epoch)
    adds_up(life)
    first = traveller.at(epoch=1)
    assert life.before == first.layer("dense_1").weight[0, 1]
    state = next(p for p in life.others if p.kind == "state")
    mu, rate, kept = 0.9, 0.1, float(first.tensor("vW1")[0, 1])
    unrolled = -rate * sum(mu**k for k in range(1, per_epoch + 1)) * kept
    assert float(state) == pytest.approx(unrolled, rel=1e-5)
    assert "before update 4" in state.name
    assert "weight" in {p.kind for p in life.others}


def test_rows_and_classes() -> None:
    run = run_of(MOMENTUM, validation=0.3)
    life = biography(Traveller(run), "dense_1.bias", 2)
    adds_up(life)
    assert set(np.flatnonzero(life.by_row)) <= set(range(23)) - set(run.held_out.tolist())
    for label, pushed in life.by_class.items():
        assert pushed == pytest.approx(life.by_row[run.examples.labels == label].sum(), rel=1e-12)
    strongest = life.strongest(3)
    assert [p.row for p in strongest] == np.argsort(-abs(life.by_row))[:3].tolist()
    X, y = ll.datasets.load("diabetes").standardised()
    y = (y - y.mean()) / y.std()
    numbers = ll.train(ll.mlp(X.shape[1], 3, 1), X, y, loss="mse", epochs=2, optimizer=ll.SGD(0.01), progress=False)
    life = biography(Traveller(numbers), "dense_1.weight", 2, 1)
    adds_up(life)
    assert life.by_class == {}
    assert f"{np.count_nonzero(life.by_row)} rows" in str(life)


def test_classes_of_two() -> None:
    X, y = ll.datasets.load("spirals").standardised()
    run = ll.train(ll.mlp(2, 4, 1, activation="tanh"), X, y, epochs=2, progress=False)
    life = biography(Traveller(run), "dense_1.weight", 1, 2)
    adds_up(life)
    assert life.by_class == {k: pytest.approx(life.by_row[y == k].sum()) for k in (0, 1)}
    lives = biographies(Traveller(run), "dense_1").parameters["weight"]
    assert lives.by_class[:, 1, 2] == pytest.approx(list(life.by_class.values()))
    shares = ll.train(ll.mlp(2, 4, 1), X, np.clip(y, 0.1, 0.9), loss="binary_cross_entropy", epochs=1, progress=False)
    assert biography(Traveller(shares), "dense_1.weight", 1, 2).by_class == {}


def mutants(life: Biography) -> list[Biography]:
    """A dropped row, a wrong rate, a wrong sign, values that are none of the run."""
    rows = np.flatnonzero(life.by_row)
    strongest, weak = int(np.argmax(abs(life.by_row))), int(rows[np.argsort(abs(life.by_row[rows]))[len(rows) // 2]])
    found = [replace(life, by_row=np.where(np.arange(23) == row, 0.0, life.by_row)) for row in (strongest, weak)]
    found.append(replace(life, by_row=np.where(np.arange(23) == strongest, -life.by_row, life.by_row)))
    found.append(replace(life, by_row=life.by_row * 1.001))
    found.append(replace(life, moved=life.moved * 1.01))
    for k in (0, len(life.values) // 2, -1):
        values = life.values.copy()
        values[k] += 1000 * life.allowed.max()
        found.append(replace(life, values=values))
    found.append(replace(life, others=(*life.others, life.strongest(1)[0])))
    found.append(replace(life, carried_share=1.5))
    return found


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", [ll.SGD(0.1), MOMENTUM, ll.AdamW(0.02)], ids=repr)
def test_mutated_biographies_lose_their_tick(optimizer: Optimizer, dtype: str) -> None:
    traveller = traveller_of(optimizer, "plain", dtype)
    for place in np.ndindex(3, 5):
        life = biography(traveller, "dense_1.weight", *place)
        for wrong in mutants(life):
            assert not wrong.ticks
            assert "✓" not in str(wrong) + wrong._repr_html_()


def without_a_row(name: str, values: np.ndarray) -> np.ndarray:
    if name != "x":
        return values
    changed = values.copy()
    changed[:, 2] = 0
    return changed


def a_wrong_rate(name: str, values: np.ndarray) -> np.ndarray:
    return values * values.dtype.type(1.01) if name in ("rate", "step", "rateW1") else values


def a_stale_weight(name: str, values: np.ndarray) -> np.ndarray:
    return np.concatenate([values[:1], values[:-1]]) if name == "W1" else values


def a_stale_state(name: str, values: np.ndarray) -> np.ndarray:
    return np.concatenate([values[:1], values[:-1]]) if name in ("vW1", "mW1") else values


@pytest.mark.parametrize("fault", [without_a_row, a_wrong_rate, a_stale_weight, a_stale_state])
@pytest.mark.parametrize("optimizer", [MOMENTUM, ll.AdamW(0.02)], ids=repr)
def test_faults_in_what_is_read_lose_the_tick(
    optimizer: Optimizer, fault: Callable[[str, np.ndarray], np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    traveller = traveller_of(optimizer, "plain")
    assert biography(traveller, "dense_1.weight", 1, 2).ticks
    reader = stretch._reader

    def faulty(*given: Any) -> Callable[[str], np.ndarray]:
        read = reader(*given)
        return lambda name: fault(name, read(name))

    monkeypatch.setattr(stretch, "_reader", faulty)
    assert not biography(traveller, "dense_1.weight", 1, 2).ticks


def test_the_receipt_can_be_checked_by_another_program() -> None:
    life = biography(traveller_of(ll.AdamW(0.02, clip_norm=0.05)), "dense_1.weight", 1, 2)
    data = json.loads(json.dumps(life.to_dict()))
    exact = sum((Fraction(p["exact"]) for p in data["parts"]), Fraction(0))
    assert exact == Fraction(data["after"]) - Fraction(data["before"])
    assert all(Fraction(p["exact"]) == Fraction(p["value"]) for p in data["parts"][:-1])
    assert (data["ticks"], data["values"][0], data["frozen"]) == (True, data["before"], ["clip", "rateW1"])
    assert sum(data["by_class"].values()) == pytest.approx(
        sum(p["value"] for p in data["parts"] if p["row"] is not None)
    )


def test_text_and_markup() -> None:
    name = "<script>alert(1)</script>$\\x" * 2
    X = np.eye(3, dtype=np.float32)
    run = ll.train(
        ll.Network(3, [ll.Dense(2, "tanh", name=name), ll.Dense(1)]), X, X[:, 0], epochs=3, progress=False,
        optimizer=ll.AdamW(0.1),
    )  # fmt: skip
    life = biography(Traveller(run), f"{name}.weight", 0, 0)
    assert "<script" not in life._repr_html_()
    assert html.escape(f"{name}.weight[0,0]") in life._repr_html_()
    assert life.latex().count("{") == life.latex().count("}")
    assert "✓" in str(life)
    for shown in (life, biography(traveller_of(MOMENTUM), "dense_1.weight", 0, 0)):
        assert max(map(len, str(shown).splitlines())) <= 80


def test_bad_requests() -> None:
    traveller = traveller_of(MOMENTUM)
    with pytest.raises(UnknownName, match=r"dense_1\.weight"):
        biography(traveller, "dense_1.wieght", 0, 0)
    with pytest.raises(DescriptionError, match="give 2"):
        biography(traveller, "dense_1.weight", 0)
    for start, stop in ((-1, None), (0, 17), (0, 1.5)):
        with pytest.raises(DescriptionError, match="from 0 to 16"):
            biography(traveller, "dense_1.weight", 0, 0, start=start, stop=stop)
    for start, stop in ((5, 5), (6, 5)):
        with pytest.raises(DescriptionError, match="no update"):
            biography(traveller, "dense_1.weight", 0, 0, start=start, stop=stop)
    closed = Traveller(run_of(MOMENTUM))
    closed.close()
    with pytest.raises(DescriptionError, match="closed"):
        biography(closed, "dense_1.weight", 0, 0)


def test_losses_that_are_not_the_runs_are_refused() -> None:
    run = run_of(MOMENTUM)
    losses = run.losses.copy()
    losses[4] = np.nextafter(losses[4], np.float32(9))
    with pytest.raises(ProgramError, match="update 4"):
        biography(Traveller(ll.Run(run.task, replace(run.outcome, losses=losses))), "dense_1.weight", 0, 0)


@pytest.mark.parametrize("optimizer", [ll.SGD(0.1), MOMENTUM, ll.AdamW(0.02, clip_norm=0.05)], ids=repr)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_all_numbers_of_a_layer_at_once(optimizer: Optimizer, dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    traveller = traveller_of(optimizer, "all", dtype)
    for layer in ("dense_1", "layer_norm_1", "residual_1.dense_1"):
        found = biographies(traveller, layer)
        assert found.ticks
        for p in found.parameters.values():
            for place in np.ndindex(p.before.shape):
                life = biography(traveller, p.name, *place)
                assert (life.before, life.after) == (p.before[place], p.after[place])
                assert p.path[place] == pytest.approx(life.path, rel=1e-12)
                assert p.by_class[:, *place] == pytest.approx([life.by_class[k] for k in range(3)], rel=1e-9, abs=1e-15)
                assert p.row[place] == life.strongest(1)[0].row
                assert p.rounding[place] == pytest.approx(float(life.rounding), abs=2 * life.error)
    monkeypatch.setattr(lives, "ROOM", 1)
    monkeypatch.setattr(lives, "BULK", 1)
    again = biographies(traveller, layer).parameters["weight"]
    assert again.ticks.all()
    np.testing.assert_allclose(again.by_class, found.parameters["weight"].by_class, rtol=1e-9, atol=1e-15)


def test_the_ranking() -> None:
    found = biographies(traveller_of(MOMENTUM), "dense_1", start=2)
    weight, outlines = found.parameters["weight"], list(found)
    assert len(outlines) == len(found) == 15 + 5
    assert [abs(o.change) for o in outlines] == sorted((abs(o.change) for o in outlines), reverse=True)
    by_path = found.ranked("path", 3)
    assert [o.path for o in by_path] == sorted((o.path for o in outlines), reverse=True)[:3]
    first = next(o for o in outlines if o.name == "dense_1.weight[2,4]")
    assert first.class_push == weight.by_class[first.strongest_class, 2, 4]
    assert abs(first.class_push) == abs(weight.by_class[:, 2, 4]).max()
    assert json.loads(json.dumps(found.to_dict()))["numbers"][0]["name"] == outlines[0].name
    assert "✓ 20 of 20" in str(found)
    assert max(map(len, str(found).splitlines())) <= 80
    wrong = replace(
        found, parameters={"weight": replace(weight, ticks=weight.ticks & (weight.row != weight.row[0, 0]))}
    )
    assert "✗" in str(wrong)
    assert not wrong.ticks
    assert outlines[0].name in found._repr_html_()
    with pytest.raises(UnknownName, match="layer"):
        biographies(traveller_of(MOMENTUM), "dens")


@pytest.mark.parametrize("fault", [without_a_row, a_wrong_rate, a_stale_weight, a_stale_state])
def test_faults_lose_the_ticks_of_a_layer(
    fault: Callable[[str, np.ndarray], np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    traveller, reader = traveller_of(MOMENTUM, "plain"), stretch._reader

    def faulty(*given: Any) -> Callable[[str], np.ndarray]:
        read = reader(*given)
        return lambda name: fault(name, read(name))

    monkeypatch.setattr(stretch, "_reader", faulty)
    assert not biographies(traveller, "dense_1").parameters["weight"].ticks.any()
