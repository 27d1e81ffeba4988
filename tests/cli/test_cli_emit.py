"""``learnloop emit``: the command; what it writes is tested with the emission."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from installed import need
from learnloop import emit as emission
from learnloop import load


@pytest.fixture
def saved(learnloop, tmp_path) -> Path:
    words = ["--epochs", "1", "--out", str(tmp_path / "xor.run"), "--quiet", "--json"]
    return Path(json.loads(learnloop("train", "xor", *words).out)["saved"])


def test_c_by_path(learnloop, saved, tmp_path):
    result = learnloop("emit", str(saved), "--out", str(tmp_path / "c"))
    assert result.code == 0 and "network.c" in result.out and f"\ndigest    {load(saved).digest}\n" in result.out
    source = (tmp_path / "c" / "network.c").read_text()
    assert "whole learning loop" in source and (tmp_path / "c" / "vec.h").exists()


@pytest.mark.parametrize(("given", "folder"), [("xor-1", "xor-1"), ("last", "xor-1"), ("xor", "xor-1"), ("xor.run", "xor")])
def test_standalone_into_a_folder_named_after_it(learnloop, saved, tmp_path, monkeypatch, given, folder):
    monkeypatch.chdir(tmp_path)
    result = learnloop("emit", given, "--target", "standalone")
    assert result.code == 0 and "cc -O2" in result.out
    assert (tmp_path / f"{folder}-standalone" / "main.c").exists()


def test_json(answer, saved, tmp_path):
    found = answer("emit", "xor-1", "--out", str(tmp_path / "c"))
    assert found["digest"] == load(saved).digest and found["run"] == "xor-1" and found["target"] == "c"
    assert {Path(file).name for file in found["files"]} == {path.name for path in (tmp_path / "c").iterdir()}


@pytest.mark.parametrize("kind", ["c", "standalone", "wasm"])
def test_each_kind_calls_its_own_writer(learnloop, saved, tmp_path, monkeypatch, kind):
    def write(run, folder):
        (tmp_path / "made").write_text(run.digest)
        return [tmp_path / "made"]

    monkeypatch.setattr(emission, f"write_{kind}", write)
    result = learnloop("emit", str(saved), "--target", kind, "--out", str(tmp_path / "x"))
    assert result.code == 0 and "made" in result.out


def test_wasm_leaves_nothing_but_its_files_and_trains_anywhere(learnloop, saved, tmp_path):
    folder = tmp_path / "w"
    assert learnloop("emit", str(saved), "--target", "wasm", "--out", str(folder)).code == 0
    modules = {"network.wasm", "network-emulated.wasm"}
    assert {path.name for path in folder.iterdir()} == {*modules, "manifest.json", "data.bin", "network.mjs", "train.mjs"}
    assert {(folder / name).stat().st_mode & 0o777 for name in modules} == {0o644}
    node = need("node")
    (folder / "network.wasm").write_bytes(b"\0asm\1\0\0\0\xff")  # what no engine compiles, whatever it knows
    done = subprocess.run([node, "train.mjs"], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == json.loads((folder / "manifest.json").read_text())["digest"]
    assert "network-emulated.wasm" in done.stderr and "same as learnloop: yes" in done.stderr


def test_a_folder_that_cannot_be_made(learnloop, saved, tmp_path):
    (tmp_path / "file").write_text("")
    assert learnloop("emit", str(saved), "--out", str(tmp_path / "file" / "x")).code == 5


@pytest.mark.parametrize("kind", ["c", "standalone"])
def test_a_full_disk_leaves_no_part_of_a_file_and_names_it(learnloop, saved, tmp_path, monkeypatch, kind):
    def full(_):
        raise OSError(28, "No space left on device")

    folder = tmp_path / "c"
    monkeypatch.setattr("os.fsync", full)
    result = learnloop("emit", str(saved), "--target", kind, "--out", str(folder))
    assert result.code == 5 and f"{folder / 'network.c'} cannot be written: No space left on device. Fix: " in result.err
    assert list(folder.iterdir()) == []


def test_a_place_that_is_a_file(learnloop, saved):
    result = learnloop("emit", str(saved), "--out", str(saved))
    assert result.code == 5 and f"{saved} is a file, not a folder. Fix: " in result.err
