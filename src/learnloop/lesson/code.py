"""A run as text: the Python that trains it again, the statements of its program, and C. The same on every machine."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from ..compile import generate
from ..compile.target import STANDALONE
from ..data.generated import GENERATORS
from ..errors import UnknownName
from ..network import Network, mlp
from ..rules import ACTIVATIONS, INITIALIZERS, LOSSES, Activation, Constant, Dense, Residual
from ..rules.registry import Checked
from ..run import Run
from ..runs.structure import Structure
from .model import LessonRun

WIDTH = 88
_FUNCTION = re.compile(r"^(?:/\*(?:(?!\*/).)*\*/\n)?(?:LL_\w+|static) [^\n;]*?\b(?P<name>\w+)\([^\n;]*\) \{\n.*?^\}\n", re.MULTILINE | re.DOTALL)
_TILE = "_tile"
COMMIT = "commit"
"""The part of the program behind its last section: what takes the place of what."""
_SHORT = {"update": "train_update", "initialise": "initialise_all", "predict": "predict_all", "evaluate": "evaluate_all"}
"""Parts of the C that have a shorter name."""


def python_of(found: LessonRun) -> str:
    """Python that trains a run again, with the same bits.

    Args:
        found: a run of a lesson.

    Returns:
        A script. Where only the run has its rows, they are called X and y, and the script says so.
    """
    run, data = found.run, _data(found)
    given = "X, y" if data is None else "rows.X[rows.train], rows.y[rows.train]"
    rows = data or [f"# X, y: the {run.task.data.rows if run.examples is not None else run.task.count} rows that the run learnt from"]
    options = run.options
    arguments = [
        given, f"loss={python(run.loss)}", f"optimizer={python(run.optimizer)}", f"batch_size={options.batch_size}",
        f"epochs={options.epochs}", f"seed={options.seed}", *([f'dtype="{options.dtype}"'] if options.dtype != "float32" else []),
    ]  # fmt: skip
    last = [] if data is None else ["print(run.evaluate(rows.X[rows.test], rows.y[rows.test]))"]
    return "\n".join(["import learnloop as ll", "", *rows, f"network = {_network(run.network)}", _call("run = ll.train", ["network", *arguments]), *last, ""])


def _data(found: LessonRun) -> list[str] | None:
    """The lines that load, split and scale; None where only the run has its rows."""
    scenario: Mapping[str, Any] = found.scenario or {}
    part, split = scenario.get("data", {}), scenario.get("split")
    if split is None or (part.get("kind") != "builtin" and not found.file):
        return None
    source = f"ll.datasets.load({_loaded(part)})" if part["kind"] == "builtin" else f"ll.datasets.read({_read(found)})"
    return [f"data = {source}", f"rows = ll.datasets.prepare(data, test={split['test']!r}, seed={int(split['seed'])})"]


def _loaded(part: Mapping[str, Any]) -> str:
    known = GENERATORS[part["name"]].options if part["name"] in GENERATORS else {}
    changed = [f"{name}={value!r}" for name, value in part["options"].items() if value != known[name].default]
    return ", ".join([literal(part["name"]), *changed])


def _read(found: LessonRun) -> str:
    origin = found.run.notes.get("data", {}).get("origin", {})
    target = origin.get("target")
    return ", ".join([literal(found.file), *([f"target={literal(target)}"] if target else [])])


def literal(text: str) -> str:
    """A text as Python writes it, in ASCII: nothing in it can end it.

    >>> literal('a"b')
    '"a\\\\"b"'
    """
    return json.dumps(text) if text.isascii() else ascii(text)


def python(rule: Any) -> str:
    """A rule as it is written in Python: by its name where it has one, else as it is made.

    >>> from learnloop.rules import SGD
    >>> python(SGD(0.1, momentum=0.9))
    'll.SGD(0.1, momentum=0.9)'
    """
    if not isinstance(rule, Checked):
        return literal(rule) if isinstance(rule, str) else repr(rule)
    if isinstance(rule, Constant):
        return repr(rule.learning_rate)
    for known in (ACTIVATIONS, INITIALIZERS, LOSSES):
        for name, other in known.items():
            if other == rule and type(other) is type(rule):
                return literal(name)
    if isinstance(rule, Residual):
        named = [] if rule.name is None else [f"name={literal(rule.name)}"]
        return f"ll.Residual({', '.join([*map(python, rule.layers), *named])})"
    return f"ll.{type(rule).__name__}({', '.join(_arguments(rule))})"


def _arguments(rule: Checked) -> list[str]:
    """What differs from a rule that was made with no more than it needs."""
    declared = fields(rule)  # type: ignore[arg-type]
    needed = {f.name: getattr(rule, f.name) for f in declared if f.default is MISSING}
    usual = type(rule)(**needed)
    changed = [f for f in declared if f.name in needed or getattr(rule, f.name) != getattr(usual, f.name)]
    positional = [f for f in declared if not f.kw_only]
    before = positional[: 1 + max((positional.index(f) for f in changed if f in positional), default=-1)]
    named = [f"{f.name}={python(getattr(rule, f.name))}" for f in changed if f.kw_only]
    return [*(python(getattr(rule, f.name)) for f in before), *named]


def _network(network: Network) -> str:
    """A network, in one line where it is dense layers with one activation."""
    dense = [layer for layer in network.layers if isinstance(layer, Dense)]
    if len(dense) == len(network.layers):
        activation = dense[0].activation if len(dense) > 1 else ACTIVATIONS["relu"]
        assert isinstance(activation, Activation)
        units = [network.inputs, *(layer.units for layer in dense)]
        if activation.name in ACTIVATIONS and mlp(*units, activation=activation) == network:
            named = [] if len(dense) == 1 else [f"activation={python(activation)}"]
            return f"ll.mlp({', '.join([*map(str, units), *named])})"
    layers = "".join(f"    {python(layer)},\n" for layer in network.layers)
    return f"ll.Network({network.inputs}, [\n{layers}])"


def _call(what: str, arguments: list[str]) -> str:
    """A call, with its arguments on lines that are not too long."""
    lines = textwrap.wrap(", ".join(a.replace(" ", "\0") for a in arguments) + ",", WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    return "\n".join([f"{what}(", *(f"    {line}" for line in lines), ")"]).replace("\0", " ")


def program_of(run: Run, part: str = "") -> str:
    """The statements of a run.

    Args:
        run: any run.
        part: "" for all; a function such as "train", one of its sections such as "backward", or a layer: then what it computes.

    Raises:
        UnknownName: for another part; the nearest ones are suggested.
    """
    if not part:
        return str(run.program)
    structure, parts = Structure(run.program), _parts(run.program.text())
    if part in structure.layers:
        wanted = {t for t, layer in run.program.layer_of.items() if layer == part}
        lines = [line for line in parts["forward"] if re.split(r"[\[ ]", line, maxsplit=1)[0] in wanted]
        return "\n".join(lines)
    if part not in parts:
        raise UnknownName("part of the program", part, [*parts, *structure.layers])
    return "\n".join(parts[part])


def _parts(text: str) -> dict[str, list[str]]:
    """Functions with all their lines, and sections, those of an update where others have them, too; by name."""
    found: dict[str, list[str]] = {}
    function = section = ""
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip())
        if depth == 0:
            function, section = line.rstrip(":"), ""
            found[function] = []
        else:
            found[function].append(line[2:])
        if depth == 2:
            section = line.strip() if function == "train" or line.strip() not in found else ""
            if section:
                found[section] = []
        elif depth == 4 and section:
            found.setdefault(COMMIT if " <- " in line else section, []).append(line.strip())
    return found


def c_of(run: Run, part: str = "") -> str:
    """The C of a run, for any machine: plain C99.

    Args:
        run: any run.
        part: "" for all; "update", "predict" or another function; a tensor such as "z1", or a layer: then the function that
            computes it.

    Raises:
        UnknownName: for another part; the nearest ones are suggested.
    """
    text = generate(run.program, STANDALONE, run.options.dtype).text
    if not part:
        return text
    functions = {found["name"]: found[0] for found in _FUNCTION.finditer(text)}
    name = next((n for n in (_SHORT.get(part, ""), part, f"train_{part}") if n in functions), None) or _computing(functions, run, part)
    if name is None:
        shown = [n for n in functions if not n.endswith(_TILE)]
        raise UnknownName("part of the C", part, [*_SHORT, *Structure(run.program).layers, *shown])
    return "\n".join(functions[n] for n in (f"{name}{_TILE}", name) if n in functions).rstrip("\n")


def _computing(functions: Mapping[str, str], run: Run, part: str) -> str | None:
    """The function whose comment names a tensor, or what a layer computes first: several statements share a function."""
    structure = Structure(run.program)
    tensor = part
    if part in structure.layers:
        z = structure.pre_activation(part)
        tensor = structure.activation(part) if z is None else z.out
    line = re.compile(rf"^(?:/\*| \*) {re.escape(tensor)}(?:\[| =)", re.MULTILINE)
    return next((name for name, body in functions.items() if line.search(body)), None)
