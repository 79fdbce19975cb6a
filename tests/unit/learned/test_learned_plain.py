"""Rows as a synthesizer takes them: what comes back, and what is never kept."""

from __future__ import annotations

import json

import numpy as np
import polars as pl

from hsr_privacy.codebook import Codebook
from hsr_privacy.learned.consequences import follow
from hsr_privacy.learned.metadata import one_table, two_tables
from hsr_privacy.learned.plain import from_plain, merge_rare, to_plain
from hsr_privacy.learned.timing import derive, from_gaps, to_gaps
from tests.unit.learned.events import arrests, parsed, persons_of


def random() -> np.random.Generator:
    return np.random.default_rng(3)


def test_times_come_back_to_the_second(codebook: Codebook) -> None:
    table, columns = parsed(arrests(), codebook)
    back = from_gaps(to_gaps(table, columns), columns)
    for name in ("t_stans", "t_anrop", "t_fremme", "t_rosc"):
        assert back[name].equals(table[name].dt.truncate("1s")), name


def test_drawn_steps_never_come_before_the_step_they_follow(codebook: Codebook) -> None:
    table, columns = parsed(arrests(), codebook)
    gaps = to_gaps(table, columns).with_columns(-pl.col("t_fremme").abs())
    back = from_gaps(gaps, columns).drop_nulls(["t_fremme", "t_anrop"])
    assert (back["t_fremme"] >= back["t_anrop"]).all()


def test_codes_and_gaps_come_back_where_they_were(codebook: Codebook) -> None:
    table, columns = parsed(arrests(), codebook)
    plain = to_plain(table, columns, random=random())
    assert sum(plain.table.null_count().row(0)) == 0
    back = from_plain(plain.table, columns, fields=plain.fields)
    assert back["alder#"].equals(table["alder#"])
    assert back["alder"].is_null().equals(table["alder"].is_null())
    assert float((back["alder"] - table["alder"]).abs().drop_nulls().to_numpy().mean()) < 1.5


def test_no_smallest_or_largest_value_of_a_person_is_kept(codebook: Codebook) -> None:
    raw = arrests().with_columns(
        pl.when(pl.int_range(pl.len()) == 17)
        .then(3)
        .otherwise(pl.col("alder").clip(40))
        .alias("alder")
    )
    table, columns = parsed(raw, codebook)
    plain = to_plain(table, columns, random=random())
    back = from_plain(plain.table, columns, fields=plain.fields)
    assert 3 in table["alder"].to_list()
    assert (back["alder"].drop_nulls() > 37).all()


def test_a_category_that_few_persons_have_is_not_learned(codebook: Codebook) -> None:
    raw = arrests().with_columns(
        pl.when(pl.int_range(pl.len()) < 4).then(5).otherwise(pl.col("arsak")).alias("arsak"),
        pl.when(pl.int_range(pl.len()) < 4).then(6).otherwise(pl.lit(1)).alias("sivilstand"),
    )
    table, columns = parsed(raw, codebook)
    merged, counts = merge_rare(table, columns, persons_of(raw), fewest=5, codebook=codebook)
    assert counts == {"arsak": 4, "sivilstand": 4}
    assert merged["arsak"][:4].to_list() == ["777"] * 4
    assert merged["sivilstand"][:4].to_list() == [None] * 4
    assert merged["arsak"][4:].equals(table["arsak"][4:])


def test_no_value_of_the_data_stands_in_the_metadata(codebook: Codebook) -> None:
    raw = arrests().with_columns(
        (pl.col("sentralitet").cast(pl.String) + " canary").alias("bostedskommune"),
        (pl.col("sentralitet") + 34000.5).alias("laktat"),
    )
    table, columns = parsed(raw, codebook)
    fields = to_plain(table, columns, random=random()).fields
    for described in (one_table(fields), two_tables(fields[:3], fields[3:])):
        text = json.dumps(described)
        assert "canary" not in text
        assert "34001" not in text
        for name in ("alder", "t_stans", "arsak"):
            assert name in text
        kinds = {
            key for t in described["tables"].values() for c in t["columns"].values() for key in c
        }
        assert kinds == {"sdtype"}


def test_what_the_rules_leave_no_choice_in_is_carried_out(codebook: Codebook) -> None:
    table, columns = parsed(arrests(), codebook)
    mixed = table.with_columns(pl.lit("1").alias("tilskuer_hlr"), pl.lit("1").alias("rosc_20"))
    done = follow(mixed, columns)
    inside = done["event_type"] == "2"
    assert done.filter(inside)["tilskuer_hlr"].null_count() == inside.sum()
    assert done.filter(inside)["t_anrop"].null_count() == inside.sum()
    seen = done.filter(~inside & (pl.col("bevitnet") == "2"))
    assert set(seen["tilskuer_hlr"]) == {"888"}
    assert set(done["rosc_noen"]) == {"1"}
    others = done.filter(~inside & (pl.col("bevitnet") != "2"))
    assert set(others["tilskuer_hlr"]) == {"1"}


def test_what_follows_from_times_is_worked_out_and_not_drawn(codebook: Codebook) -> None:
    raw = arrests().with_columns(
        pl.lit(2013).alias("hendelse_aar"),
        pl.lit(1).alias("ukedag"),
        pl.lit(9).alias("responstid_min"),
    )
    table, columns = parsed(raw, codebook)
    done = derive(table, columns)
    local = table["t_stans"].dt.convert_time_zone("Europe/Oslo")
    assert done["hendelse_aar"].cast(pl.Int32).equals(local.dt.year())
    assert done["ukedag"].cast(pl.Int8).equals(local.dt.weekday())
    seen = done.filter(pl.col("bevitnet") == "2")
    assert seen["responstid_min"].null_count() == seen.height
    others = done.filter((pl.col("bevitnet") != "2") & pl.col("t_anrop").is_not_null())
    minutes = (others["t_fremme"] - others["t_anrop"]).dt.total_seconds() // 60
    assert others["responstid_min"].cast(pl.Int64).equals(minutes)
