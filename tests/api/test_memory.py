"""Training holds the data once, and little else."""

from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import sys
import numpy as np
import learnloop as ll
rows = int(sys.argv[1])
X = np.empty((rows, 784), np.float32)
for first in range(0, rows, 1000):
    X[first : first + 1000] = np.random.default_rng(first).standard_normal((len(X[first : first + 1000]), 784), np.float32)
y = np.arange(rows) % 10
run = ll.train(ll.mlp(784, 512, 512, 10), X, y, batch_size=128, epochs=1, validation=0.1, progress=False)
status = dict(line.split(":", 1) for line in open("/proc/self/status"))  # getrusage would count who started it, too
peak = int(status["VmHWM"].split()[0]) * 1024
print(peak - X.nbytes, run.updates)
"""


@pytest.mark.parametrize("rows", [6000])
def test_less_than_the_data_and_150_mb(rows, full):
    rows = 60_000 if full else rows
    done = subprocess.run([sys.executable, "-c", CODE, str(rows)], capture_output=True, text=True, check=True)
    beyond, updates = map(int, done.stdout.split())
    assert updates > 0
    assert beyond < 150e6
