"""Threads that run one program together: each enters with a rank of its own."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable

import numpy as np

from ..compile import Artefact, Call


def _yield_function() -> int:
    """The address of the system's way to give the core away; 0 where none is known."""
    library = ctypes.CDLL("kernel32" if sys.platform == "win32" else None)
    name = "SwitchToThread" if sys.platform == "win32" else "sched_yield"
    return ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0


class Team:
    """Helper threads for one artefact; the calling thread has rank 0.

    Args:
        artefact: what they run.
        threads: how many there are, the calling one included.
    """

    def __init__(self, artefact: Artefact, threads: int) -> None:
        self.threads = threads
        self._train: Callable[..., int] = artefact.library.ll_train
        self._barrier = np.zeros(512, np.uint8)
        self._yield = _yield_function()
        self._call: Call | None = None
        self._start = [threading.Semaphore(0) for _ in range(threads - 1)]
        self._done = threading.Semaphore(0)
        for rank in range(1, threads):
            threading.Thread(target=self._help, args=(rank,), daemon=True, name=f"learnloop-{rank}").start()

    def run(self, call: Call) -> int:
        """Train until the call comes back; returns its status."""
        call.barrier = self._barrier.ctypes.data + -self._barrier.ctypes.data % 64
        call.yield_ = self._yield
        self._call = call
        for start in self._start:
            start.release()
        try:
            return self._train(ctypes.byref(call), 0, self.threads)
        finally:
            for _ in self._start:
                self._done.acquire()

    def close(self) -> None:
        """Let the helpers go."""
        self._call = None
        for start in self._start:
            start.release()
        self._start = []

    def _help(self, rank: int) -> None:
        start = self._start[rank - 1]
        while True:
            start.acquire()
            if self._call is None:
                return
            self._train(ctypes.byref(self._call), rank, self.threads)
            self._done.release()
