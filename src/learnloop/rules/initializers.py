"""Values before the first update: each an expression of uniform random numbers keyed by (seed, parameter, place)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from ..language import Block
from .registry import Checked, between, flags

_UNIFORM = "(2*uniform({s}, 0, {row}, {unit}) - 1)*{scale!r}"
_NORMAL = "sqrt(-2*log(1 - uniform({s}, 0, {row}, {unit})))*cos({turn!r}*uniform({t}, 0, {row}, {unit}))*{scale!r}"


@dataclass(frozen=True)
class Initializer(Checked):
    """How the values of a parameter start."""

    def scale(self, fan_in: int, fan_out: int) -> float:
        """Half the width of a uniform distribution, or a standard deviation."""
        raise NotImplementedError

    template: ClassVar[str] = _UNIFORM

    def write(self, block: Block, tensor: str, dims: tuple[int, ...], fans: tuple[int, int], stream: int) -> str:
        """The statement that fills a parameter.

        Args:
            block: where to write.
            tensor: the parameter.
            dims: its shape, one or two extents.
            fans: inputs and outputs of a unit.
            stream: the first of two purposes that key its random numbers.
        """
        axes = ("i", "j")[-len(dims) :]
        row, unit = ("0", *axes)[-2:]
        text = self.template.format(
            s=stream, t=stream + 1, row=row, unit=unit, scale=self.scale(*fans), turn=2 * math.pi
        )
        return block.write(f"w[{','.join(axes)}] = {text}", dict(zip(axes, dims, strict=True)), w=tensor)


@dataclass(frozen=True)
class Zeros(Initializer):
    """All zero.

    >>> Zeros().scale(4, 2)
    0.0
    """

    template: ClassVar[str] = "0"

    def scale(self, fan_in: int, fan_out: int) -> float:
        """Zero."""
        return 0.0


@dataclass(frozen=True)
class Ones(Initializer):
    """All one: the start of a normalisation's weight."""

    template: ClassVar[str] = "1"

    def scale(self, fan_in: int, fan_out: int) -> float:
        """One."""
        return 1.0


@dataclass(frozen=True)
class Uniform(Initializer):
    """Uniform in [-bound, bound).

    Args:
        bound: the bound; None for 1/sqrt(fan_in), the default of PyTorch's ``nn.Linear`` for weight and bias
            (kaiming_uniform_ with a = sqrt(5)).

    >>> Uniform().scale(4, 2)
    0.5
    """

    bound: float | None = None

    def problems(self) -> list[str]:
        """A bound that is no number of at least 0."""
        return [] if self.bound is None else between(self, 0, math.inf, "bound")

    def scale(self, fan_in: int, fan_out: int) -> float:
        """The bound."""
        return 1 / math.sqrt(max(fan_in, 1)) if self.bound is None else self.bound


@dataclass(frozen=True)
class Normal(Initializer):
    """Normal with mean 0, by the Box-Muller transform (Box and Muller 1958).

    Args:
        std: the standard deviation.
    """

    std: float = 0.01
    template: ClassVar[str] = _NORMAL

    def problems(self) -> list[str]:
        """A standard deviation that is no number of at least 0."""
        return between(self, 0, math.inf, "std")

    def scale(self, fan_in: int, fan_out: int) -> float:
        """The standard deviation."""
        return self.std


@dataclass(frozen=True)
class _Scaled(Initializer):
    """A distribution whose variance follows from the fans.

    Args:
        normal: normal instead of uniform.
    """

    normal: bool = False

    def problems(self) -> list[str]:
        """A choice that is neither True nor False."""
        return flags(self, "normal")

    def variance(self, fan_in: int, fan_out: int) -> float:
        """The variance of one value."""
        raise NotImplementedError

    def scale(self, fan_in: int, fan_out: int) -> float:
        """The standard deviation, or sqrt(3) times it for a uniform distribution."""
        return math.sqrt(self.variance(fan_in, fan_out) * (1 if self.normal else 3))

    def write(self, block: Block, tensor: str, dims: tuple[int, ...], fans: tuple[int, int], stream: int) -> str:
        """The statement that fills a parameter."""
        plain: Initializer = Normal(self.scale(*fans)) if self.normal else Uniform(self.scale(*fans))
        return plain.write(block, tensor, dims, fans, stream)


@dataclass(frozen=True)
class Glorot(_Scaled):
    """Variance 2 / (fan_in + fan_out) (Glorot and Bengio 2010; PyTorch's xavier_uniform_ and xavier_normal_)."""

    def variance(self, fan_in: int, fan_out: int) -> float:
        """2 / (fan_in + fan_out)."""
        return 2 / max(fan_in + fan_out, 1)


@dataclass(frozen=True)
class He(_Scaled):
    """Variance 2 / fan_in (He et al. 2015; PyTorch's kaiming_uniform_ and kaiming_normal_ for relu)."""

    def variance(self, fan_in: int, fan_out: int) -> float:
        """2 / fan_in."""
        return 2 / max(fan_in, 1)


@dataclass(frozen=True)
class LeCun(_Scaled):
    """Variance 1 / fan_in (LeCun et al. 1998)."""

    def variance(self, fan_in: int, fan_out: int) -> float:
        """1 / fan_in."""
        return 1 / max(fan_in, 1)


INITIALIZERS: dict[str, Initializer] = {
    "zeros": Zeros(),
    "ones": Ones(),
    "uniform": Uniform(),
    "normal": Normal(),
    "glorot": Glorot(),
    "glorot_normal": Glorot(normal=True),
    "he": He(),
    "he_normal": He(normal=True),
    "lecun": LeCun(),
    "lecun_normal": LeCun(normal=True),
}
"""Initializers by name."""
