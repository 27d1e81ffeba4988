"""A browser measures plots in a page of 320 pixels: text is large enough, inside, and on no other text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from learnloop.lesson.drawing.scene import NARROW, SMALLEST, WIDE, Drawer
from learnloop.lesson.drawing.svg import to_svg
from learnloop.lesson.problems import LessonError
from lesson.plots_runs import KINDS, ODD_LOSSES, builtin, extremes, plot, with_losses

CSS = Path(__file__).parents[2] / "src/learnloop/web/css"
MEASURE = """() => [...document.querySelectorAll("svg")].map((svg) => {
  const box = (element) => { const r = element.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  return {
    name: svg.getAttribute("class"), box: box(svg),
    words: [...svg.querySelectorAll("text")].map((t) => ({ text: t.textContent, size: parseFloat(getComputedStyle(t).fontSize) * scale, box: box(t) })),
    images: [...svg.querySelectorAll("image")].map(box),
  };
})"""


def drawers() -> dict[str, Drawer]:
    """Plots of runs that are as usual, and of those that are not."""
    runs = {**{name: builtin(name) for name in ("digits", "spirals", "diabetes", "breast_cancer")}, **extremes()}
    found = {}
    for kind in KINDS:
        for name, run in runs.items():
            try:
                found[f"{kind} of {name}"] = plot(kind, run)
            except LessonError:
                continue  # there is no such plot of this run
    return found | {f"loss: {name}": plot("loss", with_losses(losses)) for name, losses in ODD_LOSSES.items()}


@pytest.fixture(scope="module")
def drawn() -> dict[str, Drawer]:
    return drawers()


def page_of(drawn: dict[str, Drawer], width: float) -> str:
    css = "".join((CSS / name).read_text() for name in ("base.css", "drawing.css"))
    pictures = "".join(to_svg(drawer(width), prefix=f"p{k}", classes=f"plot-{k}") for k, drawer in enumerate(drawn.values()))
    return f"<!doctype html><html lang=en><meta charset=utf-8><title>plots</title><style>{css} body {{ margin: 16px }}</style>{pictures}"


@pytest.mark.parametrize(("width", "screen"), [(NARROW, 320), (WIDE, 800)])
def test_text_is_large_enough_and_inside(chromium: Any, drawn: dict[str, Drawer], width: float, screen: int) -> None:
    page = chromium.new_page(viewport={"width": screen, "height": 600})
    try:
        page.set_content(page_of(drawn, width))
        assert page.evaluate("document.documentElement.scrollWidth") <= screen
        found = page.evaluate(MEASURE)
    finally:
        page.close()
    assert len(found) == len(drawn)
    for name, picture in zip(drawn, found, strict=True):
        assert picture["words"], name
        left, top, right, bottom = picture["box"]
        for word in picture["words"]:
            assert word["size"] >= SMALLEST - 0.01, (name, word)
            assert word["box"][0] >= left - 1 and word["box"][2] <= right + 1, (name, word, picture["box"])
            assert word["box"][1] >= top - 4 and word["box"][3] <= bottom + 4, (name, word, picture["box"])  # a line is higher than its letters
        for image in picture["images"]:
            assert image[0] >= left - 0.5 and image[2] <= right + 0.5 and image[1] >= top - 0.5 and image[3] <= bottom + 0.5, name
        check_apart(name, picture["words"])


def check_apart(name: str, words: list[dict[str, Any]]) -> None:
    """Letters of two texts do not share a place; the box of a line reaches above and below its letters."""
    boxes = [(*w["box"][:1], w["box"][1] + 0.2 * w["size"], w["box"][2], w["box"][3] - 0.2 * w["size"]) for w in words]
    for k, one in enumerate(boxes):
        for m in range(k):
            other = boxes[m]
            shared = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
            assert min(shared) <= 0.5, (name, words[k]["text"], words[m]["text"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_points_and_lines_stand_out(chromium: Any, theme: str) -> None:
    """What a page paints is what the shapes say: a solid point of its class, and a rim around it."""
    page = chromium.new_page(viewport={"width": 800, "height": 600}, color_scheme=theme)
    try:
        page.set_content(page_of({"map": plot("decision-map", builtin("moons"))}, WIDE))
        fills = page.evaluate("""() => [...document.querySelectorAll('[data-part="points"] path')].map((p) => [getComputedStyle(p).fill, getComputedStyle(p).stroke])""")
    finally:
        page.close()
    colours = {"light": ["rgb(180, 90, 6)", "rgb(8, 119, 189)"], "dark": ["rgb(245, 147, 34)", "rgb(77, 178, 242)"]}[theme]
    assert [fill for fill, _ in fills[:2]] == colours
    assert fills[-1][0] == "none"
    assert all(stroke != fill for fill, stroke in fills)
