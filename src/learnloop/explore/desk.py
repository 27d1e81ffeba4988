"""Everything that one server has: what it holds, compiles, trains and shows."""

from __future__ import annotations

from typing import Any

from ..run import Run
from ..stored import Store
from .books import Books
from .holding import Holding, Table
from .kits import Kits, Maker, compiled
from .live import Hub
from .opening import first
from .scenario import Scenario
from .sets import described


class Desk:
    """What routes and sockets work with.

    Args:
        store: where runs are recorded and read.
        make: what compiles programs for pages.
    """

    def __init__(self, store: Store, make: Maker = compiled) -> None:
        self.held, self.kits, self.hub = Holding(), Kits(make), Hub(store)
        self.books = Books(store, self.held)
        self._opening: dict[str, Any] = {"scenario": first().to_dict(), "run": None}
        self.first: Scenario | None = first()

    def open_run(self, run: Run) -> None:
        """Begin with a run."""
        self._opening = {"scenario": None, "run": self.books.bring(run)}
        self.first = None

    def open_scenario(self, scenario: Scenario) -> None:
        """Begin with a scenario."""
        self._opening = {"scenario": scenario.to_dict(), "run": None}
        self.first = scenario

    def hold(self, table: Table) -> str:
        """A handle for rows."""
        return self.held.keep(table)

    def session(self) -> dict[str, Any]:
        """What a page asks first."""
        return {**described(), "opening": self._opening, "store": str(self.books.store.path)}

    def close(self) -> None:
        """Stop what is trained, and record it."""
        self.hub.close()
