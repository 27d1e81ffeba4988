"""Every number on a card is the one that Python gives for the same run and update, and its tick is computed in the page."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import learnloop as ll
from browser.conftest import Opener, Served, serving
from browser.hands import Hands
from explore.test_scenario import trained
from learnloop.explore.opening import first
from learnloop.runs import Moment

READ = """
() => {
  const card = document.querySelector(".card");
  for (const fold of card.querySelectorAll("details.fold")) fold.open = true;
  const all = (where, of) => [...card.querySelectorAll(where)].map(of);
  return new Promise((done) => setTimeout(() => done({
    fields: Object.fromEntries(all("[data-field]", (e) => [e.dataset.field, e.dataset.value])),
    sums: all("table.sum", (table) => [...table.querySelectorAll("tr[data-part]")].map((row) => {
      const number = [...row.querySelectorAll("[data-exact]")].at(-1);
      return [row.dataset.part, number.dataset.exact, Number(number.dataset.value), number.textContent];
    })),
    ticks: all("[data-ticks]", (e) => e.dataset.ticks),
    digits: all("dl.exact > div", (e) => [e.querySelector("dt").textContent, e.querySelector("dd").textContent]),
  }), 0));
}
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Three servers, and the runs that their pages open with: the first picture, Adam in float64, images."""
    folder = tmp_path_factory.mktemp("cards")
    store = ll.Store(folder / "runs.sqlite")
    X, y = ll.datasets.load("iris").standardised()
    net = ll.Network(4, [ll.Dense(7, "softsign"), ll.Dense(5, "softplus"), ll.Dense(3)])
    ll.train(net, X, y, optimizer=ll.Adam(0.01, weight_decay=1e-3), batch_size=11, epochs=6, dtype="float64", progress=False, record=store, name="iris")
    X, y = ll.datasets.load("digits")
    ll.train(ll.mlp(64, 12, 10), X[:400] / 16, y[:400], optimizer=ll.SGD(0.1, momentum=0.9), epochs=4, progress=False, record=store, name="digits")
    with serving(store.path) as a, serving(store.path, "iris-1") as b, serving(store.path, "digits-1") as c:
        yield {"spirals": (a, trained(first().to_dict())), "iris": (b, store.load("iris-1")), "digits": (c, store.load("digits-1"))}


def read(hands: Hands, fragment: str, kind: str, update: int, key: str) -> dict[str, Any]:
    """What the card says once it is about that."""
    hands.page.evaluate("(to) => { location.hash = to; }", fragment)
    hands.true(
        "([kind, update, title]) => { const card = document.querySelector('.card'); return card && !card.hidden && card.getAttribute('aria-busy') === 'false'"
        " && card.dataset.kind === kind && card.dataset.update === update && card.querySelector('.card-title').textContent.includes(title); }",
        [kind, str(update), key],
    )
    found: dict[str, Any] = hands.page.evaluate(READ)
    return found


def same(text: str, value: Fraction) -> bool:
    return Fraction(text) == value or float(text) == float(value)


def check_weight(hands: Hands, moment: Moment, rng: np.random.Generator) -> int:
    """One random weight; how many numbers were compared."""
    p = moment._structure.program.parameters[rng.integers(len(moment._structure.program.parameters))]
    place = [int(rng.integers(d)) for d in p.dims]
    told = moment.change(p.name, *place)
    text = ",".join(map(str, place))
    found = read(hands, f"#v=1&at={moment.update}&weight={p.name}:{text}", "weight", moment.update, f"{p.name}[{text}]")
    assert [float(found["fields"][name]) for name in ("before", "after", "change")] == [told.before, told.after, float(told.change)]
    groups = [sum((part.value for part in parts), Fraction(0)) for parts in told._groups()]
    lines = found["sums"][0]
    assert [Fraction(exact) for _, exact, _, _ in lines] == groups
    assert [value for _, _, value, _ in lines] == [float(value) for value in groups]
    assert found["ticks"][0] == str(told.ticks).lower()
    rows = {part.name: part.value for part in told.parts if part.kind == "row"}
    if rows:
        assert {name: Fraction(exact) for name, exact, _, _ in found["sums"][1]} == rows
    digits = dict(found["digits"])
    for part in told.parts:
        if part.name in digits:
            assert float(re.split(" = ", digits[part.name])[0]) == float(part.value)
    return 3 + len(groups) + len(rows)


def check_neuron(hands: Hands, moment: Moment, rng: np.random.Generator) -> int:
    """One random neuron for one random row of the batch."""
    layers = [name for name in moment.layers if "pre_activation" in moment.layer(name).arrays]
    layer = layers[rng.integers(len(layers))]
    unit = int(rng.integers(moment.layer(layer).pre_activation.shape[1]))
    row = int(moment.rows[rng.integers(len(moment.rows))])
    told = moment.neuron(layer, unit, data_row=row)
    fragment = f"#v=1&at={moment.update}&neuron={layer}:{unit}&row={row}"
    found = read(hands, fragment, "neuron", moment.update, "euron")
    hands.true("(row) => document.querySelector(\".card select[aria-label='Row of the batch'] option:checked\")?.textContent.startsWith(row)", f"row {row},")
    found = hands.page.evaluate(READ)
    fields = found["fields"]
    assert [float(fields[name]) for name in ("pre_activation", "activation", "delta")] == [told.pre_activation, told.activation, told.delta]
    shown = {name: Fraction(exact) for table in found["sums"] for name, exact, _, _ in table}
    products = {part.name: part.value for part in told.products}
    assert set(products) <= set(shown)
    assert all(shown[name] == value for name, value in products.items())
    assert found["ticks"][0] == str(told.ticks).lower()
    return 3 + len(products)


@pytest.mark.parametrize(("name", "count"), [("spirals", 40), ("iris", 32), ("digits", 28)])
def test_random_cards(opened: Opener, runs: dict[str, tuple[Served, ll.Run]], name: str, count: int) -> None:
    """One hundred in all, each of another update; no request is made for them: the page computes them."""
    server, run = runs[name]
    hands = Hands(opened(server.url))
    hands.true("() => /bits/.test(document.querySelector('.status').textContent)")
    asked: list[str] = []
    hands.page.on("request", lambda request: asked.append(request.url))
    rng, compared = np.random.default_rng(5), 0
    for k in range(count):
        moment = run.at(update=int(rng.integers(run.updates)))
        compared += (check_weight if k % 2 else check_neuron)(hands, moment, rng)
    assert compared > 10 * count
    assert [url for url in asked if not url.endswith((".js", "icon.svg"))] == []
    assert hands.trouble() == ""


def test_the_check_by_a_difference(opened: Opener, runs: dict[str, tuple[Served, ll.Run]]) -> None:
    """Backpropagation is Python's; the quotient of two differences is, to its own precision."""
    server, run = runs["spirals"]
    hands = Hands(opened(server.url))
    for update, place in ((0, (0, 3)), (500, (1, 7)), (1004, (0, 0))):
        read(hands, f"#v=1&at={update}&weight=dense_1.weight:{place[0]},{place[1]}", "weight", update, f"[{place[0]},{place[1]}]")
        hands.card().get_by_role("button", name="Check by a finite difference").click()
        hands.true("() => document.querySelector('.card [data-field=difference]') !== null")
        found, told = hands.page.evaluate(READ), run.at(update=update).check("dense_1.weight", *place)
        assert float(found["fields"]["backpropagation"]) == told.backpropagation
        assert float(found["fields"]["difference"]) == pytest.approx(told.difference, rel=1e-5, abs=2e-9)  # to its own precision


def test_the_life_of_a_weight(opened: Opener, runs: dict[str, tuple[Served, ll.Run]]) -> None:
    """Where it began, where it ended, and who pushed it over the run."""
    server, run = runs["digits"]
    hands = Hands(opened(server.url))
    read(hands, "#v=1&at=5&weight=dense_2.weight:3,4", "weight", 5, "[3,4]")
    hands.true("() => document.querySelector(\".card [data-field='life.after']\") !== null")
    found, life = hands.page.evaluate(READ), run.biography("dense_2.weight", 3, 4)
    assert float(found["fields"]["life.before"]) == life.before
    assert float(found["fields"]["life.after"]) == life.after
    pushed = {part.name: part.value for part in life.parts}
    shown = {name: (Fraction(exact), value) for table in found["sums"] for name, exact, value, _ in table if name in pushed and name.startswith("row")}
    assert shown
    assert hands.page.locator(".card [data-ticks]").last.get_attribute("data-ticks") == str(life.ticks).lower()

