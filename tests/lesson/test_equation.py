"""Formulas: LaTeX of a closed list becomes MathML, and nothing else can be in it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnloop.lesson.document.commands import ACCENTS, ENVIRONMENTS, FENCES, FONTS, KNOWN, PLAIN, SPECIAL, TWO
from learnloop.lesson.document.model import FactRef
from learnloop.lesson.equation import facts_in, to_mathml
from learnloop.lesson.problems import LessonError, Place

HERE = Place(7, 3)
NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
ELEMENTS = frozenset(
    "math mrow mi mo mn mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd mstyle".split()  # noqa: SIM905
)
ATTRIBUTES = frozenset(
    "display accent stretchy fence form movablelimits columnalign columnspacing rowspacing displaystyle scriptlevel "  # noqa: SIM905
    "linethickness width minsize maxsize mathvariant".split()
)


def tree(latex: str, *, shown: str = "0.5") -> ET.Element:
    """The MathML of a formula, read again, and checked."""
    element = ET.fromstring(to_mathml(latex, HERE, lambda ref: shown))  # noqa: S314
    for part in element.iter():
        assert part.tag.removeprefix(NAMESPACE) in ELEMENTS
        assert set(part.attrib) <= ATTRIBUTES
        assert not (part.text or "").startswith("\\")
    return element


def plain(latex: str) -> str:
    """What is read in a formula, one after the other."""
    return "".join(tree(latex).itertext())


def wrong(latex: str) -> list[tuple[int, int]]:
    with pytest.raises(LessonError) as caught:
        to_mathml(latex, HERE)
    assert all("Fix: " in problem.text and "\n" not in problem.text for problem in caught.value.found)
    return [(p.place.line, p.place.column) for p in caught.value.found]


@pytest.mark.parametrize(
    ("latex", "read"),
    [
        (r"\hat{y} = f(x; W, b)", "y^=f(x;W,b)"),
        (r"L = \operatorname{loss}(\hat y, y)", "L=loss(y^,y)"),
        (r"z = w \cdot x + b", "z=w·x+b"),
        (r"a = \sigma(z)", "a=σ(z)"),
        (r"\theta \leftarrow \theta - \eta \nabla L", "θ←θ−η∇L"),
        (r"\frac{\partial L}{\partial w_{ij}}", "∂L∂wij"),
        (r"\sum_{i=1}^{n} x_i^2", "∑i=1nxi2"),
        (r"\mathbf{x} \mathbb{R} \mathbf{xy} \mathbf{0} \boldsymbol{\theta}", "𝐱ℝ𝐱𝐲𝟎𝜽"),
        (r"\text{a b} + 2em", "a\u00a0b+2em"),
        (r"x < y \le 3.5 \| w \|", "x<y≤3.5‖w‖"),
        (r"\begin{cases} z & z > 0 \\ 0 & \text{else} \end{cases}", "{zz>00else"),
        (r"\left( \frac{a}{b} \right)", "(ab)"),
        (r"\alpha α × y", "αα×y"),
    ],
)
def test_formulas(latex: str, read: str) -> None:
    assert plain(latex) == read


def test_a_formula_is_a_block_or_within_a_line() -> None:
    assert to_mathml("x", HERE).startswith('<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">')
    assert 'display="inline"' in to_mathml("x", HERE, display="inline")
    assert tree(r"\max_i z").find(f".//{NAMESPACE}munder") is not None
    assert "munder" not in to_mathml(r"\max_i z", HERE, display="inline")


def test_functions_are_upright_and_apart() -> None:
    assert "<mi>log</mi><mspace" in to_mathml(r"\log x", HERE)
    assert "<mspace" not in to_mathml(r"\log(x) + \exp(x)", HERE)
    assert '<mi mathvariant="normal">d</mi>' in to_mathml(r"\mathrm{d} x", HERE)


@pytest.mark.parametrize("name", sorted(KNOWN - set(SPECIAL)))
def test_every_command(name: str) -> None:
    argument = "{x}{y}" if name in TWO else "{x}" if name in {*ACCENTS, *FONTS} else ""
    assert plain(f"\\{name}{argument}").strip() or name in ("quad", "qquad")
    if name in FENCES:
        tree(f"\\left\\{name} x \\right\\{name}")


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_environment(name: str) -> None:
    rows = tree(rf"\begin{{{name}}} a &= b \\ c &= d \end{{{name}}}").iter(f"{NAMESPACE}mtr")
    assert ["".join(row.itertext()) for row in rows] == ["a=b", "c=d"]


def test_facts() -> None:
    latex = "L = \\fact{loss.start} +\n  \\fact{hot/loss@4:3}"
    assert [(f.run, f.name, f.format, f.place) for f in facts_in(latex, HERE)] == [
        ("", "loss.start", "", Place(7, 12)),
        ("hot", "loss@4", "3", Place(8, 8)),
    ]
    asked: list[FactRef] = []

    def show(ref: FactRef) -> str:
        asked.append(ref)
        return f"<{len(asked)} & \\x>"

    assert "<mn>&lt;1 &amp; \\x&gt;</mn>" in to_mathml(latex, HERE, show)
    assert [ref.name for ref in asked] == ["loss.start", "loss@4"]
    assert wrong(latex) == [(7, 12)], "nobody who could say what they are"


@pytest.mark.parametrize(
    ("latex", "places"),
    [
        ("", [(7, 3)]), ("   ", [(7, 3)]), (r"\foo + \bar + \baz", [(7, 3), (7, 17)]), ("x +\n y \\foo", [(8, 4)]),
        (r"\href{javascript:alert}{x}", [(7, 3)]), (r"\class{a}{b} \style{a}{b} \htmlId{a}{b}", [(7, 3), (7, 16), (7, 29)]),
        (r"\def\x{y}", [(7, 3), (7, 7)]), (r"\newcommand{\x}{y}", [(7, 3), (7, 15)]), (r"\color{red} x", [(7, 3)]),
        (r"\unicode{x3c}", [(7, 3)]), (r"\verb|<b>|", [(7, 3)]), ("{x", [(7, 3)]), ("x}", [(7, 4)]), (r"\frac{a}", [(7, 3)]),
        (r"\frac{}{b}", [(7, 8)]), (r"\sqrt", [(7, 3)]), (r"\sqrt[\frac]{x}", [(7, 9)]), (r"\sqrt[3{x}", [(7, 10)]), ("x^", [(7, 4)]),
        ("x_i_j", [(7, 6)]), ("x^2^3", [(7, 6)]), ("x'^2", [(7, 5)]), ("x^12", [(7, 5)]), (r"\left( x", [(7, 3)]), (r"x \right)", [(7, 5)]),
        (r"\left x \right)", [(7, 9)]), (r"\begin{aligned} x", [(7, 3)]), (r"\begin{array} x \end{array}", [(7, 3)]),
        (r"\begin{cases} x \end{matrix}", [(7, 19)]), (r"\begin x", [(7, 10)]), ("a & b", [(7, 5)]), (r"a \\ b", [(7, 5)]), ("a % b", [(7, 5)]),
        ("a # b $ c", [(7, 5), (7, 9)]), ("a\\", [(7, 4)]), (r"\text{a $b$}", [(7, 9)]), (r"\text{a <b>}", [(7, 9)]), (r"\text{ }", [(7, 9)]),
        (r"\text{a", [(7, 3)]), (r"\text x", [(7, 3)]), (r"\operatorname{a^2}", [(7, 17)]), (r"\fact{a b}", [(7, 8)]), ('x "y" @', [(7, 5), (7, 7), (7, 9)]),
        ("{" * 40 + "x" + "}" * 40, [(7, 16)]), (r"\hat " * 40 + "x", [(7, 63)]), ("x" * 2001, [(7, 2003)]), (r"\mathbf\frac{a}{b}", [(7, 10)]),
        ("\U000f0000 x", [(7, 3)]), ("😀", [(7, 3)]),
    ],
)  # fmt: skip
def test_what_is_no_formula(latex: str, places: list[tuple[int, int]]) -> None:
    assert wrong(latex) == places


def test_near_names_are_told() -> None:
    with pytest.raises(
        LessonError, match=r"lesson\.md:7:3: \\sgima is no command of formulas here\. Fix: write \\sigma or"
    ):
        to_mathml(r"\sgima", HERE, path="lesson.md")


PIECES = [
    *(f"\\{name} " for name in sorted(PLAIN)), *(f"\\{name}" for name in [*ACCENTS, *FONTS, *TWO, "sqrt", "text", "operatorname"]),
    "{x}", "{", "}", "^", "_", "'", "&", r"\\", r"\left(", r"\right)", r"\left.", r"\begin{aligned}", r"\end{aligned}", r"\begin{cases}",
    r"\end{cases}", r"\fact{loss.start}", "[", "]", "|", "<", "x", "2", "3.5", "2em", ".5", " ", "\n", "~", r"\,", r"\;", r"\!", r"\{", r"\|", "α", "²", "%", "-1",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join))
def test_a_formula_is_shown_or_refused(latex: str) -> None:
    try:
        tree(latex)
    except LessonError as error:
        assert error.found


LEAVES = st.sampled_from(
    [
        *(f"\\{name} " for name in sorted(PLAIN)),
        "x",
        "2",
        "12.5",
        "+",
        "=",
        "(",
        ")",
        "[",
        "|",
        "<",
        r"\,",
        r"\{",
        "α",
        r"\text{a b}",
        r"\fact{loss.end}",
    ]
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(st.sampled_from(TWO), inner, inner).map(lambda t: f"\\{t[0]}{{{t[1]}}}{{{t[2]}}}")
    one = st.tuples(st.sampled_from([*ACCENTS, *FONTS, "sqrt", "sqrt[n]"]), inner).map(lambda t: f"\\{t[0]}{{{t[1]}}}")
    scripts = st.tuples(inner, inner, inner).map(lambda t: f"{{{t[0]}}}_{{{t[1]}}}^{{{t[2]}}}")
    bare = st.tuples(LEAVES, inner).map(lambda t: f"{t[0]}_{{{t[1]}}}")
    fenced = st.tuples(st.sampled_from(["(", "[", ".", r"\{", r"\|", "|", *(f"\\{f} " for f in FENCES)]), inner).map(
        lambda t: f"\\left{t[0]}{t[1]}\\right)"
    )
    table = st.tuples(st.sampled_from(ENVIRONMENTS), inner, inner).map(
        lambda t: f"\\begin{{{t[0]}}}{t[1]} & {t[2]} \\\\ {t[2]}\\end{{{t[0]}}}"
    )
    return st.one_of(two, one, scripts, bare, fenced, table, st.lists(inner, min_size=1, max_size=4).map("".join))


@given(st.recursive(LEAVES, _grown, max_leaves=12))
def test_every_formula_of_the_list_is_shown(latex: str) -> None:
    if len(latex) < 2000 and latex.count("{") < 12:
        tree(latex)


@given(st.text(max_size=40))
def test_any_text_is_shown_or_refused(latex: str) -> None:
    try:
        tree(latex, shown=latex.replace("\x00", "") and "<script>")
    except LessonError as error:
        assert error.found
