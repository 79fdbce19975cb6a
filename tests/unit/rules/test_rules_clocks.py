"""What a Norwegian clock can mean, held against the time zone database."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.frames import as_frame, to_polars
from hsr_privacy.rules import Form, Rules, judge_rules, load_rules
from hsr_privacy.rules.clause import early, late, skipped, twice
from hsr_privacy.rules.clocks import read_clocks

OSLO = ZoneInfo("Europe/Oslo")
clock = dt.datetime.fromisoformat


@pytest.fixture(scope="module")
def rules(codebook: Codebook) -> Rules:
    whole = load_rules(codebook=codebook)
    return Rules(tuple(whole[name] for name in ("R01", "R02", "R03", "R04", "R30")))


def every_hour(first: str, last: str) -> pl.Series:
    start, end = clock(first), clock(last)
    return pl.datetime_range(start, end, "30m", eager=True, time_unit="us").alias("t_stans")


def readings(series: pl.Series, form: Form) -> pl.DataFrame:
    frame = read_clocks(as_frame(series.to_frame()), ["t_stans"], [], form=form).frame
    return to_polars(frame)


def test_every_local_time_of_four_years_has_the_readings_of_the_time_zone_database() -> None:
    shown = every_hour("2021-01-01T00:15", "2024-12-31T23:45")
    read = readings(shown, Form.AMBULANCE)
    both = [
        sorted(int(time.replace(tzinfo=OSLO, fold=fold).timestamp()) for fold in (0, 1))
        for time in shown
    ]
    assert read[early("t_stans")].to_list() == [pair[0] for pair in both]
    assert read[late("t_stans")].to_list() == [pair[1] for pair in both]
    doubtful = [pair[0] != pair[1] for pair in both]
    march = [time.month == 3 for time in shown]
    assert read[skipped("t_stans")].to_list() == [
        d and m for d, m in zip(doubtful, march, strict=True)
    ]
    assert read[twice("t_stans")].to_list() == [
        d and not m for d, m in zip(doubtful, march, strict=True)
    ]
    assert sum(doubtful) == 4 * 4


def test_a_moment_of_utc_means_itself_and_the_hour_that_the_store_reads_first_two() -> None:
    moments = every_hour("2021-01-01T00:15", "2024-12-31T23:45").dt.replace_time_zone("UTC")
    read = readings(moments, Form.EVENT)
    seconds = moments.dt.epoch("s")
    assert read[early("t_stans")].equals(seconds)
    folded = [time.astimezone(OSLO) for time in moments]
    first_of_two = [
        time.fold == 0 and time.utcoffset() != time.replace(fold=1).utcoffset() for time in folded
    ]
    assert read[twice("t_stans")].to_list() == first_of_two
    assert sum(first_of_two) == 4 * 2
    expected = seconds + 3600 * pl.Series(first_of_two).cast(pl.Int64)
    assert read[late("t_stans")].to_list() == expected.to_list()


NIGHTS = """
2023-10-29T01:50:00 | 2023-10-29T02:10:00 | kept
2023-10-29T02:50:00 | 2023-10-29T02:05:00 | kept
2023-10-29T02:59:00 | 2023-10-29T02:00:00 | kept
2023-10-29T03:05:00 | 2023-10-29T02:55:00 | broken
2023-10-29T02:30:00 | 2023-10-29T01:20:00 | broken
2023-10-29T02:30:00 | 2023-10-29T01:50:00 | broken
2023-10-28T02:50:00 | 2023-10-28T02:05:00 | broken
2023-10-22T02:50:00 | 2023-10-22T02:05:00 | broken
2023-03-26T01:55:00 | 2023-03-26T03:05:00 | kept
2023-03-26T03:05:00 | 2023-03-26T01:55:00 | broken
2023-03-26T02:30:00 | 2023-03-26T03:05:00 | kept
"""


@pytest.mark.parametrize("line", NIGHTS.strip().splitlines())
def test_only_what_every_reading_breaks_is_broken(
    line: str, rules: Rules, codebook: Codebook
) -> None:
    before, after, outcome = (part.strip() for part in line.split("|"))
    frame = pl.DataFrame({"t_anrop": [clock(before)], "t_varsling": [clock(after)]})
    (count, *_) = judge_rules(frame, rules=rules, codebook=codebook, form="amk")
    assert (count.concerned, count.violating) == (1, int(outcome == "broken"))


def test_a_response_over_the_moved_clock_takes_its_true_minutes(
    rules: Rules, codebook: Codebook
) -> None:
    frame = pl.DataFrame(
        {
            "t_anrop": [clock("2023-10-28T23:50:00"), clock("2023-03-26T01:55:00")],
            "t_fremme": [clock("2023-10-29T03:10:00"), clock("2023-03-26T03:05:00")],
            "responstid_min": [260, 10],
        }
    )
    counts = {c.id: c for c in judge_rules(frame, rules=rules, codebook=codebook)}
    assert counts["R30"].violating == 1  # four hours and twenty minutes
    assert judge_rules(frame[1:], rules=rules, codebook=codebook)[-1].violating == 0


def test_in_the_event_store_a_time_without_a_zone_is_a_fault(codebook: Codebook) -> None:
    frame = pl.DataFrame({"t_anrop": [clock("2023-06-15T12:00"), None]})
    only = Rules((load_rules(codebook=codebook)["R32"],))
    (stored,) = judge_rules(frame, rules=only, codebook=codebook, form="event")
    (delivered,) = judge_rules(frame, rules=only, codebook=codebook, form="amk")
    zoned = frame.with_columns(pl.col("t_anrop").dt.replace_time_zone("UTC"))
    (good,) = judge_rules(zoned, rules=only, codebook=codebook, form="event")
    assert (stored.violating, delivered.violating, good.violating) == (1, 0, 0)
