"""The documentation as data: pages, their code blocks, their links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_RUN = re.compile(r"<!-- not run: \S.* -->")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        page: the file.
        line: of its first line of text.
        language: what stands behind the fence.
        text: between the fences.
        skipped: whether a comment in the line before says that it is not run.
        shown: the text of the ``text`` block that follows at once: what the block prints; None where there is none.
    """

    page: Path
    line: int
    language: str
    text: str
    skipped: bool
    shown: str | None


def pages() -> list[Path]:
    """Every page of the documentation."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(page: Path) -> str:
    """A page's path below the root."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    fences = list(_FENCE.finditer(text))
    found = []
    for fence, after in pairwise([*fences, None]):
        assert fence is not None
        before = text[: fence.start()].rstrip("\n").rpartition("\n")[2]
        at_once = after is not None and after[1] == "text" and not text[fence.end() : after.start()].strip()
        found.append(
            Block(page, text.count("\n", 0, fence.start()) + 2, fence[1], fence[2], bool(NOT_RUN.fullmatch(before)),
                  after[2] if after is not None and at_once else None)
        )  # fmt: skip
    return found


def examples(page: Path) -> list[tuple[str, str | None]]:
    """The commands of a page's shell blocks, in order, each with what it prints where the page shows that."""
    found: list[tuple[str, str | None]] = []
    for block in blocks(page):
        lines = [line for line in block.text.splitlines() if line.startswith("learnloop ")]
        if block.language == "sh" and not block.skipped and lines:
            found += [*((line, None) for line in lines[:-1]), (lines[-1], block.shown)]
    return found


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """Where the links of a page lead."""
    return _LINK.findall(_CODE.sub("", prose(page)))
