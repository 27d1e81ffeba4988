"""The marks of running text as rules for the Markdown parser: facts, formulas, cues, and what lessons do not have."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.token import Token

from ...errors import short
from .latex import read_latex
from .model import Given
from .references import address_problem, cue_in, fact_in
from .scan import Scan

_ORDINARY = re.compile(r"[^\n\\`{}$*_\[\]!<&]+")
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
_ENTITY = re.compile(r"&#?[A-Za-z0-9]{1,32};")
_TARGET = re.compile(r"\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_TICKS = re.compile(r"`+")
_VERB = re.compile(r"(?:draw|point|set):")


@cache
def parser() -> MarkdownIt:
    """The parser: blocks as in CommonMark without HTML and references, running text by the rules below."""
    markdown = MarkdownIt("commonmark", {"html": False})
    markdown.block.ruler.disable(["html_block", "reference"])
    markdown.inline.ruler.enableOnly([])
    for rule in (_text, _newline, _escape, _code, _braces, _formula, _emphasis, _image, _link, _tag, _entity, _rest):
        markdown.inline.ruler.push(f"lesson{rule.__name__}", rule)
    markdown.inline.ruler2.enableOnly(["balance_pairs", "emphasis"])
    return markdown


def tokens_of(scan: Scan) -> list[Token]:
    """The tokens of a text; each knows in ``meta["at"]`` where it begins."""
    markdown = parser()
    return markdown.inline.parse(scan.content, markdown, {"scan": scan}, [])


def _scan(state: StateInline) -> Scan:
    found: Scan = state.env["scan"]
    return found


def _put(state: StateInline, kind: str, content: str, at: int, after: int, **meta: object) -> bool:
    token = state.push(kind, "", 0)
    token.content, token.meta = content, {"at": at, **meta}
    state.pos = after
    return True


def _text(state: StateInline, silent: bool) -> bool:
    match = _ORDINARY.match(state.src, state.pos, state.posMax)
    return match is not None and _put(state, "text", match[0], state.pos, match.end())


def _newline(state: StateInline, silent: bool) -> bool:
    at = after = state.pos
    if state.src[at] != "\n":
        return False
    if state.src[max(0, at - 2) : at] == "  ":
        _scan(state).wrong(
            at - 2, "two spaces at the end of a line would break it. Fix: delete them, or begin a new paragraph."
        )
    while after < state.posMax and state.src[after] in " \t\n":
        after += 1
    return _put(state, "softbreak", " ", at, after)


def _escape(state: StateInline, silent: bool) -> bool:
    at, scan = state.pos, _scan(state)
    if state.src[at] != "\\" or scan.role.narrated:
        return False
    character = state.src[at + 1] if at + 1 < state.posMax else ""
    if character == "\n":
        scan.wrong(at, "a backslash at the end of a line would break it. Fix: delete it, or begin a new paragraph.")
    if character not in _PUNCTUATION or not character:
        return _put(state, "text", "\\", at, at + 1)
    return _put(state, "text", character, at + 1, at + 2)


def _code(state: StateInline, silent: bool) -> bool:
    at, scan = state.pos, _scan(state)
    if state.src[at] != "`" or scan.role.narrated:
        return False
    end = scan.enclosed.get(at, 0)
    run = _TICKS.match(state.src, at)
    ticks = len(run[0]) if run else 0
    if not end or end > state.posMax:
        return _put(state, "text", "`" * ticks, at, at + ticks)
    content, at = state.src[at + ticks : end - ticks].replace("\n", " "), at + ticks
    if content.strip() and content[0] == content[-1] == " ":
        content, at = content[1:-1], at + 1
    return _put(state, "code", content, at, end)


def _braces(state: StateInline, silent: bool) -> bool:
    at, scan = state.pos, _scan(state)
    if state.src[at] != "{":
        return False
    end = scan.enclosed.get(at, 0)
    if not end or end > state.posMax:
        scan.wrong(at, r"a brace that is not closed. Fix: {loss.start} for a fact, \{ for a brace that shall be seen.")
        return _put(state, "text", "{", at, at + 1)
    inner = state.src[at + 1 : end - 1]
    if inner.startswith("?"):
        return _condition(state, inner[1:], at, end)
    fact = fact_in(inner, scan.locate(at), scan.findings)
    return _put(state, "fact", "", at, end, fact=fact)


def _condition(state: StateInline, text: str, at: int, end: int) -> bool:
    scan = _scan(state)
    if not scan.role.conditions:
        scan.wrong(
            at, f"{short('{?' + text + '}')} is a condition, and only a choice of a check has one. Fix: delete it."
        )
    elif not text.strip():
        scan.wrong(at, "a condition without a fact. Fix: {? loss.end < loss.start}, for example.")
    inner = at + 2 + len(text) - len(text.lstrip())
    return _put(state, "condition", "", at, end, condition=Given(text.strip(), scan.locate(inner)))


def _formula(state: StateInline, silent: bool) -> bool:
    at, scan = state.pos, _scan(state)
    if state.src[at] != "$" or scan.role.narrated:
        return False
    end = scan.enclosed.get(at, 0)
    if not end or end > state.posMax:
        scan.wrong(
            at, r"a dollar sign without a second one. Fix: $z$ for a formula, \$ for a dollar sign that shall be seen."
        )
        return _put(state, "text", "$", at, at + 1)
    latex = state.src[at + 1 : end - 1]
    if not latex:
        scan.wrong(at, "two dollar signs would begin a formula on lines of its own. Fix: :::{equation}.")
    else:
        read_latex(latex, lambda inner: scan.locate(at + 1 + inner), scan.findings)
    return _put(state, "math", latex, at + 1, end)


def _emphasis(state: StateInline, silent: bool) -> bool:
    at, known = state.pos, len(state.tokens)
    if not emphasis.tokenize(state, silent):
        return False
    for number, token in enumerate(state.tokens[known:]):
        token.meta = {"at": at + number}
    return True


def _image(state: StateInline, silent: bool) -> bool:
    at, scan = state.pos, _scan(state)
    close = scan.pairs.get(at + 1, 0) if state.src.startswith("![", at) else 0
    if not close or close > state.posMax or state.src[close + 1 : close + 2] not in ("(", "["):
        return False
    scan.wrong(at, "an image. Fix: :::{illustration} file.png, with :alt:.")
    target = _TARGET.match(state.src, close + 1, state.posMax)
    return _put(state, "text", state.src[at : close + 1], at, target.end() if target else close + 1)


def _link(state: StateInline, silent: bool) -> bool:
    at, scan = state.pos, _scan(state)
    close = scan.pairs.get(at, 0)
    if state.src[at] != "[" or not close or close > state.posMax:
        return False
    after = state.src[close + 1 : close + 2]
    if after == "(":
        return _target(state, at, close)
    begins_line = at == 0 or state.src[at - 1] == "\n"
    if after == "[" or (after == ":" and begins_line) or state.src[at + 1] == "^":
        scan.wrong(
            at, "links lead from where they stand, without a list of addresses or notes. Fix: [words](https://...)."
        )
    return False


def _target(state: StateInline, at: int, close: int) -> bool:
    scan = _scan(state)
    match = _TARGET.match(state.src, close + 1, state.posMax)
    if match is None:
        scan.wrong(close + 1, "a link leads to one address without spaces and titles. Fix: [words](https://...).")
        return False
    if scan.linked:  # one within the other would also nest as deep as somebody likes
        scan.wrong(at, "a link within a link. Fix: one after the other.")
        return False
    meta = _meaning(scan, match[1], at, close + 2)
    if not state.src[at + 1 : close].strip():
        scan.wrong(at, "a link without words. Fix: [words](...).")
    token = state.push("link_open", "", 1)
    token.meta = {"at": at, **meta}
    most = state.posMax
    state.pos, state.posMax, scan.linked = at + 1, close, True
    state.md.inline.tokenize(state)
    state.pos, state.posMax, scan.linked = match.end(), most, False
    state.push("link_close", "", -1).meta = {"at": close}
    return True


def _meaning(scan: Scan, target: str, at: int, inner: int) -> dict[str, object]:
    """What a link is: an address or a cue; neither where it is a problem."""
    if _VERB.match(target):
        if not scan.role.narrated:
            scan.wrong(at, f"a cue needs words that are spoken, and {scan.role.name} is not. Fix: move it into a say.")
            return {}
        return {"cue": cue_in(target, scan.locate(at), scan.findings)}
    problem = address_problem(target)
    if problem:
        scan.wrong(inner, problem)
    elif not scan.role.links:
        scan.wrong(at, f"{scan.role.name} leads nowhere. Fix: move the link into the text.")
    return {} if problem else {"link": target}


def _tag(state: StateInline, silent: bool) -> bool:
    match = _TAG.match(state.src, state.pos, state.posMax)
    if match:
        what = (
            "an address in angle brackets"
            if match[0].startswith(("<http", "<mailto"))
            else f"{short(match[0])}: a lesson holds no HTML"
        )
        _scan(state).wrong(
            state.pos, rf"{what}. Fix: [words](https://...) for links, directives for the rest, \< for a sign."
        )
        return _put(state, "text", match[0], match.start(), match.end())
    return False


def _entity(state: StateInline, silent: bool) -> bool:
    match = _ENTITY.match(state.src, state.pos, state.posMax)
    if match and unescape(match[0]) != match[0]:
        _scan(state).wrong(
            state.pos, rf"{short(match[0])} stands for a character. Fix: the character itself, or \& for the sign."
        )
    return False


def _rest(state: StateInline, silent: bool) -> bool:
    return _put(state, "text", state.src[state.pos], state.pos, state.pos + 1)
