"""What the page asks for, and what it is told where something is wrong."""

from __future__ import annotations

import json
import threading
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

import learnloop as ll
from explore.conftest import small
from explore.test_scenario import trained
from learnloop.data import datasets
from learnloop.data.generated import GENERATORS
from learnloop.errors import LearnloopError
from learnloop.explore import books, export, handover, limits, routes
from learnloop.explore.answers import Busy
from learnloop.explore.desk import Desk
from learnloop.explore.holding import MOST, Holding, Table
from learnloop.explore.kits import AT_ONCE, WAITING, Kits
from learnloop.explore.opening import first, suits
from learnloop.explore.scenario import Structure, read, read_structure, ready, to_task
from learnloop.web.pack import unpack

HOSTILE = "</script><img src=x onerror=alert(1)>"


def error(response: httpx.Response, status: int) -> str:
    """What an error says; never a traceback, always JSON."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    said: str = response.json()["error"]
    assert set(response.json()) == {"error"} and "Traceback" not in said
    return said


def test_the_session_says_what_there_is(client: httpx.Client) -> None:
    found = client.get("session").json()
    assert found["version"] == ll.__version__ and found["opening"] == {"scenario": first().to_dict(), "run": None}
    assert tuple(entry["name"] for entry in found["sets"]) == datasets.names()
    for entry in found["sets"]:
        data = ll.datasets.load(entry["name"])
        assert (tuple(entry["features"]), entry["task"]) == (data.feature_names, data.task)
        assert read(entry["scenario"]).to_dict() == entry["scenario"] == suits(entry["name"]).to_dict()
        assert {o["name"] for o in entry["options"]} == set(getattr(GENERATORS.get(entry["name"]), "options", {}))
    assert {rule["name"] for rule in found["rules"]["activations"]} >= {"relu", "tanh"}
    assert {rule["name"] for rule in found["rules"]["optimizers"]} == {"sgd", "adam", "adamw"}


def test_a_kit_is_compiled_once(desk: Desk, client: httpx.Client) -> None:
    made: list[Any] = []
    desk.kits._make = lambda *given: made.append(given) or b"kit"  # type: ignore[func-returns-value]
    given = {name: first().to_dict()[name] for name in ("network", "loss", "optimizer")}
    assert [client.post("kit", json=given).content for _ in range(2)] == [b"kit", b"kit"]
    assert client.post("kit", json=given | {"emulated": True}).content == b"kit"
    assert client.post("kit", json=given | {"dtype": "float64"}).content == b"kit"
    assert [given[3:] for given in made] == [("float32", False), ("float32", True), ("float64", False)]
    assert "emulated is 1" in error(client.post("kit", json=given | {"emulated": 1}), 400)
    assert "float16" in error(client.post("kit", json=given | {"dtype": "float16"}), 400)


def test_a_real_kit(client: httpx.Client) -> None:
    given = {name: first().to_dict()[name] for name in ("network", "loss", "optimizer")}
    header, modules = unpack(client.post("kit", json=given).content)
    assert header["kind"] == "kit" and header["network"] == given["network"]
    assert all(bytes(modules[form][:4]) == b"\0asm" for form in ("fast", "glass"))


def structure(units: int) -> Structure:
    return read_structure({**first().to_dict(), "network": ll.mlp(2, units, 1).to_dict()})


def test_kits_for_many_at_once() -> None:
    """As many compilations as there may be, one for all who ask for the same, and an error for too many others."""
    begun, go = threading.Semaphore(0), threading.Event()
    made: list[int] = []

    def make(network: ll.Network, *_: Any) -> bytes:
        made.append(network.layers[0].units)  # type: ignore[attr-defined]
        begun.release()
        go.wait(10)
        return bytes(10)

    kits = Kits(make)
    threads = [threading.Thread(target=kits.kit, args=(structure(k % 10 + 1),)) for k in range(2 * (AT_ONCE + WAITING))]
    for thread in threads:
        thread.start()
    for _ in range(AT_ONCE):
        assert begun.acquire(timeout=10)
    while sum(not f.done() for f in kits._known.values()) < AT_ONCE + WAITING:
        pass
    assert len(made) == AT_ONCE
    with pytest.raises(Busy, match="too many programs"):
        kits.kit(structure(99))
    go.set()
    for thread in threads:
        thread.join(10)
    assert sorted(made) == list(range(1, 11))


def test_a_compilation_that_fails_is_tried_again() -> None:
    tries = iter([OSError("no room"), b"kit"])

    def make(*_: Any) -> bytes:
        found = next(tries)
        if isinstance(found, OSError):
            raise found
        return found

    kits = Kits(make)
    with pytest.raises(OSError, match="no room"):
        kits.kit(structure(1))
    assert kits.kit(structure(1)) == b"kit"


def test_old_kits_make_room() -> None:
    kits = Kits(lambda *_: bytes(30 << 20))
    for units in range(1, 5):
        kits.kit(structure(units))
    assert len(kits._known) == 2


def test_data_of_a_generated_set_come_with_their_noise(client: httpx.Client) -> None:
    options = {"rows": 50, "noise": 0.3, "seed": "18446744073709551615"}
    header, arrays = unpack(client.post("data", json={"data": {"kind": "builtin", "name": "moons", "options": options}}).content)
    data = ll.datasets.load("moons", rows=50, noise=0.3, seed=2**64 - 1)
    assert np.array_equal(arrays["X"], data.X) and np.array_equal(arrays["y"], data.y) and arrays["y"].dtype == np.int32
    assert np.array_equal(arrays["base"] + 0.3 * arrays["unit_noise"], data.X)
    assert (header["noise"], header["noisy_target"], header["ready"], header["scale"]) == (0.3, False, False, None)
    assert header["columns"] == [{"name": "x", "kind": "number"}, {"name": "y", "kind": "number"}]


def test_data_whose_target_is_noisy(client: httpx.Client) -> None:
    header, arrays = unpack(client.post("data", json={"data": {"kind": "builtin", "name": "sine", "options": {}}}).content)
    assert header["noisy_target"] and np.array_equal(arrays["base"] + 0.1 * arrays["unit_noise"], arrays["y"])


def test_data_too_large_for_a_page_come_as_a_sample(client: httpx.Client) -> None:
    part = {"kind": "builtin", "name": "moons", "options": {"rows": 1_000_000}}
    said = error(client.post("data", json={"data": {**part, "options": {"rows": 1_000_001}}}), 400)
    assert "takes up to 1000000" in said
    assert len(unpack(client.post("data", json={"data": part, "sample": 100}).content)[1]["X"]) == 100
    header, arrays = unpack(client.post("data", json={"data": {**part, "options": {"rows": 50}}, "sample": 20}).content)
    assert header["rows"] == 50
    assert np.array_equal(arrays["X"], ll.datasets.load("moons", rows=50).X[arrays["rows"]])


def test_more_than_a_page_takes_is_refused(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "PAGE", 1000)
    given = {"data": first().to_dict()["data"]}
    assert "train natively" in error(client.post("data", json=given), 413)
    assert client.post("data", json=given | {"sample": 5}).status_code == 200


def test_points_drawn_by_hand_are_learnt_from(desk: Desk, client: httpx.Client) -> None:
    drawn = {"x": [[k / 10, (k * k % 7) / 7] for k in range(40)], "y": [k % 3 for k in range(40)], "task": "classification"}
    answer = client.post("points", json=drawn).json()
    assert answer["rows"] == 40 and answer["targets"] == ["class 0", "class 1", "class 2"]
    header, arrays = unpack(client.post("data", json={"data": answer["data"]}).content)
    assert header["origin"] == "points" and np.array_equal(arrays["X"], np.array(drawn["x"]))
    assert trained(answer["scenario"], desk.held).updates > 0


@pytest.mark.parametrize(
    "given",
    [{}, {"x": [[0, 1]], "y": [0], "task": "classification"}, {"x": [[0, 1]] * 6000, "y": [0] * 6000, "task": "classification"},
     {"x": [[0, 1], [0]], "y": [0, 1], "task": "classification"}, {"x": [[0, 1e9], [0, 1]], "y": [0, 1], "task": "classification"},
     {"x": [[0, 1], [0, 1]], "y": [0, 100], "task": "classification"}, {"x": [[0, 1], [0, 1]], "y": [0, 1.5], "task": "classification"},
     {"x": [[0, 1], [0, 1]], "y": [0, 1], "task": "x"}, {"x": [["0", 1], [0, 1]], "y": [0, 1], "task": "regression"},
     {"x": [[], []], "y": [0, 1], "task": "regression"}, {"x": "ab", "y": "ab", "task": "regression"}],
)  # fmt: skip
def test_points_that_are_none(client: httpx.Client, given: dict[str, Any]) -> None:
    error(client.post("points", json=given), 400)


def test_json_that_is_none(client: httpx.Client) -> None:
    for text in (b"", b"[]", b"\xff\xfe", b'{"data": NaN}', b'{"a": Infinity}', b"[" * 100_000, b'{"a": 1' + b"0" * 5000 + b"}", b"{'a'}"):
        for path in ("kit", "data", "points", "export"):
            error(client.post(path, content=text), 400)
    assert "1 MiB" in error(client.post("data", content=b" " * (limits.REQUEST + 1)), 413)
    assert "1 MiB" in error(client.post("data", content=iter([b" " * 1000] * 3000)), 413)


def csv(rows: int = 30) -> str:
    """A table of numbers, gaps, categories, and names that would be markup."""
    head = f'{HOSTILE},"; DROP TABLE run",kind,y\n'
    return head + "\n".join(f"{'' if k % 9 == 4 else k / 7},{k % 5},{'abc'[k % 3]},{('no', HOSTILE)[k % 2]}" for k in range(rows))


def test_hostile_names_are_text(desk: Desk, client: httpx.Client) -> None:
    """They come as JSON, which no browser takes for a page; the page shows them as text."""
    response = client.post("upload", params={"name": f"../{HOSTILE}.csv", "target": "y"}, content=csv().encode())
    assert response.headers["content-type"] == "application/json" and response.headers["x-content-type-options"] == "nosniff"
    answer = response.json()
    assert HOSTILE in answer["columns"] and HOSTILE in answer["targets"] and ".." not in answer["name"]
    header, _ = unpack(client.post("data", json={"data": answer["data"]}).content)
    assert header["columns"][0]["name"] == HOSTILE
    live = desk.hub.start(*_task(answer["scenario"], desk))
    assert live.thread is not None
    live.thread.join(60)
    assert live.end is not None and live.end["status"] == "finished"
    assert live.id.replace("-", "").replace("_", "").isalnum()
    described = client.get(f"runs/{live.id}")
    assert described.headers["content-type"] == "application/octet-stream"
    assert unpack(described.content)[0]["notes"]["data"]["columns"][0] == HOSTILE


@pytest.mark.parametrize("how", [None, {"test": 0.2, "seed": 3}], ids=["all", "split"])
def test_a_file_is_learnt_from_as_python_learns_from_it(desk: Desk, client: httpx.Client, how: dict[str, Any] | None) -> None:
    """Gaps are filled by the rows to learn from; the page is given them as gaps, and fills them itself."""
    answer = client.post("upload?name=toys.csv&target=y", content=csv(60).encode()).json()
    scenario = answer["scenario"] | {"split": how}
    scenario["options"]["epochs"] = 2
    data = datasets.read(csv(60).encode(), name="toys.csv", target="y")
    header, arrays = unpack(client.post("data", json={"data": scenario["data"]}).content)
    assert [column["kind"] for column in header["columns"]] == ["number", "flag", "number"] + ["flag"] * 3
    assert np.array_equal(arrays["X"], data.unfilled, equal_nan=True) and np.isnan(arrays["X"]).any()
    if how is None:
        rows = ready(read(scenario), desk.held)
        assert np.array_equal(rows.X, data.fitted(np.arange(60)).standardised().X)
        return
    prepared = datasets.prepare(data, how["test"], how["seed"])
    found = read(scenario)
    run = ll.train(
        found.structure.network, prepared.X[prepared.train], prepared.y[prepared.train], loss=found.structure.loss,
        optimizer=found.structure.optimizer, batch_size=found.options.batch_size, epochs=2, progress=False,
    )  # fmt: skip
    assert trained(scenario, desk.held).digest == run.digest


def _task(scenario: dict[str, Any], desk: Desk) -> tuple[Any, str, dict[str, Any]]:
    found = read(scenario)
    rows = ready(found, desk.held)
    return to_task(found, rows), rows.table.data.name, rows.notes


def test_uploads_that_are_none(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with the reader's own message."""
    for content in (b"", b"\x00\xff\x00", b"a,b\n1,2,3,4\n", b"\x89PNG\r\n\x1a\n" + bytes(100), b"PK\x03\x04" + bytes(50), b"PAR1" + bytes(50)):
        said = error(client.post("upload?name=x.csv", content=content), 400)
        with pytest.raises(LearnloopError) as own:
            datasets.read(content, name="x.csv")
        assert said == str(own.value)
    assert "unknown" in error(client.post("upload?name=x.csv&target=nothing", content=csv().encode()), 400)
    monkeypatch.setattr(routes, "UPLOAD", 1000)
    assert "the most that is taken here" in error(client.post("upload?name=x.csv", content=bytes(1001)), 413)
    assert "the most that is taken here" in error(client.post("upload?name=x.csv", content=iter([bytes(100)] * 50)), 413)
    assert client.post("upload?name=x.csv&target=y", content=b"a,y\n" + b"1,0\n2,1\n" * 10).status_code == 200


def test_a_file_without_a_target_tells_its_columns(client: httpx.Client) -> None:
    found = client.post("upload?name=toys.csv", content=csv().encode()).json()["choose"]
    assert (found["name"], found["rows"]) == ("toys", 30)
    assert [column["name"] for column in found["columns"]] == [HOSTILE, "; DROP TABLE run", "kind", "y"]


def test_runs_are_listed_newest_first(client: httpx.Client, store: ll.Store) -> None:
    small(record=store, name="later")
    found = client.get("runs").json()
    assert [run["id"] for run in found["runs"]] == ["later-1", "moons-1"] and found["total"] == 2
    assert [run["id"] for run in client.get("runs?offset=1&limit=1").json()["runs"]] == ["moons-1"]
    assert client.get("runs?limit=999999999").status_code == 200
    for query in ("limit=x", "offset=-1", "limit=99999999999999", "limit=%D9%A3"):
        error(client.get(f"runs?{query}"), 400)


def test_a_run_is_computed_again_from_what_the_page_is_given(desk: Desk, client: httpx.Client, store: ll.Store) -> None:
    run = store.load("moons-1")
    header, arrays = unpack(client.get("runs/moons-1").content)
    assert arrays["losses"].tobytes() == run.losses.tobytes()
    assert header["digests"] == {str(k): v for k, v in run.digests.items()} and header["digest"] == run.digest
    assert trained(header["scenario"], desk.held).digest == run.digest
    data, rows = unpack(client.post("data", json={"data": header["scenario"]["data"]}).content)
    assert data["ready"] and np.array_equal(rows["learn"], run.rows) and np.array_equal(rows["held"], run.held_out)
    assert run.examples is not None and np.array_equal(rows["X"], run.examples.X)


def test_rows_held_apart_come_behind(desk: Desk, client: httpx.Client) -> None:
    X, y = ll.datasets.load("moons", rows=10).standardised()
    handle = desk.books.bring(small(validation=(X, y)))
    header, _ = unpack(client.get(f"runs/{handle}").content)
    data, rows = unpack(client.post("data", json={"data": header["scenario"]["data"]}).content)
    assert data["rows"] == 70 and rows["learn"].tolist() == list(range(60)) and rows["held"].tolist() == list(range(60, 70))
    assert np.array_equal(rows["X"][60:], X.astype(np.float32)) and np.array_equal(rows["y"][60:], y)


def test_any_update_of_a_run(client: httpx.Client, store: ll.Store) -> None:
    run = store.load("moons-1")
    for update in (0, 7, run.updates - 1):
        header, arrays = unpack(client.get(f"runs/moons-1/moment/{update}").content)
        moment = run.at(update)
        assert header["loss"] == float(moment.loss) and arrays["rows"].tolist() == moment.rows.tolist()
        layout = header["layout"]
        assert len(arrays["arena"]) == layout["fixed_bytes"] + layout["row_bytes"] * header["capacity"]
        at = layout["tensors"]["loss"]["offset"]
        assert arrays["arena"][at : at + 4].view(np.float32)[0] == moment.loss
        assert all(np.array_equal(arrays[f"before/{name}"], values) for name, values in run.state_before(update).items())
    said = error(client.get(f"runs/moons-1/moment/{run.updates}"), 400)
    assert "is not in the run" in said
    error(client.get("runs/moons-1/moment/-1"), 404)
    error(client.get(f"runs/moons-1/moment/{'9' * 50}"), 400)


def test_predictions_along_the_way(client: httpx.Client, store: ll.Store) -> None:
    run = store.load("moons-1")
    _, arrays = unpack(client.get(f"runs/moons-1/predictions/{run.updates}").content)
    assert run.examples is not None
    assert np.array_equal(arrays["linked"], run.predict_proba(run.examples.X)[:, 1:])
    _, early = unpack(client.get("runs/moons-1/predictions/0").content)
    assert not np.array_equal(early["outputs"], arrays["outputs"])
    error(client.get(f"runs/moons-1/predictions/{run.updates + 1}"), 400)


def test_an_arena_too_large_for_a_page(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "ARENA", 100)
    assert "Fix: a smaller batch" in error(client.get("runs/moons-1/moment/0"), 413)


def test_a_run_that_is_deleted_while_it_is_open(client: httpx.Client, store: ll.Store) -> None:
    assert client.get("runs/moons-1/moment/3").status_code == 200
    store.delete("moons-1")
    for path in ("runs/moons-1", "runs/moons-1/moment/3", "runs/moons-1/predictions/3"):
        assert "unknown run 'moons-1'" in error(client.get(path), 404)


def test_ids_that_are_none(client: httpx.Client) -> None:
    for id in ("moons", "last", "..%2Fx", "%00", "@x", "moons-1%0a", "x" * 3000, "';--", "%E2%80%AE"):
        assert client.get(f"runs/{id}").status_code in (403, 404), id


def test_a_store_that_is_damaged_says_so(client: httpx.Client, store: ll.Store) -> None:
    store.path.write_bytes(b"no database " * 1000)
    assert str(store.path) in error(client.get("runs"), 500)
    assert client.get("session").status_code == 200


def test_a_branch_is_shown_but_not_computed_in_the_page(desk: Desk, client: httpx.Client) -> None:
    branch = small().branch(5, learning_rate=0.01, progress=False)
    handle = desk.books.bring(branch)
    header, _ = unpack(client.get(f"runs/{handle}").content)
    assert header["scenario"] is None and "branched from another one" in header["refusal"]
    assert unpack(client.get(f"runs/{handle}/moment/{branch.updates - 1}").content)[0]["loss"] == float(branch.losses[-1])


def test_exports(client: httpx.Client, store: ll.Store, tmp_path: Path) -> None:
    scenario = first().to_dict()
    scenario["options"]["epochs"] = 2
    expected = trained(scenario)
    response = client.post("export", json={"kind": "run", "scenario": scenario})
    assert response.headers["content-disposition"] == 'attachment; filename="learnloop.run"'
    (tmp_path / "x.run").write_bytes(response.content)
    assert ll.load(tmp_path / "x.run").digest == expected.digest
    recorded = client.post("export", json={"kind": "run", "run": "moons-1"})
    (tmp_path / "y.run").write_bytes(recorded.content)
    assert ll.load(tmp_path / "y.run").digest == store.load("moons-1").digest
    assert client.post("export", json={"kind": "c", "scenario": scenario}).text == expected.source
    assert client.post("export", json={"kind": "digest", "scenario": scenario}).text == expected.digest
    whole = zipfile.ZipFile(BytesIO(client.post("export", json={"kind": "standalone", "scenario": scenario}).content))
    assert sorted(whole.namelist()) == ["data.bin", "main.c", "network.c"] and expected.digest in whole.read("main.c").decode()
    for given in ({}, {"kind": "exe"}, {"kind": ["run"]}, {"kind": "run"}, {"kind": "run", "run": 3}):
        error(client.post("export", json=given), 400)
    error(client.post("export", json={"kind": "run", "run": "moons-7"}), 404)


def test_an_export_that_would_take_too_long(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "EXPORT_WORK", 1000)
    assert "train it natively" in error(client.post("export", json={"kind": "run", "scenario": first().to_dict()}), 413)


def test_files_of_the_page_are_fetched_once(client: httpx.Client) -> None:
    response = client.get("js/main.js")
    assert response.headers["content-type"] == "text/javascript; charset=utf-8" and response.headers["cache-control"] == "no-cache"
    again = client.get("js/main.js", headers={"if-none-match": response.headers["etag"]})
    assert again.status_code == 304 and not again.content
    assert client.get("").headers["content-type"] == "text/html; charset=utf-8"


def test_what_is_held_makes_room() -> None:
    held, rows = Holding(), ll.datasets.load("moons", rows=4)

    class Large(Table):
        size = MOST // 2 + 1

    first_one = held.keep(Large(rows, "file"))
    assert held.table(first_one).origin == "file"
    second = held.keep(Large(rows, "file"))
    assert held.table(second)
    with pytest.raises(LookupError, match="not held here"):
        held.table(first_one)


def test_no_number_of_an_answer_is_nan(desk: Desk, client: httpx.Client) -> None:
    X = np.linspace(-1, 1, 20)[:, None]
    run = ll.train(ll.mlp(1, 2, 1), X, np.ones(20), epochs=1, progress=False, validation=0.2)
    assert np.isnan(run.history[0]["validation_r2"])
    header, _ = unpack(client.get(f"runs/{desk.books.bring(run)}").content)
    assert header["history"][0]["validation_r2"] is None
    assert "NaN" not in json.dumps(header)
