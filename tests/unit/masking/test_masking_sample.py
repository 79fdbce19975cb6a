"""A sample holds exactly the whole part of the share, of persons or of rows."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import polars as pl
import pytest

from hsr_privacy.errors import DataError
from hsr_privacy.extract import Extract
from hsr_privacy.masking import sample, sample_with_masking

SEED = 918_273_645
VISITS = pl.DataFrame({"n": range(12), "who": list("abcabcabddef")})


@pytest.mark.parametrize(
    ("rows", "share", "kept"),
    [(100, 0.29, 29), (30, 0.1, 3), (7, 0.5, 3), (10, 1.0, 10), (3, 0.3, 0), (0, 0.5, 0)],
)
def test_exactly_the_whole_part_of_the_share_is_kept(rows: int, share: float, kept: int) -> None:
    data = pl.DataFrame({"n": pl.Series(range(rows), dtype=pl.Int64)})
    assert sample(data, share=share, seed=SEED).height == kept


def test_rows_are_drawn_without_repeats_and_keep_their_order() -> None:
    drawn = sample(VISITS, share=0.5, seed=SEED)["n"].to_list()
    assert len(drawn) == 6
    assert drawn == sorted(set(drawn))


def test_a_person_is_kept_with_all_rows_or_with_none() -> None:
    out, masking = sample_with_masking(Extract.of(VISITS), share=0.5, seed=SEED, person="who")
    before, after = Counter(VISITS["who"]), Counter(out.frame.collect()["who"].to_list())
    assert len(after) == 3
    assert all(before[who] == rows for who, rows in after.items())
    assert masking.counts == {
        "rows in": 12,
        "rows kept": sum(after.values()),
        "persons in": 6,
        "persons kept": 3,
    }


def test_the_persons_of_an_extract_are_drawn_without_being_named_again() -> None:
    named = sample(VISITS, share=0.5, seed=SEED, person="who")
    out = sample(Extract.of(VISITS, person="who"), share=0.5, seed=SEED)
    assert out.frame.collect().to_native().equals(named)


def test_rows_without_a_person_are_one_person_together() -> None:
    data = pl.DataFrame({"who": ["a", None, None, None]})
    assert sorted({sample(data, share=0.5, seed=s, person="who").height for s in range(9)}) == [
        1,
        3,
    ]


def test_everybody_is_drawn_equally_often() -> None:
    counts: Counter[int] = Counter()
    for seed in range(2_000):
        counts.update(sample(pl.DataFrame({"n": [0, 1, 2, 3]}), share=0.5, seed=seed)["n"])
    shares = [Fraction(counts[n], 2_000) for n in range(4)]
    assert [float(share) for share in shares] == pytest.approx([0.5] * 4, abs=0.05)


def test_the_same_seed_draws_the_same_and_is_not_told() -> None:
    assert sample(VISITS, share=0.5, seed=SEED).equals(sample(VISITS, share=0.5, seed=SEED))
    extract, masking = sample_with_masking(Extract.of(VISITS), share=0.5, seed=SEED)
    assert str(SEED) not in repr(extract.steps) + repr(masking)


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1, float("nan")])
def test_a_share_lies_between_nothing_and_everything(share: float) -> None:
    with pytest.raises(DataError, match="it is a share of the persons"):
        sample(VISITS, share=share, seed=SEED)


def test_a_person_that_is_no_column_is_refused() -> None:
    with pytest.raises(DataError, match="there is no column 'whom'"):
        sample(VISITS, share=0.5, seed=SEED, person="whom")
