"""Measures the explorer in Chromium: from command to first picture, from a slider to the whole run redrawn, scrubbing.

python scripts/measure_explorer.py [--repeats N]      ends with 1 where a bar is missed

Times are taken in the page. A change begins with its input event; *work* ends when the page has drawn, *shown* when the
browser has laid out and painted that frame, *next frame* at the frame after it. The cases are interleaved.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

import learnloop as ll
from learnloop.explore.static import assets

SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run")
WINDOW = {"width": 1440, "height": 900}
BLOCK = 10
"""Repeats of one case before the next has its turn."""

WATCH = """
window.spent = 0; // milliseconds that callbacks of frames and the worker took
const wait = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (work) => wait((now) => { const begin = performance.now(); work(now); window.spent += performance.now() - begin; });
const send = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message, ...more) {
  const begin = performance.now();
  const heard = ({ data }) => {
    if (data.id !== message.id) return;
    this.removeEventListener("message", heard);
    if (message.method !== "measure") window.spent += performance.now() - begin;
  };
  if (message?.id) this.addEventListener("message", heard);
  return send.call(this, message, ...more);
};
const channel = new MessageChannel();
window.painted = () => new Promise((done) => { channel.port1.onmessage = () => done(performance.now()); channel.port2.postMessage(0); });
window.drawn = (is) => new Promise((done) => {
  const place = document.querySelector("[data-drawn]");
  const observer = new MutationObserver(async () => {
    if (!is(place.dataset.drawn)) return;
    observer.disconnect();
    const work = performance.now();
    const shown = await window.painted();
    wait(() => done({ work, shown, next: performance.now() }));
  });
  observer.observe(place, { attributes: true, attributeFilter: ["data-drawn"] });
});
window.timed = async (is, act) => {
  window.spent = 0;
  const begin = performance.now();
  const seen = window.drawn(is);
  act();
  const busy = performance.now() - begin;
  const { work, shown, next } = await seen;
  return { work: work - begin, shown: shown - begin, next: next - begin, spent: busy + window.spent };
};
const first = new MutationObserver(async () => {
  if (!document.querySelector("[data-drawn]")) return;
  first.disconnect();
  await window.painted();
  window.first = Date.now();
});
first.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-drawn"] });
"""

SLIDER = """
async ({ turns, seed }) => {
  const found = [];
  const input = [...document.querySelectorAll("input[type=range]")].find((one) => one.ariaLabel.startsWith("learning rate"));
  for (let turn = 0; turn < turns; turn++) {
    await new Promise((done) => setTimeout(done, 40 + (turn * 7) % 17)); // not in step with the frames
    const run = document.querySelector("[data-drawn]").dataset.drawn.split(",")[0];
    found.push(await window.timed((drawn) => drawn.split(",")[0] !== run, () => {
      const [low, high] = [0.35, 0.65].map((share) => Math.round(Number(input.max) * share)); // rates that are neither tiny nor wild
      const next = low + ((seed + turn) * 7) % (high - low);
      input.value = String(next === Number(input.value) ? high : next);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }));
  }
  return found;
}
"""

SCRUB = """
async ({ shares }) => {
  const found = [];
  const slider = document.querySelector("[role=slider]");
  const updates = Number(slider.getAttribute("aria-valuemax"));
  for (const share of shares) {
    await new Promise((done) => setTimeout(done, 25 + Math.round(share * 1e6) % 17));
    const [box, now] = [slider.getBoundingClientRect(), slider.ariaValueNow];
    const at = { clientX: box.left + 58 + share * (box.width - 120), clientY: box.top + 40, bubbles: true, pointerId: 1 };
    const send = (type) => slider.dispatchEvent(new PointerEvent(type, at));
    slider.setPointerCapture = () => {};
    found.push(await window.timed((drawn) => drawn.split(", ")[1] === slider.ariaValueNow && slider.ariaValueNow !== now, () => { send("pointerdown"); send("pointerup"); }));
  }
  return { found, updates };
}
"""


@contextmanager
def explorer(store: Path, *words: str) -> Iterator[str]:
    """The command as people start it; its address."""
    command = [sys.executable, "-m", "learnloop", "explore", *words, "--no-open", "--json", "--store", str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def open_page(browser: Any, url: str) -> Any:
    """A page in a browser that has never seen it, at rest."""
    page = browser.new_context(viewport=WINDOW, reduced_motion="reduce").new_page()
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
    while not page.evaluate("window.first"):
        time.sleep(0.01)
    return page


def first_picture(browser: Any, store: Path) -> float:
    """Milliseconds from the command to the first picture, in a browser that runs already."""
    begin = time.time()
    with explorer(store) as url:
        page = open_page(browser, url)
        found = page.evaluate("window.first") - 1000 * begin
        page.context.close()
    return found


def weight(browser: Any, store: Path) -> tuple[float, float, int]:
    """Kilobytes of our own code up to the first picture, and of all that a page may ever load; requests to other hosts."""
    with explorer(store) as url:
        page = browser.new_context().new_page()
        own, others = {}, []  # by address: page and worker share some modules
        base, origin = url, url.split("/")[2]
        page.on("request", lambda asked: others.append(asked.url) if asked.url.split("/")[2:3] != [origin] else None)
        page.on("response", lambda answer: own.update({answer.url: answer}) if answer.url.rsplit(".", 1)[-1] in ("js", "css", "svg") or answer.url == base else None)
        page.goto(url)
        page.wait_for_selector("html[data-ready]", state="attached")
        first = sum(len(answer.body()) for answer in list(own.values()))
        page.wait_for_timeout(1500)
        page.context.close()
    everything = sum(len(asset.content) for path, asset in assets().items() if path != "js/enclosed.js")
    return first / 1000, everything / 1000, len(others)


def record(store: ll.Store) -> None:
    """The runs that are opened: digits, 1,000 updates, and the first picture's network, 100,000 updates."""
    X, y = ll.datasets.load("digits")
    ll.train(ll.mlp(64, 32, 10), X[:1600] / 16, y[:1600], optimizer=ll.SGD(0.1, momentum=0.9), epochs=20, record=store, name="digits", progress=False)
    X, y = ll.datasets.load("spirals", rows=300, turns=1.0).standardised()
    ll.train(
        ll.mlp(2, 8, 8, 1, activation="tanh"), X, y, optimizer=ll.SGD(0.01), batch_size=15, epochs=5000, record=store, name="long", progress=False
    )  # fmt: skip


def measure(repeats: int) -> list[tuple[str, float, str, float, str]]:
    """What was measured: (name, figure, which figure, the most it may be, more about it)."""
    load = os.getloadavg()
    folder = Path(tempfile.mkdtemp(prefix="learnloop-measured-"))
    store = folder / "runs.sqlite"
    record(ll.Store(store))
    shares = np.random.default_rng(0).random(repeats)
    lines: list[tuple[str, float, str, float, str]] = []
    with sync_playwright() as started:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = started.chromium.launch(executable_path=path, args=list(SWITCHES))
        first_picture(browser, store)  # warm: programs are compiled, files were read
        starts = [first_picture(browser, store) for _ in range(5)]
        kilobytes, everything, others = weight(browser, store)
        slider, digits, scrub = [], [], []
        with explorer(store) as a, explorer(store, "digits-1") as b, explorer(store, "long-1") as c:
            small, images, long = (open_page(browser, url) for url in (a, b, c))
            for page in (small, images):
                page.wait_for_timeout(1000)
                page.evaluate(SLIDER, {"turns": 5, "seed": 0})
            for turn in range(0, repeats, BLOCK):
                slider += small.evaluate(SLIDER, {"turns": BLOCK, "seed": turn})
                digits += images.evaluate(SLIDER, {"turns": BLOCK, "seed": turn})
                answer = long.evaluate(SCRUB, {"shares": shares[turn : turn + BLOCK].tolist()})
                assert answer["updates"] == 100_000, answer["updates"]
                scrub += answer["found"]
        version = browser.version
        browser.close()
    shutil.rmtree(folder)
    print(f"{processor()}, {os.cpu_count()} CPUs, {platform.system()}; Chromium {version}; {repeats} repeats, interleaved; load {load[0]:.1f} before, {os.getloadavg()[0]:.1f} after\n")
    lines.append(("from command to first picture, warm (ms)", median(starts), "median", 2000, f"of 5, worst {max(starts):.0f}"))
    lines.append(("our own code up to the first picture, uncompressed (kB)", kilobytes, "sum", 300, f"with what is fetched later {everything:.0f}"))
    lines.append(("requests to other hosts", others, "count", 0, ""))
    lines.append(("slider to whole run redrawn, 2-8-8-1, 1,005 updates (ms)", of(slider, "shown", 50), "median", 33, spread(slider)))
    lines.append(("  the same", of(slider, "shown", 95), "95th percentile", 60, ""))
    lines.append(("slider to whole run redrawn, digits 64-32-10, 1,000 updates (ms)", of(digits, "shown", 50), "median", 150, spread(digits)))
    lines.append(("scrubbing over 100,000 updates of 2-8-8-1, work (ms)", of(scrub, "spent", 50), "median", 16, spread(scrub)))
    return lines


def median(values: Sequence[float]) -> float:
    return float(np.median(values))


def of(found: list[dict[str, float]], what: str, percentile: float) -> float:
    return float(np.percentile([one[what] for one in found], percentile))


def spread(found: list[dict[str, float]]) -> str:
    """Medians and 95th percentiles of all figures."""
    return ", ".join(f"{name} {of(found, key, 50):.1f}/{of(found, key, 95):.1f}" for key, name in
                     (("spent", "computing"), ("work", "drawn"), ("shown", "shown"), ("next", "next frame")))  # fmt: skip


def processor() -> str:
    """What the machine calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the explorer in Chromium.")
    parser.add_argument("--repeats", type=int, default=200)
    missed = 0
    for name, value, which, most, more in measure(parser.parse_args().repeats):
        good = value <= most
        missed += not good
        print(f"{'ok    ' if good else 'MISSED'} {name}: {which} {value:.1f}, at most {most:g}{'   ' + more if more else ''}")
    return int(missed > 0)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(main())
