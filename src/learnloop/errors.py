"""Every error learnloop raises: one tree, and each is also the builtin exception that a caller would expect.

A message says what is wrong, where, what was got, what was expected and how to fix it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def short(value: object) -> str:
    """What was given, without pages of it: repr refuses whole numbers of thousands of digits."""
    if isinstance(value, int) and abs(value) >= 10**40:
        return "a number of more than 40 digits"
    try:
        return repr(value)[:100]
    except ValueError:
        return "something that holds a number of thousands of digits"


def _several(names: Sequence[str], most: int) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


class LearnloopError(Exception):
    """The root of all errors raised by learnloop."""


class DescriptionError(LearnloopError, ValueError):
    """A network, rule or option that makes no sense; lists all problems at once.

    Attributes:
        problems: one sentence for each problem.
    """

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__(self._text())

    def _text(self) -> str:
        if len(self.problems) == 1:
            return self.problems[0]
        return "\n".join([f"{len(self.problems)} problems:", *(f"  - {p}" for p in self.problems)])


class DataError(LearnloopError, ValueError):
    """Data that cannot be learnt from: a wrong shape, a NaN, a label out of range."""


class DataTypeError(LearnloopError, TypeError):
    """Data or an option of a type that learnloop cannot use."""


class UnknownName(LearnloopError, KeyError):
    """A name that nothing here has; suggests the nearest ones."""

    MOST = 50
    """How many known names a message lists."""

    def __init__(self, kind: str, name: object, known: Iterable[str], fix: str = "") -> None:
        import difflib  # 8 ms, which only a mistake is worth

        names = list(known)
        near = difflib.get_close_matches(str(name), names, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(repr(n) for n in near)}?" if near else f"Known: {_several(names, self.MOST)}."
        super().__init__(" ".join(part for part in (f"unknown {kind} {short(name)}.", hint, fix) if part))

    def __str__(self) -> str:  # KeyError would show the repr of the message
        return str(self.args[0])


class ProgramError(LearnloopError, ValueError):
    """Statements that break the rules of the language; a fault of the rule that wrote them."""


class CompileError(LearnloopError, OSError):
    """The C compiler is missing or refused the program."""


class CacheError(LearnloopError, OSError):
    """The folder of compiled programs cannot be used safely."""


class FileError(LearnloopError, OSError):
    """A file that cannot be read, written or trusted."""


class StoreError(LearnloopError, OSError):
    """The store of recorded runs cannot be read, written or trusted, or another process holds what is asked for."""


class UnknownRun(UnknownName):
    """A run that the store does not have, or a beginning that several have."""

    MOST = 10

    def __init__(self, given: object, known: Sequence[str], begun: Sequence[str] = ()) -> None:
        """Say which runs were meant, without listing a store of thousands.

        Args:
            given: what was asked for.
            known: all runs, newest first.
            begun: the runs that begin with what was given.
        """
        if begun:
            KeyError.__init__(self, f"{short(given)} begins {_several(begun, self.MOST)}. Fix: write more of it.")
        elif known:
            super().__init__("run", given, known)
        else:
            KeyError.__init__(self, f"unknown run {short(given)}: the store holds no run yet.")


class Diverged(LearnloopError, ValueError):
    """The loss stopped being a finite number.

    Attributes:
        update: the update whose loss is not finite, counted from 0.
        layer: the first layer with a value that is not finite.
        run: everything up to the last finite loss, and the weights that this loss was computed from.
    """

    def __init__(self, message: str, *, update: int, layer: str, run: Any) -> None:
        super().__init__(message)
        self.update = update
        self.layer = layer
        self.run = run


class RecordError(StoreError):
    """A run could not be recorded to its end; it was trained all the same.

    Attributes:
        run: the run.
    """

    def __init__(self, why: StoreError, run: Any) -> None:
        super().__init__(f"{why} The run itself is whole: the error's .run holds it, and .run.save(path) writes it.")
        self.run = run


class MissingExtra(LearnloopError, ImportError):
    """Something needs a package that only an extra of learnloop brings."""
