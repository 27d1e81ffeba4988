"""Compiled programs by digest, in a folder that belongs to the user alone.

A library is code that will run here: the folder must be the user's own and closed to others, files are written beside
and renamed, and the digest is checked before loading.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from ..errors import CacheError, CompileError
from .target import Target
from .toolchain import RUNTIME, Toolchain

Command = Callable[[Target], list[str]]
Build = Callable[[Path, Path, Target], None]
_FIX = "Fix: set LEARNLOOP_CACHE to a folder of your own, for instance LEARNLOOP_CACHE=$HOME/.cache/learnloop."


def folder() -> Path:
    """The cache folder: made if it is missing, refused if others could write to it.

    Raises:
        CacheError: if it cannot be made, or is not safe.
    """
    given = os.environ.get("LEARNLOOP_CACHE")
    if given:
        path = Path(os.path.expanduser(given))  # noqa: PTH111  (pathlib's raises for users that do not exist)
    else:
        from platformdirs import user_cache_path

        path = user_cache_path("learnloop", appauthor=False) / "programs"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = path.stat()
    except OSError as error:
        raise CacheError(
            f"the folder for compiled programs, {path}, cannot be made: {error.strerror}. {_FIX}"
        ) from error
    _check_safe(path, status)
    return path


def _check_safe(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISDIR(status.st_mode):
        raise CacheError(f"the folder for compiled programs, {path}, is no folder. {_FIX}")
    if not hasattr(os, "getuid"):
        return
    if status.st_uid != os.getuid():
        raise CacheError(
            f"the folder for compiled programs, {path}, belongs to user {status.st_uid}, not to you. {_FIX}"
        )
    if status.st_mode & 0o022:
        raise CacheError(
            f"the folder for compiled programs, {path}, can be written by others "
            f"(mode {stat.S_IMODE(status.st_mode):o}): what they put there would run as you. Fix: chmod 700 '{path}'"
        )


@cache
def runtime_digest() -> str:
    """SHA-256 of the fixed headers."""
    total = hashlib.sha256()
    for path in sorted(RUNTIME.glob("*.h")):
        total.update(path.read_bytes())
    return total.hexdigest()


def library(text: str, target: Target, toolchain: Toolchain) -> Path:
    """The shared library of a source: from the cache, or compiled now.

    Args:
        text: the C source.
        target: what to compile for.
        toolchain: what to compile with.

    Raises:
        CacheError: if the cache cannot be used.
        CompileError: if the compiler refuses the source.
    """
    return _kept(text, ".so", target, toolchain, toolchain.shared_command, toolchain.build_shared)


def module(text: str, target: Target, toolchain: Toolchain) -> bytes:
    """The WebAssembly module of a source: from the cache, or compiled now; arguments and errors as of :func:`library`."""
    return _kept(text, ".wasm", target, toolchain, toolchain.wasm_command, toolchain.build_wasm).read_bytes()


def _kept(text: str, suffix: str, target: Target, toolchain: Toolchain, command: Command, build: Build) -> Path:
    parts = (text, runtime_digest(), toolchain.identity, target.name, *command(target))
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    home = folder()
    path, seal = home / f"{key}{suffix}", home / f"{key}.sha256"
    if not _intact(path, seal):
        _compile(text, home, path, seal, lambda source, built: build(source, built, target))
    return path


def _intact(path: Path, seal: Path) -> bool:
    """Whether the file is the one that was compiled, owned by the user: anything else is compiled again."""
    try:
        status = path.lstat()
        owned = not hasattr(os, "getuid") or status.st_uid == os.getuid()
        return stat.S_ISREG(status.st_mode) and owned and _sha256(path).encode() == seal.read_bytes()
    except OSError:
        return False


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _compile(text: str, home: Path, path: Path, seal: Path, build: Callable[[Path, Path], None]) -> None:
    try:
        with tempfile.TemporaryDirectory(dir=home, prefix="build-") as work:
            source, built, sealed = Path(work, "program.c"), Path(work, f"program{path.suffix}"), Path(work, "seal")
            source.write_text(text)
            build(source, built)
            sealed.write_text(_sha256(built))
            built.replace(path)
            sealed.replace(seal)
    except CompileError:
        raise
    except OSError as error:
        raise CacheError(
            f"the folder for compiled programs, {home}, cannot be written: {error.strerror}. {_FIX}"
        ) from error
