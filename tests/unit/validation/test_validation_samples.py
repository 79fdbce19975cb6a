"""Nothing is found in what was simulated clean, and much in what was made dirty."""

from __future__ import annotations

from pathlib import Path

import pytest

from hsr_privacy.validation import open_tables

SAMPLES = Path(__file__).parents[3] / "synthetic" / "samples"


@pytest.mark.parametrize(
    "layout", ["mrs", *(pytest.param(n, marks=pytest.mark.slow) for n in ("oqr", "csv", "parquet"))]
)
def test_a_clean_delivery_breaks_nothing(layout: str) -> None:
    failed = {
        (one.name, f.id)
        for one in open_tables(SAMPLES / layout, "deliveries")
        for f in one.judged().findings
        if not f.passed and f.severity != "information"
    }
    assert failed == set()


def test_a_dirty_delivery_breaks_much_in_every_form() -> None:
    opened = open_tables(SAMPLES / "parquet-dirty", "deliveries")
    failed = {one.name: {f.id for f in one.judged().findings if f.refuses} for one in opened}
    assert {name for name, ids in failed.items() if len(ids) > 5} == {
        *("amk", "ambulance", "hospital", "register")
    }
    assert failed["amk"] >= {"rules.R01", "amk_gjenkjent.codes", "t_gjenkjent.range"}
    assert failed["ambulance"] >= {"fnr.valid", "rules.R21", "rules.R12"}
    assert failed["register"] >= {"sivilstand.codes", "rules.R27", "fnr.valid"}
