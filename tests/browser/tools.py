"""The browser and the npm packages that these tests need: where they are missing CI fails, and others skip."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
"""``scripts/test`` fills it; git ignores it."""


def missing(what: str) -> NoReturn:
    """Fail in CI, skip elsewhere."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is missing. Fix: scripts/test installs it.")
    raise AssertionError


def browser_path() -> str:
    """Debian's Chromium, or another one that is installed."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    missing("chromium")


def axe() -> str:
    """The text of axe-core."""
    path = MODULES / "axe-core" / "axe.min.js"
    if not path.is_file():
        missing("axe-core")
    return path.read_text()
