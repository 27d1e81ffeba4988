"""program -> plan -> C: the passes in order, for the fast form and for the glass form."""

from __future__ import annotations

from dataclasses import dataclass

from ..program import Function, Program
from .layout import Layout, arrange
from .passes import fuse, lower, phases, prune, share, store, transpose_walks, vectorise
from .plan import Routine
from .printer.unit import print_unit
from .target import Target
from .verify import verify

FORMS = ("fast", "glass")


@dataclass(frozen=True)
class Source:
    """A program as C for one target.

    Attributes:
        text: the C source.
        layout: where its tensors live.
        routines: the plan it was printed from.
        dtype: "float32" or "float64".
        form: "fast" or "glass".
        target: what it was printed for.
    """

    text: str
    layout: Layout
    routines: dict[str, Routine]
    dtype: str
    form: str
    target: Target


def plan(function: Function, target: Target, dtype: str, form: str) -> Routine:
    """One function through all passes.

    The fast form keeps in memory what another nest reads; the glass form runs plain loops and keeps everything.
    """
    sketch = lower(function)
    if form == "fast":
        sketch = transpose_walks(prune(sketch, function))
        sketch = vectorise(sketch, target, dtype)
        sketch = fuse(sketch)
    return verify(phases(store(sketch, function, keep_all=form == "glass")), function)


def generate(program: Program, target: Target, dtype: str = "float32", form: str = "fast") -> Source:
    """The C source of a program."""
    routines = {name: plan(f, target, dtype, form) for name, f in program.functions.items()}
    routines |= {name: share(routines[name], routines["train"]) for name in ("predict", "evaluate")}
    layout = arrange(program, dtype, [t for r in routines.values() for t in r.in_memory()])
    text = print_unit(program, routines, layout, dtype)
    return Source(text, layout, routines, dtype, form, target)
