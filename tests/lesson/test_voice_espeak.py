"""espeak-ng: a start for every word, text that stays text, and every way in which the other process may fail."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from browser.tools import missing
from learnloop.lesson.voice.espeak import LONGEST, Espeak, first_of_each, installed, sent
from learnloop.lesson.voice.model import Spoken, VoiceError, Word
from lesson.said import LESSON, words


@pytest.fixture(scope="module")
def voice() -> Espeak:
    found = installed()
    if found is None:
        missing("espeakng-loader")
    return found


def said(voice: Espeak, text: str, language: str = "en") -> Spoken:
    (spoken,) = voice.speak([words(text)], language)
    return spoken


def refused(voice: Espeak, text: str = "Hello.", language: str = "en") -> str:
    with pytest.raises(VoiceError) as caught:
        said(voice, text, language)
    return str(caught.value)


def test_every_word_has_its_start_also_where_the_engine_joins_and_splits(voice: Espeak) -> None:
    text = "The loss of the well-known network is 0.693, i.e. it isn't 98.3 % — Dr. ReLU (so-called) [3] knows. A U.S. 1,005th of it!"
    spoken = said(voice, text)
    assert len(spoken.starts) == len(text.split())
    assert spoken.starts[0] < 0.05
    assert all(a < b for a, b in zip(spoken.starts, spoken.starts[1:], strict=False))
    assert spoken.starts[-1] < spoken.seconds
    assert spoken.samples is not None and spoken.samples.dtype == np.int16 and len(spoken.samples) == round(spoken.seconds * spoken.rate)


def test_words_are_heard_at_their_starts(voice: Espeak) -> None:
    spoken = said(voice, "Ann, all, mean, ten, as, loss, up.")
    assert spoken.samples is not None
    loud = np.abs(spoken.samples.astype(float)) > 300
    for start in spoken.starts[1:]:
        at = round(start * spoken.rate)
        assert not loud[at - spoken.rate // 20 : at - spoken.rate // 100].any()  # a comma's silence
        assert loud[at : at + round(0.07 * spoken.rate)].any()  # a t is closed for 50 ms


def test_it_speaks_at_a_pleasant_pace(voice: Espeak) -> None:
    spoken = said(voice, LESSON)
    assert 140 < len(LESSON.split()) / spoken.seconds * 60 < 170


def test_the_same_words_sound_the_same_whatever_was_said_before(voice: Espeak) -> None:
    alone = said(voice, "The loss fell.")
    *_, later = voice.speak([words(LESSON), words("And so on."), words("The loss fell.")], "en")
    assert alone.samples is not None and later.samples is not None
    assert alone.samples.tobytes() == later.samples.tobytes() and alone.starts == later.starts


def test_markup_and_commands_are_text(voice: Espeak) -> None:
    assert said(voice, 'one <break time="30s"/> two').seconds < 15
    marked = [Word("one", "one"), Word("two", "\x0150stwo\x00\ud800"), Word("three", "three")]
    (spoken,) = voice.speak([marked], "en")
    assert spoken.seconds == said(voice, "one 50stwo three").seconds
    assert len(spoken.starts) == 3


def test_words_without_a_sound_have_starts_too(voice: Espeak) -> None:
    (spoken,) = voice.speak([[Word("-", "…"), Word("a", ""), Word("b", "fell"), Word("|", "\x00")]], "en")
    assert list(spoken.starts) == sorted(spoken.starts) and len(spoken.starts) == 4
    nothing, empty = voice.speak([[Word("|", "")], []], "en")
    assert (nothing.starts, nothing.seconds, empty.starts) == ((0.0,), 0.0, ())


@pytest.mark.parametrize("language", ["en", "en-US", "en-GB", "en_AU", "de", "de-AT", "pt-BR", "zh", "no", "fr"])
def test_it_speaks_the_language_or_the_one_that_it_is_a_kind_of(voice: Espeak, language: str) -> None:
    assert said(voice, "hallo", language).seconds > 0.2


def test_languages_differ(voice: Espeak) -> None:
    sounds = {said(voice, "Information und Norm", language).samples.tobytes() for language in ("en", "en-GB", "de", "fr")}  # type: ignore[union-attr]
    assert len(sounds) == 4


@pytest.mark.parametrize("language", ["xx", "", "../../../../etc/passwd", "en+f3", "a" * 5000])
def test_an_unknown_language_is_named_with_those_that_are_known(voice: Espeak, language: str) -> None:
    message = refused(voice, language=language)
    assert "does not speak" in message and " en-us," in message and "Fix:" in message and len(message) < 2500


HOSTILE = ["a.b." * 3000, "a.b. " * 2000, "1" * 5000, "-" * 5000, "<" * 5000, "[[" * 2000 + "]]", "日本" * 1000, "😀" * 1000, "é" * 3000, "%s%n" * 500]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:4] for text in HOSTILE])
def test_hostile_text_is_spoken(voice: Espeak, text: str) -> None:
    spoken = said(voice, text)
    assert len(spoken.starts) == len(text.split()) and list(spoken.starts) == sorted(spoken.starts)


def test_too_long_an_utterance_is_refused_before_the_engine_sees_it(voice: Espeak) -> None:
    assert "split it" in refused(voice, "word " * (LONGEST // 5 + 1))


@settings(max_examples=15)
@given(st.lists(st.text(max_size=12), max_size=20))
def test_any_words_have_starts_that_never_fall(texts: list[str]) -> None:
    found = installed()
    if found is None:
        missing("espeakng-loader")
    (spoken,) = found.speak([[Word(text, text) for text in texts]], "en")
    assert len(spoken.starts) == len(texts)
    assert list(spoken.starts) == sorted(spoken.starts)
    assert all(0 <= start <= spoken.seconds for start in spoken.starts)


def test_the_first_piece_of_a_word_counts_and_no_start_is_before_the_one_before() -> None:
    text, places = sent(words("it is 0.693 now"))
    assert text == "it is 0.693 now" and places == [0, 3, 6, 12]
    events = [(0, 0), (6, 400), (7, 900), (7, 1000), (11, 300)]  # "is" was joined; "now" is told at its space, and too early
    assert first_of_each(events, places, 100) == [0.0, None, 4.0, 4.0]


WORKERS = {
    "import os; os.abort()": "broke off (-6)",
    "import sys; sys.exit('no memory')": "broke off (1: no memory)",
    "import time; time.sleep(60)": "did not answer within 1 seconds",
    "print('hello')": "something else than speech",
    "pass": "something else than speech",
    "import sys; sys.stdout.buffer.write(b'\\xff' * 5000)": "something else than speech",
    "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\x02[]')": "something else than speech",
    "import sys; h = b'{\"rate\": 22050, \"samples\": 9, \"events\": []}'; sys.stdout.buffer.write(bytes([0, 0, 0, len(h)]) + h + b'12')": "something else than speech",
}


@pytest.mark.parametrize("program", WORKERS)
def test_a_process_that_fails_is_told(voice: Espeak, tmp_path: Path, program: str) -> None:
    (tmp_path / "worker.py").write_text(program)
    message = refused(replace(voice, worker=tmp_path / "worker.py", patience=1.0 if "sleep" in program else 30.0))
    assert WORKERS[program] in message and "--voice none" in message


def test_a_process_that_cannot_start_is_told(voice: Espeak, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert "could not be started" in refused(voice)


def test_a_library_or_data_that_cannot_be_used_is_told(voice: Espeak, tmp_path: Path) -> None:
    (tmp_path / "text.so").write_text("no library")
    (tmp_path / "data").mkdir()
    for broken in (
        replace(voice, library=str(tmp_path / "missing.so")),
        replace(voice, library=str(tmp_path / "text.so")),
        replace(voice, data=str(tmp_path / "missing")),
        replace(voice, data=str(tmp_path / "data")),
    ):
        message = refused(broken)
        assert "cannot be loaded" in message and "pip install" in message


def test_data_may_lie_at_the_end_of_a_path_of_any_length(voice: Espeak, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["größe-" * 20] * 5)
    deep.mkdir(parents=True)
    (deep / "data").symlink_to(voice.data)
    assert said(replace(voice, data=str(deep / "data")), "The loss fell.").starts == said(voice, "The loss fell.").starts


def test_the_engine_is_never_in_our_own_process() -> None:
    program = (
        "import sys\n"
        "from learnloop.lesson.voice.espeak import installed\n"
        "from learnloop.lesson.voice.model import Word\n"
        "voice = installed()\n"
        "print(len(list(voice.speak([[Word('a', 'a')]], 'en')))) if voice else print(1)\n"
        "assert 'espeakng_loader' not in sys.modules and 'soundfile' not in sys.modules\n"
        "from pathlib import Path\n"
        "maps = Path('/proc/self/maps')\n"
        "assert not maps.exists() or 'espeak' not in maps.read_text()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout == "1\n", done.stderr
