"""Nearly all that was planted is found, and nothing where nothing was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.errors import DeliveryError
from hsr_privacy.flaws import KINDS
from hsr_privacy.quality import Quality
from hsr_privacy.registry import load_delivery_settings, read_deliveries
from hsr_privacy.synthesis import Layout, synthesize_register
from tests.unit.quality.scoring import FITTING, alarms, score

pytestmark = pytest.mark.once

SOME = ("csv", "oqr", *(pytest.param(one, marks=pytest.mark.slow) for one in ("mrs", "parquet")))


def test_every_kind_of_flaw_has_findings_that_fit_it() -> None:
    assert set(FITTING) == {kind.name for kind in KINDS}


@pytest.mark.parametrize("layout", SOME)
def test_of_what_was_planted_99_percent_are_caught(
    layout: Layout, simulated: Callable[..., Path], checked: Callable[..., Quality]
) -> None:
    folder = simulated(layout, "heavy")
    told = score(checked(layout, "heavy"), folder.with_name("deliveries-truth"))
    assert told.planted > 700
    assert told.recall >= 0.99
    assert told.sure_recall >= 0.985
    assert set(told.missed) <= {"unit_slip", "death_before_arrest", "late_delivery"}


@pytest.mark.parametrize("layout", SOME)
def test_a_clean_register_gives_no_false_alarm(
    layout: Layout, simulated: Callable[..., Path], checked: Callable[..., Quality]
) -> None:
    folder = simulated(layout, "none")
    told = alarms(checked(layout, "none"), folder, folder.with_name("deliveries-truth"))
    assert told.rows > 4000
    assert told.false <= 0.001 * told.rows
    assert told.unusual <= 0.001 * told.rows
    assert told.true > 0


def test_a_check_that_finds_nothing_scores_nothing(
    simulated: Callable[..., Path], checked: Callable[..., Quality]
) -> None:
    folder, found = simulated("csv", "heavy"), checked("csv", "heavy")
    blind = Quality(
        found.today, found.files, found.records, found.findings.clear(), found.filled, ()
    )
    assert score(blind, folder.with_name("deliveries-truth")).recall == 0


def test_a_finding_in_the_next_row_or_of_another_column_is_no_catch(
    simulated: Callable[..., Path], checked: Callable[..., Quality]
) -> None:
    folder, found = simulated("csv", "heavy"), checked("csv", "heavy")
    wrong = (
        found.findings.with_columns(pl.col("row") + 1),
        found.findings.with_columns(
            pl.Series("columns", [["elsewhere"]] * found.findings.height)
        ).filter(pl.col("kind") == "code-label"),
    )
    for findings in wrong:
        shifted = Quality(found.today, found.files, found.records, findings, found.filled, ())
        assert score(shifted, folder.with_name("deliveries-truth")).recall < 0.3


@pytest.mark.slow
@pytest.mark.parametrize("level", ["light", "heavy"])
@pytest.mark.parametrize("layout", ["csv", "mrs", "oqr", "parquet"])
def test_so_it_is_for_20_000_events(
    layout: Layout, level: str, tmp_path: Path, check: Callable[[Path], Quality]
) -> None:
    folder = tmp_path / "deliveries"
    synthesize_register(
        folder, events=20_000, first_year=2013, last_year=2025, seed=501, layout=layout, dirty=level
    )
    assert score(check(folder), tmp_path / "deliveries-truth").recall >= 0.99


def test_the_same_deliveries_give_the_same_findings(
    simulated: Callable[..., Path],
    checked: Callable[..., Quality],
    check: Callable[[Path], Quality],
) -> None:
    first, second = checked("csv", "heavy"), check(simulated("csv", "heavy"))
    assert first.findings.equals(second.findings)
    assert first.filled.equals(second.filled)
    assert first.records.equals(second.records)


def test_what_a_release_refuses_is_checked_to_its_end(
    codebook: Codebook, simulated: Callable[..., Path], checked: Callable[..., Quality]
) -> None:
    folder = simulated("csv", "heavy")
    with pytest.raises(DeliveryError):
        read_deliveries(folder, codebook=codebook, settings=load_delivery_settings())
    assert checked("csv", "heavy").records.height > 4000
