"""The C text: no warning, no undefined behaviour, no name of a user's in it."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import learnloop as ll
from installed import need
from learnloop.compile import find_toolchain, generate, native_target
from learnloop.compile.emission import write_executable_sources
from learnloop.compile.target import AVX2, BASELINE, STANDALONE
from learnloop.compile.toolchain import RUNTIME, _runnable
from learnloop.emit import recipe
from learnloop.program import build
from learnloop.rules import ACTIVATIONS, LOSSES, OPTIMIZERS

STRICT = ["-std=c11", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"]


def draw(seed: int) -> tuple[ll.Network, str, object, str]:
    """A network with some of everything, its loss, optimizer and type."""
    pick = random.Random(seed)
    activations = [a for a in ACTIVATIONS if a != "softmax"]
    inputs, width, outputs = pick.randint(1, 20), pick.choice([1, 3, 8, 16, 17, 33]), pick.choice([1, 2, 10])
    layers: list = [ll.Dense(width, pick.choice(activations))]
    if pick.random() < 0.5:
        layers.append(ll.LayerNorm())
    if pick.random() < 0.5:
        layers.append(ll.Residual(ll.Dense(pick.randint(1, 20), pick.choice(activations)), ll.Dense(width)))
    if pick.random() < 0.5:
        layers.append(ll.Dropout(0.25))
    loss = pick.choice([n for n in LOSSES if n != "cross_entropy" or outputs > 1])
    rate = pick.choice([0.01, ll.Cosine(0.01), ll.Warmup(2, 0.01)])
    momentum = (
        {"momentum": 0.9, "nesterov": pick.random() < 0.5} if (kind := pick.choice(list(OPTIMIZERS))) == "sgd" else {}
    )
    optimizer = OPTIMIZERS[kind](
        rate, weight_decay=pick.choice([0.0, 0.01]), clip_norm=pick.choice([None, 1.0]), **momentum
    )
    return ll.Network(inputs, [*layers, ll.Dense(outputs)]), loss, optimizer, pick.choice(["float32", "float64"])


def data(network: ll.Network, loss: str, rows: int = 37):
    numbers = np.random.default_rng(0)
    X = numbers.standard_normal((rows, network.inputs))
    if loss == "cross_entropy":
        return X, numbers.integers(0, network.outputs, rows)
    return X, numbers.random((rows, network.outputs))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("form", ["fast", "glass"])
def test_no_warning(seed, form, tmp_path):
    network, loss, optimizer, dtype = draw(seed)
    program = build(network, LOSSES[loss], optimizer)
    for target in (native_target(), STANDALONE):
        text = generate(program, target, dtype, form).text
        source = tmp_path / f"{target.name}.c"
        source.write_text(text)
        end = [*target.flags, f"-I{RUNTIME}", "-O0", "-c", str(source), "-o", str(tmp_path / "object.o")]
        find_toolchain("zig").run([*find_toolchain("zig").command(target), *STRICT, *end], tmp_path)
        find_toolchain(need("gcc")).run([need("gcc"), *_march(target), "-Wno-psabi", *STRICT, *end], tmp_path)


def _march(target) -> list[str]:
    return [f"-march={target.march}"] if target.march else []


def _sanitized(seed: int, folder: Path) -> None:
    network, loss, optimizer, dtype = draw(seed)
    X, y = data(network, loss)
    run = ll.train(
        network, X, y, loss=loss, optimizer=optimizer, dtype=dtype, batch_size=15, epochs=2, seed=seed, progress=False
    )
    target = AVX2 if AVX2 in _runnable() else BASELINE
    write_executable_sources(recipe(run), target, folder)
    flags = [
        "-O1",
        "-g",
        "-ffp-contract=off",
        "-fno-math-errno",
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover=all",
        "-Wno-psabi",
    ]
    subprocess.run(
        [need("gcc"), *_march(target), *flags, "main.c", "-o", "main"], cwd=folder, check=True, capture_output=True
    )
    done = subprocess.run(["./main"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:3000]
    assert done.stdout.strip() == run.digest


@pytest.mark.parametrize("seed", range(4))
def test_sanitizers(seed, tmp_path):
    _sanitized(seed, tmp_path)


def test_sanitizers_for_many(full, tmp_path):
    if not full:
        pytest.skip("two hundred networks: run with --full")
    for seed in range(4, 200):
        folder = tmp_path / str(seed)
        folder.mkdir()
        _sanitized(seed, folder)
        shutil.rmtree(folder)


def test_names_of_users_are_not_in_the_text():
    hostile = '*/ "; #include </etc/passwd> \\ ü'
    plain = ll.Network(3, [ll.Dense(4, "tanh"), ll.LayerNorm(), ll.Dense(2)])
    named = ll.Network(3, [ll.Dense(4, "tanh", name=hostile), ll.LayerNorm(name="int"), ll.Dense(2, name="main")])
    texts = [
        generate(build(net, LOSSES["mse"], ll.Adam()), native_target(), form=form).text
        for form in ("fast", "glass")
        for net in (plain, named)
    ]
    assert texts[0] == texts[1]
    assert texts[2] == texts[3]
    assert "passwd" not in texts[1]
    assert build(plain, LOSSES["mse"], ll.Adam()).digest == build(named, LOSSES["mse"], ll.Adam()).digest


def test_numbers_given_at_run_time_are_not_in_the_text():
    network = ll.mlp(3, 4, 2)
    texts = {
        generate(build(network, LOSSES["mse"], ll.Adam(rate, betas=betas, epsilon=eps)), native_target()).text
        for rate, betas, eps in ((0.1, (0.9, 0.999), 1e-8), (0.7, (0.5, 0.6), 1e-3))
    }
    assert len(texts) == 1


def test_the_c_of_a_small_network_is_what_it_was():
    """Golden text: a refactoring shows no difference. ``PYTHONPATH=tests python tests/compile/test_generated_c.py``."""
    assert _golden_text() == GOLDEN.read_text()


GOLDEN = Path(__file__).with_name("golden_network.c")


def _golden_text() -> str:
    program = build(ll.mlp(4, 5, 3), LOSSES["cross_entropy"], ll.SGD(0.1, momentum=0.9))
    return generate(program, AVX2).text


if __name__ == "__main__":
    GOLDEN.write_text(_golden_text())
