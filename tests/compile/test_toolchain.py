"""What a compiler is told, and what it is not asked to find out."""

from __future__ import annotations

import learnloop as ll
from learnloop.compile import find_toolchain, generate, native_target, toolchain
from learnloop.compile.cache import library
from learnloop.compile.target import AVX2
from learnloop.program import build
from learnloop.rules import LOSSES

NETWORK = ll.Network(8, [ll.Dense(32, "tanh"), ll.LayerNorm(), ll.Dropout(0.5), ll.Dense(3)])


def text(form: str = "fast") -> str:
    return generate(build(NETWORK, LOSSES["cross_entropy"], ll.Adam()), AVX2, form=form).text


def test_no_library_is_taken_that_was_compiled_with_other_flags(monkeypatch):
    def compiled() -> str:
        return library("int f(void) { return 1; }\n", native_target(), find_toolchain()).name

    first = compiled()
    assert compiled() == first
    monkeypatch.setattr(toolchain, "_SHARED", (*toolchain._SHARED, "-DLL_OTHER"))
    second = compiled()
    monkeypatch.setattr(toolchain, "_QUICK", dict.fromkeys(toolchain._QUICK, ("-DLL_OTHER",)))
    assert len({first, second, compiled()}) == 3


def test_sums_in_lanes_are_written_in_vectors():
    """The compiler does not look for vectors: a sum that left them to it would be several times as slow."""
    one_by_one = "k < 16; k++) lane[k] ="
    assert one_by_one not in text() and "store_f32x8(lane + k, load_f32x8(lane + k) +" in text()
    assert one_by_one in text("glass")


def test_only_what_changes_with_the_update_is_drawn_quickly():
    """Ten rounds written out at every place of use took as long to compile as all the rest."""
    before, during = text().split("/* ---- one update ---- */")
    assert before.count("uniform_once_f32") == before.count("uniform_") == 4  # of two layers
    assert "uniform_f32x8(" in during and "uniform_once" not in during
