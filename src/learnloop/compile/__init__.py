"""program -> plan (loops and buffers) -> C -> artefact."""

from .artefact import Artefact, Call, compile_program
from .pipeline import generate
from .target import Target
from .toolchain import Toolchain, find_toolchain, native_target, target_named

__all__ = [
    "Artefact",
    "Call",
    "Target",
    "Toolchain",
    "compile_program",
    "find_toolchain",
    "generate",
    "native_target",
    "target_named",
]
