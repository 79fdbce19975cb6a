"""Verdict: what attacks say together, and why, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hsr_privacy.documents import Label
from hsr_privacy.probing.attack import Attack, AttackKind, Says


class Outcome(StrEnum):
    """Whether the data withstand."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Verdict:
    """Whether the data withstand, and why."""

    outcome: Outcome
    reasons: tuple[Label, ...]


KINDS: Final = {
    AttackKind.UNIVARIATE: Label(nb="utpeking ved én verdi", en="singling out by one value"),
    AttackKind.MULTIVARIATE: Label(
        nb="utpeking ved flere verdier", en="singling out by several values"
    ),
    AttackKind.LINKABILITY: Label(nb="sammenkobling", en="linkability"),
    AttackKind.INFERENCE: Label(nb="slutning", en="inference"),
    AttackKind.COPY: Label(nb="hele rader som gjentas", en="exact copies"),
    AttackKind.RARE: Label(
        nb="sjeldne kombinasjoner som gjentas", en="copies of rare combinations"
    ),
}

SAYS: Final = {
    Says.SAFE: Label(nb="under grensen", en="under the limit"),
    Says.LEAKS: Label(
        nb="lykkes oftere mot personer dataene er laget av enn mot andre, og kan ligge over grensen",
        en="succeeds more often on persons the data were made from than on others, and may lie over the limit",
    ),
    Says.UNSURE: Label(
        nb="intervallet når over grensen; flere personer trengs",
        en="the interval reaches over the limit; more persons are needed",
    ),
    Says.WEAK: Label(
        nb="angrepet er ikke bedre enn gjetting, og sier derfor ingenting",
        en="the attack is no better than guessing, and so says nothing",
    ),
    Says.FEW: Label(nb="for få mål til å si noe", en="too few targets to say anything"),
    Says.NOBODY: Label(
        nb="ingen er alene med det angriperen vet",
        en="nobody is alone with what the attacker knows",
    ),
}

IN_SHORT: Final = {
    Says.SAFE: Label(nb="under grensen", en="under the limit"),
    Says.LEAKS: Label(nb="røper", en="leaks"),
    Says.UNSURE: Label(nb="for bredt intervall", en="interval too wide"),
    Says.WEAK: Label(nb="ikke bedre enn gjetting", en="no better than guessing"),
    Says.FEW: Label(nb="for få mål", en="too few targets"),
    Says.NOBODY: Label(nb="ingen er alene", en="nobody is alone"),
}
"""The same in a word or two, for tables."""

_ALL_UNDER: Final = Label(
    nb="Øvre ende av intervallet er under grensen for hvert angrep, og hvert angrep er bedre enn gjetting.",
    en="The upper end of the interval is under the limit for every attack, and every attack beats guessing.",
)
_NO_ATTACK: Final = Label(
    nb="Ingen følsom variabel kunne angripes; uten slutningsangrep består ingenting.",
    en="No sensitive variable could be attacked; without an inference attack nothing passes.",
)


def judge(attacks: Sequence[Attack]) -> Verdict:
    """Decide by the upper ends of the intervals.

    Whatever leaks fails; whatever could not be told leaves the verdict open.

    Args:
        attacks: all of them.
    """
    counted = [attack for attack in attacks if attack.counts]
    leaks = [attack for attack in counted if attack.says is Says.LEAKS]
    open_ones = [a for a in counted if a.says in (Says.UNSURE, Says.WEAK, Says.FEW)]
    kinds = {attack.kind for attack in counted}
    reasons = [reason(alike) for alike in _grouped((*leaks, *open_ones))]
    if AttackKind.INFERENCE not in kinds:
        reasons.append(_NO_ATTACK)
    if leaks:
        return Verdict(Outcome.FAIL, tuple(reasons))
    if reasons:
        return Verdict(Outcome.CANNOT_TELL, tuple(reasons))
    return Verdict(Outcome.PASS, (_ALL_UNDER,))


def reason(attacks: Sequence[Attack]) -> Label:
    """Attacks of one kind that say the same, in one sentence; of a single one, its interval too."""
    kind, says, found = KINDS[attacks[0].kind], SAYS[attacks[0].says], attacks[0].risk
    secrets = ", ".join(attack.secret for attack in attacks if attack.secret)
    of = f" ({secrets})" if secrets else ""
    alone = found is not None and len(attacks) == 1
    upper = f" [{found.low:.3f}–{found.high:.3f}]" if found is not None and alone else ""
    return Label(
        nb=f"{kind.nb.capitalize()}{of}{upper.replace('.', ',')}: {says.nb}.",
        en=f"{kind.en.capitalize()}{of}{upper}: {says.en}.",
    )


def _grouped(attacks: Sequence[Attack]) -> list[list[Attack]]:
    """Attacks that are of one kind and say the same, together."""
    groups: dict[tuple[AttackKind, Says], list[Attack]] = {}
    for attack in attacks:
        groups.setdefault((attack.kind, attack.says), []).append(attack)
    return list(groups.values())
