"""Files that are damaged: one clear error, and never a wrong answer."""

from __future__ import annotations

import random

import pytest

from learnloop.errors import LearnloopError, StoreError
from learnloop.store import Store
from store.examples import create, losses
from store.small import IDS, contents, everything


def assert_told(store, whole):
    """Everything is read as it was, or an error says what is wrong."""
    try:
        found = everything(store)
    except StoreError as error:
        assert str(store.path) in str(error)
        assert "Fix: " in str(error)
        return "told"
    assert found == whole
    return "whole"


def test_a_flipped_bit_is_told_and_never_used(small, tmp_path, full):
    raw, whole = small
    draw = random.Random(4)
    places = [at for at, byte in enumerate(raw) if byte]
    seen = []
    for at in places if full else draw.sample(places, 250):
        store = Store(tmp_path / "runs.sqlite")
        damaged = bytearray(raw)
        damaged[at] ^= 1 << draw.randrange(8)
        store.path.write_bytes(damaged)
        seen.append(assert_told(store, whole))
    assert seen.count("told") > len(seen) / 2


def test_an_overwritten_piece_of_the_file_is_told_and_never_used(small, tmp_path, full):
    raw, whole = small
    draw = random.Random(5)
    seen = []
    for _ in range(1000 if full else 60):
        store = Store(tmp_path / "runs.sqlite")
        at, length = draw.randrange(len(raw)), draw.choice([1, 16, 512, 4096, 16384])
        what = draw.choice([bytes(length), b"\xff" * length, draw.randbytes(length)])
        store.path.write_bytes((raw[:at] + what + raw[at + length :])[: len(raw)])
        seen.append(assert_told(store, whole))
    assert seen.count("told") > len(seen) / 10


def test_a_truncated_file_is_told(small, tmp_path, full):
    raw, whole = small
    ends = sorted({1, 15, 16, 99, 100, 101, 511, *range(512, len(raw), 1024 if full else 16384), len(raw) - 1})
    for end in ends:
        store = Store(tmp_path / "runs.sqlite")
        store.path.write_bytes(raw[:end])
        assert assert_told(store, whole) == "told", end


def test_writing_to_a_damaged_store_is_told(small, tmp_path):
    raw, _ = small
    draw = random.Random(6)
    for _ in range(40):
        store = Store(tmp_path / "runs.sqlite")
        at = draw.randrange(0, len(raw) - 4096, 4096)
        store.path.write_bytes(raw[:at] + draw.randbytes(4096) + raw[at + 4096 :])
        for attempt in (lambda: create(store).release(), lambda: store.delete("a-1")):  # noqa: B023
            try:
                attempt()
            except LearnloopError as error:
                assert str(store.path) in str(error) or "unknown run" in str(error)


def test_what_is_whole_is_rescued(small, tmp_path):
    raw, whole = small
    at = raw.index(losses(0, 100)) + 17
    store = Store(tmp_path / "runs.sqlite")
    first = raw.rindex(losses(0, 100)) + 17  # pieces are laid down from the end of a page: the first is the last
    for place, lost, kept in ((first, "a-1", "b-1"), (at, "b-1", "a-1")):
        store.path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        with pytest.raises(StoreError, match=r"is damaged: a row of the table piece .* Fix: .*rescue"):
            store.losses(lost)
        assert store.losses(kept) == losses(0, 100)
        found = store.check()
        assert len(found) == 1
        assert found[0].startswith(f"{lost}: the store ")
        target = tmp_path / f"rescued-{kept}"
        assert list(store.rescue(target)) == [lost]
        rescued = Store(target)
        assert [entry.id for entry in rescued.entries()] == [kept]
        assert contents(rescued, kept) == whole[1][IDS.index(kept)]
        assert rescued.check() == []
        with create(rescued, lost[0]) as claim:
            assert claim.id == f"{lost[0]}-1"


def test_a_table_that_cannot_be_read(small, tmp_path):
    """The page of the runs is gone; their index still says which there were."""
    raw, _ = small
    store = Store(tmp_path / "runs.sqlite")
    place = raw.index(b'{"layers": [64, 32, 10]') // 16384 * 16384
    store.path.write_bytes(raw[:place] + b"\xff" * 16384 + raw[place + 16384 :])
    with pytest.raises(StoreError, match=r"is damaged: database disk image is malformed\. Fix: "):
        store.entries()
    assert "malformed" in store.check()[0]
    assert set(store.rescue(tmp_path / "rescued")) == set(IDS)
    assert Store(tmp_path / "rescued").entries() == []
