"""A plan that could compute something else is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

import learnloop as ll
from learnloop.compile.pipeline import plan
from learnloop.compile.plan import Phase
from learnloop.compile.target import AVX2
from learnloop.compile.verify import verify
from learnloop.errors import ProgramError
from learnloop.program import build
from learnloop.rules import LOSSES

FUNCTION = build(ll.mlp(5, 8, 3), LOSSES["cross_entropy"], ll.SGD(0.1)).functions["train"]


@pytest.fixture
def routine():
    return plan(FUNCTION, AVX2, "float32", "fast")


def changed(routine, make):
    return replace(routine, phases=tuple(Phase(tuple(make(n) for n in p.nests)) for p in routine.phases))


def refused(routine, words):
    with pytest.raises(ProgramError, match=words):
        verify(routine, FUNCTION)


def test_what_the_passes_make_is_accepted(routine):
    assert verify(routine, FUNCTION) is routine


def test_nothing_left_out(routine):
    refused(replace(routine, phases=routine.phases[:-1]), "leaves out")


def test_nothing_twice(routine):
    refused(replace(routine, phases=(*routine.phases, routine.phases[-1])), "twice")


def test_threads_meet(routine):
    merged = Phase(tuple(n for p in routine.phases for n in p.nests))
    refused(replace(routine, phases=(merged,)), "must wait")


def test_updates_wait_for_the_loss(routine):
    nests = [n for p in routine.phases for n in p.nests]
    late = [n for n in nests if "loss" in n.outputs]
    others = tuple(Phase(tuple(n for n in p.nests if n not in late)) for p in routine.phases)
    refused(replace(routine, phases=(Phase(tuple(late)), *others)), "before it is stored")


def test_vectors_run_along_outputs(routine):
    refused(
        changed(routine, lambda n: replace(n, vector="i") if n.vector and "i" in n.sizes and "i" not in n.axes else n),
        "free",
    )


def test_stores_are_contiguous(routine):
    refused(changed(routine, lambda n: replace(n, vector=n.tile, tile=None) if n.tile else n), "contiguous")


def test_what_is_read_is_stored(routine):
    refused(changed(routine, lambda n: replace(n, stored=frozenset())), "before it is stored")
