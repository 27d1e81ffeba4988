"""A run trained in a browser has the bits of the native one: the reference runs, through the page's own worker."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import Opener, Served
from exactness.reference_runs import RUNS

DIGESTS = json.loads((Path(__file__).parents[1] / "exactness" / "digests.json").read_text())

TRAIN = """
async ({ name, emulated }) => {
  const at = (path) => new URL(path, document.baseURI).href;
  const { Server } = await import(at("js/backend.js"));
  const { Client } = await import(at("js/engine/client.js"));
  const { fuses } = await import(at("js/engine/kit.js"));
  const { wish, plan } = await import(at("js/state/scenario.js"));
  const server = new Server();
  const { scenario, refusal, digests } = (await server.run(`${name}-1`)).header;
  if (!scenario) throw new Error(refusal);
  const client = new Client(at("js/engine/worker.js"), (error) => { throw error; });
  const kit = await client.call("kit", { bytes: await server.kit(scenario, emulated) });
  const data = await client.call("data", { id: name, bytes: await server.data(scenario) });
  const asked = { kit: kit.kit, data: data.data, wish: wish(scenario), plan: plan(scenario, kit.header.places) };
  const run = await client.call("train", asked);
  const last = await client.call("digest", { run: run.run, update: run.updates });
  const way = {};
  for (const update of Object.keys(digests)) way[update] = (await client.call("digest", { run: run.run, update: Number(update) })).digest;
  client.close();
  return { digest: last.digest, fuses: fuses(), emulated: kit.header.emulated, updates: run.updates, way, digests, bytes: run.losses.BYTES_PER_ELEMENT };
}
"""


@pytest.fixture(scope="module")
def trained(chromium: Any, reference: Served) -> Any:
    """The page of the server with the reference runs, and what each of them gives."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(reference.url)
    yield lambda name, emulated: page.evaluate(TRAIN, {"name": name, "emulated": emulated})
    context.close()


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("emulated", [False, True], ids=["fused", "emulated"])
def test_the_page_gives_the_published_digest(trained: Any, name: str, emulated: bool) -> None:
    found = trained(name, emulated)
    if not emulated and not found["fuses"]:
        pytest.skip("this browser does not multiply and add in one rounding here: it takes the emulated program")
    assert found["emulated"] is emulated
    assert found["digest"] == DIGESTS[name]


def test_every_digest_along_the_way(trained: Any) -> None:
    """Those that were recorded while it was trained natively."""
    for name in ("moons", "iris"):
        found = trained(name, False)
        assert found["way"] == found["digests"] and len(found["way"]) > 1


def test_the_page_chooses_the_program_that_fits(opened: Opener, served: Served) -> None:
    """Without relaxed SIMD it asks for the emulated one, and looks the same."""
    hide = "const real = WebAssembly.Module; WebAssembly.Module = function (bytes) { if (bytes.length < 100) throw new Error('no'); return new real(bytes); };"
    page = opened(served.url, before=f"{hide} window.asked = []; const ask = fetch; window.fetch = (path, how) => (path === 'kit' && window.asked.push(how.body), ask(path, how));")
    assert [json.loads(body)["emulated"] for body in page.evaluate("window.asked")] == [True]
