"""How a run goes, besides network, loss and optimizer."""

from __future__ import annotations

from dataclasses import dataclass

from ..rules.registry import is_whole, make_plain, short

MOST_THREADS = 256
DTYPES = ("float32", "float64")


@dataclass(frozen=True)
class Options:
    """What :func:`learnloop.train` was told besides network, loss and optimizer."""

    batch_size: int = 32
    epochs: int = 20
    seed: int = 0
    threads: int | None = None
    dtype: str = "float32"

    def __post_init__(self) -> None:
        make_plain(self)

    def problems(self) -> list[str]:
        """One sentence for each option that makes no sense."""
        found = []
        for name, low in (("batch_size", 1), ("epochs", 0), ("threads", 1)):
            value = getattr(self, name)
            if name == "threads" and value is None:
                continue
            most = MOST_THREADS if name == "threads" else 2**31 - 1
            if not is_whole(value) or not low <= value <= most:
                span = f"from {low} to {most}" if name == "threads" or (is_whole(value) and value > most) else f"of at least {low}"
                found.append(f"{name} is {short(value)}; expected a whole number {span}.")
        if not is_whole(self.seed) or not 0 <= self.seed < 2**64:
            found.append(f"seed is {short(self.seed)}; expected a whole number from 0 to 2**64 - 1.")
        if self.dtype not in DTYPES:
            found.append(f"dtype is {short(self.dtype)}; expected 'float32' or 'float64'.")
        return found
