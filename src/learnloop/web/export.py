"""One file that is a whole page: opens from disk, asks nobody for anything, and computes inside.

The policy names the two scripts and the one style by their hashes. Data lie in blocks that the browser does not run, and so
does the worker, which the page makes a blob of. See docs/decisions/0017-one-file.md.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from .assets import WEB, WORKER, bundle, styles

THEME = "js/theme.js"
"""The script that chooses light or dark before anything is drawn."""
_ENTRY = "js/enclosed.js"
_ENDS = re.compile(r"</script|<!--", re.IGNORECASE)
"""What would end a block, or begin a comment in it."""


@dataclass(frozen=True)
class Page:
    """What a page is about.

    Attributes:
        title, description: of the page, as plain text.
        session: what the page opens with; see ``explore.onefile``.
        blocks: what it reads by name: "kit", "kit-emulated", "data", "source".
        still: a picture and a summary for browsers without JavaScript: HTML that was escaped.
        compact: whether to leave out what takes room.
    """

    title: str
    description: str
    session: Mapping[str, Any]
    blocks: Mapping[str, bytes]
    still: str = ""
    compact: bool = False


def one_file(page: Page) -> bytes:
    """The page as one HTML file; the same page gives the same bytes.

    Raises:
        ValueError: for a script that no block can hold.
    """
    theme, main, style = enclosable((WEB / THEME).read_text("utf-8")), enclosable(bundle(_ENTRY)), styles()
    blocks = {"worker": bundle(WORKER).encode(), **page.blocks}
    inert = [json_block("session", page.session), *(packed_block(name, data) for name, data in blocks.items())]
    lines = [
        "<!doctype html>", f'<html lang="en"{" data-compact" if page.compact else ""}>', "<head>", '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy([theme, main], [style])}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">', '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(page.title)}</title>", f'<meta name="description" content="{escape(page.description)}">',
        f'<meta property="og:title" content="{escape(page.title)}">', '<link rel="icon" href="data:,">',
        f"<style>{style}</style>", f"<script>{theme}</script>", "</head>", "<body>", '<div id="explorer"></div>',
        f"<noscript>{page.still}</noscript>", *inert, f'<script type="module">{main}</script>', "</body>", "</html>", "",
    ]  # fmt: skip
    return "\n".join(lines).encode()


def policy(scripts: list[str], sheets: list[str], *, media: bool = False) -> str:
    """What the page may do: run what has these hashes and what it makes of itself; ask nobody for anything.

    Args:
        scripts, sheets: the texts of its scripts and style sheets.
        media: whether it holds sound.

    >>> policy(["1"], []).split("; ")[1]
    "script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=' 'wasm-unsafe-eval'"
    """
    return "; ".join([
        "default-src 'none'", f"script-src {' '.join(map(_hash, scripts))} 'wasm-unsafe-eval'", "worker-src blob:",
        f"style-src {' '.join(map(_hash, sheets))}".rstrip(), "img-src data:", *(["media-src data:"] if media else []),
        "base-uri 'none'", "form-action 'none'",
    ])  # fmt: skip


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def enclosable(text: str) -> str:
    """A script as it is, if a block can hold it.

    Raises:
        ValueError: if something in it would end the block.
    """
    if _ENDS.search(text):
        raise ValueError("a script holds </script or <!--, which would end its block")
    return text


def json_block(name: str, data: Mapping[str, Any], kind: str = "application/json") -> str:
    """Plain data that no name in it can get out of: every < is written as an escape."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return f'<script type="{kind}" id="block-{name}">{text}</script>'


def packed_block(name: str, data: bytes) -> str:
    """Bytes, compressed; without a time, so that the same bytes give the same block."""
    text = b64encode(gzip.compress(data, 9, mtime=0)).decode()
    return f'<script type="application/gzip;base64" id="block-{name}">{text}</script>'
