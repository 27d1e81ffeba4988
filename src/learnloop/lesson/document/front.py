"""Front matter: YAML without anything that could grow or call, each value with its place."""

from __future__ import annotations

import datetime
import re
from urllib.parse import urlsplit

from ...errors import short
from ..problems import Place
from .fences import Stretch
from .findings import Findings, nearest
from .model import Front
from .numbers import typed_numbers
from .references import address_problem
from .values import NoYaml, Value, values_of

KEYS = ("title", "subtitle", "category", "date", "language", "level", "author", "learn", "base-url")
LEVELS = ("beginner", "intermediate", "advanced")
_MOST_LEARNT = 20
_LONGEST = 300
_NUMBERLESS = ("title", "subtitle", "category", "learn")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MISSING = "no front matter. Fix: begin with a line ---, a line title: What it is about, and a line ---."


def read_front(lines: list[str], findings: Findings) -> tuple[Front, int]:
    """Read the front matter.

    Args:
        lines: of the whole document.
        findings: takes what is wrong.

    Returns:
        (front matter; how many lines it takes).
    """
    if lines[0].rstrip() != "---":
        findings.add(Place(1, 1), _MISSING)
        return Front(""), 0
    end = next((k for k, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        findings.add(Place(1, 1), "the front matter is not closed. Fix: a line --- behind it.")
        end = next((k for k, line in enumerate(lines) if not line.strip()), len(lines)) - 1
    written = Stretch(2, tuple(lines[1:end]))
    values: dict[str, Value] = {}
    try:
        for value in values_of(written):
            if value.key in values:
                findings.add(value.place, f"{value.key} is given twice. Fix: one of them.")
            values[value.key] = value
    except NoYaml as wrong:
        findings.add(wrong.place, wrong.why)
        return Front(""), end + 1
    return _front(values, written, findings), end + 1


def _front(values: dict[str, Value], written: Stretch, findings: Findings) -> Front:
    for key in values:
        if key not in KEYS:
            findings.add(values[key].place, f"{short(key)} is nothing that front matter says. {nearest(key, KEYS)}")
    texts = {key: _text(values[key], findings) for key in KEYS if key in values and key != "learn"}
    learn = _learn(values["learn"], findings) if "learn" in values else ()
    if not texts.get("title", "title" in values):
        findings.add(
            values["title"].place if "title" in values else Place(1, 1),
            "no title. Fix: a line title: What it is about.",
        )
    checks = {"date": _date, "language": _language, "level": _level, "base-url": _base_url}
    for key, check in checks.items():
        if texts.get(key) and (why := check(texts[key])):
            findings.add(values[key].texts[0].place, why)
    _check_numbers(values, texts.get("language", "en"), written, findings)
    plain = {key.replace("-", "_"): text for key, text in texts.items() if text and key != "title"}
    return Front(
        texts.get("title", ""), **plain, learn=learn, places={key: value.place for key, value in values.items()}
    )


def _text(value: Value, findings: Findings) -> str:
    if value.listed:
        findings.add(
            value.place, f"{value.key} is a list, one text is expected. Fix: {value.key}: a text, on the same line."
        )
        return ""
    text = value.texts[0].text.strip()
    if "\n" in text or len(text) > _LONGEST:
        findings.add(value.place, f"{value.key} has {len(text)} characters on {text.count(chr(10)) + 1} lines, at most {_LONGEST} on one are "
                     "expected. Fix: shorten it.")  # fmt: skip
    if not text and value.key != "title":
        findings.add(value.place, f"{value.key} is empty. Fix: a text behind it, or delete the line.")
    return text


def _learn(value: Value, findings: Findings) -> tuple[str, ...]:
    if not value.listed or not value.texts or len(value.texts) > _MOST_LEARNT:
        findings.add(
            value.place,
            f"learn is a list of at most {_MOST_LEARNT} lines. Fix: learn: on a line, below it lines that begin with -.",
        )
        return ()
    for text in value.texts:
        if not text.text.strip() or "\n" in text.text.strip() or len(text.text) > _LONGEST:
            findings.add(text.place, f"a line of at most {_LONGEST} characters is expected. Fix: - What the loss says")
    return tuple(text.text.strip() for text in value.texts)


def _date(text: str) -> str:
    try:
        if _DATE.fullmatch(text) and datetime.date.fromisoformat(text):
            return ""
    except ValueError:
        pass
    return f"{short(text)} is no date. Fix: year, month and day as in 2026-11-25."


def _language(text: str) -> str:
    return "" if _LANGUAGE.fullmatch(text) else f"{short(text)} is no language. Fix: a tag, as in en or en-GB."


def _level(text: str) -> str:
    return "" if text in LEVELS else f"{short(text)} is no level. {nearest(text, LEVELS)}"


def _base_url(text: str) -> str:
    fix = "Fix: the address of the folder that the page is published in, as in https://example.org/lessons/."
    if not text.startswith("https://") or address_problem(text):
        return f"{short(text)} is no https address. {fix}"
    parts = urlsplit(text)
    return (
        f"{short(text)} has more than host and path. {fix}"
        if parts.query or parts.fragment or "?" in text or "#" in text
        else ""
    )


def _check_numbers(values: dict[str, Value], language: str, written: Stretch, findings: Findings) -> None:
    for key in _NUMBERLESS:
        for text in values[key].texts if key in values else ():
            for number in typed_numbers(text.text, language):
                line = written.lines[text.place.line - written.first]
                at = line.find(number.text, text.place.column - 1)
                place = text.place if at < 0 else Place(text.place.line, at + 1)
                findings.add(
                    place,
                    f"{short(number.text)} is typed, and front matter knows no facts. Fix: a word up to ten, or leave it out.",
                )
