"""``without``, ``branch``, ``again``, ``diff`` and ``influence``: real trainings, told beside the original."""

from __future__ import annotations

import json
import shlex

import numpy as np
import pytest

from cli.conftest import fits
from learnloop import Store
from learnloop.cli import influencing, whatif
from learnloop.data import datasets
from learnloop.errors import StoreError

ASKED = {
    "without iris-1 --rows 18,19": lambda run: run.without([18, 19]),
    "branch iris-1 --at 9 --learning-rate 0.5 --epochs 6": lambda run: run.branch(9, learning_rate=0.5, epochs=6),
    "branch iris-1 --at -1 --optimizer sgd --momentum 0.5": lambda run: run.branch(run.updates - 1, optimizer="sgd", momentum=0.5),
    "again iris-1 --seed 3 --batch-size 7": lambda run: run.again(seed=3, batch_size=7),
    "branch iris-1 --at 0 --epochs 3": lambda run: run.branch(0, epochs=3),
    "again iris-1 --weight-decay 0.1 --clip-norm 1": lambda run: run.again(weight_decay=0.1, clip_norm=1.0),
}


@pytest.mark.parametrize("words", ASKED)
def test_the_same_as_in_python_and_recorded(answer, own, words):
    run = own.load("iris-1")
    found, expected = answer(*words.split()), ASKED[words](run)
    assert found["digest"] == expected.digest == own.load(found["run"]).digest != run.digest
    assert (found["run"], found["of"], found["command"]) == ("iris-4", "iris-1", words.split()[0])
    assert own.entry("iris-4").facts["metrics"] == found["metrics"] and found["metrics"]["test"]["accuracy"] >= 0
    assert found["original"]["digest"] == run.digest
    assert found["original"]["metrics"] == own.entry("iris-1").facts["metrics"]["test"]
    assert own.load("iris-4").notes["of"] == "iris-1"


@pytest.mark.parametrize("words", ASKED)
def test_told_beside_the_original(learnloop, own, words):
    result = learnloop(*words.split())
    assert result.code == 0 and fits(result.out) and result.out.startswith("iris-4    ")
    for part in ("iris-1", "loss in the last epoch", "test accuracy", "differs   ", "parting   ", "recorded  iris-4"):
        assert part in result.out
    kind = {"without": "without rows 18, 19 of iris-1", "branch": "a branch of iris-1 at update ", "again": "a training of iris-1 again, with "}
    assert kind[words.split()[0]] in result.out and kind[words.split()[0]] in learnloop("show", "iris-4").out


def test_where_it_parts(answer, own):
    assert answer("branch", "iris-1", "--at", "9", "--learning-rate", "0.5")["comparison"]["update"] == 9


def test_without_a_record(answer, learnloop, shared):
    before = [entry.id for entry in shared.entries()]
    found = answer("again", "iris-1", "--seed", "3", "--no-record")
    assert found["run"] is None and [entry.id for entry in shared.entries()] == before
    assert "the new one" in learnloop("again", "iris-1", "--seed", "3", "--no-record").out


def test_of_a_file_into_the_store(answer, shared, store, tmp_path, monkeypatch):
    shared.load("iris-1").save(tmp_path / "a.run")
    monkeypatch.delenv("LEARNLOOP_STORE")
    found = answer("without", str(tmp_path / "a.run"), "--rows", "18-20")
    assert found["run"] == "iris-1" and store.load("iris-1").notes["without"] == [18, 19, 20]


BAD = {
    "without iris-1": (2, "which rows shall be left out? Fix: --rows 17,18"),
    "without iris-1 --rows 9999": (2, "rows is 9999; expected whole numbers from 0 to 119."),
    "without iris-1 --rows 1": (2, "row 1 is held out: the run did not learn from it"),
    "without iris-1 --rows a": (2, "--rows is 'a'; expected row numbers, as in 17,18 or 20-29."),
    "branch iris-1 --learning-rate 0.1": (2, "where shall it branch? Fix: --at K, an update from 0 to "),
    "branch iris-1 --at 999 --learning-rate 0.1": (2, "at is 999; expected a whole number from 0 to "),
    "branch iris-1 --at 2": (2, "nothing is changed. Fix: --learning-rate 0.1, for example"),
    "branch iris-1 --at 2 --learning-rate -1": (2, "--learning-rate is -1.0; expected a number of at least 0."),
    "branch iris-1 --at 20 --epochs 1": (2, "epochs is 1, which ends before update 20. Fix: more epochs."),
    "again iris-1": (2, "nothing is changed."),
    "again iris-1 --momentum 0.9": (2, "the optimizer adam has no momentum. Fix: leave out --momentum, or --optimizer sgd."),
    "branch iris-1 --at 2 --momentum 0.9": (2, "the optimizer adam has no momentum."),
    "without iris-1 --rows 0-119": (2, "row 1 is held out"),
    "without diabetes-1 --rows 0-353": (2, "all rows would be left out"),
    "again iris-1 --optimizer adm": (2, "unknown optimizer 'adm'. Did you mean 'adam'"),
    "again iris-1 --batch-size 0": (2, "--batch-size is 0; expected a whole number of at least 1."),
    "again iris-9 --seed 1": (2, "unknown run 'iris-9'."),
    "influence iris-1 --measure luck": (2, "unknown measure 'luck'. Known: loss, accuracy"),
    "influence iris-1 --rows 9999": (2, "rows is 9999; expected whole numbers from 0 to 119."),
    "influence iris-1 --most -1": (2, "--most is -1"),
    "influence iris-1 --threads 0": (2, "threads is 0; expected a whole number of at least 1."),
    "diff iris-1 iris-9": (2, "unknown run 'iris-9'."),
    "diff iris-1 nothing.run": (5, "there is no file nothing.run."),
}


@pytest.mark.parametrize("words", BAD)
def test_what_cannot_be_asked(learnloop, own, words):
    before = [entry.id for entry in own.entries()]
    result = learnloop(*words.split())
    assert result.code == BAD[words][0] and result.out == "" and BAD[words][1] in result.err
    assert [entry.id for entry in own.entries()] == before


def test_a_new_run_that_diverges(learnloop, own):
    result = learnloop("again", "iris-3", "--learning-rate", "1e8", "--json")
    found = json.loads(result.out.splitlines()[-1])
    assert result.code == 3 and found["status"] == "diverged" == own.entry(found["run"]).status
    assert "The run is kept up to the last finite loss." in result.err and "error's .run" not in result.err


def test_a_new_run_that_is_interrupted(learnloop, own, monkeypatch):
    class Impatient(whatif.Patient):
        def show(self, update, loss, extra):
            raise KeyboardInterrupt

    monkeypatch.setattr(whatif, "Patient", Impatient)
    result = learnloop("again", "iris-1", "--epochs", "4000", "--seed", "4")
    assert result.code == 130 and "interrupted" in result.out and own.entry("iris-4").status == "interrupted"


def test_a_store_that_may_not_be_written(learnloop, shared, monkeypatch):
    def refused(self, *_, **__):
        raise StoreError(f"the store {self.path} may not be written. Fix: another one.")

    monkeypatch.setattr("learnloop.store.store.Store.create", refused)
    result = learnloop("again", "iris-1", "--seed", "1")
    assert result.code == 5 and result.out == "" and "may not be written. Fix: another one." in result.err


def test_two_runs_side_by_side(learnloop, answer, shared):
    result = learnloop("diff", "iris-1", "iris-2")
    assert result.code == 0 and fits(result.out)
    words = " ".join(result.out.split())
    assert "optimizer learning rate: cosine 0.01 to 0 | cosine 0.02 to 0" in words
    assert "they part at update 0: dense_1.weight[" in words
    assert sum(line.startswith(("iris-1    loss ", "iris-2    loss ")) for line in result.out.splitlines()) == 2
    found = answer("diff", "iris-1", "iris-2")
    assert (found["update"], found["same"], found["a"]["run"], found["b"]["run"]) == (0, False, "iris-1", "iris-2")
    assert found["b"]["loss"] == pytest.approx(shared.load("iris-2").losses[-shared.load("iris-2").updates_per_epoch :].mean())


def test_a_run_beside_itself_and_beside_another_network(learnloop, answer, shared):
    out = learnloop("diff", "iris-1", "iris-1").out
    assert "the same weights to the last bit" in out and "nothing in the descriptions" in out
    assert answer("diff", "iris-1", "iris-1")["same"] is True
    assert "different parameters" in " ".join(learnloop("diff", "iris-1", "diabetes-1").out.split())


def test_a_file_beside_a_run_of_the_store_is_measured(answer, shared, tmp_path):
    shared.load("iris-1").save(tmp_path / "a.run")
    found = answer("diff", "iris-1", str(tmp_path / "a.run"))
    assert found["same"] and found["a"]["metrics"] == found["b"]["metrics"]


def test_influence_by_rows_of_the_run_and_of_the_data_set(learnloop, answer, shared):
    words = ["influence", "iris-1", "--rows", "18-23"]
    run, iris = shared.load("iris-1"), datasets.load("iris")
    result, found = learnloop(*words), answer(*words)
    assert result.code == 0 and fits(result.out) and "loss on the rows to test on: " in result.out
    assert found["rows"] == [18, 19, 20, 21, 22, 23] and found["base"] == pytest.approx(shared.entry("iris-1").facts["metrics"]["test"]["loss"])
    for row, digest in zip(found["rows"], found["digests"], strict=True):
        assert run.without(row).digest == digest
    strongest = result.out.splitlines()[-6].split()
    k = int(np.argmax(np.abs(np.array(found["values"]) - found["base"])))
    assert int(strongest[0]) == found["rows"][k] and int(strongest[1]) == run.notes["data"]["rows"][found["rows"][k]]
    assert strongest[2] == iris.target_names[iris.y[int(strongest[1])]]


@pytest.mark.parametrize("measure", ["accuracy", "probabilities", "outputs"])
def test_other_measures(learnloop, answer, shared, measure):
    words = ["influence", "iris-1", "--rows", "18,19", "--measure", measure]
    assert fits(learnloop(*words).out) and len(answer(*words)["effects"]) == 2


def test_influence_where_no_rows_to_test_on_are_known(answer, store):
    import learnloop as ll

    X, y = datasets.load("xor")
    ll.train(ll.mlp(2, 3, 1), X, y, epochs=1, record=store, name="own", progress=False)
    ll.train(ll.mlp(2, 3, 1), X, y, epochs=1, validation=0.2, record=store, name="held", progress=False)
    assert answer("influence", "own-1", "--rows", "0")["on"] == "the rows to learn from"
    row = str(store.load("held-1").rows[0])
    assert answer("influence", "held-1", "--rows", row)["on"] == "the rows held out"


def test_influence_of_a_branch_and_interrupted(learnloop, answer, own, monkeypatch):
    branch = answer("branch", "iris-1", "--at", "9", "--learning-rate", "0.5")["run"]
    result = learnloop("influence", branch, "--rows", "1")
    assert result.code == 2 and f"{branch} is a branch. Fix: ask the run that it branched from." in result.err

    class Impatient(influencing.Patient):
        def show(self, update, loss, extra):
            raise KeyboardInterrupt

    monkeypatch.setattr(influencing, "Patient", Impatient)
    result = learnloop("influence", "iris-1", "--json")
    assert result.code == 130 and json.loads(result.out.splitlines()[-1])["interrupted"] is True


def test_commands_of_errors_work(learnloop, own):
    advice = learnloop("runs", "--delete", "diabetes", "--yes").err.split("Fix: ")[1]
    assert learnloop(*shlex.split(advice)[1:], "--yes").code == 0


@pytest.mark.parametrize(
    ("change", "text"),
    [("--epochs 5", "with 5 epochs"), ("--seed 3", "with seed 3"), ("--learning-rate 0.1", "with another learning rate"),
     ("--optimizer sgd --momentum 0.5", "with the optimizer sgd, another momentum")],
)  # fmt: skip
def test_what_was_changed_in_words(learnloop, shared, change, text):
    out = learnloop("again", "iris-1", *change.split(), "--no-record").out
    assert f"again, {text}\n" in out


def test_other_networks_are_told_by_their_sizes(learnloop, shared):
    assert "network: 4-6-3 | 10-4-1\n" in learnloop("diff", "iris-1", "diabetes-1").out


def test_curves_begin_and_end_with_real_losses_and_share_a_scale(learnloop, own, monkeypatch):
    a, b = own.load("iris-1"), own.load("iris-2")
    for columns in ("60", "80"):
        monkeypatch.setenv("COLUMNS", columns)
        lines = [line for line in learnloop("diff", "iris-1", "iris-2").out.splitlines() if "    loss " in line]
        for run, line in zip((a, b), lines, strict=True):
            end = run.losses[-run.updates_per_epoch :].mean()
            assert line.split("loss ")[1].startswith(f"{run.losses[0]:.3g} ") and line.endswith(f" {end:.3g}")
        assert sum("▁" in line for line in lines) == 1


def test_what_the_sign_of_an_influence_means(learnloop, shared):
    words = ["influence", "iris-1", "--rows", "18,19"]
    assert "plus means that the row helps" in " ".join(learnloop(*words).out.split())
    out = learnloop(*words, "--measure", "accuracy").out
    assert "leaving out any of them changes nothing at all" in out and "+0" not in out


def test_a_store_that_is_deleted_meanwhile_does_not_take_the_new_run_with_it(learnloop, own, monkeypatch):
    real = Store.finish

    def late(self, *given, **how):
        self.path.unlink(missing_ok=True)
        return real(self, *given, **how)

    monkeypatch.setattr(Store, "finish", late)
    result = learnloop("again", "iris-1", "--seed", "3", "--json")
    found = json.loads(result.out)
    assert result.code == 5 and found["run"] is None and len(found["digest"]) == 64
    assert "is gone from the store" in result.err and "in the last epoch" in result.err


def test_an_influence_that_was_interrupted_before_the_first_row(learnloop, shared, monkeypatch):
    def stopped(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("learnloop.runs.influence._Many._wait", stopped)
    monkeypatch.setattr("learnloop.runs.influence._Many._help", lambda self: None)
    result = learnloop("influence", "iris-1", "--rows", "18,19")
    assert result.code == 130 and "0 rows left out" in result.out and "changes nothing" not in result.out
