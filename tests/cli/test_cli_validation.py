"""`hsr validate` says what does not hold, in counts, and leaves with 29; no cell is ever said."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.cli.main import run
from tests.desk import Desk

SAMPLES = Path(__file__).parents[2] / "synthetic" / "samples"


def test_a_clean_delivery_holds(capfd: pytest.CaptureFixture[str]) -> None:
    file = SAMPLES / "csv" / "register.csv"
    assert run(["validate", str(file), "--suite", "register"]) == 0
    out, err = capfd.readouterr()
    assert out.startswith("register: 953 row(s), ")
    assert "0 error(s), 0 warning(s), 0 information(s)" in out
    assert err == ""


def test_a_dirty_one_is_told_the_worst_first_and_leaves_with_29(
    capfd: pytest.CaptureFixture[str],
) -> None:
    file = SAMPLES / "csv-dirty" / "register.csv"
    assert run(["validate", str(file), "--suite", "deliveries"]) == 29
    out, err = capfd.readouterr()
    severities = [line.split()[0] for line in out.split("\n")[1:] if line]
    assert severities == sorted(severities)
    assert "error        sivilstand.codes: 'sivilstand' holds only codes of its code list (" in out
    assert "of severity error do not hold" in err


def test_machines_get_every_finding(capfd: pytest.CaptureFixture[str]) -> None:
    file = SAMPLES / "csv-dirty" / "register.csv"
    assert run(["validate", str(file), "--suite", "register", "--json"]) == 29
    told = json.loads(capfd.readouterr().out)
    assert (told["engine"], told["passed"]) == ("pandas", False)
    (table,) = told["tables"]
    assert (table["table"], table["suite"], table["faults"]) == ("register", "register", [])
    assert table["errors"] == sum(
        not f["passed"] and f["severity"] == "error" for f in table["findings"]
    )
    assert {"nb", "en"} == set(table["findings"][0]["text"])


def test_a_released_folder_is_judged_by_its_own_suite(
    released: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", str(released.out)]) == 0
    assert capfd.readouterr().out.startswith("extract.parquet: ")


def test_an_extract_holds_what_its_project_promised(
    released: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", str(released.out), "--suite", "extract"]) == 0
    assert " 0 error(s), 0 warning(s)" in capfd.readouterr().out


def test_the_event_store_of_a_clean_register_holds_all_that_a_simulation_promises(
    released: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    (events,) = released.folder.rglob("events.parquet")
    assert run(["validate", str(events), "--suite", "synthetic"]) == 0
    assert "suite 'synthetic': 0 error(s)" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nowhere", "--suite", "amk"], 12, "no such file or folder"),
        ([str(SAMPLES), "--suite", "evnt-store"], 10, "did you mean 'event-store'"),
        ([str(SAMPLES / "SHA256SUMS"), "--suite", "amk"], 12, "no table that can be judged"),
        ([str(SAMPLES / "csv-truth"), "--suite", "deliveries"], 11, "no delivery of"),
        ([str(SAMPLES / "csv")], 12, "has no suite of its own"),
        ([str(SAMPLES / "csv"), "--suite", "amk", "--engine", "excel"], 2, "excel"),
    ],
)
def test_what_cannot_be_judged_is_said_with_its_exit_code(
    words: list[str], code: int, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", *words]) == code
    assert said in capfd.readouterr().err


def test_no_cell_is_said_however_it_fails(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = (SAMPLES / "csv" / "hospital.csv").read_text(encoding="utf-8").split("\n")[:40]
    names = rows[0].split(",")
    canaries = []
    for number, name in enumerate(names):
        cells = rows[number % 30 + 1].split(",")
        if len(cells) == len(names):
            canaries.append(f"KANARI{name[:3]}01815012345")
            cells[number] = canaries[-1]
            rows[number % 30 + 1] = ",".join(cells)
    path = tmp_path / "hospital.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    table = tmp_path / "events.parquet"
    pl.DataFrame({"person_key": canaries, "t_stans": canaries, canaries[0]: 1}).write_parquet(table)
    assert len(canaries) > 50
    for words in (
        [str(path), "--suite", "hospital"],
        [str(path), "--suite", "hospital", "--json"],
        [str(table), "--suite", "event-store"],
    ):
        assert run(["validate", *words]) == 29
        out, err = capfd.readouterr()
        assert "KANARI" not in out + err
        assert "01815012345" not in out + err
