"""The files of the page: a fixed table, read once. No path of a request ever reaches the file system."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ..web.assets import PAGE, lean, preloads

WEB = Path(__file__).parent.parent / "web"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
"""What is served, by the end of its name; anything else in the folder is not."""
ENTRY = "js/main.js"
LEAN = (".js", ".css")
"""What is served without its comments."""


@dataclass(frozen=True)
class Asset:
    """A file of the page.

    Attributes:
        content: its bytes.
        kind: its media type.
        tag: changes with the content.
    """

    content: bytes
    kind: str
    tag: str


def assets(folder: Path = WEB) -> dict[str, Asset]:
    """All files of the page by their path below the folder, with slashes; links are left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in TYPES and path.is_file() and not path.is_symlink():
            content = _served(path, folder)
            kind = f"{TYPES[path.suffix]}; charset=utf-8"
            found[path.relative_to(folder).as_posix()] = Asset(content, kind, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
    return found


def _served(path: Path, folder: Path) -> bytes:
    if path.suffix in LEAN:
        return lean(path.read_text("utf-8")).encode()
    if path.name != PAGE:
        return path.read_bytes()
    links = preloads(ENTRY, folder) if (folder / ENTRY).exists() else ""
    return path.read_text("utf-8").replace("</head>", f"{links}</head>", 1).encode()
