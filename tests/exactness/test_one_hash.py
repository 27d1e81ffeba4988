"""The same bits everywhere: compilers, instruction sets, threads, forms, batch sizes, floating-point environments."""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import learnloop as ll
from installed import need
from learnloop.compile import compile_program, find_toolchain
from learnloop.compile.emission import write_executable_sources, write_wasm_files
from learnloop.compile.target import AARCH64_LINUX
from learnloop.compile.toolchain import _runnable
from learnloop.emit import recipe, write_standalone
from learnloop.train.engine import Engine
from learnloop.train.memory import weights_digest

sys.path.insert(0, str(Path(__file__).parent))
from reference_runs import RUNS

DIGESTS = json.loads(Path(__file__).with_name("digests.json").read_text())
TARGETS = [t.name for t in _runnable()]


@pytest.fixture(scope="module")
def runs() -> dict[str, ll.Run]:
    return {name: train(progress=False) for name, train in RUNS.items()}


def output(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@pytest.mark.parametrize("name", RUNS)
def test_published_digest(runs, name):
    assert runs[name].digest == DIGESTS[name]


def test_the_subnormal_run_has_subnormal_numbers(runs):
    run = runs["subnormal"]
    assert run.examples is not None
    inputs = run.examples.X
    assert ((inputs != 0) & (np.abs(inputs) * 1e-3 < np.finfo(np.float32).tiny)).any()


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("target", TARGETS)
def test_instruction_sets(name, target):
    if target == "baseline" and name in ("digits", "wine"):
        pytest.skip("emulated arithmetic is slow; the other runs go through it")
    assert RUNS[name](progress=False, target=target).digest == DIGESTS[name]


@pytest.mark.parametrize("name", RUNS)
def test_gcc(name):
    need("gcc")
    best = [t for t in TARGETS if t != "baseline"][-1:] or TARGETS
    assert RUNS[name](progress=False, compiler="gcc", target=best[0]).digest == DIGESTS[name]


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("threads", [1, 2, 3, 5])
def test_threads(name, threads):
    assert RUNS[name](progress=False, threads=threads).digest == DIGESTS[name]


def _again(run: ll.Run, form: str, threads: int = 1) -> Engine:
    artefact = compile_program(run.program, run.options.dtype, form)
    numbers = dict(run.program.options) | {"total_updates": float(run.options.epochs * run.updates_per_epoch)}
    engine = Engine(
        run.program, artefact, run.examples, run.rows, run.options.batch_size, run.updates, run.options.seed, numbers,
        threads,
    )  # fmt: skip
    list(engine.advance(run.updates))
    return engine


@pytest.mark.parametrize("name", RUNS)
def test_glass_form(runs, name):
    run = runs[name]
    for threads in (1, 2):
        engine = _again(run, "glass", threads)
        assert weights_digest(engine.memory.weights()) == DIGESTS[name]
        assert engine.losses.tobytes() == run.losses.tobytes()
        engine.close()


@pytest.mark.parametrize("name", RUNS)
def test_standalone_c99_by_gcc_alone(runs, name, tmp_path):
    write_standalone(runs[name], tmp_path)
    command = [need("gcc"), "-std=c99", "-O1", "-ffp-contract=off", "main.c", "-o", "main"]
    output(command, tmp_path)
    assert output(["./main"], tmp_path) == DIGESTS[name]


@pytest.fixture(scope="module")
def zig_notes(tmp_path_factory):
    """One place for what zig builds of a C library: it takes half a minute, once."""
    return str(tmp_path_factory.mktemp("zig"))


@pytest.mark.parametrize("name", RUNS)
def test_aarch64(runs, name, tmp_path, monkeypatch, zig_notes):
    monkeypatch.setenv("ZIG_GLOBAL_CACHE_DIR", zig_notes)
    qemu = need("qemu-aarch64")
    write_executable_sources(recipe(runs[name]), AARCH64_LINUX, tmp_path)
    find_toolchain("zig").build_executable(tmp_path / "main.c", tmp_path / "main", AARCH64_LINUX)
    assert output([qemu, "./main"], tmp_path) == DIGESTS[name]


@pytest.mark.parametrize("name", RUNS)
def test_webassembly(runs, name, tmp_path):
    node = need("node")
    write_wasm_files(recipe(runs[name]), tmp_path)
    assert output([node, "--experimental-wasm-relaxed-simd", "train.mjs"], tmp_path) == DIGESTS[name]
    assert output([node, "train.mjs", "--emulated"], tmp_path) == DIGESTS[name]


def test_webassembly_glass_form(runs, tmp_path):
    node = need("node")
    write_wasm_files(recipe(runs["moons"]), tmp_path, form="glass")
    assert output([node, "--experimental-wasm-relaxed-simd", "train.mjs"], tmp_path) == DIGESTS["moons"]


@pytest.mark.skipif("avx2" not in TARGETS, reason="only on x86 can Node be told to do without fused multiply-add")
def test_webassembly_on_a_host_whose_madd_rounds_twice(runs, tmp_path):
    node = [need("node"), "--no-enable-fma3", "--experimental-wasm-relaxed-simd"]
    write_wasm_files(recipe(runs["moons"]), tmp_path)
    assert output([*node, "train.mjs"], tmp_path) == DIGESTS["moons"]
    (tmp_path / "network-emulated.wasm").write_bytes((tmp_path / "network.wasm").read_bytes())
    assert output([*node, "train.mjs"], tmp_path) != DIGESTS["moons"]  # had it taken the other module


def test_one_artefact_for_every_batch_size(runs):
    run = runs["digits"]
    engines = {}
    for batch_size in (1, 7, 32, 64, 65, 300):
        other = RUNS["digits"](progress=False, batch_size=batch_size) if batch_size != 32 else run
        assert other.source == run.source
        engines[batch_size] = other.digest
    assert len(set(engines.values())) == len(engines)
    assert engines[32] == DIGESTS["digits"]


@pytest.mark.parametrize("name", ["digits", "diabetes", "wine", "moons"])
def test_a_row_predicts_the_same_alone_and_in_any_batch(runs, name):
    run = runs[name]
    X = run.examples.X
    whole = run._outputs(X)
    for rows in ([0], [5, 3], list(range(17)), list(range(64, 130)), [len(X) - 1]):
        for part, everything in zip(run._outputs(X[rows]), whole, strict=True):
            assert part.tobytes() == everything[rows].tobytes()


_FLUSH = """
unsigned get(void) { unsigned state; __asm__ volatile("stmxcsr %0" : "=m"(state)); return state; }
void set(unsigned state) { __asm__ volatile("ldmxcsr %0" : : "m"(state)); }
"""


@pytest.mark.skipif("avx2" not in TARGETS, reason="the switch is x86's")
def test_another_library_flushes_subnormals_to_zero(tmp_path):
    source = tmp_path / "flush.c"
    source.write_text(_FLUSH)
    toolchain = find_toolchain()
    toolchain.run([*toolchain.command(ll.compile.native_target()), "-shared", "-fPIC", "-nostdlib", str(source), "-o",
                   str(tmp_path / "flush.so")], tmp_path)  # fmt: skip
    library = ctypes.CDLL(str(tmp_path / "flush.so"))
    library.get.restype = ctypes.c_uint
    before = library.get()
    library.set(before | 0x8040)
    try:
        assert np.float32(1e-38) * np.float32(0.1) == 0  # it is really on
        run = RUNS["subnormal"](progress=False)
        assert library.get() & 0x8040 == 0x8040  # and was left as it was
    finally:
        library.set(before)
    assert run.digest == DIGESTS["subnormal"]
