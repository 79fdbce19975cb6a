"""Registered analyses before and after: figures by hand, and the verdict on each."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from hsr_privacy.documents import Label
from hsr_privacy.estimates import Estimate, difference, odds_ratio, share
from hsr_privacy.project import (
    Analysis,
    LogisticAnalysis,
    OddsAnalysis,
    Predictor,
    ProportionAnalysis,
    SurvivalAnalysis,
    YesOrNo,
)
from hsr_privacy.utility import Figure, Rerun, Verdict
from hsr_privacy.utility.verdicts import compared, rounded, worst
from tests.unit.utility.tables import drawn, told

ALIVE = YesOrNo(variable="alive", values=("1",))
HELPED = YesOrNo(variable="helped", values=("1",))
NAMED: dict[str, Any] = {"name": "one", "label": Label(nb="en", en="one"), "outcome": ALIVE}
PROPORTION = ProportionAnalysis(**NAMED, by=("town",))
ODDS = OddsAnalysis(**NAMED, exposure=HELPED)
MODEL = LogisticAnalysis(
    **NAMED,
    predictors=(
        Predictor(variable="helped", values=("1",)),
        Predictor(variable="age", per=10),
        Predictor(variable="sex"),
    ),
)


def ran(
    analysis: Analysis, released: pl.DataFrame, before: pl.DataFrame | None, **more: Any
) -> Rerun:
    (found,) = told(released, before, analyses=[analysis], **more).analyses
    return found


def figures(found: Rerun) -> dict[str, Figure]:
    return {one.name: one for one in found.figures}


def counted(**cells: int) -> pl.DataFrame:
    """Rows by ``helped`` and ``alive``: ``hd=3`` is three helped and dead, ``na=2`` not, alive."""
    rows = [
        (str(int(name[0] == "h")), str(int(name[1] == "a")))
        for name, many in cells.items()
        for _ in range(many)
    ]
    table = pl.DataFrame(rows, schema=["helped", "alive"], orient="row")
    return table.with_columns(event=pl.int_range(pl.len()).cast(pl.String), sex=pl.lit("man"))


def test_a_share_is_reckoned_on_both_and_the_shift_is_told() -> None:
    before = counted(ha=60, hd=140)
    after = before.filter(pl.col("event").cast(pl.Int64) >= 20)  # twenty who live are gone
    all_ = figures(ran(ProportionAnalysis(**NAMED), after, before))["all"]
    assert all_.before == rounded(share(60, 200))
    assert all_.after == rounded(share(40, 180))
    assert all_.shift is not None
    assert all_.shift.absolute == pytest.approx(40 / 180 - 60 / 200, abs=5e-4)
    assert all_.shift.percent == pytest.approx(100 * (40 / 180 / 0.3 - 1), abs=0.05)
    assert all_.verdict is Verdict.BEYOND


def test_groups_stand_beside_the_most_frequent_one() -> None:
    rows = drawn(2000)
    found = figures(ran(PROPORTION, rows, rows))
    counts = {
        town: (part.filter(pl.col("alive") == 1).height, part.height)
        for (town,), part in rows.group_by("town")
    }
    assert found["group:town:b"].before == rounded(share(*counts["b"]))
    assert found["difference:town:b"].before == rounded(difference(counts["b"], counts["a"]))
    assert found["difference:town:b"].label == Label(nb="town: b mot a", en="town: b against a")
    assert "difference:town:a" not in found


def test_an_odds_ratio_is_that_of_its_table() -> None:
    rows = counted(ha=30, hd=70, na=10, nd=90)
    found = ran(ODDS, rows, rows)
    (figure,) = found.figures
    assert figure.before == figure.after == rounded(odds_ratio((30, 70), (10, 90)).estimate)
    assert (figure.overlap, found.verdict, found.rows_kept) == (1, Verdict.UNCHANGED, 1)


def test_an_association_that_suppression_hides_is_another_conclusion() -> None:
    before = counted(ha=30, hd=70, na=10, nd=90)
    after = before.filter(pl.col("event").cast(pl.Int64) >= 18)
    (figure,) = ran(ODDS, after, before).figures
    assert figure.verdict is Verdict.OTHER
    assert figure.sentence.nb.startswith("Annen konklusjon: 3,86 (1,77–8,42) før, 1,54")
    assert figure.sentence.nb.endswith("; sammenhengen er ikke lenger sikker.")


def test_the_regression_of_one_predictor_is_its_table() -> None:
    rows = counted(ha=30, hd=70, na=10, nd=90)
    model = LogisticAnalysis(**NAMED, predictors=(Predictor(variable="helped", values=("1",)),))
    (figure,) = ran(model, rows, rows).figures
    assert figure.after == rounded(odds_ratio((30, 70), (10, 90)).estimate)


def test_rows_where_something_is_unknown_are_left_out() -> None:
    before = counted(ha=30, hd=70, na=10, nd=90)
    after = before.with_columns(
        helped=pl.when(pl.col("event").cast(pl.Int64) % 10 == 0)
        .then(pl.lit("998"))
        .otherwise(pl.col("helped"))
    )
    found = ran(ODDS, after, before)
    assert found.rows_kept == 0.9
    assert found.figures[0].after == rounded(odds_ratio((27, 63), (9, 81)).estimate)


def test_a_missing_value_may_be_a_no_and_a_suppressed_one_never_is() -> None:
    before = counted(ha=60, hd=140, na=50, nd=150).with_columns(
        helped=pl.when(pl.col("helped") == "1").then(pl.lit("1"))
    )
    after = before.with_columns(
        helped=pl.when(pl.col("event").cast(pl.Int64) % 10 == 0)
        .then(pl.lit("998"))
        .otherwise(pl.col("helped"))
    )
    exposure = YesOrNo(variable="helped", values=("1",), missing="no")
    (figure,) = ran(OddsAnalysis(**NAMED, exposure=exposure), after, before).figures
    assert figure.before == rounded(odds_ratio((60, 140), (50, 150)).estimate)
    assert figure.after == rounded(odds_ratio((54, 126), (45, 135)).estimate)


def test_a_condition_keeps_the_rows_in_which_it_holds() -> None:
    rows = pl.concat(
        [counted(ha=10, hd=10), counted(ha=40, hd=10).with_columns(sex=pl.lit("woman"))]
    ).with_columns(event=pl.int_range(pl.len()).cast(pl.String))
    women = YesOrNo(variable="sex", values=("woman",))
    found = ran(ProportionAnalysis(**NAMED, where=(women,)), rows, rows)
    assert found.figures[0].after == rounded(share(40, 50))


def test_a_number_that_leaves_in_bands_is_told_in_bands_with_what_that_costs() -> None:
    before = drawn(6000)
    after = before.with_columns(age=(pl.col("age") // 10 * 10).cast(pl.String)).with_columns(
        age=pl.col("age") + "-" + (pl.col("age").cast(pl.Int64) + 9).cast(pl.String)
    )
    found = ran(MODEL, after, before, levels={"age": 1})
    told_ = figures(found)
    assert found.verdict is Verdict.COARSER
    years = told_["term-2:age"]
    assert (years.verdict, years.after) == (Verdict.COARSER, None)
    assert years.before == years.finest
    bands = [name for name in told_ if name.startswith("term-2:age:")]
    assert len(bands) == 3
    assert all(told_[name].verdict is Verdict.UNCHANGED for name in bands)
    helped = told_["term-1:helped"]
    assert helped.finest is not None
    assert helped.price is not None
    assert found.price is not None
    assert abs(helped.price) <= found.price < 0.5
    assert "Grovere inndeling alene flytter et tall høyst" in found.sentence.nb


def test_in_full_detail_there_is_no_price() -> None:
    rows = drawn(2000)
    found = ran(MODEL, rows, rows)
    assert found.price is None
    assert {one.verdict for one in found.figures} == {Verdict.UNCHANGED}
    assert figures(found)["term-2:age"].label.en == "age, per 10"


def test_a_text_that_is_a_yes_and_a_no_cannot_be_run_any_more() -> None:
    before = drawn(2000)
    after = before.with_columns(
        town=pl.when(pl.col("town").is_in(["a", "b"]))
        .then(pl.lit("north"))
        .otherwise(pl.lit("south"))
    )
    in_a = YesOrNo(variable="town", values=("a",))
    found = ran(ProportionAnalysis(**NAMED, where=(in_a,)), after, before, levels={"town": 1})
    assert found.verdict is Verdict.NOT_RUN
    assert found.figures[0].before is not None
    assert found.figures[0].after is None
    assert found.sentence.nb == "Kan ikke beregnes lenger: «town» er for grov."
    both = YesOrNo(variable="town", values=("a", "b"))
    whole = ran(ProportionAnalysis(**NAMED, where=(both,)), after, before, levels={"town": 1})
    assert whole.verdict is Verdict.UNCHANGED


def test_a_column_that_was_dropped_cannot_be_run_any_more() -> None:
    before = drawn(500)
    found = ran(ODDS, before.drop("helped"), before)
    assert found.verdict is Verdict.NOT_RUN
    assert found.sentence.en == "Cannot be run any more: 'helped' is not in the release."


def test_what_neither_table_allows_is_said_to_be_so() -> None:
    rows = drawn(500).drop("helped")
    found = ran(ODDS, rows, rows)
    assert (found.verdict, found.figures) == (Verdict.NOT_RUN, ())
    assert found.sentence.nb == "Kan ikke beregnes: «helped» er ikke i utleveringen."


def test_a_predictor_that_decides_alone_is_named() -> None:
    rows = counted(ha=40, nd=60)
    before = pl.concat([rows, counted(hd=20, na=20).with_columns(event="x" + pl.col("event"))])
    model = LogisticAnalysis(**NAMED, predictors=(Predictor(variable="helped", values=("1",)),))
    found = ran(model, rows, before)
    assert found.verdict is Verdict.NOT_RUN
    assert "«helped» avgjør utfallet alene" in found.sentence.nb


def test_a_group_that_is_lost_makes_an_analysis_partly_lost() -> None:
    before = drawn(2000)
    few = before.filter((pl.col("town") == "d") & (pl.col("alive") == 1)).head(3)
    after = pl.concat([before.filter(pl.col("town") != "d"), few])
    found = ran(PROPORTION, after, before)
    assert figures(found)["group:town:d"].verdict is Verdict.NOT_RUN
    assert figures(found)["group:town:d"].sentence.nb.endswith("for få personer er igjen.")
    assert found.verdict is Verdict.PARTLY


@pytest.mark.parametrize(("alive", "verdict"), [(4, Verdict.WITHHELD), (5, Verdict.UNCHANGED)])
def test_a_figure_on_fewer_than_five_persons_is_withheld(alive: int, verdict: Verdict) -> None:
    rows = counted(ha=alive, hd=100)
    (figure,) = ran(ProportionAnalysis(**NAMED), rows, rows).figures
    assert figure.verdict is verdict
    assert (figure.before is None) == (figure.after is None) == (verdict is Verdict.WITHHELD)


def test_rows_of_one_person_are_one_person() -> None:
    rows = counted(ha=50, hd=50).with_columns(person=pl.lit("p"))
    (figure,) = ran(ProportionAnalysis(**NAMED), rows, rows, person="person").figures
    assert figure.verdict is Verdict.WITHHELD


def test_where_few_rows_differ_the_figure_before_does_not_tell_of_them() -> None:
    before = counted(ha=60, hd=140)
    after = before.filter(pl.col("event").cast(pl.Int64) >= 3)
    (figure,) = ran(ProportionAnalysis(**NAMED), after, before).figures
    assert (figure.before, figure.shift, figure.overlap) == (None, None, None)
    assert figure.verdict is Verdict.WITHIN
    assert "tallet før vises ikke" in figure.sentence.nb
    assert ran(ProportionAnalysis(**NAMED), after, before).rows_kept is None


def test_in_a_large_table_few_rows_do_not_show() -> None:
    before = counted(ha=2600, hd=7400)
    after = before.filter(pl.col("event").cast(pl.Int64) >= 3)
    (figure,) = ran(ProportionAnalysis(**NAMED), after, before).figures
    assert figure.before == rounded(share(2600, 10_000))
    assert figure.after == rounded(share(2597, 9997))
    assert figure.shift is not None
    assert figure.shift.errors == 0  # of the figures as they are told


def test_survival_without_times_is_the_share_alive() -> None:
    rows = counted(ha=60, hd=140)
    (figure,) = ran(SurvivalAnalysis(**NAMED), rows, rows).figures
    assert figure.after == rounded(share(60, 200))


def test_survival_with_times_is_the_product_limit() -> None:
    days = [2.0] * 10 + [20.0] * 10 + [25.0] * 40 + [200.0] * 60
    alive = ["0"] * 20 + ["1"] * 100
    rows = pl.DataFrame({"alive": alive, "days": days}).with_columns(
        event=pl.int_range(pl.len()), sex=pl.lit("man")
    )
    survival = SurvivalAnalysis(**NAMED, time="days")
    (figure,) = ran(survival, rows, rows).figures
    assert figure.after is not None
    assert figure.after.value == pytest.approx(110 / 120 * 100 / 110, abs=5e-4)
    banded = rows.with_columns(days=pl.lit("0-30"))
    assert (
        ran(survival, banded, rows).sentence.nb == "Kan ikke beregnes lenger: «days» er for grov."
    )


def test_without_originals_the_released_figures_are_told() -> None:
    rows = counted(ha=30, hd=70, na=10, nd=90)
    found = ran(ODDS, rows, None)
    (figure,) = found.figures
    assert figure.verdict is found.verdict is Verdict.NO_ORIGINAL
    assert (figure.before, figure.shift) == (None, None)
    assert figure.sentence.nb == "Uten sammenligning: 3,86 (1,77–8,42)."


def test_rare_values_of_a_predictor_are_taken_as_one() -> None:
    rows = drawn(1500, seed=3)
    rows = rows.with_columns(
        town=pl.when(pl.col("event").str.slice(1).cast(pl.Int64) < 9)
        .then(pl.lit("d"))
        .otherwise(pl.col("town").replace("d", "c"))
    )
    model = LogisticAnalysis(**NAMED, predictors=(Predictor(variable="town"),))
    names = set(figures(ran(model, rows, rows)))
    assert names == {"term-1:town:b", "term-1:town:c"}


def test_a_value_that_the_release_has_too_few_of_is_told_as_lost() -> None:
    before = drawn(3000, seed=4)
    in_d = pl.col("town") == "d"
    kept = before.filter(in_d & (pl.col("alive") == 0)).head(8)
    after = pl.concat([before.filter(~in_d), kept])  # of the few that are left, none is alive
    model = LogisticAnalysis(**NAMED, predictors=(Predictor(variable="town"),))
    found = ran(model, after, before)
    told_ = figures(found)
    assert told_["term-1:town:b"].after is not None
    lost = told_["term-1:town:d"]
    assert (lost.verdict, lost.after) == (Verdict.NOT_RUN, None)
    assert lost.before is not None
    assert lost.sentence.nb.endswith("for få personer er igjen.")
    assert found.verdict is Verdict.PARTLY
    share_lost = before.filter(in_d).height / before.height
    assert found.rows_kept == pytest.approx(1 - share_lost, abs=1e-3)


def test_values_that_are_taken_as_one_stay_in_the_model() -> None:
    rows = drawn(3000, seed=5)
    renamed = rows.with_columns(town=pl.col("town").replace("d", "unheard of"))
    predictors = (Predictor(variable="helped", values=("1",)), Predictor(variable="town"))
    model = LogisticAnalysis(**NAMED, predictors=predictors)
    whole, other = (figures(ran(model, table, table)) for table in (rows, renamed))
    assert set(whole) - set(other) == {"term-2:town:d"}
    assert all(one.after == whole[name].after for name, one in other.items())


def test_a_reference_that_is_named_is_taken() -> None:
    rows = drawn(2000)
    model = LogisticAnalysis(**NAMED, predictors=(Predictor(variable="town", reference="c"),))
    labels = [one.label.en for one in ran(model, rows, rows).figures]
    assert labels == ["town: a against c", "town: b against c", "town: d against c"]


def test_values_that_nobody_knew_beforehand_are_not_told() -> None:
    rows = drawn(1000).with_columns(
        town=pl.when(pl.col("age") < 40).then(pl.lit("secret")).otherwise(pl.col("town"))
    )
    found = ran(PROPORTION, rows, None)
    assert "secret" not in repr(found)
    assert "group:town:a" in figures(found)


def test_coded_columns_are_no_numbers() -> None:
    rng = np.random.default_rng(2)
    rows = drawn(1000).with_columns(helped=pl.Series(rng.integers(0, 2, 1000)))
    model = LogisticAnalysis(**NAMED, predictors=(Predictor(variable="helped"),))
    assert set(figures(ran(model, rows, rows))) <= {"term-1:helped:1", "term-1:helped:0"}


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        (Estimate(0.5, 0.4, 0.6), Verdict.UNCHANGED),
        (Estimate(0.504, 0.404, 0.604), Verdict.UNCHANGED),
        (Estimate(0.51, 0.41, 0.61), Verdict.WITHIN),
        (Estimate(0.5, 0.3, 0.7), Verdict.WITHIN),  # as likely, and far less sure
        (Estimate(0.61, 0.51, 0.71), Verdict.BEYOND),
    ],
)
def test_a_figure_is_unchanged_if_nobody_could_see_it_move(
    after: Estimate, verdict: Verdict
) -> None:
    assert compared(Estimate(0.5, 0.4, 0.6), after) is verdict


def test_the_worst_of_an_analysis_is_its_verdict() -> None:
    assert worst([Verdict.UNCHANGED, Verdict.OTHER, Verdict.WITHHELD]) is Verdict.OTHER
    assert worst([Verdict.UNCHANGED, Verdict.NOT_RUN]) is Verdict.PARTLY
    assert worst([Verdict.NOT_RUN, Verdict.UNCHANGED]) is Verdict.NOT_RUN
    assert worst([Verdict.WITHHELD]) is Verdict.WITHHELD
    assert worst([]) is None
