"""`hsr synthesize report`: the page, the figures, and what it says no to."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.synthesis import synthesize_register

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def page(deliveries: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of 3,000 arrests."""
    out = tmp_path_factory.mktemp("page") / "portrait.html"
    assert run(["synthesize", "report", str(deliveries), "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def pictures(text: str) -> list[ET.Element]:
    return [ET.fromstring(one) for one in re.findall(r"<svg.*?</svg>", text, re.DOTALL)]


def test_the_page_has_every_picture_in_both_languages_with_words_to_be_read_out(text: str) -> None:
    drawn = pictures(text)
    assert [one.get("lang") for one in drawn] == ["nb", "en"] * 8
    for one in drawn:
        title, told = one.find(f"{SVG}title"), one.find(f"{SVG}desc")
        assert title is not None
        assert told is not None
        assert title.text
        assert len(told.text or "") > 20
        assert one.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"


def test_the_page_is_one_file_without_script_or_request(text: str) -> None:
    assert "default-src 'none'" in text
    assert not re.search(r"<script|<link|<img|<iframe|@import|\son\w+=", text)
    assert set(re.findall(r'(?:href|src)="(?!#)([^"]*)"', text)) == set()
    assert set(re.findall(r"https?://[^\"' )<]+", text)) == {"http://www.w3.org/2000/svg"}


def test_every_link_of_the_page_has_its_place_and_no_id_stands_twice(text: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert sorted(set(ids)) == sorted(ids)
    links = set(re.findall(r'href="#([^"]+)"', text))
    assert len(links) > 15
    assert links <= set(ids)


def test_no_words_of_a_picture_reach_out_of_it(text: str) -> None:
    for one in pictures(text):
        width, height = (float(side) for side in (one.get("viewBox") or "").split()[2:])
        for words in one.iter(f"{SVG}text"):
            kind, content = words.get("class") or "", words.text or ""
            x, y, long = float(words.get("x") or 0), float(words.get("y") or 0), 6.3 * len(content)
            left = x - long if "end" in kind else x - long / 2 if "middle" in kind else x
            assert left > -12, content
            assert left + long < width + 12, content
            assert 0 < y < height, content


def test_nothing_on_the_page_identifies_anybody(text: str, deliveries: Path) -> None:
    truth = deliveries.with_name(deliveries.name + "-truth") / "planted.json"
    planted = json.loads(truth.read_text(encoding="utf-8"))
    for kind in ("identifiers", "phones", "addresses"):
        assert len(planted[kind]) > 100
        assert not [one for one in planted[kind] if one in text]
    assert not re.search(r"\b[0-9]{11}\b", text)


def test_counts_and_rates_of_a_register_of_any_size_are_said_once_not_to_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "deliveries"
    synthesize_register(source, events=300, first_year=2013, last_year=2016, seed=1)
    assert run(["synthesize", "report", str(source)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum("--events asked for, and do not compare" in line for line in lines) == 1
    assert not any(line.endswith("0.0        agrees") for line in lines if "of all" in line)
    assert any(line.endswith("within") for line in lines if "highest of all" in line)


def test_the_figures_are_told_for_people_and_for_machines(
    deliveries: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["synthesize", "report", str(deliveries)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("inside")
    assert any(line.startswith("Odds ratio: Response of 10 minutes") for line in lines)
    assert "calibrated figures agree" in lines[-1]
    assert not [line for line in lines if "--events" in line]  # no count of these years is known
    assert run(["synthesize", "report", str(deliveries), "--json", "--least-persons", "9"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["years"] == [2019, 2022]
    assert plain["least_persons"] == 9
    assert plain["outside"] > 2000
    assert "few" in plain["pyramid"]["women"]
    assert plain["outside_flow"]["columns"][0]["outcomes"]["alive_month"] > 100


def test_the_deliveries_are_as_they_were(deliveries: Path, page: Path) -> None:
    assert page.exists()
    assert len(list(deliveries.iterdir())) == 4
    assert [path.name for path in page.parent.iterdir()] == ["portrait.html"]


@pytest.mark.parametrize(
    ("out", "code", "told"),
    [
        ("taken.html", 31, "exists; name a file that does not"),
        ("page.txt", 12, "does not end in .html"),
        ("none/page.html", 12, "no such folder to write in"),
        ("deliveries/page.html", 12, "lies among the deliveries"),
    ],
)
def test_a_place_where_the_page_cannot_stand_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str, code: int, told: str
) -> None:
    (tmp_path / "deliveries").mkdir()
    (tmp_path / "taken.html").write_text("mine", encoding="utf-8")
    words = ["synthesize", "report", str(tmp_path / "deliveries"), "--out", str(tmp_path / out)]
    assert run(words) == code
    assert told in capsys.readouterr().err
    assert (tmp_path / "taken.html").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["deliveries", "taken.html"]


def test_faults_of_the_files_are_told_as_the_reader_tells_them(
    deliveries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(deliveries, broken)
    ambulance = next(broken.glob("*Ambulanse*"))
    rows = ambulance.read_bytes().decode("utf-8-sig").split("\r\n")
    place = rows[0].split(";").index("bevitnet")
    cells = rows[2].split(";")
    rows[2] = ";".join([*cells[:place], "7", *cells[place + 1 :]])
    ambulance.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(rows).encode())
    out = tmp_path / "page.html"
    assert run(["synthesize", "report", str(broken), "--out", str(out)]) == 11
    told = capsys.readouterr().err
    assert f"{ambulance}:3: bevitnet" in told
    assert not out.exists()


def test_calls_alone_are_no_register(
    deliveries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = next(deliveries.glob("*AMK*"))
    (tmp_path / "amk").mkdir()
    shutil.copyfile(calls, tmp_path / "amk" / calls.name)
    assert run(["synthesize", "report", str(tmp_path / "amk")]) == 11
    assert "neither ambulance nor hospital records" in capsys.readouterr().err


@pytest.mark.parametrize("events", [1, 50])
def test_of_a_tiny_register_the_page_still_stands(tmp_path: Path, events: int) -> None:
    source, out = tmp_path / "tiny", tmp_path / "tiny.html"
    synthesize_register(source, events=events, first_year=2022, last_year=2022, seed=2)
    assert run(["synthesize", "report", str(source), "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert "For få til en kurve." in text or "Median responstid" in text
    assert "andre år" in text
    assert not re.search(r"\b(nan|inf|None)\b", text)
    assert len(pictures(text)) >= (2 if events == 50 else 0)
