"""Every mistake: its exit code, and a message that says how to mend it."""

from __future__ import annotations

import click
import numpy as np
import pytest

from learnloop.cli import entry, training
from learnloop.cli.app import command
from learnloop.errors import ProgramError

BAD = {
    "train digts": "unknown data set 'digts'. Did you mean 'digits'",
    "train iris --hidden a,b": "--hidden is 'a,b'; expected whole numbers with commas, as in 64,32, or none.",
    "train iris --hidden 0": "--hidden is 0; expected a whole number from 1",
    "train iris --activation rulu": "unknown activation 'rulu'. Did you mean 'relu'",
    "train iris --loss mse": "the loss mse does not suit iris, which has 3 classes. Fix: --loss cross_entropy.",
    "train diabetes --loss cross_entropy": "which has numbers as targets. Fix: --loss mse or mae or huber.",
    "train iris --optimizer adm": "unknown optimizer 'adm'. Did you mean 'adam'",
    "train iris --momentum 0.9": "the optimizer adam has no momentum. Fix: leave out --momentum",
    "train iris --schedule fast": "--schedule is 'fast'; expected cosine or constant.",
    "train iris --learning-rate -1": "--learning-rate is -1.0; expected a number of at least 0.",
    "train iris --learning-rate nan": "--learning-rate is nan",
    "train iris --dropout 2": "--dropout is 2.0; expected a number from 0 to less than 1.",
    "train iris --weight-decay -1": "--weight-decay is -1",
    "train iris --epochs -1": "--epochs is -1; expected a whole number ",
    "train iris --epochs many": "Invalid value for '--epochs'",
    "train iris --batch-size 0": "--batch-size is 0",
    "train iris --threads 0": "--threads is 0",
    "train iris --seed -1": "--seed is -1",
    "train iris --dtype float16": "--dtype is 'float16'; expected 'float32' or 'float64'.",
    "train iris --test 1": "--test is 1; expected a share between 0 and 1",
    "train iris --validation 1.5": "--validation is 1.5; expected a share between 0 and 1",
    "train iris --nope": "No such option '--nope'.",
    "train iris --lr 1": "No such option '--lr'. Did you mean --learning-rate? Fix: learnloop train --help",
    "train iris --epoch 1": "No such option '--epoch'. Did you mean --epochs? Fix: ",
    "train iris --clip-norm -1": "--clip-norm is -1",
    "train": "Missing argument 'NAME'. Fix: learnloop train --help shows what it takes.",
    "tran iris": "No such command 'tran'. Did you mean train or branch? Fix: learnloop --help",
    "data wein": "unknown data set 'wein'. Did you mean 'wine'",
    "emit x --target pdf": "--target is 'pdf'; expected c, standalone, wasm.",
    "bench --only zzz": "unknown workload 'zzz'. Known: playground",
    "bench --repeats 0": "--repeats is 0; expected at least 1.",
    "bench --budget 0": "--budget is 0",
}


@pytest.mark.parametrize("words", BAD)
def test_bad_usage_ends_with_2_before_anything_is_done(learnloop, words, home):
    result = learnloop(*words.split())
    assert result.code == 2
    assert result.err.startswith("error: ") and BAD[words] in result.err
    assert result.out == "" and not home.exists()


def test_a_network_too_large_for_the_machine_is_refused_at_once(learnloop, home):
    result = learnloop("train", "digits", "--hidden", "99999999,99999999")
    assert result.code == 2 and result.out == "" and not home.exists()
    assert "the network needs" in result.err and "GiB" in result.err and "Fix: fewer units" in result.err


def test_memory_that_runs_out_later_is_one_error_too(learnloop, monkeypatch):
    monkeypatch.setattr(training, "prepare", lambda *_: np.zeros(1 << 60, np.uint8))
    result = learnloop("train", "iris")
    assert (
        result.code == 2
        and "error: the network needs 1 073 741 824.0 GiB" in result.err
        and "Fix: fewer units" in result.err
    )


def test_all_problems_come_at_once(learnloop):
    err = learnloop("train", "iris", "--hidden", "x", "--test", "0", "--epochs", "-2").err
    assert "3 problems:" in err and err.count("  - ") == 3
    wrong = "--learning-rate -1 --dropout 2 --weight-decay -1 --epochs -2 --activation rulu --hidden 4,4 --loss mse"
    err = learnloop("train", "iris", *wrong.split()).err
    assert "6 problems:" in err and err.count("  - ") == 6 and "?." not in err
    for part in (
        "--learning-rate is -1.0",
        "--dropout is 2.0",
        "--weight-decay is -1.0",
        "--epochs is -2",
        "Did you mean 'relu'",
    ):
        assert part in err


def test_a_missing_compiler_ends_with_4(learnloop, monkeypatch):
    monkeypatch.setenv("LEARNLOOP_CC", "no-such-compiler")
    result = learnloop("train", "iris")
    assert result.code == 4 and "'no-such-compiler' is not on the PATH. Fix:" in result.err


def test_an_unsafe_cache_ends_with_4(learnloop, monkeypatch, tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    monkeypatch.setenv("LEARNLOOP_CACHE", str(tmp_path / "open"))
    result = learnloop("train", "iris", "--quiet")
    assert result.code == 4 and "can be written by others" in result.err


@pytest.mark.parametrize("place", ["missing/a.run", "."])
def test_a_place_that_cannot_be_written_ends_with_5_before_anything_is_learnt(learnloop, tmp_path, place):
    result = learnloop("train", "iris", "--out", str(tmp_path / place))
    assert result.code == 5 and result.out == "" and "Fix: " in result.err


def test_a_data_folder_that_is_a_file_ends_with_5_before_anything_is_learnt(learnloop, home):
    home.parent.parent.write_text("in the way")
    result = learnloop("train", "iris")
    assert result.code == 5 and result.out == "" and "cannot be written" in result.err and "--no-record" in result.err
    assert learnloop("train", "iris", "--quiet", "--no-record").code == 0


def test_no_such_run_ends_with_2_and_suggests(learnloop, shared):
    result = learnloop("emit", "iriss-1")
    assert result.code == 2 and "unknown run 'iriss-1'. Did you mean 'iris-1'" in result.err


def test_a_beginning_of_several_ends_with_2(learnloop, shared):
    assert learnloop("emit", "iris").err == "error: 'iris' begins iris-3, iris-2, iris-1. Fix: write more of it.\n"


def test_an_empty_store_says_how_to_fill_it(learnloop, home):
    result = learnloop("emit", "last")
    assert result.code == 2 and not home.exists()
    assert result.err == "error: unknown run 'last': the store holds no run yet. Fix: learnloop train digits makes one.\n"


def test_a_file_that_is_no_run_or_may_not_be_read_ends_with_5(learnloop, tmp_path, monkeypatch):
    (tmp_path / "b.py").write_text("print('no run at all')")
    result = learnloop("emit", str(tmp_path / "b.py"))
    assert result.code == 5 and "b.py is no run of learnloop. Fix: " in result.err

    def closed(self, *_):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("pathlib.Path.open", closed)
    result = learnloop("emit", str(tmp_path / "b.py"))
    assert result.code == 5 and "b.py cannot be read: Permission denied. Fix: " in result.err


def test_a_cache_that_is_a_file_ends_with_4(learnloop, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LEARNLOOP_CACHE", str(tmp_path / "file"))
    result = learnloop("train", "iris", "--quiet")
    assert result.code == 4 and f"{tmp_path / 'file'}, is a file. Fix: set LEARNLOOP_CACHE" in result.err


def test_a_damaged_run_ends_with_5(learnloop, tmp_path):
    (tmp_path / "bad.run").write_bytes(b"nothing")
    result = learnloop("emit", str(tmp_path / "bad.run"))
    assert result.code == 5 and "cannot be read as a run" in result.err


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (ProgramError("a rule is wrong"), 1, "a rule is wrong"),
        (OSError(28, "No space left on device", "/x"), 5, "/x: No space left on device. Fix:"),
    ],
)
def test_other_errors(learnloop, monkeypatch, error, code, text):
    def fail(*_):
        raise error

    monkeypatch.setattr(training, "prepare", fail)
    result = learnloop("train", "iris")
    assert result.code == code and text in result.err


def test_faults_of_ours_keep_their_traceback(learnloop, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(training, "prepare", fail)
    with pytest.raises(ZeroDivisionError):
        learnloop("train", "iris")


def test_nothing_a_user_types_steers_the_terminal_or_is_taken_for_markup(learnloop):
    err = learnloop("train", "[red]\x1b[31m\udcff").err
    assert "[red]" in err and "\x1b" not in err
    assert entry.printable("a\x1b\r\udcffµ\n") == "a\\x1b\\r\\udcffµ\n"


def test_errors_are_red_on_a_terminal_only(capsys, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    entry.complain("no")
    assert capsys.readouterr().err == "\x1b[1;31merror: \x1b[0mno\n"
    monkeypatch.setenv("NO_COLOR", "1")
    entry.complain("no")
    assert capsys.readouterr().err == "error: no\n"


def test_help_documents_the_exit_codes(learnloop):
    out = " ".join(learnloop("--help").out.split())
    for part in ("0 all is well", "2 bad usage", "3 the training diverged", "4 a problem with the compiler", "130"):
        assert part in out
    assert learnloop().out == learnloop("--help").out


@pytest.mark.parametrize("words", ["", *command().commands])
def test_help_fits_80_columns_and_leaves_nothing_out(learnloop, words):
    out = learnloop(*words.split(), "--help").out
    assert max(map(len, out.splitlines())) <= 80
    known = command().commands[words] if words else command()
    texts = [p.help if isinstance(p, click.Option) else p.about for p in known.params]
    texts += [c.help for c in getattr(known, "commands", {}).values()]
    assert all(text in " ".join(out.split()) for text in texts)


def test_help_puts_the_options_of_train_in_groups(learnloop):
    heads = [line for line in learnloop("train", "--help").out.splitlines() if line.endswith(":")]
    assert heads == ["Arguments:", "Network:", "Learning:", "Data:", "Output:", "Options:"]


def test_help_lists_the_commands_in_sections(learnloop):
    heads = [line for line in learnloop("--help").out.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert heads == ["Options:", "Train:", "Look:", "Ask:", "Teach:", "Keep:", "This machine:"]


def every_command():
    for name, known in command().commands.items():
        yield from ((f"{name} {own}", inner) for own, inner in getattr(known, "commands", {"": known}).items())


@pytest.mark.parametrize(("name", "known"), list(every_command()), ids=lambda value: value if isinstance(value, str) else "")
def test_every_command_has_json(name, known):
    assert "--json" in {option for parameter in known.params for option in parameter.opts}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("train my_csv", "unknown data set 'my_csv'."),
        ("train iris --target species", "iris is no file of your own: its target cannot be chosen. Fix: leave out --target"),
        ("train iris --epochs 99999999999999999999", "expected a whole number from 0 to 2147483647."),
        ("train iris --learning-rate inf", "--learning-rate is inf; expected a finite number of at least 0."),
        ("runs --delete", "requires an argument. Fix: learnloop runs --help shows what it takes."),
    ],
)
def test_what_newcomers_type(learnloop, words, text):
    result = learnloop(*words.split())
    assert result.code == 2 and text in result.err
