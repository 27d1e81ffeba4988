"""The way into the command line and out of it: arguments in, an exit code out, no traceback for what users can mend."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from ..errors import (
    CacheError,
    CompileError,
    DataError,
    DataTypeError,
    DescriptionError,
    Diverged,
    FileError,
    LearnloopError,
    StoreError,
    UnknownName,
)
from .suggest import STORE

OK, FAILED, BAD_INPUT, DIVERGED, COMPILER, FILES, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 3, 4, 5, 130, 141
CODES: tuple[tuple[type[Exception], int], ...] = (
    (Diverged, DIVERGED),
    (CompileError, COMPILER),
    (CacheError, COMPILER),
    (FileError, FILES),
    (StoreError, FILES),
    (DescriptionError, BAD_INPUT),
    (DataError, BAD_INPUT),
    (DataTypeError, BAD_INPUT),
    (UnknownName, BAD_INPUT),
    (LearnloopError, FAILED),
    (MemoryError, BAD_INPUT),
    (OSError, FILES),
)
"""The exit code of each error; the first that fits."""
USUAL = {
    "lr": "--learning-rate", "rate": "--learning-rate", "wd": "--weight-decay", "bs": "--batch-size",
    "batch": "--batch-size", "units": "--hidden", "layers": "--hidden", "val": "--validation", "output": "--out",
}  # fmt: skip
"""What others call an option."""
PLAIN = "learnloop-plain"
INSTEAD = {"✓": "[ok]", "✗": "[NO]", "×": "x", "µ": "u", "→": "->", "…": "..."}
"""For terminals that have only ASCII."""
EPILOG = (
    "Exit codes: 0 all is well, 1 a failure while running, 2 bad usage, description or data, 3 the training diverged, "
    "4 a problem with the compiler or its cache, 5 a problem with a file or the store, 130 interrupted by Ctrl-C.\n\n"
    "LEARNLOOP_STORE names the store of runs; LEARNLOOP_CC, LEARNLOOP_TARGET and LEARNLOOP_CACHE choose the compiler, "
    "the target and the folder of compiled programs."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: the words after ``learnloop``; None for those of this process.

    Returns:
        The exit code; :data:`EPILOG` says what it means.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        _never_fail_to_encode(stream)
    try:
        code = _run(words or ["--help"])
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has left, which is their right
        _silence()
        return BROKEN_PIPE
    return code


def _run(words: list[str]) -> int:
    STORE.set(None)  # what a command before this one named, in the same process
    try:
        job = _parse(words)
        return job() if callable(job) else int(job or 0)
    except KeyboardInterrupt:
        complain("interrupted", "")
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        code = _code(error)
        if code is None:
            raise
        complain(_message(error, words))
        return code


def _parse(words: list[str]) -> Callable[[], int] | int | None:
    """What the words ask for: something to do, or the exit code of a request for help."""
    from click.exceptions import Exit

    from .app import command

    try:
        with command().make_context("learnloop", words) as context:
            found: Any = command().invoke(context)
    except Exit as done:
        return done.exit_code
    return found  # type: ignore[no-any-return]


def import_numpy() -> None:
    """Import it without the threads of its linear algebra, which nothing here uses: half of what the import takes."""
    name = "OPENBLAS_NUM_THREADS"
    if name in os.environ:
        return
    os.environ[name] = "1"
    try:
        import numpy  # noqa: F401
    finally:
        del os.environ[name]  # it is no business of the programs that are started from here


def _code(error: Exception) -> int | None:
    for kind, code in CODES:
        if isinstance(error, kind):
            return code
    return BAD_INPUT if hasattr(error, "format_message") else None  # click's own errors, whatever their class is called


def _message(error: Exception, words: Sequence[str]) -> str:
    if hasattr(error, "format_message"):
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else _path(words)
        return f"{_click_message(error)} Fix: {path} --help shows what it takes."
    if isinstance(error, CacheError) and isinstance(error.__cause__, FileExistsError):
        name = error.__cause__.filename
        return f"the folder for compiled programs, {name}, is a file. Fix: set LEARNLOOP_CACHE to a folder of your own."
    if isinstance(error, MemoryError):
        return f"{_too_much(error)}. Fix: fewer units, or a smaller --batch-size."
    if isinstance(error, OSError) and not isinstance(error, LearnloopError):
        name = f"{error.filename}: " if error.filename else ""
        return f"{name}{error.strerror or error}. Fix: choose another place, or make room."
    return str(error)


def _path(words: Sequence[str]) -> str:
    """The command that was meant, for errors of click that do not know it."""
    from .app import command

    return f"learnloop {words[0]}" if words[0] in command().commands else "learnloop"


def _click_message(error: Any) -> str:
    """What click has to say, as one sentence, and what may have been meant, as another."""
    near: list[str] = list(getattr(error, "possibilities", None) or [])
    usual = USUAL.get(str(getattr(error, "option_name", "")).lstrip("-"))
    command: Any = getattr(error, "cmd", None)
    known = [] if command is None else [name for parameter in command.params for name in parameter.opts]
    if usual in known:
        near = [str(usual)]
    said = str(error.message if near else error.format_message()).rstrip(".")
    return f"{said}." + (f" Did you mean {' or '.join(near)}?" if near else "")


def _too_much(error: MemoryError) -> str:
    """What did not fit into memory: NumPy's error knows how much it was."""
    size = getattr(error, "_total_size", None)
    if not isinstance(size, int):
        return "there is not enough memory for the network"
    needed = f"{size / 2**30:,.1f}".replace(",", " ")
    return f"the network needs {needed} GiB at once, and there is not that much memory"


def complain(message: str, label: str = "error: ") -> None:
    """One message on stderr, its label in red where there are colours."""
    red = sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    text = printable(message)
    mark = label or text
    rest = text if label else ""
    print(f"\x1b[1;31m{mark}\x1b[0m{rest}" if red else f"{mark}{rest}", file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """The text with everything escaped that could steer a terminal or that no encoding has."""
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def _never_fail_to_encode(stream: Any) -> None:
    codecs.register_error(PLAIN, _plainly)
    with suppress(AttributeError, ValueError, OSError):
        stream.reconfigure(errors=PLAIN, **({"encoding": "ascii"} if _wants_ascii() else {}))


def _wants_ascii() -> bool:
    """Whether the user's locale has nothing else; Python takes it for UTF-8 unless it is told."""
    told = os.environ.keys() & {"PYTHONUTF8", "PYTHONIOENCODING"}
    return os.environ.get("LC_ALL") in ("C", "POSIX") and not told


def _plainly(error: UnicodeError) -> tuple[str | bytes, int]:
    """What stands for characters that an encoding does not have: a tick must not become a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(INSTEAD.get(c, "?") for c in error.object[error.start : error.end]), error.end


def _silence() -> None:
    """Send what is still buffered nowhere, so that the interpreter does not complain when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            with suppress(ValueError, OSError):
                os.dup2(nowhere, stream.fileno())
        except (ValueError, OSError):
            continue
    os.close(nowhere)
