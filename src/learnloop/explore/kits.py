"""Compiled programs for pages: one compilation for everybody who asks for the same, and only a few at once."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future

from ..network import Network
from ..rules import Loss, Optimizer
from .answers import Busy
from .scenario import Structure

Maker = Callable[[Network, Loss, Optimizer, str, bool], bytes]
AT_ONCE = 2
"""Compilations that run at the same time: each keeps a core busy."""
WAITING = 8
"""Different programs that may wait for one; a page that is slow to drag a slider asks for few."""
HELD = 64 << 20
"""Bytes of packs that are kept in memory; the compile cache has them all."""


def compiled(network: Network, loss: Loss, optimizer: Optimizer, dtype: str, emulated: bool) -> bytes:
    """The kit of :mod:`learnloop.web.kit`, imported when the first one is asked for."""
    from ..web.kit import make_kit

    return make_kit(network, loss, optimizer, dtype, emulated=emulated)


class Kits:
    """Packs of compiled programs by what they are compiled from.

    Args:
        make: what compiles.
    """

    def __init__(self, make: Maker = compiled) -> None:
        self._make = make
        self._known: OrderedDict[str, Future[bytes]] = OrderedDict()
        self._alone = threading.Lock()
        self._slots = threading.BoundedSemaphore(AT_ONCE)

    def kit(self, structure: Structure, emulated: bool = False) -> bytes:
        """The pack of a program.

        Args:
            structure: what to compile.
            emulated: for hosts that have no fused multiply-add.

        Raises:
            Busy: if too many others are waiting for theirs.
            CompileError, CacheError: if it cannot be compiled.
        """
        key = json.dumps([structure.to_dict(), structure.dtype, emulated], sort_keys=True)
        with self._alone:
            known = self._known.get(key)
            mine = known is None
            if known is None:
                if sum(not f.done() for f in self._known.values()) >= AT_ONCE + WAITING:
                    raise Busy("too many programs are being compiled. Fix: wait a moment, then try again.")
                known = self._known[key] = Future()
            self._known.move_to_end(key)
        if mine:
            self._fill(key, known, structure, emulated)
        return known.result()

    def _fill(self, key: str, place: Future[bytes], structure: Structure, emulated: bool) -> None:
        try:
            with self._slots:
                made = self._make(structure.network, structure.loss, structure.optimizer, structure.dtype, emulated)
        except BaseException as error:
            with self._alone:
                self._known.pop(key, None)  # the next one who asks may have more luck
            place.set_exception(error)
            return
        place.set_result(made)
        with self._alone:
            self._make_room()

    def _make_room(self) -> None:
        done = {key: len(f.result()) for key, f in self._known.items() if f.done()}
        size = sum(done.values())
        for key in list(done)[:-1]:
            if size <= HELD:
                return
            size -= done[key]
            self._known.pop(key)
