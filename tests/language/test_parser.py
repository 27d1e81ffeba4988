"""The text form: what is printed reads back as the same statement; anything else is refused with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnloop import Network
from learnloop.errors import ProgramError
from learnloop.language import DATA, INTEGER, ROWS, AtLeast, Block, Contract, Map, Max, Same, Statement, Tensor, parse
from learnloop.language.expression import UNARY, ZERO, Expr, const, read, where
from learnloop.language.index import Access, Affine, axis, number, plain
from learnloop.program import build
from learnloop.rules import (
    ACTIVATIONS,
    AdamW,
    Cosine,
    CrossEntropy,
    Dense,
    Dropout,
    LayerNorm,
    Residual,
    Softmax,
    Warmup,
)
from program.statements_zoo import CASES, draw

TENSORS = {
    t.name: t
    for t in (
        Tensor("x", (ROWS, 3)), Tensor("W", (3, 4)), Tensor("b", (4,)), Tensor("v", (4,)), Tensor("s", ()), Tensor("t", ()),
        Tensor("X", (DATA, 3)), Tensor("row", (ROWS,), INTEGER), Tensor("ids", (5, 2), INTEGER), Tensor("E", (7, 4)),
        Tensor("image", (5, 9, 9, 2)),
    )
}  # fmt: skip


def statements() -> Iterator[tuple[Mapping[str, Tensor], Statement]]:
    for name in CASES:
        drawing = draw(name)
        yield from ((drawing.block.tensors, s) for s in drawing.block.statements)
    optimizer = AdamW(Warmup(2, Cosine(0.1)), clip_norm=1)
    for activation in ACTIVATIONS.values():
        if isinstance(activation, Softmax):
            continue
        inner = Residual(LayerNorm(), Dense(3, activation), Dropout(0.3))
        for function in build(Network(3, [inner, Dense(2)]), CrossEntropy(), optimizer).functions.values():
            yield from ((function.tensors, s) for s in function.statements)


def test_every_statement_reads_back_as_itself() -> None:
    count = 0
    for tensors, statement in statements():
        assert parse(str(statement), tensors, dict(statement.sizes)) == statement, str(statement)
        count += 1
    assert count > 1500


INDEX = {"n": ROWS, "i": 3, "j": 4, "k": 4}
affines = st.builds(
    lambda terms, offset: Affine(tuple(sorted((a, f) for a, f in terms.items() if f)), offset),
    st.dictionaries(st.sampled_from(sorted(INDEX)), st.integers(-3, 3)), st.integers(-5, 5),
)  # fmt: skip
reads = st.sampled_from(
    [plain("x", ("n", "i")), plain("W", ("i", "j")), plain("b", ("j",)), plain("s", ()), plain("t", ())]
)
gathers = st.builds(lambda k: Access("E", (Access("ids", (axis("j"), number(k))), axis("k"))), st.integers(0, 1))
leaves = st.one_of(
    st.builds(read, st.one_of(reads, gathers)),
    st.builds(const, st.one_of(st.integers(-3, 3).map(float), st.floats(width=32, allow_nan=False))),
    affines.filter(lambda a: bool(a.terms)).map(lambda a: Expr("axis", (a,))),
)


def grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    two = st.tuples(inner, inner)
    condition = st.builds(lambda op, ab: Expr(op, ab), st.sampled_from(["gt", "ge", "eq"]), two)
    return st.one_of(
        two.map(lambda ab: ab[0] + ab[1]), two.map(lambda ab: ab[0] - ab[1]), two.map(lambda ab: ab[0] * ab[1]),
        two.filter(lambda ab: ab[1] != ZERO).map(lambda ab: ab[0] / ab[1]), inner.map(lambda a: -a),
        st.builds(lambda op, a: Expr(op, (a,)), st.sampled_from([*UNARY, "stop"]), inner),
        st.builds(lambda a, b, c: Expr("fma", (a, b, c)), inner, inner, inner),
        st.builds(where, condition, inner, inner),
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@given(st.recursive(leaves, grown, max_leaves=8))
def test_expressions_read_back_as_the_same_values(expr: Expr) -> None:
    """The reader folds arithmetic of axes into one place, so the second reading is the fixed point."""
    statement = Map("o", tuple(INDEX), INDEX, expr)
    if any(n.op == "const" and np.isnan(n.value) for n in expr.walk()):  # inf - inf
        with pytest.raises(ProgramError):
            parse(str(statement), TENSORS, INDEX)
        return
    once = parse(str(statement), TENSORS, INDEX)
    assert parse(str(once), TENSORS, INDEX) == once
    if not any(n.op == "axis" for n in expr.walk()):
        assert once == statement


@given(
    st.tuples(affines, affines), st.lists(affines.filter(lambda a: bool(a.terms)), max_size=2), affines, st.booleans()
)
def test_sums_read_back_as_themselves(
    place: tuple[Affine, Affine], guards: list[Affine], same: Affine, init: bool
) -> None:
    terms = (Access("W", place), plain("v", ("k",)))
    all_guards = (*(AtLeast(g) for g in guards), Same(Access("ids", (axis("j"), number(1))), same))
    over, axes = ("i", "k"), ("n", "j")
    total = Contract("o", axes, INDEX, over, terms, plain("b", ("j",)) if init else None, all_guards)
    assert parse(str(total), TENSORS, INDEX) == total
    top = Max("o", axes, INDEX, over, terms[0], init, all_guards)
    assert parse(str(top), TENSORS, INDEX) == top


def test_sizes_come_from_plain_indices_or_are_given() -> None:
    assert parse("o[n,j] = b[j] + sum(i, x[n,i]*W[i,j])", TENSORS).sizes == {"n": ROWS, "j": 4, "i": 3}
    assert parse("o[n] = x[n,2*n]", TENSORS, {"n": 2}).sizes == {"n": 2}
    assert parse("o[...] = W[...]*2", TENSORS).dims == (3, 4)
    assert parse("o = sum(ALL, W[...]*W[...])", TENSORS).summed == ("i", "j")
    assert parse("o[m,d] = E[ids[m,0],d]", TENSORS).sizes == {"m": 5, "d": 4}


def test_names_stand_for_tensors_and_numbers() -> None:
    statement = parse("o[p] = a[p]*half + two", TENSORS, {"half": 0.5, "two": 2}, {"a": "b", "o": "z"})
    assert str(statement) == "z[p] = b[p]*0.5 + 2"
    assert parse("o[y] = image[0,2*y+u-p,0,1]", TENSORS, {"y": 3, "u": 1, "p": 2}) == parse(
        "o[y] = image[0,y*2-1,0,1]", TENSORS, {"y": 3}
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("o[j]", "no '='"),
        ("o[j] = ", "cannot be read"),
        ("o[j] = b[j] +", "cannot be read"),
        ("o[j] = " + "(" * 5000 + "1" + ")" * 5000, "cannot be read"),
        ("3 = b[0]", "no tensor on the left"),
        ("o[j+1] = b[j]", "no plain axis"),
        ("o[j,j] = W[j,j]", "occurs twice"),
        ("o[i] = sum(i, W[i,0])", "occurs twice"),
        ("o[i] = sum(j,j, W[i,j])", "occurs twice"),
        ("o[j] = c[j]", "unknown tensor 'c'"),
        ("o[j] = b[j]*c", "unknown name 'c'"),
        ("o[j] = c + sum(i, W[i,j])", "unknown name 'c'"),
        ("o[j] = b", "1 dimensions, not 0"),
        ("o[j] = b[j,0]", "1 dimensions, not 2"),
        ("o[j] = W[j]", "2 dimensions, not 1"),
        ("o[j] = s[j]", "0 dimensions, not 1"),
        ("o[j] = W[i,j]", "'i' is neither on the left nor summed"),
        ("o[j] = sum(i, W[i,j]*b[k])", "'k' is neither on the left nor summed"),
        ("o[j] = sum(i, W[i,j], i>=k)", "'k' is neither on the left nor summed"),
        ("o[j] = 1", "'j' has no size"),
        ("o[q] = b[2*q]", "'q' has no size"),
        ("o[j] = b[j*j]", "not affine"),
        ("o[j] = b[j/2]", "not affine"),
        ("o[j] = b[~j]", "not affine"),
        ("o[j] = b[+j]", "not affine"),
        ("o[j] = b[1:2]", "not affine"),
        ("o[j] = b[j+half]", "no whole number"),
        ("o[...] = W[...] + b[...]", "different rank"),
        ("o[...] = 1", "different rank"),
        ("o[j] = sum()", "a sum of nothing"),
        ("o[j] = sum(b[j])", "a sum over no axis"),
        ("o[j] = max(i, W[i,j]*b[j])", "a max of a product"),
        ("o[j] = sum(i, W[i,j] + 1)", "no tensor"),
        ("o[j] = sum(i, 2*W[i,j])", "no tensor"),
        ("o[j] = sum(i, W[i,j], i>j)", "guard"),
        ("o[j] = sum(i, W[i,j], i)", "guard"),
        ("o[j] = sum(i, W[i,j], ids[i,0]>=1)", "guard"),
        ("o[j] = 1 + sum(i, W[i,j])", "no tensor"),
        ("o[j] = 2*sum(j, b[j])", "unknown function 'sum'"),
        ("o[j] = b[j]**2", "operator other than"),
        ("o[j] = b[j] % 2", "operator other than"),
        ("o[j] = not b[j]", "unknown expression"),
        ("o[j] = +b[j]", "unknown expression"),
        ("o[j] = True", "unknown expression"),
        ("o[j] = 'text'", "unknown expression"),
        ("o[j] = 0 < b[j] < 1", "unknown expression"),
        ("o[j] = where(b[j] != 0, 1, 2)", "comparison other than"),
        ("o[j] = where(b[j] > 0, 1)", "unknown function 'where'"),
        ("o[j] = exp(b[j], b[j])", "unknown function 'exp'"),
        ("o[j] = open(b[j])", "unknown function 'open'"),
        ("o[j] = b[j].real", "unknown expression"),
        ("o[j] = uniform(1, 0, j)", "unknown function 'uniform'"),
        ("o[j] = (lambda: b[j])()", "unknown function"),
        ("o[j] = 1/0", "cannot be read"),
        ("o[j] = 1" + "0" * 400, "cannot be read"),
        ("o[j] = " + "-" * 3000 + "b[j]", "cannot be read"),
        ("o[j] = b[j]" + " + b[j]" * 3000, "cannot be read"),
        ("o[j] = inf - inf", "no number"),
    ],
)
def test_what_is_no_statement_is_refused(text: str, reason: str) -> None:
    let = {"half": 0.5} | ({} if "no size" in reason else {"j": 4})
    with pytest.raises(ProgramError, match=reason):
        parse(text, TENSORS, let)


def test_a_block_refuses_what_is_defined_twice_or_too_early() -> None:
    block = Block()
    block.declare("x", (3,))
    block.write("y[i] = x[i] + 1")
    with pytest.raises(ProgramError, match="defined twice"):
        block.write("y[i] = x[i]")
    with pytest.raises(ProgramError, match="defined twice"):
        block.declare("x", (3,))
    for name in ("", "1x", "a b", "x;", "ü", "a.b", "x\n"):
        with pytest.raises(ProgramError, match="no identifier"):
            block.declare(name, (3,))
    with pytest.raises(ProgramError, match="before anything defines it"):
        block.emit(Map("z", ("i",), {"i": 3}, read(plain("later", ("i",)))))
    assert [str(s) for s in block.statements] == ["y[i] = x[i] + 1"]
    assert (block.fresh("y"), block.fresh("new")) == ("y_2", "new")
