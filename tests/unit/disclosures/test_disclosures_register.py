"""The disclosure register, in a file and on a real PostgreSQL server."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import stat
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from hsr_privacy.databases import Database
from hsr_privacy.disclosures import (
    Application,
    DisclosureRegister,
    Duty,
    State,
    Verified,
    released_in_log,
)
from hsr_privacy.disclosures.tables import KIND
from hsr_privacy.errors import DataError, LeaksFound, RegisterError
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.keys.stretching import Stretching
from tests.disclosing import RELEASED, entry

Place = Path | str
DAY = dt.date


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.xdist_group("server"))])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "file":
        return tmp_path / "store" / "disclosures.sqlite"
    url: str = request.getfixturevalue("new_database")
    return url


def behind_its_back(place: Place, *statements: str) -> None:
    """Change a register as somebody with another program would."""
    with Database(place, KIND) as database:
        for statement in statements:
            database.run(sa.text(statement))
        database.commit()


def test_what_was_entered_is_there_field_by_field(place: Place, ring: KeyRing) -> None:
    with DisclosureRegister(place, ring) as register:
        register.begin(entry())
        assert register.unfinished() == register.all() == (entry(),)
        register.finish(entry().id, sealed_sha512="ef" * 64, receipt_sha512="01" * 64, files=19)
    with DisclosureRegister(place, ring) as register:
        found = register.get(entry().id)
        wanted = entry(
            sealed_sha512="ef" * 64, receipt_sha512="01" * 64, files=19, state=State.RELEASED
        )
        assert found == wanted
        assert register.unfinished() == ()
        for one in fields(wanted):
            assert type(getattr(found, one.name)) is type(getattr(wanted, one.name)), one.name


def test_the_file_is_its_owner_s_alone_and_nothing_lies_beside_it(
    tmp_path: Path, ring: KeyRing
) -> None:
    path = tmp_path / "store" / "disclosures.sqlite"
    with DisclosureRegister(path, ring):
        pass
    assert not path.parent.exists()  # looking makes nothing
    with DisclosureRegister(path, ring) as register:
        register.begin(entry())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_an_id_is_given_once(place: Place, ring: KeyRing) -> None:
    with DisclosureRegister(place, ring) as register:
        register.begin(entry("hds-2026-0417-1"))
        register.abandon("hds-2026-0417-1")
        register.begin(entry("hds-2026-0417-9"))
        with pytest.raises(RegisterError, match=r"is in .* already"):
            register.begin(entry("hds-2026-0417-9"))
        register.begin(entry("hds-2026-0417-1"))  # it never left, so it may begin anew
        assert [one.act for one in register.history("hds-2026-0417-1")] == [
            "begin",
            "abandon",
            "begin",
        ]
        with pytest.raises(RegisterError, match="small letters"):
            register.begin(entry("../1"))


ACTS: dict[str, Callable[[DisclosureRegister, str], object]] = {
    "finish": lambda register, one: register.finish(one),
    "abandon": lambda register, one: register.abandon(one),
    "withdraw": lambda register, one: register.withdraw(one, "an error", RELEASED),
    "confirm": lambda register, one: register.confirm_deletion(one, RELEASED, "Kari", "letter 3"),
    "settle as released": lambda register, one: register.settle(one, State.RELEASED, "it is there"),
    "settle as abandoned": lambda register, one: register.settle(one, State.ABANDONED, "no file"),
}
ALLOWED = {
    State.SEALING: {
        "finish": State.RELEASED,
        "abandon": State.ABANDONED,
        "settle as released": State.RELEASED,
        "settle as abandoned": State.ABANDONED,
    },
    State.RELEASED: {"withdraw": State.WITHDRAWN, "confirm": State.DELETED},
    State.WITHDRAWN: {"confirm": State.DELETED},
    State.DELETED: {},
    State.ABANDONED: {},
}
WAY = {
    State.SEALING: (),
    State.RELEASED: ("finish",),
    State.WITHDRAWN: ("finish", "withdraw"),
    State.DELETED: ("finish", "withdraw", "confirm"),
    State.ABANDONED: ("abandon",),
}


def test_a_state_leads_to_those_after_it_and_to_no_other(tmp_path: Path, ring: KeyRing) -> None:
    with DisclosureRegister(tmp_path / "disclosures.sqlite", ring) as register:
        for number, (state, act) in enumerate((s, a) for s in State for a in ACTS):
            name = f"x-{number}"
            register.begin(entry(name))
            for step in WAY[state]:
                ACTS[step](register, name)
            assert register.get(name).state is state
            if act in ALLOWED[state]:
                ACTS[act](register, name)
                assert register.get(name).state is ALLOWED[state][act]
            else:
                with pytest.raises(RegisterError, match=f"is '{state}', and cannot be"):
                    ACTS[act](register, name)
                assert register.get(name).state is state
        register.verify()


def test_every_change_stays_known_with_its_time_its_actor_and_its_line(
    place: Place, ring: KeyRing
) -> None:
    with DisclosureRegister(place, ring) as register:
        register.begin(entry())
        register.finish(entry().id)
        register.withdraw(entry().id, "a wrong cohort", DAY(2026, 12, 1))
        register.confirm_deletion(entry().id, DAY(2026, 12, 9), "Kari", "letter 3")
        history = register.history(entry().id)
    lines = AuditLog(ring).entries()
    assert [one.act for one in history] == ["begin", "finish", "withdraw", "confirm-deletion"]
    assert [one.row["state"] for one in history] == ["sealing", "released", "withdrawn", "deleted"]
    assert [(one.line, one.time, one.actor) for one in history] == [
        ((line.number, line.digest), line.time, line.actor) for line in lines
    ]
    assert {line.act for line in lines} == {f"register.{one.act}" for one in history}
    assert history[2].row["withdrawn_why"] == "a wrong cohort"
    assert "a wrong cohort" not in json.dumps([dict(line.details) for line in lines])


def test_what_does_not_fit_is_refused_and_leaves_no_trace(place: Place, ring: KeyRing) -> None:
    early = RELEASED - dt.timedelta(days=1)
    with DisclosureRegister(place, ring) as register:
        register.begin(entry())
        register.finish(entry().id)
        before = register.verify()
        unfit: tuple[tuple[Callable[[], object], str], ...] = (
            (lambda: register.withdraw(entry().id, " ", RELEASED), "'reason' is empty"),
            (lambda: register.withdraw(entry().id, "x", early), "released later"),
            (lambda: register.confirm_deletion(entry().id, early, "x", "y"), "released later"),
            (lambda: register.confirm_deletion(entry().id, RELEASED, "", "y"), "'by' is empty"),
            (lambda: register.settle(entry().id, State.DELETED, "x"), "as released or abandoned"),
            (lambda: register.add_hours(entry().id, 0, "x", RELEASED), "more than 0"),
            (lambda: register.add_hours(entry().id, 1.005, "x", RELEASED), "more than 0"),
            (lambda: register.add_hours(entry().id, float("nan"), "x", RELEASED), "more than 0"),
            (lambda: register.add_hours(entry().id, 1, "", RELEASED), "'what' is empty"),
        )
        for act, said in unfit:
            with pytest.raises(DataError, match=said):
                act()
        strange = entry("x-2", environment="production")
        unknown: tuple[tuple[Callable[[], object], str], ...] = (
            (lambda: register.get("nobody-1"), "no release of that id"),
            (lambda: register.add_hours("x", 1, "x", RELEASED), "neither a release nor a case"),
            (lambda: register.answer("nobody", RELEASED, "x"), "no application"),
            (lambda: register.begin(strange), "synthetic and real persons never meet"),
        )
        for act, said in unknown:
            with pytest.raises(RegisterError, match=said):
                act()
        assert register.verify() == before


def test_what_is_due_stands_overdue_first(place: Place, ring: KeyRing) -> None:
    asked = Application(
        case_number="C-9", title="t", applicant="NTNU", received=DAY(2026, 10, 12), linked=("NPR",)
    )
    with DisclosureRegister(place, ring) as register:
        register.receive(asked)
        register.receive(replace(asked, case_number="HDS-2026-0417"))  # answered by its release
        register.receive(replace(asked, case_number="C-8", linked=()))
        register.begin(entry())
        register.finish(entry().id)
        register.begin(entry("y-1", deletion_date=DAY(2026, 11, 20)))
        register.finish("y-1")
        register.begin(entry("z-1", released=DAY(2014, 1, 7), project_end=DAY(2016, 1, 1)))
        register.finish("z-1")
        register.confirm_deletion("z-1", DAY(2015, 1, 1), "Kari", "letter 1")
        register.begin(entry("w-1", released=DAY(2026, 11, 28)))
        register.begin(entry("v-1", released=DAY(2028, 1, 3)))  # on a clock that went ahead
        today = DAY(2026, 11, 28)
        assert [(one.duty, one.subject, one.is_overdue) for one in register.due(today)] == [
            (Duty.SEALING, "w-1", False),  # before all else: nobody knows whether it left
            (Duty.SEALING, "v-1", False),
            (Duty.ANSWER, "C-8", True),
            (Duty.DELETION, "y-1", True),
            (Duty.RETENTION, "z-1", True),
        ]
        later = register.due(today, within_days=60)
        assert [one.subject for one in later] == ["w-1", "v-1", "C-8", "y-1", "z-1", "C-9"]
        # By hand: 13-16, 19-23, 26-30 October (14), 2-27 November (34), 30-4, 7-11, 14-18 (49),
        # 21-24 December (53), 28-31 (57), 4-6 January.
        assert later[5].day == DAY(2027, 1, 6)
        assert [one.id for one in register.expired(DAY(2024, 1, 7))] == []
        assert [one.id for one in register.expired(DAY(2024, 1, 8))] == ["z-1"]
        register.answer("C-8", today, "refused, letter 12")
        register.withdraw(entry().id, "an error", DAY(2026, 11, 27))
        due = {one.subject: one for one in register.due(today, within_days=0)}
        assert "C-8" not in due
        assert due[entry().id].day == DAY(2026, 11, 27)
        assert due[entry().id].is_overdue


def test_hours_are_of_a_release_or_of_a_case(place: Place, ring: KeyRing) -> None:
    with DisclosureRegister(place, ring) as register:
        register.begin(entry())
        register.add_hours(entry().id, 1.25, "Preparation", DAY(2026, 10, 30))
        register.add_hours("HDS-2026-0417", 2, "Meeting", DAY(2026, 10, 1))
        assert [(one.release, one.hours) for one in register.work("HDS-2026-0417")] == [
            (entry().id, 1.25),
            ("", 2.0),
        ]
        assert register.work("another") == ()
        assert register.verify() == Verified(rows=3, changes=3)


def test_a_person_decides_about_what_was_only_begun_and_says_why(
    place: Place, ring: KeyRing
) -> None:
    with DisclosureRegister(place, ring) as register:
        register.begin(entry("x-1", host="desk-4"))
        register.begin(entry("x-2", host="desk-4"))
        register.settle("x-1", State.RELEASED, "TSD has received it, letter 4")
        register.settle("x-2", State.ABANDONED, "the share holds nothing of it")
        assert register.unfinished() == ()
        assert register.get("x-1").settled_why == "TSD has received it, letter 4"
        (_, settled) = register.history("x-2")
        assert settled.act == "settle-abandoned"
        assert settled.row["settled_why"] == "the share holds nothing of it"
        assert settled.row["host"] == "desk-4"
        assert register.verify() == Verified(rows=2, changes=4)
        register.begin(entry("x-2"))  # anew: nobody has decided about this one
        assert register.get("x-2").settled_why == ""
    assert released_in_log(ring) == {"x-1"}
    told = json.dumps([dict(line.details) for line in AuditLog(ring).entries()])
    assert "TSD has received" not in told


def test_words_that_may_name_a_person_never_come_into_the_register(
    tmp_path: Path, ring: KeyRing
) -> None:
    number = "309082" + "99902"
    unfit = (
        (f"as {number} wished", LeaksFound, "eleven digits"),
        (f"as {number[:6]} {number[6:]} wished", LeaksFound, "eleven digits"),
        (" ".join(number), LeaksFound, "eleven digits"),
        ("x" * 401, DataError, "longer than 400"),
        ("one line\nand another", DataError, "one line"),
        ("one line\rand another", DataError, "one line"),
        ("one line\u2028and another", DataError, "one line"),
    )
    with DisclosureRegister(tmp_path / "disclosures.sqlite", ring) as register:
        register.begin(entry())
        register.finish(entry().id)
        register.begin(entry("x-2"))
        register.receive(
            Application(case_number="C-9", title="t", applicant="NTNU", received=RELEASED)
        )
        before = register.verify()
        acts: tuple[Callable[[str], object], ...] = (
            lambda text: register.withdraw(entry().id, text, RELEASED),
            lambda text: register.confirm_deletion(entry().id, RELEASED, text, "letter 3"),
            lambda text: register.confirm_deletion(entry().id, RELEASED, "Kari", text),
            lambda text: register.answer("C-9", RELEASED, text),
            lambda text: register.add_hours(entry().id, 1, text, RELEASED),
            lambda text: register.settle("x-2", State.RELEASED, text),
        )
        for text, error, said in unfit:
            for act in acts:
                with pytest.raises(error, match=said) as refused:
                    act(text)
                assert text not in str(refused.value)
        assert register.verify() == before
        register.add_hours(entry().id, 1, "x" * 400, RELEASED)


EDITS = {
    "a cell": (
        "UPDATE disclosure SET recipient = 'Nobody' WHERE id = 'hds-2026-0417-1'",
        "disclosure hds-2026-0417-1 is not as it was written",
    ),
    "a count": (
        "UPDATE disclosure SET rows = rows + 1 WHERE id = 'x-2'",
        "disclosure x-2 is not as it was written",
    ),
    "a day that is none": (
        "UPDATE disclosure SET released = '2026-13-01' WHERE id = 'x-2'",
        "disclosure x-2 is not as it was written",
    ),
    "a state": (
        "UPDATE disclosure SET state = 'deleted' WHERE id = 'x-2'",
        "disclosure x-2 is not as it was written",
    ),
    "a row removed": ("DELETE FROM disclosure WHERE id = 'x-2'", "disclosure x-2 is gone"),
    "hours": (
        "UPDATE disclosure_work SET hours = 100",
        "disclosure_work 1 is not as it was written",
    ),
    "a row put there": (
        "INSERT INTO disclosure_work VALUES (2, 'HDS-2026-0417', '', '2026-11-02', 1, 'x')",
        "disclosure_work 2 was put there by no change",
    ),
    "the last change removed": (
        "DELETE FROM disclosure_change WHERE number = 4",
        "change 4 is in the audit log and not here",
    ),
    "a change removed": (
        "DELETE FROM disclosure_change WHERE number = 2",
        "change 3 .*stands where change 2 should",
    ),
    "a change": (
        "UPDATE disclosure_change SET content = replace(content, 'TSD', 'SAFE') WHERE number = 3",
        "change 3 .*is not as it was written",
    ),
    "what was done": (
        "UPDATE disclosure_change SET act = 'abandon' WHERE number = 2",
        "change 2 .*is not as it was written",
    ),
    "who did it": (
        "UPDATE disclosure_change SET actor = 'somebody' WHERE number = 2",
        "change 2 .*is not in the audit log",
    ),
    "of whom": (
        "UPDATE disclosure_change SET subject = 'x-3' WHERE number = 3",
        "change 3 .*is filed under another subject",
    ),
    "text that is no change": (
        "UPDATE disclosure_change SET content = '{' WHERE number = 1",
        "a change cannot be read any more",
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_is_changed_behind_its_back_is_found(tmp_path: Path, ring: KeyRing, edit: str) -> None:
    place = tmp_path / "disclosures.sqlite"
    with DisclosureRegister(place, ring) as register:
        register.begin(entry())
        register.finish(entry().id)
        register.begin(entry("x-2"))
        register.add_hours(entry().id, 1.25, "Preparation", DAY(2026, 10, 30))
        assert register.verify() == Verified(rows=3, changes=4)
    statement, said = EDITS[edit]
    behind_its_back(place, statement)
    with (
        DisclosureRegister(place, ring) as register,
        pytest.raises(RegisterError, match=said) as broken,
    ):
        register.verify()
    assert "Nobody" not in str(broken.value)


def test_a_backup_that_was_put_back_is_found(tmp_path: Path, ring: KeyRing) -> None:
    path = tmp_path / "disclosures.sqlite"
    with DisclosureRegister(path, ring) as register:
        register.begin(entry())
    shutil.copy2(path, tmp_path / "backup")
    with DisclosureRegister(path, ring) as register:
        register.finish(entry().id)
    shutil.copy2(tmp_path / "backup", path)
    with DisclosureRegister(path, ring) as register:
        with pytest.raises(RegisterError, match="was a backup put back"):
            register.verify()
        register.finish(entry().id)  # it is at work nevertheless, and the log says it twice
        with pytest.raises(RegisterError, match="in the audit log 2 times"):
            register.verify()


def test_a_register_is_its_key_ring_s(place: Place, ring: KeyRing, tmp_path: Path) -> None:
    with DisclosureRegister(place, ring) as register:
        register.begin(entry())
    other = KeyRing.create(
        tmp_path / "other.keyring",
        "correct horse battery staple",
        registry_id="test",
        environment="test",
        stretching=Stretching(cost=2, memory_kib=19_456, lanes=1),
    )
    with pytest.raises(RegisterError, match="belongs to another key ring"):
        DisclosureRegister(place, other)


def test_what_is_no_register_is_said(tmp_path: Path, ring: KeyRing) -> None:
    path = tmp_path / "disclosures.sqlite"
    path.write_text("this is no database, and longer than a header" * 100)
    with pytest.raises(RegisterError, match="is no disclosure register, or is damaged"):
        DisclosureRegister(path, ring)
