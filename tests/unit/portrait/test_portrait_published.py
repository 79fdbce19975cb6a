"""The published figures: read from a file that people write, every fault told by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from hsr_privacy.configs import shipped
from hsr_privacy.errors import ConfigError
from hsr_privacy.portrait import load_published
from hsr_privacy.portrait.measures import METRICS
from hsr_privacy.portrait.wording import METRIC_NAMES
from hsr_privacy.synthesis import load_parameters

TEXT = shipped("synthetic", "published.yaml").read_text(encoding="utf-8")


def changed(tmp_path: Path, old: str, new: str) -> Path:
    assert old in TEXT
    path = tmp_path / "published.yaml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return path


def line_of(words: str) -> int:
    return TEXT[: TEXT.index(words)].count("\n") + 1


def test_the_shipped_file_holds_the_register_models_figures() -> None:
    published = load_published()
    printed = {(one.metric, one.years): one.value for one in published.figures}
    assert printed["arrests", (2014, 2014)] == 1506
    assert printed["incidence_treated", (2015, 2019)] == 52.8
    assert [printed["alive_month_per_100000", (year, year)] for year in range(2013, 2018)] == [
        7.7, 5.9, 7.3, 7.1, 7.0,
    ]  # fmt: skip
    assert {one.name: one.arrests for one in published.trusts.rows}["Helgeland"] == 31
    assert sum(one.use == "calibrated" for one in published.figures) > 40


def test_every_source_is_used_and_every_metric_has_a_name() -> None:
    published = load_published()
    used = {one.source for one in (*published.figures, *published.odds_ratios)}
    used |= {published.trusts.source}
    assert set(published.sources) == used
    assert METRICS.keys() == METRIC_NAMES.keys()
    assert {one.metric for one in published.figures} == set(METRICS)


def test_rates_and_counts_of_the_same_cohort_fit_each_other() -> None:
    population = load_parameters().population.by_year
    whole = sum(population[year] for year in range(2015, 2020)) - 0.07 * population[2015]
    assert 13704 / whole * 100_000 == pytest.approx(52.8, abs=0.3)


@pytest.mark.parametrize(
    ("old", "new", "at", "told"),
    [
        ("{metric: at_home,", "{metric: at_hom,", "{metric: at_home,", "did you mean 'at_home'?"),
        ("years: 2013-2018", "years: 2018-2013", "years: 2013-2018", "ends before it begins"),
        ("years: 2016, value: 61", "years: twice, value: 61", "years: 2016, value: 61", "such as 2014"),
        ("{factor: late,", "{factor: lat,", "{factor: late,", "did you mean 'late'?"),
        ("value: 1506, rounding: 0", "value: 1506, rounding: -1", "value: 1506", "greater than or equal"),
        ("use: calibrated}", "use: calibratd}", "use: calibrated}", "'calibrated'"),
        ("use: calibrated}", "use: check only}", "use: calibrated}", "needs a 'reason'"),
        ("lowest: 40", "lowest: 40\n  lowst: 1", "highest: 73", "unknown key"),
    ],
)  # fmt: skip
def test_a_fault_is_told_by_its_line(
    tmp_path: Path, old: str, new: str, at: str, told: str
) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(ConfigError) as caught:
        load_published(path)
    assert told in str(caught.value)
    assert f"{path}:{line_of(at)}" in str(caught.value)


def test_a_figure_without_a_told_source_is_a_fault(tmp_path: Path) -> None:
    path = changed(tmp_path, "source: nki-2015", "source: nki-2016")
    with pytest.raises(ConfigError, match="'nki-2016' is none of the sources; did you mean"):
        load_published(path)
