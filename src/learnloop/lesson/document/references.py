"""What braces and links stand for: facts, cues, and addresses. Only the syntax is checked; what exists is known later."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ...errors import short
from ..problems import Place
from .findings import Findings, nearest
from .model import Cue, FactRef, Verb

_INDEX = r"\[[\w-]{1,40}(?:,[\w-]{1,40}){0,3}\]"
_PART = rf"[A-Za-z][\w-]{{0,60}}(?:{_INDEX})?"
_FACT = re.compile(
    rf"(?:(?P<run>[A-Za-z0-9][\w-]{{0,40}})/)?"
    rf"(?P<name>{_PART}(?:\.{_PART}){{0,4}}(?:@(?:\d{{1,9}}|last))?(?:\#\d{{1,9}})?)"
    r"(?::(?P<format>[a-z0-9]{1,20}))?",
    re.ASCII,
)
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,58}[A-Za-z0-9])?")
NEURON = re.compile(r"[A-Za-z][\w.-]{0,60}:\d{1,6}", re.ASCII)
_TARGET = re.compile(rf"{NAME.pattern}(?:\.{NAME.pattern})?")
_WHOLE = r"\d{1,9}"
_SET = {
    "update": (re.compile(rf"{_WHOLE}(?:\.\.(?:{_WHOLE}|last))?|last"), "412, 0..412, or last"),
    "learning-rate": (re.compile(r"\d{1,9}(?:\.\d{1,12})?(?:e-?\d{1,3})?"), "0.1"),
    "neuron": (re.compile(rf"{NEURON.pattern}|none", re.ASCII), "dense_1:7, or none"),
    "row": (re.compile(rf"{_WHOLE}|none"), "12, or none"),
}
_ADDRESS = re.compile(r"[!#-&(-;=?-Z_a-z~\[\]]+")
"""Printable ASCII, without what ends an attribute, begins a tag or means something else to one of two programs."""


def fact_in(text: str, place: Place, findings: Findings) -> FactRef | None:
    """The fact that a text between braces names; None, and a problem, where it names none.

    Args:
        text: ``hot/accuracy.test:percent``.
        place: of the opening brace.
        findings: takes the problem.
    """
    match = _FACT.fullmatch(text.strip())
    if match is None:
        findings.add(place, f"{short(text)} is no name of a fact. Fix: {{loss.start}} or {{loss.start:3}}, for example; a brace "
                     r"that shall be seen is written \{.")  # fmt: skip
        return None
    return FactRef(match["run"] or "", match["name"], match["format"] or "", place)


def cue_in(target: str, place: Place, findings: Findings) -> Cue | None:
    """The cue of a link such as ``draw:loop.data``; None, and a problem, where it makes no sense.

    Args:
        target: with one of the verbs.
        place: of the link.
        findings: takes the problem.
    """
    verb, _, rest = target.partition(":")
    if verb == "set":
        return _set(rest, place, findings)
    verbs: dict[str, Verb] = {"draw": "draw", "point": "point"}
    if not _TARGET.fullmatch(rest):
        findings.add(place, f"{short(target)} names no block. Fix: {verb}:loop for a block with :id: loop, {verb}:loop.data for a "
                     "part of it.")  # fmt: skip
        return None
    return Cue(verbs[verb], rest, "", place)


def _set(rest: str, place: Place, findings: Findings) -> Cue | None:
    name, _, value = rest.partition("=")
    if name not in _SET:
        findings.add(place, f"{short(name)} cannot be set. {nearest(name, _SET)}")
        return None
    pattern, example = _SET[name]
    if not pattern.fullmatch(value):
        findings.add(place, f"{short(value)} is no value of {name}. Fix: {example}.")
        return None
    return Cue("set", name, value, place)


def address_problem(target: str) -> str:
    """What is wrong with where a link leads, or nothing.

    >>> address_problem("https://example.org/a?b=1")
    ''
    """
    kinds = "Fix: an https:, http: or mailto: address, or #chapter."
    if not _ADDRESS.fullmatch(target):
        return f"{short(target)} is no address: only printable ASCII is one. Fix: write it as %XX."
    if target.startswith("#"):
        return ""
    if target.startswith("mailto:"):
        return (
            ""
            if re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", target[7:], re.ASCII)
            else f"{short(target)} is no e-mail address. {kinds}"
        )
    if not target.startswith(("https://", "http://")):
        return f"{short(target)} leads nowhere that a lesson may lead. {kinds}"
    return f"{short(target)} is no address of a page. {kinds}" if not plain_url(target) else ""


def plain_url(target: str) -> bool:
    """Whether an address has a host and says nothing about who asks."""
    try:
        parts = urlsplit(target)
        return bool(parts.hostname) and "@" not in parts.netloc and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
