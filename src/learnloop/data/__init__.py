"""Data: sets that ship or are generated, those of one's own, checks, encoding, scaling, splitting, digests.

Imports nothing but numpy; what reads files is imported where it is needed.
"""

from . import datasets
from .check import check_inputs, check_targets, check_weights
from .dataset import Dataset
from .digest import digest, digest_many
from .encoding import Encoding
from .limits import UPLOAD, Limits
from .origin import Origin
from .prepare import KEY, Prepared, prepare
from .scaling import Standardiser
from .source import Source
from .split import shuffled, split
from .table import Table

__all__ = [
    "KEY",
    "UPLOAD",
    "Dataset",
    "Encoding",
    "Limits",
    "Origin",
    "Prepared",
    "Source",
    "Standardiser",
    "Table",
    "check_inputs",
    "check_targets",
    "check_weights",
    "datasets",
    "digest",
    "digest_many",
    "prepare",
    "shuffled",
    "split",
]
