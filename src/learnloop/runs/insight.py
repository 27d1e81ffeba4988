"""What a run has to say about itself: sentences that are pinned to updates, with the numbers behind them."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, overload

from .wording import grouped

WIDTH = 80
MOST = 3
"""How many insights of one kind are told each by itself."""
NOTE, WARNING, PROBLEM = "note", "warning", "problem"
"""How much it matters: good to know, look at this, the run is spoilt."""


@dataclass(frozen=True)
class Insight:
    """Something that happened during a run.

    Attributes:
        kind: "not_finite", "exploding", "vanishing", "large_updates", "small_updates", "dead_units",
            "saturated_units", "overfitting" or "plateau".
        update: where it begins.
        epoch: the epoch that the update lies in, from 0.
        layer: the layer that it is about, or None.
        sentence: what happened and what one could do, in plain words.
        evidence: the numbers.
        severity: "note", "warning" or "problem".

    >>> print(Insight("plateau", 40, 2, None, "The loss no longer falls.", {"before": 0.5, "after": 0.5}))
    update 40 (epoch 2): The loss no longer falls.
    """

    kind: str
    update: int
    epoch: int
    layer: str | None
    sentence: str
    evidence: Mapping[str, float] = field(hash=False)
    severity: str = NOTE

    @property
    def place(self) -> str:
        """Where it is: "update 12 (epoch 0), dense_1"."""
        layer = f", {self.layer}" if self.layer is not None else ""
        return f"update {self.update} (epoch {self.epoch}){layer}"

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; a number that is not finite is None."""
        evidence = {name: value if math.isfinite(value) else None for name, value in self.evidence.items()}
        return {
            "kind": self.kind, "update": self.update, "epoch": self.epoch, "layer": self.layer,
            "sentence": self.sentence, "evidence": evidence, "severity": self.severity,
        }  # fmt: skip

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self.severity)}</b> {escape(str(self))}</p>"


@dataclass(frozen=True)
class Insights(Sequence[Insight]):
    """All insights of a run, in the order of their updates.

    Attributes:
        found: the insights.
        looked: how many updates were looked at.
        updates: how many the run has.

    >>> print(Insights((), 200, 2850))
    nothing unusual in the 200 of 2 850 updates that were looked at
    """

    found: tuple[Insight, ...]
    looked: int
    updates: int

    @overload
    def __getitem__(self, place: int) -> Insight: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Insight, ...]: ...
    def __getitem__(self, place: int | slice) -> Insight | tuple[Insight, ...]:
        return self.found[place]

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Insight]:
        return iter(self.found)

    def of(self, kind: str) -> tuple[Insight, ...]:
        """Those of one kind."""
        return tuple(insight for insight in self.found if insight.kind == kind)

    @property
    def warnings(self) -> tuple[Insight, ...]:
        """Those that are more than notes."""
        return tuple(insight for insight in self.found if insight.severity != NOTE)

    @property
    def _extent(self) -> str:
        if not self.looked:
            return f"the losses of {grouped(self.updates)} updates"
        return f"the {grouped(self.looked)} of {grouped(self.updates)} updates that were looked at"

    def text(self, width: int = WIDTH) -> str:
        """What is printed of them, in lines of at most so many columns; what comes up often is told once."""
        if not self.found:
            return f"nothing unusual in {self._extent}"
        head = f"{len(self.found)} insight{'s' * (len(self.found) != 1)} from {self._extent}"
        return "\n".join([head, *(line for told in self._told() for line in _lines(*told, width))])

    def _told(self) -> Iterator[tuple[Insight, tuple[Insight, ...]]]:
        """Each insight, or the first of a kind that there are more than :data:`MOST` of, with the others."""
        for insight in self.found:
            alike = self.of(insight.kind)
            if len(alike) <= MOST:
                yield insight, ()
            elif alike[0] is insight:
                yield insight, alike[1:]

    def __str__(self) -> str:
        return self.text()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"looked": self.looked, "updates": self.updates, "insights": [i.to_dict() for i in self.found]}

    def _repr_html_(self) -> str:
        if not self.found:
            return f"<p>{escape(str(self))}</p>"
        rows = "".join(
            f"<tr><td>{i.update}</td><td>{i.epoch}</td><td>{escape(i.layer or '')}</td><td>{escape(i.severity)}</td>"
            f"<td style='text-align:left'>{escape(i.sentence)}</td></tr>"
            for i in self.found
        )
        heads = "".join(f"<th>{name}</th>" for name in ("update", "epoch", "layer", "", "what happened"))
        return f"<table><caption>{escape(self._extent)}</caption><tr>{heads}</tr>{rows}</table>"


def _lines(insight: Insight, others: Sequence[Insight], width: int) -> list[str]:
    """The place and how much it matters on one line, the sentence below it, and how often it came up again."""
    more = f" And {len(others)} more times, last at {others[-1].place}." if others else ""
    body = textwrap.wrap(insight.sentence + more, width - 2, break_on_hyphens=False)
    kind = insight.kind.replace("_", " ")
    head = textwrap.shorten(f"{insight.severity}: {kind} at {insight.place}", width, placeholder="...")
    return [head, *(f"  {line}" for line in body)]
