"""The picture beside a link: made of the run, the same every time, and made of any run."""

from __future__ import annotations

import io
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from learnloop.lesson.page.canvas import Canvas
from learnloop.lesson.page.card import card
from lesson.sample import run, sample


def drawn(**changes: Any) -> np.ndarray:
    """The pixels of a card whose run was changed."""
    one = SimpleNamespace(weights=run().weights, losses=run().losses)
    vars(one).update(changes)
    lesson = replace(sample(), runs={"": replace(sample().runs[""], run=one)})
    image = Image.open(io.BytesIO(card(lesson)))
    assert (image.format, image.size, image.mode) == ("PNG", (1200, 630), "RGB")
    return np.asarray(image)


def test_it_is_made_of_the_run_and_the_same_every_time() -> None:
    assert card(sample()) == card(sample())
    assert len(card(sample())) < 1_000_000
    negated = {name: -value for name, value in run().weights.items()}
    assert (drawn() != drawn(weights=negated)).any()
    assert (drawn() != drawn(losses=run().losses[::-1])).any()


def test_sign_is_a_colour() -> None:
    blue, orange = ({"a.weight": np.full((1, 1), value)} for value in (1.0, -1.0))
    middle = [drawn(weights=weights, losses=np.zeros(0))[315, 355].astype(int) for weights in (blue, orange)]
    assert middle[0][2] > middle[0][0] and middle[1][0] > middle[1][2]


@pytest.mark.parametrize(
    "changes",
    [
        {"losses": np.zeros(0, np.float32)}, {"losses": np.full(9, np.nan, np.float32)}, {"losses": np.float32([1])},
        {"losses": np.float32([1, np.inf, 3e38, np.nan])}, {"losses": np.zeros(50, np.float32)}, {"weights": {}},
        {"weights": {"filters": np.zeros((3, 3, 1, 4)), "a": np.full((5, 2), np.nan), "b": np.full((2, 7), np.inf), "c": np.zeros((9, 1))}},
        {"weights": {f"layer {k}": np.ones((300, 300)) for k in range(9)}},
    ],
)  # fmt: skip
def test_any_run_has_a_card(changes: dict[str, Any]) -> None:
    pixels = drawn(**changes)
    assert (pixels != pixels[0, 0]).any()


def test_lines_and_discs() -> None:
    canvas = Canvas(20, 10, (255, 255, 255))
    canvas.line((2.5, 5), (12.5, 5), 2, (0, 0, 0))
    canvas.disc((100, 100), 3, (0, 0, 0))
    canvas.line((-30, -30), (-20, -20), 2, (0, 0, 0))
    pixels = canvas.pixels()[:, :, 0]
    assert (pixels[4:6, 3:12] == 0).all() and (pixels[:3] == 255).all() and (pixels[:, 15:] == 255).all()
    assert 0 < pixels[4, 1] < 255
