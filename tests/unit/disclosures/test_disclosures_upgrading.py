"""A register of another version: it says so, and an earlier one becomes one of this, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hsr_privacy.databases import Database
from hsr_privacy.disclosures import Disclosure, DisclosureRegister, State, Verified, tables, upgrade
from hsr_privacy.disclosures.rows import to_row
from hsr_privacy.errors import OutputFailed, RegisterError
from hsr_privacy.keys import AuditLog, KeyRing
from tests.disclosing import RELEASED, entry

WRITTEN = Path(__file__).parents[2] / "data" / "disclosures"
SINCE_2 = ("received", "linked", "hourly_rate")
SINCE_3 = ("host", "settled_why")
NEWER = {1: (*SINCE_2, *SINCE_3), 2: SINCE_3}
"""What each earlier version did not know of a disclosure."""
REGISTER = "0123456789abcdef" * 4


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def kept_by(version: int, one: Disclosure) -> dict[str, Any]:
    return {name: value for name, value in to_row(one).items() if name not in NEWER[version]}


@pytest.fixture(params=[1, 2])
def version(request: pytest.FixtureRequest) -> int:
    given: int = request.param
    return given


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.xdist_group("server"))])
def earlier(
    request: pytest.FixtureRequest, tmp_path: Path, ring: KeyRing, version: int
) -> Path | str:
    """A register of an earlier version, with two disclosures, their changes and their log lines."""
    place: Path | str = tmp_path / "disclosures.sqlite"
    if request.param == "server":
        place = request.getfixturevalue("new_database")
    with Database(place, tables.KIND) as database:
        text = (WRITTEN / f"register-v{version}.sql").read_text(encoding="utf-8")
        for statement in "".join(
            line for line in text.splitlines(keepends=True) if not line.startswith("--")
        ).split(";\n"):
            if statement.strip():
                database.run(sa.text(statement))
        about = {"format": str(version), "register": REGISTER, "ring": ring.file_id}
        database.run(sa.insert(tables.ABOUT), [{"name": n, "value": v} for n, v in about.items()])
        for number, name in enumerate(("x-1", "x-2"), start=1):
            row = kept_by(version, entry(name))
            content = canonical({"row": row, "table": "disclosure"})
            whole = canonical([REGISTER, number, "begin", content])
            digest = hashlib.sha512(whole.encode()).hexdigest()
            told: dict[str, str | int] = {
                "register": REGISTER,
                "change": number,
                "subject": name,
                "digest": digest,
            }
            line = AuditLog(ring).record("register.begin", told)
            change = {
                "number": number,
                "act": "begin",
                "subject": name,
                "content": content,
                "digest": digest,
                "time": line.time,
                "actor": line.actor,
                "line_number": line.number,
                "line_digest": line.digest,
            }
            database.run(sa.insert(tables.CHANGE), [change])
            database.run(sa.insert(sa.table("disclosure", *map(sa.column, row))), [row])
        database.commit()
    return place


def as_known(version: int, name: str) -> Disclosure:
    if version == 1:
        return entry(name, received=None, linked=(), hourly_rate=0.0)
    return entry(name)


def test_an_earlier_version_says_what_to_do_and_is_not_touched(
    earlier: Path | str, version: int, ring: KeyRing
) -> None:
    with pytest.raises(
        RegisterError, match=rf"version {version}, .* take a backup of it, and run hsr"
    ) as old:
        DisclosureRegister(earlier, ring)
    assert old.value.exit_code == 19
    with Database(earlier, tables.KIND) as database:
        columns = sa.inspect(database.connection()).get_columns("disclosure")
        assert not {one["name"] for one in columns} & set(NEWER[version])


def test_an_earlier_version_becomes_this_one_with_everything_it_held(
    earlier: Path | str, version: int, ring: KeyRing
) -> None:
    assert upgrade(earlier, ring) == (version, tables.FORMAT)
    with DisclosureRegister(earlier, ring) as register:
        assert register.all() == (as_known(version, "x-1"), as_known(version, "x-2"))
        assert register.verify() == Verified(rows=2, changes=3)
        register.finish("x-1")
        register.add_hours("x-1", 2, "Preparation", RELEASED)
        new = entry("x-3", host="desk-4")
        register.begin(new)
        assert register.get("x-3") == new
        assert register.get("x-1").state is State.RELEASED
        assert register.verify() == Verified(rows=4, changes=6)
    assert upgrade(earlier, ring) == (tables.FORMAT, tables.FORMAT)
    assert [line.act for line in AuditLog(ring).entries()][2] == "register.upgrade"


def test_an_upgrade_that_breaks_off_leaves_the_earlier_version_and_goes_on_next_time(
    earlier: Path | str, version: int, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = tables.STEPS[2]

    def breaking(database: Database) -> None:
        step(database)
        raise OutputFailed("the disk is full")

    monkeypatch.setitem(tables.STEPS, 2, breaking)
    with pytest.raises(OutputFailed):
        upgrade(earlier, ring)
    with pytest.raises(RegisterError, match=f"version {version}"):
        DisclosureRegister(earlier, ring)
    monkeypatch.setitem(tables.STEPS, 2, step)
    assert upgrade(earlier, ring) == (version, tables.FORMAT)
    with DisclosureRegister(earlier, ring) as register:
        assert register.all() == (as_known(version, "x-1"), as_known(version, "x-2"))
        assert register.verify() == Verified(rows=2, changes=3)


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (str(tables.FORMAT + 1), "newer than version"),
        ("0", "no program of ours"),
        ("two", "is no disclosure register"),
    ],
)
def test_a_version_that_this_program_cannot_keep_is_said(
    tmp_path: Path, ring: KeyRing, version: str, said: str
) -> None:
    path = tmp_path / "disclosures.sqlite"
    with DisclosureRegister(path, ring) as register:
        register.begin(entry())
    with Database(path, tables.KIND) as database:
        wanted = tables.ABOUT.c.name == "format"
        database.run(sa.update(tables.ABOUT).where(wanted).values(value=version))
        database.commit()
    for attempt in (DisclosureRegister, upgrade):
        with pytest.raises(RegisterError, match=said):
            attempt(path, ring)


def test_there_must_be_one_to_upgrade(tmp_path: Path, ring: KeyRing) -> None:
    with pytest.raises(RegisterError, match="there is no disclosure register at"):
        upgrade(tmp_path / "disclosures.sqlite", ring)
    assert not (tmp_path / "disclosures.sqlite").exists()
