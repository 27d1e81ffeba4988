"""The files of a page: its modules in the order in which they need each other, and its styles. Read from the files."""

from __future__ import annotations

import posixpath
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

WEB = Path(__file__).parent
WORKER = "js/engine/worker.js"
PAGE = "page.html"
IMPORT = re.compile(r'^(?:import|export)\s(?:[\w$\s{},*]+\sfrom\s)?"(\.[^"\n]+)"', re.MULTILINE)
"""A static import or re-export of a file beside; the same pattern rewrites them in exported pages."""
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')


def imports(path: str, text: str) -> list[str]:
    """The files that a module imports, by their path below the folder of pages.

    >>> imports("js/views/a.js", 'import { b } from "../draw/b.js";')
    ['js/draw/b.js']
    """
    return [posixpath.normpath(posixpath.join(posixpath.dirname(path), found)) for found in IMPORT.findall(text)]


def modules(*entries: str, folder: Path = WEB) -> dict[str, str]:
    """The text of every module that is needed, each after those that it imports.

    Args:
        entries: the modules to begin with.
        folder: where pages are.

    Raises:
        ValueError: for modules that import each other in a circle: no address of a blob could stand in them.
    """
    texts: dict[str, str] = {}
    waiting = list(entries)
    while waiting:
        path = waiting.pop()
        if path not in texts:
            texts[path] = (folder / path).read_text("utf-8")
            waiting += imports(path, texts[path])
    needs = {path: imports(path, texts[path]) for path in sorted(texts)}
    try:
        return {path: texts[path] for path in TopologicalSorter(needs).static_order()}
    except CycleError as error:
        raise ValueError(f"modules import each other in a circle: {' -> '.join(error.args[1])}") from error


def styles(folder: Path = WEB) -> str:
    """The style sheets of the page, in its order, as one."""
    page = (folder / PAGE).read_text("utf-8")
    return "\n".join((folder / path).read_text("utf-8") for path in _STYLE.findall(page))
