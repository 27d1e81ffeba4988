"""Data: sets that ship or are generated, checks, scaling, splitting, digests. Imports nothing but numpy."""

from . import datasets
from .check import check_inputs, check_targets, check_weights
from .dataset import Dataset
from .digest import digest, digest_many
from .scaling import Standardiser
from .split import shuffled, split

__all__ = [
    "Dataset",
    "Standardiser",
    "check_inputs",
    "check_targets",
    "check_weights",
    "datasets",
    "digest",
    "digest_many",
    "shuffled",
    "split",
]
