"""What the explorer's panels compute without a page: networks for other data, where runs part, stops of knobs, contours."""

from __future__ import annotations

import itertools
import re
from math import hypot
from pathlib import Path
from typing import Any

import learnloop as ll
from learnloop.explore import scenario as scenarios
from learnloop.explore.sets import described
from web.asked import in_node

SCRIPT = Path(__file__).with_name("panels.mjs")
NOTHING: dict[str, Any] = {
    name: [] for name in ("parting", "scales", "differences", "moved", "fitted", "parts", "circles")
}


def asked(folder: Path, **given: Any) -> Any:
    """What JavaScript says."""
    return in_node(SCRIPT, folder, **NOTHING | {"rules": described()["rules"]} | given)


def units(scenario: dict[str, Any]) -> list[int]:
    return [layer["units"] for layer in scenario["network"]["layers"] if "units" in layer]


def test_any_set_after_any_other_is_a_scenario_that_the_server_takes(tmp_path: Path) -> None:
    all_sets = [one["scenario"] for one in described()["sets"]]
    pairs = list(itertools.permutations(all_sets, 2))
    for (suiting, now), found in zip(pairs, asked(tmp_path, moved=pairs)["moved"], strict=True):
        read = scenarios.read(found)
        assert read.structure.network.inputs == suiting["network"]["inputs"]
        assert units(found) == units(now)[:-1] + units(suiting)[-1:]
        assert (found["data"], found["loss"]) == (suiting["data"], suiting["loss"])


def test_the_end_of_a_network_follows_the_number_of_classes(tmp_path: Path) -> None:
    spirals = next(one["scenario"] for one in described()["sets"] if one["name"] == "spirals")
    shapes = [{"inputs": 2, "classes": classes} for classes in (2, 3, 5, 0)]
    found = asked(tmp_path, fitted=[[spirals, shape] for shape in shapes])["fitted"]
    assert [(units(one)[-1], one["loss"]["rule"]) for one in found] == [
        (1, "BinaryCrossEntropy"), (3, "CrossEntropy"), (5, "CrossEntropy"), (1, "MeanSquaredError"),
    ]  # fmt: skip
    for one in found:
        scenarios.read(one)


def test_networks_that_are_no_chain_are_left_alone(tmp_path: Path) -> None:
    chain = ll.Network(2, [ll.Dense(8, "tanh"), ll.Dropout(0.2), ll.Dense(1)])
    others = [
        ll.Network(2, [ll.Dropout(0.1), ll.Dense(1)]),
        ll.Network(2, [ll.Dense(4, "relu"), ll.Residual([ll.Dense(4, "relu")]), ll.Dense(1)]),
        ll.Network(2, [ll.Dense(4, "relu"), ll.LayerNorm(), ll.Dense(1)]),
    ]
    found, *nothing = asked(tmp_path, parts=[network.to_dict() for network in [chain, *others]])["parts"]
    assert (found["hidden"][0]["dense"]["units"], found["hidden"][0]["dropout"]["rate"]) == (8, 0.2)
    assert nothing == [None, None, None]


def test_where_two_runs_part(tmp_path: Path) -> None:
    def run(losses: list[float], weights: list[float], dims: list[int] | None = None) -> dict[str, Any]:
        return {"losses": losses, "weights": weights, "dims": dims or [1]}

    one = run([4.0, 3.0, 2.0, 1.0], [0.0, 1.0, 2.0, 3.0, 4.0])
    cases = [
        (run([4.0, 3.0, 2.0, 1.0], [0.0, 1.0, 2.0, 3.0, 4.0]), (None, None, True)),
        (run([4.0, 3.0, 2.5, 1.5], [0.0, 1.0, 2.5, 3.5, 4.5]), (2, 2, True)),  # another learning rate from update 1 on
        (run([4.0, 3.5, 2.5, 1.5], [0.0, 1.0, 2.5, 3.5, 4.5]), (1, 2, True)),  # another batch, with the same weights
        (run([4.0, 3.0, 2.0, 1.0], [0.0, 1.0, 2.0, 3.0, 4.5]), (None, 4, True)),  # the last update alone
        (run([9.0, 8.0, 7.0, 6.0], [5.0, 6.0, 7.0, 8.0, 9.0]), (0, 0, True)),  # other first weights
        (run([4.0, 3.0], [0.0, 1.0, 2.0]), (None, None, True)),  # a shorter one
        (run([4.0, 3.0, 2.0, 1.0], [0.0, 1.0, 2.0, 3.0, 4.0], [2]), (None, 0, False)),
    ]
    found = asked(tmp_path, parting=[[one, other] for other, _ in cases])["parting"]
    assert [(x["loss"], x["weights"], x["comparable"]) for x in found] == [expected for _, expected in cases]


def test_knobs_stop_at_round_numbers(tmp_path: Path) -> None:
    given = [["proportions", [1e-4, 3]], ["even", [0, 0.99, 0.01]], ["counts", [1, 512]], ["counts", [1, 375]]]
    for (_, (low, high, *_)), stops in zip(given, asked(tmp_path, scales=given)["scales"], strict=True):
        assert (stops[0], stops[-1]) == (low, high)
        assert all(a < b for a, b in itertools.pairwise(stops))
        assert 20 < len(stops) <= 100
        assert all(float(f"{stop:.3g}") == stop for stop in stops)


def test_what_differs_is_called_as_people_call_it(tmp_path: Path) -> None:
    a = next(one["scenario"] for one in described()["sets"] if one["name"] == "moons")
    b = {
        **a, "split": {"test": 0.5, "seed": 0}, "options": {**a["options"], "batch_size": 7}, "without": [3],
        "optimizer": {**a["optimizer"], "learning_rate": {**a["optimizer"]["learning_rate"], "learning_rate": 0.5}},
        "network": ll.mlp(2, 4, 1, activation="relu").to_dict(),
    }  # fmt: skip
    found = {one["name"]: (one["a"], one["b"]) for one in asked(tmp_path, differences=[[a, b]])["differences"][0]}
    assert found == {
        "network": ("2 – 16 tanh – 1", "2 – 4 relu – 1"), "test share": ("0.2", "0.5"), "learning rate": ("0.02", "0.5"),
        "batch size": ("16", "7"), "row left out (1)": ("–", "3"),
    }  # fmt: skip


def test_a_contour_is_one_closed_line_at_its_place(tmp_path: Path) -> None:
    given = [[40, 12], [84, 30.5], [10, 2]]
    for (size, radius), path in zip(given, asked(tmp_path, circles=given)["circles"], strict=True):
        assert path.count("M") == 1
        points = [tuple(map(float, point)) for point in re.findall(r"([\d.]+) ([\d.]+)", path)]
        assert points[0] == points[-1]
        # cells are drawn at their centres, half a cell further
        assert all(abs(hypot(x - 0.5 - size / 2, y - 0.5 - size / 2) - radius) < 0.2 for x, y in points)
