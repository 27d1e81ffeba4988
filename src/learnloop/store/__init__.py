"""The store of recorded runs: bytes, plain data and numbers that outlive crashes. It knows nothing of networks."""

from .claim import Claim
from .store import Store
from .values import DIVERGED, ENDS, FAILED, FINISHED, INTERRUPTED, RUNNING, STATUSES, Data, Entry

__all__ = [
    "DIVERGED",
    "ENDS",
    "FAILED",
    "FINISHED",
    "INTERRUPTED",
    "RUNNING",
    "STATUSES",
    "Claim",
    "Data",
    "Entry",
    "Store",
]
