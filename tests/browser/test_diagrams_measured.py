"""An independent witness of the layout: a browser measures five hundred drawings on a phone, and in both colour schemes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import learnloop
from browser.tools import axe
from learnloop.lesson.drawing.scene import NARROW, Drawing, Part, Stroke
from learnloop.lesson.drawing.shapes import words
from learnloop.lesson.drawing.svg import to_svg
from lesson.drawn import COUNT, drawers

CSS = Path(learnloop.__file__).parent / "web/css/drawing.css"
MEASURE = """
(claims) => {
  const found = [];
  const slack = 0.75;
  const union = (boxes) => boxes.length && {
    left: Math.min(...boxes.map((b) => b.x)), top: Math.min(...boxes.map((b) => b.y)),
    right: Math.max(...boxes.map((b) => b.x + b.width)), bottom: Math.max(...boxes.map((b) => b.y + b.height)),
  };
  const drawings = document.querySelectorAll("svg");
  drawings.forEach((svg, n) => {
    const view = svg.viewBox.baseVal;
    const on = svg.getBoundingClientRect();
    const scale = on.width / view.width;
    if (on.left < 0 || on.right > 320 || scale < 0.999) found.push(`${n}: the drawing is at ${on.left} to ${on.right}`);
    const parts = [];
    for (const part of svg.querySelectorAll("[data-part]")) {
      const boxes = [];
      for (const shape of part.children) {
        const b = shape.getBBox();
        if (b.x < -slack || b.y < -slack || b.x + b.width > view.width + slack || b.y + b.height > view.height + slack)
          found.push(`${n} ${part.dataset.part}: ${shape.outerHTML.slice(0, 90)} is outside`);
        if (shape.tagName === "text" && parseFloat(getComputedStyle(shape).fontSize) * scale < 12)
          found.push(`${n} ${part.dataset.part}: ${shape.textContent} is too small`);
        if (!shape.classList.contains("arrow")) boxes.push(b);
      }
      if (claims[n].includes(part.dataset.part) && boxes.length) parts.push([part.dataset.part, union(boxes)]);
    }
    parts.forEach(([one, a], k) => parts.slice(k + 1).forEach(([other, b]) => {
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > slack && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > slack)
        found.push(`${n}: ${one} and ${other} overlap`);
    }));
  });
  return { count: drawings.length, wide: document.documentElement.scrollWidth, found };
}
"""
CONTRAST = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const of = (selector, what) => [...new Set([...document.querySelectorAll(selector)].map((e) => getComputedStyle(e)[what]))];
  const [paper] = of(".fill-paper", "fill"), [soft] = of(".fill-soft:not(.ink-paper)", "fill");
  return {
    text: Math.min(...of("text", "fill").map((t) => ratio(t, paper))), soft: Math.min(...of("text:is(.ink-ink, .ink-quiet)", "fill").map((t) => ratio(t, soft))),
    stroke: Math.min(...of("path:not(.ink-paper)", "stroke").map((t) => ratio(t, paper))),
  };
}
"""


@pytest.fixture(scope="module")
def drawn() -> tuple[str, list[list[str]], list[str]]:
    """The page with all narrow drawings; for each the parts that claim a box, and its name."""
    names, pictures, claims = [], [], []
    for k, (name, drawer) in enumerate(drawers()):
        drawing = drawer(NARROW)
        names.append(name)
        claims.append([part.name for part in drawing.parts if part.box])
        pictures.append(to_svg(drawing, prefix=f"d{k}"))
    style = CSS.read_text() + "body { margin: 16px; width: 288px } svg { margin-bottom: 8px }"
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Drawings</title><style>{style}</style><main>{"".join(pictures)}</main></html>'
    return page, claims, names


@pytest.fixture(params=["light", "dark"])
def phone(request: pytest.FixtureRequest, chromium: Any, drawn: tuple[str, list[list[str]], list[str]]) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 320, "height": 800}, color_scheme=request.param, offline=True)
    page = context.new_page()
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.set_content(drawn[0])
    yield page
    context.close()
    assert alerts == []


def test_nothing_is_outside_overlaps_or_is_too_small(phone: Any, drawn: tuple[str, list[list[str]], list[str]]) -> None:
    found = phone.evaluate(MEASURE, drawn[1])
    assert found["count"] == COUNT
    assert found["wide"] <= 320
    named = [f"{drawn[2][int(text.split(':')[0].split(' ')[0])]}: {text}" for text in found["found"]]
    assert named == [], json.dumps(named[:20], ensure_ascii=False, indent=1)


def test_the_witness_sees_what_is_wrong(chromium: Any) -> None:
    parts = (
        Part("one", (words(10, 20, "one"),), (0, 0, 60, 40)), Part("two", (words(20, 24, "two", 10),), (0, 0, 60, 40)),
        Part("three", (Stroke("M0 0L400 0"),)),
    )  # fmt: skip
    page = chromium.new_page(viewport={"width": 320, "height": 800})
    page.set_content(f"<style>{CSS.read_text()}</style>{to_svg(Drawing(NARROW, 100, 't', 'd', parts), prefix='p')}")
    found = " ".join(page.evaluate(MEASURE, [["one", "two"]])["found"])
    page.close()
    assert "one and two overlap" in found and "two is too small" in found and "is outside" in found


def test_colours_can_be_told_from_their_ground(phone: Any) -> None:
    found = phone.evaluate(CONTRAST)
    assert found["text"] >= 4.5 and found["soft"] >= 4.5  # only ink and what is quiet is written on a tint
    assert found["stroke"] >= 3


def test_axe_finds_nothing_in_a_few(chromium: Any, drawn: tuple[str, list[list[str]], list[str]]) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.set_content(drawn[0].split("</svg>")[0] + "</svg></main></html>")
    page.evaluate(axe())
    found = page.evaluate("async () => (await axe.run({ rules: { 'page-has-heading-one': { enabled: false } } })).violations.map((v) => v.id)")
    context.close()
    assert found == []
