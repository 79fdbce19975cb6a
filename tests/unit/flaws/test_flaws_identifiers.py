"""Numbers that are planted wrong are found to be wrong, and none could be a living person's."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.flaws import Dirt, Planting, load_flaw_plan, plant_flaws
from hsr_privacy.identifiers import check_column
from hsr_privacy.registry import load_delivery_settings
from hsr_privacy.synthesis.chance import Chance
from hsr_privacy.synthesis.forms import Forms, write_down
from hsr_privacy.synthesis.parameters import load_parameters
from hsr_privacy.synthesis.register import simulate
from scripts.no_real_identifiers import kind_of, scan
from tests.unit.flaws.conftest import LAYOUTS, Made

NUMBERS = (
    "mistyped_digit", "transposed_digits", "other_persons_number", "lost_zero",
    "identifier_in_comment", "phone_in_comment", "coordinates_in_comment", "scientific_number",
)  # fmt: skip


@pytest.fixture(scope="module")
def forms(codebook: Codebook) -> Forms:
    chance, p = Chance(np.random.Generator(np.random.PCG64(8))), load_parameters()
    some = simulate(500, first_year=2018, last_year=2025, chance=chance, p=p)
    return write_down(some, codebook=codebook, chance=chance, p=p)


def planted(forms: Forms, codebook: Codebook, *, seed: int, share: float = 1.0) -> Planting:
    weights = {name: weight.weight for name, weight in load_flaw_plan().kinds.items()}
    weights |= {name: 100 * weights[name] for name in NUMBERS}
    return plant_flaws(
        forms.tables,
        Dirt("much", share, 0, weights),
        layout=next(one for one in load_delivery_settings().layouts if one.name == "csv"),
        encodings=dict.fromkeys(Source, "utf-8"),
        codebook=codebook,
        seed=seed,
    )


@pytest.mark.parametrize("seed", range(20))
def test_no_number_of_a_flaw_could_be_a_living_persons(
    forms: Forms, codebook: Codebook, seed: int
) -> None:
    planting = planted(forms, codebook, seed=seed)
    assert set(planting.ledger["kind"]) >= set(NUMBERS)
    for sheet in planting.sheets:
        text = sheet.table.select(pl.col(pl.String)).write_csv()
        text += "\n".join(
            cell or "" for cells in sheet.by_hand.values() for cell in cells.text.to_list()
        )
        assert list(scan(str(sheet.form), text.encode())) == []
    wrong = [number for number in planting.secrets["identifiers"] if len(number) == 11]
    assert len(wrong) > 150
    assert {kind_of(number.encode()) for number in wrong} == {None}
    assert all(81 <= int(number[2:4]) <= 92 for number in wrong)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_written_in_any_layout_holds_no_living_persons_number(
    made: Made, layout: str
) -> None:
    pair = made(layout)
    for path in [*pair.dirty.iterdir(), *pair.truth.iterdir()]:
        assert list(scan(path.name, path.read_bytes())) == []


def test_the_identifier_check_finds_every_wrong_number_and_no_other(made: Made) -> None:
    pair = made("csv")
    for form in ("ambulance", "hospital", "register"):
        name = f"{form}.csv"
        told = {
            flaw["row"]
            for flaw in pair.flaws
            if flaw["file"] == name
            and flaw["detector"] == "identifier check"
            and flaw["columns"] == ["fnr"]
        }
        lines = (pair.dirty / name).read_bytes()
        try:
            text = lines.decode()
        except UnicodeDecodeError:
            text = lines.decode("windows-1252")
        numbers = pl.read_csv(text.encode(), infer_schema=False)["fnr"]
        check = check_column(numbers, profile="test-skatt")
        wrong = (check.kind_codes == 0) & numbers.is_not_null().to_numpy()
        assert {int(row) + 2 for row in np.flatnonzero(wrong)} == told
        assert len(told) > 15


def test_each_mistake_in_a_number_is_of_its_kind(forms: Forms, codebook: Codebook) -> None:
    planting = planted(forms, codebook, seed=3)
    seen: dict[str, int] = {}
    for sheet in planting.sheets:
        if sheet.late or "fnr" not in sheet.table.columns:
            continue
        clean = forms.tables[sheet.form]["fnr"]
        rows = planting.ledger.filter((pl.col("form") == str(sheet.form)) & ~pl.col("late"))
        for kind, row, then in rows.select("kind", "row", "clean_row").iter_rows():
            now, before = sheet.table["fnr"][row - 2], clean[then - 2]
            if kind == "mistyped_digit":
                assert sum(a != b for a, b in zip(now, before, strict=True)) == 1
            elif kind == "transposed_digits":
                first, second = [n for n in range(11) if now[n] != before[n]]
                assert (now[first], now[second]) == (before[second], before[first])
                assert second == first + 1
            elif kind == "other_persons_number":
                assert now in set(clean)
                assert now[:6] != before[:6]
            else:
                continue
            seen[kind] = seen.get(kind, 0) + 1
    assert min(seen.values()) > 25
    assert len(seen) == 3


def test_all_that_comments_give_away_is_listed_to_be_searched_for(made: Made) -> None:
    pair = made("parquet")
    planted = json.loads((pair.truth / "planted.json").read_text(encoding="utf-8"))
    words = [word for group in planted.values() for word in group]
    tables = {path.name: pl.read_parquet(path) for path in pair.dirty.iterdir()}
    told = [flaw for flaw in pair.flaws if flaw["detector"] == "leak scan"]
    assert {flaw["kind"] for flaw in told} == {
        f"{what}_in_comment" for what in ("identifier", "name", "phone", "email", "coordinates")
    }
    for flaw in told:
        comment: Any = tables[flaw["file"]]["fritekst_kommentar"][flaw["row"] - 2]
        if flaw["kind"] == "identifier_in_comment":  # listed in one piece, whoever spells it
            comment = comment.replace(" ", "").replace("-", "")
        assert any(word in comment for word in words), flaw


def test_a_clean_register_lists_no_more_than_before(made: Made) -> None:
    pair = made("csv")
    truth = pair.clean.with_name("clean-truth")
    assert sorted(path.name for path in truth.iterdir()) == [
        "planted.json", "traps.json", "truth.parquet",
    ]  # fmt: skip
    clean = json.loads((truth / "planted.json").read_text(encoding="utf-8"))
    assert set(clean) == {"identifiers", "names", "phones", "addresses"}
    assert (truth / "truth.parquet").read_bytes() == (pair.truth / "truth.parquet").read_bytes()
