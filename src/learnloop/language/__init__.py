"""The language of learnloop: three statements over named axes, their adjoints and the order of their sums."""

from .adjoint import gradients
from .block import Block
from .expression import Expr, const, read
from .index import DATA, ROWS, Access, Affine, Extent, Index, axis, number, plain
from .order import LANES, Order, order_of
from .parse import parse
from .statement import (
    DOUBLE,
    INTEGER,
    REAL,
    AtLeast,
    Commit,
    Contract,
    Guard,
    Map,
    Max,
    Same,
    Statement,
    Tensor,
    reading,
    renamed,
)

__all__ = [
    "DATA",
    "DOUBLE",
    "INTEGER",
    "LANES",
    "REAL",
    "ROWS",
    "Access",
    "Affine",
    "AtLeast",
    "Block",
    "Commit",
    "Contract",
    "Expr",
    "Extent",
    "Guard",
    "Index",
    "Map",
    "Max",
    "Order",
    "Same",
    "Statement",
    "Tensor",
    "axis",
    "const",
    "gradients",
    "number",
    "order_of",
    "parse",
    "plain",
    "read",
    "reading",
    "renamed",
]
