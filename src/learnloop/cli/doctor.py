"""``learnloop doctor``: whether everything that learning needs is there and works, and how to mend it."""

from __future__ import annotations

import json as encoder
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from rich.text import Text

from ..errors import LearnloopError
from . import trial
from .console import Console, console, plain, show, table
from .entry import FAILED, OK
from .wording import count, duration, home_relative, plural, size

Check = Callable[[], Iterator["Finding"]]
PEERS = ("torch", "jax", "scikit-learn")
INSTALL = "pip install --force-reinstall ziglang, or set LEARNLOOP_CC=gcc to use a system compiler"


@dataclass(frozen=True)
class Finding:
    """One line of the examination.

    Attributes:
        what: what was looked at.
        state: "ok", "problem", or "-" for what is merely optional.
        text: what was found.
        fix: how to mend it, for a problem.
    """

    what: str
    state: str
    text: str
    fix: str = ""


def examine(store: str | None, *, json: bool) -> int:
    """Look at everything; returns 1 if something is broken."""
    out, findings = console(json=json), []
    checks: list[tuple[str, Check]] = [*CHECKS, ("runs", partial(_runs, store)), ("peers", _peers)]
    for what, check in checks:
        findings += _guarded(what, check)
    if json:
        print(encoder.dumps([asdict(f) for f in findings]))
    else:
        _print(out, findings)
    return FAILED if any(f.state == "problem" for f in findings) else OK


def _guarded(what: str, check: Check) -> list[Finding]:
    """What a check finds; an error is a finding, too: this command must not fail where others do."""
    found: list[Finding] = []
    try:
        found.extend(check())
    except (LearnloopError, OSError, ImportError) as error:
        text, fix, *_ = [*re.split(r"\s+Fix: ", str(error), maxsplit=1), ""]
        found.append(Finding(what, "problem", text, INSTALL if "doctor" in fix else fix))
    return found


def _print(out: Console, findings: list[Finding]) -> None:
    styles = {"ok": "green", "problem": "bold red", "-": "dim"}
    body = table("", "", "")
    for f in findings:
        text = plain(f.text + (f"\nFix: {f.fix}" if f.fix else ""))
        body.add_row(Text(f.state, styles[f.state]), Text(f.what, "bold"), text)
    body.show_header = False
    show(out, body)
    broken = sum(f.state == "problem" for f in findings)
    out.print()
    if broken:
        out.print(Text(f"{count(broken)} problem{'s' if broken > 1 else ''} found", "bold red"))
    else:
        out.print(Text("everything works", "green"))


def _python() -> Iterator[Finding]:
    text = f"{platform.python_version()}, {home_relative(Path(sys.executable))}"
    fine = sys.version_info >= (3, 11)
    yield Finding("Python", "ok" if fine else "problem", text, "" if fine else "install Python 3.11 or newer")


def _learnloop() -> Iterator[Finding]:
    import numpy as np

    from .. import __version__

    yield Finding("learnloop", "ok", f"{__version__}, {home_relative(Path(__file__).parents[1])}")
    yield Finding("numpy", "ok", np.__version__)


def _processor() -> Iterator[Finding]:
    from ..bench.machine import cores, processor
    from ..compile import native_target

    yield Finding("processor", "ok", f"{processor()}, {cores()} core{'s' * (cores() > 1)}")
    target = native_target()
    slow = "; without fused multiply-add, which is then emulated: slow" if target.name == "baseline" else ""
    yield Finding("target", "ok", f"{target.name}: vectors of {target.bytes} bytes{slow}")


def _compiler() -> Iterator[Finding]:
    from ..compile import find_toolchain

    toolchain = find_toolchain()
    yield Finding("compiler", "ok", f"{toolchain.version}, {home_relative(Path(toolchain.path))}")
    answer, seconds = trial.compile_and_run(toolchain)
    if answer == trial.ANSWER:
        yield Finding("compiling", "ok", f"a small program was compiled and run in {duration(seconds)}")
    else:
        yield Finding("compiling", "problem", f"a compiled program answered {answer}, not {trial.ANSWER}",
                      INSTALL)  # fmt: skip


def _system_compiler() -> Iterator[Finding]:
    from ..compile import Toolchain

    path = shutil.which("gcc")
    if path is None:
        yield Finding("gcc", "-", "not installed; nothing needs it")
    else:
        yield Finding("gcc", "-", f"{Toolchain('gcc', path).version}, {path}; LEARNLOOP_CC=gcc uses it")


def _cache() -> Iterator[Finding]:
    from ..compile import cache

    home = cache.folder()
    files = list(home.glob("*.so"))
    size = sum(path.stat().st_size for path in files)
    trial.check_writable(home)
    text = f"{home_relative(home)}: {count(len(files))} programs, {size / 1e6:.1f} MB, yours alone"
    yield Finding("cache", "ok", text)


def _runs(store: str | None) -> Iterator[Finding]:
    from .shelf import shelf, usable

    runs = usable(shelf(store))
    there = runs.path.exists()
    text = f"{plural(len(runs.entries()), 'run')}, {size(runs.path.stat().st_size)}" if there else "no run yet"
    yield Finding("runs", "ok", f"{home_relative(runs.path)}: {text}")


def _peers() -> Iterator[Finding]:
    from importlib.metadata import PackageNotFoundError, version

    for name in PEERS:
        try:
            yield Finding(name, "-", f"{version(name)}; optional")
        except PackageNotFoundError:
            yield Finding(name, "-", "not installed; optional")


CHECKS: tuple[tuple[str, Check], ...] = (
    ("Python", _python),
    ("learnloop", _learnloop),
    ("target", _processor),
    ("compiler", _compiler),
    ("gcc", _system_compiler),
    ("cache", _cache),
)
