"""Letters: to a person who asks, and to recipients who must delete, in bokmål and English.

Each is one page that needs nothing but a browser. The answer to a person names no person: who sends
it puts the address on the envelope. A notice tells one recipient a person's pseudonym in their own
project, so it is personal data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import jinja2

from hsr_privacy.disclosures.disclosure import Disclosure, State
from hsr_privacy.disclosures.person import Holding
from hsr_privacy.documents import Label
from hsr_privacy.pages import count_text, environment
from hsr_privacy.project import PERSON, PURPOSES, Purpose
from hsr_privacy.project.wording import GROUNDS

STATES: Final[dict[State | None, Label]] = {
    None: Label(
        nb="ukjent: utlevert før utleveringsregisteret ble ført",
        en="not known: they left before the register was kept",
    ),
    State.SEALING: Label(nb="under utlevering", en="being handed over"),
    State.RELEASED: Label(nb="hos mottakeren", en="with the recipient"),
    State.WITHDRAWN: Label(
        nb="trukket tilbake; mottakeren skal slette", en="withdrawn; the recipient must delete them"
    ),
    State.DELETED: Label(
        nb="slettet, bekreftet av mottakeren", en="deleted, confirmed by the recipient"
    ),
    State.ABANDONED: Label(nb="aldri utlevert", en="never handed over"),
}


_HARDLY: Final = 1e-9
"""Below this, a chance is told as less than one in a billion."""


def answer_letter(
    found: Sequence[Holding], *, register: str, today: dt.date, environment: str, chance: float
) -> str:
    """The answer to a person who asks who has received their data.

    Args:
        found: every release, and whether it holds them; none where the register never saw them.
        register: its name.
        today: date of the letter.
        environment: ``production`` or ``test``.
        chance: that a stranger is found in some release.
    """
    return _render(
        "answer.html.j2",
        held=[one for one in found if one.holds],
        untold=[one for one in found if one.holds is None],
        looked=sum(one.holds is not None for one in found),
        register=register,
        today=today,
        is_test=environment == "test",
        chance=_chance(chance),
    )


def notice_letter(
    disclosure: Disclosure, pseudonyms: Sequence[str], *, register: str, today: dt.date
) -> str:
    """The notice to a recipient: which person's rows to delete, by the project's own pseudonym."""
    return _render(
        "notice.html.j2",
        one=disclosure,
        pseudonyms=pseudonyms,
        column=PERSON,
        register=register,
        today=today,
        is_test=disclosure.environment == "test",
    )


def reminder_letter(disclosure: Disclosure, *, register: str, today: dt.date) -> str:
    """The reminder to a recipient: by when the data must be deleted, and that this be confirmed."""
    return _render(
        "reminder.html.j2",
        one=disclosure,
        is_overdue=disclosure.delete_by < today,
        is_withdrawn=disclosure.state is State.WITHDRAWN,
        register=register,
        today=today,
        is_test=disclosure.environment == "test",
    )


def _render(template: str, **words: Any) -> str:
    return _environment().get_template(template).render(**words)


def _state(one: Holding) -> Label:
    return STATES[None if one.disclosure is None else one.disclosure.state]


def _purpose(one: Disclosure) -> Label:
    return PURPOSES[Purpose(one.purpose)]


def _basis(one: Disclosure) -> Label:
    """The ground in law as a person reads it, without the codes of the application."""
    ground = GROUNDS.get(one.confidentiality, GROUNDS["other"])
    articles = f"art. 6 (1) {one.gdpr6}, art. 9 (2) {one.gdpr9}; {one.national}"
    return Label(
        nb=f"personvernforordningen {articles}; taushetsplikt: {ground.nb}",
        en=f"GDPR {articles}; confidentiality: {ground.en}",
    )


def _chance(chance: float) -> Label:
    """A chance in words that need no powers of ten."""
    if chance < _HARDLY:
        return Label(nb="mindre enn én til en milliard", en="less than one in a billion")
    of = count_text(int(1 / chance))
    return Label(nb=f"høyst én til {of}", en=f"at most one in {of}")


@cache
def _environment() -> jinja2.Environment:
    made = environment("hsr_privacy.disclosures")
    made.globals |= {"state": _state, "purpose": _purpose, "basis": _basis}
    return made
