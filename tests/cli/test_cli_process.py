"""Whole processes: what only they can show."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

import learnloop

COMMAND = [sys.executable, "-W", "error", "-m", "learnloop"]


def run(*words, **options):
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=120, check=False, **options)


def test_version_and_exit_codes():
    assert run("--version").stdout == f"learnloop {learnloop.__version__}\n"
    assert run("train", "nothing").returncode == 2


def test_ctrl_c_records_and_reports(store):
    assert (
        run("train", "digits", "--epochs", "1", "--quiet").returncode == 0
    )  # compiled, so that learning begins at once
    words = [*COMMAND, "train", "digits", "--epochs", "2000000", "--threads", "1"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if line.startswith("learning"):
                break
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in err
    assert "interrupted: what was learnt until then is kept" in out
    assert [entry.status for entry in store.entries()] == ["interrupted", "finished"]


def test_a_reader_that_leaves_is_no_error(home):
    words = [*COMMAND, "data"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.close()
        err = process.stderr.read()
    assert process.wait(60) == 141 and err == ""


def test_output_without_unicode():
    result = run("train", "iris", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert result.returncode == 0 and result.stdout.isascii() and "test accuracy" in result.stdout


def test_ticks_and_pictures_without_unicode(library):
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "LEARNLOOP_STORE": str(library)}
    for words in (["life", "iris-1", "dense_1.weight[0,0]"], ["why", "iris-1", "dense_1.weight[0,0]"], ["show", "iris-1"]):
        result = run(*words, env=env)
        assert result.returncode == 0 and result.stdout.isascii() and "?" not in result.stdout
        assert ("[ok] " in result.stdout) == (words[0] != "show") and max(map(len, result.stdout.splitlines())) <= 84


HEAVY = "{'rich.progress', 'learnloop.runs', 'torch', 'jax', 'sklearn', 'numpy.ma', 'learnloop.bench.ours'}"


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        (["train", "iris"], HEAVY),
        (["train", "iris", "--quiet"], HEAVY + " | {'rich'}"),
        (["--help"], HEAVY + " | {'rich', 'numpy', 'dataclasses'}"),
        (["train", "--help"], HEAVY + " | {'rich', 'numpy', 'dataclasses'}"),
    ],
)
def test_heavy_packages_stay_out(words, heavy):
    code = f"import sys; from learnloop.cli import main; main({words}); print(sorted(({heavy}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts threads in /proc")
def test_numpy_comes_without_threads_and_children_are_not_told():
    code = (
        "import os; from learnloop.cli import main; main(['data', '--json']);"
        "print('OPENBLAS_NUM_THREADS' in os.environ, len(os.listdir('/proc/self/task')))"
    )
    free = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, env=free, check=True
    )
    assert done.stdout.splitlines()[-1] == "False 1"
