"""Linkage, measured on a simulated register of which the truth is known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.identities import IdentityStore
from hsr_privacy.keys import KeyRing
from hsr_privacy.registry import load_delivery_settings, read_deliveries
from hsr_privacy.registry.events import to_utc
from hsr_privacy.registry.linkage import EVENT, link, merge_duplicates
from hsr_privacy.registry.persons import identify
from hsr_privacy.registry.register import _with_persons
from hsr_privacy.synthesis import synthesize_register

RECORD_OF = {
    Source.AMK: ("amk_sentral", "amis_hendelsesnr"),
    Source.AMBULANCE: ("amb_hf", "amb_oppdragsnr"),
    Source.HOSPITAL: ("sykehus", "opphold_id"),
}


@pytest.fixture
def found_and_true(tmp_path: Path, codebook: Codebook, ring: KeyRing) -> pl.DataFrame:
    """Per record: the event that linkage gave it, and the arrest that it tells of."""
    folder = tmp_path / "deliveries"
    synthesize_register(folder, events=8000, first_year=2018, last_year=2022, seed=11)
    settings = load_delivery_settings()
    tables = read_deliveries(folder, codebook=codebook, settings=settings).tables
    with IdentityStore(tmp_path / "identity.sqlite", ring) as store:
        identify(tables, store=store, profile="test", on=dt.date(2026, 11, 23))
        for form in list(tables):
            tables[form], _ = to_utc(tables[form])
        linked, _ = _with_persons(link(tables, settings=settings.linkage), store)
        linked = merge_duplicates(linked, minutes=settings.linkage.duplicate_minutes)
    truth = pl.read_parquet(tmp_path / "deliveries-truth" / "truth.parquet")
    rows = []
    for form in RECORD_OF:
        true = truth.filter(pl.col("form") == str(form))
        assert true.height == tables[form].height
        rows.append(true.with_columns(linked.records[form][EVENT].alias("event")))
    return pl.concat(rows)


def test_records_of_one_arrest_meet_and_others_do_not(found_and_true: pl.DataFrame) -> None:
    linked = found_and_true.drop_nulls("event")
    pairs = linked.join(linked, on="event", suffix="_other")
    precision = (pairs["arrest"] == pairs["arrest_other"]).mean()
    true_pairs = found_and_true.join(found_and_true, on="arrest", suffix="_other")
    recall = (true_pairs["event"] == true_pairs["event_other"]).fill_null(value=False).mean()
    assert isinstance(precision, float)
    assert isinstance(recall, float)
    assert precision > 0.9999
    assert recall > 0.999


def test_no_event_holds_two_persons(found_and_true: pl.DataFrame) -> None:
    persons = found_and_true.drop_nulls("event").group_by("event").agg(pl.col("person").n_unique())
    assert persons["person"].max() == 1
