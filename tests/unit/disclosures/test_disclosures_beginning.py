"""A register is begun once: where the audit log knows of another, nobody begins a second by mistake."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from hsr_privacy.databases import Database
from hsr_privacy.disclosures import DisclosureRegister, State, Verified, released_in_log
from hsr_privacy.disclosures.tables import CHANGE, KIND
from hsr_privacy.errors import AuditBroken, RegisterError
from hsr_privacy.keys import AuditLog, KeyRing
from tests.disclosing import entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "disclosures.sqlite"


@pytest.fixture
def lost(path: Path, ring: KeyRing) -> Path:
    """Where a register was that somebody has removed."""
    with DisclosureRegister(path, ring) as register:
        register.begin(entry())
        register.finish(entry().id)
    path.unlink()
    return path


def test_a_register_that_is_gone_is_not_begun_anew_by_itself(lost: Path, ring: KeyRing) -> None:
    for place in (lost, lost.with_name("another.sqlite")):
        with pytest.raises(RegisterError, match=r"audit log .* hsr register new") as refused:
            DisclosureRegister(place, ring)
        assert refused.value.exit_code == 19
        assert not place.exists()
    assert len(AuditLog(ring).entries()) == 2


def test_a_new_register_is_begun_where_somebody_asks_for_it_and_the_log_says_so(
    lost: Path, ring: KeyRing
) -> None:
    with DisclosureRegister(lost, ring, new=True) as register:
        assert register.all() == ()
        assert register.verify() == Verified(rows=0, changes=1)
    line = AuditLog(ring).entries()[-1]
    assert line.act == "register.new"
    assert line.details["register"] != AuditLog(ring).entries()[0].details["register"]
    with DisclosureRegister(lost, ring) as register:  # from now on it is the one
        register.begin(entry("x-1"))
        assert register.verify() == Verified(rows=1, changes=2)


def test_where_there_is_a_register_no_new_one_is_begun(path: Path, ring: KeyRing) -> None:
    with DisclosureRegister(path, ring) as register:
        register.begin(entry())
    with pytest.raises(RegisterError, match="is a disclosure register already"):
        DisclosureRegister(path, ring, new=True)
    with DisclosureRegister(path, ring) as register:
        assert register.get(entry().id).state is State.SEALING


def test_an_empty_register_is_no_way_around(path: Path, ring: KeyRing) -> None:
    """It may be a copy from before the first entry, of a name that the log has never heard."""
    with Database(path, KIND) as database:
        with DisclosureRegister(path.with_name("one"), ring) as register:
            register.begin(entry())
            register.finish(entry().id)
        database.make_tables()
    shutil.copy2(path.with_name("one"), path)
    with Database(path, KIND) as database:
        database.run(sa.delete(CHANGE))
        database.run(sa.text("DELETE FROM disclosure"))
        database.run(sa.text("UPDATE disclosure_register SET value = 'ab' WHERE name = 'register'"))
        database.commit()
    with pytest.raises(RegisterError, match="hsr register new"):
        DisclosureRegister(path, ring)
    with DisclosureRegister(path, ring, new=True) as register:
        assert register.verify() == Verified(rows=0, changes=1)


def test_a_new_register_whose_line_was_refused_is_not_begun(lost: Path, ring: KeyRing) -> None:
    log = AuditLog(ring).path
    whole = log.read_bytes()
    log.write_bytes(whole[:-1] + b" \n")
    with pytest.raises(AuditBroken):
        DisclosureRegister(lost, ring, new=True)
    log.write_bytes(whole)
    with pytest.raises(RegisterError, match="hsr register new"):
        DisclosureRegister(lost, ring)
    with DisclosureRegister(lost, ring, new=True) as register:
        assert register.verify() == Verified(rows=0, changes=1)


def test_where_nothing_was_ever_entered_a_register_is_begun_as_before(
    path: Path, ring: KeyRing
) -> None:
    AuditLog(ring).record("register.who", {"releases": 0})
    with DisclosureRegister(path, ring) as register:
        assert register.all() == ()
        register.begin(entry())
        assert register.verify() == Verified(rows=1, changes=1)


def test_what_was_released_is_known_by_the_log_whatever_register_had_it(
    path: Path, ring: KeyRing
) -> None:
    assert released_in_log(ring) == frozenset()
    with DisclosureRegister(path, ring) as register:
        register.begin(entry("x-1"))
        register.finish("x-1")
        register.begin(entry("x-2"))
        register.abandon("x-2")
        register.begin(entry("x-3"))
    path.unlink()
    with DisclosureRegister(path, ring, new=True) as register:
        register.begin(entry("y-1"))
        register.finish("y-1")
    assert released_in_log(ring) == {"x-1", "y-1"}
