"""The files of a page: its modules in the order in which they need each other, its styles, and all of it as one text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

WEB = Path(__file__).parent
WORKER = "js/engine/worker.js"
PAGE = "page.html"
LESSON_SHEETS = [
    *(f"css/{name}.css" for name in ("base", "explorer", "panels", "cards", "share", "drawing")),
    *(f"css/{name}.css" for name in ("lesson", "lesson-blocks", "lesson-live", "player", "lesson-print")),
]
"""The style sheets of a lesson: those of the explorer, whose views are its live parts, and its own."""
_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[^"\n]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class)\*? (\w+))", re.MULTILINE)
_HANDED_ON = re.compile(r"^export \{ ([\w, ]+) \};$", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_LATER = re.compile(r'\bimport\("(\.[^"\n]+)"\)')
"""A module that is fetched when it is first needed."""
_BLOCK = re.compile(r"/\*(?:(?!\*/)[\s\S])*\*/ ?")
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')


def imports(path: str, text: str) -> list[str]:
    """The files that a module imports, by their path below the folder of pages.

    >>> imports("js/views/a.js", 'import { b } from "../draw/b.js";')
    ['js/draw/b.js']
    """
    return [_beside(path, found) for _, found in _IMPORT.findall(text)]


def _beside(path: str, found: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), found))


def lean(text: str) -> str:
    """A module or a style sheet as it is sent: without comments and indentation, which the files have for people.

    Texts that go over several lines would lose their indentation: ours have none.

    >>> lean("/** What it does. */\\n  const a = /** @type {any} */ (1); // why\\n  // where\\n")
    'const a = (1); // why\\n'
    """
    lines = (line.strip() for line in _BLOCK.sub("", text).split("\n"))
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def modules(*entries: str, folder: Path = WEB, later: bool = True) -> dict[str, str]:
    """The text of every module that is needed, each after those that it imports.

    Args:
        entries: the modules to begin with.
        folder: where pages are.
        later: whether those that are fetched later are wanted, too.

    Raises:
        ValueError: for modules that import each other in a circle: none of them could come first.
    """
    needed = _needed if later else imports
    texts: dict[str, str] = {}
    waiting = list(entries)
    while waiting:
        path = waiting.pop()
        if path not in texts:
            texts[path] = lean((folder / path).read_text("utf-8"))
            waiting += needed(path, texts[path])
    needs = {path: needed(path, texts[path]) for path in sorted(texts)}
    try:
        return {path: texts[path] for path in TopologicalSorter(needs).static_order()}
    except CycleError as error:
        raise ValueError(f"modules import each other in a circle: {' -> '.join(error.args[1])}") from error


def _needed(path: str, text: str) -> list[str]:
    """What a module imports, at once or later."""
    return [*imports(path, text), *(_beside(path, found) for found in _LATER.findall(text))]


def preloads(entry: str, folder: Path = WEB) -> str:
    """Links that let a browser fetch all modules of a page at once, where imports would tell it level by level."""
    found = modules(entry, folder=folder, later=False)
    return "".join(f'<link rel="modulepreload" href="{path}">\n' for path in found)


def styles(folder: Path = WEB) -> str:
    """The style sheets of the page, in its order, as one."""
    return sheets(_STYLE.findall((folder / PAGE).read_text("utf-8")), folder)


def sheets(paths: Sequence[str], folder: Path = WEB) -> str:
    """Style sheets as one, in their order."""
    return "".join(lean((folder / path).read_text("utf-8")) for path in paths)


def bundle(entry: str, folder: Path = WEB) -> str:
    """A module with all that it needs as one text without imports: each module is a function that gives what it exports.

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

    text = _LATER.sub(lambda found: f"Promise.resolve({names[_beside(path, found[1])]})", text)
    body = _HANDED_ON.sub("", _EXPORT.sub("", _IMPORT.sub(taken, text)))
    exported = ", ".join([*_EXPORT.findall(text), *_HANDED_ON.findall(text)])
    other = _OTHER.search(body)
    if other is not None:
        raise ValueError(f"{path} has the line {other[0]!r}; expected import {{ a, b as c }} from, or export before a declaration")
    return f"// {path}\nconst {names[path]} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"
