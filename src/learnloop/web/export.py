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

_THEME, _ENTRY = "js/theme.js", "js/enclosed.js"
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
    theme, main, style = _whole((WEB / _THEME).read_text("utf-8")), _whole(bundle(_ENTRY)), styles()
    blocks = {"worker": bundle(WORKER).encode(), **page.blocks}
    inert = [_json("session", page.session), *(_zipped(name, data) for name, data in blocks.items())]
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


def policy(scripts: list[str], sheets: list[str]) -> str:
    """What the page may do: run what has these hashes and what it makes of itself; ask nobody for anything.

    >>> policy(["1"], []).split("; ")[1]
    "script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=' 'wasm-unsafe-eval'"
    """
    return "; ".join([
        "default-src 'none'", f"script-src {' '.join(map(_hash, scripts))} 'wasm-unsafe-eval'", "worker-src blob:",
        f"style-src {' '.join(map(_hash, sheets))}".rstrip(), "img-src data:", "base-uri 'none'", "form-action 'none'",
    ])  # fmt: skip


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _whole(text: str) -> str:
    if _ENDS.search(text):
        raise ValueError("a script holds </script or <!--, which would end its block")
    return text


def _json(name: str, data: Mapping[str, Any]) -> str:
    """Plain data that no name in it can get out of: every < is written as an escape."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="block-{name}">{text}</script>'


def _zipped(name: str, data: bytes) -> str:
    text = b64encode(gzip.compress(data, 9, mtime=0)).decode()
    return f'<script type="application/gzip;base64" id="block-{name}">{text}</script>'
