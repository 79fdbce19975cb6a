"""The register's own analyses: right on small tables, and silent about few persons."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from hsr_privacy.documents import Label
from hsr_privacy.estimates import Estimate
from hsr_privacy.learned.analyses import Comparison, compare_analyses


def found(table: pl.DataFrame) -> dict[str, Comparison]:
    return {one.name: one for one in compare_analyses(table, table)}


def cells(counts: dict[tuple[str, str], int]) -> pl.DataFrame:
    rows = [pair for pair, count in counts.items() for _ in range(count)]
    return pl.DataFrame(rows, schema={"kjonn": pl.String, "overlevd_30d": pl.String}, orient="row")


def test_the_odds_ratio_of_one_predictor_is_that_of_its_table() -> None:
    table = cells({("2", "1"): 30, ("2", "0"): 70, ("1", "1"): 50, ("1", "0"): 50})
    odds = found(table)["odds_ratio_woman"].real
    assert odds is not None
    assert odds.value == pytest.approx((30 * 50) / (70 * 50), rel=1e-6)


def test_survival_is_the_share_alive_and_overlaps_itself() -> None:
    survival = found(cells({("2", "1"): 30, ("1", "0"): 70}))["survival_30d"]
    assert survival.real is not None
    assert survival.real.value == pytest.approx(0.3)
    assert survival.overlap == pytest.approx(1)


@pytest.mark.parametrize(("alive", "dead"), [(4, 200), (200, 4), (0, 0)])
def test_a_figure_on_few_persons_of_the_original_is_withheld(alive: int, dead: int) -> None:
    real = cells({("1", "1"): alive, ("1", "0"): dead})
    other = cells({("1", "1"): 50, ("1", "0"): 50})
    (survival,) = compare_analyses(real, other)
    assert survival.real is None
    assert survival.synthetic is not None
    assert survival.overlap is None


def test_an_odds_ratio_that_rests_on_four_persons_is_withheld() -> None:
    table = cells({("2", "1"): 4, ("2", "0"): 70, ("1", "1"): 50, ("1", "0"): 50})
    assert "odds_ratio_woman" not in found(table)


def test_the_utstein_group_is_outside_bystander_witnessed_and_shockable() -> None:
    row = {"event_type": "1", "bevitnet": "1", "forste_rytme": "1"}
    others = [{"event_type": "2"}, {"bevitnet": "2"}, {"forste_rytme": "4"}]
    rows = [row | {"overlevd_30d": "1"}] * 6 + [row | {"overlevd_30d": "0"}] * 6
    rows += [row | other | {"overlevd_30d": "0"} for other in others for _ in range(20)]
    survival = found(pl.DataFrame(rows))["survival_30d_utstein"].real
    assert survival is not None
    assert survival.value == pytest.approx(0.5)


def test_kaplan_meier_is_as_by_hand() -> None:
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    died = [start.date() + dt.timedelta(days=d) for d in [0] * 10 + [20] * 10]
    alive = [None] * 20
    table = pl.DataFrame({"t_stans": [start] * 40, "dodsdato": [*died, *alive]}).with_columns(
        pl.col("dodsdato").cast(pl.Date)
    )
    table = pl.concat(
        [
            table,
            pl.DataFrame(
                {"t_stans": [start + dt.timedelta(days=900)], "dodsdato": [None]},
                schema=table.schema,
            ),
        ]
    )
    curve = found(table)
    first, month = curve["kaplan_meier_1"].real, curve["kaplan_meier_30"].real
    assert first is not None
    assert month is not None
    assert first.value == pytest.approx(1 - 10 / 41)
    assert month.value == pytest.approx((1 - 10 / 41) * (1 - 10 / 30))


def test_intervals_apart_overlap_less_than_nothing() -> None:
    label = Label(nb="a", en="a")
    apart = Comparison("a", label, Estimate(1, 0, 2), Estimate(5, 4, 6))
    assert apart.overlap == pytest.approx(-1)
