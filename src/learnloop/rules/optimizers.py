"""Optimizers: from a gradient to the next weight, in statements over the parameter's own axes.

The formulas are PyTorch's (``torch.optim``), eps after the bias-corrected square root included. Numbers are given at
run time; a term whose number is 0 is left out of the program.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..language import DOUBLE, Commit
from .registry import Checked, between, flags, lookup, short
from .schedules import Schedule, as_schedule
from .writer import Writer


@dataclass(frozen=True)
class Optimizer(Checked):
    """How a gradient changes a weight.

    Args:
        learning_rate: a number or a schedule.
        weight_decay: how much of each weight is taken away; see ``decoupled``.
        decoupled: take decay * rate of the weight itself (Loshchilov and Hutter 2019) instead of adding decay * weight
            to the gradient (L2).
        clip_norm: scale all gradients together so that their common norm stays within it; None for no limit
            (PyTorch's ``clip_grad_norm_``).
    """

    learning_rate: Schedule | float = 0.01
    weight_decay: float = field(default=0.0, kw_only=True)
    decoupled: bool = field(default=False, kw_only=True)
    clip_norm: float | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "learning_rate", as_schedule(self.learning_rate))
        super().__post_init__()

    def problems(self) -> list[str]:
        """Numbers out of range."""
        clip = [] if self.clip_norm is None else between(self, 0, math.inf, "clip_norm")
        if self.clip_norm == 0:
            clip = ["clip_norm is 0, which would let no weight move; expected a number above 0, or None for no limit."]
        return [*between(self, 0, math.inf, "weight_decay"), *flags(self, "decoupled"), *clip]

    @property
    def schedule(self) -> Schedule:
        """The learning rate as a schedule."""
        assert isinstance(self.learning_rate, Schedule)
        return self.learning_rate

    def write_clock(self, writer: Writer) -> list[Commit]:
        """The rank-0 statements of one update: the rate, and whatever counts updates."""
        writer.option("total_updates", 0)
        writer.block.write("t = update", None, DOUBLE, t="time")
        rate = self.schedule.write(writer, "time", "total_updates")
        writer.block.write("r = rate", r="rate", rate=rate)
        if self.weight_decay:
            writer.option("weight_decay", self.weight_decay)
            text = "d = 1 - rate*weight_decay" if self.decoupled else "d = weight_decay"
            writer.number("decay", text, rate=rate)
        return []

    def write(self, writer: Writer, gradients: Mapping[str, str]) -> list[Commit]:
        """The statements of all parameters; returns what is committed after the update."""
        clipped = self._clip(writer, gradients) if self.clip_norm is not None else gradients
        commits: list[Commit] = []
        for parameter, gradient in clipped.items():
            commits += self.step(writer, parameter, self._penalised(writer, parameter, gradient))
        return commits

    def step(self, writer: Writer, w: str, g: str) -> list[Commit]:
        """The statements of one parameter."""
        raise NotImplementedError

    def _penalised(self, writer: Writer, w: str, g: str) -> str:
        if not self.weight_decay or self.decoupled:
            return g
        return writer.write("h[...] = g[...] + decay*w[...]", h=f"{g}_penalised", g=g, w=w)

    def _decayed(self, writer: Writer, w: str) -> str:
        if not self.weight_decay or not self.decoupled:
            return w
        return writer.write("v[...] = w[...]*decay", v=f"{w}_decayed", w=w)

    def _clip(self, writer: Writer, gradients: Mapping[str, str]) -> dict[str, str]:
        limit = writer.option("clip_norm", self.clip_norm or 0.0)
        squares = [writer.write("q = sum(ALL, g[...]*g[...])", q=f"{g}_square", g=g) for g in gradients.values()]
        total = " + ".join(f"q{k}" for k in range(len(squares)))
        writer.write(f"n = {total}", n="norm_square", **{f"q{k}": q for k, q in enumerate(squares)})
        writer.write("m = sqrt(n)", m="norm", n="norm_square")
        text = "c = where(limit/(norm + 0.000001) < 1, limit/(norm + 0.000001), 1)"
        writer.write(text, c="clip", limit=limit)
        return {w: writer.write("h[...] = clip*g[...]", h=f"{g}_clipped", g=g) for w, g in gradients.items()}

    def state(self, writer: Writer, w: str, suffix: str) -> str:
        """Declare a state as large as a parameter, zero before the first update."""
        return writer.block.declare(f"{suffix}{w}", writer.block.tensors[w].dims, role="state")


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent, with heavy-ball or Nesterov momentum where asked for (PyTorch's ``optim.SGD``).

    Args:
        learning_rate: a number or a schedule.
        momentum: how much of the velocity stays.
        nesterov: look ahead along the velocity.
        weight_decay: L2, or decoupled where asked for.
        decoupled: see :class:`Optimizer`.
        clip_norm: see :class:`Optimizer`.

    >>> SGD(0.1, momentum=0.9).momentum
    0.9
    """

    momentum: float = field(default=0.0, kw_only=True)
    nesterov: bool = field(default=False, kw_only=True)

    def problems(self) -> list[str]:
        """Numbers out of range; Nesterov without momentum."""
        found = [*super().problems(), *between(self, 0, 1, "momentum"), *flags(self, "nesterov")]
        if self.nesterov and self.momentum == 0:
            found.append("nesterov needs a momentum above 0.")
        return found

    def write_clock(self, writer: Writer) -> list[Commit]:
        """The rate and the momentum."""
        commits = super().write_clock(writer)
        if self.momentum:
            writer.option("momentum", self.momentum)
            writer.write("m = momentum", m="mu")
        return commits

    def step(self, writer: Writer, w: str, g: str) -> list[Commit]:
        """v = mu v + g; w = w - rate v (Nesterov: w - rate (g + mu v))."""
        new, old = f"{w}_next", self._decayed(writer, w)
        if not self.momentum:
            writer.write("n[...] = w[...] - rate*g[...]", n=new, w=old, g=g)
            return [Commit(w, new)]
        v = self.state(writer, w, "v")
        writer.write("u[...] = mu*v[...] + g[...]", u=f"{v}_next", v=v, g=g)
        text = "n[...] = w[...] - rate*" + ("(g[...] + mu*v[...])" if self.nesterov else "v[...]")
        writer.write(text, n=new, w=old, g=g, v=f"{v}_next")
        return [Commit(w, new), Commit(v, f"{v}_next")]


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adaptive moments (Kingma and Ba 2015; PyTorch's ``optim.Adam``).

    Args:
        learning_rate: a number or a schedule.
        betas: decay of the first and of the second moment, each in [0, 1).
        epsilon: added to the root of the bias-corrected second moment.
        weight_decay: L2, or decoupled where asked for.
        decoupled: see :class:`Optimizer`.
        clip_norm: see :class:`Optimizer`.
    """

    learning_rate: Schedule | float = 1e-3
    betas: tuple[float, float] = field(default=(0.9, 0.999), kw_only=True)
    epsilon: float = field(default=1e-8, kw_only=True)

    def __post_init__(self) -> None:
        betas: object = self.betas
        if isinstance(betas, list):  # a rule can be hashed
            object.__setattr__(self, "betas", tuple(betas))
        super().__post_init__()

    def problems(self) -> list[str]:
        """Numbers out of range."""
        found = [*super().problems(), *between(self, 0, math.inf, "epsilon")]
        pair = self.betas if isinstance(self.betas, tuple | list) else ()
        if len(pair) != 2 or not all(isinstance(b, int | float) and 0 <= b < 1 for b in pair):
            found.append(f"betas is {short(self.betas)}; expected two numbers in [0, 1).")
        return found

    def write_clock(self, writer: Writer) -> list[Commit]:
        """The powers of the betas, and what corrects the bias of the moments."""
        commits = super().write_clock(writer)
        block = writer.block
        for k, beta in enumerate(self.betas, start=1):
            writer.option(f"beta{k}", beta)
            power = block.declare(f"power{k}", (), DOUBLE, "state")
            writer.starts[power] = 1.0
            block.write("q = p*beta", None, DOUBLE, q=f"{power}_next", p=power, beta=f"beta{k}")
            block.write("b = beta", b=f"keep{k}", beta=f"beta{k}")
            writer.number(f"take{k}", "b = 1 - beta", beta=f"beta{k}")
            commits.append(Commit(power, f"{power}_next"))
        writer.option("epsilon", self.epsilon)
        rate = self.schedule_tensor(writer)
        writer.number("step", "s = rate/(1 - p)", rate=rate, p="power1_next")
        writer.number("root_correction", "c = 1/sqrt(1 - p)", p="power2_next")
        block.write("e = epsilon", e="eps")
        return commits

    def schedule_tensor(self, writer: Writer) -> str:
        """The float64 rate that the schedule wrote."""
        value = next(s for s in writer.block.statements if s.out == "rate").values()[0]
        return value.tensor

    def step(self, writer: Writer, w: str, g: str) -> list[Commit]:
        """m and v, each a mean that forgets; w = w - step/(sqrt(v)*root_correction + eps) * m."""
        m, v, new, old = self.state(writer, w, "m"), self.state(writer, w, "v"), f"{w}_next", self._decayed(writer, w)
        writer.write("n[...] = keep1*m[...] + take1*g[...]", n=f"{m}_next", m=m, g=g)
        writer.write("n[...] = keep2*v[...] + take2*(g[...]*g[...])", n=f"{v}_next", v=v, g=g)
        writer.write("r[...] = step/(sqrt(v[...])*root_correction + eps)", r=f"rate{w}", v=f"{v}_next")
        writer.write("n[...] = w[...] - r[...]*m[...]", n=new, w=old, r=f"rate{w}", m=f"{m}_next")
        return [Commit(w, new), Commit(m, f"{m}_next"), Commit(v, f"{v}_next")]


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019; PyTorch's ``optim.AdamW``)."""

    weight_decay: float = field(default=0.01, kw_only=True)
    decoupled: bool = field(default=True, kw_only=True)


OPTIMIZERS: dict[str, type[Optimizer]] = {"sgd": SGD, "adam": Adam, "adamw": AdamW}
"""Optimizers by name."""


def as_optimizer(given: Optimizer | type[Optimizer] | str) -> Optimizer:
    """An optimizer as it is, or the one of a name or a class with its defaults.

    Raises:
        UnknownName: for a name that no optimizer has.
        DescriptionError: for anything else.

    >>> as_optimizer("sgd") == SGD()
    True
    """
    named: dict[str, Any] = dict(OPTIMIZERS)
    found: Any = lookup("optimizer", named, given, Optimizer)
    made: Optimizer = found() if isinstance(found, type) else found
    return made
