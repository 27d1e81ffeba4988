"""What if: real trainings with everything else held the same, and where two runs part."""

from __future__ import annotations

import time

import numpy as np
import pytest

import learnloop as ll
from learnloop.cli.showing import origin
from learnloop.errors import DataError, DescriptionError, ProgramError, UnknownName
from learnloop.runs import compare
from learnloop.train.engine import Engine
from learnloop.train.progress import Silent
from runs.visited import OPTIMIZERS, data, run_of, traveller_of

PLAIN = ll.SGD(0.1, momentum=0.9)


@pytest.fixture(scope="module")
def run() -> ll.Run:
    X, y = ll.datasets.load("iris").standardised()
    return ll.train(ll.mlp(4, 8, 3, activation="tanh"), X, y, optimizer=ll.SGD(0.01, momentum=0.9), epochs=40, progress=False)


@pytest.mark.parametrize("optimizer", OPTIMIZERS[::5], ids=repr)
@pytest.mark.parametrize("at", [1, 7, 15])
def test_a_branch_without_a_change_is_the_run(optimizer, at) -> None:
    run = run_of(optimizer)
    branch = run.branch(at)
    assert branch.digest == run.digest
    assert branch.losses.tobytes() == run.losses.tobytes()
    assert compare(run, branch).same
    for update in (0, at - 1, at, run.updates - 1):
        assert branch.at(update).loss == run.at(update).loss


def test_a_branch_is_its_parent_up_to_there_and_otherwise_after(run) -> None:
    branch = run.branch(103, learning_rate=0.1)
    assert branch.losses[:104].tobytes() == run.losses[:104].tobytes()  # the loss is before the update
    assert branch.losses[104] != run.losses[104]
    assert branch.at(102).learning_rate == 0.01 and branch.at(103).learning_rate == 0.1
    assert branch.at(103).change("dense_1.weight", 0, 0).ticks
    life = branch.biography("dense_1.weight", 0, 0)
    assert life.ticks and (life.start, life.stop) == (103, 200)
    found = compare(run, branch)
    assert (found.update, found.weight, found.first_loss) == (103, "dense_1.weight[0,0]", 104)
    assert found.layer == "dense_1" and not found.same


def test_going_on_behind_the_end_is_one_longer_run(run) -> None:
    longer = run.branch(run.updates, epochs=60)
    assert longer.digest == run.again(epochs=60).digest
    assert longer.updates == 60 * run.updates_per_epoch


def test_another_optimizer_begins_with_states_of_its_own(run) -> None:
    """Adam's second moment has the name of a velocity; it must not begin with one."""
    branch = run.branch(50, optimizer=ll.Adam(0.01))
    moment = branch.at(50)
    assert moment.tensor("vW1").any() == False and moment.tensor("mW1").any() == False  # noqa: E712
    assert moment.layer("dense_1").weight.tobytes() == run.at(50).layer("dense_1").weight.tobytes()


def test_a_rate_keeps_the_shape_of_its_schedule() -> None:
    X, y, _ = data()
    first = ll.train(ll.mlp(3, 4, 3), X, y, optimizer=ll.Adam(ll.Warmup(3, ll.Cosine(0.1))), epochs=4, progress=False)
    again = first.again(learning_rate=0.2)
    assert again.optimizer == ll.Adam(ll.Warmup(3, ll.Cosine(0.2)))
    assert again.digest == ll.train(ll.mlp(3, 4, 3), X, y, optimizer=again.optimizer, epochs=4, progress=False).digest


def test_without_is_a_training_with_weight_0(run) -> None:
    X, y = ll.datasets.load("iris").standardised()
    weights = np.ones(150)
    weights[[17, 44]] = 0
    other = ll.train(
        run.network, X, y, optimizer=run.optimizer, epochs=40, sample_weight=weights, progress=False
    )  # fmt: skip
    assert run.without([17, 44]).digest == other.digest != run.digest
    assert run.without(17).notes["without"] == [17]
    fewer = run.without(17).without([3, 17])
    assert fewer.notes["without"] == [3, 17]  # its weights are 0 for both
    again = fewer.branch(2, learning_rate=0.5).again(seed=2)
    assert again.notes["without"] == [3, 17] and again.notes["again"] == ["seed"] and "branch" not in again.notes


def test_notes_name_the_run_that_it_came_from(tmp_path):
    X, y = ll.datasets.load("xor")
    run = ll.train(ll.mlp(2, 3, 1), X, y, epochs=2, record=tmp_path / "runs.sqlite", name="xor", progress=False)
    other = run.again(seed=1, record=tmp_path / "runs.sqlite", name="xor")
    assert (run.notes, other.notes["of"], other.without(1).notes["of"]) == ({}, "xor-1", "xor-2")
    assert run.without(1).again(seed=3).notes["of"] is None


def test_without_moves_nothing_before_the_row_is_met(run) -> None:
    without = run.without([17])
    first = next(k for k, moment in enumerate(run._traveller.moments()) if 17 in moment.rows)
    assert compare(run, without).update == first


def test_without_on_a_branch_leaves_the_row_out_before_it_too(run) -> None:
    one = run.branch(60, learning_rate=0.05).without([3])
    other = run.without([3]).branch(60, learning_rate=0.05)
    assert one.digest == other.digest and one.losses.tobytes() == other.losses.tobytes()
    assert one.at(10).loss == other.at(10).loss


def test_leave_one_out_is_without_for_each_row() -> None:
    run = run_of(PLAIN, validation=0.2)
    found = run.leave_one_out(progress=False, threads=3)
    assert sorted(found.rows) == sorted(run.rows) and not found.interrupted
    for row, digest, value in list(zip(found.rows, found.digests, found.values, strict=True))[::4]:
        again = run.without([row])
        assert again.digest == digest
        assert value == again.history[-1]["validation_loss"]
    assert found.base == run.history[-1]["validation_loss"]
    assert np.array_equal(found.effects, found.values - found.base)


def test_ctrl_c_in_leave_one_out_waits_for_no_training(monkeypatch) -> None:
    run, ended = run_of(PLAIN), []

    def endless(self, stop):
        for _ in range(1000):
            time.sleep(0.01)
            yield 0
        ended.append(stop)

    class Impatient(Silent):
        def start(self, *_: object) -> None:
            monkeypatch.setattr(Engine, "advance", endless)

        def show(self, *_: object) -> None:
            raise KeyboardInterrupt

    found = run.leave_one_out(threads=2, progress=Impatient())
    assert found.interrupted and not len(found.rows) and not ended


@pytest.mark.parametrize("measure", ["accuracy", "probabilities", "outputs", "loss"])
def test_leave_one_out_of_predictions(measure) -> None:
    run = run_of(PLAIN)
    X, y, _ = data()
    rows = [4, 0, 9]
    found = run.leave_one_out(rows, measure=measure, on=(X[:5], y[:5]), progress=False)
    assert found.rows.tolist() == rows
    for row, value in zip(rows, found.values, strict=True):
        other = run.without([row])
        if measure == "probabilities":
            assert value.tobytes() == other.predict_proba(X[:5]).tobytes()
        elif measure in ("accuracy", "loss"):
            assert value == other.evaluate(X[:5], y[:5])[measure]
    assert set(found.strongest(2)) <= set(rows)
    assert str(found).count("without row") == 3 and found.to_dict()["rows"] == rows


def test_compare_tells_what_differs(run) -> None:
    other = run.again(seed=3)
    found = compare(run, other)
    assert found.update == -1 and "seed: 0 | 3" in str(found) and "first weights differ" in str(found)
    X, y, _ = data()
    narrow = ll.train(ll.mlp(3, 4, 3), X, y, epochs=2, progress=False)
    assert compare(run, narrow).update == -1 and "different parameters" in str(compare(run, narrow))
    longer = compare(run, run.again(epochs=50))
    assert longer.update is None and not longer.same and "as far as both go" in str(longer)


def test_what_cannot_be_asked(run) -> None:
    with pytest.raises(DescriptionError, match="expected a whole number from 0 to 200"):
        run.branch(201)
    with pytest.raises(DescriptionError, match="batch_size cannot change at a branch"):
        run.branch(10, batch_size=8)
    with pytest.raises(UnknownName, match="Did you mean 'learning_rate'"):
        run.branch(10, learning_rte=8)
    with pytest.raises(DescriptionError, match="learning_rate"):
        run.branch(10, learning_rate=-1.0)
    with pytest.raises(DescriptionError, match="ends before update 200"):
        run.branch(200, epochs=3)
    with pytest.raises(DescriptionError, match="ends before update"):
        run.branch(200, learning_rate=0.1)
    with pytest.raises(DescriptionError, match="from 0 to 149"):
        run.without([150])
    with pytest.raises(DescriptionError, match="from 0 to 149"):
        run.without([])
    for wrong in ("abc", 3.5, None):
        with pytest.raises(DescriptionError, match="expected whole numbers"):
            run.without(wrong)
    with pytest.raises(DataError, match="all rows would be left out"):
        run.without(range(150))
    with pytest.raises(UnknownName, match="measure"):
        run.leave_one_out([1], measure="acuracy", progress=False)
    with pytest.raises(DataError, match="needs targets"):
        run.leave_one_out([1], on=run.examples.X, progress=False)
    held = run_of(PLAIN, validation=0.2)
    with pytest.raises(DescriptionError, match="is held out"):
        held.without(held.held_out[:1])
    with pytest.raises(DescriptionError, match="lies before the branch at update 10"):
        run.branch(10).biography("dense_1.weight", 0, 0, start=5)
    with pytest.raises(DescriptionError, match="is a branch"):
        run.branch(10).leave_one_out([1], progress=False)


def test_a_branch_saved_and_read_is_the_same(run, tmp_path) -> None:
    branch = run.without([3]).branch(60, learning_rate=0.05, epochs=50).branch(180, momentum=0.5)
    again = ll.load(branch.save(tmp_path / "a.run"))
    assert again.digest == branch.digest
    for update in (0, 59, 60, 179, 180, 249):
        assert again.at(update).loss == branch.losses[update]


def test_data_are_given_back_only_if_they_are_the_same(run) -> None:
    X, y = ll.datasets.load("iris").standardised()
    from dataclasses import replace

    bare = ll.Run(replace(run.task, examples=None), run.outcome)
    with pytest.raises(DataError, match="does not hold its data"):
        bare.at(3)
    with pytest.raises(DataError, match="are not the data"):
        bare.with_data(X + 1, y)
    with pytest.raises(DataError, match="are not the data"):
        bare.with_data(X[:-1], y[:-1])
    assert bare.with_data(X, y).at(3).loss == run.losses[3]


def test_states_before_updates(run) -> None:
    traveller = traveller_of(PLAIN)
    states = [traveller.state(k) for k in range(traveller.updates + 1)]
    assert states[-1]["W1"].tobytes() == run_of(PLAIN).weights["dense_1.weight"].tobytes()
    with pytest.raises(DescriptionError, match="update is -1"):
        traveller.state(-1)


def test_large_data_that_were_written_to_are_noticed(monkeypatch) -> None:
    """Beyond 16 MiB the arrays stay the caller's."""
    monkeypatch.setattr("learnloop.api.WITH_DATA", 0)
    X, y, _ = data()
    X = X.copy()
    run = ll.train(ll.mlp(3, 5, 3, activation="tanh"), X, y, batch_size=7, epochs=5, progress=False)
    X[5] = 1
    asked = (lambda: run.without([1]), lambda: run.again(seed=1), lambda: run.branch(at=12, seed=1),
             lambda: run.leave_one_out(rows=[1], progress=False))  # fmt: skip
    for question in asked:
        with pytest.raises(DataError, match="written to"):
            question()
    with pytest.raises(ProgramError, match="gave the loss"):
        run.state_before(run.updates)
    X[:] = np.nan
    for question in (lambda: run.state_before(run.updates), lambda: run.at(update=3)):
        with pytest.raises(ProgramError, match="gave the loss nan"):
            question()


def test_numbers_of_numpy_are_numbers(run, tmp_path) -> None:
    worst = np.argmax(run.losses)
    assert run.at(update=worst).loss == run.losses[worst] and run.at(epoch=np.int32(-1)).epoch == 39
    place = np.argwhere(run.weights["dense_1.weight"])[3]
    assert run.at(update=2).change("dense_1.weight", *place).ticks
    assert run.biography("dense_1.weight", *place, start=np.int64(3), stop=np.int64(9)).ticks
    branch = run.branch(np.int64(5), learning_rate=np.float32(0.5))
    assert ll.load(branch.save(tmp_path / "branch.run")).digest == branch.digest
    assert run.without(np.array(3)).digest == run.without({3}).digest == run.without(np.array([3])).digest
    assert run.leave_one_out(np.int64(3), threads=np.int64(1), progress=False).rows.tolist() == [3]


@pytest.mark.parametrize("rows", [None, "1", 1.5, [[1]], np.zeros((1, 1)), [True], {"a": 1}, [None]], ids=repr)
def test_rows_that_are_none(run, rows) -> None:
    with pytest.raises(DescriptionError, match=r"rows is .*; expected whole numbers from 0 to 149"):
        run.without(rows)


def test_compare_tells_other_rows_and_what_came_before_a_branch(run) -> None:
    def train(**how) -> ll.Run:
        X, y, _ = data()
        return ll.train(ll.mlp(3, 5, 3), X, y, batch_size=7, epochs=3, progress=False, **how)

    assert compare(train(), train(validation=0.2)).differences == ("rows to learn from: 23 | 18",)
    held, other = train(validation=0.2, seed=1), train(validation=0.2, seed=2)
    assert compare(held, other).differences == ("seed: 1 | 2", "rows to learn from: 18 | 18, others")
    late, later = run.branch(9), run.branch(4, learning_rate=0.5).branch(9, learning_rate=0.01)
    found = compare(late, later)
    assert found.update == 4 and found.differences[0].startswith("before the branch, optimizer learning rate: 0.01 | 0.5")
    assert compare(run.branch(9), run.branch(9)).differences == ()
    assert "or precision" in str(compare(train(), train(dtype="float64")))


@pytest.mark.parametrize("given", ["abc", 5, [["a"]], {"a": 1}, None, [True, -1, "x"]], ids=repr)
def test_notes_may_be_anybodys(given) -> None:
    X, y, _ = data()
    run = ll.train(ll.mlp(3, 4, 3), X, y, epochs=1, progress=False, notes=dict.fromkeys(("without", "again", "of"), given))
    assert run.left_out == [] and run.without([3]).without([1]).left_out == [1, 3]
    assert origin(run) == [] or isinstance(given, list)


def test_validation_data_that_are_given_back_reach_what_a_branch_came_from(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("learnloop.run.WITH_DATA", 0)
    X, y, _ = data()
    run = ll.train(ll.mlp(3, 4, 3), X, y, epochs=3, batch_size=7, validation=(X[:5], y[:5]), progress=False)
    branch = run.branch(5, learning_rate=0.1)
    again = ll.load(branch.save(tmp_path / "branch.run")).with_data(X, y, validation=(X[:5], y[:5]))
    assert again.without([3]).history == branch.without([3]).history
