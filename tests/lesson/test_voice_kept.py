"""What was spoken is kept: whole, for its words and voice alone, by its owner alone, and not without end."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from learnloop.lesson.voice import kept
from learnloop.lesson.voice.model import Spoken
from lesson.said import words

SPOKEN = Spoken((0.0, 0.4), 0.75, np.arange(18_000, dtype=np.int16), 24_000)


@dataclass(frozen=True)
class Named:
    identity: str
    name: str = "named"

    def speak(self, utterances: object, language: str) -> None:
        raise AssertionError


def file(home: Path) -> Path:
    (path,) = home.iterdir()
    return path


def test_what_is_kept_is_what_was_spoken(tmp_path: Path) -> None:
    kept.save(tmp_path, "a", SPOKEN)
    again = kept.load(tmp_path, "a", 2)
    assert again is not None and again.samples is not None and SPOKEN.samples is not None
    assert (again.starts, again.seconds, again.rate) == (SPOKEN.starts, SPOKEN.seconds, SPOKEN.rate)
    assert again.samples.tobytes() == SPOKEN.samples.tobytes() and again.samples.dtype == np.int16
    assert kept.load(tmp_path, "b", 2) is None and kept.load(tmp_path, "a", 3) is None
    assert stat.S_IMODE(file(tmp_path).stat().st_mode) == 0o600


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda whole: whole[:-1],
    "a bit": lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]),
    "empty": lambda whole: b"",
    "other": lambda whole: b"x" * len(whole),
    "header": lambda whole: whole[:40] + b"}" + whole[41:],
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_not_there(tmp_path: Path, damage: str) -> None:
    kept.save(tmp_path, "a", SPOKEN)
    file(tmp_path).write_bytes(DAMAGE[damage](file(tmp_path).read_bytes()))
    assert kept.load(tmp_path, "a", 2) is None
    kept.save(tmp_path, "a", SPOKEN)
    assert kept.load(tmp_path, "a", 2) is not None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    kept.save(tmp_path, "a", SPOKEN)
    (tmp_path / "b.spoken").symlink_to(file(tmp_path))
    assert kept.load(tmp_path, "b", 2) is None


def test_the_name_depends_on_voice_language_and_spoken_words() -> None:
    some = words("The loss")
    names = {
        kept.key(Named("one"), "en", some),  # type: ignore[arg-type]
        kept.key(Named("two"), "en", some),  # type: ignore[arg-type]
        kept.key(Named("one"), "de", some),  # type: ignore[arg-type]
        kept.key(Named("one"), "en", words("The loss.")),  # type: ignore[arg-type]
        kept.key(Named("one"), "en", [*some, *words("fell")]),  # type: ignore[arg-type]
    }
    assert len(names) == 5


def test_the_oldest_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.save(tmp_path, "a", SPOKEN)
    size = file(tmp_path).stat().st_size
    kept.save(tmp_path, "b", SPOKEN)
    os.utime(tmp_path / "a.spoken", (1, 1))
    os.utime(tmp_path / "b.spoken", (2, 2))
    assert kept.load(tmp_path, "a", 2) is not None  # used now: b is the oldest
    monkeypatch.setattr(kept, "MOST", 2 * size)
    kept.save(tmp_path, "c", SPOKEN)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.spoken", "c.spoken"]


def test_what_cannot_be_kept_is_not(tmp_path: Path) -> None:
    kept.save(tmp_path / "missing", "a", SPOKEN)
    (tmp_path / "a.spoken").mkdir()
    kept.save(tmp_path, "a", SPOKEN)
    assert [path.name for path in tmp_path.iterdir()] == ["a.spoken"]


def test_the_folder_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEARNLOOP_CACHE", str(tmp_path / "cache"))
    home = kept.folder()
    assert home == tmp_path / "cache" / "voice" and stat.S_IMODE(home.stat().st_mode) == 0o700
    home.chmod(0o777)
    assert kept.folder() is None
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LEARNLOOP_CACHE", str(tmp_path / "file"))
    assert kept.folder() is None
    monkeypatch.delenv("LEARNLOOP_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    found = kept.folder()
    assert found is not None and found.is_relative_to(tmp_path) and found.name == "voice"
