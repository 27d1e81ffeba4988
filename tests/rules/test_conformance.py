"""One suite over all rules: a new activation, layer, loss, optimizer, schedule or initializer is tested by being there.

Examples of every rule follow from the types of its arguments, and so do arguments that must be refused.
"""

from __future__ import annotations

import dataclasses
import doctest
import importlib
import inspect
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from learnloop import Network
from learnloop.errors import DescriptionError, LearnloopError
from learnloop.language import Block, Expr, Map, Tensor
from learnloop.language.random import random_u32, uniform
from learnloop.network import describe
from learnloop.program import Function, Program, Section, build, reference, rows_that_meet
from learnloop.rules import (
    ACTIVATIONS,
    INITIALIZERS,
    LAYERS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    SGD,
    Activation,
    Dense,
    Initializer,
    Layer,
    Loss,
    Optimizer,
    Schedule,
    from_data,
    to_data,
)

Array = np.ndarray[Any, np.dtype[Any]]
STEP = 3e-4
MARGIN = 0.01
"""How far from a kink the two sides of every comparison must be."""

# ---- examples of every rule, from the types of its arguments

USUAL: dict[str, list[Any]] = {
    "int": [3, 5],
    "float": [0.25],
    "bool": [True, False],
    "int | None": [None, 7],
    "float | None": [None, 0.5],
    "str | None": [None, "a name"],
    "tuple[float, float]": [(0.8, 0.95), [0.7, 0.9]],
    "tuple[Layer, ...]": [(Dense(4, "tanh"),), (Dense(3), Dense(4))],
    "Activation | str | None": [None, "tanh"],
    "Initializer | str": ["he", INITIALIZERS["glorot_normal"]],
    "Schedule | float": [0.05],
}
NUMBERS = [math.nan, math.inf, -math.inf, -1, -0.5, "1", "", [], (), {}, 1j, True, object(), 10**400]
WRONG: dict[str, list[Any]] = {
    "int": [*NUMBERS, 0, 1.5, 2.0, None],
    "float": [*NUMBERS, None],
    "bool": ["yes", 1, None, 0.5],
    "int | None": [*NUMBERS, 0, 1.5],
    "float | None": NUMBERS,
    "str | None": ["", "a.b", "a[0]", "a" * 65, "a\n", 3, b"a", ["a"]],
    "tuple[float, float]": [
        (0.9,),
        (0.9, 1.0),
        (math.nan, 0.9),
        (-0.1, 0.9),
        ("a", "b"),
        0.9,
        None,
        (0.1, 0.2, 0.3),
        (True, 0.5),
    ],
    "tuple[Layer, ...]": [(), (3,), ("Dense",), (Dense,), (Dense(4, "softmax"),)],
    "Activation | str | None": ["tanhh", 3, ["tanh"], INITIALIZERS["he"], Activation],
    "Initializer | str": ["hee", 3, None, ["he"], ACTIVATIONS["tanh"], Initializer],
    "Schedule | float": [*NUMBERS, None, "constant", SGD(), Schedule],
    "str": [3, None, "", b"z", ["z"]],
}


def classes() -> list[type]:
    """Every kind of rule."""
    instances = (*ACTIVATIONS.values(), *INITIALIZERS.values(), *LOSSES.values())
    found = [type(x) for x in instances]
    return list(dict.fromkeys([*LAYERS, *found, *OPTIMIZERS.values(), *SCHEDULES.values()]))


def made(kind: type, values: Mapping[str, Any]) -> Any:
    """A rule with some arguments by name; a field that takes several things takes them by place."""
    named = dict(values)
    variadic = [p.name for p in inspect.signature(kind).parameters.values() if p.kind is p.VAR_POSITIONAL]
    places = [x for name in variadic for x in named.pop(name)]
    return kind(*places, **named)


def needed(kind: type) -> dict[str, Any]:
    """The arguments that have no default."""
    return {f.name: USUAL[str(f.type)][0] for f in _fields(kind) if _required(f)} | _text_of(kind)


def _fields(kind: type) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(kind)


def _required(field: dataclasses.Field[Any]) -> bool:
    lacks = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    return lacks and str(field.type) != "str" and field.name != "name"


def _text_of(kind: type) -> dict[str, Any]:
    return {"name": "cube", "value": "z*z*z"} if kind is Activation else {}


def variants(kind: type) -> list[Any]:
    """The rule as it comes, with every argument changed alone, and with all changed."""
    base = needed(kind)
    found = [made(kind, base)]
    changed = dict(base)
    for field in _fields(kind):
        for value in USUAL.get(str(field.type), []):
            changed[field.name] = value
            try:
                found.append(made(kind, base | {field.name: value}))
            except DescriptionError:  # nesterov alone: needs its momentum
                found.append(made(kind, changed))
    for name in [f.name for f in _fields(kind) if str(f.type) == "Schedule | float"]:
        found += [made(kind, base | {name: made(s, needed(s))}) for s in SCHEDULES.values() if s is not kind]
    return list(dict.fromkeys([*found, made(kind, changed)]))


INSTANCES: list[Any] = list(
    dict.fromkeys(
        [*ACTIVATIONS.values(), *INITIALIZERS.values(), *LOSSES.values(), *(v for k in classes() for v in variants(k))]
    )
)


def named(rule: Any) -> str:
    return f"{type(rule).__name__}-{getattr(rule, 'name', None) or ''}"


def ids(rules: list[Any]) -> list[str]:
    return [f"{k}-{named(r)}" for k, r in enumerate(rules)]


def of(base: type) -> list[Any]:
    return [r for r in INSTANCES if isinstance(r, base)]


# ---- plain data and refusals


@pytest.mark.parametrize("rule", INSTANCES, ids=ids(INSTANCES))
def test_plain_data_and_back(rule: Any) -> None:
    back = from_data(json.loads(json.dumps(to_data(rule))))
    assert back == rule
    assert type(back) is type(rule)
    assert hash(back) == hash(rule)
    assert to_data(back) == to_data(rule)
    with pytest.raises(dataclasses.FrozenInstanceError):
        rule.name = "other"


def refusals() -> Iterator[tuple[type, str, Any]]:
    for kind in classes():
        for field in _fields(kind):
            yield from ((kind, field.name, wrong) for wrong in WRONG[str(field.type)])


@pytest.mark.parametrize(
    ("kind", "argument", "wrong"), [pytest.param(*r, id=f"{r[0].__name__}-{r[1]}-{str(r[2])[:20]}") for r in refusals()]
)
def test_wrong_arguments_are_refused_when_built(kind: type, argument: str, wrong: Any) -> None:
    values = needed(kind) | {argument: wrong}
    variadic = any(
        p.kind is p.VAR_POSITIONAL and p.name == argument for p in inspect.signature(kind).parameters.values()
    )
    if variadic and not isinstance(wrong, list | tuple):
        values[argument] = (wrong,)
    with pytest.raises(LearnloopError) as caught:
        made(kind, values)
    assert str(caught.value)


@pytest.mark.parametrize(
    "data",
    [{}, {"rule": None}, {"rule": "Densee"}, {"rule": "os.system"}, {"rule": "Dense"}, {"rule": "Dense", "units": -1},
     {"rule": "Dense", "units": 3, "other": 1}, {"named": "reluu"}, {"named": None}, {"rule": "Residual"}, {"rule": ["Dense"]},
     {"named": ["relu"]}, {"named": {}}, {"rule": "Dense", "units": {"rule": "Dense", "units": 1}}, {"rule": "Dense", "units": [3]},
     {"rule": "Residual", "layers": 3}, {"rule": "Adam", "betas": 3}, {"rule": "Activation", "name": "a", "value": "z*q"}],
)  # fmt: skip
def test_data_that_describes_no_rule_is_refused(data: Any) -> None:
    with pytest.raises(LearnloopError):
        from_data(data)


@pytest.mark.parametrize(
    "value",
    ["", "z +", "q", "z*q", "label", "z[n,j]", "sum(j, z)", "z**2", "__import__('os')", "1/0*z", "1e400 - 1e400", "z*1" + "0" * 400, "exp(z", "z; z", "(" * 2000 + "z" + ")" * 2000, "x" * 10**5],
)  # fmt: skip
def test_an_activation_is_an_expression_of_z_alone(value: str) -> None:
    with pytest.raises(DescriptionError):
        Activation("mine", value)


# ---- documentation


@pytest.mark.parametrize("kind", classes(), ids=lambda k: k.__name__)
def test_every_rule_is_documented(kind: type) -> None:
    assert inspect.getdoc(kind)
    for name, method in vars(kind).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            assert inspect.getdoc(method), f"{kind.__name__}.{name}"


@pytest.mark.parametrize(
    "name", sorted({k.__module__ for k in classes()} | {"learnloop.rules.describe", "learnloop.rules.registry"})
)
def test_examples_in_the_documentation_run(name: str) -> None:
    module = importlib.import_module(name)
    assert inspect.getdoc(module)
    assert doctest.testmod(module).failed == 0


# ---- gradients


def data(rows: int, inputs: int, outputs: int, loss: Loss, seed: int) -> dict[str, Array]:
    """What a batch needs, keyed by a seed."""

    def numbers(stream: int, *shape: int) -> Array:
        return (uniform(seed, stream, 0, 0, np.arange(int(np.prod(shape)))) * 2.4 - 1.2).reshape(shape)

    weights = np.abs(numbers(3, rows)) + 0.2
    values: dict[str, Array] = {
        "X": numbers(1, rows, inputs),
        "weights": weights,
        "row": np.arange(rows)[::-1].copy(),
        "update": np.array(3),
    }
    if loss.labels:
        values["labels"] = np.array(random_u32(seed, 2, 0, 0, np.arange(rows)) % np.uint64(outputs), np.int64)
    else:  # shares: every loss of numbers takes them
        values["Y"] = numbers(2, rows, outputs) / 2.4 + 0.5
    return values


def given(program: Program, values: Mapping[str, Array], seed: int) -> dict[str, Array]:
    """Everything that an update reads."""
    start = {
        k: v for k, v in reference.run(program.functions["initialise"], {}, seed=seed).items() if k in program.fixed
    }
    for k, p in enumerate(program.parameters):  # away from the zeros and ones of some initializers
        start[p.tensor] = start[p.tensor] + (
            uniform(seed, 50 + k, 0, 0, np.arange(math.prod(p.dims))) * 0.5 - 0.25
        ).reshape(p.dims)
    numbers = {k: np.float64(v) for k, v in program.options.items()} | {"total_updates": np.float64(40)}
    return {**start, **numbers, **values}


def forward(program: Program) -> Function:
    """Up to the loss, and the distance of both sides of every comparison that depends on what is learnt."""
    train = program.functions["train"]
    titles = [s.title for s in train.sections]
    statements = [s for section in train.sections[: titles.index("loss") + 1] for s in section.statements]
    tensors, extra = dict(train.tensors), []
    for statement in statements:
        if not isinstance(statement, Map):
            continue
        for node in statement.expr.walk():
            if node.op in ("gt", "ge") and any(a.tensor in program.layer_of or a.tensor == "y" for a in node.reads()):
                name = f"margin{len(extra)}"
                tensors[name] = Tensor(name, statement.dims)
                extra.append(Map(name, statement.axes, statement.sizes, Expr("-", node.operands)))
    return Function("train", tensors, (Section("all", (*statements, *extra)),))


def away_from_kinks(program: Program, rows: int) -> tuple[dict[str, Array], int]:
    """Values at which nothing compares two numbers that are nearly the same."""
    function = forward(program)
    loss = LOSSES["cross_entropy"] if program.labels else LOSSES["mse"]
    for seed in range(400):
        values = given(program, data(rows, program.inputs, program.outputs, loss, seed), seed)
        found = reference.run(function, values, seed=seed)
        if all(np.abs(v).min() > MARGIN for k, v in found.items() if k.startswith("margin")):
            return values, seed
    raise AssertionError("no seed keeps away from every kink")


def check_gradients(network: Network, loss: Loss) -> None:
    program = build(network, loss, SGD(0.1))
    values, seed = away_from_kinks(program, rows=5)
    derived = reference.run(program.functions["train"], values, seed=seed)
    function = forward(program)
    for parameter in program.parameters:
        start = values[parameter.tensor]
        slope = np.empty_like(start)
        for place in np.ndindex(start.shape):
            f = []
            for k in (-2, -1, 1, 2):
                moved = start.copy()
                moved[place] += k * STEP
                f.append(float(reference.run(function, values | {parameter.tensor: moved}, seed=seed)["loss"]))
            slope[place] = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * STEP)
        gradient = derived[program.gradients[parameter.tensor]]
        assert gradient.shape == start.shape
        assert np.abs(slope - gradient).max() <= 1e-7 * max(np.abs(gradient).max(), 1e-3), parameter.name


def network_of(activation: Activation) -> tuple[Network, Loss]:
    """The activation in the middle; at the output where it can stand nowhere else."""
    try:
        return Network(2, [Dense(3, activation), Dense(2)]), LOSSES["mse"]
    except DescriptionError:
        return Network(2, [Dense(3, activation)]), LOSSES["mse"]


@pytest.mark.parametrize("activation", of(Activation), ids=ids(of(Activation)))
def test_gradients_of_activations(activation: Activation) -> None:
    check_gradients(*network_of(activation))


@pytest.mark.parametrize("loss", of(Loss), ids=ids(of(Loss)))
def test_gradients_of_losses(loss: Loss) -> None:
    for outputs in (3, 1) if not loss.labels else (3, 2):
        check_gradients(Network(2, [Dense(2, "tanh"), Dense(outputs)]), loss)


@pytest.mark.parametrize("layer", of(Layer), ids=ids(of(Layer)))
def test_gradients_of_layers(layer: Layer) -> None:
    check_gradients(Network(2, [Dense(4, "tanh"), layer, Dense(2)]), LOSSES["mse"])


def test_a_wrong_gradient_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from learnloop.language import expression

    monkeypatch.setitem(expression.SLOPES, "tanh", lambda y, a: (expression.ONE - y * y * expression.const(1.00001),))
    with pytest.raises(AssertionError):
        check_gradients(*network_of(ACTIVATIONS["tanh"]))


# ---- rows


def check_rows(network: Network, loss: Loss) -> None:
    """Another row changes nothing, by structure and by number."""
    program = build(network, loss, SGD(0.1))
    for name in ("predict", "evaluate"):
        function = program.functions[name]
        assert rows_that_meet(function) == []
        values = given(program, data(6, network.inputs, network.outputs, loss, 1), 1)
        before = reference.run(function, values, seed=1)
        after = reference.run(function, values | {"X": np.where(np.arange(6)[:, None] == 2, 7.5, values["X"])}, seed=1)
        other = values["row"] != 2
        for out in function.outputs:
            assert np.array_equal(before[out][other], after[out][other])
        assert not np.array_equal(before[function.outputs[-1]], after[function.outputs[-1]])


@pytest.mark.parametrize(
    "rule", [*of(Activation), *of(Layer), *of(Loss)], ids=ids([*of(Activation), *of(Layer), *of(Loss)])
)
def test_rows_keep_apart(rule: Any) -> None:
    if isinstance(rule, Activation):
        check_rows(*network_of(rule))
    elif isinstance(rule, Loss):
        check_rows(Network(3, [Dense(2)]), rule)
    else:
        check_rows(Network(2, [Dense(4, "tanh"), rule, Dense(2)]), LOSSES["mse"])


def test_rows_that_meet_are_noticed() -> None:
    block = Block()
    block.declare("x", ("rows", 3), role="input")
    block.declare("row", ("rows",), "int32", "input")
    block.write("z[n,j] = x[n,j] + 1")
    for k, text in enumerate(
        ["s{}[j] = sum(n, x[n,j])", "s{}[n,j] = x[row[n],j]", "s{}[n,j] = x[n-1,j]", "s{}[n] = max(m, x[m,0])"]
    ):
        block.write(text.format(k), {"n": "rows"})
    function = Function("predict", dict(block.tensors), (Section("all", tuple(block.statements)),))
    assert [s.out for s in rows_that_meet(function)] == ["s0", "s1", "s2", "s3"]


# ---- layers, optimizers, schedules, initializers


@pytest.mark.parametrize("layer", of(Layer), ids=ids(of(Layer)))
def test_layers_say_how_many_units_they_give(layer: Layer) -> None:
    network = Network(4, [layer])
    program = build(network, LOSSES["mse"], SGD(0.1))
    values = given(program, data(3, 4, network.outputs, LOSSES["mse"], 1), 1)
    for name in ("predict", "train"):
        found = reference.run(program.functions[name], values, seed=1)
        assert all(np.isfinite(v).all() for v in found.values())
    out = program.functions["predict"].outputs[0]
    assert reference.run(program.functions["predict"], values)[out].shape == (3, layer.units_after(4))
    assert describe(layer)
    assert "total" in str(network)


def one_update(program: Program, values: Mapping[str, Array]) -> dict[str, Array]:
    train = program.functions["train"]
    return reference.commit(train.commits, reference.run(train, values))


@pytest.mark.parametrize("optimizer", of(Optimizer), ids=ids(of(Optimizer)))
def test_optimizers_learn_and_take_their_numbers_at_run_time(optimizer: Optimizer) -> None:
    network, loss = Network(3, [Dense(4, "tanh"), Dense(2)]), LOSSES["mse"]
    program = build(network, loss, optimizer)
    assert program.digest == build(network, loss, moved(optimizer)).digest
    values = given(program, data(12, 3, 2, loss, 1), 1)
    losses = []
    for update in range(30):
        found = one_update(program, values | {"update": np.array(update)})
        losses.append(float(found["loss"]))
        values |= {k: found[k] for k in program.fixed}
        assert all(np.isfinite(found[k]).all() for k in program.fixed)
        assert all(found[c.state].shape == program.fixed[c.state].dims for c in program.functions["train"].commits)
    assert min(losses[-5:]) < losses[0]


def moved(rule: Any) -> Any:
    """The rule with other numbers where it has numbers other than 0: the same program must do for both."""
    if not dataclasses.is_dataclass(rule) or isinstance(rule, type):
        return rule
    changes = {}
    for field in dataclasses.fields(rule):
        value = getattr(rule, field.name)
        if isinstance(value, float) and value:
            changes[field.name] = value * 0.75
        elif isinstance(value, int) and not isinstance(value, bool):
            changes[field.name] = value + 2
        elif isinstance(value, tuple):
            changes[field.name] = tuple(v * 0.75 for v in value)
        elif isinstance(value, Schedule):
            changes[field.name] = moved(value)
    return dataclasses.replace(rule, **changes)


@pytest.mark.parametrize("optimizer", of(Optimizer), ids=ids(of(Optimizer)))
def test_a_rate_of_zero_changes_no_weight(optimizer: Optimizer) -> None:
    loss = LOSSES["mse"]
    program = build(Network(3, [Dense(2)]), loss, optimizer)
    values = given(program, data(5, 3, 2, loss, 1), 1) | {
        "learning_rate": np.float64(0),
        "learning_rate_floor": np.float64(0),
    }
    found = one_update(program, values)
    assert all(np.array_equal(found[p.tensor], values[p.tensor]) for p in program.parameters)
    again = one_update(program, values | {"learning_rate": np.float64(0.1)})
    assert not all(np.array_equal(again[p.tensor], values[p.tensor]) for p in program.parameters)


@pytest.mark.parametrize("schedule", of(Schedule), ids=ids(of(Schedule)))
def test_schedules(schedule: Schedule) -> None:
    program = build(Network(1, [Dense(1)]), LOSSES["mse"], SGD(schedule))
    values = given(program, data(2, 1, 1, LOSSES["mse"], 1), 1)
    rates = [float(one_update(program, values | {"update": np.array(k)})["rate"]) for k in range(50)]
    doubled = {k: 2 * v for k, v in program.options.items() if k.startswith("learning_rate")}
    twice = [
        float(
            one_update(program, values | {k: np.float64(v) for k, v in doubled.items()} | {"update": np.array(k)})[
                "rate"
            ]
        )
        for k in range(50)
    ]
    assert np.allclose(twice, 2 * np.array(rates), rtol=1e-14)
    tops = [v for k, v in program.options.items() if k.startswith("learning_rate")]
    assert min(rates) >= 0
    assert 0 < max(rates) <= max(tops) * (1 + 1e-15)
    assert schedule.text()


@pytest.mark.parametrize("initializer", of(Initializer), ids=ids(of(Initializer)))
def test_initializers(initializer: Initializer) -> None:
    def drawn(seed: int, stream: int, dims: tuple[int, ...] = (60, 40)) -> Array:
        block = Block()
        name = initializer.write(block, "W", dims, (60, 40), stream)
        function = Function("initialise", dict(block.tensors), (Section("all", tuple(block.statements)),))
        return reference.run(function, {}, seed=seed)[name]

    values = drawn(1, 10)
    scale = initializer.scale(60, 40)
    assert values.shape == (60, 40)
    assert drawn(1, 10, (7,)).shape == (7,)
    assert np.isfinite(values).all()
    assert np.array_equal(values, drawn(1, 10))
    if np.ptp(values) == 0:
        assert values[0, 0] == scale
        return
    assert len(np.unique(values)) > 0.99 * values.size
    assert abs(values.mean()) < 5 * scale / math.sqrt(values.size)
    spread = float(values.std()) / scale
    assert min(abs(spread - 1), abs(spread - 1 / math.sqrt(3))) < 0.05  # normal, or uniform in [-scale, scale)
    for other in (drawn(2, 10), drawn(1, 12)):
        assert abs(np.corrcoef(values.ravel(), other.ravel())[0, 1]) < 0.1
