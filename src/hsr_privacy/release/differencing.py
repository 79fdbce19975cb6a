"""Differencing: what the releases that left before add to this one, and who must answer for it.

What `compare` finds is weighed here. Some of it blocks: the recipient would break k, or the project's l,
by laying two deliveries together that say different things of the same persons, and no reason makes that
right. Some must be accepted in writing: figures cannot tell a follow-up from an attempt to single out
the few persons who are new in it. The rest
is told: it takes a second recipient, who has undertaken not to.

Decision: docs/decisions/0029-differencing-before-approval.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hsr_privacy.composition import About, Composed, Finding, Sketch, SketchedColumn
from hsr_privacy.composition.composed import Kind
from hsr_privacy.documents import Label
from hsr_privacy.project import Project
from hsr_privacy.release.differences import (
    Difference,
    Differencing,
    Weight,
    releases_as_json,
)

__all__ = ["Difference", "Differencing", "Weight", "differencing_of", "is_follow_up", "same_hands"]

_ID_DIGITS: Final = 8


_COHORTS: Final = Label(
    nb="Vanlig når registeret har vokst litt eller noen har trukket seg; den som har begge, kan likevel "
    "peke på dem. Si hvem de er og hvorfor det er riktig, eller vent til de er flere.",
    en="Common where the register grew a little or somebody withdrew; whoever has both can still point "
    "at them. Say who they are and why it is right, or wait until they are more.",
)
_CANDIDATES: Final = Label(
    nb="Mottakeren kan bryte k ved å sammenholde to leveranser, uten hjelp fra noen. Lever på nivåer som "
    "ikke er finere enn de forrige, ta ut variablene som er nye, eller få bekreftet at de tidligere er slettet.",
    en="The recipient can break k by holding two deliveries together, and needs nobody else. Deliver on "
    "levels no finer than before, leave the new variables out, or have it confirmed that the earlier "
    "ones are deleted.",
)
_LIMITED: Final = Label(
    nb="Prosjektet krever flere verdier i hver gruppe (l), og leveransene sammen gir bare én. Ta ut det som "
    "er nytt, eller få bekreftet at de tidligere er slettet.",
    en="The project asks for several values in each class (l), and the deliveries together leave one. Leave "
    "out what is new, or have it confirmed that the earlier ones are deleted.",
)
_UNLIMITED: Final = Label(
    nb="Det er ikke satt noen grense (l) for variabelen, så noen må avgjøre om dette kan bli kjent.",
    en="No limit (l) is set for the variable, so somebody must decide whether this may be known.",
)
_TABLES: Final = Label(
    nb="Følger av at utvalgene nesten er like. Si hvorfor det er riktig, eller lever samme utvalg.",
    en="Follows from cohorts that are nearly the same. Say why it is right, or deliver the same cohort.",
)
_APART: Final = Label(
    nb="Ingen har kunnet undersøke denne utleveringen. Si hvorfor det er trygt likevel, eller få den slettet først.",
    en="Nobody could look into this release. Say why it is safe all the same, or have it deleted first.",
)
_FOLLOW_UP: Final = Label(
    nb="Prosjektet har fått alle variablene før, like fint eller finere. Det som skiller, er hvilke verdier som er "
    "fjernet i den ene og ikke i den andre, så den som har begge, ser mer. Si hvorfor det er riktig, eller få "
    "bekreftet at den forrige er slettet.",
    en="The project got all these variables before, in no coarser detail. What differs is which values were removed "
    "in one and not in the other, so that whoever has both sees more. Say why it is right, or have it confirmed "
    "that the last one is deleted.",
)
_DELETED: Final = Label(
    nb="Mottakeren har bekreftet at de tidligere leveransene er slettet. Et løfte er ikke et bevis: godta "
    "det skriftlig.",
    en="The recipient has confirmed that the earlier deliveries are deleted. A promise is no proof: "
    "accept it in writing.",
)
_COLLUDING: Final = Label(
    nb="Krever at to mottakere legger uttrekkene sine sammen, noe begge har forpliktet seg til ikke å gjøre.",
    en="Takes two recipients who lay their extracts together, which both have undertaken not to.",
)
_ACCEPTED_FOR: Final[dict[Kind, Label]] = {
    "cohorts": _COHORTS,
    "union": _COHORTS,
    "subtraction": _TABLES,
    "combination": _TABLES,
    "not compared": _APART,
}


def same_hands(earlier: Sequence[Sketch], new: About) -> tuple[Sketch, ...]:
    """Earlier releases as `compare` shall see them: one project is one pair of hands.

    A recipient who changes its name, or a project that moves, holds what it held; its pseudonyms are
    the same ones.

    Args:
        earlier: that left, to whomever.
        new: the release that is to leave.
    """
    return tuple(
        replace(one, about=replace(one.about, recipient=new.recipient))
        if one.about.case_number == new.case_number
        else one
        for one in earlier
    )


def lost_among(left: Sequence[About], earlier: Sequence[Sketch]) -> tuple[About, ...]:
    """Releases that left and of which there is no membership sketch: nobody can compare with them.

    Args:
        left: as the disclosure register has them.
        earlier: of which there are sketches.
    """
    known = {one.about.manifest_sha256 for one in earlier}
    return tuple(one for one in left if one.manifest_sha256 not in known)


def is_follow_up(new: Sketch, earlier: Sequence[Sketch]) -> bool:
    """Whether the project got every variable of a release before, in one delivery and no coarser.

    Such a release adds persons and no detail. What it still shows beside the others comes of values that
    were removed in one of them and not in the other.

    Args:
        new: the release that is to leave.
        earlier: that left, to whomever; the new one itself is passed over if it is among them.
    """
    about = new.about
    return any(
        one.about.case_number == about.case_number
        and one is not new
        and (not about.manifest_sha256 or one.about.manifest_sha256 != about.manifest_sha256)
        and all(_had(one, column) for column in new.columns)
        for one in earlier
    )


def _had(earlier: Sketch, column: SketchedColumn) -> bool:
    held = earlier.column(column.name)
    return held is not None and held.role == column.role and column.level in held.levels


def differencing_of(
    composed: Composed,
    project: Project,
    *,
    deleted: Collection[str] = (),
    follow_up: bool = False,
    lost: Sequence[About] = (),
) -> Differencing:
    """Weigh what a comparison with earlier releases found.

    Args:
        composed: see `compare`; its earlier releases by `same_hands`.
        project: whose l, per sensitive column, says what may not be left as a single value.
        deleted: digests of manifests of releases whose deletion is confirmed; what rests on these
            alone must be accepted and does not block.
        follow_up: see `is_follow_up`; nothing of a follow-up blocks.
        lost: see `lost_among`; each must be accepted, whoever received it.
    """
    columns = _columns(composed)
    settled = _Settled(project.privacy.l, frozenset(deleted), follow_up)
    found = [
        _weighed(one, composed.k, columns.get(place), settled)
        for place, one in enumerate((*composed.findings, *map(_lost, lost)))
        if one.broken or one.kind == "not compared"
    ]
    order = list(Weight)
    found = sorted(_values_together(found), key=lambda one: order.index(one.weight))
    not_compared = composed.not_compared + len(lost)
    return Differencing(composed.k, composed.compared, not_compared, tuple(found))


def _lost(about: About) -> Finding:
    text = Label(
        nb=f"Utleveringen {about.day} i sak {about.case_number} står i utleveringsregisteret, men avtrykket av "
        "hvem som er med i den, finnes ikke.",
        en=f"The release of {about.day} for case {about.case_number} is in the disclosure register, but the "
        "membership sketch of it is not there.",
    )
    return Finding("not compared", (about,), colluding=False, numbers={}, broken=False, text=text)


@dataclass(frozen=True)
class _Settled:
    """What was settled before: limits per column, releases that are gone, and whether it adds detail."""

    limits: Mapping[str, int]
    deleted: frozenset[str]
    follow_up: bool

    def has_gone(self, earlier: Sequence[About]) -> bool:
        """Whether every one of some releases is confirmed as deleted."""
        return bool(earlier) and all(one.manifest_sha256 in self.deleted for one in earlier)


def _columns(composed: Composed) -> dict[int, str]:
    """Per place of a finding on values, its column: they stand in the order of their intersection."""
    found: dict[int, str] = {}
    for colluding, together in ((False, composed.same_recipient), (True, composed.colluding)):
        places = [
            place
            for place, one in enumerate(composed.findings)
            if one.kind == "values" and one.colluding is colluding
        ]
        found |= dict(zip(places, together.one_value, strict=False))
    return found


def _weighed(one: Finding, k: int, column: str | None, settled: _Settled) -> Difference:
    weight, why = _weight(one, column, settled.limits)
    if weight is Weight.BLOCKS and settled.follow_up:
        weight, why = Weight.ACCEPT, _FOLLOW_UP
    if weight is Weight.BLOCKS and settled.has_gone(one.earlier):
        weight, why = Weight.ACCEPT, _DELETED
    numbers = one.numbers
    if one.kind == "values" and column is not None:
        numbers = {f"{name} of {column}": number for name, number in numbers.items()}
    return Difference(
        id=_id(one.kind, k, one.earlier, numbers, colluding=one.colluding),
        kind=one.kind,
        weight=weight,
        colluding=one.colluding,
        k=k,
        earlier=one.earlier,
        numbers=numbers,
        text=one.text,
        why=why,
    )


def _values_together(found: Sequence[Difference]) -> Iterator[Difference]:
    """The same, with what is said of several columns in one: nobody reads the same sentence four times."""
    alike: dict[tuple[Weight, bool], list[Difference]] = {}
    for one in found:
        if one.kind == "values":
            alike.setdefault((one.weight, one.colluding), []).append(one)
        else:
            yield one
    for several in alike.values():
        first = several[0]
        numbers = {name: number for one in several for name, number in one.numbers.items()}
        text = Label(
            nb=" ".join(one.text.nb for one in several), en=" ".join(one.text.en for one in several)
        )
        new_id = _id("values", first.k, first.earlier, numbers, colluding=first.colluding)
        yield replace(first, id=new_id, numbers=numbers, text=text)


def _weight(one: Finding, column: str | None, limits: Mapping[str, int]) -> tuple[Weight, Label]:
    if one.colluding:
        return Weight.TOLD, _COLLUDING
    if one.kind == "candidates":
        return Weight.BLOCKS, _CANDIDATES
    if one.kind == "values":
        is_limited = column is not None and limits.get(column, 1) > 1
        return (Weight.BLOCKS, _LIMITED) if is_limited else (Weight.ACCEPT, _UNLIMITED)
    return Weight.ACCEPT, _ACCEPTED_FOR[one.kind]


def _id(
    kind: Kind, k: int, earlier: Sequence[About], numbers: Mapping[str, int], *, colluding: bool
) -> str:
    told = [kind, k, colluding, releases_as_json(earlier), sorted(numbers.items())]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()[:_ID_DIGITS]
    return f"{kind.replace(' ', '-')}-{digest}"
