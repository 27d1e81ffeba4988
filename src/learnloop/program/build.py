"""network + loss + optimizer -> Program: the statements laid in order, the backward pass derived."""

from __future__ import annotations

from ..errors import DescriptionError
from ..language import DATA, INTEGER, ROWS, Block, Map, const, gradients
from ..network import Network
from ..rules import PURPOSE_PARAMETERS, Dense, Loss, Optimizer, Softmax, Writer
from ..rules.activations import sigmoid
from .program import Function, Program, Section
from .verify import verify


class _Sections:
    """Remembers where each stretch of a block begins."""

    def __init__(self, block: Block) -> None:
        self.block, self.done, self.sections = block, 0, list[Section]()

    def close(self, title: str) -> None:
        statements = tuple(self.block.statements[self.done :])
        self.done = len(self.block.statements)
        if statements:
            self.sections.append(Section(title, statements))


def build(network: Network, loss: Loss, optimizer: Optimizer) -> Program:
    """Lay out the whole learning loop.

    Args:
        network: the layers.
        loss: what is made small.
        optimizer: how weights change.

    Returns:
        The program, verified.

    Raises:
        DescriptionError: if the loss does not fit the output layer.
    """
    _check_output(network, loss)
    train, writer, grads = _train(network, loss, optimizer)
    functions = {
        "initialise": _initialise(writer),
        "train": train,
        "predict": _predict(network, loss, evaluate=False),
        "evaluate": _predict(network, loss, evaluate=True),
    }
    program = Program(
        functions, tuple(writer.parameters), dict(writer.options), dict(writer.layer_of), grads,
        network.inputs, network.outputs, loss.labels,
    )  # fmt: skip
    verify(program)
    return program


def _check_output(network: Network, loss: Loss) -> None:
    last = network.layers[-1]
    activation = last.activation if isinstance(last, Dense) else None
    doubled = isinstance(activation, Softmax) if loss.labels else activation == sigmoid
    if doubled and loss.link.name != "identity":
        name = getattr(activation, "name", "")
        raise DescriptionError(
            f'layer "{network.names[-1]}" ends in {name}, and the loss {loss.name} applies it itself. '
            f"Fix: leave the activation of the last layer out; predict_proba gives probabilities."
        )
    if loss.labels and network.outputs < 2:
        raise DescriptionError(
            f"the loss {loss.name} tells classes apart and the network has {network.outputs} output. "
            f"Fix: one output for each class, or loss='binary_cross_entropy'."
        )


def _batch(writer: Writer, network: Network, loss: Loss | None) -> None:
    """The rows of the batch, gathered from the data."""
    block, let = writer.block, {"n": ROWS}
    block.declare("X", (DATA, network.inputs), role="input")
    block.declare("row", (ROWS,), INTEGER, "input")
    block.declare("update", (), INTEGER, "input")
    block.write("x[n,i] = X[row[n],i]", let)
    if loss is None:
        return
    if loss.labels:
        block.declare("labels", (DATA,), INTEGER, "input")
        block.write("label[n] = labels[row[n]]", let, INTEGER)
    else:
        block.declare("Y", (DATA, network.outputs), role="input")
        block.write("y[n,j] = Y[row[n],j]", let)


def _train(network: Network, loss: Loss, optimizer: Optimizer) -> tuple[Function, Writer, dict[str, str]]:
    writer = Writer(training=True)
    block, parts = writer.block, _Sections(writer.block)
    _batch(writer, network, loss)
    block.declare("weights", (DATA,), role="input")
    block.write("w[n] = weights[row[n]]", {"n": ROWS})
    parts.close("batch")
    commits = optimizer.write_clock(writer)
    block.write("wsum = sum(n, w[n])")
    parts.close("clock")
    out = network.write(writer, "x")
    parts.close("forward")
    rows = loss.write(writer, out)
    block.write("l[n] = where(w[n] > 0, r[n], 0)", l="loss_kept", r=rows)
    block.write("loss_sum = sum(n, l[n]*w[n])", l="loss_kept")
    block.write("loss = loss_sum/where(wsum > 0, wsum, 1)")
    parts.close("loss")
    tensors = [p.tensor for p in writer.parameters]
    grads = {w: g or block.constant(block.fresh(f"d{w}"), block.tensors[w].dims, 0.0)
             for w, g in gradients(block, "loss", tensors).items()}  # fmt: skip
    parts.close("backward")
    commits += optimizer.write(writer, grads)
    parts.close("update")
    _name_gradients(writer)
    function = Function("train", dict(block.tensors), tuple(parts.sections), tuple(commits), ("loss",))
    return function, writer, grads


def _name_gradients(writer: Writer) -> None:
    """A gradient belongs to the layer of what it is a gradient of."""
    for tensor in writer.block.tensors:
        source = tensor.removeprefix("d").split("_")[0]
        if tensor.startswith("d") and source in writer.layer_of:
            writer.layer_of.setdefault(tensor, writer.layer_of[source])


def _predict(network: Network, loss: Loss, evaluate: bool) -> Function:
    writer = Writer(training=False)
    parts = _Sections(writer.block)
    _batch(writer, network, loss if evaluate else None)
    parts.close("batch")
    out = network.write(writer, "x")
    parts.close("forward")
    if evaluate:
        outputs: tuple[str, ...] = (out, loss.write(writer, out))
        parts.close("loss")
    else:
        writer.count += 1
        outputs = (out, loss.link.write(writer, out))
        parts.close("link")
    name = "evaluate" if evaluate else "predict"
    return Function(name, dict(writer.block.tensors), tuple(parts.sections), (), outputs)


def _initialise(writer: Writer) -> Function:
    block = Block()
    for k, p in enumerate(writer.parameters):
        p.initializer.write(block, p.tensor, p.dims, p.fans, PURPOSE_PARAMETERS + 2 * k)
    for name, tensor in writer.block.tensors.items():
        if tensor.role == "state":
            axes = tuple(f"i{k}" for k in range(len(tensor.dims)))
            start = const(writer.starts.get(name, 0.0))
            block.emit(Map(name, axes, dict(zip(axes, tensor.dims, strict=True)), start), tensor.dtype)
    sections = (Section("initial values", tuple(block.statements)),)
    return Function("initialise", dict(block.tensors), sections, (), tuple(block.tensors))
