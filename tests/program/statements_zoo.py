"""What the language must be able to say, beyond the rules that exist: convolutions, pooling, attention and so on.

Each case writes statements into a block under names of its own, so that several cases fit into one program.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from learnloop.language import INTEGER, ROWS, Block, Statement, Tensor, gradients
from learnloop.language.random import uniform
from learnloop.program import Function, Section

Array = np.ndarray[Any, np.dtype[Any]]


class Pen:
    """Writes one case: every name gets the case's prefix, every tensor its values."""

    def __init__(self, block: Block, prefix: str, seed: int) -> None:
        self.block, self.prefix, self.seed = block, prefix, seed
        self.values: dict[str, Array] = {}
        self.wrt: list[str] = []

    def given(self, name: str, *shape: int, batch: bool = False, ties: bool = False, learnt: bool = True) -> str:
        """A tensor of numbers around 0; with ``batch`` its first extent is known only at run time."""
        count = len(self.values)
        values = uniform(self.seed, count, 0, 0, np.arange(math.prod(shape))).reshape(shape) * 2.7 - 1.3
        return self._declare(name, np.round(values) if ties else values, batch, "real", learnt)

    def whole(self, name: str, values: list[Any], batch: bool = False) -> str:
        """A tensor of class indices or row numbers."""
        return self._declare(name, np.array(values, np.int32), batch, INTEGER, False)

    def _declare(self, name: str, values: Array, batch: bool, dtype: str, learnt: bool) -> str:
        tensor = f"{self.prefix}{name}"
        dims = (ROWS, *values.shape[1:]) if batch else values.shape
        self.block.declare(tensor, dims, dtype, "input" if batch or dtype == INTEGER else "parameter")
        self.values[tensor] = values
        if learnt:
            self.wrt.append(tensor)
        return tensor

    def __call__(self, text: str, let: dict[str, Any] | None = None, /, **names: str) -> str:
        """One statement; a name that is not given gets the prefix."""
        left = text.split("=")[0].split("[")[0].strip()
        names.setdefault(left, left)
        names[left] = self.block.fresh(f"{self.prefix}{names[left]}")
        return self.block.write(text, let, **names)

    def dims(self, tensor: str) -> tuple[int, ...]:
        """The extents, with the rows at hand for those of the batch."""
        declared = self.block.tensors[tensor].dims
        rows = self.values[tensor].shape[0] if tensor in self.values else 0
        return tuple(d if isinstance(d, int) else rows for d in declared)


def steps(size: int, kernel: int, stride: int, pad: int, dilation: int = 1) -> int:
    """How many places a window has."""
    return (size + 2 * pad - dilation * (kernel - 1) - 1) // stride + 1


# ---- layers


def dense(w: Pen, x: str, weight: str, bias: str, lead: str = "n") -> str:
    return w(f"z[{lead},o] = b[o] + sum(i, x[{lead},i]*W[i,o])", x=x, W=weight, b=bias)


def flat_dense(w: Pen, x: str, weight: str, bias: str) -> str:
    return w("z[n,o] = b[o] + sum(y,x,k, X[n,y,x,k]*W[y,x,k,o])", X=x, W=weight, b=bias)


def conv(w: Pen, x: str, weight: str, bias: str, stride: int = 1, pad: int = 0, dilation: int = 1) -> str:
    (_, height, width, _), (kh, kw, _, _) = w.dims(x), w.dims(weight)
    let = {
        "s": stride, "p": pad, "d": dilation,
        "y": steps(height, kh, stride, pad, dilation), "x": steps(width, kw, stride, pad, dilation),
    }  # fmt: skip
    return w("z[n,y,x,o] = b[o] + sum(u,v,k, X[n,y*s+u*d-p,x*s+v*d-p,k]*W[u,v,k,o])", let, X=x, W=weight, b=bias)


def grouped_conv(w: Pen, x: str, weight: str, bias: str, stride: int, pad: int) -> str:
    (_, height, width, _, _), (kh, kw) = w.dims(x), w.dims(weight)[:2]
    let = {"s": stride, "p": pad, "y": steps(height, kh, stride, pad), "x": steps(width, kw, stride, pad)}
    text = "z[n,y,x,g,o] = b[g,o] + sum(u,v,k, X[n,y*s+u-p,x*s+v-p,g,k]*W[u,v,g,k,o])"
    return w(text, let, X=x, W=weight, b=bias)


def transposed_conv(w: Pen, x: str, weight: str, bias: str, stride: int, pad: int) -> str:
    (_, height, width, _), (kh, kw, _, _) = w.dims(x), w.dims(weight)
    let = {"s": stride, "p": pad, "i": (height - 1) * stride - 2 * pad + kh, "j": (width - 1) * stride - 2 * pad + kw}
    return w("z[n,i,j,o] = b[o] + sum(y,x,k, W[i+p-y*s,j+p-x*s,k,o]*X[n,y,x,k])", let, X=x, W=weight, b=bias)


def _windows(w: Pen, x: str, kernel: int, stride: int, pad: int) -> dict[str, int]:
    (_, height, width, _) = w.dims(x)
    places = {"y": steps(height, kernel, stride, pad), "x": steps(width, kernel, stride, pad)}
    return {"s": stride, "p": pad, "u": kernel, "v": kernel, **places}


def max_pool(w: Pen, x: str, kernel: int, stride: int, pad: int = 0) -> str:
    return w("z[n,y,x,c] = max(u,v, X[n,y*s+u-p,x*s+v-p,c])", _windows(w, x, kernel, stride, pad), X=x)


def average_pool(w: Pen, x: str, kernel: int, stride: int, pad: int = 0) -> str:
    total = w("t[n,y,x,c] = sum(u,v, X[n,y*s+u-p,x*s+v-p,c])", _windows(w, x, kernel, stride, pad), X=x)
    return w("z[n,y,x,c] = t[n,y,x,c]/m", {"m": float(kernel * kernel)}, t=total)


def upsample(w: Pen, x: str, factor: int) -> str:
    (_, height, width, _) = w.dims(x)
    let = {"k": factor, "i": height * factor, "j": width * factor}
    return w("z[n,i,j,c] = sum(y,x, X[n,y,x,c], i>=y*k, y*k+k-1>=i, j>=x*k, x*k+k-1>=j)", let, X=x)


def concatenate(w: Pen, a: str, b: str) -> str:
    first, second = w.dims(a)[1], w.dims(b)[1]
    return w("z[n,j] = where(j < f, a[n,j], b[n,j-f])", {"f": first, "j": first + second}, a=a, b=b)


def normalise(w: Pen, x: str, gain: str, shift: str, kept: str, averaged: str, whole: str, count: int) -> str:
    """Layer norm averages over the units, batch norm over everything else."""
    last, let = whole.split(",")[-1], {"count": float(count), "eps": 1e-5}
    total = w(f"t[{kept}] = sum({averaged}, X[{whole}])", X=x)
    centred = w(f"c[{whole}] = X[{whole}] - t[{kept}]/count", let, X=x, t=total)
    square = w(f"q[{kept}] = sum({averaged}, c[{whole}]*c[{whole}])", c=centred)
    scale = w(f"r[{kept}] = 1/sqrt(q[{kept}]/count + eps)", let, q=square)
    text = f"z[{whole}] = c[{whole}]*r[{kept}]*g[{last}] + b[{last}]"
    return w(text, c=centred, r=scale, g=gain, b=shift)


def softmax(w: Pen, z: str, lead: str, guard: str = "") -> str:
    """Over the axis r; a guard masks terms, and then the exponent, too, or 0*inf appears in the backward pass."""
    top = w(f"m[{lead}] = max(r, z[{lead},r]{guard and f', {guard}'})", z=z)
    value = f"exp(z[{lead},r] - stop(m[{lead}]))"
    e = w(f"e[{lead},r] = {f'where({guard}, {value}, 0)' if guard else value}", z=z, m=top)
    total = w(f"l[{lead}] = sum(r, e[{lead},r]{guard and f', {guard}'})", e=e)
    return w(f"a[{lead},r] = e[{lead},r]/l[{lead}]", e=e, l=total)


def attention(w: Pen, x: str, units: tuple[int, int, int], masked: str) -> str:
    """Causal attention with several heads; ``masked`` says whether a guard or a minus infinity keeps the future out."""
    inputs, heads, depth = units
    guard = "t>=r" if masked == "guard" else ""
    parts = []
    for name in ("query", "key", "value"):
        weight = w.given(f"W{name}", inputs, heads, depth)
        parts.append(w(f"{name}[n,t,h,d] = sum(i, x[n,t,i]*W[i,h,d])", x=x, W=weight))
    query, key, value = parts
    comma = guard and f", {guard}"
    score = w(f"s[n,h,t,r] = sum(d, q[n,t,h,d]*k[n,r,h,d]{comma})", q=query, k=key)
    scaled = "s[n,h,t,r]*c" if guard else "where(t >= r, s[n,h,t,r]*c, minus)"
    score = w(f"f[n,h,t,r] = {scaled}", {"c": depth**-0.5, "minus": -math.inf}, s=score)
    share = softmax(w, score, "n,h,t", guard)
    mixed = w(f"o[n,t,h,d] = sum(r, p[n,h,t,r]*v[n,r,h,d]{comma})", p=share, v=value)
    weight, bias = w.given("Wout", heads, depth, inputs), w.given("bout", inputs)
    return w("y[n,t,j] = b[j] + sum(h,d, o[n,t,h,d]*W[h,d,j])", o=mixed, W=weight, b=bias)


def class_loss(w: Pen, z: str, label: str, lead: str = "n") -> str:
    """Mean cross-entropy over the leading axes."""
    top = w(f"m[{lead}] = max(j, z[{lead},j])", z=z)
    e = w(f"e[{lead},j] = exp(z[{lead},j] - stop(m[{lead}]))", z=z, m=top)
    total = w(f"l[{lead}] = sum(j, e[{lead},j])", e=e)
    rows = w(
        f"q[{lead}] = log(l[{lead}]) + stop(m[{lead}]) - z[{lead},label[{lead}]]", l=total, m=top, z=z, label=label
    )
    every = w(f"t = sum({lead}, q[{lead}])", q=rows)
    return w("mean = t/count", {"count": float(w.values[label].size)}, t=every)


# ---- cases


@dataclass(frozen=True)
class Case:
    """A stretch of statements that must differentiate and compile.

    Attributes:
        name: what it is called, also in the frozen vectors.
        write: writes it and returns its output; a rank-0 output is the loss itself.
        smooth: whether finite differences make sense: no ties, no kinks.
    """

    name: str
    write: Callable[[Pen], str]
    smooth: bool = True


def _dense(n: int, i: int, o: int, batch: bool = True) -> Callable[[Pen], str]:
    return lambda w: dense(w, w.given("x", n, i, batch=batch), w.given("W", i, o), w.given("b", o))


def _conv(h: int, v: int, k: int, s: int, p: int, d: int, batch: bool = False) -> Callable[[Pen], str]:
    return lambda w: conv(w, w.given("x", 2, h, v, 3, batch=batch), w.given("W", k, k, 3, 4), w.given("b", 4), s, p, d)


def _grouped(w: Pen) -> str:
    return grouped_conv(w, w.given("x", 2, 6, 5, 3, 2), w.given("W", 3, 3, 3, 2, 4), w.given("b", 3, 4), 2, 1)


def _depthwise(w: Pen) -> str:
    return grouped_conv(w, w.given("x", 2, 5, 4, 5, 1), w.given("W", 3, 3, 5, 1, 1), w.given("b", 5, 1), 1, 1)


def _transposed(s: int, p: int, k: int) -> Callable[[Pen], str]:
    return lambda w: transposed_conv(w, w.given("x", 2, 4, 5, 3), w.given("W", k, k, 3, 2), w.given("b", 2), s, p)


def _max_pool(h: int, k: int, s: int, p: int, ties: bool = False) -> Callable[[Pen], str]:
    return lambda w: max_pool(w, w.given("x", 2, h, h + 1, 3, ties=ties), k, s, p)


def _average_pool(h: int, k: int, s: int, p: int) -> Callable[[Pen], str]:
    return lambda w: average_pool(w, w.given("x", 2, h, h, 3), k, s, p)


def _layer_norm(w: Pen) -> str:
    return normalise(w, w.given("x", 5, 4, batch=True), w.given("g", 4), w.given("b", 4), "n", "j", "n,j", 4)


def _layer_norm_deep(w: Pen) -> str:
    return normalise(w, w.given("x", 2, 3, 17), w.given("g", 17), w.given("b", 17), "n,t", "j", "n,t,j", 17)


def _batch_norm(w: Pen) -> str:
    return normalise(w, w.given("x", 7, 4), w.given("g", 4), w.given("b", 4), "j", "n", "n,j", 7)


def _batch_norm_deep(w: Pen) -> str:
    return normalise(w, w.given("x", 3, 4, 5, 2), w.given("g", 2), w.given("b", 2), "k", "n,y,x", "n,y,x,k", 60)


def _embedding(w: Pen) -> str:
    ids = w.whole("ids", [[0, 3, 3], [3, 1, 0]])
    return w("e[n,t,d] = E[ids[n,t],d]", ids=ids, E=w.given("E", 5, 4))


def _tied_embedding(w: Pen) -> str:
    ids, table = w.whole("ids", [[0, 3, 3], [3, 1, 0]], batch=True), w.given("E", 5, 4)
    e = w("e[n,t,d] = E[ids[n,t],d]", ids=ids, E=table)
    h = w("h[n,t,d] = tanh(e[n,t,d])", e=e)
    return w("z[n,t,v] = sum(d, h[n,t,d]*E[v,d])", h=h, E=table)


def _attention(masked: str, n: int, t: int, units: tuple[int, int, int], batch: bool) -> Callable[[Pen], str]:
    return lambda w: attention(w, w.given("x", n, t, units[0], batch=batch), units, masked)


def _masked(w: Pen) -> str:
    x, mask = w.given("x", 4, 5, batch=True), w.given("mask", 4, 5, batch=True, ties=True, learnt=False)
    return w("z[n,j] = x[n,j]*mask[n,j]/keep", {"keep": 0.5}, x=x, mask=mask)


def _residual(w: Pen) -> str:
    x = w.given("x", 5, 6, batch=True)
    h = w("a[n,o] = tanh(z[n,o])", z=dense(w, x, w.given("W", 6, 6), w.given("b", 6)))
    return w("y[n,j] = x[n,j] + h[n,j]", x=x, h=h)


def _network(ties: bool) -> Callable[[Pen], str]:
    act = "where(z[n,y,x,o] > 0, z[n,y,x,o], 0)" if ties else "tanh(z[n,y,x,o])"

    def write(w: Pen) -> str:
        x = w.given("x", 3, 8, 8, 1, ties=ties, batch=True)
        z = conv(w, x, w.given("W1", 3, 3, 1, 4), w.given("b1", 4), 2, 1)
        a = w(f"a[n,y,x,o] = {act}", z=z)
        p = w("p[n,y,x,c] = max(u,v, X[n,y*2+u,x*2+v,c])", {"y": 2, "x": 2, "u": 2, "v": 2}, X=a)
        return class_loss(
            w, flat_dense(w, p, w.given("W2", 2, 2, 4, 3), w.given("b2", 3)), w.whole("label", [0, 2, 1], True)
        )

    return write


def _transformer(w: Pen) -> str:
    ids, table = w.whole("ids", [[0, 3, 3], [3, 1, 0]], batch=True), w.given("E", 5, 4)
    e = w("e[n,t,d] = E[ids[n,t],d]", ids=ids, E=table)
    x0 = w("x[n,t,j] = e[n,t,j] + p[t,j]", e=e, p=w.given("place", 3, 4))
    norm = normalise(w, x0, w.given("g1", 4), w.given("c1", 4), "n,t", "j", "n,t,j", 4)
    x1 = w("s[n,t,j] = x[n,t,j] + y[n,t,j]", x=x0, y=attention(w, norm, (4, 2, 2), "guard"))
    norm = normalise(w, x1, w.given("g2", 4), w.given("c2", 4), "n,t", "j", "n,t,j", 4)
    h = dense(w, norm, w.given("W1", 4, 6), w.given("b1", 6), "n,t")
    a = w("a[n,t,i] = 0.5*h[n,t,i]*(1 + erf(h[n,t,i]*0.7071067811865476))", h=h)
    x2 = w("s[n,t,j] = x[n,t,j] + y[n,t,j]", x=x1, y=dense(w, a, w.given("W2", 6, 4), w.given("b2", 4), "n,t"))
    z = w("z[n,t,j] = sum(d, x[n,t,d]*E[j,d])", x=x2, E=table)
    return class_loss(w, z, w.whole("label", [[1, 2, 0], [4, 4, 3]], batch=True), "n,t")


CASES: dict[str, Case] = {
    case.name: case
    for case in (
        Case("dense", _dense(5, 3, 4)),
        Case("dense_one", _dense(1, 1, 1)),
        Case("dense_wide", _dense(17, 33, 19, batch=False)),
        Case(
            "flat_dense", lambda w: flat_dense(w, w.given("x", 2, 3, 4, 2), w.given("W", 3, 4, 2, 5), w.given("b", 5))
        ),
        Case("conv", _conv(5, 6, 3, 1, 0, 1)),
        Case("conv_padded", _conv(5, 6, 3, 1, 1, 1, batch=True)),
        Case("conv_strided", _conv(7, 8, 3, 2, 1, 1, batch=True)),
        Case("conv_strided_3", _conv(8, 7, 3, 3, 2, 1)),
        Case("conv_skipping", _conv(9, 5, 2, 3, 0, 1)),
        Case("conv_dilated", _conv(9, 9, 3, 1, 2, 2)),
        Case("conv_dilated_strided", _conv(9, 10, 3, 2, 2, 2)),
        Case("conv_point", _conv(6, 6, 1, 2, 0, 1)),
        Case("conv_large", _conv(11, 9, 5, 2, 2, 1)),
        Case("grouped_conv", _grouped),
        Case("depthwise_conv", _depthwise),
        Case("transposed_conv", _transposed(1, 0, 3)),
        Case("transposed_conv_2", _transposed(2, 1, 3)),
        Case("transposed_conv_3", _transposed(3, 1, 4)),
        Case("max_pool", _max_pool(6, 2, 2, 0)),
        Case("max_pool_overlapping", _max_pool(7, 3, 2, 1)),
        Case("max_pool_ties", _max_pool(6, 3, 1, 1, ties=True), smooth=False),
        Case("average_pool", _average_pool(6, 2, 2, 0)),
        Case("average_pool_padded", _average_pool(7, 3, 2, 1)),
        Case("upsample", lambda w: upsample(w, w.given("x", 2, 3, 4, 2), 3)),
        Case("concatenate", lambda w: concatenate(w, w.given("a", 3, 2, batch=True), w.given("c", 3, 4, batch=True))),
        Case("layer_norm", _layer_norm),
        Case("layer_norm_deep", _layer_norm_deep),
        Case("batch_norm", _batch_norm),
        Case("batch_norm_deep", _batch_norm_deep),
        Case("embedding", _embedding),
        Case("tied_embedding", _tied_embedding),
        Case("attention_where", _attention("where", 2, 4, (6, 2, 3), batch=True)),
        Case("attention_guard", _attention("guard", 2, 4, (6, 2, 3), batch=True)),
        Case("attention_long", _attention("guard", 1, 19, (4, 1, 4), batch=False)),
        Case("masked", _masked),
        Case("residual", _residual),
        Case("network", _network(ties=False)),
        Case("network_ties", _network(ties=True), smooth=False),
        Case("transformer", _transformer),
    )
}


@dataclass
class Drawing:
    """One case or several, with a loss and its gradients.

    Attributes:
        block: all statements, forward and backward.
        values: what is given.
        outputs: the output of each case.
        gradients: of each tensor that is learnt, by tensor.
        forward: the statements of the forward pass.
    """

    block: Block
    values: dict[str, Array] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    gradients: dict[str, str] = field(default_factory=dict)
    forward: tuple[Statement, ...] = ()

    def function(self, backward: bool = True) -> Function:
        """Its statements as a function for the reference."""
        statements = tuple(self.block.statements) if backward else self.forward
        return Function("train", dict(self.block.tensors), (Section("all", statements),))

    @property
    def rows(self) -> int:
        """The extent of the batch; 1 where nothing depends on it."""
        sizes = {len(v) for n, v in self.values.items() if ROWS in self.block.tensors[n].dims}
        assert len(sizes) < 2, "cases of one drawing must agree on the rows"
        return sizes.pop() if sizes else 1


def draw(*names: str) -> Drawing:
    """Write cases side by side; the loss is the sum of theirs, each a sum of outputs times fixed numbers."""
    drawing, losses, wrt = Drawing(Block()), [], []
    drawing.block.declare("row", (ROWS,), INTEGER, "input")
    drawing.block.declare("update", (), INTEGER, "input")
    for place, name in enumerate(names):
        pen = Pen(drawing.block, f"c{place}_", list(CASES).index(name))
        out = CASES[name].write(pen)
        drawing.outputs[name] = out
        losses.append(_loss(pen, out))
        drawing.values |= pen.values
        wrt += pen.wrt
    total = " + ".join(f"l{k}" for k in range(len(losses)))
    drawing.block.write(f"loss = {total}", None, **{f"l{k}": t for k, t in enumerate(losses)})
    drawing.forward = tuple(drawing.block.statements)  # the adjoint of a maximum adds to them
    found = gradients(drawing.block, "loss", wrt)
    assert None not in found.values()
    drawing.gradients = {k: v for k, v in found.items() if v is not None}
    return drawing


def _loss(pen: Pen, out: str) -> str:
    known: Tensor = pen.block.tensors[out]
    if not known.dims:
        return out
    axes = ",".join(f"i{k}" for k in range(len(known.dims)))
    given = [v.shape[0] for n, v in pen.values.items() if ROWS in pen.block.tensors[n].dims]
    shape = [d if isinstance(d, int) else given[0] for d in known.dims]
    seeds = pen.given("seeds", *shape, batch=ROWS in known.dims, learnt=False)
    return pen(f"part = sum({axes}, y[{axes}]*s[{axes}])", y=out, s=seeds)


# ---- statements that no case above has

SHAPES: dict[str, tuple[int, ...]] = {
    "x": (5, 7), "wide": (3, 40), "image": (2, 6, 5), "short": (5, 4), "gain": (7,), "square": (7, 7), "cube": (3, 4, 6),
    "long": (5000,), "tall": (200, 30), "one": (1, 1), "thin": (4, 3, 1), "scalar": (),
}  # fmt: skip
WHOLE = {"pick": [3, 0, 0, 4, 1], "again": [4, 4, 0, 1, 2], "place": [[0, 6], [2, 2], [5, 1]]}
TRICKY: dict[str, tuple[str, dict[str, Any]]] = {
    "lanes": ("o[n] = sum(i, x[n,i]*x[n,i])", {}),
    "lanes_wide": ("o[n] = sum(i, wide[n,i])", {}),
    "lanes_guarded": ("o[n] = sum(i, x[n,i], n>=i)", {}),
    "lanes_guarded_twice": ("o[n] = sum(i, x[n,i]*x[n,i], n>=i, i>=1)", {}),
    "lanes_guarded_outer": ("o[n] = sum(y,i, image[n,y,i], y>=n+1)", {}),
    "lanes_guarded_both": ("o[n] = sum(y,i, image[n,y,i], y>=i)", {}),
    "lanes_windows": ("o[n,y] = sum(u,i, image[n,y*2+u-1,i])", {"y": 3, "u": 3}),
    "lanes_shorter": ("o[n] = sum(i, x[n,i]*short[n,i])", {}),
    "lanes_longer": ("o[n] = sum(i, short[n,i]*x[n,i])", {"i": 7}),
    "lanes_init": ("o[i] = gain[i] + sum(j, square[i,j])", {}),
    "lanes_blocks": ("o = sum(i, long[i])", {}),
    "lanes_blocks_init": ("o = scalar + sum(i, long[i]*long[i])", {}),
    "lanes_deep_blocks": ("o = sum(i,j, tall[i,j]*tall[i,j])", {}),
    "chain_blocks": ("o[j] = sum(i, tall[i,j])", {}),
    "chain_blocks_long": ("o = sum(i, long[i]*long[4999-i])", {"i": 5000}),
    "chain_blocks_init": ("o[j] = long[j] + sum(k,i, tall[i,j]*tall[i,k])", {}),
    "chain_three": ("o[i,j] = sum(k, square[i,k]*square[k,j]*gain[k])", {}),
    "chain_four": ("o[n] = sum(i,j, x[n,i]*square[i,j]*gain[j]*x[n,j])", {}),
    "chain_steps": ("o[n,i] = sum(j, x[n,2*j+i-3])", {"i": 4, "j": 5}),
    "scatter": ("o[v,i] = sum(n, x[n,i], v==pick[n])", {"v": 6}),
    "scatter_affine": ("o[v] = sum(n,i, x[n,i], v==2*n+i)", {"v": 12}),
    "scatter_scalar": ("o[v] = sum(n, x[n,0], v==pick[n])", {"v": 6}),
    "gather": ("o[n,i] = x[pick[n],i]", {}),
    "gather_twice": ("o[n,i] = x[pick[again[n]],i]*gain[i]", {}),
    "gather_column": ("o[n] = x[n,pick[n]] + x[again[n],0]", {}),
    "gather_pair": ("o[m,k] = gain[place[m,k]]", {}),
    "max_all": ("o = max(n,i, x[n,i])", {}),
    "max_none": ("o[n] = max(i, x[n,i], i>=7+n)", {}),
    "max_guarded": ("o[n] = max(i, x[n,i], n>=i)", {}),
    "max_outside": ("o[n] = max(i, x[n,i-3])", {"i": 12}),
    "argmax": ("o[n] = argmax(i, x[n,i])", {}),
    "argmax_two": ("o[n] = argmax(y,i, image[n,y,i])", {}),
    "argmax_guarded": ("o[n] = argmax(i, x[n,i], i>=n)", {}),
    "shift": ("o[n,i] = x[n,i-1] + x[n,i+1]*x[n-1,i]", {"i": 7, "n": 5}),
    "shift_rows": ("o[n,i] = x[n-2,i]", {"i": 9, "n": 9}),
    "transposed": ("o[i,n] = x[n,i]*gain[i]", {}),
    "reversed": ("o[i] = gain[6-i]", {"i": 7}),
    "every_other": ("o[n,i] = x[n,2*i+1]", {"i": 3}),
    "axis_value": ("o[n,i] = x[n,i]*i - n*(i + 0.5)", {}),
    "number": ("o[n,i] = 0.1", {"n": 3, "i": 5}),
    "huge": ("o[i] = where(gain[i] > 0, 1e300, -1e300)", {}),
    "conditions": ("o[n,i] = where(x[n,i] > gain[i], 1, where(x[n,i] >= 0, 2, where(n == i, 3, 4)))", {}),
    "swapped": ("o[n,i] = where(n < i, x[n,i], where(x[n,i] <= 0, -x[n,i], 0))", {}),
    "minus": ("o[n,i] = -(-x[n,i] - 2) - -3*x[n,i] - (1 - (2 - x[n,i]))", {}),
    "divisions": ("o[n,i] = x[n,i]/(gain[i]/3)/7 - 1/(4 + x[n,i])", {}),
    "fused": ("o[n,i] = fma(x[n,i], gain[i], 0.5)*x[n,i]", {}),
    "stopped": ("o[n,i] = x[n,i]*stop(exp(gain[i]))", {}),
    "functions": ("o[n,i] = exp(x[n,i]) + log(2 + x[n,i]) + log1p(1 + x[n,i])*expm1(x[n,i]) - sqrt(2 + x[n,i])", {}),
    "more_functions": ("o[n,i] = tanh(x[n,i])*erf(x[n,i]) + sigmoid(x[n,i]) - softplus(x[n,i])*sin(x[n,i]) + cos(x[n,i])", {}),
    "affine_value": ("o[n,i] = x[n,i]*(2*i + 1) - (n - i) + 0.5*(3 - i)", {}),
    "affine_condition": ("o[n,i] = where(2*n >= i + 1, x[n,i], -x[n,i])", {}),
    "narrow": ("o[n,y,i] = thin[n,y,i]*3", {}),
    "single": ("o[n,i] = one[n,i] + sum(j, one[n,j]*one[j,i])", {}),
    "cube_sum": ("o[i,k] = sum(j, cube[i,j,k])", {}),
    "cube_turned": ("o[k,i,j] = cube[i,j,k]", {}),
    "random": ("o[n,i] = uniform(7, update, n, i) - uniform(8, 3, pick[n], 2*i+1)", {"n": 5, "i": 19}),
    "random_thin": ("o[n] = uniform(9, 0, n, 0)", {"n": 40}),
}  # fmt: skip


def tricky(*names: str) -> tuple[Block, dict[str, str], dict[str, Array]]:
    """A block with those statements, their outputs, and what is given."""
    block, values = Block(), {}
    block.declare("row", (ROWS,), INTEGER, "input")
    block.declare("update", (), INTEGER, "input")
    for k, (name, shape) in enumerate(SHAPES.items()):
        block.declare(name, shape, role="parameter")
        values[name] = (uniform(11, k, 0, 0, np.arange(int(np.prod(shape)))) * 2.7 - 1.3).reshape(shape)
    for name, numbers in WHOLE.items():
        values[name] = np.array(numbers, np.int32)
        block.declare(name, values[name].shape, INTEGER, "input")
    block.write("loss = scalar")
    return block, {name: block.write(TRICKY[name][0], TRICKY[name][1], o=f"o_{name}") for name in names}, values
