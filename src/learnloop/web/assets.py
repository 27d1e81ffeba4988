"""The files of a page: its modules in the order in which they need each other, its styles, and all of it as one text."""

from __future__ import annotations

import posixpath
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

WEB = Path(__file__).parent
WORKER = "js/engine/worker.js"
PAGE = "page.html"
_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[^"\n]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class)\*? (\w+))", re.MULTILINE)
_HANDED_ON = re.compile(r"^export \{ ([\w, ]+) \};$", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/)[\s\S])*\*/[ \t]*)\n", re.MULTILINE)
"""One that has its lines for itself."""
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')


def imports(path: str, text: str) -> list[str]:
    """The files that a module imports, by their path below the folder of pages.

    >>> imports("js/views/a.js", 'import { b } from "../draw/b.js";')
    ['js/draw/b.js']
    """
    return [posixpath.normpath(posixpath.join(posixpath.dirname(path), found)) for _, found in _IMPORT.findall(text)]


def modules(*entries: str, folder: Path = WEB) -> dict[str, str]:
    """The text of every module that is needed, each after those that it imports.

    Args:
        entries: the modules to begin with.
        folder: where pages are.

    Raises:
        ValueError: for modules that import each other in a circle: none of them could come first.
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


def bundle(entry: str, folder: Path = WEB) -> str:
    """A module with all that it needs as one text without imports: each module is a function that gives what it exports.

    Comments on lines of their own are left out; the files have them.

    Args:
        entry: the module to begin with.
        folder: where pages are.

    Raises:
        ValueError: for a module that imports or exports in another way than ours do.
    """
    texts = modules(entry, folder=folder)
    names = {path: f"module{k}" for k, path in enumerate(texts)}
    return "\n".join(['"use strict";', *(_wrapped(path, text, names) for path, text in texts.items())])


def _wrapped(path: str, text: str, names: dict[str, str]) -> str:
    def taken(found: re.Match[str]) -> str:
        if found[1] is None:
            return ""
        (needed,) = imports(path, found[0])
        return f"const {{{found[1].replace(' as ', ': ')}}} = {names[needed]};"

    text = _COMMENT.sub("", text)
    body = _HANDED_ON.sub("", _EXPORT.sub("", _IMPORT.sub(taken, text)))
    exported = ", ".join([*_EXPORT.findall(text), *_HANDED_ON.findall(text)])
    other = _OTHER.search(body)
    if other is not None:
        raise ValueError(f"{path} has the line {other[0]!r}; expected import {{ a, b as c }} from, or export before a declaration")
    return f"// {path}\nconst {names[path]} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"
