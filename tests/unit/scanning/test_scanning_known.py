"""Known identifiers are found exactly, whatever they look like, and held as digests only."""

from __future__ import annotations

import gc
import json
import pickle
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.scanning import Known, identifiers_in, scan
from tests.unit.scanning.making import ONE, OTHER, born_early, ids, scanned, told


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (ONE, f"x {ONE} y"),
        (ONE, f"x {ONE[:6]} {ONE[6:]} y"),
        (ONE, f"0.{ONE} and more"),
        (ONE, f"ab{ONE}cd"),
        (f"983971636|{ONE}", ONE),
        ("201512345601", "duf 201512345601"),
        ("4711471", "sak 4711471 er lukket"),
        ("S00007842", "opphold S00007842, utskrevet"),
        ("J-2024/77 b", "J-2024/77 b"),
        ("Kari-7", "rad;Kari-7"),
    ],
)
def test_a_known_identifier_is_found_whatever_it_looks_like(
    known: str, text: str, tmp_path: Path
) -> None:
    report = scanned(tmp_path, "a.txt", f"hei\n{text.rpartition(';')[2]}\n", Known([known]))
    assert told(report) == {"known": [2]}
    assert report.findings[0].tier == "A"


@pytest.mark.parametrize("text", ["47114710", "14711471", "S000078421", "XS00007842"])
def test_a_part_of_a_longer_word_is_not_known(text: str, tmp_path: Path) -> None:
    assert scanned(tmp_path, "a.txt", f"x {text} y", Known(["4711471", "S00007842"])).findings == ()


def test_a_known_identifier_is_found_without_its_zero(tmp_path: Path) -> None:
    numbers = born_early(3)
    table = pl.DataFrame({"a": [5, 7, *map(int, numbers[:1])], "b": [1, 2, 3]})
    table.write_parquet(tmp_path / "t.parquet", statistics=False)
    assert told(scan([tmp_path / "t.parquet"], known=Known(numbers))) == {"known": [3]}


def test_short_and_blank_texts_are_not_looked_up() -> None:
    assert len(Known(["", " ", "1234", "ja", ONE])) == 1


def test_nothing_of_what_is_known_can_be_read_from_it() -> None:
    known = Known([*ids(50), "S00007842"])
    gc.collect()
    seen = repr(known) + repr(vars(known)) + json.dumps(vars(known), default=repr)
    seen += str(pickle.dumps(known))
    for text in [*ids(50), "S00007842"]:
        assert text not in seen
    assert repr(known) == "Known(51 identifiers)"


def test_two_sets_of_the_same_identifiers_share_no_digest() -> None:
    one, other = Known([ONE]), Known([ONE])
    assert vars(one)["_numbers"].isdisjoint(vars(other)["_numbers"])


def test_identifiers_are_read_from_a_delivery_also_without_their_zeros(tmp_path: Path) -> None:
    numbers = [*born_early(20), *ids(20)]
    rows = "".join(f"{one};{at};x {OTHER[:6]} {OTHER[6:]}\n" for at, one in enumerate(numbers))
    (tmp_path / "a.csv").write_text("fnr;rad;merknad\n" + rows)
    pl.DataFrame({"fnr": [int(one) for one in numbers]}).write_parquet(tmp_path / "b.parquet")
    assert set(identifiers_in([tmp_path / "a.csv"])) == {*numbers, OTHER}
    assert set(identifiers_in([tmp_path / "b.parquet"])) == set(numbers)


def test_the_cells_of_a_named_column_are_identifiers_whatever_they_look_like(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.csv").write_text(f"journal;fnr\nS1;{ONE}\nS00002;{OTHER}\n;x\n")
    assert set(identifiers_in([tmp_path / "a.csv"], columns=["journal"])) == {"S1", "S00002"}


def test_a_file_that_holds_no_identifier_or_is_damaged_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n")
    with pytest.raises(DataError, match="hold no identifier"):
        list(identifiers_in([tmp_path / "a.csv"]))
    (tmp_path / "b.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(DataError, match="cannot be read as parquet"):
        list(identifiers_in([tmp_path / "b.parquet"]))
