"""What a lesson is besides a page: plain Markdown with its facts filled in; the event list; captions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from .captions import sentences, vtt
from .document.model import Front
from .events import Say
from .model import Lesson, Passage, Piece, Shown, Text, Told
from .page.data import event_list
from .voice.model import Word

_SIGNS = re.compile(r"[\\`*\[\]<>|&$~]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown would take for more than text; underscores inside of words, as in dense_1, mean nothing to it."""
_BEGINS = re.compile(r"^(\s*)(#|\+|-|=|>|\d+(?=[.)]))")
_NUMBERED = re.compile(r"^(\s*\d+)([.)])")


def markdown(lesson: Lesson) -> str:
    """The lesson as Markdown.

    Args:
        lesson: what was built.

    Returns:
        Text that ends with a line feed: facts are filled in, drawings are described, formulas are LaTeX between dollar signs,
        and what is said stands where it is said. The same lesson gives the same text.
    """
    blocks = [f"# {safe(lesson.front.title)}", *_head(lesson)]
    for told in lesson.chapters:
        blocks += _chapter(told)
    blocks += _runs(lesson)
    return "\n\n".join(block for block in blocks if block) + "\n"


def safe(text: str) -> str:
    r"""Text as Markdown that shows just this text, on one line.

    >>> safe("<b>dense_1</b> is *not* bold"), safe("1. no list")
    ('\\<b\\>dense_1\\</b\\> is \\*not\\* bold', '1\\. no list')
    """
    line = _SIGNS.sub(lambda found: f"\\{found[0]}", " ".join(text.split("\n")))
    return _safe_begin(line)


def _safe_begin(line: str) -> str:
    """A line that begins no list, heading or quotation."""
    if _NUMBERED.match(line):
        return _NUMBERED.sub(r"\1\\\2", line)
    return _BEGINS.sub(r"\1\\\2", line)


def _head(lesson: Lesson) -> Iterator[str]:
    front = lesson.front
    if front.subtitle:
        yield f"*{safe(front.subtitle).strip()}*"
    yield safe(" · ".join(_about(front, lesson.seconds, len(lesson.chapters))))
    if front.learn:
        yield "**What you will learn**"
        yield "\n".join(f"- {safe(line)}" for line in front.learn)


def _about(front: Front, seconds: float, chapters: int) -> list[str]:
    known = [front.category, f"By {front.author}" if front.author else "", front.date, front.level]
    minutes, rest = divmod(round(seconds), 60)
    return [*filter(None, known), f"{minutes} min {rest} s", f"{chapters} chapter{'s' * (chapters != 1)}"]


def _chapter(told: Told) -> Iterator[str]:
    yield f"## {inline(told.title)}"
    for beat in told.beats:
        for shown in beat.shown:
            yield from _WRITERS[shown.kind](shown)
        yield from _passages(beat.said)


def inline(text: Text) -> str:
    """A line of text with its marks and links."""
    return _safe_begin("".join(map(_piece, text))) if text else ""


def _piece(piece: Piece) -> str:
    if piece.mathml is not None:
        return f"${piece.text.strip()}$"
    text = _code(piece.text) if "code" in piece.marks else _SIGNS.sub(lambda found: f"\\{found[0]}", " ".join(piece.text.split("\n")))
    if text.strip():
        for mark, sign in (("em", "*"), ("strong", "**")):
            text = _around(text, sign) if mark in piece.marks else text
    return f"[{text}](<{_address(piece.link)}>)" if piece.link else text


def _address(link: str) -> str:
    """A link that ends where it should, whatever is in it."""
    return "".join(f"%{ord(sign):02X}" if sign in "<>\\" or ord(sign) <= 32 else sign for sign in link)


def _around(text: str, sign: str) -> str:
    """Marks lie close to their words, or they are none."""
    inner = text.strip()
    left, right = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{left}{sign}{inner}{sign}{right}"


def _code(text: str) -> str:
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _passages(passages: tuple[Passage, ...]) -> Iterator[str]:
    for passage in passages:
        yield _PASSAGES[passage.kind](passage)


def _items(passage: Passage, mark: Callable[[int], str]) -> str:
    return "\n".join(f"{mark(number)} {inline(line)}" for number, line in enumerate(passage.lines, 1))


_PASSAGES: Mapping[str, Callable[[Passage], str]] = {
    "paragraph": lambda passage: "\n\n".join(map(inline, passage.lines)),
    "heading": lambda passage: f"{'#' * (passage.level + 1)} {inline(passage.lines[0])}",  # chapters have two signs
    "bullets": lambda passage: _items(passage, lambda _: "-"),
    "numbers": lambda passage: _items(passage, lambda number: f"{number}."),
    "quote": lambda passage: "\n>\n".join(f"> {inline(line)}" for line in passage.lines),
}


def _prose(shown: Shown) -> Iterator[str]:
    yield from _passages(shown.passages)


def _note(shown: Shown) -> Iterator[str]:
    """A note as a quotation that begins with its title."""
    title = [f"**{safe(shown.title)}**"] if shown.title else []
    body = "\n\n".join([*title, *_passages(shown.passages)])
    yield "\n".join(f"> {line}".rstrip() for line in body.split("\n"))


def _equation(shown: Shown) -> Iterator[str]:
    lines = [line.strip() for line in shown.code.split("\n") if line.strip()]
    yield "\n".join(["$$", *lines, "$$"])
    label = f" ({safe(shown.label)})" if shown.label else ""
    yield f"*In words{label}: {safe(shown.spoken)}*"


def _picture(shown: Shown) -> Iterator[str]:
    """What a picture shows, in words."""
    if shown.image is not None:
        yield f"> **Picture.** {safe(shown.image[2])}"
    elif shown.sketch is not None:
        drawing = shown.sketch[0]
        yield f"> **{safe(drawing.title)}.** {safe(drawing.description)}"
    if shown.caption:
        yield f"*{inline(shown.caption).strip()}*"


def _live(shown: Shown) -> Iterator[str]:
    yield from _picture(shown)
    if shown.ask:
        yield f"*Your turn, in the page: {safe(shown.ask)}*"


def _listing(shown: Shown) -> Iterator[str]:
    fence = "`" * max(3, max(map(len, re.findall("`+", shown.code)), default=0) + 1)
    language = shown.language if re.fullmatch(r"[\w+-]*", shown.language) else ""
    yield f"{fence}{language}\n{shown.code.rstrip()}\n{fence}"
    if shown.caption:
        yield f"*{inline(shown.caption).strip()}*"


def _question(shown: Shown) -> Iterator[str]:
    yield "**A question**"
    yield from _passages(shown.passages)
    if shown.number is not None:
        yield f"Answer: {safe(shown.number[2])}"
        return
    yield "\n".join(f"- {inline(answer.text)}" for answer in shown.answers)
    yield f"Answer: {'; '.join(inline(answer.text) for answer in shown.answers if answer.right)}"


_WRITERS: Mapping[str, Callable[[Shown], Iterator[str]]] = {
    "prose": _prose, "note": _note, "equation": _equation, "diagram": _picture, "illustration": _picture, "plot": _picture,
    "live": _live, "code": _listing, "check": _question,
}  # fmt: skip


def _runs(lesson: Lesson) -> Iterator[str]:
    """What was trained, so that anybody can do it again."""
    lines = []
    for name, known in lesson.runs.items():
        words = [f"`{known.run.digest}`", *([_code(known.command)] if known.command else [])]
        lines.append(f"- {f'{safe(name)}: ' if name else ''}SHA-256 of the weights {', '.join(words)}")
    yield "## The runs of this lesson"
    yield "Every number above is a fact of these runs; whoever does them again gets the same bits."
    yield "\n".join(lines)




def captions(lesson: Lesson) -> str:
    """What is said, as WebVTT, with the times of the sound; estimated ones where there is none."""
    said = {beat.id: beat.said for told in lesson.chapters for beat in told.beats}
    cues = [cue for event in lesson.events if isinstance(event, Say) for cue in sentences(_words(said[event.beat]), event.words, event.end)]
    return vtt(cues)


def _words(passages: tuple[Passage, ...]) -> list[Word]:
    """The words of a beat as they are shown; one that is made of several pieces is one word."""
    found: dict[int, str] = {}
    for passage in passages:
        for piece in (piece for line in passage.lines for piece in line):
            if piece.word is not None:
                found[piece.word] = found.get(piece.word, "") + piece.text
    return [Word(found[number], found[number]) for number in sorted(found)]


__all__ = ["captions", "event_list", "markdown", "safe"]
