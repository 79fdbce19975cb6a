"""The simulator's numbers: what cannot be is told by its line, before anything is drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hsr_privacy.configs import shipped
from hsr_privacy.errors import ConfigError
from hsr_privacy.synthesis import load_parameters

SHIPPED = shipped("synthetic", "utstein.yaml").read_text(encoding="utf-8")


def written(folder: Path, **changes: str) -> Path:
    """The shipped file with other lines for some keys."""
    text = SHIPPED
    for name, new in changes.items():
        found = re.search(rf"^  {name}:.*(?:\n    .*)*", text, re.MULTILINE)
        assert found, name
        text = text.replace(found[0], f"  {name}: {new}")
    path = folder / "numbers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def share(value: float) -> str:
    return f"{{value: {value}, source: assumption}}"


def by_year(values: str) -> str:
    return f"{{by_year: {{{values}}}, source: assumption}}"


MEASURE = "deviation: 1, low: {}, high: {}, source: assumption}}"


@pytest.mark.parametrize(
    ("changes", "at", "told"),
    [
        ({"monitored": share(1.0)}, "monitored", "below 1"),
        ({"ambulance_witnessed": share(1.0)}, "ambulance_witnessed", "below 1"),
        ({"rosc_inside": share(0)}, "rosc_inside", "above 0"),
        ({"last_shock": share(0)}, "last_shock", "above 0"),
        ({"last_adrenaline": share(0)}, "last_adrenaline", "above 0"),
        ({"bystander_cpr": share(0)}, "bystander_cpr", "above 0"),
        ({"bystander_cpr": by_year("2013: 0.8, 2019: 0")}, "bystander_cpr", "above 0"),
        ({"arrest_again": share(0.21)}, "arrest_again", "not be above 0.2"),
        ({"inside_after_outside": share(0.3)}, "inside_after_outside", "not be above 0.2"),
        ({"staff_witnessed": share(0.4)}, "staff_witnessed_if_monitored", "between 0.44"),
        ({"staff_witnessed": share(0.97)}, "staff_witnessed_if_monitored", "and 0.94"),
        ({"rosc_outside_treated": share(0.25)}, "rosc_outside_treated", "0.288 > 0.25"),
        ({"alive_24h_outside": share(0.5)}, "alive_24h_outside", "0.5 > 0.288"),
        (
            {"survival_outside_treated": by_year("2013: 0.1, 2020: 0.3")},
            "survival_outside_treated",
            "0.3 > 0.24 in 2020",
        ),
        (
            {"alive_24h_outside": by_year("2013: 0.24, 2017: 0.15")},
            "survival_outside_treated",
            "0.158 > 0.15 in 2018",
        ),
        ({"alive_24h_inside": share(0.6)}, "alive_24h_inside", "0.6 > 0.52"),
        ({"survival_inside": share(0.4)}, "survival_inside", "0.4 > 0.38"),
        ({"back_before_team": share(0.6)}, "rosc_inside", "0.6 > 0.52"),
        ({"aed_attached": share(0.9)}, "aed_attached", "0.9 > 0.78 in 2013"),
        (
            {"resuscitation_attempted": by_year("2013: 0.9, 2022: 0.1")},
            "resuscitation_attempted",
            "0.112 > 0.1 in 2022",
        ),
        ({"bystander_cpr": by_year("2012: 0.7")}, "bystander_cpr", "equal to 2013"),
        ({"bystander_cpr": by_year("2013: 0.7, 2041: 1")}, "bystander_cpr", "equal to 2040"),
        ({"usual_centrality": share(6.5)}, "usual_centrality", "between 1 and 6"),
        ({"usual_centrality": share(0.9)}, "usual_centrality", "between 1 and 6"),
        ({"ph_if_alive": "{mean: 7, " + MEASURE.format(8, 6)}, "ph_if_alive", "'low' must be below 'high'"),
        ({"ph_if_alive": "{mean: 5, " + MEASURE.format(6, 8)}, "ph_if_alive", "'mean' must lie between"),
        ({"ph_if_alive": "{mean: nan, " + MEASURE.format(6, 8)}, "ph_if_alive", "finite number"),
        ({"at_home": "{value: nan, source: assumption}"}, "at_home", "finite number"),
        ({"shockable": "{value: inf, source: assumption}"}, "shockable", "finite number"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_by_its_line(
    tmp_path: Path, changes: dict[str, str], at: str, told: str
) -> None:
    path = written(tmp_path, **changes)
    with pytest.raises(ConfigError) as caught:
        load_parameters(path)
    lines = path.read_text(encoding="utf-8").split("\n")
    line = 1 + next(n for n, text in enumerate(lines) if text.startswith(f"  {at}:"))
    assert told in str(caught.value)
    assert [one.line for one in caught.value.faults] == [line]
    assert at in caught.value.faults[0].where


def test_what_just_can_be_is_taken(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        staff_witnessed=share(0.44),
        alive_24h_outside=by_year("2013: 0.288, 2018: 0.158"),
        survival_inside=share(0.38),
        arrest_again=share(0.2),
        monitored=share(0.5),
    )
    assert load_parameters(path).share("staff_witnessed") == 0.44
    assert load_parameters(path) != load_parameters()
