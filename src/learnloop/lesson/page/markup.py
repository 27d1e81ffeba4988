"""HTML that cannot be broken from inside: whatever is not markup already is escaped when it is put in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_REFUSED = re.compile(r"on|style$")
"""Attributes that the policy of the page forbids: handlers and styles."""
_VOID = {"img", "input", "link", "meta"}

Attributes = Mapping[str, str | int | float | bool | None]


class Markup(str):
    """Text that is HTML."""

    __slots__ = ()


def element(name: str, attributes: Attributes | None = None, *children: str) -> Markup:
    """One element.

    Args:
        name: of the element.
        attributes: by name; None and False are left out, True stands without a value.
        children: markup, or plain text, which is escaped.

    Raises:
        ValueError: for an attribute that could run something.

    >>> element("a", {"href": "#x", "hidden": False}, "1 < 2", element("b", {}, "bold"))
    '<a href="#x">1 &lt; 2<b>bold</b></a>'
    """
    opening = f"<{name}{''.join(_attribute(key, value) for key, value in (attributes or {}).items())}>"
    return Markup(opening if name in _VOID else f"{opening}{joined(children)}</{name}>")


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """Several pieces, one after the other; those that are no markup are escaped.

    >>> joined(["a & b", Markup("<hr>")], Markup(" "))
    'a &amp; b <hr>'
    """
    return Markup(_safe(between).join(_safe(part) for part in parts))


def _safe(part: str) -> str:
    return part if isinstance(part, Markup) else escape(part)


def _attribute(name: str, value: str | int | float | bool | None) -> str:
    if not _NAME.fullmatch(name) or _REFUSED.match(name):
        raise ValueError(f"the attribute {name!r} is not one that a page may have")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
