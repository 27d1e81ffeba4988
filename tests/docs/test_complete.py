"""Nothing is missing from the documentation: names, rules, commands, errors; and no link leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import learnloop as ll
from docs.pages import ROOT, examples, links, name_of, pages, prose
from learnloop import errors
from learnloop.cli.app import command
from learnloop.cli.entry import CODES, EPILOG
from learnloop.data import datasets
from learnloop.rules import ACTIVATIONS, INITIALIZERS, LAYERS, LOSSES, OPTIMIZERS, SCHEDULES

COMMANDS = ROOT / "docs/commands.md"
API, ERRORS = prose(ROOT / "docs/api.md"), prose(ROOT / "docs/errors.md")
RULES = {
    "activation": list(ACTIVATIONS),
    "layer": [kind.__name__ for kind in LAYERS],
    "loss": list(LOSSES),
    "optimizer": list(OPTIMIZERS),
    "schedule": [kind.__name__ for kind in SCHEDULES.values()],
    "initializer": list(INITIALIZERS),
}


def rows(text: str) -> set[str]:
    """The first cells of the tables of a page: what it describes, each between backticks."""
    cells = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return {name.split("(")[0] for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize("name", ll.__all__)
def test_public_names(name: str) -> None:
    assert name in rows(API)


def test_public_names_are_there() -> None:
    assert len(set(ll.__all__)) == len(ll.__all__)
    assert all(hasattr(ll, name) for name in ll.__all__)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in RULES.items() for name in names])
def test_rules(kind: str, name: str) -> None:
    assert name in rows(API), f"the {kind} {name} has no row in docs/api.md"


@pytest.mark.parametrize("name", datasets.names())
def test_data_sets(name: str) -> None:
    assert name in rows(API)


def members(kind: type) -> list[str]:
    own = {name: None for base in reversed(kind.mro()[:-1]) for name in vars(base)}
    return [n for n in own if not n.startswith("_") and n != "with_engine"]


@pytest.mark.parametrize("name", [*members(ll.Run), *members(ll.Network)])
def test_members_of_runs_and_networks(name: str) -> None:
    assert name in rows(API)


def test_errors() -> None:
    kinds = {
        n for n, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.LearnloopError)
    }
    assert kinds <= rows(ERRORS)


def test_exit_codes() -> None:
    codes = {code for _, code in CODES} | {int(code) for code in re.findall(r"\b\d+\b", EPILOG)}
    assert {str(code) for code in codes} <= rows(ERRORS)


@pytest.mark.parametrize("name", list(command().commands))
def test_commands(name: str) -> None:
    assert re.search(rf"\blearnloop {name}\b", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert f"learnloop {name}" in rows(prose(ROOT / "docs/quickstart.md"))
    assert name in anchors(COMMANDS) and name in {words.split()[1] for words, _ in examples(COMMANDS)}


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_relative_links(page: Path) -> None:
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, part = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name_of(page)}: {link} leads nowhere"
        assert target.is_relative_to(ROOT), f"{name_of(page)}: {link} leads out of the repository"
        assert not part or part in anchors(target), f"{name_of(page)}: {link} has no such heading"


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    heads = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_page_can_be_found_from_the_readme() -> None:
    seen, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        for link in links(page):
            target = (page.parent / link.partition("#")[0]).resolve()
            found = sorted(target.glob("*.md")) if target.is_dir() else [target]
            waiting += [p for p in found if p.suffix == ".md" and p.exists() and p not in seen]
    assert seen >= set(pages())


@pytest.mark.parametrize("page", sorted((ROOT / "docs/decisions").glob("*.md")), ids=name_of)
def test_decisions_have_three_parts(page: Path) -> None:
    heads = re.findall(r"^## (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert heads == ["Context", "Decision", "Consequences"]
    assert len(page.read_text(encoding="utf-8").splitlines()) < 40
