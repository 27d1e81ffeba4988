"""What the statements of a program say about its layers and its update; nothing here knows a rule by its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ..errors import UnknownName
from ..language import DOUBLE, INTEGER, REAL, ROWS, Block, Contract, Expr, Map, Statement, gradients
from ..program import Function, Program
from ..rules import Parameter


@dataclass(frozen=True)
class Structure:
    """A program, read for its explanation."""

    program: Program

    @property
    def train(self) -> Function:
        """The update."""
        return self.program.functions["train"]

    @cached_property
    def defined(self) -> dict[str, Statement]:
        """The statement that defines each tensor."""
        return {s.out: s for s in self.train.statements}

    @cached_property
    def layers(self) -> tuple[str, ...]:
        """All layers, the ones inside others, too."""
        return tuple(dict.fromkeys(self.program.layer_of[s.out] for s in self._of_layers()))

    def _section(self, title: str) -> tuple[Statement, ...]:
        return next((s.statements for s in self.train.sections if s.title == title), ())

    def _of_layers(self) -> list[Statement]:
        return [s for s in self._section("forward") if s.out in self.program.layer_of]

    def check_layer(self, layer: str) -> None:
        """Refuse a layer that the network does not have."""
        if layer not in self.layers:
            raise UnknownName("layer", layer, self.layers)

    def parameter(self, name: str) -> Parameter:
        """The parameter that the user calls so."""
        found = {p.name: p for p in self.program.parameters}
        if name not in found:
            raise UnknownName("parameter", name, found)
        return found[name]

    def parameters_of(self, layer: str) -> dict[str, Parameter]:
        """The parameters of one layer by their last name: "weight", "bias"."""
        return {p.name.rpartition(".")[2]: p for p in self.program.parameters if p.layer == layer}

    def pre_activation(self, layer: str) -> Contract | None:
        """The sum of products that reads a parameter of the layer: z; None for a layer without one."""
        own = {p.tensor for p in self.parameters_of(layer).values()}
        for statement in self._of_layers():
            if isinstance(statement, Contract) and own & {f.tensor for f in statement.factors}:
                return statement
        return None

    def activation(self, layer: str) -> str:
        """The last tensor of a layer: what the next one reads."""
        return [s.out for s in self._of_layers() if self.program.layer_of[s.out] == layer][-1]

    def bias_of(self, statement: Contract) -> str | None:
        """What the sum starts from."""
        return statement.init.tensor if statement.init else None

    @cached_property
    def symbols(self) -> dict[str, str]:
        """What people call the tensors of layers: a, z, delta."""
        found = {self.activation(layer): "a" for layer in self.layers}
        for statement in filter(None, map(self.pre_activation, self.layers)):
            found[statement.out] = "z"
            found[self.gradient_of.get(statement.out, "")] = "delta"
        return found

    @cached_property
    def value_of(self) -> dict[str, str]:
        """The value that is committed to each parameter and state."""
        return {c.state: c.value for c in self.train.commits}

    @cached_property
    def state_of(self) -> dict[str, str]:
        """Where each committed value lies after the update."""
        return {value: state for state, value in self.value_of.items()}

    def sources(self, parameter: str) -> list[str]:
        """Every tensor that an explanation of a parameter and of the states behind it reads."""
        seen, waiting = dict[str, None](), [parameter]
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen[name] = None
            statement = self.defined.get(self.value_of.get(name, name))
            if statement is not None and name in self.linear:
                waiting += [a.tensor for a in statement.reads()]
        return list(seen)

    @cached_property
    def gradient_of(self) -> dict[str, str]:
        """The gradient of the batch loss for every tensor of the forward pass that has one in memory.

        The adjoint is a function of the forward pass: asked again for more tensors, it writes the same statements
        under the same names, and tells them.
        """
        block = Block()
        before = [s for section in self._sections_before("backward") for s in section]
        known = {s.out for s in before}
        block.tensors = {n: t for n, t in self.train.tensors.items() if t.role != "value" or n in known}
        block.statements = list(before)
        parameters = [p.tensor for p in self.program.parameters]
        found = gradients(block, "loss", [*parameters, *self._moved_by(parameters, before)])
        again = {s.out: s for s in block.statements}
        return {t: g for t, g in found.items() if g in self.defined and self.defined[g] == again[g]}

    def _sections_before(self, title: str) -> list[tuple[Statement, ...]]:
        sections = self.train.sections
        stop = next((k for k, s in enumerate(sections) if s.title == title), len(sections))
        return [s.statements for s in sections[:stop]]

    def _moved_by(self, parameters: list[str], statements: Iterable[Statement]) -> list[str]:
        """The numbers that change with a parameter."""
        live = set(parameters)
        for s in statements:
            if self.train.tensors[s.out].dtype != INTEGER and any(a.tensor in live for a in s.values()):
                live.add(s.out)
        return [s.out for s in statements if s.out in live]

    @cached_property
    def row_sums(self) -> frozenset[str]:
        """The sums over rows of which gradients are made; most gradients are one."""
        found, seen, waiting = set[str](), set[str](), list(self.program.gradients.values())
        while waiting:
            name = waiting.pop()
            statement = self.defined.get(name)
            if name in seen or statement is None or ROWS in statement.dims:
                continue
            seen.add(name)
            if sums_rows(statement):
                found.add(name)
            else:
                waiting += [a.tensor for a in statement.reads()]
        return frozenset(found)

    @cached_property
    def linear(self) -> frozenset[str]:
        """Tensors that are sums of products with exactly one factor linear in row sums, weights and states.

        Clocks are float64 and count as coefficients.
        """
        kept = {n for n, t in self.program.fixed.items() if t.dtype == REAL}
        found = kept | self.row_sums
        for statement in self.train.statements:
            if ROWS not in statement.dims and self._is_linear(statement, found):
                found.add(statement.out)
        return frozenset(found)

    def _is_linear(self, statement: Statement, found: set[str]) -> bool:
        if isinstance(statement, Map):
            return carries(statement.expr, found)
        if isinstance(statement, Contract) and not sums_rows(statement):
            return sum(f.tensor in found for f in statement.factors) == 1
        return False

    @cached_property
    def with_gradient(self) -> frozenset[str]:
        """Everything that depends on a gradient: as a coefficient it is frozen at the value it had."""
        found = set(self.row_sums)
        for statement in self.train.statements:
            if any(a.tensor in found for a in statement.reads()):
                found.add(statement.out)
        return frozenset(found)

    def terms(self, parameter: str) -> list[str]:
        """The optimizer's tensors on the way to the next value of a parameter, its states included."""
        dims = self.train.tensors[parameter].dims
        own = {s.out for s in self._section("update")} | set(self.value_of)
        seen, waiting = dict[str, None](), [self.value_of[parameter]]
        while waiting:
            name = waiting.pop()
            if name in seen or name not in own:
                continue
            seen[name] = None
            if name in self.defined and self.train.tensors[name].dims == dims:
                waiting += [a.tensor for a in self.defined[name].reads()]
        return [n for n in seen if n not in (parameter, self.value_of[parameter])]

    @cached_property
    def rate(self) -> str:
        """The float64 number that the schedule wrote."""
        return next(a.tensor for a in self.defined["rate"].values() if self.train.tensors[a.tensor].dtype == DOUBLE)


def sums_rows(statement: Statement) -> bool:
    """Whether a statement is a sum over rows of the batch."""
    return isinstance(statement, Contract) and any(statement.sizes[a] == ROWS for a in statement.over)


def carries(expr: Expr, linear: Iterable[str]) -> bool:
    """Whether an expression has a summand that is linear in the given tensors."""
    known = linear if isinstance(linear, set | frozenset) else set(linear)
    match expr.op:
        case "access":
            return expr.access.tensor in known
        case "+" | "-" | "neg":
            return any(carries(e, known) for e in expr.operands)
        case "*":
            return sum(touches(e, known) for e in expr.operands) == 1 and any(carries(e, known) for e in expr.operands)
        case "/":
            return carries(expr.operands[0], known) and not touches(expr.operands[1], known)
        case "where":
            return not touches(expr.operands[0], known) and any(carries(e, known) for e in expr.operands[1:])
    return False


def touches(expr: Expr, linear: set[str] | frozenset[str]) -> bool:
    """Whether an expression reads one of the tensors."""
    return any(a.tensor in linear for a in expr.reads())
