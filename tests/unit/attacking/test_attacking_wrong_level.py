"""Two values that are one secret: diversity counts on the level on which they are one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hsr_privacy.anonymity.search import search
from hsr_privacy.attacking import homogeneity
from hsr_privacy.errors import BudgetExceeded, DataError
from hsr_privacy.frequencies import EquivalenceClasses, FrequencyTable
from hsr_privacy.frequencies.parts import at_level
from hsr_privacy.models import DistinctLDiversity, KAnonymity
from tests.unit.attacking.by_hand import hierarchy

TOWN = hierarchy("town", "a *, b *")
CAUSE = hierarchy("cause", "cardiac heart *, presumed-cardiac heart *, overdose other *")


def table(*rows: str) -> FrequencyTable:
    """Rows such as ``a cardiac``."""
    towns, causes = zip(*(row.split() for row in rows), strict=True)
    return FrequencyTable.from_rows(
        (TOWN,),
        [[TOWN.leaf_index[town]] for town in towns],
        sensitive={"cause": [CAUSE.leaf_index[cause] for cause in causes]},
        sensitive_hierarchies={"cause": CAUSE},
    )


def by_secret(one: FrequencyTable) -> FrequencyTable:
    return replace(one, sensitive={"cause": at_level(one.sensitive["cause"], 1)})


MODELS = (KAnonymity(2), DistinctLDiversity("cause", 2))
# Everybody in a had a heart attack, under two names.
HEARTS = table("a cardiac", "a presumed-cardiac", "b cardiac", "b overdose")


def test_counted_as_written_a_class_of_one_secret_passes_for_diverse() -> None:
    solution = search(HEARTS, models=MODELS)
    assert solution.levels == {"town": 0}


def test_counted_by_secret_the_same_class_is_refused() -> None:
    solution = search(by_secret(HEARTS), models=MODELS)
    assert solution.levels == {"town": 1}


def test_a_table_of_one_secret_cannot_be_made_diverse() -> None:
    only_hearts = table("a cardiac", "a presumed-cardiac", "b cardiac", "b presumed-cardiac")
    assert search(only_hearts, models=MODELS).k == 2
    with pytest.raises((BudgetExceeded, DataError), match="has only 1 distinct value"):
        search(by_secret(only_hearts), models=MODELS)


def test_the_class_is_a_positive_disclosure_only_where_secrets_are_counted() -> None:
    written = homogeneity(EquivalenceClasses.base(HEARTS), "cause")
    meant = homogeneity(EquivalenceClasses.base(by_secret(HEARTS)), "cause")
    assert (written.positive.classes, meant.positive.classes) == (0, 1)


def test_values_that_are_two_secrets_stay_two() -> None:
    diverse = table("a cardiac", "a overdose", "b cardiac", "b overdose")
    assert search(by_secret(diverse), models=MODELS).levels == {"town": 0}
