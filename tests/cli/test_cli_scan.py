"""`hsr scan`: counts and places on stdout, 0 only where nothing is found, and never a value."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.errors import LeaksFound
from tests.desk import HSR, Desk
from tests.unit.scanning.making import ONE, OTHER, ids

Capture = pytest.CaptureFixture[str]
SAMPLES = Path(__file__).parents[2] / "synthetic" / "samples"


def test_nothing_found_is_exit_code_0(tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "a.csv").write_text("alder;sted\n75-84 år;hjem\n")
    assert run(["scan", str(tmp_path)]) == 0
    out, err = capfd.readouterr()
    assert out.splitlines() == ["1 file(s), 26 bytes looked into", "nothing found"]
    assert err == ""


def test_a_leak_is_told_by_count_and_place_and_refused(tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "a.csv").write_text(f"n;merknad\n1;fnr {ONE}\n2;{OTHER} tlf. 22222222\n")
    assert run(["scan", str(tmp_path)]) == LeaksFound.exit_code == 26
    out, err = capfd.readouterr()
    assert out.splitlines() == [
        f"1 file(s), {(tmp_path / 'a.csv').stat().st_size} bytes looked into",
        "          2  identifiers in tier A: valid today, or known",
        "          1  phone",
        f"{tmp_path}/a.csv:",
        "          2  A synthetic-skatteetaten in column 'merknad', row 1, 2",
        "          1  phone in column 'merknad', row 2",
    ]
    assert err.startswith("hsr: found: 1 phone, 2 synthetic-skatteetaten; take it out")


def test_machines_are_told_the_same(tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "a.csv").write_text(f"n;fnr\n1;{ONE}\n2;{OTHER}\n3;\n")
    (tmp_path / "b.pdf").write_text("%PDF-1.7")
    assert run(["scan", str(tmp_path), "--json", "--places", "1"]) == 26
    told = json.loads(capfd.readouterr().out)
    assert told["clean"] is False
    assert told["tiers"] == {"A": 2, "B": 0, "C": 0}
    assert told["kinds"] == {"synthetic-skatteetaten": 2}
    assert told["known_identifiers"] is None
    assert told["findings"] == [
        {
            "file": str(tmp_path / "a.csv"),
            "member": None,
            "part": "column 'fnr'",
            "kind": "synthetic-skatteetaten",
            "tier": "A",
            "count": 2,
            "unit": "row",
            "first": [1],
        }
    ]
    assert [one["file"] for one in told["not_looked_into"]] == [str(tmp_path / "b.pdf")]


def test_what_cannot_be_looked_into_is_not_exit_code_0(tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing")
    assert run(["scan", str(tmp_path)]) == 26
    out, err = capfd.readouterr()
    assert f"not looked into: {tmp_path}/a.parquet: cannot be read as parquet" in out
    assert "1 file(s) or parts not looked into" in err


@pytest.mark.parametrize("missing", ["", "x.csv"])
def test_an_empty_folder_and_a_missing_path_are_refused(
    missing: str, tmp_path: Path, capfd: Capture
) -> None:
    assert run(["scan", str(tmp_path / missing)]) == 12
    assert str(tmp_path) in capfd.readouterr().err


def test_known_identifiers_are_taken_from_a_table(tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "known.csv").write_text(f"journal;fnr\nS00007842;{ONE}\n")
    (tmp_path / "a.txt").write_text(f"opphold S00007842, ab{ONE}cd, {OTHER}\n")
    arguments = ["scan", str(tmp_path / "a.txt"), "--json", "--known", str(tmp_path / "known.csv")]
    assert run(arguments) == 26
    told = json.loads(capfd.readouterr().out)
    assert told["known_identifiers"] == 1
    assert told["kinds"] == {"known": 1, "synthetic-skatteetaten": 1}
    assert run([*arguments, "--known-column", "journal"]) == 26
    assert json.loads(capfd.readouterr().out)["kinds"] == {
        "known": 1,
        "synthetic-skatteetaten": 1,
    }


def test_a_table_without_identifiers_is_refused_as_known(tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "known.csv").write_text("a;b\n1;2\n")
    (tmp_path / "a.txt").write_text("x")
    assert run(["scan", str(tmp_path / "a.txt"), "--known", str(tmp_path / "known.csv")]) == 12
    assert "hold no identifier" in capfd.readouterr().err


def test_a_released_extract_is_clean_by_the_identity_store_too_and_its_deliveries_are_not(
    desk: Desk, capfd: Capture
) -> None:
    assert run(desk.arguments()) == 0
    word = str(desk.ring.parent / "word")
    opened = ["--keyring", str(desk.ring), "--passphrase-file", word]
    opened += ["--json", "--known", f"{desk.ring}.store"]
    capfd.readouterr()
    assert run(["scan", str(desk.out), *opened]) == 0
    told = json.loads(capfd.readouterr().out)
    [person] = desk.deliveries.glob("*_Person_*.csv")
    table = pl.read_csv(person, separator=";", infer_schema=False, encoding="utf8-lossy")
    numbers = table[table.columns[0]].drop_nulls()
    assert told["known_identifiers"] >= numbers.n_unique()
    (desk.folder / "letter.txt").write_text(f"ab{numbers[0]}cd")
    assert run(["scan", str(desk.folder / "letter.txt"), str(person), *opened]) == 26
    told = json.loads(capfd.readouterr().out)
    assert {one["kind"]: one["count"] for one in told["findings"] if "letter" in one["file"]} == {
        "known": 1
    }
    assert told["tiers"]["A"] > len(numbers)
    audit = Path(f"{desk.ring}.audit.jsonl").read_text().splitlines()
    assert [json.loads(line)["act"] for line in audit[-2:]] == ["scan.known", "scan.known"]
    assert numbers[0] not in "".join(audit)


def test_an_identity_store_is_not_opened_without_a_key_ring(tmp_path: Path, capfd: Capture) -> None:
    store = tmp_path / "r.store"
    store.mkdir()
    (store / "identity.sqlite").write_bytes(b"")
    (tmp_path / "a.txt").write_text("x")
    assert run(["scan", str(tmp_path / "a.txt"), "--known", str(store)]) == 2
    assert "--keyring" in capfd.readouterr().err
    gone = tmp_path / "gone" / "identity.sqlite"
    code = run(["scan", str(tmp_path / "a.txt"), "--known", str(gone), "--keyring", "r"])
    assert code == 12


def test_a_password_in_the_url_of_a_store_is_refused(tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "a.txt").write_text("x")
    url = "postgresql://me:secret@host/db"
    assert run(["scan", str(tmp_path / "a.txt"), "--known", url, "--keyring", "r"]) == 14
    assert "secret" not in capfd.readouterr().err


def secrets() -> list[str]:
    """Everything that a dirty register of each layout was planted with."""
    found: set[str] = set()
    for folder in SAMPLES.glob("*-dirty-truth"):
        planted = json.loads((folder / "planted.json").read_text(encoding="utf-8"))
        found |= {text for texts in planted.values() for text in texts if len(text) >= 9}
    return sorted(found)


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_nothing_that_was_planted_is_ever_shown(form: list[str], tmp_path: Path) -> None:
    known, more = tmp_path / "known.txt", tmp_path / "more"
    known.write_text("\n".join(ids(200)))
    more.mkdir()
    (more / f"{ONE}.csv").write_text(f"{OTHER};{ids(3)[2]};x\n1;2;3\n")
    (more / "half.parquet").write_bytes(
        (SAMPLES / "parquet-dirty" / "ambulance.parquet").read_bytes()[:9_000]
    )
    with zipfile.ZipFile(more / "t.zip", "w") as archive:
        archive.writestr(f"{ONE}/a{OTHER}.txt", "x")
        archive.writestr("b.json", json.dumps({ONE: {OTHER: [f"x {ids(5)[4]}"]}}))
    folders = [str(SAMPLES / name) for name in ("csv-dirty", "parquet-dirty", "csv-truth")]
    done = subprocess.run(
        [str(HSR), "scan", *folders, str(more), "--known", str(known), "--places", "50", *form],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 26
    shown = done.stdout + done.stderr
    assert "ambulance.csv" in shown
    for secret in [*secrets(), *ids(200)]:
        assert secret not in shown
