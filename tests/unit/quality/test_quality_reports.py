"""Each trust is told of its own rows, in counts and row numbers, and of nobody else's."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.errors import DataError, OutputExists
from hsr_privacy.quality import Quality, report_of, reporting_trusts, trust_of, write_reports
from hsr_privacy.quality.wording import percent
from hsr_privacy.rules import Rules
from tests.reading_pages import shown
from tests.unit.quality.conftest import Write

pytestmark = pytest.mark.once

Check = Callable[[Path], Quality]


@pytest.fixture(scope="module")
def dirty(checked: Callable[..., Quality]) -> Quality:
    return checked("oqr", "heavy")


@pytest.fixture(scope="module")
def folder(
    dirty: Quality, codebook: Codebook, rules: Rules, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    out = tmp_path_factory.mktemp("reports") / "out"
    write_reports(dirty, out, codebook=codebook, rules=rules)
    return out


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_every_trust_has_its_folder_and_the_register_its_page(dirty: Quality, folder: Path) -> None:
    numbers = [trust.number for trust in reporting_trusts(dirty)]
    assert len(numbers) > 15
    files = {"report.html", "report.json", "counts.csv", "rows.csv"}
    for number in numbers:
        assert {path.name for path in (folder / number).iterdir()} == files
    here = {path.name for path in folder.iterdir()}
    assert here == {*numbers, "index.html", "report.json", "counts.csv", "rows.csv"}


def test_no_folder_of_a_trust_names_a_row_or_another_trust_that_is_not_its_own(
    dirty: Quality, folder: Path
) -> None:
    paths = [file.path for file in dirty.files]
    for trust in reporting_trusts(dirty):
        own = dirty.records.filter(pl.col("trust") == trust.number)
        known = {(paths[file], row) for file, row in own.select("file", "row").iter_rows()}
        told = {(one["file"], int(one["row"])) for one in lines(folder / trust.number / "rows.csv")}
        assert told <= known
        report = json.loads((folder / trust.number / "report.json").read_text(encoding="utf-8"))
        for problem in report["problems"]:
            for place in problem["places"]:
                assert {(place["file"], row) for row in place["rows"]} <= known
        for other in reporting_trusts(dirty):
            if other != trust:
                for path in (folder / trust.number).iterdir():
                    assert other.number not in path.read_text(encoding="utf-8")


def test_all_findings_on_rows_of_trusts_are_told_and_each_once(
    dirty: Quality, folder: Path
) -> None:
    told = sum(len(lines(folder / one.number / "rows.csv")) for one in reporting_trusts(dirty))
    assert told == dirty.findings.filter(pl.col("trust").is_not_null()).height
    assert len(lines(folder / "rows.csv")) == dirty.findings.height


def secrets(truth: Path) -> Iterator[str]:
    planted = json.loads((truth / "planted.json").read_text(encoding="utf-8"))
    for what, values in planted.items():
        if what != "addresses":  # a street and a number may stand in a label by chance
            yield from (value for value in values if len(value) > 6)


def test_no_cell_stands_in_what_was_written(folder: Path, simulated: Callable[..., Path]) -> None:
    truth = simulated("oqr", "heavy").with_name("deliveries-truth")
    written = "\n".join(
        path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()
    )
    names = set(secrets(truth))
    assert len(names) > 3000
    words = set(re.findall(r"[0-9]+|[^<>;,\"]+", written))
    assert names & words == set()
    assert "2015-" not in written  # no day of an event


def test_counts_are_those_of_the_rows(dirty: Quality, folder: Path) -> None:
    trust = reporting_trusts(dirty)[0]
    report = report_of(dirty, trust)
    rows = lines(folder / trust.number / "rows.csv")
    wrong = {(one["file"], one["row"]) for one in rows if one["severity"] == "error"}
    assert report.wrong == len(wrong)
    for problem in report.problems:
        mine = {
            (one["file"], one["row"])
            for one in rows
            if (one["form"], one["kind"], one["rule"] or None, one["severity"])
            == (problem.form, problem.kind, problem.rule, problem.severity)
        }
        assert problem.rows == len(mine)
        assert sum(place.count for place in problem.places) == len(mine)


def test_completeness_and_timeliness_add_up(dirty: Quality) -> None:
    for trust in (None, *reporting_trusts(dirty)):
        report = report_of(dirty, trust)
        for one in report.filled:
            assert one.filled + one.unknown + one.not_applicable + one.empty == one.rows
            assert min(one.filled, one.unknown, one.not_applicable, one.empty) >= 0
        for time in report.times:
            assert sum(time.counts) == time.rows
            assert not time.everywhere or abs(sum(time.everywhere) - 1) < 1e-9


def test_unknown_and_not_applicable_are_counted_apart_from_answers(
    check: Check, write: Write
) -> None:
    codes = ("1", "0", "999", "888", "", "7777")
    rows = [{"amb_hf": "993467049", "aed_sjokk": code} for code in codes]
    found = check(write("ambulance.csv", "ambulance", *rows))
    (own,) = (one for one in report_of(found, None).filled if one.variable == "aed_sjokk")
    assert (own.filled, own.unknown, own.not_applicable, own.empty) == (2, 1, 1, 2)


def test_two_trusts_are_not_compared_with_each_other(check: Check, write: Write) -> None:
    def row(trust: str) -> dict[str, str]:
        return {"amb_hf": trust, "t_stans": "2015-06-16T12:00:00", "alder": "50"}

    folder = write("ambulance.csv", "ambulance", row("993467049"), row("983974910"))
    found = check(folder)
    report = report_of(found, trust_of(found, "993467049"))
    assert {one.everywhere for one in report.filled} == {None}
    assert {one.everywhere for one in report.problems} <= {None}
    assert {one.everywhere for one in report.times} == {()}
    folder = write(
        "ambulance.csv", "ambulance", row("993467049"), row("983974910"), row("983974880")
    )
    found = check(folder)
    report = report_of(found, trust_of(found, "993467049"))
    assert None not in {one.everywhere for one in report.filled}


def test_both_languages_say_the_same_and_need_nothing_but_a_browser(folder: Path) -> None:
    for path in [folder / "index.html", next(folder.glob("9*/report.html"))]:
        page = path.read_text(encoding="utf-8")
        assert "<script" not in page
        assert "http://" not in page.replace("http://www.w3.org", "")
        assert "https://" not in page
        norwegian, english = shown(page, "nb"), shown(page, "en")
        assert "Kompletthet" in norwegian
        assert "Completeness" not in norwegian
        assert "Completeness" in english
        assert "Kompletthet" not in english


def test_the_same_check_is_written_with_the_same_bytes(
    dirty: Quality, codebook: Codebook, rules: Rules, folder: Path, tmp_path: Path
) -> None:
    trust = reporting_trusts(dirty)[3]
    write_reports(dirty, tmp_path / "again", codebook=codebook, rules=rules, trust=trust)
    assert [path.name for path in (tmp_path / "again").iterdir()] == [trust.number]
    for path in (tmp_path / "again" / trust.number).iterdir():
        assert path.read_bytes() == (folder / trust.number / path.name).read_bytes()


def test_a_taken_folder_is_left_as_it_is(
    dirty: Quality, codebook: Codebook, rules: Rules, tmp_path: Path
) -> None:
    with pytest.raises(OutputExists):
        write_reports(dirty, tmp_path, codebook=codebook, rules=rules)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_trust_is_told_with_the_nearest(dirty: Quality) -> None:
    with pytest.raises(DataError, match="did you mean '993467049'"):
        trust_of(dirty, "993467048")
    with pytest.raises(DataError, match="delivered no row"):
        trust_of(dirty, "999238351")


def test_a_file_name_is_no_formula_in_a_spreadsheet(
    check: Check, write: Write, codebook: Codebook, rules: Rules, tmp_path: Path
) -> None:
    folder = write("amk.csv", "amk", {"amk_sentral": "AMK Oslo", "hastegrad": "42"})
    (folder / "=cmd").mkdir()
    (folder / "amk.csv").rename(folder / "=cmd" / "amk.csv")
    write_reports(check(folder), tmp_path / "out", codebook=codebook, rules=rules)
    assert {one["file"] for one in lines(tmp_path / "out" / "rows.csv")} == {"'=cmd/amk.csv"}


def test_what_is_not_nothing_is_never_shown_as_nothing() -> None:
    assert percent(0.0001).en == "<\u00a00.1%"
    assert percent(0.9999).nb == ">\u00a099,9\u00a0%"
    assert (percent(0).en, percent(1).en, percent(None).en) == ("0.0%", "100.0%", "–")
