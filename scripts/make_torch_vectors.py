"""Write the frozen vectors of the tests: what PyTorch computes in float64 for the same networks and statements.

    python scripts/make_torch_vectors.py        (needs torch)

Writes tests/rules/vectors_training.npz and tests/program/vectors_zoo.npz; the same bytes each time on one machine.
"""

from __future__ import annotations

import io
import math
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from learnloop.language.random import uniform  # noqa: E402
from learnloop.rules import (  # noqa: E402
    SGD,
    Activation,
    Adam,
    Constant,
    Cosine,
    Dense,
    Dropout,
    Layer,
    LayerNorm,
    Optimizer,
    Residual,
    Schedule,
    Warmup,
    default_names,
)
from learnloop.rules.losses import Huber  # noqa: E402
from learnloop.rules.writer import PURPOSE_DROPOUT  # noqa: E402
from program.statements_zoo import CASES, draw  # noqa: E402
from rules.recipes import RECIPES, Recipe  # noqa: E402

# ---- trainings

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda z: z, "relu": F.relu, "leaky_relu": F.leaky_relu, "elu": F.elu, "selu": F.selu, "gelu": F.gelu,
    "silu": F.silu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "softplus": F.softplus, "softsign": F.softsign,
    "softmax": lambda z: F.softmax(z, 1),
}  # fmt: skip
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "mse": lambda z, y: F.mse_loss(z, y, reduction="none").mean(1),
    "mae": lambda z, y: F.l1_loss(z, y, reduction="none").mean(1),
    "binary_cross_entropy": lambda z, y: F.binary_cross_entropy_with_logits(z, y, reduction="none").mean(1),
    "cross_entropy": lambda z, y: F.cross_entropy(z, y, reduction="none"),
}


def activate(activation: Activation, z: Tensor) -> Tensor:
    """PyTorch's own function; for one it lacks, the expression itself with PyTorch's autograd."""
    if activation.name in ACTIVATIONS:
        return ACTIVATIONS[activation.name](z)
    words = {
        n: getattr(torch, n) for n in ("exp", "log", "log1p", "expm1", "sqrt", "tanh", "erf", "sigmoid", "sin", "cos")
    }
    words |= {
        "softplus": F.softplus,
        "z": z,
        "where": lambda c, a, b: torch.where(c, torch.as_tensor(a), torch.as_tensor(b)),
    }
    value = eval(activation.value, {"__builtins__": {}}, words)  # noqa: S307 - an expression of our own registry
    assert isinstance(value, Tensor)
    return value


class Forward:
    """One pass through the layers of a recipe."""

    def __init__(self, recipe: Recipe, parameters: dict[str, Tensor], update: int, rows: Any) -> None:
        self.recipe, self.parameters, self.update, self.rows = recipe, parameters, update, rows
        self.dropouts = 0

    def layers(self, layers: tuple[Layer, ...], x: Tensor, path: str = "") -> Tensor:
        for layer, name in zip(layers, default_names(layers), strict=True):
            x = self.layer(layer, f"{path}{name}", x)
        return x

    def layer(self, layer: Layer, name: str, x: Tensor) -> Tensor:
        weight, bias = self.parameters.get(f"{name}.weight"), self.parameters.get(f"{name}.bias")
        match layer:
            case Dense():
                assert isinstance(layer.activation, Activation)
                assert weight is not None
                return activate(layer.activation, F.linear(x, weight.T, bias))
            case LayerNorm():
                return F.layer_norm(x, x.shape[1:], weight, bias, layer.epsilon)
            case Residual():
                return x + self.layers(layer.layers, x, f"{name}.")
            case Dropout():
                self.dropouts += 1
                draws = uniform(
                    self.recipe.seed,
                    PURPOSE_DROPOUT + self.dropouts,
                    self.update,
                    self.rows[:, None],
                    np.arange(x.shape[1]),
                )
                return x * torch.tensor((draws >= layer.rate) / (1 - layer.rate))
        raise NotImplementedError(f"how PyTorch computes {layer}: write it here")


def rate(schedule: Schedule, time: int, total: int) -> float:
    """The learning rate of an update, as PyTorch's schedulers define it."""
    match schedule:
        case Constant():
            return schedule.learning_rate
        case Cosine():
            total = schedule.updates or total
            half = nn.Parameter(torch.zeros(1))
            if time >= total:
                return schedule.floor
            optimizer = torch.optim.SGD([half], schedule.learning_rate)
            scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, total, schedule.floor)
            for _ in range(time):
                optimizer.step()
                scheduler.step()
            return float(optimizer.param_groups[0]["lr"])
        case Warmup():
            assert isinstance(schedule.then, Schedule)
            if time < schedule.updates:
                return rate(schedule.then, 0, total - schedule.updates) * (time + 1) / schedule.updates
            return rate(schedule.then, time - schedule.updates, total - schedule.updates)
    raise NotImplementedError(f"how PyTorch computes {schedule}: write it here")


def optimizer_of(optimizer: Optimizer, parameters: list[Tensor]) -> tuple[torch.optim.Optimizer, float]:
    """PyTorch's optimizer, and the share of decoupled decay that it leaves to us."""
    decay = optimizer.weight_decay
    if isinstance(optimizer, SGD):
        given = 0.0 if optimizer.decoupled else decay
        made = torch.optim.SGD(parameters, 1.0, optimizer.momentum, weight_decay=given, nesterov=optimizer.nesterov)
        return made, decay - given
    assert isinstance(optimizer, Adam), f"how PyTorch computes {optimizer}: write it here"
    kind = torch.optim.AdamW if optimizer.decoupled else torch.optim.Adam
    return kind(parameters, 1.0, optimizer.betas, optimizer.epsilon, weight_decay=decay), 0.0


def train(recipe: Recipe) -> dict[str, np.ndarray]:
    """Losses and final weights."""
    parameters = {k: torch.tensor(v, requires_grad=True) for k, v in recipe.first_weights().items()}
    optimizer, decay = optimizer_of(recipe.optimizer, list(parameters.values()))
    X, targets, weights = torch.tensor(recipe.X), torch.tensor(recipe.targets), torch.tensor(recipe.weights)
    losses = []
    for update in range(recipe.updates):
        rows = recipe.batch_rows(update)
        out = Forward(recipe, parameters, update, rows).layers(recipe.network.layers, X[rows])
        if isinstance(recipe.loss, Huber):
            each = F.huber_loss(out, targets[rows], reduction="none", delta=recipe.loss.delta).mean(1)
        else:
            each = LOSSES[recipe.loss.name](out, targets[rows])
        total = weights[rows].sum()
        loss = (each * weights[rows]).sum() / (total if total > 0 else 1.0)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        if recipe.optimizer.clip_norm is not None:
            nn.utils.clip_grad_norm_(parameters.values(), recipe.optimizer.clip_norm)
        now = rate(recipe.optimizer.schedule, update, recipe.updates)
        optimizer.param_groups[0]["lr"] = now
        with torch.no_grad():
            for p in parameters.values():
                p *= 1 - now * decay
        optimizer.step()
    return {"losses": np.array(losses)} | {k: v.detach().numpy() for k, v in parameters.items()}


# ---- statements


def nchw(x: Tensor) -> Tensor:
    return x.permute(0, 3, 1, 2)


def nhwc(x: Tensor) -> Tensor:
    return x.permute(0, 2, 3, 1)


def conv(stride: int, pad: int, dilation: int) -> Callable[[dict[str, Tensor]], Tensor]:
    return lambda t: nhwc(F.conv2d(nchw(t["x"]), t["W"].permute(3, 2, 0, 1), t["b"], stride, pad, dilation))


def grouped(stride: int, pad: int) -> Callable[[dict[str, Tensor]], Tensor]:
    def value(t: dict[str, Tensor]) -> Tensor:
        groups, units = t["b"].shape
        weight = t["W"].permute(2, 4, 3, 0, 1).flatten(0, 1)
        z = F.conv2d(nchw(t["x"].flatten(3)), weight, t["b"].flatten(), stride, pad, groups=groups)
        return nhwc(z).unflatten(3, (groups, units))

    return value


def transposed(stride: int, pad: int) -> Callable[[dict[str, Tensor]], Tensor]:
    return lambda t: nhwc(F.conv_transpose2d(nchw(t["x"]), t["W"].permute(2, 3, 0, 1), t["b"], stride, pad))


def max_pool(kernel: int, stride: int, pad: int) -> Callable[[dict[str, Tensor]], Tensor]:
    return lambda t: nhwc(F.max_pool2d(nchw(t["x"]), kernel, stride, pad))


def average_pool(kernel: int, stride: int, pad: int) -> Callable[[dict[str, Tensor]], Tensor]:
    return lambda t: nhwc(F.avg_pool2d(nchw(t["x"]), kernel, stride, pad))


def attend(t: dict[str, Tensor], x: Tensor) -> Tensor:
    query, key, value = (torch.einsum("nti,ihd->nhtd", x, t[f"W{n}"]) for n in ("query", "key", "value"))
    mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True)
    return torch.einsum("nhtd,hdj->ntj", mixed, t["Wout"]) + t["bout"]


def network(act: Callable[[Tensor], Tensor]) -> Callable[[dict[str, Tensor]], Tensor]:
    def value(t: dict[str, Tensor]) -> Tensor:
        a = act(F.conv2d(nchw(t["x"]), t["W1"].permute(3, 2, 0, 1), t["b1"], 2, 1))
        return F.cross_entropy(nhwc(F.max_pool2d(a, 2)).flatten(1) @ t["W2"].flatten(0, 2) + t["b2"], t["label"])

    return value


def transformer(t: dict[str, Tensor]) -> Tensor:
    x = F.embedding(t["ids"], t["E"]) + t["place"]
    x = x + attend(t, F.layer_norm(x, (4,), t["g1"], t["c1"]))
    x = x + F.gelu(F.layer_norm(x, (4,), t["g2"], t["c2"]) @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    return F.cross_entropy((x @ t["E"].T).flatten(0, 1), t["label"].flatten())


def linear(t: dict[str, Tensor]) -> Tensor:
    return t["x"] @ t["W"] + t["b"]


def layer_norm(t: dict[str, Tensor]) -> Tensor:
    return F.layer_norm(t["x"], t["x"].shape[-1:], t["g"], t["b"])


ZOO: dict[str, Callable[[dict[str, Tensor]], Tensor]] = {
    "dense": linear, "dense_one": linear, "dense_wide": linear,
    "flat_dense": lambda t: t["x"].flatten(1) @ t["W"].flatten(0, 2) + t["b"],
    "conv": conv(1, 0, 1), "conv_padded": conv(1, 1, 1), "conv_strided": conv(2, 1, 1), "conv_strided_3": conv(3, 2, 1),
    "conv_skipping": conv(3, 0, 1), "conv_dilated": conv(1, 2, 2), "conv_dilated_strided": conv(2, 2, 2),
    "conv_point": conv(2, 0, 1), "conv_large": conv(2, 2, 1), "grouped_conv": grouped(2, 1), "depthwise_conv": grouped(1, 1),
    "transposed_conv": transposed(1, 0), "transposed_conv_2": transposed(2, 1), "transposed_conv_3": transposed(3, 1),
    "max_pool": max_pool(2, 2, 0), "max_pool_overlapping": max_pool(3, 2, 1), "max_pool_ties": max_pool(3, 1, 1),
    "average_pool": average_pool(2, 2, 0), "average_pool_padded": average_pool(3, 2, 1),
    "upsample": lambda t: nhwc(F.interpolate(nchw(t["x"]), scale_factor=3)),
    "concatenate": lambda t: torch.cat([t["a"], t["c"]], 1),
    "layer_norm": layer_norm, "layer_norm_deep": layer_norm,
    "batch_norm": lambda t: F.batch_norm(t["x"], None, None, t["g"], t["b"], True),
    "batch_norm_deep": lambda t: nhwc(F.batch_norm(nchw(t["x"]), None, None, t["g"], t["b"], True)),
    "embedding": lambda t: F.embedding(t["ids"], t["E"]),
    "tied_embedding": lambda t: torch.tanh(F.embedding(t["ids"], t["E"])) @ t["E"].T,
    "attention_where": lambda t: attend(t, t["x"]), "attention_guard": lambda t: attend(t, t["x"]),
    "attention_long": lambda t: attend(t, t["x"]),
    "masked": lambda t: t["x"] * t["mask"] / 0.5,
    "residual": lambda t: t["x"] + torch.tanh(linear(t)),
    "network": network(torch.tanh), "network_ties": network(F.relu), "transformer": transformer,
}  # fmt: skip


def differentiate(name: str) -> dict[str, np.ndarray]:
    """The output of a case, and the gradients of what it learns."""
    drawing = draw(name)
    given = {k.removeprefix("c0_"): v for k, v in drawing.values.items()}
    learnt = [k.removeprefix("c0_") for k in drawing.gradients]
    t = {
        k: torch.tensor(v, dtype=torch.int64 if v.dtype.kind == "i" else None, requires_grad=k in learnt)
        for k, v in given.items()
    }
    out = ZOO[name](t)
    loss = (out * t["seeds"]).sum() if "seeds" in t else out
    loss.backward()
    found = {"out": out.detach().numpy()}
    for k in learnt:
        gradient = t[k].grad
        assert gradient is not None
        found[f"d_{k}"] = gradient.numpy()
    return found


# ---- files


def write(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """An .npz whose bytes depend on the arrays alone."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            data = io.BytesIO()
            np.lib.format.write_array(
                data, np.ascontiguousarray(arrays[name]).reshape(arrays[name].shape), version=(1, 0)
            )
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data.getvalue())
    print(f"{path.relative_to(ROOT)}: {len(arrays)} arrays, {path.stat().st_size:,} bytes")


def main() -> None:
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    torch.use_deterministic_algorithms(True)
    zoo = {f"{name}/{k}": v for name in CASES for k, v in differentiate(name).items()}
    write(ROOT / "tests/program/vectors_zoo.npz", zoo)
    trainings = {f"{name}/{k}": v for name, recipe in RECIPES.items() for k, v in train(recipe).items()}
    assert [k for k, v in trainings.items() if not math.isfinite(np.abs(v).sum())] == []
    write(ROOT / "tests/rules/vectors_training.npz", trainings)


if __name__ == "__main__":
    main()
