"""``learnloop train FILE --target COLUMN`` and what comes after it: names, rows, files that are gone."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from cli.conftest import fits
from learnloop import Store
from learnloop.cli.given import Asked, kinds_of
from learnloop.data import Source
from learnloop.data.recipes import by_shape
from learnloop.errors import DescriptionError
from learnloop.train.progress import Silent

pytest.importorskip("polars")

HEAD = "PassengerId,Name,Age,Sex,Fare,Survived"


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small table of people, in the folder of the process."""
    monkeypatch.chdir(tmp_path)
    kinds = [("female", "yes"), ("male", "no"), ("male", "no"), ("female", "yes"), ("male", "yes")]
    lines = [
        f"{k},\"Mr. {k}, Esq.\",{'' if k % 6 == 0 else 20 + k % 50},{kinds[k % 5][0]},{k * 7 % 90}.5,{kinds[k % 5][1]}"
        for k in range(120)
    ]
    path = tmp_path / "ship.csv"
    path.write_text("\n".join([HEAD, *lines]))
    return path


def small(*words: str) -> list[str]:
    return ["train", *words, "--epochs", "4", "--threads", "1"]


def test_train_and_ask(learnloop, answer, ship, store: Store) -> None:
    result = learnloop(*small("ship.csv", "--target", "Survived"))
    assert result.code == 0 and fits(result.out)
    for text in (
        "120 rows, 5 inputs of 3 columns, 2 classes", "one input for each category of 1 column",
        "missing values of 1 column filled", "'PassengerId' is left out: it numbers the rows",
        "'Name' is left out: it has 120 different texts", "recorded  ship-1", "learnloop train ship.csv --hidden",
        "--target Survived",
    ):  # fmt: skip
        assert text in result.out, text
    assert learnloop("neuron", "ship-1", "dense_1[0]", "--row", "0").out.count("Sex = ") >= 1
    why = learnloop("why", "ship-1", "dense_1.weight[0,1]").out
    assert "in ship" in why and ("yes" in why or "no" in why)
    assert "ship: 96 rows to learn from, 24 to test on" in learnloop("show", "ship-1").out
    assert learnloop("replay", "ship-1", "--verify").code == 0
    without = answer("without", "ship-1", "--rows", "3")
    assert set(without["metrics"]) == {"train", "test"}
    assert answer("again", "ship-1", "--seed", "4", "--no-record")["confusion"] is not None


def test_numbers_as_target(learnloop, answer, ship) -> None:
    found = answer(*small("ship.csv", "--target", "Fare"))
    assert found["task"] == "regression" and "rmse" in found["metrics"]["test"] and found["run"] == "ship-1"
    assert "Survived = yes" in learnloop("neuron", "ship-1", "dense_1[0]", "--inputs", "20").out


def test_the_user_chooses(answer, ship) -> None:
    found = answer(*small("ship.csv", "--target", "Survived", "--kind", "Age=skip", "--kind", "PassengerId=number"))
    assert found["columns"] == 4
    assert answer(*small("./ship.csv", "--target", "Age", "--task", "regression"))["rows"] == 100


def test_the_same_file_gives_the_same_bits(answer, ship, tmp_path) -> None:
    one = answer(*small("ship.csv", "--target", "Survived"))
    (tmp_path / "other.csv.gz").write_bytes(gzip.compress(ship.read_bytes()))
    two = answer(*small(str(tmp_path / "other.csv.gz"), "--target", "Survived"))
    assert one["digest"] == two["digest"] and two["run"] == "other-1"


def test_parquet(answer, ship, tmp_path) -> None:
    import polars

    polars.read_csv(ship).write_parquet(tmp_path / "ship.parquet")
    one, two = (answer(*small(name, "--target", "Survived")) for name in ("ship.csv", "ship.parquet"))
    assert one["digest"] == two["digest"]


def test_resume(answer, ship, store: Store) -> None:
    whole = answer(*small("ship.csv", "--target", "Survived"))

    class Impatient(Silent):
        def show(self, update, loss, extra):
            raise KeyboardInterrupt

    store.load("ship-1").again(threads=1, record=store, name="cut", progress=Impatient())
    assert store.entry("cut-1").status == "interrupted"
    found = answer("resume", "cut-1")
    assert found["digest"] == whole["digest"] and found["metrics"] == whole["metrics"]


def test_a_file_that_changed_or_is_gone(learnloop, answer, ship) -> None:
    answer(*small("ship.csv", "--target", "Survived"))
    text = ship.read_text()
    ship.write_text(text.replace("female", "woman"))
    result = learnloop("without", "ship-1", "--rows", "3", "--no-record")
    assert result.code == 0 and "test accuracy" not in result.out.split("digest")[-1]
    ship.unlink()
    assert answer("without", "ship-1", "--rows", "3", "--no-record")["metrics"] == {}
    assert learnloop("replay", "ship-1", "--verify").code == 0
    ship.write_text(text)
    assert answer("without", "ship-1", "--rows", "3", "--no-record")["metrics"] != {}


def test_data_that_are_not_kept(learnloop, answer, ship, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("learnloop.recording.WITH_DATA", 0)
    monkeypatch.setattr("learnloop.api.WITH_DATA", 0)
    answer(*small("ship.csv", "--target", "Survived"))
    result = learnloop("why", "ship-1", "dense_1.weight[0,1]")
    assert result.code == 2 and "Fix: --data NAME names the data set or file" in result.err
    moved = tmp_path / "moved.csv"
    ship.rename(moved)
    assert learnloop("why", "ship-1", "dense_1.weight[0,1]", "--data", str(moved)).code == 0
    moved.write_text(moved.read_text() + "\n999,x,1,male,2,yes")
    result = learnloop("why", "ship-1", "dense_1.weight[0,1]", "--data", str(moved))
    assert result.code == 5 and "moved.csv has changed since the run learnt from it" in result.err


def test_a_folder_and_idx(learnloop, answer, tmp_path, monkeypatch) -> None:
    image = pytest.importorskip("PIL.Image")
    monkeypatch.chdir(tmp_path)
    pixels = np.random.default_rng(0).integers(0, 256, (12, 5, 5), np.uint8)
    for k in range(12):
        folder = tmp_path / "shapes" / "ab"[k % 2]
        folder.mkdir(parents=True, exist_ok=True)
        image.fromarray(pixels[k]).save(folder / f"{k}.png")
    found = answer(*small("shapes", "--size", "4x3"))
    assert found["columns"] == 12 and found["run"] == "shapes-1"
    assert answer("without", "shapes-1", "--rows", "0", "--no-record")["metrics"] != {}
    (tmp_path / "x-images-idx3-ubyte").write_bytes(bytes([0, 0, 8, 3, 0, 0, 0, 12, 0, 0, 0, 5, 0, 0, 0, 5]) + pixels.tobytes())
    (tmp_path / "y").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 12]) + bytes([1, 2] * 6))
    found = answer(*small("x-images-idx3-ubyte", "--labels", "y"))
    assert found["columns"] == 25 and found["run"] == "x-images-1"
    assert answer("without", "x-images-1", "--rows", "0", "--no-record")["metrics"] != {}
    out = learnloop("data", "shapes").out
    assert "pictures of 5 x 5" in out and "classes   a (6), b (6)" in out and fits(out)


def test_data(learnloop, answer, ship) -> None:
    out = learnloop("data", "ship.csv").out
    assert "120 rows, 6 columns" in out and "2: female, male" in out and "learnloop train ship.csv --target Survived" in out
    assert fits(out)
    out = learnloop("data", "ship.csv", "--target", "Survived").out
    assert "columns   5: Age, Age is missing, Sex = female, Sex = male, Fare" in out and "classes   no (48), yes (72)" in out
    assert fits(out)
    found = json.loads(learnloop("data", "ship.csv", "--json").out)
    assert [column["kind"] for column in found["columns"]] == ["number", "category", "number", "category", "number", "category"]
    assert learnloop("data", "--target", "x").code == 2


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        ("train ship.csv", 2, "which column of ship shall be predicted? It has 'PassengerId', 'Name'"),
        ("train ship.csv --target Surived", 2, "unknown column 'Surived'. Did you mean 'Survived'?"),
        ("train ship.csv --target Survived --task x", 2, "expected classification or regression"),
        ("train ship.csv --target Survived --task regression", 2, "a regression predicts numbers"),
        ("train ship.csv --target Survived --kind Age", 2, "--kind is 'Age'; expected COLUMN=KIND"),
        ("train ship.csv --target Survived --kind Age=x", 2, "the kind of column 'Age' is 'x'; expected number, date"),
        ("train ship.csv --target Survived --size 8", 2, "a table has no size"),
        ("train ship.csv --target Survived --hidden x --loss mse", 2, "2 problems"),
        ("train . --size 0", 2, "the size is"),
        ("train . --size axb", 2, "--size is 'axb'; expected a side"),
        ("train .", 2, "no sub-folder with images"),
        ("train nothing.csv --target x", 5, "there is no file nothing.csv"),
        ("train nothing/there --target x", 5, "there is no file nothing/there"),
        ("train nothing --target x", 2, "its target cannot be chosen"),
        ("data nothing", 2, "unknown data set 'nothing'"),
        ("train bad.csv --target a", 2, "line 3 of bad.csv has 3 fields, the header has 2"),
    ],
)
def test_mistakes(learnloop, ship, words: str, code: int, text: str) -> None:
    (ship.parent / "bad.csv").write_text("a,b\n1,2\n1,2,3\n")
    result = learnloop(*words.split())
    assert result.code == code and text in result.err and result.out == "" and "Traceback" not in result.err


def test_hostile_names_are_shown_and_do_nothing(learnloop, answer, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = "\x1b[31m$(touch x) [bold]'; --.csv"
    rows = "".join(f"{k},{'<b>' if k % 2 else chr(27) + '[2J'}\n" for k in range(40))
    (tmp_path / name).write_text(f'"\x1b]0;title\x07*/","</script>"\n{rows}')
    result = learnloop(*small(name, "--target", "</script>"))
    assert result.code == 0 and "\x1b" not in result.out + result.err and "\x07" not in result.out + result.err
    assert not (tmp_path / "x").exists()
    run = json.loads(learnloop("runs", "--json").out)[0]["id"]
    for words in (["show", run], ["why", run, "dense_1.weight[0,1]"], ["neuron", run, "dense_1[0]"],
                  ["insights", run], ["data", name], ["data", name, "--target", "</script>"]):  # fmt: skip
        result = learnloop(*words)
        assert result.code == 0 and "\x1b" not in result.out, words


def test_categories_only_among_the_test_rows_are_told(learnloop, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("c,n,y\n" + "".join(f"t{k},{k},{k * k}.5\n" for k in range(12)))
    result = learnloop(*small("a.csv", "--target", "y"))
    told = " ".join(result.out.split())
    assert result.code == 0 and "only among the rows to test on, so nothing is learnt of it: c = t" in told


def test_what_the_notes_say(answer, ship, store: Store) -> None:
    answer(*small("ship.csv", "--target", "Survived"))
    source = Source.of(store.load("ship-1"))
    assert source is not None and source.origin is not None and source.origin.path == str(ship)
    assert source.targets == ("no", "yes") and source.columns[1] == "Age is missing"


def test_a_data_set_of_a_built_in_name(answer, ship) -> None:
    ship.rename("iris.csv")
    assert answer(*small("iris.csv", "--target", "Survived"))["rows"] == 120
    assert answer("without", "iris-1", "--rows", "0", "--no-record")["metrics"] != {}


def test_words_of_the_command_line() -> None:
    assert kinds_of(["a=b=number"]) == {"a=b": "number"}
    with pytest.raises(DescriptionError, match="its kind cannot be chosen"):
        Asked("iris", kind=("a=number",)).dataset()


@pytest.mark.parametrize("rows", [2, 100, 1500, 10**4, 10**6])
@pytest.mark.parametrize("columns", [1, 20, 784, 10_000])
def test_recipes_by_shape(rows: int, columns: int) -> None:
    found = by_shape(rows, columns)
    updates = found.epochs * -(-rows // found.batch_size)
    assert 4 <= found.epochs <= 100 and updates <= max(7000 + found.epochs, 4 * rows / 32)
