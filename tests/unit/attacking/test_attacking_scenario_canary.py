"""No cell comes out of a simulated attack, however it ends."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from hsr_privacy.attacking.everything import everything_known
from hsr_privacy.attacking.expecting import expected_matches
from hsr_privacy.attacking.exposed import Exposed
from hsr_privacy.attacking.news import news_links
from hsr_privacy.attacking.simulating import simulate
from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies.hierarchy import from_rows
from hsr_privacy.models.scenarios import Codes, Knowledge, News, Precision
from tests.unit.attacking.scenario_tables import attacker

CANARIES = ["01815012345", "KANARI", "1815012", "2024-02-29"]
TRUTH = pl.DataFrame(
    {
        "event": ["01815012345", "KANARI-1"],
        "who": ["01815012345", "KANARI-2"],
        "town": ["KANARI", "KANARI-3"],
        "day": ["2024-02-29", "2024-02-28"],
        "number": [1815012, 7],
    }
)
TREES = {"town": from_rows("town", [("KANARI", "KANARI-4", "*"), ("KANARI-3", "KANARI-4", "*")])}
NEWS = News(0.5, place="town", public=Codes(("KANARI",), 2))
READER = attacker("town", "day", Knowledge("number", (Precision(within=3),), wrong=0.5), news=NEWS)


def case(released: pl.DataFrame = TRUTH, **more: Any) -> Exposed:
    keys: dict[str, Any] = {"event": "event", "person": "who", "hierarchies": TREES}
    return Exposed(released, TRUTH, **{**keys, **more})


def betrayed(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


def test_results_hold_names_and_numbers_only() -> None:
    columns = ["town", "day", "number"]
    for result in (
        expected_matches(case(), READER, seed=1),
        news_links(case(), READER, seed=1, stories=50),
        everything_known(TRUTH, columns=columns, quasi_identifiers=["town"], person="who"),
    ):
        assert not betrayed(repr(result))
        assert not betrayed(json.dumps(result.to_json()))


def test_what_attackers_hold_is_not_shown() -> None:
    release = case()
    simulation = simulate(release, READER, seed=1, attackers=2)

    assert "KANARI" in release.column("town").places
    for kept in (release, simulation, release.column("town"), release.people, simulation.held):
        assert not betrayed(repr(kept))
        assert not betrayed(str(kept))


@pytest.mark.parametrize(
    ("changed", "keys"),
    [
        ({"town": ["KANARI-9", "KANARI"]}, {}),
        ({"event": ["KANARI-9", "01815012345"]}, {"person": None}),
        ({"day": ["2024-02-29", "KANARI"]}, {"hierarchies": {**TREES, "day": TREES["town"]}}),
    ],
)
def test_errors_do_not_quote(changed: dict[str, list[str]], keys: dict[str, Any]) -> None:
    released = TRUTH.with_columns(pl.Series(name, cells) for name, cells in changed.items())

    with pytest.raises(DataError) as caught:
        news_links(case(released, **keys), READER, seed=1)

    assert not betrayed(str(caught.value))
    assert caught.value.__cause__ is None
