"""Facts against what NumPy and the run's own methods say, which share nothing with the book."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import learnloop as ll
from learnloop.data import datasets, prepare
from learnloop.errors import DescriptionError, LearnloopError, UnknownName
from learnloop.lesson.facts import FORMATS, KINDS, FactBook
from learnloop.lesson.facts.kinds import LAYER
from learnloop.lesson.model import LessonRun
from learnloop.lesson.runs import of_run, train_runs
from lesson.written import document, ref

PAGE = Path(__file__).parents[2] / "docs/lessons.md"


@pytest.fixture(scope="module")
def runs() -> dict[str, LessonRun]:
    return train_runs(document(
        ("iris", {"epochs": "12", "hidden": "6, 5", "optimizer": "sgd", "momentum": "0.5", "name": "flowers"}),
        ("diabetes", {"epochs": "4", "name": "numbers"}),
        ("spirals", {"epochs": "6", "noise": "0.25", "dropout": "0.2", "clip-norm": "2", "name": "spiral"}),
        ("sine", {"optimizer": "sgd", "learning-rate": "1e30", "activation": "relu", "name": "hot"}),
    ))  # fmt: skip


@pytest.fixture(scope="module")
def book(runs: dict[str, LessonRun]) -> FactBook:
    return FactBook(runs)


def value(book: FactBook, text: str) -> Any:
    return book.find(ref(text)).value


def test_losses(book: FactBook, runs: dict[str, LessonRun]) -> None:
    run = runs[""].run
    losses = [float(x) for x in run.losses]
    each = math.ceil(120 / 16)
    assert value(book, "loss.start") == losses[0] and value(book, "loss@5") == losses[5] and value(book, "loss@last") == losses[-1]
    assert value(book, "loss.end") == pytest.approx(sum(losses[-each:]) / each, rel=1e-12)
    assert value(book, "epoch[2].loss") == pytest.approx(np.mean(losses[2 * each : 3 * each]), rel=1e-12)
    assert value(book, "loss.lowest") == min(losses) == losses[value(book, "loss.lowest.update")]
    assert value(book, "loss.highest") == max(losses) == losses[value(book, "loss.highest.update")]


def test_what_was_measured(book: FactBook, runs: dict[str, LessonRun]) -> None:
    run, ready = runs[""].run, prepare(datasets.load("iris"))
    for part, rows in (("train", ready.train), ("test", ready.test)):
        own = run.evaluate(ready.X[rows], ready.y[rows])
        assert value(book, f"accuracy.{part}") == own["accuracy"] and value(book, f"loss.{part}") == own["loss"]
    first = ll.train(run.network, ready.X[ready.train], ready.y[ready.train], epochs=0, progress=False)
    assert value(book, "accuracy.start") == first.evaluate(ready.X[ready.test], ready.y[ready.test])["accuracy"]
    history = [record["validation_accuracy"] for record in run.history]
    assert value(book, "accuracy.best") == max(history) and history[value(book, "accuracy.best.epoch")] == max(history)
    assert [value(book, f"epoch[{k}].accuracy.test") for k in range(12)] == history and history[-1] == value(book, "accuracy.test")
    other, ready = runs["numbers"].run, prepare(datasets.load("diabetes"))
    assert value(book, "numbers/r2.test") == other.evaluate(ready.X[ready.test], ready.y[ready.test])["r2"]


def test_the_description(book: FactBook) -> None:
    expected = {
        "run.updates": 96, "run.epochs": 12, "run.batch_size": 16, "run.updates_per_epoch": 8, "run.seed": 0, "run.status": "finished",
        "run.dtype": "float32", "loss.name": "cross_entropy", "optimizer.name": "sgd", "optimizer.momentum": 0.5, "optimizer.learning_rate": 0.1,
        "optimizer.schedule": "constant", "learning_rate@3": 0.1, "network.inputs": 4, "network.outputs": 3, "network.layers": 3,
        "network.hidden_layers": 2, "network.units": 14, "network.parameters": 4 * 6 + 6 + 6 * 5 + 5 + 5 * 3 + 3, "dense_2.units": 5,
        "dense_2.inputs": 6, "dense_2.parameters": 35, "dense_2.activation.name": "tanh", "dense_3.activation.name": "identity",
        "data.name": "iris", "data.rows": 150, "data.train": 120, "data.test": 30, "data.columns": 4, "data.classes": 3,
        "data.class[2]": "virginica", "data.column[0]": "sepal length (cm)", "numbers/data.target": "disease progression",
        "spiral/data.noise": 0.25, "spiral/data.turns": 1.5, "spiral/data.seed": 0, "spiral/optimizer.clip_norm": 2, "numbers/optimizer.beta2": 0.999, "spiral/dropout_1.units": 16,
        "hot/run.status": "diverged", "flowers/run.updates": 96,
    }  # fmt: skip
    assert {name: value(book, name) for name in expected} == expected


def test_divergence(book: FactBook, runs: dict[str, LessonRun]) -> None:
    run = runs["hot"].run
    assert value(book, "hot/run.diverged_at") == len(run.losses) and np.isfinite(run.losses).all()
    assert value(book, "hot/insights.count") == len(run.insights()) and value(book, "hot/insights[0].sentence") == run.insights()[0].sentence


@pytest.mark.parametrize("update", [0, 13, 95])
def test_a_unit_for_a_row(book: FactBook, runs: dict[str, LessonRun], update: int) -> None:
    run = runs[""].run
    before, ready = run.state_before(update), prepare(datasets.load("iris"))
    names = {p.name: p.tensor for p in run.program.parameters}
    order = [value(book, f"batch.row@{update}#{n}") for n in range(value(book, f"batch.rows@{update}"))]
    x = ready.X[ready.train][order].astype(np.float32).astype(np.float64)
    z = [x @ before[names["dense_1.weight"]].astype(np.float64) + before[names["dense_1.bias"]]]
    z.append(np.tanh(z[0]) @ before[names["dense_2.weight"]].astype(np.float64) + before[names["dense_2.bias"]])
    z.append(np.tanh(z[1]) @ before[names["dense_3.weight"]].astype(np.float64) + before[names["dense_3.bias"]])
    shares = np.exp(z[2]) / np.exp(z[2]).sum(axis=1, keepdims=True)
    truth = ready.y[ready.train][order]
    for n in (0, len(order) - 1):
        at = f"@{update}#{n}"
        assert value(book, f"dense_1[3].input[2]{at}") == pytest.approx(x[n, 2], rel=1e-6)
        assert value(book, f"dense_1[3].product[2]{at}") == pytest.approx(x[n, 2] * before[names["dense_1.weight"]][2, 3], rel=1e-6)
        assert value(book, f"dense_2[4].pre_activation{at}") == pytest.approx(z[1][n, 4], rel=1e-4, abs=1e-6)
        assert value(book, f"dense_2[4].activation{at}") == pytest.approx(np.tanh(z[1][n, 4]), rel=1e-4, abs=1e-6)
        assert value(book, f"batch.output[1]{at}") == pytest.approx(z[2][n, 1], rel=1e-4, abs=1e-6)
        assert value(book, f"batch.target{at}") == datasets.load("iris").target_names[truth[n]]
        assert value(book, f"batch.answer{at}") == datasets.load("iris").target_names[int(shares[n].argmax())]
        assert value(book, f"batch.sure{at}") == pytest.approx(shares[n].max(), rel=1e-5)
        assert value(book, f"batch.probability_of_truth{at}") == pytest.approx(shares[n, truth[n]], rel=1e-4)
        assert value(book, f"batch.loss{at}") == pytest.approx(-math.log(shares[n, truth[n]]), rel=1e-4, abs=1e-6)
        expected = (shares[n, 2] - (truth[n] == 2)) / len(order)
        assert value(book, f"dense_3[2].delta{at}") == pytest.approx(expected, rel=1e-4, abs=1e-7)


def test_a_weight_and_what_was_done_to_it(book: FactBook, runs: dict[str, LessonRun]) -> None:
    run = runs[""].run
    moment = run.at(41)
    change = moment.change("dense_1.weight", 1, 3)
    assert value(book, "dense_1.weight[1,3]@41") == change.before and value(book, "dense_1.weight[1, 3].after@41") == change.after
    assert value(book, "dense_1.weight[1,3].change@41") == float(change.change)
    assert value(book, "dense_1.weight[1,3].gradient@41") == pytest.approx(moment.check("dense_1.weight", 1, 3).difference, rel=2e-3, abs=1e-5)
    assert value(book, "dense_1.bias[2].after@41") == value(book, "dense_1.bias[2]@42")
    assert value(book, "dense_1.weight[1,3]") == float(run.weights["dense_1.weight"][1, 3]) == value(book, "dense_1.weight[1,3].after@last")
    total = sum(float((moment.layer(name).weight_gradient.astype(float) ** 2).sum() + (moment.layer(name).bias_gradient.astype(float) ** 2).sum()) for name in moment.layers)
    assert value(book, "gradient.norm@41") == pytest.approx(math.sqrt(total), rel=1e-9)


def test_one_output_and_dropout(book: FactBook, runs: dict[str, LessonRun]) -> None:
    moment = runs["spiral"].run.at(7)
    z = float(moment.layer("dense_3").activation[2, 0])
    share = 1 / (1 + math.exp(-z))
    assert value(book, "spiral/batch.output@7#2") == z
    assert value(book, "spiral/batch.sure@7#2") == pytest.approx(max(share, 1 - share), rel=1e-12)
    assert value(book, "spiral/batch.answer@7#2") == f"class {int(z > 0)}"
    truth = int(value(book, "spiral/batch.target@7#2")[-1])
    assert value(book, "spiral/batch.loss@7#2") == pytest.approx(-math.log(share if truth else 1 - share), rel=1e-5)


def test_numbers_are_learnt_as_they_are(book: FactBook, runs: dict[str, LessonRun]) -> None:
    run = runs["numbers"].run
    row = value(book, "numbers/batch.row@3#1")
    assert run.examples is not None and run.examples.Y is not None
    fact = book.find(ref("numbers/batch.target@3#1"))
    assert fact.value == float(run.examples.Y[row, 0]) and fact.unit == "number"
    assert value(book, "numbers/batch.answer@3#1") == value(book, "numbers/batch.output@3#1")


@pytest.mark.parametrize(("run", "name"), [("", "iris"), ("spiral", "spirals")])
def test_mistakes(book: FactBook, runs: dict[str, LessonRun], run: str, name: str) -> None:
    found, before = runs[run].run, f"{run}/" if run else ""
    ready = prepare(datasets.load(name, noise=0.25) if name == "spirals" else datasets.load(name))
    X, y = ready.X[ready.test], ready.y[ready.test]
    chances, answers = found.predict_proba(X), found.predict(X)
    wrong = sorted(np.flatnonzero(answers != y).tolist(), key=lambda k: -chances[k].max())
    assert value(book, f"{before}mistakes.count") == len(wrong) > 0
    names = ready.data.target_names
    for k, place in enumerate(wrong[:3]):
        assert value(book, f"{before}mistakes[{k}].sure") == pytest.approx(chances[place].max(), abs=1e-6)
        assert value(book, f"{before}mistakes[{k}].probability_of_truth") == pytest.approx(chances[place, y[place]], abs=1e-6)
        assert value(book, f"{before}mistakes[{k}].truth") == names[y[place]] and value(book, f"{before}mistakes[{k}].answer") == names[answers[place]]
        assert value(book, f"{before}mistakes[{k}].row") == len(ready.train) + place  # as pages number them
    cells = {(i, j): int(((y == i) & (answers == j)).sum()) for i in range(len(names)) for j in range(len(names))}
    assert all(value(book, f"{before}confusion[{i},{j}]") == count for (i, j), count in cells.items())
    worst = max(count for (i, j), count in cells.items() if i != j)
    assert value(book, f"{before}confusion.worst.count") == worst
    i, j = (names.index(value(book, f"{before}confusion.worst.{side}")) for side in ("truth", "answer"))
    assert cells[i, j] == worst and i != j


def test_runs_from_python() -> None:
    X, y = datasets.load("moons", rows=50).standardised()
    held = ll.train(ll.mlp(2, 4, 1, activation="tanh"), X, y, epochs=2, validation=0.2, progress=False)
    book = FactBook({"": of_run(held)})
    rows = held.held_out
    assert rows is not None
    assert value(book, "accuracy.test") == held.evaluate(X[rows], y[rows])["accuracy"] and value(book, "data.test") == len(rows) == 10
    assert value(book, "data.rows") == 50 and value(book, "data.class[1]") == "class 1"
    if value(book, "mistakes.count"):
        assert value(book, "mistakes[0].row") in rows.tolist()
    alone = FactBook({"": of_run(ll.train(ll.mlp(2, 4, 1), X, y, epochs=1, progress=False))})
    assert value(alone, "data.test") == 0 and value(alone, "data.rows") == 50
    with pytest.raises(DescriptionError, match="held no rows out"):
        value(alone, "accuracy.test")


def test_layers_inside_others_and_names_of_ones_own() -> None:
    X, y = datasets.load("moons", rows=40).standardised()
    layers = [ll.Dense(4, "tanh", name="my layer"), ll.Residual(ll.Dense(4, "relu")), ll.Dense(1, name="loss")]
    book = FactBook({"": of_run(ll.train(ll.Network(2, layers), X, y, epochs=1, progress=False))})
    moment = book._subjects[""].run.at(0)
    assert value(book, "residual_1.dense_1[2].activation@0") == float(moment.layer("residual_1.dense_1").activation[0, 2])
    assert value(book, "my layer.weight[1,2]@0") == float(moment.layer("my layer").weight[1, 2])
    assert value(book, "residual_1.units") == 4 and value(book, "loss.units") == 1 and value(book, "loss@0") == float(moment.loss)
    assert value(book, "network.layers") == 3
    with pytest.raises(LearnloopError):
        value(book, "residual_1.weight[0,0]")


@pytest.mark.parametrize(("text", "said"), [
    ("loss.strat", "'loss.start'"), ("flowrs/loss.end", "'flowers'"), ("loss.end:percnt", "'percent'"), ("dense_1.wieght[0,1]", "dense_1.weight"),
    ("loss@96", "0 to 95"), ("loss@999999999", "0 to 95"), ("dense_1.weight[4,0]", "0 to 3"), ("dense_1.weight[0]@3", "unknown fact"),
    ("dense_1[6].activation@3", "0 to 5"), ("dense_1[0].activation@3#16", "0 to 15"), ("dense_1[0].activation", "@0"), ("loss.end@3", "leave out @3"),
    ("loss@3#1", "leave out #1"), ("dense_1.weight[-1,0]", "whole numbers"), ("dense_1.weight[a,0]", "whole numbers"), ("data.class[3]", "0 to 2"),
    ("confusion[0,3]", "0 to 2"), ("mistakes[99].row", "0 to"), ("epoch[12].loss", "0 to 11"), ("r2.test", "accuracy.test"), ("numbers/accuracy.test", "r2.test"),
    ("numbers/mistakes.count", "predicts numbers"), ("run.diverged_at", "did not diverge"), ("run.id", "not recorded"), ("optimizer.beta1", "no beta1"),
    ("data.noise", "generated"), ("run.status:percent", "for numbers"), ("loss.end:word", "whole numbers"), ("hot/loss@9", "0 to"), ("spiral/dropout_1.inputs", "no weights"),
    ("dense_1[0].input[4]@0", "0 to 3"), ("batch.output[3]@0", "0 to 2"), ("loss@", "unknown fact"), ("", "no name"), ("x" * 5000, "no name"), ("[" * 150, "unknown fact"),
    ("loss@1@2", "unknown fact"), ("__class__", "unknown fact"), ("dense_1.weight[99999999999,0]", "whole numbers"), ("data.class[0][0]", "unknown fact"),
])  # fmt: skip
def test_what_there_is_not_is_said(book: FactBook, text: str, said: str) -> None:
    before = len(book.used())
    with pytest.raises((UnknownName, DescriptionError)) as caught:
        book.find(ref(text))
    assert said in str(caught.value) and len(str(caught.value)) < 2500
    assert len(book.used()) == before


def test_facts_that_were_used(runs: dict[str, LessonRun]) -> None:
    book = FactBook(runs)
    first, other = book.find(ref("loss.end")), book.find(ref("hot/run.status"))
    assert book.find(ref("loss.end")) is first and book.find(ref("loss.end:5")).id == "fact-3"
    table = book.used()
    assert [line["id"] for line in table] == ["fact-1", "fact-2", "fact-3"] and other.value == "diverged"
    assert json.loads(json.dumps(table, allow_nan=False)) == list(table)
    assert set(table[0]) == {"id", "run", "name", "value", "unit", "update", "format", "text"} and table[0]["text"] == first.shown()
    assert book.find(ref("loss@7")).update == 7


def test_tables_of_other_builds(book: FactBook, runs: dict[str, LessonRun]) -> None:
    for text in ("loss.end", "numbers/r2.test", "loss.end:3", "dense_1.weight[0,0]@3:full"):
        book.find(ref(text))
    table = json.loads(json.dumps(book.used()))
    again = FactBook(runs)
    assert again.check(table) == []
    place = next(k for k, line in enumerate(table) if line["name"] == "loss.end")
    changed = [{**line, "value": line["value"] + 1e-9} if k == place else line for k, line in enumerate(table)]
    (said,) = again.check(changed)
    assert said.startswith("loss.end was") and "Fix" in said
    assert len(again.check([{**table[0], "text": "0.1"}])) == 1 and "unknown fact" in again.check([{**table[0], "name": "no.fact"}])[0]
    for hostile in (None, "x", 3, [3], [{}], [{"run": 1, "name": [], "format": None, "text": {}}], [None] * 3, [{"run": "", "name": "loss.end", "format": "", "text": "x" * 10**6}]):
        assert again.check(hostile) and all(len(said) < 10_000_000 for said in again.check(hostile))


def test_values_that_are_no_numbers_are_plain_json(runs: dict[str, LessonRun]) -> None:
    X = np.arange(8.0).reshape(4, 2)
    run = ll.train(ll.mlp(2, 1), X, np.ones(4), validation=(X, np.ones(4)), epochs=1, progress=False)
    book = FactBook({"": of_run(run)})
    assert math.isnan(value(book, "r2.test"))
    (line,) = book.used()
    assert line["value"] is None and line["text"] == "not a number" and book.check([line]) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.pattern)
def test_every_kind_answers_or_says_why(book: FactBook, runs: dict[str, LessonRun], kind: Any) -> None:
    name = kind.pattern.replace("(@K)", "@3").replace("@K", "@3").replace("#n", "#0").replace("[j]", "[0]")
    name = re.sub(r"\[[kiu]\]", "[0]", re.sub(r"\[[iu],[ju]\]", "[0,0]", name))
    answered = 0
    for run, found in runs.items():
        for layer in found.run.network.names if kind.of_layer else [""]:
            try:
                fact = book.find(ref(f"{run}/{name.replace(LAYER, layer)}" if run else name.replace(LAYER, layer)))
            except (DescriptionError, UnknownName) as error:
                assert any(word in str(error) for word in ("Fix", "expected", "there is none", "Did you mean")), str(error)
                continue
            answered += 1
            assert isinstance(fact.value, str if fact.unit == "name" else int if fact.unit in ("count", "index") else float)
            assert fact.shown() and fact.spoken()
            assert not set(fact.spoken()) & set("\\$^_{}%@#<>=~|−×"), fact.spoken()
    assert answered or kind.pattern == "run.id"  # of none of these runs


def test_the_documentation_has_every_fact_and_format() -> None:
    lines = PAGE.read_text().splitlines()
    expected = [f"| `{kind.pattern}` | {kind.unit} | {kind.meaning} |" for kind in KINDS]
    start, stop = lines.index("### All facts"), lines.index("### Formats")
    found = [line for line in lines[start:stop] if line.startswith("| `")]
    assert found == expected
    rest = lines[stop : lines.index("### Conditions")]
    assert [line for line in rest if line.startswith("| `")] == [f"| `{name}` | {meaning} |" for name, meaning in FORMATS.items()]
