"""From a description to the program: build, verify, print; the slow plain oracle in NumPy."""

from .build import build
from .program import ARITHMETIC, Function, Program, Section
from .verify import rows_that_meet, verify

__all__ = ["ARITHMETIC", "Function", "Program", "Section", "build", "rows_that_meet", "verify"]
