"""Writes tests/exactness/digests.json anew: only when the definition of the arithmetic changes on purpose."""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "tests" / "exactness"
sys.path.insert(0, str(HERE))

from reference_runs import RUNS  # noqa: E402

digests = {name: train(progress=False).digest for name, train in RUNS.items()}
(HERE / "digests.json").write_text(json.dumps(digests, indent=2) + "\n")
print(*(f"{name:10s} {digest}" for name, digest in digests.items()), sep="\n")
