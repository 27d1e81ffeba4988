"""Layers: a few statements each. ``n`` runs over the rows of the batch; rows never meet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .activations import ACTIVATIONS, Activation, Softmax, identity
from .initializers import INITIALIZERS, Initializer, Ones, Uniform, Zeros
from .registry import Checked, between, is_label, lookup, positive_int, short
from .writer import Writer


@dataclass(frozen=True)
class Layer(Checked):
    """One step from a (rows, units) tensor to the next."""

    @property
    def kind(self) -> str:
        """The stem of its default name."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()

    def units_after(self, inputs: int) -> int:
        """How many units it gives for so many inputs."""
        return inputs

    def mismatches(self, inputs: int, where: str) -> list[str]:
        """Why it cannot take so many inputs; nothing where it can."""
        return []

    def write(self, writer: Writer, x: str) -> str:
        """Its statements; returns the output tensor."""
        raise NotImplementedError

    def name_problems(self) -> list[str]:
        """A name that could not be told apart in ``name.weight[3,7]``."""
        name = getattr(self, "name", None)
        if name is None or (is_label(name) and not set(".[]") & set(name)):
            return []
        return [f"name is {short(name)}; expected 1 to 64 printable characters without '.', '[' and ']'."]


@dataclass(frozen=True)
class Dense(Layer):
    """Every unit sees every input: z = x W + b, a = activation(z).

    Args:
        units: how many units.
        activation: a name or an Activation; None or "identity" for z itself.
        name: its name; "dense_1" and so on unless given.
        weight: initializer of the (inputs, units) weight; a name or an Initializer. The default is PyTorch's.
        bias: initializer of the (units,) bias.

    Raises:
        DescriptionError: for arguments that make no sense, all at once.
        UnknownName: for an unknown activation or initializer.

    >>> Dense(32, "relu").units_after(64)
    32
    """

    units: int
    activation: Activation | str | None = None
    name: str | None = field(default=None, kw_only=True)
    weight: Initializer | str = field(default=Uniform(), kw_only=True)
    bias: Initializer | str = field(default=Uniform(), kw_only=True)

    def __post_init__(self) -> None:
        given = identity if self.activation is None else self.activation
        object.__setattr__(self, "activation", lookup("activation", ACTIVATIONS, given, Activation))
        for side in ("weight", "bias"):
            object.__setattr__(self, side, lookup("initializer", INITIALIZERS, getattr(self, side), Initializer))
        super().__post_init__()

    def problems(self) -> list[str]:
        """Units that are no whole number, a bad name."""
        return [*positive_int(self, "units"), *self.name_problems()]

    def units_after(self, inputs: int) -> int:
        """Its own units."""
        return self.units

    def write(self, writer: Writer, x: str) -> str:
        """z[n,j] = b[j] + sum(i, x[n,i]*W[i,j]); a[n,j] = activation(z[n,j])."""
        assert isinstance(self.activation, Activation)
        assert isinstance(self.weight, Initializer)
        assert isinstance(self.bias, Initializer)
        inputs = writer.units(x)
        fans = (inputs, self.units)
        weight = writer.parameter("W", "weight", (inputs, self.units), self.weight, fans)
        bias = writer.parameter("b", "bias", (self.units,), self.bias, fans)
        z = writer.write("z[n,j] = b[j] + sum(i, x[n,i]*W[i,j])", z=writer.name("z"), x=x, W=weight, b=bias)
        return self.activation.write(writer, z)


@dataclass(frozen=True)
class Dropout(Layer):
    """While training, each value is dropped with a probability and the others grow by 1/(1 - rate).

    Srivastava et al. 2014, in the form of PyTorch's ``nn.Dropout``. The draw is keyed by
    (seed, layer, update, row of the data, unit), so it is the same on every machine and in any batch.

    Args:
        rate: the probability, in [0, 1).
        name: its name.
    """

    rate: float = 0.5
    name: str | None = field(default=None, kw_only=True)

    def problems(self) -> list[str]:
        """A rate that is no probability below 1."""
        return [*between(self, 0, 1, "rate", open_end=True), *self.name_problems()]

    def write(self, writer: Writer, x: str) -> str:
        """mask[n,j] = 1/(1 - rate) or 0; a[n,j] = x[n,j]*mask[n,j]. Outside training: x as it is."""
        stream = writer.next_dropout()
        rate = writer.option(f"dropout_{stream & 0xFFFF}", self.rate)
        if not writer.training:
            return x
        text = f"mask[n,j] = where(uniform({stream}, update, row[n], j) >= rate, 1/(1 - rate), 0)"
        let: dict[str, Any] = {"n": "rows", "j": writer.units(x)}
        mask = writer.write(text, let, mask=writer.name("mask"), rate=rate)
        return writer.write("a[n,j] = x[n,j]*mask[n,j]", a=writer.name("a"), x=x, mask=mask)


@dataclass(frozen=True)
class LayerNorm(Layer):
    """Each row to mean 0 and variance 1 over its units, then scaled and shifted by learnt numbers.

    Ba et al. 2016, in the form of PyTorch's ``nn.LayerNorm``: the variance divides by the number of units.

    Args:
        epsilon: added to the variance.
        name: its name.
    """

    epsilon: float = 1e-5
    name: str | None = field(default=None, kw_only=True)

    def problems(self) -> list[str]:
        """An epsilon that is no number of at least 0."""
        return [*between(self, 0, float("inf"), "epsilon"), *self.name_problems()]

    def write(self, writer: Writer, x: str) -> str:
        """mean, deviation, variance, scale, and the shifted result."""
        units = writer.units(x)
        let: dict[str, Any] = {"count": float(units), "epsilon": float(self.epsilon)}
        gain = writer.parameter("g", "weight", (units,), Ones(), (units, units))
        shift = writer.parameter("b", "bias", (units,), Zeros(), (units, units))
        total = writer.write("s[n] = sum(j, x[n,j])", s=writer.name("sum"), x=x)
        c = writer.write("c[n,j] = x[n,j] - s[n]/count", let, c=writer.name("c"), x=x, s=total)
        square = writer.write("q[n] = sum(j, c[n,j]*c[n,j])", q=writer.name("square"), c=c)
        scale = writer.write("r[n] = 1/sqrt(q[n]/count + epsilon)", let, r=writer.name("scale"), q=square)
        return writer.write("a[n,j] = c[n,j]*r[n]*g[j] + b[j]", a=writer.name("a"), c=c, r=scale, g=gain, b=shift)


@dataclass(frozen=True, init=False)
class Residual(Layer):
    """A block of layers plus its own input: a = x + block(x) (He et al. 2016).

    Args:
        *layers: the block; it must give as many units as it takes.
        name: its name.
    """

    layers: tuple[Layer, ...]
    name: str | None

    def __init__(self, *layers: Layer, name: str | None = None) -> None:
        inner = tuple(layers[0]) if len(layers) == 1 and isinstance(layers[0], list | tuple) else layers
        object.__setattr__(self, "layers", inner)
        object.__setattr__(self, "name", name)
        self.__post_init__()

    def problems(self) -> list[str]:
        """No layers, or something that is none."""
        wrong = [f"{short(x)} is no layer." for x in self.layers if not isinstance(x, Layer)]
        empty = [] if self.layers else ["there is no layer inside; expected at least one."]
        return [*wrong, *empty, *_softmax_inside(self.layers), *self.name_problems()]

    def mismatches(self, inputs: int, where: str) -> list[str]:
        """A block whose output does not fit its input."""
        units, found = inputs, []
        for layer, name in zip(self.layers, default_names(self.layers), strict=True):
            found += layer.mismatches(units, f"{where}.{name}")
            units = layer.units_after(units)
        if units != inputs:
            found.append(
                f'layer "{where}" takes {inputs} inputs and its block gives {units} units; they are added, so they '
                f"must be equal. Fix: let the last layer of the block have {inputs} units."
            )
        return found

    def write(self, writer: Writer, x: str) -> str:
        """a[n,j] = x[n,j] + block(x)[n,j]."""
        y = x
        for layer, name in zip(self.layers, default_names(self.layers), strict=True):
            with writer.layer(name):
                y = layer.write(writer, y)
        return writer.write("a[n,j] = x[n,j] + y[n,j]", a=writer.block.fresh(f"a{writer.count}"), x=x, y=y)


def _softmax_inside(layers: tuple[Layer, ...]) -> list[str]:
    inside = [x for x in layers if isinstance(x, Dense) and isinstance(x.activation, Softmax)]
    return ["softmax is for the output layer; it cannot stand inside a block."] if inside else []


def default_names(layers: tuple[Layer, ...]) -> list[str]:
    """The given names, and ``dense_1``, ``dense_2``, ``dropout_1`` ... for the others."""
    seen: dict[str, int] = {}
    names = []
    for layer in layers:
        seen[layer.kind] = seen.get(layer.kind, 0) + 1
        names.append(getattr(layer, "name", None) or f"{layer.kind}_{seen[layer.kind]}")
    return names
