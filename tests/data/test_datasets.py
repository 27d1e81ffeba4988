"""Shipped and generated data sets: the right numbers, the same bytes, errors that list everything."""

import importlib
import importlib.util
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from learnloop.data import builtin, datasets, digest_many
from learnloop.data.generated import GENERATORS
from learnloop.errors import DataError, DescriptionError, FileError, UnknownName

ROOT = Path(__file__).parents[2]

DIGESTS = {
    "breast_cancer": "ac317fcc807dfe98e5aa650a5726433f34e22ecb845f0337c57f941316bd9622",
    "circles": "202ae20baa10ecbcf6d7c933a880c06b8ce554878cd897754fe3a3b8e0b6efd1",
    "diabetes": "f77e239255a26ceafc9fa2d6f08ff90a1006737fc53f863ab5b07f6741d781af",
    "digits": "72243cb82885890f3d080e787c5a8cf4e77ae16a6051ac3b459a3bcf36580f54",
    "gaussians": "5ca8fc346c3efd1bf7d94309760f424a39f9d00434c90bc7272337351c22c339",
    "iris": "543e37a757a5e51e9b10b20dd7ac1f21c8f901c10254161c7ca5847fafcdf159",
    "moons": "21e9c96cd018f2b9489f58daa298efe815e2fc7b81b3b220329bf02bc300bed0",
    "sine": "9035a37c31f700686658261198d0631b58b1c9a0f46e6ed5b871b4bc77fe4ca9",
    "spirals": "3d52f7a08e27a33c19d5e84bbb310890731104f48e64acb50bd9806ce9b301b2",
    "wine": "06577006d1de67936948eb7294f1317eb05d87c566eeab4d25749005afe9ce86",
    "xor": "fd8609b0e855684c65e32c75c6b7162c3e963ecf6ba0630f2723827720f87f6c",
}

every_set = pytest.mark.parametrize("name", datasets.names())
every_generator = pytest.mark.parametrize("name", GENERATORS)
every_shipped = pytest.mark.parametrize("name", builtin.BUILT_IN)


def told(data: datasets.Dataset) -> str:
    return digest_many({"X": data.X, "y": data.y})


def run(code: str, **environment: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
    ).stdout


@every_set
def test_the_same_bits_everywhere(name: str) -> None:
    assert told(datasets.load(name)) == DIGESTS[name]


def test_the_same_bits_without_vector_instructions() -> None:
    package = "numpy._core" if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else "numpy.core"
    numpy_core = importlib.import_module(f"{package}._multiarray_umath")
    features = [f for f in numpy_core.__cpu_dispatch__ if numpy_core.__cpu_features__.get(f)]
    code = (
        "import json; from learnloop.data import datasets, digest_many;"
        "sets = map(datasets.load, datasets.names());"
        "print(json.dumps({d.name: digest_many({'X': d.X, 'y': d.y}) for d in sets}))"
    )
    assert json.loads(run(code, NPY_DISABLE_CPU_FEATURES=" ".join(features))) == DIGESTS


@every_set
def test_a_data_set_keeps_its_promises(name: str) -> None:
    data = datasets.load(name)
    X, y = data
    assert X is data.X and y is data.y and data.name == name
    assert X.dtype in (np.float32, np.float64) and X.flags.c_contiguous and not X.flags.writeable
    assert y.shape == X.shape[:1] and y.flags.c_contiguous and not y.flags.writeable
    assert np.isfinite(X).all() and len(data.feature_names) == X.shape[1]
    assert data.source and data.licence and data.description.endswith(".") and len(repr(data)) < 100
    if data.task == "classification":
        assert y.dtype == np.int64 and np.array_equal(np.unique(y), np.arange(len(data.target_names)))
    else:
        assert data.task == "regression" and y.dtype == np.float64 and len(data.target_names) == 1


@every_set
def test_standardised(name: str) -> None:
    data = datasets.load(name)
    scaled = data.standardised()
    assert scaled.X.dtype == data.X.dtype and not scaled.X.flags.writeable and scaled.y is data.y
    assert np.array_equal(scaled.standardised().X, scaled.X)
    if data.scale is None:
        assert np.abs(scaled.X.mean(axis=0)).max() < 1e-12 and np.abs(scaled.X.std(axis=0) - 1).max() < 1e-12
    else:
        assert np.array_equal(scaled.X * data.scale, data.X)


def test_the_training_rows_alone_can_be_measured() -> None:
    data = datasets.load("iris")
    assert data.standardiser(range(10)).mean != data.standardiser().mean
    assert np.allclose(data.standardiser([0, 1]).mean, data.X[:2].mean(axis=0))
    with pytest.raises(DataError, match="Fix"):
        data.standardiser([])


def test_data_sets_travel_between_processes() -> None:
    assert told(pickle.loads(pickle.dumps(datasets.load("wine")))) == DIGESTS["wine"]  # noqa: S301


def test_loading_needs_nothing_but_numpy_and_the_standard_library() -> None:
    code = (
        "import sys, numpy; before = set(sys.modules); import learnloop.data;"
        "learnloop.data.datasets.load('digits'); print(*set(sys.modules) - before)"
    )
    loaded = {module.split(".")[0] for module in run(code).split()}
    assert loaded - set(sys.stdlib_module_names) <= {"learnloop", "numpy"}
    assert "zipfile" not in loaded  # slower to import than all our tables are to read


@every_shipped
def test_the_values_are_the_originals(name: str) -> None:
    sklearn = pytest.importorskip("sklearn.datasets")
    original = getattr(sklearn, f"load_{name}")(**({"scaled": False} if name == "diabetes" else {}))
    data = datasets.load(name)
    values = original.data.round(4) if name == "diabetes" else original.data  # see the script
    assert np.array_equal(data.X, values) and np.array_equal(data.y, original.target)
    assert list(data.feature_names) == list(original.feature_names)


def test_the_script_writes_the_very_files_that_ship(tmp_path: Path) -> None:
    pytest.importorskip("sklearn.datasets")
    spec = importlib.util.spec_from_file_location("make_datasets", ROOT / "scripts" / "make_datasets.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.main(tmp_path)
    written = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert written == {file.name: file.read_bytes() for file in builtin.TABLES.iterdir()}


@every_shipped
def test_numpy_reads_the_files_too(name: str) -> None:
    path = builtin.TABLES / f"{name}.npz"
    ours = builtin.read_npz(path)
    with np.load(path, allow_pickle=False) as theirs:
        assert sorted(theirs) == sorted(ours)
        assert all(np.array_equal(theirs[key], ours[key]) for key in ours)


def test_a_damaged_file_is_refused_or_read_right(tmp_path: Path) -> None:
    good = (builtin.TABLES / "iris.npz").read_bytes()
    right = builtin.read_npz(builtin.TABLES / "iris.npz")
    ends = [*range(0, 400, 7), len(good) // 2, len(good) - 400]
    flips = [*range(160), *range(4900, 5200, 3)]
    damaged = [good[:end] for end in ends]
    damaged += [good[:at] + bytes([good[at] ^ 0x41]) + good[at + 1 :] for at in flips]
    for number, content in enumerate(damaged):
        path = tmp_path / f"{number}.npz"
        path.write_bytes(content)
        try:
            arrays = builtin.read_npz(path)
        except FileError as error:
            assert "Fix" in str(error)
        else:
            assert all(np.array_equal(arrays[key], right[key]) for key in right)


def test_a_missing_file() -> None:
    with pytest.raises(FileError, match="install learnloop again"):
        builtin.read_npz(Path("nowhere.npz"))


@every_generator
def test_more_rows_only_append(name: str) -> None:
    few, many = datasets.load(name, rows=100), datasets.load(name, rows=150)
    assert np.array_equal(few.X, many.X[:100]) and np.array_equal(few.y, many.y[:100])


@every_generator
def test_another_seed_gives_other_rows(name: str) -> None:
    assert len({told(datasets.load(name, seed=seed)) for seed in (0, 1, 2**32, 2**64 - 1)}) == 4


@every_generator
def test_every_option_works(name: str) -> None:
    for option, spec in GENERATORS[name].options.items():
        if option != "rows":
            assert told(datasets.load(name, **{option: spec.high})) != DIGESTS[name]
        assert datasets.load(name, **{option: spec.low}).X.size


@pytest.mark.parametrize(("name", "classes"), [("spirals", 3), ("gaussians", 7), ("moons", 2), ("xor", 2)])
def test_classes_are_balanced(name: str, classes: int) -> None:
    options = {"classes": classes} if "classes" in GENERATORS[name].options else {}
    data = datasets.load(name, rows=101, **options)
    counts = np.bincount(data.y)
    assert len(counts) == classes == len(data.target_names) and counts.max() - counts.min() <= 1


def test_shapes_without_noise() -> None:
    X, y = datasets.load("circles", noise=0)
    assert np.allclose(np.hypot(*X.T), np.where(y == 1, 0.5, 1.0))
    X, y = datasets.load("xor", noise=0)
    assert np.array_equal(y == 1, X[:, 0] * X[:, 1] < 0) and np.abs(X).min() >= 0.1 and np.abs(X).max() < 1
    X, y = datasets.load("sine", noise=0, turns=3)
    assert np.allclose(y, np.sin(3 * np.pi * X[:, 0]))
    X, y = datasets.load("gaussians", noise=0, classes=4)
    assert np.allclose(X, np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])[y], atol=1e-15)
    X, y = datasets.load("spirals", noise=0, turns=0)
    assert np.allclose(X[:, 1], 0, atol=1e-15) and np.array_equal(X[:, 0] < 0, y == 1)
    X, y = datasets.load("moons", noise=0)
    assert np.allclose(np.hypot(*(X - np.where(y == 1, [[1], [0.5]], 0).T).T), 1)


def test_noise_is_the_standard_deviation() -> None:
    clean, noisy = (datasets.load("moons", rows=5000, noise=noise).X for noise in (0, 0.25))
    assert abs((noisy - clean).std() - 0.25) < 0.01


@pytest.mark.parametrize("name", ["spiral", "", "X" * 1000, None, 3, [], ("iris",)])
def test_unknown_names(name) -> None:
    with pytest.raises(UnknownName, match="unknown data set") as caught:
        datasets.load(name)
    if name == "spiral":
        assert "'spirals'" in str(caught.value)


def test_all_problems_at_once() -> None:
    with pytest.raises(DescriptionError) as caught:
        datasets.load("spirals", row=10, colour="red", noise=-1, seed=1.5, classes=True)
    text = str(caught.value)
    assert len(caught.value.problems) == 5 and text.count("Fix: ") == 5
    assert "write 'rows'" in text and "noise is -1, expected a number 0.0..100.0" in text
    with pytest.raises(DescriptionError, match="'iris' takes no options, got 'rows'"):
        datasets.load("iris", rows=10)


@pytest.mark.parametrize("rows", [1, 0, -5, 2.0, "100", None, True, 10**9, float("nan"), [10]])
def test_bad_numbers_of_rows(rows) -> None:
    with pytest.raises(DescriptionError, match=r"rows is .* expected a whole number"):
        datasets.load("moons", rows=rows)


@pytest.mark.parametrize("noise", [float("nan"), float("inf"), "0.1", None, -1e-9, [0.1], 1j, True])
def test_bad_noise(noise) -> None:
    with pytest.raises(DescriptionError, match=r"noise is .* expected a number"):
        datasets.load("moons", noise=noise)


def test_numpy_numbers_are_numbers() -> None:
    assert len(datasets.load("moons", rows=np.int64(10), noise=np.float32(0.5), seed=np.uint64(3)).y) == 10
