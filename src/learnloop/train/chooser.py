"""Finds by measurement whether more threads pay; the bits are the same either way."""

from __future__ import annotations

import os

from ..compile import Artefact
from .team import Team

WORTH_THREADS = 20e-6
"""Seconds of an update below which a second thread cannot pay."""


class Chooser:
    """Tries more threads piece by piece, as long as they make an update quicker.

    Args:
        artefact: what the threads run.
    """

    def __init__(self, artefact: Artefact) -> None:
        self.artefact = artefact
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self.candidates = [k for k in (2, 4, 8, 16, 32) if k <= cores]
        self.best: tuple[float, Team] | None = None
        self.looks = 0

    def after(self, team: Team, seconds: float) -> Team:
        """The team for the next piece, given what an update of the last piece cost."""
        self.looks += 1
        if self.looks == 1:
            return team  # caches were cold
        if self.best is None or team is self.best[1]:
            self.best = (seconds, team)
        elif seconds < self.best[0] * 0.95:
            self.best[1].close()
            self.best = (seconds, team)
        else:
            team.close()
            self.candidates = []  # more threads made it no faster: stop looking
        if self.candidates and self.best[0] > WORTH_THREADS:
            return Team(self.artefact, self.candidates.pop(0))
        return self.best[1]

    def close(self) -> None:
        """Let the best team go, which may not be the one at work."""
        if self.best is not None:
            self.best[1].close()
