"""What a level does to analyses follows from what the variable is and from the level."""

from __future__ import annotations

import pytest

from hsr_privacy import load_hierarchies
from hsr_privacy.codebook import Codebook
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.letters import Became, became_of, consequence
from hsr_privacy.project import released_variables

LEVELS = [
    # variable, approved detail, level on which it leaves, what it became
    ("person_lnr", None, 0, Became.PSEUDONYM),
    ("rosc_20", None, 0, Became.KEPT),
    ("kjonn", "code", 0, Became.KEPT),
    ("kjonn", "code", 1, Became.GONE),
    ("alder", "1 year", 0, Became.KEPT),
    ("alder", "1 year", 1, Became.CAPPED),
    ("alder", "1 year", 3, Became.BANDS),
    ("alder", "1 year", 5, Became.GONE),
    ("responstid_min", "1 minute, 60+", 1, Became.CAPPED),
    ("hendelse_aar", "2 years", 1, Became.PERIODS),
    ("t_stans", "month", 1, Became.PERIODS),
    ("t_rosc", "minutes", 0, Became.MINUTES),
    ("ph", "0.1 unit", 1, Became.ROUNDED),
    ("laktat", "bands", 2, Became.BANDS),
    ("bostedskommune", "county", 2, Became.MERGED),
    ("arsak", "cause group", 1, Became.MERGED),
]


@pytest.fixture(scope="module")
def hierarchies() -> dict[str, Hierarchy]:
    return load_hierarchies()


@pytest.mark.parametrize(("name", "detail", "level", "became"), LEVELS)
def test_what_a_variable_became(
    codebook: Codebook,
    hierarchies: dict[str, Hierarchy],
    name: str,
    detail: str | None,
    level: int,
    became: Became,
) -> None:
    (one,) = released_variables([(name, detail)], codebook=codebook, hierarchies=hierarchies)
    assert became_of(one, level) is became


def test_only_what_is_as_recorded_is_without_consequence() -> None:
    silent = {one for one in Became if consequence(one) is None}
    assert silent == {Became.KEPT, Became.PSEUDONYM}


def test_every_consequence_is_in_two_languages() -> None:
    told = [text for one in Became if (text := consequence(one))]
    assert all(text.nb != text.en for text in told)
    assert len({text.en for text in told}) == len(told)
