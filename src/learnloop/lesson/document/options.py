"""Options and arguments of directives, held against the table of directives."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...errors import short
from ..problems import Place
from .directives import Argument, Directive, Option
from .fences import Fence
from .findings import Findings, nearest
from .model import Given
from .narration import unsaid
from .numbers import typed_numbers
from .references import NAME, NEURON, fact_in

LONGEST = 500
_RESERVED = ("ll-", "beat-")
"""How ids of the page itself begin."""
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,17})?(?:e[+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_WHOLES = re.compile(r"\d{1,9}(?:[ \t]*,[ \t]*\d{1,9}){0,63}", re.ASCII)


def check_argument(fence: Fence, argument: Argument | None, findings: Findings) -> None:
    """Hold what follows the name of a directive against what may."""
    given, name = fence.argument, fence.name.text
    if argument is None:
        if given.text:
            findings.add(given.place, f"{name} takes nothing behind its name, got {short(given.text)}. Fix: delete it.")
    elif not given.text:
        if argument.needed:
            fix = nearest("", argument.choices) if argument.choices else "Fix: write it behind the name."
            findings.add(fence.place, f"{name} needs to be told what. {fix}")
    elif argument.choices and not argument.free and given.text not in argument.choices:
        findings.add(given.place, f"{name} has no kind {short(given.text)}. {nearest(given.text, argument.choices)}")
    if len(given.text) > LONGEST:
        findings.add(given.place, f"more than {LONGEST} characters. Fix: shorten it.")
    if argument is not None and argument.shown:
        _shown(given, False, findings)


def check_options(fence: Fence, directive: Directive, findings: Findings) -> dict[str, Given]:
    """The options of a directive by name, each held against its kind.

    Args:
        fence: the directive.
        directive: what it takes.
        findings: takes unknown names, names that are given twice, wrong values, and what is missing.
    """
    found: dict[str, Given] = {}
    for name, value in fence.options:
        option = directive.options.get(name.text)
        if option is None:
            findings.add(
                name.place,
                f"{fence.name.text} has no option {short(name.text)}. {nearest(name.text, directive.options)}",
            )
        elif name.text in found:
            findings.add(name.place, f"{name.text} is given twice. Fix: one of them.")
        elif not value.text.strip():
            findings.add(value.place, f"{name.text} is empty. Fix: a value behind it, or delete the line.")
        else:
            found[name.text] = check_value(name.text, value, option, findings)
    given = {name.text for name, _ in fence.options}
    for missing in [name for name, option in directive.options.items() if option.needed and name not in given]:
        findings.add(fence.place, f"{fence.name.text} needs {missing}. Fix: a line :{missing}: below it.")
    return found


def check_value(name: str, value: Given, option: Option, findings: Findings) -> Given:
    """A value, as those who read it expect it."""
    if len(value.text) > LONGEST:
        findings.add(value.place, f"{name} has more than {LONGEST} characters. Fix: shorten it.")
        return value
    if option.kind == "text":
        _shown(value, option.spoken, findings)
    elif option.kind == "fact":
        bare = value.text.removeprefix("{").removesuffix("}").strip()
        fact_in(bare, value.place, findings)
        return Given(bare, value.place)
    elif option.kind == "id":
        _id(value, findings)
    elif option.kind in _KINDS and value.text not in option.choices:
        fits, what = _KINDS[option.kind]
        if not fits(value.text):
            more = "".join(f", or {choice}" for choice in option.choices)
            findings.add(value.place, f"{name} is {short(value.text)}, expected {what}{more}. Fix: write one.")
    elif option.kind == "choice" and value.text not in option.choices:
        findings.add(value.place, f"{name} cannot be {short(value.text)}. {nearest(value.text, option.choices)}")
    return value


_KINDS: dict[str, tuple[Callable[[str], object], str]] = {
    "number": (_NUMBER.fullmatch, "a number, as in 0.1"),
    "whole": (_WHOLE.fullmatch, "a whole number, as in 12"),
    "wholes": (_WHOLES.fullmatch, "whole numbers, as in 8, 8"),
    "neuron": (NEURON.fullmatch, "a layer and a neuron of it, as in dense_1:7"),
    "run": (NAME.fullmatch, "the name of a run, as in hot"),
}


def _id(value: Given, findings: Findings) -> None:
    if not NAME.fullmatch(value.text):
        findings.add(
            value.place, f"{short(value.text)} is no id. Fix: letters of a to z, digits and hyphens, at most 60."
        )
    elif value.text.startswith(_RESERVED):
        findings.add(
            value.place,
            f"ids that begin with {short(value.text[: value.text.index('-') + 1])} are the page's own. Fix: another one.",
        )


def _shown(value: Given, spoken: bool, findings: Findings) -> None:
    """A text that is shown as it is: no facts are filled in, so it has no numbers."""

    def place(at: int) -> Place:
        return Place(value.place.line, value.place.column + at)

    for number in typed_numbers(value.text):
        findings.add(
            place(number.at),
            f"{short(number.text)} is typed, and no facts are filled in here. Fix: say it in a caption or in prose.",
        )
    if (at := value.text.find("{")) >= 0:
        findings.add(
            place(at), "facts are not filled in here, so a brace would be seen. Fix: say it in a caption or in prose."
        )
    for at, why in unsaid(value.text) if spoken else ():
        findings.add(place(at), why)
