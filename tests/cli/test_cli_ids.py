"""`hsr ids check` counts, shows rows, and never a value."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.identifiers import make_national_ids

BORN = np.array(["1950-06-15", "1931-01-31", "2001-12-24"], dtype="datetime64[D]")
GOOD = make_national_ids(BORN, np.array([1, 2, 1]), rng=np.random.default_rng(5)).tolist()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    wrong = GOOD[0][:10] + str((int(GOOD[0][10]) + 1) % 10)
    path = tmp_path / "persons.csv"
    path.write_text("name;fnr\n" + "".join(f"a;{n}\n" for n in [*GOOD, wrong, "", "12345"]))
    return path


def test_counts_for_machines(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["ids", "check", str(file), "--column", "fnr", "--profile", "test", "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert set(found) == {"valid", "invalid", "kinds", "eras", "reasons"}
    assert (found["valid"], found["invalid"]) == (3, 3)
    assert sum(found["kinds"].values()) == 3
    assert sum(found["reasons"].values()) == 3


def test_rows_for_people_and_never_a_value(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["ids", "check", str(file), "--column", "fnr", "--profile", "test"]) == 0
    said = capfd.readouterr()
    assert "3 valid, 3 invalid" in said.out
    assert ": row 4" in said.out
    assert ": row 5" in said.out
    for line in file.read_text().splitlines()[1:]:
        number = line.split(";")[1]
        assert not number or number not in said.out + said.err


def test_production_refuses_every_synthetic_number(
    file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ["ids", "check", str(file), "--column", "fnr", "--profile", "production", "--json"]
    assert run(arguments) == 0
    assert json.loads(capfd.readouterr().out)["valid"] == 0


def test_a_column_that_is_not_there(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["ids", "check", str(file), "--column", "dnr", "--profile", "test"]) == 12
    assert "has no column 'dnr'" in capfd.readouterr().err


def test_pseudonyms_and_running_numbers_are_known(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import os

    import pyarrow as pa

    from hsr_privacy.pseudonymization.running_number import draw_numbers
    from hsr_privacy.pseudonymization.text_form import text_column

    made = text_column(pa.array([os.urandom(16) for _ in range(50)])).to_pylist()
    numbers = draw_numbers(30)
    spoilt = [one[:-1] + ("0" if one[-1] != "0" else "1") for one in made[:7]]
    wrong = [one[:-1] + str((int(one[-1]) + 1) % 10) for one in numbers[:4]]
    path = tmp_path / "extract.csv"
    path.write_text("lopenummer\n" + "\n".join([*GOOD, *made, *numbers, *spoilt, *wrong]) + "\n")
    arguments = ["ids", "check", str(path), "--column", "lopenummer", "--profile", "test"]
    assert run([*arguments, "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["kinds"] == {"synthetic-skatteetaten": 3, "pseudonym": 50, "running-number": 30}
    assert found["reasons"] == {"wrong-length": 4, "check-symbols": 7}
    assert (found["valid"], found["invalid"]) == (83, 11)
    assert run(arguments) == 0
    said = capfd.readouterr().out
    assert "check-symbols: row 84, 85" in said
    assert not any(one in said for one in [*made, *numbers, *spoilt, *wrong])
