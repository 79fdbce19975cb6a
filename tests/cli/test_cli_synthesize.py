"""`hsr synthesize register` as people call it: what it writes, says, and refuses."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import hsr_privacy.synthesis.synthesize as verb
from hsr_privacy.cli.main import run
from hsr_privacy.configs import shipped
from hsr_privacy.flaws import write_ledger

USAGE, CONFIG, DATA, EXISTS, FAILED = 2, 10, 12, 31, 32


def ask(out: Path, *more: str, events: str = "300", first: str = "2019", last: str = "2025") -> int:
    settings = ["--events", events, "--from", first, "--to", last, "--seed", "3"]
    return run(["synthesize", "register", *settings, "--out", str(out), *more])


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for place in (folder, folder.with_name(folder.name + "-truth"))
        for path in place.iterdir()
    }


def nothing_in(folder: Path) -> bool:
    return list(folder.iterdir()) == []


def test_a_clean_register_goes_to_2025_and_has_no_ledger(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(tmp_path / "made") == 0
    said = capsys.readouterr()
    assert sorted(said.out.split()) == sorted(
        str(path) for path in [*tmp_path.glob("made/*"), *tmp_path.glob("made-truth/*")]
    )
    assert "drawing 300 arrests of 2019 to 2025" in said.err
    assert "writing 4 files" in said.err
    assert not (tmp_path / "made-truth" / "flaws.json").exists()
    clocks = pl.read_csv(tmp_path / "made" / "ambulance.csv", infer_schema=False)["t_stans"]
    assert clocks.str.starts_with("2025").any()


def test_none_is_the_level_that_is_taken_if_none_is_given(tmp_path: Path) -> None:
    assert ask(tmp_path / "silent") == 0
    assert ask(tmp_path / "told", "--dirty", "none") == 0
    assert digests(tmp_path / "silent") == digests(tmp_path / "told")


def test_machines_get_files_digests_and_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(tmp_path / "made", "--dirty", "heavy", "--layout", "mrs", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    told = {Path(one["path"]).name: one["sha256"] for one in [*said["files"], *said["truth"]]}
    assert told == digests(tmp_path / "made")
    ledger = json.loads((tmp_path / "made-truth" / "flaws.json").read_text(encoding="utf-8"))
    assert said["flaws"] == ledger["counts"]
    assert said["not_in_this_layout"] == ledger["not in this layout"]
    assert sum(said["flaws"].values()) == len(ledger["flaws"]) > 100
    for file in said["files"]:
        assert Path(file["path"]).read_bytes().count(b"\r\n") == file["records"] + 1


def test_people_are_told_how_many_flaws_of_each_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(tmp_path / "made", "--dirty", "0.5") == 0
    said = capsys.readouterr().err
    ledger = json.loads((tmp_path / "made-truth" / "flaws.json").read_text(encoding="utf-8"))
    assert ledger["level"] == "0.5"
    assert f"{len(ledger['flaws'])} flaws planted" in said
    for kind, count in ledger["counts"].items():
        assert f"{count:7} {kind}\n" in said


@pytest.mark.parametrize(("share", "touched"), [("0.00001", 0), ("1", 1)])
def test_a_register_may_have_no_flaw_or_one_in_every_record(
    tmp_path: Path, share: str, touched: int
) -> None:
    assert ask(tmp_path / "made", "--dirty", share, events="5") == 0
    ledger = json.loads((tmp_path / "made-truth" / "flaws.json").read_text(encoding="utf-8"))
    assert len(ledger["flaws"]) == touched * sum(ledger["records"].values())


def test_the_same_seed_gives_the_same_flaws_and_another_others(tmp_path: Path) -> None:
    for name, seed in (("once", "8"), ("again", "8"), ("other", "9")):
        assert ask(tmp_path / name, "--dirty", "moderate", "--seed", seed) == 0
    assert digests(tmp_path / "once") == digests(tmp_path / "again")
    same = set(digests(tmp_path / "once").values()) & set(digests(tmp_path / "other").values())
    assert not same


@pytest.mark.parametrize(
    ("settings", "more", "code", "says"),
    [
        ({"events": "-5"}, (), USAGE, "-5 is not in the range x>=1"),
        ({"events": "0"}, (), USAGE, "0 is not in the range x>=1"),
        ({"events": "many"}, (), USAGE, "not a valid integer"),
        ({}, ("--seed", "-1"), USAGE, "-1 is not in the range x>=0"),
        ({}, ("--layout", "xml"), USAGE, "'xml' is not one of 'mrs', 'oqr', 'csv', 'parquet'"),
        ({"first": "2012"}, (), DATA, "the register began in 2013"),
        ({"last": "2026"}, (), DATA, "municipalities are known to 2025"),
        ({"first": "2020", "last": "2019"}, (), DATA, "the first year comes before the last"),
        ({}, ("--dirty", "filthy"), DATA, "there is no level 'filthy' of flaws"),
        ({}, ("--dirty", "heavey"), DATA, "did you mean 'heavy'?"),
        ({}, ("--dirty", "1.5"), DATA, "or the share of records from 0 to 1"),
        ({}, ("--parameters", "nowhere.yaml"), CONFIG, "nowhere.yaml: no such file"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    settings: dict[str, str],
    more: tuple[str, ...],
    code: int,
    says: str,
) -> None:
    assert ask(tmp_path / "made", *more, **settings) == code
    said = capsys.readouterr()
    assert says in said.err
    assert said.out == ""
    assert nothing_in(tmp_path)


def numbers(folder: Path, change: Any) -> Path:
    path = folder / "numbers.yaml"
    text = shipped("synthetic", "utstein.yaml").read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    return path


LINE = "  man_outside: {value: 0.67, source: assumption}"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("  man_outside: {value: 1.2, source: assumption}", "shares.man_outside.value: Input"),
        ("  man_outside: {value: -0.1, source: assumption}", "shares.man_outside.value: Input"),
        ("  man_outside: {value: 0.67}", "shares.man_outside: 'source' is missing"),
        ("  man_outside: {value: 0.67, source: asumption}", "did you mean 'assumption'?"),
        ("  man_outsid: {value: 0.67, source: assumption}", "did you mean 'man_outside'?"),
        ("  man_outside: {value: many, source: assumption}", "shares.man_outside.value: Input"),
    ],
)
def test_a_number_that_makes_no_sense_or_has_no_source_is_told_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, says: str
) -> None:
    path = numbers(tmp_path, lambda text: text.replace(LINE, line, 1))
    place = path.read_text(encoding="utf-8").split("\n").index(line) + 1
    assert ask(tmp_path / "made", "--parameters", str(path)) == CONFIG
    said = capsys.readouterr().err
    assert says in said
    assert f"{path}:{place}: " in said
    assert list(tmp_path.iterdir()) == [path]


def test_own_numbers_are_those_that_are_drawn_by(tmp_path: Path) -> None:
    path = numbers(tmp_path, lambda text: text.replace(LINE, LINE.replace("0.67", "1"), 1))
    assert ask(tmp_path / "made", "--parameters", str(path)) == 0
    table = pl.read_csv(tmp_path / "made" / "ambulance.csv", infer_schema=False)
    # A woman may come by an earlier arrest inside hospital.
    assert table.filter(pl.col("kjonn") == "1").height > 0.9 * table.height


@pytest.mark.parametrize("taken", ["made", "made-truth"])
def test_a_folder_that_is_taken_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], taken: str
) -> None:
    (tmp_path / taken).mkdir()
    assert ask(tmp_path / "made", "--dirty", "light") == EXISTS
    assert "nothing is overwritten" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [taken]


@pytest.mark.parametrize("step", ["write_deliveries", "write_truth", "write_ledger"])
def test_a_disk_that_is_full_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    write = getattr(verb, step)

    def full(*given: Any, **named: Any) -> None:
        write(*given, **named)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(verb, step, full)
    assert ask(tmp_path / "below" / "made", "--dirty", "light") == FAILED
    assert nothing_in(tmp_path)


def test_a_truth_without_its_deliveries_is_taken_away_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*given: Any, **named: Any) -> None:
        write_ledger(*given, **named)
        (tmp_path / "made").mkdir()  # somebody else was quicker

    monkeypatch.setattr(verb, "write_ledger", taken)
    assert ask(tmp_path / "made", "--dirty", "light") == EXISTS
    assert [path.name for path in tmp_path.iterdir()] == ["made"]
    assert nothing_in(tmp_path / "made")
