"""``learnloop replay``: the same bits again, and the first that is not."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from cli.conftest import fits
from learnloop import Run
from learnloop.compile import native_target
from learnloop.runs.replay import replay
from learnloop.train import session


@pytest.mark.parametrize("id", ["iris-1", "iris-3", "diabetes-1"])
def test_the_same_to_the_last_bit(learnloop, shared, id):
    result, run = learnloop("replay", id, "--verify"), shared.load(id)
    assert result.code == 0 and fits(result.out) and "✓ the same, to the last bit" in result.out
    assert f"computed again for {run.target} in" in result.out and f"it was made on {run.target}" in result.out
    assert f"\ndigest    {run.digest}\n" in result.out


def test_verifying_compares_all_that_was_recorded(answer, shared):
    run = shared.load("iris-1")
    found = answer("replay", "iris-1", "--verify")
    assert (found["same"], found["update"], found["digest"]) == (True, None, run.digest)
    assert found["losses"] == run.updates and found["states"] == len(run.checkpoints) > 1
    assert found["digests"] == len({*run.digests, run.updates})
    found = answer("replay", "iris-1")
    assert (found["losses"], found["digests"], found["states"]) == (run.updates, 1, 0)


def test_as_another_processor_would(answer, learnloop, shared):
    found = answer("replay", "iris-1", "--target", "baseline", "--verify")
    assert found["same"] and found["target"] == "baseline" and found["made_on"] == native_target().name
    result = learnloop("replay", "iris-1", "--target", "abacus")
    assert result.code == 2 and "target is 'abacus'; this machine runs" in result.err


def test_a_run_that_was_made_on_another_processor(learnloop, own):
    entry = own.entry("iris-1")
    own.finish("iris-1", "finished", digest=entry.digest, facts=entry.facts | {"target": "aarch64"})
    result = learnloop("replay", "iris-1", "--verify")
    assert result.code == 0 and "it was made on aarch64" in result.out
    assert learnloop("why", "iris-1", "dense_1.weight[0,0]").code == learnloop("show", "iris-1").code == 0


def test_a_branch_and_what_it_came_from(learnloop, answer, own):
    made = answer("branch", "iris-1", "--at", "9", "--learning-rate", "0.5")
    result = learnloop("replay", made["run"], "--verify")
    assert result.code == 0 and "with the run that it branched from" in " ".join(result.out.split())


def other_losses(run: Run, update: int) -> Run:
    losses = run.losses.copy()
    losses[update] = np.nextafter(losses[update], np.inf)
    changed = Run(run.task, replace(run.outcome, losses=losses), run.notes)
    changed.record = run.record
    return changed


def test_the_first_loss_that_differs(learnloop, shared, monkeypatch):
    monkeypatch.setattr("learnloop.cli.replaying.find", lambda *_: other_losses(shared.load("iris-1"), 13))
    result = learnloop("replay", "iris-1", "--json")
    found = json.loads(result.out.splitlines()[-1])
    assert result.code == 1 and (found["same"], found["update"], found["what"]) == (False, 13, "loss")
    assert "✗ it differs at update 13: the loss of this update" in result.err and found["was"] in result.err


@pytest.mark.parametrize("what", ["weights", "state"])
def test_what_was_recorded_and_differs(learnloop, shared, monkeypatch, what):
    run = shared.load("iris-1")
    at = 13 if what == "weights" else run.checkpoints[1]
    if what == "weights":
        run.digests[at] = "0" * 64
    else:
        real, name = run.checkpoint, next(iter(run.state))
        run.__dict__["checkpoint"] = lambda update: {**real(update), **({name: real(update)[name] + 1} if update == at else {})}
    monkeypatch.setattr("learnloop.cli.replaying.find", lambda *_: run)
    result = learnloop("replay", "iris-1", "--verify")
    assert result.code == 1 and f"✗ it differs at update {at}: " in result.out
    assert learnloop("replay", "iris-1").code == 0  # without --verify it is not looked at


def test_an_end_that_is_another(shared):
    run = shared.load("iris-1")
    assert replay(Run(run.task, replace(run.outcome, weights={k: v + 1 for k, v in run.weights.items()}))).what == "weights"
    diverged = shared.load("iris-3")
    longer = replace(diverged.outcome, losses=np.append(diverged.losses, np.float32(1)))
    found = replay(Run(diverged.task, longer))
    assert (found.update, found.what, found.now) == (diverged.updates, "end", "no finite number")


def test_a_branch_whose_origin_differs(shared):
    run = shared.load("iris-1").branch(9, learning_rate=0.5)
    start = replace(run.task.start, losses=run.task.start.losses + 1)
    assert replay(Run(replace(run.task, start=start), run.outcome)).update == 0


def test_a_run_of_another_version_of_the_arithmetic(learnloop, shared, monkeypatch):
    monkeypatch.setattr(session, "ARITHMETIC", 99)
    for words in (["replay", "iris-1"], ["show", "iris-1", "--update", "0"], ["why", "iris-1", "dense_1.weight[0,0]"]):
        result = learnloop(*words)
        assert result.code == 1 and result.out == "" and "version 1 of the arithmetic" in result.err
    assert learnloop("show", "iris-1").code == 0


def test_quietly(learnloop, shared):
    assert learnloop("replay", "iris-1", "--quiet")[:] == (0, "", "")


def test_its_last_line_of_progress_shows_the_loss_that_training_showed(learnloop, store):
    trained = learnloop("train", "iris", "--epochs", "3").err.splitlines()[-1]
    assert trained.startswith("epoch 3/3  loss ") and learnloop("replay", "last").err.splitlines()[-1] == trained
