"""Speech endpoints: what is asked, what comes of it, and every way in which an endpoint may fail or mean harm."""

from __future__ import annotations

import http.server
import io
import json
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from browser.tools import missing
from learnloop.lesson.voice import decode, endpoint, request
from learnloop.lesson.voice.decode import decoded
from learnloop.lesson.voice.endpoint import KEY, MODEL, NAME
from learnloop.lesson.voice.model import Spoken, VoiceError, Word
from learnloop.lesson.voice.narrate import narrate
from learnloop.lesson.voice.request import Request, post
from learnloop.lesson.voice.sound import RATE
from lesson.said import words

QUIET = "quiet-word-0123456789"


def recording(seconds: float = 1.0, rate: int = 24_000, channels: int = 1, kind: str = "WAV", silence: float = 0.25) -> bytes:
    """A tone with silence before and behind it."""
    try:
        import soundfile
    except ImportError:
        missing("soundfile")
    tone = 0.3 * np.sin(2 * np.pi * 300 * np.arange(round(seconds * rate)) / rate)
    quiet = np.zeros(round(silence * rate))
    samples = np.concatenate([quiet, tone, quiet])
    file = io.BytesIO()
    soundfile.write(file, np.stack([samples] * channels, axis=1), rate, format=kind, **({"subtype": "PCM_16"} if kind == "WAV" else {}))
    return file.getvalue()


Answer = Callable[["Handler"], None]


class Handler(http.server.BaseHTTPRequestHandler):
    """Notes what it is asked, and answers as the test has it."""

    server: Server

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), json.loads(content)))
        self.server.answer(self)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers), None))

    def log_message(self, *_: Any) -> None:
        pass

    def send(self, body: bytes, status: int = 200, kind: str = "audio/wav", length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    """An endpoint on this machine."""

    asked: list[tuple[str, dict[str, str], Any]]
    answer: Answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: Any) -> None:  # a client that goes away is what some tests are about
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as started:
        started.daemon_threads = True
        started.asked, started.answer = [], lambda handler: handler.send(recording())
        thread = threading.Thread(target=started.serve_forever, args=(0.02,))
        thread.start()
        yield started
        started.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, QUIET)
    monkeypatch.delenv(MODEL, raising=False)
    monkeypatch.delenv(NAME, raising=False)


def said(server: Server, text: str) -> Spoken:
    (spoken,) = endpoint.endpoint(server.url).speak([words(text)], "en")
    return spoken


def refused(server: Server, text: str = "Hello.") -> str:
    with pytest.raises(VoiceError) as caught:
        said(server, text)
    message = str(caught.value)
    assert QUIET not in message and QUIET not in repr(caught.value.__cause__)
    assert "127.0.0.1" in message and "Fix:" in message
    return message


def test_it_asks_sentence_by_sentence_as_openai_does(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MODEL, "kokoro")
    monkeypatch.setenv(NAME, "bella")
    said(server, "The loss fell. Why?")
    (path, headers, first), (_, _, second) = server.asked
    assert path == "/v1/audio/speech" and headers["Authorization"] == f"Bearer {QUIET}" and headers["Content-Type"] == "application/json"
    assert first == {"model": "kokoro", "voice": "bella", "input": "The loss fell.", "response_format": "wav"}
    assert second["input"] == "Why?"


def test_without_a_key_none_is_sent_and_settings_have_defaults(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY)
    said(server, "Hello.")
    ((_, headers, asked),) = server.asked
    assert "Authorization" not in headers and (asked["model"], asked["voice"]) == ("tts-1", "alloy")


def test_sentences_start_where_their_sound_does_and_words_in_between(server: Server) -> None:
    spoken = said(server, "The loss fell. It is small.")
    assert spoken.rate == RATE and spoken.samples is not None and spoken.samples.dtype == np.int16
    assert len(spoken.starts) == 6 and list(spoken.starts) == sorted(spoken.starts)
    loud = np.abs(spoken.samples.astype(float)) > 1000
    silent_until_now = int(np.flatnonzero(loud)[0]) / RATE
    assert spoken.starts[0] == pytest.approx(silent_until_now, abs=0.01)
    second = round(spoken.starts[3] * RATE)
    assert not loud[second - RATE // 4 : second - RATE // 100].any() and loud[second : second + RATE // 50].any()
    assert spoken.starts[2] < spoken.starts[0] + 1.0 and spoken.seconds == pytest.approx(2 * (1.0 + 0.09) + 0.42, abs=0.02)


def test_what_has_no_letters_is_not_asked(server: Server) -> None:
    (spoken,) = endpoint.endpoint(server.url).speak([[Word("…", "…"), Word("-", " ")]], "en")
    assert server.asked == [] and spoken.starts == (0.0, 0.0) and spoken.seconds == 0.0


def test_a_narration_asks_once_and_is_silent_when_refused(server: Server, tmp_path: Any) -> None:
    voice = endpoint.endpoint(server.url)
    utterances, pauses = [words("The loss fell."), words("It fell.")], [0.5, 0.5, 0.5]
    told = narrate(utterances, pauses, voice, "en", tmp_path)
    assert told.mp3 and told.voice == "127.0.0.1" and len(server.asked) == 2
    assert narrate(utterances, pauses, voice, "en", tmp_path).mp3 == told.mp3 and len(server.asked) == 2
    server.answer = lambda handler: handler.send(b"{}", 500, "application/json")
    silent = narrate([*utterances, words("New.")], [0.5] * 4, voice, "en", tmp_path)
    assert silent.mp3 is None and "500" in silent.silence and len(silent.spoken) == 3
    other = replace(voice, speaker="other")
    assert narrate(utterances, pauses, other, "en", tmp_path).mp3 is None  # another voice is not the one that was kept


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_rate_and_stereo_become_ours(rate: int, channels: int) -> None:
    samples = decoded(recording(1.0, rate, channels))
    assert len(samples) == pytest.approx(1.5 * RATE, abs=2)
    assert np.abs(samples).max() == pytest.approx(0.3 * 32_768, rel=0.05)
    spectrum = np.abs(np.fft.rfft(samples))
    assert spectrum.argmax() / 1.5 == pytest.approx(300, abs=2)


@pytest.mark.parametrize("kind", ["MP3", "FLAC", "OGG"])
def test_endpoints_that_know_no_wav_are_understood(server: Server, kind: str) -> None:
    server.answer = lambda handler: handler.send(recording(kind=kind), kind="application/octet-stream")
    assert said(server, "Hello.").seconds == pytest.approx(1.1, abs=0.1)


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFFF00, 0])
def test_a_wav_that_was_written_while_it_was_spoken_is_understood(size: int) -> None:
    whole = recording()
    at = whole.index(b"data") + 4
    assert len(decoded(whole[:at] + struct.pack("<I", size) + whole[at + 4 :])) == pytest.approx(1.5 * RATE, abs=2)


SOUNDS: dict[str, tuple[Callable[[], bytes], str]] = {
    "cut": (lambda: recording()[:20_000], "broke off"),
    "no samples": (lambda: recording()[:36], "broke off"),
    "words": (lambda: b"this is no sound at all", "no sound that can be read"),
    "empty": (lambda: b"", "no sound that can be read"),
    "silent": (lambda: recording(0.0), "silent"),
    "nothing": (lambda: recording(0.0, silence=0.0), ""),
    "slow": (lambda: recording(rate=100), "samples a second"),
    "fast": (lambda: recording(0.01, rate=400_000), "samples a second"),
    "crowd": (lambda: recording(channels=3), "3 channels"),
    "riff": (lambda: b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff" + b"\0" * 99, "broke off"),
}


@pytest.mark.parametrize("kind", SOUNDS)
def test_sound_that_is_none_or_not_whole_is_refused(server: Server, kind: str) -> None:
    body, why = SOUNDS[kind]
    server.answer = lambda handler: handler.send(body())
    assert why in refused(server)


def test_sound_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "LONGEST", 1.0)
    with pytest.raises(VoiceError, match="more than 1 seconds"):
        decoded(recording(2.0))


ANSWERS: dict[str, tuple[Answer, str]] = {
    "key": (lambda to: to.send(f"the key {QUIET[:12]} is wrong".encode(), 401), "refused the key (401)"),
    "forbidden": (lambda to: to.send(b"", 403), "(403)"),
    "address": (lambda to: to.send(b"", 404), "(404)"),
    "many": (lambda to: to.send(b'{"error": "slow\ndown"}', 429), 'status 429: {"error": "slow down"}'),
    "broken": (lambda to: to.send(f"a fault with {QUIET}".encode(), 500), "status 500: a fault with ***"),
    "page": (lambda to: to.send(b"<html>login</html>", kind="text/html"), "text/html, and no sound"),
    "json": (lambda to: to.send(b'{"error": 1}', kind="application/json; charset=utf-8"), "application/json, and no sound"),
    "short": (lambda to: to.send(recording()[:5000], length=9000), "broke off"),
    "nothing": (lambda to: to.connection.close(), "cannot be reached"),
    "no http": (lambda to: to.wfile.write(b"hello\r\n\r\n") and None, "cannot be reached"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_endpoint_that_fails_is_told(server: Server, kind: str) -> None:
    server.answer, why = ANSWERS[kind]
    assert why in refused(server)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(server: Server, status: int) -> None:
    server.answer = lambda handler: handler.send(b"", status, Location=f"http://127.0.0.1:{server.server_port}/elsewhere")
    assert "redirects" in refused(server)
    assert [path for path, _, _ in server.asked] == ["/v1/audio/speech"]


def test_nobody_waits_without_end(server: Server) -> None:
    ask = Request(server.url, {}, QUIET, patience=0.2, altogether=0.5)
    gone = threading.Event()
    server.answer = lambda handler: gone.wait(20) and None
    with pytest.raises(VoiceError, match=r"within 0\.2 seconds"):
        post(ask)

    def drip(handler: Handler) -> None:
        handler.send(b"", length=10_000)
        while not gone.wait(0.05):
            handler.wfile.write(b"x")

    server.answer = drip
    begun = time.monotonic()
    with pytest.raises(VoiceError, match=r"after 0\.5 seconds"):
        post(ask)
    assert time.monotonic() - begun < 15
    gone.set()


def test_nobody_reads_without_end(server: Server) -> None:
    server.answer = lambda handler: handler.send(b"x" * 300_000)
    with pytest.raises(VoiceError, match="more than 200000 bytes"):
        post(Request(server.url, {}, most=200_000))


def test_nobody_there_is_told() -> None:
    with Server(("127.0.0.1", 0), Handler) as closed:
        url = closed.url
    with pytest.raises(VoiceError, match=r"cannot be reached .*refused"):
        list(endpoint.endpoint(url).speak([words("Hello.")], "en"))


def test_no_proxy_is_asked_for_this_machine(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert said(server, "Hello.").seconds > 0.5


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://a.example", "https://a.example/v1/audio/speech"),
        ("https://a.example/", "https://a.example/v1/audio/speech"),
        ("https://a.example/v1", "https://a.example/v1/audio/speech"),
        ("https://a.example/v1/", "https://a.example/v1/audio/speech"),
        ("https://a.example/v1/audio/speech", "https://a.example/v1/audio/speech"),
        ("https://a.example/tts?version=2#x", "https://a.example/tts/v1/audio/speech?version=2"),
        ("http://localhost:8880/v1", "http://localhost:8880/v1/audio/speech"),
        ("http://[::1]:8880", "http://[::1]:8880/v1/audio/speech"),
    ],
)
def test_addresses_are_completed(given: str, address: str) -> None:
    assert endpoint.endpoint(given).url == address


@pytest.mark.parametrize(
    "given",
    [
        "http://a.example",
        "http://127.0.0.1.a.example",
        "http://localhost.a.example",
        "http://192.168.0.1",
        "ftp://a.example",
        "file:///etc/passwd",
        "https://",
        "https://user:word@a.example",
        "https://user@a.example",
        "https://a.example:port",
        "https://[a",
        "https://a.example/\r\nX: y",
        "https://a.example/a b",
        "https://größe.example",
    ],
)
def test_addresses_that_cannot_be_used_are_refused(given: str) -> None:
    with pytest.raises(VoiceError, match="Fix:") as caught:
        endpoint.endpoint(given)
    assert "word@" not in str(caught.value)


@pytest.mark.parametrize("key", ["a\nb", "schlüssel", "a\x00b"])
def test_a_key_that_is_none_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    import os

    monkeypatch.setattr(os, "environ", {KEY: key})
    with pytest.raises(VoiceError, match=KEY) as caught:
        endpoint.endpoint("https://a.example")
    assert key not in str(caught.value)


def test_the_key_is_in_no_repr_and_in_no_identity() -> None:
    voice = endpoint.endpoint("https://a.example")
    assert voice.key == QUIET and QUIET not in repr(voice) + voice.identity + voice.name
    assert QUIET not in repr(request.Request(voice.url, {}, voice.key))
