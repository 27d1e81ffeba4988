"""Activations: one expression of z each. Slope, C, NumPy reference and formula are derived from it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import ProgramError
from ..language import Map, Tensor, parse
from ..language.expression import CONDITIONS, UNARY, ZERO, Expr
from .registry import Checked, is_label, short
from .writer import Writer


@dataclass(frozen=True)
class Activation(Checked):
    """An elementwise function of the pre-activation.

    Args:
        name: the field's name for it.
        value: the expression, in z.
    """

    name: str
    value: str

    def problems(self) -> list[str]:
        """A name that is none, a value that is no expression of z."""
        found = [] if is_label(self.name) else [f"name is {short(self.name)}; expected 1 to 64 printable characters."]
        if not isinstance(self.value, str) or not 1 <= len(self.value) <= 1000:
            return [*found, f"value is no text of 1 to 1000 characters; {_EXPECTED}"]
        return [*found, *_not_of_z(self.value)]

    def write(self, writer: Writer, z: str) -> str:
        """The statement a = f(z); the identity needs none."""
        if self.value == "z":
            return z
        return writer.write("a[n,j] = " + re.sub(r"\bz\b", "z[n,j]", self.value), a=writer.name("a"), z=z)


@dataclass(frozen=True)
class Softmax(Activation):
    """exp(z) over its sum along the units, shifted by the largest for range; for the output layer."""

    name: str = "softmax"
    value: str = "exp(z)/sum(exp(z))"

    def problems(self) -> list[str]:
        """Arguments: there is one softmax."""
        usual = (self.name, self.value) == (Softmax.name, Softmax.value)
        return [] if usual else ["softmax takes no arguments. Fix: activation='softmax'."]

    def write(self, writer: Writer, z: str) -> str:
        """The statements of a softmax over the units of each row."""
        top = writer.write("m[n] = max(j, z[n,j])", m=writer.name("top"), z=z)
        e = writer.write("e[n,j] = exp(z[n,j] - stop(m[n]))", e=writer.name("e"), z=z, m=top)
        total = writer.write("s[n] = sum(j, e[n,j])", s=writer.name("s"), e=e)
        return writer.write("a[n,j] = e[n,j]/s[n]", a=writer.name("a"), e=e, s=total)


_EXPECTED = (
    "expected an expression of z such as 'z*sigmoid(z)', made of z, numbers, + - * /, where(z > 0, a, b) with "
    f"> >= < <= ==, and the functions {' '.join(UNARY)} fma stop."
)


def _not_of_z(value: str) -> list[str]:
    """Why a text is no elementwise expression of z."""
    given = value[:100]
    try:
        statement = parse(f"a = {value}", {"z": Tensor("z", ())})
    except ProgramError as error:
        return [f"value is {given!r}: {str(error).rstrip('.')}; {_EXPECTED}"]
    if not isinstance(statement, Map):
        return [f"value is {given!r}, which goes over other units; {_EXPECTED}"]
    faults = dict.fromkeys(_faults(statement.expr))
    if not faults and not statement.expr.reads():
        faults = {"is the same whatever z is": None}
    return [f"value is {given!r}, which {' and '.join(faults)}; {_EXPECTED}"] if faults else []


def _faults(expr: Expr, condition: bool = False) -> Iterator[str]:
    """What the grammar of statements allows and a function of z cannot be."""
    if (expr.op in CONDITIONS) != condition:
        yield "has no comparison as the condition of where" if condition else "compares outside the condition of where"
    if expr.op == "uniform":
        yield "draws random numbers"
    if expr.op == "/" and expr.operands[1] == ZERO:
        yield "divides by zero"
    if expr.op == "const" and not math.isfinite(expr.value):
        yield "has a constant that is not finite"
    for place, operand in enumerate(expr.operands):
        yield from _faults(operand, condition=expr.op == "where" and place == 0)


_SELU_SCALE, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772  # Klambauer et al. 2017

identity = Activation("identity", "z")
relu = Activation("relu", "where(z > 0, z, 0)")
leaky_relu = Activation("leaky_relu", "where(z > 0, z, 0.01*z)")
elu = Activation("elu", "where(z > 0, z, expm1(z))")
selu = Activation("selu", f"{_SELU_SCALE!r}*where(z > 0, z, {_SELU_ALPHA!r}*expm1(z))")
gelu = Activation("gelu", "0.5*z*(1 + erf(z*0.7071067811865476))")
silu = Activation("silu", "z*sigmoid(z)")
tanh = Activation("tanh", "tanh(z)")
sigmoid = Activation("sigmoid", "sigmoid(z)")
softplus = Activation("softplus", "softplus(z)")
softsign = Activation("softsign", "where(z > 0, z/(1 + z), z/(1 - z))")
softmax = Softmax()

ACTIVATIONS: dict[str, Activation] = {
    a.name: a
    for a in (
        identity, relu, leaky_relu, elu, selu, gelu, silu, tanh, sigmoid, softplus, softsign, softmax,
    )
}  # fmt: skip
"""Activations by name."""
