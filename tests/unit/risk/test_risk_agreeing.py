"""Who fits whom when a missing or suppressed cell may be anything, on tables counted by hand."""

from __future__ import annotations

import polars as pl
import pytest

from hsr_privacy.frames import as_frame
from hsr_privacy.risk.agreeing import Agreement
from hsr_privacy.risk.counting import Counted, count
from hsr_privacy.risk.fitting import FittingClasses
from tests.pipe_tables import cells


def counted(text: str, *, sensitive: tuple[str, ...] = ()) -> Counted:
    """A table in which ``?`` is missing and 998 suppressed."""
    heading, *rows = cells(text)
    columns = {
        name: [None if row[place] == "?" else row[place] for row in rows]
        for place, name in enumerate(heading)
    }
    names = [name for name in heading if name not in {"person", *sensitive}]
    return count(
        as_frame(pl.DataFrame(columns, schema=dict.fromkeys(heading, pl.String))),
        quasi_identifiers=names,
        person="person" if "person" in heading else None,
        sensitive=sensitive,
        suppressed="998",
    )


def fitting(text: str) -> dict[str, int]:
    """Persons who agree with each combination, by its values."""
    table = counted(text)
    persons = Agreement(table.table, table.wild).persons.tolist()
    names = table.table.names
    return {
        " ".join(
            table.texts[name][leaf] or "?" for name, leaf in zip(names, row, strict=True)
        ): number
        for row, number in zip(table.table.codes.tolist(), persons, strict=True)
    }


def test_a_suppressed_or_missing_cell_agrees_with_every_value() -> None:
    assert fitting("""
        sex | age
        m   | 70
        m   | 70
        m   | 80
        m   | 998
        f   | ?
        ?   | 80
    """) == {"m 70": 3, "m 80": 3, "m 998": 5, "f ?": 2, "? 80": 4}


def test_agreeing_is_not_handed_on() -> None:
    # Both agree with the one who is missing, and not with each other.
    assert fitting("age\n70\n80\n?") == {"70": 2, "80": 2, "?": 3}


def test_without_a_missing_cell_a_class_is_itself() -> None:
    assert fitting("sex | age\nm | 70\nm | 70\nf | 80") == {"m 70": 2, "f 80": 1}


def test_a_row_without_any_cell_agrees_with_everybody() -> None:
    assert fitting("sex | age\nm | 70\nf | 80\n998 | ?") == {"m 70": 2, "f 80": 2, "998 ?": 3}


def test_a_person_who_agrees_twice_is_one_person() -> None:
    assert fitting("""
        sex | age | person
        m   | 70  | ola
        m   | 80  | ola
        m   | 998 | per
        m   | ?   | ola
        f   | 70  | kari
    """) == {"m 70": 2, "m 80": 2, "m 998": 2, "m ?": 2, "f 70": 1}


def test_a_person_of_many_classes_is_one_person_too() -> None:
    ages = "\n".join(f"m | {age} | ola" for age in range(40, 60))
    found = fitting(f"sex | age | person\n{ages}\nm | 998 | per\nf | 70 | kari")
    assert found["m 998"] == 2
    assert found["m 50"] == 2
    assert found["f 70"] == 1


def test_more_columns_than_fit_a_word_are_compared_whole() -> None:
    names = [f"c{n}" for n in range(70)]
    one = ["ab"[n % 2] for n in range(70)]
    suppressed = ["998" if n in {3, 69} else value for n, value in enumerate(one)]
    near = [*one[:69], "a"]
    far = ["ba"[n % 2] for n in range(70)]
    rows = [one, one, suppressed, near, far]
    table = counted("\n".join(" | ".join(row) for row in [names, *rows]))
    assert table.table.packing.words > 1
    found = Agreement(table.table, table.wild).persons
    by_persons = dict(zip(table.table.persons.tolist(), found.tolist(), strict=True))
    assert sorted(found.tolist()) == [1, 2, 3, 4]  # far, near, one, suppressed
    assert by_persons[2] == 3


def test_histograms_are_those_of_all_rows_that_agree() -> None:
    table = counted(
        """
        sex | outcome
        m   | dead
        m   | alive
        f   | alive
        998 | ?
        """,
        sensitive=("outcome",),
    )
    classes = FittingClasses.by(Agreement(table.table, table.wild))
    histograms = classes.histograms("outcome")
    by_text = {
        table.texts["sex"][leaf]: (
            histograms.distinct[place],
            histograms.rows[place],
            classes.persons[place],
        )
        for place, leaf in enumerate(table.table.codes[:, 0].tolist())
    }
    assert by_text == {"m": (3, 3, 3), "f": (2, 2, 2), "998": (3, 4, 4)}
    assert histograms.totals.sum() == 4


@pytest.mark.parametrize("at_once", [1, 8, 10_000])
def test_many_sensitive_values_are_added_up_in_turns(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hsr_privacy.risk.fitting._AT_ONCE", at_once)
    values = 12
    rows = "\n".join(f"{'m' if n % 2 else '998'} | {n % values}" for n in range(240))
    table = counted(f"sex | cause\n{rows}", sensitive=("cause",))
    histograms = FittingClasses.by(Agreement(table.table, table.wild)).histograms("cause")
    assert histograms.distinct.tolist() == [values, values]
    assert histograms.rows.tolist() == [240, 240]
