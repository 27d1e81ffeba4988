"""Formulas as MathML: LaTeX of a closed list, converted, and written anew, so that nothing else can be in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import TYPE_CHECKING, Literal

from .document.findings import Findings
from .document.latex import FactIn, placed, read_latex
from .document.model import FactRef
from .problems import Place

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ELEMENTS = frozenset(
    [
        "math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder",
        "mover", "munderover", "mtable", "mtr", "mtd", "mstyle",
    ]
)  # fmt: skip
_ATTRIBUTES = frozenset(
    [
        "xmlns", "display", "accent", "stretchy", "fence", "form", "movablelimits", "columnalign", "columnspacing",
        "rowspacing", "displaystyle", "scriptlevel", "linethickness", "width", "minsize", "maxsize", "mathvariant",
    ]
)  # fmt: skip
_VALUE = re.compile(r"[\w.%+:/-]*(?: [\w.%+-]+)*", re.ASCII)
_ROWS = frozenset(["math", "mrow", "mtd", "mstyle", "msqrt"])
_ACCENTS = frozenset("^¯→~˙¨―_")
_LIMITS = frozenset(
    [
        "lim",
        "max",
        "min",
        "sup",
        "inf",
        "arg\u2009max",
        "arg\u2009min",
        "det",
        "gcd",
        "Pr",
        "lim\u2006sup",
        "lim\u2006inf",
    ]
)
_STYLES = {
    "bold": "BOLD", "italic": "ITALIC", "bold-italic": "BOLD ITALIC", "double-struck": "DOUBLE-STRUCK", "script": "SCRIPT",
    "sans-serif": "SANS-SERIF",
}  # fmt: skip
_QUOTED = re.compile(r"(\\(?:text|operatorname)\s*\{[^}]*\})")
_UNIT = re.compile(r"(?<=\d)\s*(?=in|mm|cm|pt|em|ex|pc|bp|dd|cc|sp|mu)")
_UPRIGHT = re.compile(r"\\mathrm\s*\{\s*([A-Za-z])\s*\}")
_ALIGNED = re.compile(r"\\(begin|end)\s*\{\s*aligned\s*\}")
_SLOT = 0xF0000
"""Private characters stand for facts on their way through the converter; no formula can hold one."""


def facts_in(latex: str, place: Place, path: str = "lesson") -> list[FactRef]:
    """The facts that a formula shows: ``\\fact{loss.start}``.

    Args:
        latex: the formula.
        place: of its first character.
        path: what messages call the document.

    Raises:
        LessonError: if the formula cannot be read.
    """
    return [fact.ref for fact in _read(latex, place, path)]


def to_mathml(
    latex: str,
    place: Place,
    facts: Callable[[FactRef], str] | None = None,
    *,
    display: Literal["block", "inline"] = "block",
    path: str = "lesson",
) -> str:
    """A formula as a ``<math>`` element.

    Args:
        latex: the formula.
        place: of its first character.
        facts: what to write for a fact; None where there can be none.
        display: "block" on a line of its own, "inline" in text.
        path: what messages call the document.

    Raises:
        LessonError: for commands that are unknown, braces that do not fit and the like, each at its place.

    >>> to_mathml("a<b", Place(1, 1))
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow></math>'
    """
    found = _read(latex, place, path)
    shown = [facts(fact.ref) for fact in found] if facts else []
    if found and not facts:
        _fail(found[0].ref.place, "a fact cannot be shown here. Fix: leave it out.", path)
    tree = _converted(_rewritten(latex, found), place, display, path)
    _polish(tree, display == "block")
    return "".join(_written(tree, shown))


def _read(latex: str, place: Place, path: str) -> tuple[FactIn, ...]:
    findings = Findings(path)
    found = read_latex(latex, placed(latex, place), findings)
    findings.settle()
    return found


def _fail(place: Place, why: str, path: str) -> None:
    findings = Findings(path)
    findings.add(place, why)
    findings.settle()


def _rewritten(latex: str, facts: tuple[FactIn, ...]) -> str:
    """The formula as the converter understands it: facts as slots, and what it would read as something else."""
    for number, fact in reversed(list(enumerate(facts))):
        latex = f"{latex[: fact.begin]}\\text{{{chr(_SLOT + number)}}}{latex[fact.end :]}"
    latex = _ALIGNED.sub(r"\\\1{split}", latex)
    parts = _QUOTED.split(latex)
    # "2 em" would be a length, and one upright letter a slanted one
    parts[::2] = [_UPRIGHT.sub(r"\\mathrm{{\1}}", _UNIT.sub("{}", part)) for part in parts[::2]]
    return "".join(parts)


def _converted(latex: str, place: Place, display: str, path: str) -> Element:
    from xml.etree.ElementTree import Element

    from latex2mathml.converter import convert_to_element

    try:
        return convert_to_element(latex, display=display)
    except Exception as error:  # whatever breaks in the converter, the formula is what made it
        _fail(place, f"this formula cannot be shown ({type(error).__name__}). Fix: write it in simpler parts.", path)
    return Element("math")


def _polish(tree: Element, block: bool) -> None:
    """Text as it is meant, upright names of functions, accents that sit close, limits below where there is room."""
    for element in list(tree.iter()):
        text = unescape(element.text or "")
        element.text = _styled(text, element.attrib.pop("mathvariant", ""), element)
        if element.tag == "mo" and len(text) > 1 and text[0].isalpha():
            element.tag = "mi"
            element.attrib.clear()
        elif element.tag == "mi" and text in (";", ":"):
            element.tag = "mo"
        if element.tag == "mover" and len(element) == 2 and unescape(element[1].text or "") in _ACCENTS:
            element.set("accent", "true")
    for element in list(tree.iter()):
        if block and element.tag in ("msub", "msubsup", "msup") and element[0].text in _LIMITS:
            element.tag = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}[element.tag]
        if element.tag in _ROWS:
            _space(element)


def _space(row: Element) -> None:
    """A thin space on both sides of the name of a function, but for those with an operator or a bracket."""
    from xml.etree.ElementTree import Element

    for at in range(len(row) - 2, -1, -1):
        left, right = row[at], row[at + 1]
        if (_is_function(left) and right.tag != "mo") or (_is_function(right) and left.tag != "mo"):
            row.insert(at + 1, Element("mspace", width="0.167em"))


def _is_function(element: Element) -> bool:
    base = (
        element[0]
        if element.tag in ("msub", "msup", "msubsup", "munder", "mover", "munderover") and len(element)
        else element
    )
    return base.tag == "mi" and len(base.text or "") > 1


def _styled(text: str, variant: str, element: Element) -> str:
    """Letters of another style are characters of their own: browsers know of styles no more than "normal"."""
    if variant == "normal" and element.tag == "mi" and len(text) == 1:
        element.set("mathvariant", "normal")
    style = _STYLES.get(variant)
    return "".join(_letter(character, style) for character in text) if style else text


def _letter(character: str, style: str) -> str:
    name = unicodedata.name(character, "").replace("LATIN ", "").replace("GREEK ", "").replace("LETTER ", "")
    for found in (f"MATHEMATICAL {style} {name}", f"{style} {name}"):
        try:
            return unicodedata.lookup(found)
        except KeyError:
            continue
    return character


def _written(element: Element, shown: list[str]) -> Iterator[str]:
    """The tree as text, with nothing in it that is not on the lists."""
    if element.tag not in _ELEMENTS:  # a command was allowed that the converter makes something else of
        raise ValueError(f"formulas hold no <{element.tag}>")
    text = element.text or ""
    if len(text) == 1 and 0 <= ord(text) - _SLOT < len(shown):
        yield f"<mn>{escape(shown[ord(text) - _SLOT])}</mn>"
        return
    kept = {name: value for name, value in element.attrib.items() if name in _ATTRIBUTES and _VALUE.fullmatch(value)}
    yield f"<{element.tag}" + "".join(f' {name}="{escape(value)}"' for name, value in kept.items()) + ">"
    yield escape(text)
    for child in element:
        yield from _written(child, shown)
    yield f"</{element.tag}>"
