"""`hsr anonymize` with every method and every model, recounted from the file by `hsr verify` and by hand."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.cli.main import run

ROOT = Path(__file__).parents[2]
ADULT = ROOT / "examples" / "adult"
FIVE = ["sex", "age", "race", "marital-status", "education"]
TABLE = """who;age;town;hospital;cause
p1;31;Oslo;H1;cardiac
p2;31;Oslo;H1;presumed cardiac
p3;32;Oslo;H2;trauma
p4;32;Oslo;H2;cardiac
p5;31;Voss;H1;cardiac
p6;32;Voss;H2;trauma
p7;41;Voss;H1;drowning
p8;42;Voss;H2;cardiac
p9;41;Voss;H1;trauma
p10;57;Lund;H1;cardiac
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten persons, their hierarchies, a population and scenarios."""
    (tmp_path / "h").mkdir()
    ages = "".join(f"{n};{n // 10}0s;{'young' if n < 50 else 'old'};*\n" for n in range(30, 60))
    (tmp_path / "h" / "age.csv").write_text(ages)
    (tmp_path / "h" / "town.csv").write_text("Oslo;NO;*\nVoss;NO;*\nLund;SE;*\n")
    (tmp_path / "h" / "cause.csv").write_text(
        "cardiac;heart;*\npresumed cardiac;heart;*\ntrauma;other;*\ndrowning;other;*\n"
    )
    (tmp_path / "data.csv").write_text(TABLE)
    (tmp_path / "people.csv").write_text(
        "age;town;n\n31;Oslo;40\n32;Oslo;2\n31;Voss;3\n32;Voss;1\n41;Voss;9\n42;Voss;1\n57;Lund;1\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ask(capsys: pytest.CaptureFixture[str], *more: str, expected: int = 0) -> Any:
    words = ["anonymize", "data.csv", "-q", "age,town", "--hierarchies", "h", "--k", "2"]
    words += ["--max-suppressed", "0.3", "--out", "out.csv", *more]
    assert run([*words, "--json"]) == expected
    said = capsys.readouterr()
    return said.err if expected else json.loads(said.out)


def read(path: str = "out.csv") -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def sizes(rows: Iterable[dict[str, str]], columns: Iterable[str]) -> Counter[tuple[str, ...]]:
    names = tuple(columns)
    return Counter(tuple(row[name] for name in names) for row in rows)


@pytest.mark.parametrize("method", ["full-domain", "joint", "cells", "local"])
def test_every_method_gives_classes_of_k_and_says_how_far_from_the_least_loss_it_can_be(
    desk: Path, capsys: pytest.CaptureFixture[str], method: str
) -> None:
    del desk
    told = ask(capsys, "--method", method)
    rows = read()
    assert min(sizes(rows, ["age", "town"]).values()) == told["k"] >= 2
    assert len(sizes(rows, ["age", "town"])) == told["classes"]
    assert len(rows) == 10 - told["suppressed_rows"]
    assert 0 <= told["bound"] <= told["loss"]
    assert told["gap"] == pytest.approx(told["loss"] - told["bound"])
    assert run(["verify", "out.csv", "-q", "age,town", "--k", "2"]) == 0


@pytest.mark.parametrize("method", ["joint", "cells"])
def test_a_suppressed_cell_has_a_code_of_its_own_and_is_named_by_the_mask(
    desk: Path, capsys: pytest.CaptureFixture[str], method: str
) -> None:
    del desk
    more = ["--method", method, "--suppressed", "998", "--mask-column", "gone"]
    told = ask(capsys, *more, "--max-suppressed", "0")
    rows = read()
    named = [row["gone"].split(",") if row["gone"] else [] for row in rows]
    coded = [[name for name in ("age", "town") if row[name] == "998"] for row in rows]
    assert named == coded
    assert told["suppressed_cells"] == sum(map(len, coded)) > 0


def test_a_method_that_suppresses_no_cells_adds_no_column(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del desk
    ask(capsys, "--method", "local")
    assert list(read()[0]) == ["who", "age", "town", "hospital", "cause"]


@pytest.mark.parametrize(
    ("words", "model", "reached"),
    [
        (["--sensitive", "cause", "--l", "2"], "distinct l-diversity", lambda n: n >= 2),
        (["--sensitive", "cause", "--entropy-l", "1.5"], "entropy l-diversity", lambda n: n >= 1.5),
        (
            ["--sensitive", "cause", "--recursive", "2,2"],
            "recursive (c,l)-diversity",
            lambda n: n < 2,
        ),
        (["--sensitive", "cause", "--alpha", "0.6"], "alpha", lambda n: n <= 0.6),
        (["--sensitive", "cause", "--t", "0.5"], "t-closeness (equal)", lambda n: n <= 0.5),
        (
            ["--sensitive", "cause", "--t", "0.5", "--distance", "ordered"],
            "t-closeness (ordered)",
            lambda n: n <= 0.5,
        ),
        (
            ["--sensitive=cause", "--t=.4", "--distance=hierarchical", "--sensitive-level=cause=0"],
            "t-closeness (hierarchical)",
            lambda n: n <= 0.4,
        ),
        (["--sensitive", "cause", "--beta", "2"], "enhanced beta-likeness", lambda n: n <= 2),
        (
            ["--sensitive", "cause", "--beta", "1", "--basic-beta"],
            "basic beta-likeness",
            lambda n: n <= 1,
        ),
        (["--sensitive", "cause", "--delta", "2"], "delta-disclosure", lambda n: n <= 2),
        (["--max-risk", "0.3"], "maximum risk", lambda n: n <= 0.3),
        (["--average-risk", "0.25"], "average risk", lambda n: n <= 0.25),
        (["--all-subsets", "1,3"], "k of all 1-subsets", lambda n: n >= 3),
        (["--second-entity", "hospital"], "second entity", lambda n: n >= 2),
        (
            ["--population", "people.csv", "--population-count", "n", "--k-map", "4"],
            "k-map",
            lambda n: n >= 4,
        ),
        (
            ["--population=people.csv", "--population-count=n", "--journalist-risk=0.2"],
            "journalist risk",
            lambda n: n <= 0.2,
        ),
    ],
)
def test_every_model_is_kept_and_has_its_verdict(
    desk: Path, capsys: pytest.CaptureFixture[str], words: list[str], model: str, reached: Any
) -> None:
    del desk
    plain = ask(capsys)
    told = ask(capsys, *words)
    verdicts = {one["model"]: one for one in told["models"]}
    assert set(verdicts) == {"k-anonymity", model}
    assert reached(verdicts[model]["reached"])
    assert told["loss"] >= plain["loss"]


def test_two_causes_that_are_one_secret_count_as_one(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = TABLE.replace("p3;32;Oslo;H2;trauma", "p3;32;Oslo;H2;presumed cardiac")
    (desk / "data.csv").write_text(table)
    fine = ask(capsys, "--sensitive", "cause", "--l", "2")
    assert fine["levels"]["town"] == 0
    words = ["--sensitive", "cause", "--l", "2", "--sensitive-level", "cause=1"]
    coarse = ask(capsys, *words)
    assert coarse["loss"] > fine["loss"]
    secret = {"cardiac": "heart", "presumed cardiac": "heart", "trauma": "o", "drowning": "o"}
    classes: dict[tuple[str, str], set[str]] = {}
    for row in read():
        classes.setdefault((row["age"], row["town"]), set()).add(secret[row["cause"]])
    assert all(len(secrets) >= 2 for secrets in classes.values())


def test_a_population_that_knows_some_of_the_columns_is_matched_on_those(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "people.csv").write_text("town\n" + "Oslo\n" * 3 + "Voss\n" * 9 + "Lund\n" * 9)
    told = ask(capsys, "--population", "people.csv", "--k-map", "5")
    # Oslo has four persons in the release, so its three of the population are four at least.
    assert told["levels"]["town"] == 1
    verdict = next(one for one in told["models"] if one["model"] == "k-map")
    assert verdict["reached"] == 12


def test_several_attackers_each_have_columns_and_k_of_their_own(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    label = "label: {nb: x, en: x}"
    (desk / "who.yaml").write_text(
        f"scenarios:\n  - {{name: neighbour, {label}, knows: [town], k: 4}}\n"
        f"  - {{name: newspaper, {label}, knows: [age, cinema], k: 3}}\n"
    )
    told = ask(capsys, "--scenarios", "who.yaml")
    rows = read()
    assert min(sizes(rows, ["town"]).values()) >= 4
    assert min(sizes(rows, ["age"]).values()) >= 3
    names = [one["model"] for one in told["models"]]
    assert names == ["k-anonymity", "scenario neighbour", "scenario newspaper"]


def test_a_floor_is_the_finest_level_and_a_weight_keeps_detail(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del desk
    told = ask(capsys, "--floor", "age=1", "--max-suppressed", "0")
    assert all(not row["age"].isdecimal() for row in read())
    assert told["suppressed_rows"] == 0
    town = ask(capsys, "--weight", "town=100", "--max-suppressed", "0")["levels"]["town"]
    age = ask(capsys, "--weight", "age=100", "--max-suppressed", "0")["levels"]["town"]
    assert town <= age


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["--loss", "entropy", "--method", "cells"], 12, "is for method 'full-domain'"),
        (["--reading", "wildcard"], 12, "for method 'cells' only"),
        (["--method", "joint", "--mask-column", "who"], 12, "column 'who' already"),
        (["--method", "joint", "--suppressed", " "], 12, "must read as something"),
        (["--sensitive-level", "cause=1"], 12, "no model counts them"),
        (["--sensitive", "cause", "--l", "2", "--sensitive-level", "cause=9"], 12, "no level 9"),
        (["--l", "2"], 12, "a sensitive column and l belong together"),
        (["--recursive", "2"], 2, "write C,L"),
        (["--all-subsets", "x"], 2, "write M or M,K"),
        (["--all-subsets", "3"], 12, "subsets of 3 quasi-identifiers"),
        (["--weight", "age"], 2, "write COLUMN=NUMBER"),
        (["--weight", "age=1", "--weight", "age=2"], 2, "'age' stands twice"),
        (["--weight", "age=much"], 12, "--weight age: no number"),
        (["--weight", "hospital=2"], 12, "is no quasi-identifier"),
        (["--floor", "age=7"], 12, "has no level 7"),
        (["--k-map", "3"], 12, "a population and --k-map"),
        (["--population", "people.csv"], 12, "a population and --k-map"),
        (["--population-count", "n"], 12, "--population, which is missing"),
        (["--population=people.csv", "--k-map=3", "--population-count=m"], 12, "no column 'm'"),
        (["--population=data.csv", "--k-map=90"], 12, "the population has only 10 person(s)"),
        (["--second-entity", "hospital=x"], 12, "is no whole number"),
        (["--second-entity", "clinic"], 12, "no column 'clinic'"),
        (["--second-entity", "hospital=3"], 12, "which has only 2"),
        (["--scenarios", "nowhere.yaml"], 10, "nowhere.yaml"),
        (["--scenarios", "shipped"], 12, "no scenario of shipped knows any"),
    ],
)
def test_choices_that_do_not_go_together_are_refused_and_nothing_is_written(
    desk: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, text: str
) -> None:
    assert text in ask(capsys, *words, expected=code)
    assert not (desk / "out.csv").exists()


def test_a_code_that_stands_in_the_column_already_is_refused(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--method", "cells", "--suppressed", "Voss", "--max-suppressed", "0"]
    told = ask(capsys, *words, expected=12)
    assert "column 'town': the code for suppressed cells stands in it already" in told
    assert not (desk / "out.csv").exists()


def test_the_wildcard_reading_suppresses_fewer_cells_and_is_verified_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    words = ["anonymize", str(ADULT / "adult.csv"), "-q", ",".join(FIVE), "--k", "5", "--json"]
    words += ["--hierarchies", str(ADULT / "hierarchies"), "--max-suppressed", "0"]
    words += ["--method", "cells", "--out", str(out)]
    assert run([*words, "--reading", "wildcard"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["suppressed_cells"] <= 7_828
    cells = sum(row[name] == "*" for row in read(str(out)) for name in FIVE)
    assert cells == told["suppressed_cells"]
    check = ["verify", str(out), "-q", ",".join(FIVE), "--k", "5"]
    assert run([*check, "--reading", "wildcard"]) == 0
    assert run(check) == 23
