"""Formulas: MathML of which only elements and attributes that draw are kept. Converters have let text through unescaped."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from .markup import Markup


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS = _names(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror mpadded mphantom menclose msub msup msubsup munder mover "
    "munderover mmultiscripts mprescripts none mtable mtr mtd"
)
ATTRIBUTES = _names(
    "accent accentunder columnalign columnlines columnspacing depth display displaystyle fence form height largeop linethickness "
    "lspace mathvariant maxsize minsize movablelimits notation rowlines rowspacing rspace scriptlevel separator stretchy symmetric "
    "voffset width"
)


def formula(mathml: str) -> Markup:
    """A formula as it may stand in a page: what is no element of a formula is shown as text.

    >>> formula("<math><mi onclick='x'>x</mi><b>y</math>")
    '<math><mi>x</mi>&lt;b&gt;y</math>'
    """
    cleaner = _Cleaner()
    cleaner.feed(mathml)
    cleaner.close()
    return Markup("".join([*cleaner.written, *(f"</{name}>" for name in reversed(cleaner.open))]))


class _Cleaner(HTMLParser):
    """Writes what it reads, without a call for each level: formulas may be nested as deep as somebody likes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ELEMENTS:
            self.handle_data(self.get_starttag_text() or "")
            return
        kept = "".join(f' {name}="{escape(value)}"' for name, value in attrs if name in ATTRIBUTES and value is not None)
        self.written.append(f"<{tag}{kept}>")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self.open:
            last = self.open.pop()
            self.written.append(f"</{last}>")
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        self.written.append(escape(data))
