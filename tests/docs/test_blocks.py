"""Every Python block of the documentation runs, and prints what the page says; every command exists."""

from __future__ import annotations

import contextlib
import doctest
import io
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.pages import ROOT, Block, blocks, examples, name_of, pages
from learnloop.cli import main
from learnloop.cli.app import command

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def with_python() -> list[Path]:
    return [page for page in pages() if any(b.language == "python" for b in blocks(page))]


@pytest.mark.parametrize("page", with_python(), ids=name_of)
def test_python_blocks(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of a page share their names, and run in order in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEARNLOOP_STORE", str(tmp_path / "runs.sqlite"))
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page):
        if block.language == "python" and not block.skipped:
            check(block, run(block, names))


def run(block: Block, names: dict[str, object]) -> str:
    """What a block prints."""
    out = io.StringIO()
    code = compile("\n" * (block.line - 1) + block.text, str(block.page), "exec", dont_inherit=True)
    with contextlib.redirect_stdout(out):
        exec(code, names)  # noqa: S102
    return out.getvalue()


def check(block: Block, printed: str) -> None:
    """A ``text`` block right behind a Python block is what it prints; ``...`` stands for anything."""
    if block.shown is None:
        return
    example = doctest.Example(block.text, block.shown)
    checker = doctest.OutputChecker()
    if not checker.check_output(block.shown, printed, OPTIONS):
        difference = checker.output_difference(example, printed, OPTIONS)
        pytest.fail(f"{name_of(block.page)}:{block.line}: {difference}")


def test_hardly_any_block_is_skipped() -> None:
    skipped = [f"{name_of(b.page)}:{b.line}" for page in pages() for b in blocks(page) if b.skipped]
    assert len(skipped) <= 2, skipped


def test_blocks_say_what_they_are() -> None:
    loose = [f"{name_of(b.page)}:{b.line}" for page in pages() for b in blocks(page) if not b.language]
    assert not loose, loose


def test_commands_of_the_page_of_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """They run in order in an empty folder with a store of its own, and print what the page says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEARNLOOP_STORE", str(tmp_path / "runs.sqlite"))
    monkeypatch.setenv("COLUMNS", "80")
    page, checker = ROOT / "docs/commands.md", doctest.OutputChecker()
    for words, shown in examples(page):
        code, (out, err) = main(shlex.split(words)[1:]), capsys.readouterr()
        assert code == 0, f"{words}: {err}"
        if shown is not None and not checker.check_output(shown, out, OPTIONS):
            pytest.fail(f"{words}: {checker.output_difference(doctest.Example(words, shown), out, OPTIONS)}")


def shell_lines() -> Iterator[tuple[str, list[str]]]:
    for page in pages():
        for block in blocks(page):
            if block.language == "sh":
                for offset, line in enumerate(block.text.splitlines()):
                    words = shlex.split(line, comments=True)
                    if words and words[0] == "learnloop":
                        yield f"{name_of(page)}:{block.line + offset}", words[1:]


@pytest.mark.parametrize(
    ("place", "words"), list(shell_lines()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_commands_of_shell_blocks_exist(place: str, words: list[str]) -> None:
    """The command line would take them: the command is there, its options are, and their values have the right type."""
    group = command()
    if words[0].startswith("-"):
        assert words[0] in {option for parameter in group.get_params(_context(group)) for option in parameter.opts}
        return
    assert words[0] in group.commands, f"{place}: there is no command {words[0]}"
    known = group.commands[words[0]]
    if not {"-h", "--help"} & set(words):
        known.make_context(words[0], words[1:], parent=_context(group))


def _context(group):  # type: ignore[no-untyped-def]
    return group.context_class(group, info_name="learnloop")
