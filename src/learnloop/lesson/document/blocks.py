"""A directive becomes a block: its body is read as what it is, and held against what its kind has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...errors import short
from ..problems import Place
from .directives import DIRECTIVES, Directive
from .fences import Fence, Stretch
from .findings import Findings, nearest
from .inline import read_line
from .latex import placed, read_latex
from .model import Block, Choice, FactRef, Given, Spans
from .narration import unsaid
from .numbers import typed_numbers
from .options import check_argument, check_options
from .prose import Passage, read_prose
from .references import fact_in
from .scan import CAPTION, PROSE, SAY


def read_block(fence: Fence, findings: Findings, language: str) -> Block | None:
    """Read a directive; None, and a problem, where there is none of that name.

    Args:
        fence: as it was written.
        findings: takes what is wrong.
        language: that words of numbers are looked for in.
    """
    name = fence.name.text
    directive = DIRECTIVES.get(name)
    if directive is None:
        if name:  # that there is none was said before
            findings.add(fence.name.place, f"there is no directive {short(name)}. {nearest(name, DIRECTIVES)}")
        return None
    check_argument(fence, directive.argument, findings)
    options = check_options(fence, directive, findings)
    texts = _texts(options, directive, findings, language)
    identity = options.pop("id", None)
    block = Block(name, fence.argument.text, fence.place, options, identity.text if identity else "", texts=texts, answer=_answer(options))
    if name in _RULES:
        _RULES[name](block, fence.body, findings)
    return _with_body(block, fence.body, directive, findings, language)


def _texts(options: dict[str, Given], directive: Directive, findings: Findings, language: str) -> dict[str, Spans]:
    """The options that hold text with facts, taken out of the others and read."""
    names = [name for name in options if directive.options[name].kind == "spans"]
    return {name: _spans(options.pop(name), directive.options[name].spoken, findings, language) for name in names}


def _spans(given: Given, spoken: bool, findings: Findings, language: str) -> Spans:
    def place(at: int) -> Place:
        return Place(given.place.line, given.place.column + at)

    for at, why in unsaid(given.text) if spoken else ():
        findings.add(place(at), why)
    return read_line(given.text, place, CAPTION, language, findings).spans


def _answer(options: dict[str, Given]) -> FactRef | None:
    """The fact that a check is about; that it is one was checked with the options."""
    given = options.get("answer")
    return None if given is None else fact_in(given.text, given.place, Findings(""))


def _with_body(block: Block, body: Stretch, directive: Directive, findings: Findings, language: str) -> Block:
    if body.blank:
        if directive.needed:
            findings.add(block.place, f"{block.name} is empty. Fix: its text below it, and ::: behind that.")
        return block
    if directive.body == "none":
        findings.add(Place(body.first, 1), f"{block.name} holds no text. Fix: close it with ::: before this line.")
        return block
    if directive.body == "raw":
        raw = Given("\n".join(body.lines), Place(body.first, 1))
        _check_raw(block, raw, findings, language)
        return replace(block, raw=raw)
    choices = block.name == "check" and "answer" not in block.options
    passages = read_prose(body, findings, language, SAY if block.name == "say" else PROSE, choices=choices)
    _check_passages(block.name, passages, findings)
    if choices:
        return replace(block, prose=tuple(p.prose for p in passages[:-1]), choices=_choices(block, passages, findings))
    return replace(block, prose=tuple(p.prose for p in passages))


def _check_raw(block: Block, raw: Given, findings: Findings, language: str) -> None:
    locate = placed(raw.text, raw.place)
    if block.name == "equation":
        read_latex(raw.text, locate, findings)
    elif block.name == "diagram":
        for number in typed_numbers(raw.text, language):
            findings.add(
                locate(number.at),
                f"{short(number.text)} is typed, and no facts are filled in here. Fix: say it in a caption or in prose.",
            )


def _check_passages(name: str, passages: list[Passage], findings: Findings) -> None:
    for passage in passages:
        if passage.kind == "heading":
            findings.add(passage.place, f"a heading within {name}. Fix: move it before the directive.")
        elif name == "say" and passage.kind != "paragraph":
            findings.add(passage.place, "what is said has no lists and no quotations. Fix: sentences.")


def _choices(block: Block, passages: list[Passage], findings: Findings) -> tuple[Choice, ...]:
    last = passages[-1]
    if last.kind != "bullets" or len(passages) < 2 or len(last.lines) < 2:
        findings.add(block.place, "a check is a question and, below it, a list of two choices or more. Fix: - It fell. {? loss.end < loss.start}, "
                     "for each of them; or :answer: with a fact, for a number.")  # fmt: skip
        return ()
    return tuple(Choice(line.spans, line.condition) for line in last.lines if line.condition)


def _diagram(block: Block, body: Stretch, findings: Findings) -> None:
    if block.argument == "boxes" and body.blank:
        findings.add(block.place, "boxes are drawn from lines of text. Fix: data -> network, below it.")
    elif block.argument != "boxes" and not body.blank:
        findings.add(
            Place(body.first, 1),
            f"only boxes are drawn from text, {short(block.argument)} is drawn from the run. Fix: delete it.",
        )


def _illustration(block: Block, body: Stretch, findings: Findings) -> None:
    argument = DIRECTIVES["illustration"].argument
    if block.argument and argument and block.argument not in argument.choices and "alt" not in block.options:
        findings.add(
            block.place,
            "an illustration from a file needs alt, for those who cannot see it. Fix: a line :alt: what it shows.",
        )


def _code(block: Block, body: Stretch, findings: Findings) -> None:
    if block.argument and not body.blank:
        findings.add(
            Place(body.first, 1),
            f"{block.argument} is made of the run, so it holds no text. Fix: delete the text, or the word behind code.",
        )
    elif not block.argument and body.blank:
        findings.add(block.place, "code without text. Fix: python, program or c behind its name, or text below it.")
    if block.argument and "language" in block.options:
        findings.add(block.options["language"].place, f"{block.argument} has its own language. Fix: delete the line.")
    for option in [name for name in ("part", "run") if name in block.options and not block.argument]:
        findings.add(block.options[option].place, f"{option} is of code that is made of the run. Fix: delete the line.")


def _check(block: Block, body: Stretch, findings: Findings) -> None:
    if "tolerance" in block.options and "answer" not in block.options:
        findings.add(
            block.options["tolerance"].place, "tolerance is of an answer that is a number. Fix: :answer: with a fact."
        )


_RULES: dict[str, Callable[[Block, Stretch, Findings], None]] = {
    "diagram": _diagram,
    "illustration": _illustration,
    "code": _code,
    "check": _check,
}
