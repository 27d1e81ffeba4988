"""``learnloop data``."""

from __future__ import annotations

import json

import pytest

from learnloop.data import datasets


def test_lists_every_data_set(learnloop):
    result = learnloop("data")
    assert result.code == 0 and all(name in result.out for name in datasets.names())
    assert max(map(len, result.out.splitlines())) <= 80


@pytest.mark.parametrize("name", datasets.names())
def test_describes_each(learnloop, name):
    out = learnloop("data", name).out
    for label in ("rows", "columns", "source", "licence", f"learnloop train {name}"):
        assert label in out
    assert max(map(len, out.splitlines())) <= 80


def test_json(learnloop):
    assert json.loads(learnloop("data", "wine", "--json").out)["target_names"] == ["class_0", "class_1", "class_2"]
    assert [d["name"] for d in json.loads(learnloop("data", "--json").out)] == list(datasets.names())
