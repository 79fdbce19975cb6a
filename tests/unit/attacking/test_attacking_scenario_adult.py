"""Attackers on a table of no register: Adult, k = 5."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import hsr_privacy as hsr
from hsr_privacy.attacking.everything import everything_known
from hsr_privacy.attacking.expecting import Matches, expected_matches
from hsr_privacy.attacking.exposed import Exposed
from hsr_privacy.models.scenarios import Attacker, Knowledge, Precision
from hsr_privacy.risk import assess
from tests.unit.attacking.scenario_tables import attacker, roughly

ADULT = Path(__file__).parents[2] / "data" / "adult"
COLUMNS = ["sex", "age", "race", "marital-status", "education"]
ROWS = 3000


@pytest.fixture(scope="module")
def adult() -> Exposed:
    truth = pl.read_csv(ADULT / "adult.csv.gz", separator=";", infer_schema=False, n_rows=ROWS)
    truth = truth.with_row_index("row").with_columns(pl.col("row").cast(pl.String))
    trees = hsr.load_for_columns(ADULT / "hierarchies", COLUMNS)
    done = hsr.anonymize(
        truth, quasi_identifiers=COLUMNS, hierarchies=trees, k=5, max_suppressed=0.05
    )
    return Exposed(
        done.data,
        truth,
        event="row",
        hierarchies=trees,
        levels=done.solution.levels,
        suppressed="*",
    )


def found(adult: Exposed, who: Attacker, attackers: int = ROWS) -> Matches:
    return expected_matches(adult, who, seed=1, attackers=attackers)


def test_who_knows_the_quasi_identifiers_finds_as_many_as_the_marketers_risk_says(
    adult: Exposed,
) -> None:
    risk = assess(adult.released, quasi_identifiers=COLUMNS)

    told = found(adult, attacker(*COLUMNS))

    # of everybody, also of those who were suppressed, whom nobody finds
    kept = adult.released.height / ROWS
    assert kept < 1
    assert told.released.right.value == pytest.approx(risk.marketer.average * kept)
    assert told.released.certain.value == 0
    assert told.before.right.value > 10 * told.released.right.value


def test_a_sample_of_attackers_finds_what_all_of_them_find(adult: Exposed) -> None:
    some = found(adult, attacker(*COLUMNS), 500)
    everybody = found(adult, attacker(*COLUMNS))

    for one, all_of_them in ((some.before, everybody.before), (some.released, everybody.released)):
        assert one.right.low <= all_of_them.right.value <= one.right.high
        assert one.candidates.low <= all_of_them.candidates.value <= one.candidates.high
        assert one.certain.low <= all_of_them.certain.value <= one.certain.high


def test_who_knows_less_and_errs_finds_fewer(adult: Exposed) -> None:
    exact = attacker("sex", "age", "race")
    rough = attacker("sex", roughly("age", Precision(within=5), unknown=0.2), "race")

    assert found(adult, rough).before.right.value < found(adult, exact).before.right.value / 3


def test_what_a_colleague_knows_besides_finds_many_more(adult: Exposed) -> None:
    colleague = attacker(*COLUMNS, *map(Knowledge, ("occupation", "native-country", "workclass")))

    told = found(adult, colleague)
    alone = everything_known(
        adult.released,
        columns=[name for name in adult.released.columns if name != "row"],
        quasi_identifiers=COLUMNS,
    )

    assert told.released.right.value > 5 * found(adult, attacker(*COLUMNS)).released.right.value
    assert alone.by_quasi_identifiers.alone == 0
    assert alone.one_more[0].column == "occupation"
    assert alone.by_everything.share > 0.2
