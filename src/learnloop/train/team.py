"""Threads that run one program together: each enters with a rank of its own.

A single thread is the caller's. Several are all helpers, while the caller waits where Ctrl-C reaches it: it raises the
flag that the program looks at between updates, and every helper comes back before the interruption goes on.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable

import numpy as np

from ..compile import Artefact, Call
from ..errors import DescriptionError


def _yield_function() -> int:
    """The address of the system's way to give the core away; 0 where none is known."""
    library = ctypes.CDLL("kernel32" if sys.platform == "win32" else None)
    name = "SwitchToThread" if sys.platform == "win32" else "sched_yield"
    return ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0


class Team:
    """The threads of one run.

    Args:
        artefact: what they run.
        threads: how many there are.

    Raises:
        DescriptionError: if the system starts no more threads.
    """

    def __init__(self, artefact: Artefact, threads: int) -> None:
        self.threads, self.closed = threads, False
        self._train: Callable[..., int] = artefact.library.ll_train
        self._barrier, self._halt = np.zeros(512, np.uint8), np.zeros(1, np.int32)
        self._call: Call | None = None
        self._news = threading.Condition()
        self._asked = self._answered = 0  # numbers of calls: states, so that an interruption can tear nothing
        self._back: dict[int, int] = {}
        try:
            for rank in range(threads if threads > 1 else 0):
                threading.Thread(target=self._help, args=(rank,), daemon=True, name=f"learnloop-{rank}").start()
        except RuntimeError as error:
            self.close()
            raise DescriptionError(f"threads is {threads}; the system starts no more of them: {error}.") from error

    def run(self, call: Call) -> int:
        """Train until the call comes back; returns its status.

        Raises:
            KeyboardInterrupt: after Ctrl-C, once no thread runs any more.
        """
        if self.closed:
            raise RuntimeError("a team that was closed cannot run")
        self._halt[0] = 0
        call.halt = self._halt.ctypes.data
        if self.threads == 1:
            return self._train(ctypes.byref(call), 0, 1)
        call.barrier = self._barrier.ctypes.data + -self._barrier.ctypes.data % 64
        call.yield_ = _yield_function()
        try:
            with self._news:
                self._call = call
                self._asked += 1
                self._news.notify_all()
            self._wait()
        except KeyboardInterrupt:
            self._halt[0] = 1
            self._wait_whatever_comes()
            raise
        return int(call.status)

    def close(self) -> None:
        """Let the helpers go."""
        self.closed = True
        with self._news:
            self._news.notify_all()

    def _wait(self) -> None:
        with self._news:
            while self._answered != self._asked:
                self._news.wait(0.1)

    def _wait_whatever_comes(self) -> None:
        while self._answered != self._asked:
            try:
                self._wait()
            except KeyboardInterrupt:
                continue

    def _help(self, rank: int) -> None:
        seen = 0
        while True:
            with self._news:
                while self._asked == seen and not self.closed:
                    self._news.wait(1.0)
                if self._asked == seen:
                    return
                seen, call = self._asked, self._call
            self._train(ctypes.byref(call), rank, self.threads)  # type: ignore[arg-type]
            with self._news:
                self._back[seen] = self._back.get(seen, 0) + 1
                if self._back[seen] == self.threads:
                    del self._back[seen]
                    self._answered = seen
                    self._news.notify_all()
