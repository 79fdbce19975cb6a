"""Attacks find what is there to be found, and do not find what is not."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.learned.auditing import audit
from hsr_privacy.learned.verdict import Outcome, judge
from hsr_privacy.probing import Attack, AttackKind, Says, held_out
from tests.unit.learned.events import arrests, parsed, persons_of

KEPT = ["event_type", "kjonn", "alder", "sentralitet", "bevitnet", "forste_rytme", "arsak"]
ROWS = 1600


def test_all_rows_of_a_person_are_held_out_together() -> None:
    persons = persons_of(arrests())
    control = held_out(persons, 0.3, seed=1)
    sides = pl.DataFrame({"p": persons, "c": control}).group_by("p").agg(pl.col("c").n_unique())
    assert sides["c"].max() == 1
    assert persons.filter(control).n_unique() == round(0.3 * persons.n_unique())
    assert not control.equals(held_out(persons, 0.3, seed=2))


def people(seed: int) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    blood = {"ph": random.uniform(6.8, 7.5, ROWS), "laktat": random.uniform(1, 20, ROWS)}
    return arrests(ROWS, seed=seed).select("person_lnr", *KEPT).with_columns(**blood)


def attacked(codebook: Codebook, *, leak: bool) -> dict[AttackKind, Attack]:
    """Attack a set that is the learned rows themselves, or other rows of the same kind."""
    raw = people(1)
    table, columns = parsed(raw, codebook)
    other, _ = parsed(people(99), codebook)
    persons = persons_of(raw)
    control = held_out(persons, 0.5, seed=1)
    found = audit(
        table,
        table.filter(~control) if leak else other,
        columns=columns,
        persons=persons,
        control=control,
        limit=0.25,
        attacks=500,
        seed=1,
    )
    return {one.kind: one for one in found}


@pytest.mark.full
def test_a_set_that_is_the_data_leaks_in_every_way(codebook: Codebook) -> None:
    found = attacked(codebook, leak=True)
    assert set(found) == set(AttackKind)
    leaking = {kind for kind, one in found.items() if one.says is Says.LEAKS}
    assert leaking >= {
        AttackKind.MULTIVARIATE,
        AttackKind.LINKABILITY,
        AttackKind.INFERENCE,
        AttackKind.COPY,
        AttackKind.RARE,
    }
    assert judge(list(found.values())).outcome is Outcome.INTERNAL_ONLY
    copies = found[AttackKind.COPY]
    assert copies.hits == copies.tried


@pytest.mark.full
def test_other_rows_of_the_same_kind_do_not_leak(codebook: Codebook) -> None:
    found = attacked(codebook, leak=False)
    assert [kind for kind, one in found.items() if one.says is Says.LEAKS] == []
    assert found[AttackKind.COPY].says is Says.SAFE
    assert found[AttackKind.RARE].says is Says.SAFE


@pytest.mark.full
def test_the_same_seed_attacks_alike(codebook: Codebook) -> None:
    assert attacked(codebook, leak=False) == attacked(codebook, leak=False)
