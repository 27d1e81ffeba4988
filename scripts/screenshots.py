"""Takes the pictures of the explorer that the documentation shows: main views, three widths, light and dark.

python scripts/screenshots.py [NAME ...]      into docs/screenshots/; needs Chromium, playwright and Pillow

Every picture is of a fixed run at a fixed update, at rest, so that a picture changes only with the page.
"""

from __future__ import annotations

import io
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run", "--hide-scrollbars")
SIZES = {1440: 900, 1024: 800, 390: 844}
VIEWS = {
    "network": ("spirals", "#v=1&at=412"),
    "neuron": ("spirals", "#v=1&at=412&neuron=dense_2:3"),
    "weight": ("spirals", "#v=1&at=412&weight=dense_2.weight:4,3"),
    "gradients": ("spirals", "#v=1&at=60&links=gradient&phase=3"),
    "images": ("digits", "#v=1&at=200"),
    "numbers": ("diabetes", "#v=1&at=150"),
}
"""Name: (the data set that the command opens, what of the page is shown)."""
COLOURS = 256
WIDE = ("gradients", "numbers")
"""Views that are taken in the largest size alone."""


@contextmanager
def explorer(data: str, folder: Path) -> Iterator[str]:
    """The command on a data set; its address."""
    words = [] if data == "spirals" else [data]
    command = [sys.executable, "-m", "learnloop", "explore", *words, "--no-open", "--json", "--store", str(folder / "runs.sqlite")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(10)


def take(browser: Any, url: str, name: str, fragment: str) -> Iterator[tuple[Path, int]]:
    """One view in all sizes and colours; each file with its size."""
    for width, height in list(SIZES.items())[: 1 if name in WIDE else None]:
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
            page = context.new_page()
            page.goto(url + fragment)
            page.wait_for_selector("html[data-ready]", state="attached")
            page.get_by_text("same bits as Python").wait_for()
            settle(page)
            path = FOLDER / f"{name}-{width}-{scheme}.png"
            yield path, save(page.screenshot(full_page=width == 390), path)
            context.close()


def settle(page: Any) -> None:
    """Until the card has been told, and nothing is drawn any more."""
    waiting = "() => document.querySelector('.card:not([hidden])[aria-busy=true], .card:not([hidden]) progress') !== null"
    while page.evaluate(waiting):
        page.wait_for_timeout(50)
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")  # a driven page counts as used: its card has the focus
    before = b""
    while (now := page.screenshot()) != before:
        before = now
        page.wait_for_timeout(400)


def save(content: bytes, path: Path) -> int:
    """With a palette: a quarter of the bytes, and nothing to be seen of it."""
    image = Image.open(io.BytesIO(content)).convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    image.save(path, optimize=True)
    return path.stat().st_size


def main(names: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    total = 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=list(SWITCHES))
        for name, (data, fragment) in VIEWS.items():
            if names and name not in names:
                continue
            with explorer(data, Path(folder)) as url:
                for path, size in take(browser, url, name, fragment):
                    total += size
                    print(f"{path.name:32} {size / 1000:7.0f} kB")
        browser.close()
    print(f"{total / 1e6:.2f} MB")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main(sys.argv[1:])
