"""What a browser plays at a time is what the narration has at that time: from the start, and behind any seek."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest

from browser.tools import missing
from learnloop.lesson.voice.espeak import installed
from learnloop.lesson.voice.model import Array, Word
from learnloop.lesson.voice.narrate import Narration, narrate
from learnloop.lesson.voice.sound import RATE, mp3, mp3_seconds

WRONG = 0.020
"""Seconds by which a word may be heard early or late."""
SECONDS = 25.0
SWEEP = 0.5
"""Seconds in which a tone rises from LOW by RISE Hz, again and again: its height tells the time."""
LOW, RISE = 300.0, 5000.0

DECODED = """async (url) => {
  const bytes = Uint8Array.from(atob(url.split(",")[1]), (letter) => letter.charCodeAt(0));
  const buffer = await new OfflineAudioContext(1, 24000, 24000).decodeAudioData(bytes.buffer);
  const audio = new Audio(url);
  await new Promise((done, failed) => { audio.onloadedmetadata = done; audio.onerror = () => failed(audio.error.message); });
  return {samples: Array.from(buffer.getChannelData(0)), seconds: buffer.duration, shown: audio.duration};
}"""

HEARD = """async ([url, places]) => {
  const audio = new Audio(url), context = new AudioContext({sampleRate: 24000});
  const listener = context.createScriptProcessor(1024, 1, 1);
  context.createMediaElementSource(audio).connect(listener);
  listener.connect(context.destination);
  await context.resume();
  await new Promise((done) => { audio.oncanplaythrough = done; audio.load(); });
  const heard = [];
  for (const place of places) {
    audio.pause();
    await new Promise((done) => { audio.onseeked = done; audio.currentTime = place; });
    await audio.play();
    const blocks = [];
    await new Promise((done, failed) => {
      setTimeout(() => failed(new Error(`nothing is heard at ${place}`)), 20_000);
      listener.onaudioprocess = ({inputBuffer}) => {
        blocks.push([audio.currentTime, Array.from(inputBuffer.getChannelData(0))]);
        if (blocks.length === 24) done();
      };
    });
    listener.onaudioprocess = null;
    heard.push(blocks);
  }
  await context.close();
  return heard;
}"""


@pytest.fixture
def blank(chromium: Any) -> Any:
    """An empty page that was clicked: sound may play."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_content("<p>sound</p>")
    page.click("p")
    yield page
    context.close()


def address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def clicks(times: list[float]) -> Array:
    """Short tones, the middle of each at its time."""
    samples = np.zeros(round(SECONDS * RATE))
    offsets = np.arange(round(0.02 * RATE)) - round(0.01 * RATE)
    tone = 20_000 * np.sin(2 * np.pi * 1000 * offsets / RATE) * np.hanning(len(offsets))
    for time in times:
        samples[round(time * RATE) + offsets] = tone
    return samples.astype(np.int16)


def test_a_sound_is_heard_at_its_time_and_the_whole_is_as_long_as_told(blank: Any) -> None:
    times = [0.1, 0.5, 1.0, 12.0, 23.9, 24.8]
    encoded = mp3(clicks(times))
    got = blank.evaluate(DECODED, address("audio/mpeg", encoded))
    power = np.square(got["samples"])
    for time in times:
        near = slice(round((time - 0.08) * RATE), round((time + 0.08) * RATE))
        middle = (np.arange(near.start, near.stop)[: len(power[near])] * power[near]).sum() / power[near].sum() / RATE
        assert abs(middle - time) < WRONG
    assert abs(got["seconds"] - SECONDS) < 0.050 + 0.024  # up to a frame is filled
    assert abs(got["seconds"] - mp3_seconds(encoded)) < 0.050
    assert abs(got["shown"] - mp3_seconds(encoded)) < 0.050


def sweeps() -> Array:
    at = (np.arange(round(SECONDS * RATE)) / RATE) % SWEEP
    return (12_000 * np.sin(2 * np.pi * (LOW * at + RISE * at**2 / (2 * SWEEP)))).astype(np.int16)


def lateness(blocks: list[tuple[float, list[float]]]) -> float:
    """Seconds from what a player says to what it plays, within half a sweep."""
    late = []
    for time, block in blocks[5:]:
        spectrum = np.abs(np.fft.rfft(np.array(block) * np.hanning(len(block)), 1 << 16))
        at = (spectrum.argmax() * RATE / (1 << 16) - LOW) / RISE * SWEEP
        if spectrum.max() > 10 and 0.1 * SWEEP < at < 0.9 * SWEEP:
            late.append((time - at + SWEEP / 2) % SWEEP - SWEEP / 2)
    assert len(late) > 5
    return float(np.median(late))


def wav(samples: Array) -> bytes:
    """The witness: in a WAV, a browser finds every sample."""
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def test_behind_any_seek_the_words_are_still_where_the_player_says(blank: Any) -> None:
    places = [0.0, 1.1, 7.37, 21.001, 3.3]
    samples = sweeps()
    witness = blank.evaluate(HEARD, [address("audio/wav", wav(samples)), places])
    heard = blank.evaluate(HEARD, [address("audio/mpeg", mp3(samples)), places])
    wrong = [lateness(ours) - lateness(true) for ours, true in zip(heard, witness, strict=True)]
    assert max(map(abs, wrong)) < WRONG, dict(zip(places, wrong, strict=True))


@pytest.fixture(scope="module")
def told() -> Narration:
    voice = installed()
    if voice is None:
        missing("espeakng-loader")
    said = ["An answer comes out.", "Only then, all of it.", "An error, again."]
    utterances = [[Word(word, word) for word in text.split()] for text in said]
    narration = narrate(utterances, [0.5] * 4, voice, "en")
    assert narration.mp3, narration.silence
    return narration


def test_every_utterance_is_heard_when_it_is_told_to_begin(blank: Any, told: Narration) -> None:
    got = blank.evaluate(DECODED, address("audio/mpeg", told.mp3 or b""))
    level = np.abs(got["samples"])
    for start, spoken in zip(told.starts, told.spoken, strict=True):
        begin = round((start - 0.2) * RATE)
        first = begin + int(np.flatnonzero(level[begin:] > 0.02)[0])
        assert abs(first / RATE - start) < WRONG
        assert level[round((start + spoken.seconds + 0.1) * RATE) :][: RATE // 5].max() < 0.01
    assert abs(got["seconds"] - told.seconds) < 0.050
