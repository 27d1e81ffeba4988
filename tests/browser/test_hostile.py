"""Names from anywhere are shown as text: columns, classes, runs, layers and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import learnloop as ll
from browser.conftest import Opener, serving
from browser.hands import Hands

ATTACK = "</script><img src=x onerror=window.hacked=1>"
OTHER = '"><svg/onload=window.hacked=1>'
INJECTED = "() => [window.hacked, document.querySelectorAll('img, iframe, object, [onerror], [onload], body script').length]"


def hostile_table(folder: Path) -> Path:
    """A file whose every name attacks; a file's name has no slash."""
    path = folder / "<img src=x onerror=window.hacked=1>.csv"
    rows = [f'{k / 7},{(k * k) % 11},"{ATTACK if k % 2 else OTHER}"' for k in range(60)]
    path.write_text("\n".join([f'"{ATTACK}","{OTHER.replace(chr(34), chr(34) * 2)}","class {ATTACK}"', *(r.replace('">', '"">') if OTHER in r else r for r in rows)]))
    return path


def looked_at(hands: Hands) -> str:
    """Everything that a page says, in all views."""
    page = hands.page
    said = []
    for tab in page.get_by_role("tab").all():
        tab.click()
        page.wait_for_timeout(80)
        said.append(page.locator("body").inner_text())
    hands.go(5)
    hands.press("w", "w")
    page.locator(".stage .neuron.layer").first.click()
    hands.wait("data-kind", "neuron", inside=".card")
    page.locator("button.pushed").first.click()
    hands.wait("data-kind", "weight", inside=".card")
    page.locator(".card details.fold summary").first.click()
    page.wait_for_timeout(300)
    said.append(page.locator("body").inner_text())
    return "\n".join(said)


def test_a_table_of_attacks(opened: Opener, tmp_path: Path) -> None:
    with serving(tmp_path / "runs.sqlite", str(hostile_table(tmp_path)), "--target", f"class {ATTACK}") as server:
        hands = Hands(opened(server.url))
        said = looked_at(hands)
        assert hands.page.evaluate(INJECTED) == [None, 0]
        assert ATTACK in said and "onload=window.hacked" in said
        assert "<img src=x" in hands.page.locator(".title").inner_text()
        hands.page.close()


def test_a_run_with_attacks_for_names(opened: Opener, tmp_path: Path) -> None:
    store = ll.Store(tmp_path / "runs.sqlite")
    X, y = ll.datasets.load("moons", rows=60).standardised()
    network = ll.Network(2, [ll.Dense(4, "tanh", name="<img src=x onerror=hacked=1>"), ll.Dense(1, name="</title><script>hacked=1<|script>")])
    ll.train(network, X, y, epochs=3, optimizer=ll.SGD(0.1), progress=False, record=store, name="moons")
    with serving(store.path, "moons-1") as server:
        hands = Hands(opened(server.url))
        said = looked_at(hands)
        assert hands.page.evaluate(INJECTED) == [None, 0]
        assert "<img src=x onerror=hacked=1>" in said
        hands.page.close()


@pytest.mark.parametrize("what", ["columns", "targets", "name", "error"])
def test_whatever_the_server_says_is_text(opened: Opener, served: Any, what: str) -> None:
    """Answers of the server, changed on their way: nothing of them is ever markup."""
    script = f"""
      const ask = window.fetch;
      window.fetch = async (path, how) => {{
        const answer = await ask(path, how);
        const attack = {ATTACK!r};
        if (path === "session") {{
          const session = await answer.json();
          session.version = attack;
          for (const set of session.sets) set[{"'features'" if what == "columns" else "'targets'"}] = [attack, attack];
          if ({what!r} === "name") session.sets[0].description = attack;
          return new Response(JSON.stringify(session));
        }}
        if (path === "data" && {what!r} === "error") return new Response(JSON.stringify({{ error: attack }}), {{ status: 400 }});
        return answer;
      }};
    """
    page = opened(served.url, before=script, wait=False)
    if what == "error":
        page.get_by_text(ATTACK).first.wait_for()
    else:
        page.wait_for_selector("html[data-ready]", state="attached")
        page.wait_for_timeout(200)
    assert page.evaluate(INJECTED) == [None, 0]
