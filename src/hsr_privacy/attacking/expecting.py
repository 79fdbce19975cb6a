"""Expecting: how many persons attackers who know different things would recognize."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from hsr_privacy.attacking.exposed import Exposed
from hsr_privacy.attacking.simulating import Attack, Simulation, simulate
from hsr_privacy.models.scenarios import Attacker

ATTACKERS: Final = 1000
"""Who are simulated, if nobody says how many."""


@dataclass(frozen=True)
class Matches:
    """What attackers of one kind would find.

    Attributes:
        scenario: its name.
        seed: of the chances.
        attackers: how many were simulated.
        useless: columns that they know and that the release does not hold.
        targets: persons whom one of them looks for.
        attackers_per_person: of this kind for each person in the register.
        before: against the truth, as if it were released.
        released: against the release.
    """

    scenario: str
    seed: int
    attackers: int
    useless: tuple[str, ...]
    targets: float
    attackers_per_person: float
    before: Attack
    released: Attack

    @property
    def found_by_one(self) -> float:
        """Persons of the release whom one attacker would recognize of all whom they look for."""
        return self.targets * self.released.right.value

    def to_json(self) -> dict[str, Any]:
        """The result as plain numbers and names of columns."""
        return {**asdict(self), "found_by_one": self.found_by_one}


def expected_matches(
    exposed: Exposed, attacker: Attacker, *, seed: int, attackers: int = ATTACKERS
) -> Matches:
    """Simulate attackers against a release and against its truth, and count whom they recognize.

    Each attacker looks for a person of the truth, also for one whose row was suppressed, and holds
    what the scenario says, with its precision and its errors. They find all persons of the release
    who are compatible with it: an age known within two years is compatible with every band that it
    may lie in, and a suppressed cell with everything. Of these they pick one by chance. Whom nobody
    fits supposes that one thing they know is wrong, and picks among those who fit all else. Against
    the truth the same attackers hold the same.

    Whom they point at by chance without any knowledge is one in all persons of the table; the
    control says how often somebody fits who is not the one that is looked for.

    Args:
        exposed: the release and its truth.
        attacker: who they are.
        seed: of all chances; the same seed gives the same result, whatever the order of the rows.
        attackers: how many are simulated.

    Raises:
        DataError: a released column that they know is missing in the truth, or cannot be known in
            the precision of the scenario.

    Source: El Emam & Dankar 2008, doi:10.1197/jamia.M2716 (a register that holds everybody);
    Giomi et al. 2023, doi:10.56553/popets-2023-0055 (control); Dean & Pagano 2015,
    doi:10.1093/jssam/smv024 (Wilson's interval for as many cases as a spread is worth).
    """
    return matches_of(
        simulate(exposed, attacker, seed=seed, attackers=attackers), attacker, seed=seed
    )


def matches_of(simulation: Simulation, attacker: Attacker, *, seed: int) -> Matches:
    """Count whom attackers recognize that are simulated already; see `expected_matches`."""
    return Matches(
        scenario=attacker.name,
        seed=seed,
        attackers=len(simulation.rows),
        useless=attacker.useless(simulation.exposed.released.columns),
        targets=attacker.targets,
        attackers_per_person=attacker.attackers,
        before=simulation.against_truth,
        released=simulation.against_release,
    )
