"""A set from end to end: what is written, what is not, and what comes again for the same seed."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy.errors import DataError, KeyRingError, OutputExists, OutputFailed
from hsr_privacy.keys.recipients import open_sealed, write_new_identity
from hsr_privacy.learned import Outcome, Source, Wishes, synthesize_learned, writing
from hsr_privacy.learned.passport import Passport
from tests.unit.learned.events import arrests

pytestmark = pytest.mark.full

WISHES = Wishes(model="gaussian-copula", rows=300, seed=7, attacks=200)
SMALL = ["person_lnr", "event_type", "kjonn", "bevitnet", "arsak", "overlevd_30d"]


def learn(
    folder: Path, *, out: str = "out", table: pl.DataFrame | None = None, **other: Any
) -> Passport:
    data = folder / "data.csv"
    if not data.exists():
        (arrests() if table is None else table).write_csv(data, separator=";")
    more = {k: other.pop(k) for k in ("model_file", "recipients", "tell") if k in other}
    return synthesize_learned(Source(data), replace(WISHES, **other), out=folder / out, **more)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Passport]:
    folder = tmp_path_factory.mktemp("learned")
    return folder, learn(folder)


def set_file(folder: Path) -> Path:
    (found,) = folder.glob("*.csv")
    return found


def test_a_set_has_the_columns_of_the_data_and_no_person_of_it(made: tuple[Path, Passport]) -> None:
    folder, passport = made
    original = pl.read_csv(folder / "data.csv", separator=";", infer_schema=False)
    drawn = pl.read_csv(set_file(folder / "out"), separator=";", infer_schema=False)
    assert drawn.columns == original.columns
    assert drawn.height == passport.synthetic_rows == WISHES.rows
    assert set(drawn["person_lnr"]) & set(original["person_lnr"]) == set()
    assert drawn["person_lnr"].str.contains("^SYN[0-9]{19}$").all()
    assert set(drawn["kjonn"]) <= {"1", "2"}
    assert set(drawn.drop_nulls("alder")["alder"].cast(pl.Int64)) <= {*range(111), 999}
    assert drawn["t_stans"].str.contains("^20[12][0-9]-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$").all()


def test_a_set_keeps_the_rules_that_are_errors(made: tuple[Path, Passport]) -> None:
    _, passport = made
    assert passport.making.rows_breaking == 0
    counts = {drawn.id: drawn for _, drawn in passport.rules}
    for rule in ("R01", "R09", "R20"):
        assert counts[rule].concerned, rule
        assert counts[rule].violating == 0, rule


def test_only_a_releasable_set_is_called_synthetic(made: tuple[Path, Passport]) -> None:
    folder, passport = made
    assert passport.verdict.outcome is not Outcome.RELEASABLE
    names = {path.name for path in (folder / "out").iterdir()}
    assert names == {"internal-only.csv", "INTERNAL-ONLY.txt", "passport.json", "passport.html"}
    notice = (folder / "out" / "INTERNAL-ONLY.txt").read_text()
    assert "BARE TIL BRUK I HUSET" in notice.splitlines()[0]


def test_a_passport_tells_everything_in_both_languages_and_runs_nothing(
    made: tuple[Path, Passport],
) -> None:
    folder, passport = made
    told = json.loads((folder / "out" / "passport.json").read_text())
    assert told["verdict"] == str(passport.verdict.outcome)
    assert told["learned_from"]["rows_learned"] + told["learned_from"]["rows_held_out"] == 900
    kinds = {attack["kind"] for attack in told["privacy"]["attacks"]}
    assert kinds >= {"linkability", "inference", "exact copy", "rare combination"}
    assert all(attack["columns"] for attack in told["privacy"]["attacks"])
    page = (folder / "out" / "passport.html").read_text()
    assert "<script" not in page
    assert not re.search(r"https?://(?!www\.w3\.org)", page)
    assert page.count('lang="nb"') - 1 == page.count('lang="en"')


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    made: tuple[Path, Passport],
) -> None:
    folder, _ = made
    learn(folder, out="again")
    learn(folder, out="other", seed=8)
    before = set_file(folder / "out").read_bytes()
    assert set_file(folder / "again").read_bytes() == before
    assert set_file(folder / "other").read_bytes() != before
    names = ("passport.json", "passport.html")
    assert all(
        (folder / "again" / n).read_bytes() == (folder / "out" / n).read_bytes() for n in names
    )


QUIET = """
import sys
from pathlib import Path
from hsr_privacy.cli.main import run
import socket
def refuse(*_args, **_kwargs): raise AssertionError("network")
socket.socket.connect = refuse
code = run(sys.argv[1:])
sys.exit(code)
"""


def test_nothing_is_printed_or_written_elsewhere_and_no_cell_is_told(tmp_path: Path) -> None:
    """In a fresh process with a home of its own, as SDV writes there when it is imported."""
    home = tmp_path / "home"
    home.mkdir()
    table = (
        arrests(700)
        .select(SMALL)
        .with_columns(
            pl.when(pl.int_range(pl.len()) == 5)
            .then(pl.lit("Canaryvik"))
            .otherwise(pl.col("kjonn").cast(pl.String) + "-by")
            .alias("bostedskommune")
        )
    )
    table.write_parquet(tmp_path / "data.parquet")
    done = subprocess.run(
        [
            *(sys.executable, "-c", QUIET, "synthesize", "learn", str(tmp_path / "data.parquet")),
            *("--model", "ctgan", "--epochs", "1", "--rows", "200", "--seed", "1"),
            *("--attacks", "100", "--out", str(tmp_path / "out"), "--where", "kjonn=2"),
        ],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=home,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "XDG_DATA_HOME": str(home / "data")},
    )
    assert done.returncode == 0, done.stderr
    assert list(home.rglob("*")) == []
    lines = done.stderr.splitlines()
    assert lines[:3] == [
        "read 700 rows of 636 persons",
        f"learning ctgan from {lines[1].split()[-2]} rows",
        "drawing 200 rows",
    ]
    assert "Warning" not in done.stderr
    written = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*"))
    assert b"Canaryvik" not in written + done.stderr.encode() + done.stdout.encode()
    drawn = pl.read_parquet(next((tmp_path / "out").glob("*.parquet")))
    assert set(drawn["kjonn"]) == {2}
    assert drawn.schema["kjonn"] == table.schema["kjonn"]


def test_what_conditions_do_not_let_come_is_counted(made: tuple[Path, Passport]) -> None:
    folder, _ = made
    passport = learn(folder, out="where", where={"alder": "40", "kjonn": "2"}, rows=60)
    assert passport.making.rows_unreached == 60 - passport.synthetic_rows > 0
    drawn = pl.read_csv(set_file(folder / "where"), separator=";", infer_schema=False)
    assert set(drawn["alder"]) == {"40"}
    assert set(drawn["kjonn"]) == {"2"}


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ({"kjon": "2"}, "column 'kjon' is not learned; did you mean 'kjonn'?"),
        ({"kjonn": "7"}, "no such code; the code list has 1, 2, 998, 999"),
        ({"alder": "140"}, "outside 0..110"),
        ({"alder": "old"}, "give a number"),
        ({"t_stans": "2020-01-01"}, "times and dates cannot be asked for"),
    ],
)
def test_an_impossible_condition_is_refused_before_anything_is_learned(
    made: tuple[Path, Passport], where: dict[str, str], told: str
) -> None:
    folder, _ = made
    steps: list[str] = []
    with pytest.raises(DataError) as refused:
        learn(folder, out="no", where=where, tell=steps.append)
    assert told in str(refused.value)
    assert steps == []
    assert not (folder / "no").exists()


def test_persons_and_events_are_drawn_together(tmp_path: Path) -> None:
    passport = learn(tmp_path, table=arrests(340).select(SMALL), model="hma", rows=60)
    people, events = (
        pl.read_csv(
            tmp_path / "out" / f"internal-only-{part}.csv", separator=";", infer_schema=False
        )
        for part in ("persons", "events")
    )
    assert people.columns == ["person_lnr", "kjonn"]
    assert events.columns == [name for name in SMALL if name != "kjonn"]
    assert people["person_lnr"].n_unique() == people.height
    assert set(events["person_lnr"]) == set(people["person_lnr"])
    assert passport.synthetic_rows == events.height > 0


def test_a_model_is_written_sealed_and_opens_for_its_recipient_only(tmp_path: Path) -> None:
    desk, elsewhere = tmp_path / "desk", tmp_path / "elsewhere"
    for folder in (desk, elsewhere):
        folder.mkdir(mode=0o700)
    recipient = write_new_identity(elsewhere / "me")
    write_new_identity(elsewhere / "you")
    file = elsewhere / "model.age"
    learn(desk, table=arrests(400).select(SMALL), model_file=file, recipients=[recipient])
    assert file.stat().st_mode & 0o077 == 0
    assert b"Synthesizer" not in file.read_bytes()
    model = pickle.loads(open_sealed(file.read_bytes(), elsewhere / "me"))
    assert type(model).__name__ == "GaussianCopulaSynthesizer"
    with pytest.raises(KeyRingError):
        open_sealed(file.read_bytes(), elsewhere / "you")


def test_a_failed_write_leaves_neither_set_nor_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    recipient = write_new_identity(tmp_path / "me")

    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "write_private", full)
    with pytest.raises(OutputFailed, match="No space left"):
        learn(
            tmp_path,
            table=arrests(400).select(SMALL),
            model_file=tmp_path / "model.age",
            recipients=[recipient],
        )
    assert {path.name for path in tmp_path.iterdir()} == {"me", "data.csv"}


def test_a_taken_folder_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(OutputExists):
        synthesize_learned(Source(tmp_path / "no-such.csv"), WISHES, out=tmp_path / "out")
