"""`hsr assess` as its users run it: what it answers, what it writes, and what it refuses."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.identifiers import make_national_ids
from tests.desk import Desk

CANARY = "canary-7419"
SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "risk.schema.json"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """Two classes, of 5 and 6 persons."""
    path = tmp_path / "extract.csv"
    rows = [f"{i};{CANARY}-{'ab'[i % 2]};{'xyz'[i % 3]}" for i in range(11)]
    path.write_text("event;place;ill\n" + "\n".join(rows) + "\n")
    return path


def table(extract: Path, *more: str, k: int | None = 5) -> list[str]:
    limit = [] if k is None else ["--k", str(k)]
    return ["assess", str(extract), "-q", "place", "--sensitive", "ill", *limit, *more]


@pytest.mark.parametrize(("k", "code"), [(5, 0), (6, 24), (None, 25)])
def test_the_exit_code_is_the_answer(
    extract: Path, capfd: Captured, k: int | None, code: int
) -> None:
    assert run(table(extract, k=k)) == code
    said = capfd.readouterr()
    assert "11 rows of 11 persons in 2 classes, k = 5" in said.out
    assert CANARY not in said.out + said.err
    assert ("not within the limits: The smallest class has 5 persons" in said.err) == (code == 24)
    assert ("cannot be told: Nobody has said" in said.err) == (code == 25)


def test_a_class_with_too_few_values_is_refused(extract: Path, capfd: Captured) -> None:
    assert run(table(extract, "--l", "ill=3")) == 0
    assert run(table(extract, "--l", "ill=4")) == 24
    assert (
        "Distinct values of ill in every class: 3 at least; 4 asked for." in capfd.readouterr().err
    )


@pytest.mark.parametrize("code", [0, 24])
def test_a_page_has_its_figures_beside_it_whatever_the_answer(
    extract: Path, tmp_path: Path, code: int
) -> None:
    page = tmp_path / "a.html"
    assert run(table(extract, "--out", str(page), k=6 if code else 5)) == code
    machines = json.loads((tmp_path / "risk.json").read_text(encoding="utf-8"))
    assert machines["verdict"]["answer"] == ("no" if code else "yes")
    assert "</html>" in page.read_text(encoding="utf-8")
    assert CANARY not in page.read_text(encoding="utf-8") + json.dumps(machines)


def test_a_folder_is_made_for_both(extract: Path, tmp_path: Path, capfd: Captured) -> None:
    assert run(table(extract, "--out", str(tmp_path / "report"))) == 0
    names = sorted(path.name for path in (tmp_path / "report").iterdir())
    assert names == ["report.html", "risk.json"]
    assert f"report: {tmp_path / 'report' / 'report.html'}" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("taken", "out"), [("a.html", "a.html"), ("risk.json", "a.html"), ("report/mine", "report")]
)
def test_a_place_that_is_taken_stays_as_it_is(
    extract: Path, tmp_path: Path, taken: str, out: str
) -> None:
    (tmp_path / taken).parent.mkdir(exist_ok=True)
    (tmp_path / taken).write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    assert run(table(extract, "--out", str(tmp_path / out))) == 31
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / taken).read_text() == "mine"


def test_csv_and_parquet_say_the_same(extract: Path, tmp_path: Path, capfd: Captured) -> None:
    pl.read_csv(extract, separator=";", infer_schema=False).write_parquet(tmp_path / "e.parquet")
    told = []
    for path in (extract, tmp_path / "e.parquet"):
        assert run(table(path, "--json")) == 0
        told.append(json.loads(capfd.readouterr().out) | {"title": ""})
    assert told[0] == told[1]


def test_an_original_tells_what_was_removed(extract: Path, tmp_path: Path, capfd: Captured) -> None:
    before = tmp_path / "before.csv"
    before.write_text(extract.read_text() + f"11;{CANARY}-c;x\n")
    assert run(table(extract, "--event", "event", "--original", str(before), "--json")) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["utility"]["losses"]["suppressed_rows"] == pytest.approx(1 / 12, abs=1e-6)


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        (["-q", "plce"], 12, "no column 'plce'; did you mean 'place'?"),
        (["-q", "place,home"], 12, "no column 'home'; was it dropped from the extract?"),
        (["--sensitive", "death"], 12, "no column 'death'"),
        (["--original", ".", "--event", "event"], 12, "is a folder; name the table"),
        (["--original", "nowhere.csv", "--event", "event"], 12, "nowhere.csv"),
        (["--attacks"], 2, "attacks are registered in a project"),
        (["--earlier", "."], 2, "belong to --project"),
        (["--l", "ill=few"], 2, "write a whole number"),
        (["--k", "0"], 2, "--k"),
    ],
)
def test_what_does_not_fit_is_refused(
    extract: Path, capfd: Captured, more: Sequence[str], code: int, says: str
) -> None:
    assert run(table(extract, *more)) == code
    said = capfd.readouterr()
    assert says in said.err
    assert CANARY not in said.out + said.err


def test_an_original_of_another_extract_is_refused(
    extract: Path, tmp_path: Path, capfd: Captured
) -> None:
    other = tmp_path / "other.csv"
    other.write_text(f"event;place;ill\n77;{CANARY}-q;x\n")
    assert run(table(extract, "--event", "event", "--original", str(other))) == 12
    said = capfd.readouterr().err
    assert "11 of 11 released rows have no original" in said
    assert CANARY not in said


def test_an_extract_without_rows_is_refused(tmp_path: Path, capfd: Captured) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("event;place;ill\n")
    assert run(table(path)) == 12
    assert "empty.csv" in capfd.readouterr().err


def test_a_table_needs_columns_or_a_project(extract: Path, capfd: Captured) -> None:
    assert run(["assess", str(extract)]) == 2
    assert "name the --project, or the --quasi-identifiers" in capfd.readouterr().err


def test_an_original_needs_a_column_that_tells_rows_apart(extract: Path, capfd: Captured) -> None:
    assert run(table(extract, "--original", str(extract))) == 2
    assert "by --event" in capfd.readouterr().err


# What follows shares one release.


def of_project(desk: Desk, *more: str, extract: Path | None = None) -> list[str]:
    return ["assess", str(extract or desk.out), "--project", str(desk.project), *more]


def with_keys(desk: Desk) -> list[str]:
    return ["--keyring", str(desk.ring), "--passphrase-file", str(desk.ring.parent / "word")]


def test_a_release_keeps_to_the_schema_of_its_figures(released: Desk) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    risk = json.loads((released.out / "risk.json").read_text(encoding="utf-8"))
    found = Draft202012Validator(schema).iter_errors(risk)
    assert [f"{list(one.absolute_path)}: {one.message[:200]}" for one in found] == []
    assert risk["scenarios"]
    assert risk["verdict"]["answer"] == "cannot tell"  # no limit is set for what a class tells


def test_the_register_says_of_a_release_what_the_release_said(
    released: Desk, capfd: Captured
) -> None:
    """Where nothing has happened since, the audit of a folder is that of its release."""
    before = released.state()
    assert run(of_project(released, *with_keys(released), "--json")) == 25
    said = capfd.readouterr()
    found = json.loads(said.out)
    risk = json.loads((released.out / "risk.json").read_text(encoding="utf-8"))
    for name in ("k", "rows", "persons", "limits", "scenarios", "news", "utility"):
        assert found[name] == risk[name], name
    assert found["earlier"][0]["compared"] == 0
    assert released.state() == before
    truth = released.deliveries  # what the deliveries hold of persons is in neither stream
    planted = [
        line.split(";") for line in next(truth.glob("*Person*")).read_text("utf-8").splitlines()
    ]
    numbers = {cell.strip('"') for row in planted for cell in row if len(cell.strip('"')) == 11}
    assert numbers
    assert not [number for number in numbers if number in said.out + said.err]


def test_an_earlier_folder_is_compared_with_it(released: Desk, capfd: Captured) -> None:
    code = run(of_project(released, "--earlier", str(released.out), "--json"))
    (found,) = json.loads(capfd.readouterr().out)["earlier"]
    assert code == 25
    assert found["broken_for_recipient"] is False


def with_attacks(desk: Desk, path: Path) -> Path:
    """The project with its attacks registered, few of them."""
    before, section, after = desk.project.read_text(encoding="utf-8").partition("# attacks:\n")
    lines, end, rest = after.partition("\n\n")
    plan = "\n".join(line.removeprefix("# ") for line in lines.splitlines())
    assert section
    assert end
    text = f"{before}attacks:\n{plan.replace('attacks: 2000', 'attacks: 100')}\n\n{rest}"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.full
def test_attacks_are_tried_as_registered_and_every_run_is_remembered(
    released: Desk, tmp_path: Path, capfd: Captured
) -> None:
    project = with_attacks(released, tmp_path / "registered.yaml")
    command = ["assess", str(released.out), "--project", str(project), "--attacks", "--json"]
    runs = released.ring.with_name(released.ring.name + ".store") / "attacks.jsonl"
    try:
        for number in (1, 2):
            assert run([*command, *with_keys(released)]) in (24, 25)
            found = json.loads(capfd.readouterr().out)
            assert found["attacks"]["registration"]["run"] == number
            assert found["attacks"]["attacks"]
            assert len(runs.read_text(encoding="utf-8").splitlines()) == number
        notes = [one["text"]["en"] for one in found["verdict"]["notes"]]
        assert [text for text in notes if "run number 2 on the extract" in text]
    finally:
        runs.unlink(missing_ok=True)  # the release is shared


def test_attacks_without_a_register_to_remember_them_are_refused(
    released: Desk, tmp_path: Path, capfd: Captured
) -> None:
    project = with_attacks(released, tmp_path / "registered.yaml")
    assert run(["assess", str(released.out), "--project", str(project), "--attacks"]) == 12
    assert "name its key ring by --keyring" in capfd.readouterr().err


def test_rows_without_their_folder_cannot_be_compared(released: Desk, capfd: Captured) -> None:
    path = released.out / "data" / "extract.parquet"
    earlier = ["--earlier", str(released.out)]
    assert run(of_project(released, *earlier, extract=path)) == 12
    assert "is no folder of a release" in capfd.readouterr().err


def test_a_dropped_variable_is_no_fault(released: Desk, tmp_path: Path, capfd: Captured) -> None:
    path = tmp_path / "fewer.parquet"
    pl.read_parquet(released.out / "data" / "extract.parquet").drop("sted").write_parquet(path)
    assert run(of_project(released, "--json", extract=path)) in (0, 24, 25)
    found = json.loads(capfd.readouterr().out)
    assert "sted" not in found["measures"]["quasi_identifiers"]


def test_a_variable_that_nobody_approved_is_refused(
    released: Desk, tmp_path: Path, capfd: Captured
) -> None:
    path = tmp_path / "more.parquet"
    rows = pl.read_parquet(released.out / "data" / "extract.parquet")
    rows.with_columns(pl.lit(CANARY).alias("merknad")).write_parquet(path)
    assert run(of_project(released, extract=path)) == 12
    said = capfd.readouterr()
    assert "that the project does not approve, first column 'merknad'" in said.err
    assert CANARY not in said.out + said.err


def test_an_identifier_in_a_file_is_a_no_and_is_not_shown(
    released: Desk, tmp_path: Path, capfd: Captured
) -> None:
    born = np.array([dt.date(1974, 3, 5)], "datetime64[D]")
    (number,) = make_national_ids(born, np.array([1]), rng=np.random.default_rng(4)).tolist()
    folder = tmp_path / "extract"
    shutil.copytree(released.out, folder)
    (folder / "data" / "notes.txt").write_text(f"{number}\n")
    assert run(of_project(released, extract=folder)) == 24
    said = capfd.readouterr()
    assert "may name persons" in said.err
    assert number not in said.out + said.err


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        (["--k", "5"], 2, "--k is said by the project"),
        (["-q", "sted"], 2, "--quasi-identifiers is said by the project"),
        (["--l", "arsak=2"], 2, "--l is said by the project"),
        (["--attacks"], 12, "registers no attacks"),
    ],
)
def test_what_the_project_says_is_not_said_again(
    released: Desk, capfd: Captured, more: list[str], code: int, says: str
) -> None:
    assert run(of_project(released, *more)) == code
    assert says in capfd.readouterr().err


def test_another_table_is_not_the_extract_of_the_project(
    released: Desk, extract: Path, capfd: Captured
) -> None:
    assert run(of_project(released, extract=extract)) == 12
    assert "is it the extract of this project?" in capfd.readouterr().err


def test_a_folder_that_hsr_did_not_make_is_refused(
    released: Desk, tmp_path: Path, capfd: Captured
) -> None:
    assert run(of_project(released, extract=tmp_path)) == 12
    assert "no manifest.json" in capfd.readouterr().err
