"""Probe: attack a generalized extract as it was registered that it would be, and judge."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from hsr_privacy.documents import Label, nearest
from hsr_privacy.errors import DataError
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.probing.attack import Attack
from hsr_privacy.probing.attackers import attack_all
from hsr_privacy.probing.coding import CODES, in_one_coding
from hsr_privacy.probing.parting import parted, smallest_class
from hsr_privacy.probing.registration import Registration, registration
from hsr_privacy.probing.scene import STATE, Scene, filled, halved, held_out, one_row_each
from hsr_privacy.probing.verdict import Outcome, Verdict, judge
from hsr_privacy.project import AttackPlan


@dataclass(frozen=True)
class Probed:
    """What attacks found in an extract.

    Attributes:
        plan: what was tried.
        registration: whether that is what was registered, and what was tried before.
        persons: in the extract.
        members: persons who stayed in what was attacked and were asked about.
        control: persons who were held out and asked about.
        left_out: persons who were not asked about, because too few others of their class stayed.
        smallest_class: persons in the smallest class of the extract.
        smallest_attacked: persons that a class had to keep to be attacked.
        not_guessed: secrets that could not be guessed: numbers, and what nearly everybody shares.
        attacks: what came of each.
        verdict: of all together, and of how they were registered.
    """

    plan: AttackPlan
    registration: Registration
    persons: int
    members: int
    control: int
    left_out: int
    smallest_class: int
    smallest_attacked: int
    not_guessed: tuple[str, ...]
    attacks: tuple[Attack, ...]
    verdict: Verdict

    def to_json(self) -> dict[str, Any]:
        """The result as plain numbers, lists and names of columns."""
        return {
            "outcome": str(self.verdict.outcome),
            "reasons": [{"nb": one.nb, "en": one.en} for one in self.verdict.reasons],
            "plan": self.plan.model_dump(mode="json"),
            "registration": self.registration.to_json(),
            "persons": self.persons,
            "members": self.members,
            "control": self.control,
            "left_out": self.left_out,
            "smallest_class": self.smallest_class,
            "smallest_attacked": self.smallest_attacked,
            "not_guessed": list(self.not_guessed),
            "attacks": [attack.to_json() for attack in self.attacks],
        }


def probe(
    released: pl.DataFrame,
    before: pl.DataFrame | None,
    *,
    plan: AttackPlan,
    quasi_identifiers: Sequence[str],
    sensitive: Sequence[str],
    hierarchies: Mapping[str, Hierarchy] | None = None,
    levels: Mapping[str, int] | None = None,
    suppressed: str = "998",
    k: int | None = None,
    person: str | None = None,
    event: str | None = None,
    never_in: pl.DataFrame | None = None,
    registered: AttackPlan | None = None,
    earlier: Sequence[str] = (),
) -> Probed:
    """Single out, link and infer, on persons of an extract and on persons who are not in it.

    The attacker holds the rows as they leave and knows of a person what the original says, brought
    to the levels of the release. What succeeds as often on persons who are held out is knowledge of
    the population; what succeeds more often is what the extract gives away of single persons.

    Where nobody was held out when the extract was made, persons of it are, and the rest of the rows
    is attacked (see `parting`). The levels and the suppression are those that all persons together
    brought about; they are facts of the table and tell of no single person but by minimality, which
    `attacking.minimality` is for. Since classes are smaller without those who are held out, the risk
    reads rather higher than it is.

    Singling out is tried only by what the attacker knows: every row of an extract is alone with all
    that it says, and that is no news. If nobody is alone with what is known, that is counted and
    not sampled, and there is nothing to try.

    Args:
        released: the rows as they leave.
        before: rows in full detail, of all events of the release at least; None where nobody has
            them, which leaves the verdict open.
        plan: what to try, and what must hold.
        quasi_identifiers: columns that make the classes.
        sensitive: columns of which something could be learned.
        hierarchies: per column that has one.
        levels: per column with a hierarchy, the level on which it leaves.
        suppressed: what a suppressed cell reads.
        k: smallest class that the extract was to have; if left out, its smallest one is scaled down
            by the share of rows that stay.
        person: column that tells persons apart; None where every row is one.
        event: column that tells rows apart, the same in ``before``; None where the two tables have
            the same rows in the same order.
        never_in: rows in full detail of persons who were held out when the extract was made; then
            nobody else is.
        registered: the plan that was registered; one that differs from what is tried lets nothing
            pass.
        earlier: digests of the plans by which the same extract was attacked before.

    Raises:
        DataError: a column does not exist, or a released row has no original.
        MissingExtra: anonymeter is not installed.
    """
    known = tuple(plan.known) or tuple(quasi_identifiers)
    secrets = tuple(plan.secrets) or tuple(sensitive)
    columns = tuple(dict.fromkeys((*quasi_identifiers, *known, *secrets)))
    _check(released, [*columns, person, event], "the extract")
    by_hand = registration(plan, registered, earlier)
    everybody = _who(released, person)
    smallest = smallest_class(released.select(quasi_identifiers), everybody)
    if before is None:
        return _open(plan, by_hand, everybody.n_unique(), smallest, _NO_ORIGINAL)
    _check(before, [*columns, event], "the original")
    rows, originals = _beside(released, before, event)
    one = one_row_each(_who(rows, person), seed=plan.seed)
    rows, originals = rows.filter(one), originals.filter(one)
    control, staying = held_out(_who(rows, person), plan.control_share, seed=plan.seed), 1.0
    if never_in is None:
        staying -= plan.control_share
    else:
        _check(never_in, columns, "the table of those who were held out")
        outside = never_in.filter(one_row_each(_who(never_in, person), seed=plan.seed))
        originals = pl.concat([originals.select(columns), outside.select(columns)])
        control = pl.Series([False] * rows.height + [True] * outside.height)
    told, true = in_one_coding(
        rows,
        originals,
        columns,
        hierarchies=hierarchies or {},
        levels=levels or {},
        suppressed=suppressed,
    )
    shown = pl.concat([told, true[told.height :]])
    classes = shown.select(_with(shown, quasi_identifiers, CODES))
    staying *= rows.height / released.height
    least = min(smallest, k or max(2, math.ceil(staying * smallest)))
    parts = parted(classes, control, least=least)
    if not parts.members.len() or not parts.control.len():
        return _open(plan, by_hand, rows.height, smallest, _NO_CONTROL)
    published, members, others = filled(
        [told[parts.members], true[parts.members], true[parts.control]], codes=CODES
    )
    guessed = tuple(name for name in secrets if published.schema[name] == pl.String)
    first, second = halved([name for name in known if name not in secrets])
    attacks = attack_all(
        Scene(
            members=members,
            control=others,
            published=published.sample(fraction=1, shuffle=True, seed=plan.seed),
            columns=_with(published, known, STATE),
            halves=(_with(published, first, STATE), _with(published, second, STATE)),
            secrets=guessed,
            known=_with(published, known, STATE),
            otherwise=(),
            limits=plan.limits,
            attacks=plan.attacks,
            seed=plan.seed,
            rows_are_members=True,
            suppressed=suppressed,
        )
    )
    tried = {attack.secret for attack in attacks}
    return Probed(
        plan=plan,
        registration=by_hand,
        persons=rows.height,
        members=parts.members.len(),
        control=parts.control.len(),
        left_out=parts.left_out,
        smallest_class=smallest,
        smallest_attacked=least,
        not_guessed=tuple(name for name in secrets if name not in tried),
        attacks=attacks,
        verdict=by_hand.bound(judge(attacks)),
    )


_NO_ORIGINAL: Final = Label(
    nb="Uten originalen kan ingen angrep prøves.",
    en="Without the original no attack can be tried.",
)
_NO_CONTROL: Final = Label(
    nb="Ingen kunne holdes utenfor og sammenlignes med: det er for få personer i gruppene.",
    en="Nobody could be held out to compare with: the classes have too few persons.",
)


def _open(
    plan: AttackPlan, by_hand: Registration, persons: int, smallest: int, why: Label
) -> Probed:
    """Nothing was tried, and nothing can be told."""
    verdict = by_hand.bound(Verdict(Outcome.CANNOT_TELL, (why,)))
    return Probed(
        plan=plan,
        registration=by_hand,
        persons=persons,
        members=0,
        control=0,
        left_out=0,
        smallest_class=smallest,
        smallest_attacked=0,
        not_guessed=(),
        attacks=(),
        verdict=verdict,
    )


def _check(table: pl.DataFrame, names: Iterable[str | None], which: str) -> None:
    for name in names:
        if name is not None and name not in table.columns:
            raise DataError(
                f"{which} has no column '{name}'{nearest(name, table.columns)}, by which it would "
                "be attacked; name another, or leave it out of the attacks"
            )
    if not table.height:
        raise DataError(f"{which} has no rows, so there is nobody to look for")


def _who(table: pl.DataFrame, person: str | None) -> pl.Series:
    return table[person] if person else pl.Series("person", np.arange(table.height))


def _beside(
    released: pl.DataFrame, before: pl.DataFrame, event: str | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The released rows, in the order of their events, and the original of each."""
    if event is None:
        if released.height != before.height:
            raise DataError(
                f"{released.height} rows leave and the original has {before.height}; without a "
                "column that tells rows apart they cannot be put beside each other"
            )
        return released, before
    released = released.sort(event)
    found = released.select(event).join(before, on=event, how="inner", maintain_order="left")
    if found.height != released.height or not found[event].equals(released[event]):
        raise DataError(
            f"the rows of the extract and of the original do not go together by '{event}': each "
            "released row needs one original; is it the original of this extract?"
        )
    return released, found


def _with(table: pl.DataFrame, names: Sequence[str], beside: str) -> tuple[str, ...]:
    """Columns, each with the one that stands beside it, if there is one."""
    both = (part for name in names for part in (name, name + beside))
    return tuple(name for name in both if name in table.columns)
