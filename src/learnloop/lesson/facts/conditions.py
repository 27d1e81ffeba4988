"""Conditions of facts: ``loss.end < loss.start and accuracy.test >= 0.9``, read by a small reader of their own."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from ...errors import DescriptionError, LearnloopError, short
from .formats import Value

LONGEST = 500
"""Characters of a condition."""
_COMPARE: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<sign><=|>=|==|!=|<|>)|(?P<text>"[^"]*"|'[^']*')"""
    r"""|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?(?![\w.\[@/-]))|(?P<name>[^\s<>=!"'\[]+(?:\[[^\[\]<>=!"']*\][^\s<>=!"'\[]*)*)""",
    re.ASCII,
)


class ConditionError(DescriptionError):
    """A condition that cannot be judged.

    Attributes:
        offset: where in its text, from 0.
    """

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.offset = offset


@dataclass(frozen=True)
class Token:
    """A piece of a condition: kind, text, and where it begins."""

    kind: str
    text: str
    offset: int


def holds(condition: str, fact: Callable[[str], Value]) -> bool:
    """Whether a condition holds.

    Args:
        condition: comparisons, joined by ``and``.
        fact: the value of a fact by its name.

    Raises:
        ConditionError: for what is no condition, and for facts that there are not.

    >>> holds("loss.end < 0.5 and run.status == 'finished'", {"loss.end": 0.1, "run.status": "finished"}.__getitem__)
    True
    """
    tokens = _tokens(condition)
    end = Token("end", "", len(condition))
    results = []
    for k in range(0, max(len(tokens), 1), 4):
        left, sign, right, joint = (*tokens[k : k + 4], end, end, end, end)[:4]
        results.append(_compared(left, sign, right, fact))
        if joint.kind != "end" and (joint.text != "and" or k + 4 >= len(tokens)):
            raise _expected("and, with a comparison behind it", joint)
    return all(results)


def _tokens(condition: str) -> list[Token]:
    if len(condition) > LONGEST:
        raise ConditionError(f"the condition has {len(condition)} characters; expected at most {LONGEST}.", LONGEST)
    found, place = [], 0
    while place < len(condition):
        match = _TOKEN.match(condition, place)
        if match is None:
            raise _expected("a fact, a number, a text in quotes or a comparison", Token("", condition[place], place))
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match[0], place))
        place = match.end()
    return found


def _compared(left: Token, sign: Token, right: Token, fact: Callable[[str], Value]) -> bool:
    _check_side(left)
    if sign.kind != "sign":
        raise _expected(f"one of {', '.join(_COMPARE)}", sign)
    _check_side(right)
    if "name" not in (left.kind, right.kind):
        raise ConditionError("a comparison of two things that are no facts says nothing of the run. Fix: name a fact.", left.offset)
    one, other = _value(left, fact), _value(right, fact)
    texts = isinstance(one, str), isinstance(other, str)
    if texts[0] != texts[1]:
        raise ConditionError(f"{left.text} and {right.text} are a number and a text, which cannot be compared.", left.offset)
    if texts[0] and sign.text not in ("==", "!="):
        raise ConditionError(f"texts can be equal or not, and {sign.text} is for numbers. Fix: == or !=.", sign.offset)
    return _COMPARE[sign.text](one, other)


def _check_side(token: Token) -> None:
    if token.kind not in ("name", "number", "text") or token.text == "and":
        raise _expected("a fact, a number or a text in quotes", token)


def _value(token: Token, fact: Callable[[str], Value]) -> Value:
    if token.kind == "number":
        return float(token.text)
    if token.kind == "text":
        return token.text[1:-1]
    try:
        return fact(token.text)
    except LearnloopError as error:
        raise ConditionError(str(error), token.offset) from error


def _expected(what: str, token: Token) -> ConditionError:
    got = short(token.text) if token.text else "the end"
    return ConditionError(f"expected {what}, got {got} at character {token.offset + 1}.", token.offset)
