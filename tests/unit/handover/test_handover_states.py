"""States of a package: what each act leads to is what the diagram in the documents shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from hsr_privacy.errors import HsrError, NotSignedFor
from hsr_privacy.handover import State, approve, review
from hsr_privacy.handover.standing import Trust, standing_of
from hsr_privacy.handover.states import TRANSITIONS, may, page
from hsr_privacy.packaging import read_package
from tests.packages import NOW, PREDICATE, People, prepared

LATER = NOW + dt.timedelta(hours=1)
BY_REGISTER = {"prepare", "seal", "withdraw"}
"""Acts that need a register; tests of the command line carry them out."""

Act = Callable[[Path], object]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> People:
    folder = tmp_path_factory.mktemp("people")
    folder.chmod(0o700)
    return People.drawn(folder)


def acts(people: People) -> dict[str, Act]:
    return {
        "review --decision approve": lambda folder: review(
            folder, key=people.reviewer, decision="approve", now=LATER
        ),
        "review --decision request-changes": lambda folder: review(
            folder,
            key=people.reviewer,
            decision="request-changes",
            comment="Too fine.",
            now=LATER,
        ),
        "approve": lambda folder: approve(folder, key=people.approver, now=LATER),
        "any file changed": lambda folder: (folder / "report.html").write_text("another"),
    }


def leading_to(state: State, folder: Path, people: People) -> Path:
    """A package in a state that is read from signatures."""
    prepared(folder, people.producer)
    if state is State.DRAFT:
        (folder / "report.html").write_text("another")
    if state in {State.REVIEWED, State.APPROVED}:
        review(folder, key=people.reviewer, decision="approve", now=LATER)
    if state is State.APPROVED:
        approve(folder, key=people.approver, now=LATER)
    return folder


def state_of(folder: Path) -> State:
    return standing_of(read_package(folder), Trust(), now=LATER).state


def test_every_act_in_every_state_leads_where_the_diagram_says(
    tmp_path: Path, people: People
) -> None:
    seen: set[tuple[State, str, State]] = set()
    for state in (State.DRAFT, State.PREPARED, State.REVIEWED, State.APPROVED):
        for name, act in acts(people).items():
            folder = leading_to(
                state, tmp_path / f"{state}-{name[:6]}-{len(seen)}-{name[-4:]}", people
            )
            assert state_of(folder) is state
            try:
                act(folder)
            except HsrError:
                assert state_of(folder) is state
                continue
            seen.add((state, name, state_of(folder)))
    drawn = {
        (before, one.act, one.after)
        for one in TRANSITIONS
        for before in one.before
        if one.act.split()[0] not in BY_REGISTER
    }
    assert seen - {(State.DRAFT, "any file changed", State.DRAFT)} == drawn


def test_what_needs_a_register_is_allowed_in_one_state_each() -> None:
    for act, only in (
        ("prepare", State.DRAFT),
        ("seal", State.APPROVED),
        ("withdraw", State.RELEASED),
    ):
        assert [state for state in State if may(act, state)] == [only]


def test_the_page_shows_every_state_and_every_transition() -> None:
    told = page()
    for state in State:
        assert f"`{state}`" in told
    for one in TRANSITIONS:
        for before in one.before:
            assert f"{before} --> {one.after}: {one.act}\n" in told


def test_what_must_be_accepted_is_accepted_by_its_id_and_nothing_else_is(
    tmp_path: Path, people: People
) -> None:
    predicate = {**PREDICATE, "differencing": {"must_be_accepted": ["cohorts-1a2b3c4d"]}}
    folder = prepared(tmp_path / "package", people.producer, predicate=predicate)
    review(folder, key=people.reviewer, decision="approve", now=LATER)
    with pytest.raises(NotSignedFor, match="accept cohorts-1a2b3c4d with a reason"):
        approve(folder, key=people.approver, now=LATER)
    with pytest.raises(NotSignedFor, match="values-00000000 is no finding"):
        approve(
            folder,
            key=people.approver,
            accepts={"cohorts-1a2b3c4d": "Known.", "values-00000000": "Other."},
            now=LATER,
        )
    accepts = {"cohorts-1a2b3c4d": "The four new persons are the follow-up of March."}
    assert approve(folder, key=people.approver, accepts=accepts, now=LATER) is State.APPROVED


def test_one_person_alone_is_approved_for_test_data_only(tmp_path: Path, people: People) -> None:
    states = {}
    for environment in ("test", "production"):
        application = {"environment": environment}
        predicate = {**PREDICATE, "one_person": True, "application": application}
        folder = prepared(tmp_path / environment, people.producer, predicate=predicate)
        states[environment] = state_of(folder)
    assert states == {"test": State.APPROVED, "production": State.PREPARED}
