"""Where the numbers of a program stand in the description of a run: what a page may change without compiling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Path = list[str | int]
_FIELDS = {"learning_rate_floor": "floor", "cosine_updates": "updates", "warmup_updates": "updates"}
"""Options that are called otherwise than the field they come from."""


def places(description: Mapping[str, Any], options: Mapping[str, float]) -> dict[str, Path]:
    """The path of each option; options that come from nowhere, such as how many updates there are, are left out.

    Args:
        description: the network and the optimizer as plain data, by these names.
        options: of the program.

    >>> places({"optimizer": {"momentum": 0.9}}, {"momentum": 0.9, "total_updates": 0.0})
    {'momentum': ['optimizer', 'momentum']}
    """
    leaves = list(_leaves(description, []))
    rates = [path for path, _ in leaves if path[-1] == "rate"]
    found: dict[str, Path] = {}
    for name, value in options.items():
        fits = [path for path, number in leaves if path[-1] == _FIELDS.get(name, name) and number == value]
        if name.startswith("dropout_"):
            fits = [rates[int(name.removeprefix("dropout_")) - 1]]
        if name.startswith("beta"):
            fits = [["optimizer", "betas", int(name.removeprefix("beta")) - 1]]
        if fits:
            found[name] = fits[0]
    return found


def _leaves(data: Any, path: Path) -> Iterator[tuple[Path, float]]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _leaves(value, [*path, key])
    elif isinstance(data, list | tuple):
        for k, value in enumerate(data):
            yield from _leaves(value, [*path, k])
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield path, float(data)
