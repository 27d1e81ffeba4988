"""What people do with the page: every selector of these tests is here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

FRAME = 20_000


@dataclass
class Hands:
    """Drives a page by roles, labels, and the data attributes that say what is shown.

    Args:
        page: of Playwright.
    """

    page: Any

    def drawn(self) -> tuple[int, int]:
        """The number of the run and the update that are drawn."""
        run, update = self.page.locator("[data-drawn]").get_attribute("data-drawn").split(", ")
        return int(run), int(update)

    def wait(self, attribute: str, pattern: str, *, inside: str = "[data-drawn]") -> None:
        """Until an attribute looks like that."""
        self.page.locator(inside).and_(self.page.locator(f"[{attribute}]")).first.wait_for(state="attached")
        script = "([place, name, like]) => new RegExp(like).test(document.querySelector(place)?.getAttribute(name) ?? '')"
        self.true(script, [inside, attribute, pattern])

    def true(self, script: str, given: Any = None) -> None:
        """Until a script says so; no evaluation of text, which the policy of the page forbids."""
        end = 400
        while not self.page.evaluate(script, given):
            end -= 1
            assert end, f"it did not happen: {script} {given}"
            self.page.wait_for_timeout(25)

    def at(self, update: int) -> None:
        """Until an update is drawn."""
        self.wait("data-drawn", f", {update}$")

    def knob(self, label: str) -> Any:
        """The slider of a number of the run."""
        return self.page.get_by_role("region", name="Knobs").get_by_role("slider", name=re.compile(f"^{label}: "))

    def turn(self, label: str, value: str) -> None:
        """Put a knob on a position, and wait for the new run."""
        run = self.drawn()[0]
        self.knob(label).evaluate("(input, to) => { input.value = to; input.dispatchEvent(new Event('input', { bubbles: true })); }", value)
        self.true("(run) => !document.querySelector('[data-drawn]').dataset.drawn.startsWith(run)", f"{run}, ")

    def time(self) -> Any:
        """The slider of updates."""
        return self.page.get_by_role("slider", name="Update", exact=True)

    def go(self, update: int) -> None:
        """To an update, as a pointer does."""
        self.time().evaluate(
            """(slider, update) => {
              slider.setPointerCapture = () => {};
              const box = slider.getBoundingClientRect();
              const x = box.left + 58 + (update / Number(slider.getAttribute("aria-valuemax"))) * (box.width - 120); // the axes take the rest
              for (const type of ["pointerdown", "pointerup"]) slider.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: box.top + 20, bubbles: true, pointerId: 1 }));
            }""",
            update,
        )
        self.at(update)

    def update(self) -> int:
        """Where the time stands."""
        return int(self.time().get_attribute("aria-valuenow"))

    def last(self) -> int:
        """The number of updates."""
        return int(self.time().get_attribute("aria-valuemax"))

    def neuron(self, layer: str, unit: int) -> Any:
        """The button of a neuron on the stage."""
        return self.page.locator(f".stage [data-layer='{layer}'][data-unit='{unit}']").first

    def card(self) -> Any:
        """The card of what is selected."""
        return self.page.get_by_role("region", name="Why it is as it is")

    def status(self) -> str:
        """What the banner says."""
        return str(self.page.locator(".status").inner_text())

    def trouble(self) -> str:
        """What the page says that went wrong."""
        return " ".join(self.page.get_by_role("alert").all_inner_texts()).strip()

    def map(self) -> str:
        """The pixels of the large map."""
        return str(self.page.locator("canvas.plane-map").evaluate("(canvas) => canvas.toDataURL()"))

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
