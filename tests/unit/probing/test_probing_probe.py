"""An extract is attacked as it was registered that it would be."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from hsr_privacy.errors import DataError, MissingExtra
from hsr_privacy.probing import AttackKind, Outcome, Probed, Says, probe
from tests.unit.probing.people import DECADE, QUASI, REGION, extract, hierarchies, persons, plan


def probed(
    released: pl.DataFrame, before: pl.DataFrame | None, folder: Path, **other: Any
) -> Probed:
    """Probe an extract of `people`; its levels are found from what it says."""
    coarse = released.schema["age"] == pl.String
    usual = {
        "plan": plan(),
        "registered": other.get("plan", plan()),
        "quasi_identifiers": QUASI,
        "sensitive": ["illness"],
        "hierarchies": hierarchies(folder),
        "levels": {"age": DECADE, "town": REGION} if coarse else {},
        "person": "person",
        "event": "event",
    }
    return probe(released, before, **(usual | other))


def by_kind(found: Probed) -> dict[AttackKind, Any]:
    return {one.kind: one for one in found.attacks}


@pytest.mark.full
def test_rows_in_full_detail_are_singled_out_and_told(tmp_path: Path) -> None:
    before = persons()
    found = probed(before, before, tmp_path, plan=plan(attacks=100))
    assert found.smallest_class == 1
    assert found.left_out == 0
    assert (found.persons, found.members, found.control) == (1100, 550, 550)
    attacks = by_kind(found)
    several = attacks[AttackKind.MULTIVARIATE]
    assert several.hits == several.tried > 20
    assert several.control_hits < 0.5 * several.control_tried
    assert several.says is Says.LEAKS
    assert attacks[AttackKind.INFERENCE].says is Says.LEAKS
    assert attacks[AttackKind.INFERENCE].risk.low > 0.5
    assert found.verdict.outcome is Outcome.FAIL


@pytest.mark.full
def test_an_extract_in_large_classes_gives_no_single_person_away(tmp_path: Path) -> None:
    before = persons(4000)
    found = probed(extract(before), before, tmp_path, plan=plan(attacks=2000))
    assert found.smallest_class > 80
    attacks = by_kind(found)
    assert attacks[AttackKind.UNIVARIATE].says is Says.NOBODY
    assert attacks[AttackKind.MULTIVARIATE].says is Says.NOBODY
    told = attacks[AttackKind.INFERENCE]
    assert told.says is Says.SAFE
    assert told.hits / told.tried > 1.5 * told.baseline  # it is a clever attacker all the same
    assert told.risk.value < 0.1


@pytest.mark.full
def test_what_is_known_of_the_population_is_no_risk(tmp_path: Path) -> None:
    of_decade = pl.format("illness of {}", pl.col("age") // 10)
    often = pl.col("event").hash(1) % 10 < 8
    before = persons(6000)
    before = before.with_columns(illness=pl.when(often).then(of_decade).otherwise("illness"))
    found = probed(extract(before), before, tmp_path, plan=plan(known=["age"], attacks=3000))
    told = by_kind(found)[AttackKind.INFERENCE]
    assert told.hits / told.tried > 0.6
    assert told.risk.value < 0.1
    assert AttackKind.LINKABILITY not in by_kind(found)  # with one column there is nothing to link
    assert found.verdict.outcome is Outcome.PASS


@pytest.mark.full
def test_a_column_that_one_more_attacker_knows_changes_the_answer(tmp_path: Path) -> None:
    before = persons(4000)
    more = plan(known=[*QUASI, "minutes"])
    found = by_kind(probed(extract(before), before, tmp_path, plan=more))
    assert found[AttackKind.MULTIVARIATE].says is Says.LEAKS
    assert found[AttackKind.INFERENCE].says is Says.LEAKS


@pytest.mark.full
def test_a_suppressed_cell_is_neither_a_query_nor_an_answer(tmp_path: Path) -> None:
    before = persons()
    rare = pl.col("person") < "P0040"
    released = before.with_columns(
        sex=pl.when(rare).then(pl.lit("998")).otherwise(pl.lit("F")),
        age=pl.lit(40),
        town=pl.when(rare).then(pl.col("person")).otherwise(pl.lit("a")),
        illness=pl.when(pl.col("person") < "P0500").then(pl.lit("998")).otherwise("illness"),
    )
    attacks = by_kind(probed(released, before.with_columns(released["town"]), tmp_path, levels={}))
    assert attacks[AttackKind.MULTIVARIATE].tried == 0
    assert attacks[AttackKind.MULTIVARIATE].says is Says.FEW
    told = attacks[AttackKind.INFERENCE]
    assert told.baseline == pytest.approx(0.2, abs=0.05)  # of five illnesses, and no sixth


@pytest.mark.full
def test_the_order_of_rows_does_not_matter_and_the_seed_does(tmp_path: Path) -> None:
    before = persons()
    released = extract(before)
    found = probed(released, before, tmp_path)
    assert (
        probed(released.reverse(), before.sample(fraction=1, shuffle=True, seed=2), tmp_path)
        == found
    )
    other = plan(seed=8)
    assert probed(released, before, tmp_path, plan=other).attacks != found.attacks


@pytest.mark.full
def test_persons_who_were_held_out_beforehand_are_the_control(tmp_path: Path) -> None:
    before = persons()
    outside = persons(600, seed=5)
    found = probed(extract(before), before, tmp_path, never_in=outside)
    assert found.persons == 1100
    assert found.members > 1000
    assert found.control > 500
    assert found.members + found.control + found.left_out == 1650
    raw = probed(before, before, tmp_path, plan=plan(attacks=100), never_in=outside)
    assert by_kind(raw)[AttackKind.INFERENCE].says is Says.LEAKS


@pytest.mark.full
def test_every_row_is_a_person_where_nothing_tells_persons_apart(tmp_path: Path) -> None:
    before = persons()
    found = probed(extract(before), before, tmp_path, person=None, event=None)
    assert found.persons == 1200


@pytest.mark.full
def test_a_secret_of_numbers_is_not_guessed_and_that_is_told(tmp_path: Path) -> None:
    before = persons()
    found = probed(extract(before), before, tmp_path, plan=plan(secrets=["illness", "minutes"]))
    assert found.not_guessed == ("minutes",)
    assert found.to_json()["not_guessed"] == ["minutes"]


@pytest.mark.full
def test_the_result_holds_no_cell_and_no_pseudonym(tmp_path: Path) -> None:
    before = persons().with_columns(
        town=pl.col("town").replace({"a": "KANARI-BY"}),
        illness=pl.col("illness").replace({"illness 1": "KANARI-SYK"}),
    )
    found = probed(before, before, tmp_path, plan=plan(attacks=100))
    told = json.dumps(found.to_json(), allow_nan=False) + repr(found)
    for cell in ("KANARI", *before["person"].unique(), *before["event"].unique()):
        assert cell not in told


def test_without_the_original_nothing_can_be_told(tmp_path: Path) -> None:
    found = probed(extract(persons()), None, tmp_path)
    assert found.verdict.outcome is Outcome.CANNOT_TELL
    assert found.attacks == ()
    assert "original" in found.verdict.reasons[0].en
    assert found.to_json()["outcome"] == "cannot tell"


def test_where_nobody_can_be_compared_with_nothing_can_be_told(tmp_path: Path) -> None:
    before = persons(24)
    one = before.with_columns(age=pl.lit(20), sex=pl.lit("F"), town=pl.lit("a"))
    found = probed(one, one, tmp_path, k=22)  # half of a class of 22 is no class of 22
    assert (found.smallest_class, found.members, found.control) == (22, 0, 0)
    assert found.verdict.outcome is Outcome.CANNOT_TELL


def test_without_anonymeter_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("anonymeter", "anonymeter.evaluators"):
        monkeypatch.setitem(sys.modules, name, None)
    before = persons()
    with pytest.raises(MissingExtra, match=r"hsr-privacy\[attacks\]"):
        probed(extract(before), before, tmp_path)


@pytest.mark.parametrize(
    ("other", "text"),
    [
        ({"plan": plan(known=["agee"])}, "the extract has no column 'agee'; did you mean 'age'"),
        ({"plan": plan(secrets=["wound"])}, "the extract has no column 'wound'"),
        ({"person": "who"}, "the extract has no column 'who'"),
        ({"before": persons().drop("illness")}, "the original has no column 'illness'"),
        ({"before": persons().head(100)}, "do not go together by 'event'"),
        ({"before": pl.concat([persons(), persons()])}, "do not go together by 'event'"),
        ({"before": persons().head(100), "event": None}, "cannot be put beside each other"),
        ({"released": extract(persons()).clear()}, "the extract has no rows"),
        ({"never_in": persons().drop("town")}, "held out has no column 'town'"),
    ],
)
def test_what_cannot_be_attacked_is_refused_and_nobody_named(
    tmp_path: Path, other: dict[str, Any], text: str
) -> None:
    before = other.pop("before", persons())
    released = other.pop("released", extract(persons()))
    with pytest.raises(DataError, match=text) as refused:
        probed(released, before, tmp_path, **other)
    assert "P0" not in str(refused.value)
    assert "E0" not in str(refused.value)


@pytest.mark.full
@pytest.mark.slow
def test_twenty_thousand_rows_take_less_than_five_minutes(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    before = persons(20_000).with_columns(
        *(pl.Series(f"s{n}", random.choice(list("xyz"), 20_000)) for n in range(5))
    )
    start = time.monotonic()
    hard = plan(attacks=2000, secrets=["illness", "s0", "s1", "s2", "s3", "s4"])
    found = probed(before, before, tmp_path, plan=hard)
    assert time.monotonic() - start < 300
    assert len(found.attacks) == 9
