"""The plan of flaws, and how a level is asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hsr_privacy.configs import shipped
from hsr_privacy.errors import ConfigError, DataError
from hsr_privacy.flaws import KINDS, LEVELS, dirt_of, load_flaw_plan
from hsr_privacy.flaws.choosing import choose_records, choose_variants
from hsr_privacy.flaws.draft import Variant

TEXT = shipped("synthetic", "flaws.yaml").read_text(encoding="utf-8")


def plan_with(folder: Path, old: str, new: str) -> Path:
    assert old in TEXT
    path = folder / "flaws.yaml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("share: 0.05", "share: 1.05", "levels.moderate.share: Input should be less than or equal"),
        ("share: 0.05", "share: 0", "levels.moderate.share: Input should be greater than 0"),
        ("swapped_times:", "swaped_times:", "no such kind of flaw; did you mean 'swapped_times'?"),
        ("swapped_times:", "swaped_times:", "kinds: 'swapped_times' is missing"),
        ("lost_zero: {weight: 6, ", "lost_zero: {weight: -6, ", "kinds.lost_zero.weight"),
        ("weight: 6, source: assumption", "weight: 6", "'source' is missing"),
        ("weight: 6, source: assumption", "weight: 6, source: asumption", "none of the sources"),
        ("whole_files: 0", "whole_files: 4", "levels.light.whole_files"),
    ],
)
def test_a_plan_that_makes_no_sense_is_told_by_line(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    path = plan_with(tmp_path, old, new)
    with pytest.raises(ConfigError, match=r"flaws\.yaml") as caught:
        load_flaw_plan(path)
    assert says in str(caught.value)
    assert all(fault.line > 1 for fault in caught.value.faults)


def test_every_kind_has_a_sentence_and_a_name_of_its_own() -> None:
    names = [kind.name for kind in KINDS]
    assert len(set(names)) == len(names)
    assert all((kind.variants.__doc__ or "").endswith(".") for kind in KINDS)


def test_the_levels_get_dirtier() -> None:
    shares = [dirt.share for level in LEVELS if (dirt := dirt_of(level))]
    assert shares == sorted(shares) == [0.01, 0.05, 0.2]


def test_a_number_is_the_share_of_records() -> None:
    dirt = dirt_of("0.03")
    assert dirt is not None
    assert (dirt.share, dirt.whole_files) == (0.03, 0)
    assert dirt_of("none") is None
    assert dirt_of("0") is None


@pytest.mark.parametrize("level", ["filthy", "1.2", "-0.1", "nan", "", "5%"])
def test_another_level_is_refused(level: str) -> None:
    with pytest.raises(DataError, match="give one of: none, light, moderate, heavy, or the share"):
        dirt_of(level)


def test_a_misspelt_level_is_recognized() -> None:
    with pytest.raises(DataError, match="did you mean 'moderate'"):
        dirt_of("moderat")


def test_each_kind_gets_its_part_and_what_it_cannot_take_goes_to_the_others() -> None:
    rng, size = np.random.default_rng(2), 10_000
    rare = np.zeros(size, bool)
    rare[:7] = True
    chosen = choose_records(
        {"much": np.ones(size, bool), "less": np.ones(size, bool), "rare": rare},
        weights={"much": 3, "less": 1, "rare": 4},
        share=0.4,
        size=size,
        rng=rng,
    )
    rows = np.concatenate(list(chosen.values()))
    assert len(np.unique(rows)) == len(rows) == 4000
    assert chosen["rare"].tolist() == list(range(7))
    assert len(chosen["much"]) == pytest.approx(3 * len(chosen["less"]), rel=0.01)


def test_nothing_is_chosen_where_nothing_can_be() -> None:
    none = {"a": np.zeros(5, bool)}
    rng = np.random.default_rng(1)
    assert choose_records(none, weights={"a": 1}, share=1, size=5, rng=rng) == {}
    assert choose_records({}, weights={}, share=1, size=0, rng=rng) == {}


def test_a_record_gets_a_way_that_is_possible_in_it() -> None:
    first, second = np.array([True, False, True]), np.array([False, True, True])
    rows = np.array([0, 1, 2])
    for seed in range(10):
        ways = choose_variants([Variant(first), Variant(second)], rows, np.random.default_rng(seed))
        taken = [(bool(variant.where is first), some.tolist()) for variant, some in ways]
        assert sorted(row for _, some in taken for row in some) == [0, 1, 2]
        for is_first, some in taken:
            assert (first if is_first else second)[some].all()
