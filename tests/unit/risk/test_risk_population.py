"""Who of a population fits, counted by hand, and the shipped population of Norway."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.configs import shipped
from hsr_privacy.errors import DataError
from hsr_privacy.frames import as_frame
from hsr_privacy.hierarchies import load_hierarchies
from hsr_privacy.hierarchies.hierarchy import from_rows
from hsr_privacy.risk.counting import Counted, count
from hsr_privacy.risk.population import (
    PopulationRisk,
    PopulationTable,
    load_population,
    population_risk,
)
from tests.pipe_tables import cells

PEOPLE = """
sex | age | town | persons
m   | 70  | oslo | 9
m   | 71  | oslo | 1
m   | 80  | voss | 4
f   | 70  | oslo | 7
f   | 80  | voss | 2
"""
AGES = from_rows("age", [("70", "70s", "*"), ("71", "70s", "*"), ("80", "80s", "*")])


def frame(text: str) -> pl.DataFrame:
    """A table in which ``?`` is missing."""
    heading, *rows = cells(text)
    return pl.DataFrame(
        {
            name: [None if row[place] == "?" else row[place] for row in rows]
            for place, name in enumerate(heading)
        },
        schema=dict.fromkeys(heading, pl.String),
    )


def counted(text: str, *names: str, person: str | None = None) -> Counted:
    return count(as_frame(frame(text)), quasi_identifiers=names, person=person, suppressed="998")


PEOPLE_TABLE = PopulationTable(frame(PEOPLE), "persons", "by hand")


def risk(text: str, *names: str, person: str | None = None) -> PopulationRisk:
    return population_risk(
        counted(text, *names, person=person),
        PEOPLE_TABLE,
        hierarchies={"age": AGES},
        levels={"age": 1},
        threshold=0.2,
    )


def test_the_population_is_counted_on_the_levels_of_the_table() -> None:
    # Ten men in their seventies in Oslo, two women in their eighties in Voss.
    found = risk("sex | age | town\nm | 70s | oslo\nf | 80s | voss", "sex", "age", "town")
    assert (found.population, found.k, found.outside) == (23, 2, 0)
    assert found.risk.maximum == 1 / 2
    assert found.risk.average == pytest.approx((1 / 10 + 1 / 2) / 2)
    assert found.risk.share_above == 1 / 2
    assert [(one.least, one.persons) for one in found.sizes if one.persons] == [(2, 1), (10, 1)]


def test_only_what_the_population_knows_is_compared() -> None:
    found = risk(
        "sex | age | hospital\nf | 80s | a\nf | 80s | b\nm | 80s | a", "sex", "hospital", "age"
    )
    assert found.columns == ("sex", "age")
    assert found.k == 2
    assert [(one.least, one.classes, one.persons) for one in found.sizes if one.classes] == [
        (2, 1, 2),
        (4, 1, 1),
    ]


def test_a_suppressed_cell_cannot_be_looked_up() -> None:
    assert risk("sex | age\n998 | 80s", "sex", "age").k == 6
    assert risk("sex | age\nf | ?", "sex", "age").k == 9
    assert risk("sex | age\n998 | ?", "sex", "age").k == 23


def test_whom_nobody_fits_is_counted_apart() -> None:
    found = risk("sex | age\nx | 80s\nx | 80s\nm | 80s", "sex", "age")
    assert (found.outside, found.k, found.k_inside) == (2, 2, 4)
    nobody = risk("sex | age\nx | 80s", "sex", "age")
    assert (nobody.outside, nobody.k, nobody.k_inside, nobody.risk.maximum) == (1, 1, None, 1)


def test_the_table_itself_is_of_the_population() -> None:
    rows = "\n".join("f | 80s" for _ in range(5))
    assert risk(f"sex | age\n{rows}", "sex", "age").k == 5


def test_persons_are_counted_once() -> None:
    text = "sex | hospital | person\nf | a | kari\nf | b | kari\nf | b | anne"
    found = risk(text, "sex", "hospital", person="person")
    assert [one.persons for one in found.sizes if one.persons] == [2]


def test_an_empty_table_fits_nobody() -> None:
    found = risk("sex | age", "sex", "age")
    assert (found.k, found.k_inside, found.outside, found.risk.maximum) == (0, None, 0, 0)


def test_a_population_that_knows_nothing_is_refused() -> None:
    with pytest.raises(DataError, match="none of the quasi-identifiers"):
        risk("hospital\na", "hospital")


@pytest.mark.parametrize("level", [-1, 3])
def test_a_level_must_exist(level: int) -> None:
    with pytest.raises(DataError, match="no level"):
        population_risk(
            counted("age\n70s", "age"),
            PEOPLE_TABLE,
            hierarchies={"age": AGES},
            levels={"age": level},
            threshold=0.2,
        )


def test_a_value_that_the_hierarchy_does_not_know_is_counted_and_not_shown() -> None:
    people = PopulationTable(frame("age | persons\ncanary | 3"), "persons", "by hand")
    with pytest.raises(DataError, match="1 distinct value") as caught:
        population_risk(
            counted("age\n70s", "age"), people, hierarchies={"age": AGES}, threshold=0.2
        )
    assert "canary" not in str(caught.value)


def test_a_missing_value_of_the_population_fits_nobody() -> None:
    people = PopulationTable(frame("age | persons\n?  | 3\n70 | 8"), "persons", "by hand")
    found = population_risk(
        counted("age\n70s\n80s", "age"),
        people,
        hierarchies={"age": AGES},
        levels={"age": 1},
        threshold=0.2,
    )
    assert (found.outside, found.k_inside) == (1, 8)


@pytest.mark.parametrize("wrong", ["-1", "2.5", "many", "?"])
def test_counts_are_whole_numbers_of_persons(wrong: str) -> None:
    with pytest.raises(DataError, match="whole numbers"):
        PopulationTable(frame(f"age | persons\n70 | {wrong}"), "persons", "by hand")
    with pytest.raises(DataError, match="no column 'n'"):
        PopulationTable(frame("age | persons\n70 | 1"), "n", "by hand")


def test_a_file_of_ones_own_is_read_by_its_heading(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("kjonn,alder,n\n1,70,12\n2,70,3\n", encoding="utf-8")
    own = load_population(path, count="n")
    assert set(own.counts.columns) >= {"kjonn", "alder"}
    assert (own.persons.tolist(), own.source) == ([12, 3], "people.csv")
    renamed = load_population(path, columns={"sex": "kjonn"}, count="n")
    assert population_risk(counted("sex\n2", "sex"), renamed, threshold=0.2).k == 3
    with pytest.raises(DataError, match="no column 'persons'"):
        load_population(path)
    with pytest.raises(DataError, match="no column 'kommune'"):
        load_population(path, columns={"sted": "kommune"}, count="n")


def test_the_population_of_norway_is_whole() -> None:
    people = load_population()
    assert int(people.persons.sum()) == 5_425_270
    assert set(people.counts.columns) >= {"bostedskommune", "alder", "kjonn"}
    assert "Statistics Norway" in people.source


def test_norwegians_are_counted_by_the_registers_hierarchies() -> None:
    trees = load_hierarchies(shipped("configs", "hierarchies"))
    hierarchies = {"alder": trees["age"], "kjonn": trees["sex"]}
    hierarchies["bostedskommune"] = trees["municipality"]
    # The whole of Oslo, in its code of 2024, which was 0301 in 2022 too.
    everybody = load_population()
    oslo = everybody.counts.filter(pl.col("bostedskommune") == "0301")
    expected = int(oslo.select(pl.last()).to_series().cast(pl.Int64).sum())
    table = count(
        as_frame(pl.DataFrame({"bostedskommune": ["0301"], "alder": ["*"]})),
        quasi_identifiers=["bostedskommune", "alder"],
    )
    found = population_risk(
        table,
        everybody,
        hierarchies=hierarchies,
        levels={"bostedskommune": 1, "alder": len(trees["age"].level_names) - 1},
        threshold=0.2,
    )
    assert (found.k, found.population) == (expected, 5_425_270)


def test_the_json_is_plain_and_no_cell_is_shown() -> None:
    found = risk("sex | age\nm | 70s", "sex", "age")
    assert json.loads(json.dumps(found.to_json(), allow_nan=False)) == found.to_json()
    assert "70s" not in repr(found)
    assert "oslo" not in repr(PEOPLE_TABLE)
