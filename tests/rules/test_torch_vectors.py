"""Trainings frozen from PyTorch: the compiled program and the reference walk the same way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from learnloop.compile import compile_program
from learnloop.program import reference
from learnloop.rules import ACTIVATIONS, LAYERS, LOSSES, SCHEDULES, Dense, Layer, Residual
from learnloop.rules import OPTIMIZERS as KINDS
from learnloop.train.engine import Engine
from learnloop.train.examples import check_examples
from rules.recipes import OPTIMIZERS, RECIPES, Array, Recipe

VECTORS = Path(__file__).with_name("vectors_training.npz")
TOLERANCE = {"float64": 1e-10, "float32": 1e-4}


def frozen(recipe: Recipe) -> dict[str, Array]:
    with np.load(VECTORS) as vectors:
        found = {k.split("/", 1)[1]: vectors[k] for k in vectors.files if k.split("/", 1)[0] == recipe.name}
    assert found, f"no vectors for {recipe.name}: run scripts/make_torch_vectors.py"
    return found


def agree(found: dict[str, Array], expected: dict[str, Array], tolerance: float) -> None:
    assert set(found) == set(expected)
    largest = max(float(np.abs(v).max()) for k, v in expected.items() if k != "losses")
    for name, values in expected.items():
        assert values.shape == found[name].shape
        scale = float(np.abs(values).max()) if name == "losses" else largest
        assert float(np.abs(found[name] - values).max()) <= tolerance * scale, name


def compiled(recipe: Recipe, dtype: str) -> dict[str, Array]:
    """Losses and final weights of the compiled program."""
    examples = check_examples(recipe.network, recipe.loss, recipe.X, recipe.targets, recipe.weights, dtype)
    artefact = compile_program(recipe.program, dtype)
    numbers = dict(recipe.program.options) | {"total_updates": float(recipe.updates)}
    engine = Engine(recipe.program, artefact, examples, None, recipe.batch, recipe.updates, recipe.seed, numbers, 1)
    try:
        for update in range(recipe.updates):
            assert np.array_equal(engine.batch_rows(update), recipe.batch_rows(update))
        engine.memory.set_weights(recipe.first_weights())
        assert list(engine.advance(recipe.updates))[-1] == recipe.updates
        return {"losses": engine.losses} | engine.memory.weights()
    finally:
        engine.close()


def interpreted(recipe: Recipe) -> dict[str, Array]:
    """The same of the reference."""
    program, train = recipe.program, recipe.program.functions["train"]
    first, losses = recipe.first_weights(), []
    values = {p.tensor: first[p.name] for p in program.parameters}
    states = [t for t in program.fixed.values() if t.role == "state"]
    start = reference.run(program.functions["initialise"], {}, seed=recipe.seed)
    values |= {t.name: start[t.name] for t in states}
    values |= {k: np.float64(v) for k, v in program.options.items()} | {"total_updates": np.float64(recipe.updates)}
    values |= {"X": recipe.X, "weights": recipe.weights, "labels" if program.labels else "Y": recipe.targets}
    for update in range(recipe.updates):
        batch = {"row": recipe.batch_rows(update), "update": np.int32(update)}
        found = reference.commit(train.commits, reference.run(train, values | batch, seed=recipe.seed))
        losses.append(float(found["loss"]))
        values |= {name: found[name] for name in program.fixed}
    return {"losses": np.array(losses)} | {p.name: values[p.tensor] for p in program.parameters}


@pytest.mark.parametrize("name", RECIPES)
def test_the_reference_agrees_with_pytorch(name: str) -> None:
    recipe = RECIPES[name]
    assert recipe.updates >= 20
    agree(interpreted(recipe), frozen(recipe), 1e-10)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", RECIPES)
def test_the_compiled_program_agrees_with_pytorch(name: str, dtype: str) -> None:
    recipe = RECIPES[name]
    agree(compiled(recipe, dtype), frozen(recipe), TOLERANCE[dtype])


def _inside(layers: tuple[Layer, ...]) -> list[Layer]:
    return [
        x for layer in layers for x in ([layer, *_inside(layer.layers)] if isinstance(layer, Residual) else [layer])
    ]


def test_the_recipes_cover_every_rule() -> None:
    recipes = RECIPES.values()
    layers = [x for r in recipes for x in _inside(r.network.layers)]
    assert {x.activation for x in layers if isinstance(x, Dense)} == set(ACTIVATIONS.values())
    assert {type(x) for x in layers} == set(LAYERS)
    assert {r.loss for r in recipes} == set(LOSSES.values())
    assert {r.optimizer for r in recipes} == set(OPTIMIZERS)
    assert {type(r.optimizer) for r in recipes} == set(KINDS.values())
    schedules = [r.optimizer.schedule for r in recipes]
    assert {type(s) for s in schedules} == set(SCHEDULES.values())
    assert {type(s.then) for s in schedules if hasattr(s, "then")} == set(SCHEDULES.values()) - {SCHEDULES["warmup"]}
    assert all(r.rows % r.batch for r in recipes)
    assert {r.weighted for r in recipes} == {True, False}
