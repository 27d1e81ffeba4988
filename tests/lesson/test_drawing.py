"""The kernel of drawings: text is measured, paths are read, SVG is safe, hands are steady, and bad drawings are found."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnloop.lesson.drawing import path
from learnloop.lesson.drawing.check import problems
from learnloop.lesson.drawing.hand import hand_drawn, rough
from learnloop.lesson.drawing.measure import clean, fitted, width, wrap
from learnloop.lesson.drawing.png import png
from learnloop.lesson.drawing.scene import Drawing, Image, Part, Stroke
from learnloop.lesson.drawing.shapes import Text as Lines
from learnloop.lesson.drawing.shapes import boxed, words
from learnloop.lesson.drawing.svg import to_svg

HOSTILE = "</title><script>alert(1)</script>\"' onload=x \x00\u202e\ud800 &amp; ]]>"
SVG = "{http://www.w3.org/2000/svg}"


def drawing(text: str = "loss") -> Drawing:
    one = Part("one", tuple(boxed((10, 10, 110, 60), Lines(80).say(text, lines=1))), (7, 7, 113, 63))
    other = Part("two", (Stroke("M120 35L180 35", arrow=True), Stroke("M20 80C40 60 60 100 80 80", "negative", dash=True)))
    image = Part("pixels", (Image(120, 60, 40, 30, png(np.zeros((3, 4), np.uint8))),), (120, 60, 160, 90))
    return Drawing(200, 100, text, f"A picture of {text}", (one, other, image))


@given(st.text(max_size=60), st.floats(20, 300))
def test_wrapped_lines_fit_and_lose_nothing(text: str, most: float) -> None:
    lines = wrap(text, 14, most)
    assert all(width(line, 14) <= most or len(line) < 6 for line in lines)  # one character is kept however wide
    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "")


@given(st.text(max_size=60), st.integers(1, 3))
def test_a_limit_of_lines_holds(text: str, lines: int) -> None:
    found = wrap(text, 14, 80, lines=lines)
    assert len(found) <= lines and all(width(line, 14) <= 80 for line in found)


def test_long_words_are_broken_and_ends_are_said() -> None:
    assert len(wrap("a" * 500, 14, 100)) > 30
    assert fitted("a" * 500, 14, 100).endswith("…")


def test_marks_that_stack_up_are_cut() -> None:
    assert len(clean("z" + "\u0301" * 200)) == 3


def test_widths_are_near_those_of_faces_that_people_have() -> None:
    assert width("The quick brown fox jumps over the lazy dog", 16) == pytest.approx(344, rel=0.08)  # Segoe UI: 322, DejaVu Sans: 361


@given(st.lists(st.tuples(st.floats(-999, 999), st.floats(-999, 999)), min_size=2, max_size=6))
def test_paths_are_read_as_they_were_written(points: list[tuple[float, float]]) -> None:
    d = path.line(points, closed=True)
    assert path.write(path.read(d)) == d


@pytest.mark.parametrize("d", ["M0 0l1 1", "M0 0A1 1 0 0 0 2 2", "M0 0L1", "M0 0H3"])
def test_other_commands_are_refused(d: str) -> None:
    with pytest.raises(ValueError, match="expected M, L, C, Q, Z"):
        path.read(d)


def test_lengths_and_bounds_are_those_of_geometry() -> None:
    assert path.length(path.circle(0, 0, 10)) == pytest.approx(62.83, rel=0.01)
    assert path.bounds(path.rectangle((1, 2, 30, 40), 5)) == pytest.approx((1, 2, 30, 40))
    assert path.bounds(path.with_head("M0 0L50 0"))[1::2] == pytest.approx((-4, 4))


def test_the_svg_is_xml_without_style_or_script_whatever_the_text() -> None:
    text = to_svg(drawing(HOSTILE), prefix="lesson-a", classes="wide")
    root = ElementTree.fromstring(text.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))  # noqa: S314 ours
    allowed = {"svg", "title", "desc", "g", "path", "text", "image"}
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= allowed
    assert not any(name == "style" or name.startswith("on") for element in root.iter() for name in element.attrib)
    assert root.get("aria-labelledby") == "lesson-a-title lesson-a-desc"
    assert "<script>" in (root.findtext(f"{SVG}title") or "")  # as text


def test_parts_strokes_and_words_say_what_they_are() -> None:
    text = to_svg(drawing(), prefix="p")
    assert re.findall(r'data-part="(.*?)"', text) == ["one", "two", "pixels"]
    assert text.count("<path") == text.count('pathLength="1"') == text.count('<path class="ink ')
    assert text.count("<text") == text.count("textLength=")
    assert text.count("stroke-dasharray") == 1
    assert to_svg(drawing(), prefix="p") == text


def test_a_png_holds_its_pixels() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    found = png(pixels)
    begin = found.index(b"IDAT") + 4
    lines = np.frombuffer(zlib.decompressobj().decompress(found[begin:]), np.uint8).reshape(2, 13)
    assert np.array_equal(lines[:, 1:].reshape(2, 3, 4), pixels)
    with pytest.raises(ValueError, match="expected uint8"):
        png(np.zeros((2, 2)))


def test_hands_are_steady_and_stay_where_they_may() -> None:
    wild = [hand_drawn(drawing(), seed) for seed in range(50)]
    assert all(problems(one) == [] for one in wild)
    assert len({to_svg(one, prefix="p") for one in wild}) == 50
    assert rough("M0 0L100 0L100 50Z", 7) == "M-0.15 -0.64C31.66 0.96 69.05 0.96 99.67 -0.04C100.21 11.34 100.21 34.13 99.48 50.61C63.07 30.28 23.22 10.36 0.06 0.5"


def test_a_hand_keeps_texts_and_names() -> None:
    plain, drawn = drawing(), hand_drawn(drawing(), 3)
    assert [part.name for part in drawn.parts] == [part.name for part in plain.parts]
    assert [s for p in drawn.parts for s in p.shapes if not isinstance(s, Stroke)] == [s for p in plain.parts for s in p.shapes if not isinstance(s, Stroke)]


def bad(part: Part, width: float = 200) -> list[str]:
    return problems(Drawing(width, 100, "t", "d", (Part("first", (words(20, 30, "first"),), (10, 10, 90, 40)), part)))


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (Part("second", (), (80, 20, 120, 60)), "overlap"),
        (Part("first", ()), "2 parts are called 'first'"),
        (Part("a b", ()), "letters, digits and hyphens"),
        (Part("second", (Stroke("M0 0L300 0"),)), "a stroke of part 'second'"),
        (Part("second", (), (100, 50, 300, 90)), "claims"),
        (Part("second", (words(130, 80, "long one"),), (120, 60, 150, 90)), "not in what the part claims"),
        (Part("second", (words(150, 80, "x", 11),)), "11 px; expected 12 or more"),
        (Part("second", (words(30, 34, "on top"),)), "lie on each other"),
    ],
)  # fmt: skip
def test_every_fault_is_found(part: Part, said: str) -> None:
    assert any(said in problem for problem in bad(part))


def test_a_good_drawing_has_no_problem() -> None:
    assert problems(drawing()) == []
    assert problems(replace(drawing(), width=150)) != []


