"""Narrations: utterances and pauses as one recording, and a silent one whenever something fails."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from browser.tools import missing
from learnloop.errors import UnknownName
from learnloop.lesson.voice import choose as choosing
from learnloop.lesson.voice.choose import choose
from learnloop.lesson.voice.model import Spoken, Utterance, VoiceError, Word
from learnloop.lesson.voice.narrate import narrate
from learnloop.lesson.voice.silent import Silent
from learnloop.lesson.voice.sound import LEAD, RATE, joined, levelled, mp3, mp3_seconds, resampled, soundfile, voiced
from lesson.said import words


@dataclass
class Humming:
    """A voice that hums a tenth of a second for each word; it fails at the word "fail"."""

    rate: int = 22_050
    name: str = "humming"
    identity: str = "humming 1"
    asked: list[str] = field(default_factory=list)

    def speak(self, utterances: Sequence[Utterance], language: str) -> Iterator[Spoken]:
        for one in utterances:
            self.asked.append(" ".join(word.spoken for word in one))
            if "fail" in self.asked[-1]:
                raise VoiceError("it is hoarse. Fix: tea.")
            at = np.arange(len(one) * self.rate // 10) / self.rate
            samples = (3000 * np.sin(2 * np.pi * 200 * at)).astype(np.int16)
            yield Spoken(tuple(k / 10 for k in range(len(one))), len(samples) / self.rate, samples, self.rate)


@pytest.fixture(autouse=True)
def _needed() -> None:
    try:
        import soundfile as _  # noqa: F401
    except ImportError:
        missing("soundfile")


def test_utterances_and_pauses_follow_each_other() -> None:
    told = narrate([words("one two"), words("three")], [0.5, 1.0, 2.0], Humming(), "en")
    assert told.starts == (0.5, 1.7) and told.voice == "humming" and told.silence == ""
    assert [one.starts for one in told.spoken] == [(0.0, 0.1), (0.0,)] and told.spoken[0].samples is None
    assert 3.8 <= told.seconds < 3.85
    assert told.mp3 is not None and mp3_seconds(told.mp3) == told.seconds


def test_there_is_always_room_for_the_beginning() -> None:
    told = narrate([words("one")], [0.0, 0.0], Humming(), "en")
    assert told.starts == (round(LEAD, 4),) and told.seconds >= told.starts[0] + 0.1


def test_nothing_to_say_is_said() -> None:
    told = narrate([], [0.0], Humming(), "en")
    assert told.starts == () and told.mp3 is not None
    told = narrate([[], words("one")], [0.5, 0.5, 0.0], Humming(), "en")
    assert told.starts == (0.5, 1.0) and told.spoken[0].starts == ()


def test_the_same_words_make_the_same_bytes() -> None:
    once, again = (narrate([words("one two")], [0.5, 1.0], Humming(), "en").mp3 for _ in range(2))
    assert once == again


@pytest.mark.parametrize("pauses", [[], [1.0], [1.0, 1.0, 1.0]])
def test_pauses_are_one_more_than_utterances(pauses: list[float]) -> None:
    with pytest.raises(ValueError, match="2 pauses"):
        narrate([words("one")], pauses, Humming(), "en")


def test_a_voice_that_fails_leaves_a_whole_narration_without_sound() -> None:
    told = narrate([words("one two"), words("fail now")], [0.5, 1.0, 2.0], Humming(), "en")
    assert told.mp3 is None and told.voice == "silent" and told.silence == "it is hoarse. Fix: tea."
    assert [len(one.starts) for one in told.spoken] == [2, 2] and told.seconds > 4


def test_what_was_said_before_is_not_said_again_even_if_the_rest_fails(tmp_path: Path) -> None:
    voice = Humming()
    narrate([words("one"), words("two"), words("fail")], [0.5] * 4, voice, "en", tmp_path)
    told = narrate([words("one"), words("new"), words("two")], [0.5] * 4, voice, "en", tmp_path)
    assert voice.asked == ["one", "two", "fail", "new"]
    assert told.mp3 == narrate([words("one"), words("new"), words("two")], [0.5] * 4, Humming(), "en").mp3


def test_a_lesson_of_hours_is_silent_before_anybody_speaks() -> None:
    voice = Humming()
    told = narrate([[Word("considerably", "considerably")] * 20_000], [0.5, 0.5], voice, "en")
    assert told.mp3 is None and "several" in told.silence and voice.asked == []


def test_without_soundfile_lessons_are_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "soundfile", None)
    told = narrate([words("one")], [0.5, 0.5], Humming(), "en")
    assert told.mp3 is None and 'pip install "learnloop[voice]"' in told.silence


def test_without_mp3_lessons_are_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundfile(), "available_formats", lambda: {"WAV": "WAV"})
    told = narrate([words("one")], [0.5, 0.5], Humming(), "en")
    assert told.mp3 is None and "no MP3" in told.silence


def test_an_encoder_that_does_something_else_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    write = soundfile().write
    monkeypatch.setattr(soundfile(), "write", lambda *given, **options: write(*given, **options | {"compression_level": 0.5}))
    with pytest.raises(VoiceError, match="another way"):
        mp3(np.zeros(RATE, np.int16))
    monkeypatch.setattr(soundfile(), "write", lambda file, samples, rate, format, subtype: None)
    with pytest.raises(VoiceError, match="cannot write"):
        mp3(np.zeros(RATE, np.int16))


def test_sound_keeps_its_pitch_and_level_at_another_rate() -> None:
    tone = 1000 * np.sin(2 * np.pi * 440 * np.arange(22_050) / 22_050)
    wanted = 1000 * np.sin(2 * np.pi * 440 * np.arange(24_000) / 24_000)
    assert np.abs(resampled(tone, 22_050) - wanted).max() < 1
    high = 1000 * np.sin(2 * np.pi * 20_000 * np.arange(48_000) / 48_000)
    assert np.abs(resampled(high, 48_000)).max() < 1  # what does not fit is left out, not folded down
    assert len(resampled(np.zeros(0), 22_050)) == 0


@pytest.mark.parametrize("loudness", [10, 300, 3000, 32_000])
def test_the_level_is_evened_out_without_clipping(loudness: int) -> None:
    speech = loudness * np.sin(np.arange(24_000) / 10) * (np.arange(24_000) % 6000 < 3000)  # a mean level of half its height
    (even,) = levelled([speech])
    level = np.sqrt(np.square(even.astype(float)).mean()) / 32_768
    assert np.abs(even).max() <= 0.9 * 32_768
    assert level == pytest.approx(min(0.1, 2 * loudness / 32_768), rel=0.03)  # at most four times as loud; half of it is silence
    assert levelled([np.zeros(5)])[0].tolist() == [0] * 5 and levelled([]) == []


def test_pieces_are_put_at_their_places() -> None:
    whole = joined([np.ones(24, np.int16), np.full(24, 2, np.int16)], [0.001, 0.003], 0.0035)
    assert whole.tolist() == [0] * 24 + [1] * 24 + [0] * 24 + [2] * 12
    assert voiced(np.zeros(9)) == (0, 0)


def test_voices_are_chosen_by_name() -> None:
    assert choose("none").name == "silent"
    assert choose("https://speech.example.org/v1").name == "speech.example.org"
    assert choose(None).name == choose("espeak").name == "espeak-ng"
    with pytest.raises(UnknownName, match="espeak"):
        choose("espaek")


def test_without_the_extra_there_is_no_voice_and_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    assert choosing.installed() is None
    voice = choose(None)
    assert isinstance(voice, Silent)
    told = narrate([words("one")], [0.5, 0.5], voice, "en")
    assert told.mp3 is None and 'pip install "learnloop[voice]"' in told.silence
    with pytest.raises(VoiceError, match="pip install"):
        choose("espeak")


def test_installed_means_importable_and_known(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert choosing.installed() is None
