"""The identity store, in a file and on a real PostgreSQL server: who is whom, and since when."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest

from hsr_privacy.databases import has_password
from hsr_privacy.errors import DataError, IdentityStoreError
from hsr_privacy.identities import Claim, Happening, IdentityStore, Merged, Sighting
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.stretching import Stretching

PASSPHRASE = "correct horse battery staple"
FIRST, LATER, LAST = dt.date(2015, 3, 1), dt.date(2019, 6, 1), dt.date(2024, 1, 1)
SEEN = Sighting("ambulance", "d-number")
# Skatteetaten's published examples and others of its synthetic series.
D_NUMBER, NUMBER, OTHER, THIRD = "41819077906", "30908299902", "03851598730", "20036914700"

Open = Callable[[], IdentityStore]


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.xdist_group("server"))])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "file":
        return tmp_path / "store" / "identity.sqlite"
    url: str = request.getfixturevalue("new_database")
    return url


@pytest.fixture
def opened(place: Path | str, ring: KeyRing) -> Open:
    return lambda: IdentityStore(place, ring)


def seen(*identifiers: str) -> dict[str, Sighting]:
    return dict.fromkeys(identifiers, SEEN)


def test_a_person_keeps_the_key_and_two_persons_share_none(opened: Open) -> None:
    with opened() as store:
        keys = store.persons(seen(NUMBER, OTHER), on=FIRST)
        store.commit()
    with opened() as store:
        again = store.persons(seen(NUMBER, OTHER, THIRD), on=LATER)
    assert {text: again[text] for text in keys} == keys
    assert len(set(again.values())) == 3
    assert all(len(key) == 16 for key in again.values())


def test_what_was_not_committed_is_forgotten(opened: Open) -> None:
    with opened() as store:
        store.persons(seen(NUMBER), on=FIRST)
    with opened() as store:
        assert store.count() == 0
        store.persons(seen(OTHER), on=FIRST)
        store.commit()
        store.persons(seen(NUMBER), on=FIRST)
    with opened() as store:
        assert store.count() == 1
        assert store.person(NUMBER) is None


def test_an_unidentified_record_has_a_key_of_its_own_each_time_it_is_read(opened: Open) -> None:
    with opened() as store:
        first = store.unidentified(["hospital|1", "hospital|2"])
        store.commit()
    with opened() as store:
        assert store.unidentified(["hospital|1", "hospital|2"]) == first
        assert store.counts()["records of unidentified persons"] == 2
    assert len(set(first.values())) == 2


def test_a_d_number_and_the_later_number_are_one_person_and_both_are_remembered(
    opened: Open,
) -> None:
    with opened() as store:
        store.persons(seen(D_NUMBER), on=FIRST)
        claim = [Claim(D_NUMBER, NUMBER)]
        assert store.merge(claim, source="register", on=LATER) == Merged(merged=1)
        assert store.merge(claim, source="register", on=LAST) == Merged(known=1)
        store.commit()
    with opened() as store:
        person = store.person(NUMBER)
        assert person == store.person(D_NUMBER)
        assert person is not None
        known = store.identifiers(person)
        assert [(one.identifier, one.valid_from, one.valid_to) for one in known] == [
            (D_NUMBER, FIRST, LATER),
            (NUMBER, LATER, None),
        ]
        assert [happened.kind for happened in store.history(D_NUMBER)] == ["merged"]
        assert store.history(THIRD) == ()


def test_a_chain_of_changes_is_one_person(opened: Open) -> None:
    with opened() as store:
        claims = [Claim(D_NUMBER, NUMBER), Claim(NUMBER, OTHER), Claim(D_NUMBER, OTHER)]
        assert store.merge(claims, source="register", on=LATER).quarantined == 0
        assert len({store.person(text) for text in (D_NUMBER, NUMBER, OTHER)}) == 1
        assert len(list(store.person_keys())) == 1


def test_who_was_whom_on_a_day_is_known_afterwards(opened: Open) -> None:
    with opened() as store:
        before = store.persons(seen(D_NUMBER, NUMBER), on=FIRST)
        store.merge([Claim(D_NUMBER, NUMBER)], source="register", on=LATER)
        united = store.person(D_NUMBER)
        new = store.split([D_NUMBER], source="letter", on=LAST)
        assert store.person(D_NUMBER, on=FIRST) == before[D_NUMBER]
        assert store.person(D_NUMBER, on=LATER) == united == before[NUMBER]
        assert store.person(D_NUMBER, on=LAST) == new == store.person(D_NUMBER)
        assert store.person(NUMBER) == before[NUMBER]


def test_a_split_is_not_undone_by_the_same_or_another_claim(opened: Open) -> None:
    with opened() as store:
        store.merge([Claim(D_NUMBER, NUMBER)], source="register", on=FIRST)
        new = store.split([D_NUMBER], source="letter", on=LATER)
        assert new == store.person(D_NUMBER) != store.person(NUMBER)
        assert store.merge([Claim(D_NUMBER, NUMBER)], source="register", on=LAST).known == 1
        found = store.merge([Claim(NUMBER, D_NUMBER)], source="register", on=LAST)
        assert found == Merged(quarantined=1)
        assert "split by hand" in store.quarantine()[0].reason
        assert store.person(D_NUMBER) == new


def test_what_cannot_be_split_is_refused(opened: Open) -> None:
    with opened() as store:
        store.persons(seen(NUMBER, OTHER), on=FIRST)
        for wrong in ([THIRD], [NUMBER, OTHER], []):
            with pytest.raises(DataError, match="must all be known and be one person's"):
                store.split(wrong, source="letter", on=LATER)
        with pytest.raises(DataError, match="all identifiers of that person"):
            store.split([NUMBER], source="letter", on=LATER)


def test_contradictory_claims_wait_in_quarantine_until_somebody_decides(opened: Open) -> None:
    with opened() as store:
        claims = [Claim(D_NUMBER, NUMBER), Claim(D_NUMBER, OTHER)]
        assert store.merge(claims, source="register", on=FIRST) == Merged(quarantined=2)
        assert len({store.person(text) for text in (D_NUMBER, NUMBER, OTHER)}) == 3
        store.commit()
    with opened() as store:
        assert store.merge(claims, source="register", on=LATER) == Merged(known=2)
        one, other = store.quarantine()
        assert one.reason == other.reason == "an earlier identifier of two different later ones"
        store.resolve(one.number, accept=True, source="letter", on=LATER)
        store.resolve(other.number, accept=False, source="letter", on=LATER)
        assert store.quarantine() == ()
        assert store.person(D_NUMBER) in {store.person(NUMBER), store.person(OTHER)}
        assert store.person(NUMBER) != store.person(OTHER)
        assert store.counts()["claims rejected"] == 1
        with pytest.raises(DataError, match="no claim 1 waits"):
            store.resolve(1, accept=True, source="letter", on=LATER)


def test_a_claim_that_contradicts_an_earlier_delivery_is_quarantined(opened: Open) -> None:
    with opened() as store:
        store.merge([Claim(D_NUMBER, NUMBER)], source="register", on=FIRST)
        found = store.merge([Claim(D_NUMBER, OTHER)], source="register", on=LATER)
        assert found == Merged(quarantined=1)
        assert store.person(OTHER) != store.person(NUMBER) == store.person(D_NUMBER)


def test_two_numbers_each_earlier_than_the_other_are_quarantined(opened: Open) -> None:
    with opened() as store:
        claims = [Claim(NUMBER, OTHER), Claim(OTHER, NUMBER)]
        assert store.merge(claims, source="register", on=FIRST) == Merged(quarantined=2)
        assert store.merge([Claim(NUMBER, NUMBER)], source="register", on=FIRST) == Merged()


def test_a_circle_of_three_is_quarantined_whole_and_what_lies_beside_it_is_not(
    opened: Open,
) -> None:
    with opened() as store:
        circle = [Claim(D_NUMBER, NUMBER), Claim(NUMBER, OTHER), Claim(OTHER, D_NUMBER)]
        beside = [Claim(THIRD, "later than the third")]
        found = store.merge([*circle, *beside], source="register", on=FIRST)
        assert found == Merged(merged=1, quarantined=3)
        assert {waiting.reason for waiting in store.quarantine()} == {
            "identifiers, each earlier than the other"
        }


def test_a_circle_that_two_deliveries_close_is_quarantined(opened: Open) -> None:
    with opened() as store:
        claims = [Claim(D_NUMBER, NUMBER), Claim(NUMBER, OTHER)]
        assert store.merge(claims, source="register", on=FIRST) == Merged(merged=2)
        found = store.merge([Claim(OTHER, D_NUMBER)], source="register", on=LATER)
        assert found == Merged(quarantined=1)


def test_a_split_is_not_undone_by_way_of_a_third_number(opened: Open) -> None:
    around = [Claim(D_NUMBER, OTHER), Claim(OTHER, NUMBER)]
    with opened() as store:
        store.merge([Claim(D_NUMBER, NUMBER)], source="register", on=FIRST)
        store.split([D_NUMBER], source="letter", on=LATER)
        assert store.merge(around, source="register", on=LAST) == Merged(quarantined=2)
        assert store.person(D_NUMBER) != store.person(NUMBER)
        for waiting in store.quarantine():
            store.resolve(waiting.number, accept=True, source="case", on=LAST)
        assert store.person(D_NUMBER) == store.person(NUMBER)


def test_after_a_split_the_true_later_number_is_no_contradiction(opened: Open) -> None:
    with opened() as store:
        store.merge([Claim(D_NUMBER, NUMBER)], source="register", on=FIRST)
        store.split([D_NUMBER], source="letter", on=LATER)
        assert store.merge([Claim(D_NUMBER, OTHER)], source="register", on=LAST).merged == 1
        person = store.person(OTHER)
        assert person == store.person(D_NUMBER) != store.person(NUMBER)
        assert person is not None
        known = store.identifiers(person)
        assert {(one.identifier, one.valid_to) for one in known} == {
            (D_NUMBER, LAST),
            (OTHER, None),
        }
        assert set(store.current_identifiers([person])[person]) == set(known)


def test_a_rejected_claim_stands_in_the_history_of_both(opened: Open) -> None:
    with opened() as store:
        store.merge([Claim(NUMBER, OTHER), Claim(OTHER, NUMBER)], source="register", on=FIRST)
        number = store.quarantine()[0].number
        store.resolve(number, accept=False, source="case 12", on=LATER)
        for text in (NUMBER, OTHER):
            (happened,) = store.history(text)
            assert (happened.kind, happened.source) == ("rejected", "case 12")
            assert happened.effective == LATER


def test_a_choice_holds_from_its_day_until_it_is_taken_back(opened: Open) -> None:
    with opened() as store:
        store.withdraw(NUMBER, "reservasjon", source="letter", on=LATER)
        store.reinstate(NUMBER, "reservasjon", source="letter", on=LAST)
        person = store.person(NUMBER)
        assert person is not None
        store.commit()
    with opened() as store:
        assert store.choices(on=FIRST) == {}
        assert store.choices(on=LATER) == {person: frozenset({"reservasjon"})}
        assert store.choices(on=LAST) == {}
        today = dt.datetime.now(dt.UTC).date()
        assert store.history(NUMBER) == (
            Happening("withdrawn", LATER, today, "letter", "reservasjon"),
            Happening("reinstated", LAST, today, "letter", "reservasjon"),
        )


def test_a_choice_stays_when_the_person_turns_out_to_have_another_number(opened: Open) -> None:
    with opened() as store:
        store.withdraw(D_NUMBER, "sperret", source="letter", on=FIRST)
        store.merge([Claim(D_NUMBER, NUMBER)], source="register", on=LATER)
        person = store.person(NUMBER)
        assert person is not None
        assert store.choices(on=LATER) == {person: frozenset({"sperret"})}


def test_of_two_who_were_held_for_one_both_keep_the_choice_until_it_is_taken_back(
    opened: Open,
) -> None:
    with opened() as store:
        store.withdraw(D_NUMBER, "reservasjon", source="letter", on=FIRST)
        store.merge([Claim(D_NUMBER, NUMBER)], source="register", on=FIRST)
        new = store.split([D_NUMBER], source="letter", on=LATER)
        stays = store.person(NUMBER)
        assert stays is not None
        chosen = frozenset({"reservasjon"})
        assert store.choices(on=LATER) == {stays: chosen, new: chosen}
        store.reinstate(NUMBER, "reservasjon", source="letter", on=LAST)
        assert store.choices(on=LATER) == {stays: chosen, new: chosen}
        assert store.choices(on=LAST) == {new: chosen}


def test_a_split_hands_on_when_a_choice_held_and_none_that_was_taken_back(opened: Open) -> None:
    with opened() as store:
        store.withdraw(D_NUMBER, "sperret", source="letter", on=FIRST)
        store.withdraw(NUMBER, "sperret", source="letter", on=LATER)
        store.reinstate(D_NUMBER, "sperret", source="letter", on=LATER)
        store.merge([Claim(D_NUMBER, NUMBER)], source="register", on=LATER)
        store.reinstate(NUMBER, "sperret", source="letter", on=LAST)
        new = store.split([D_NUMBER], source="case", on=LAST)
        assert store.choices(on=LAST) == {}
        assert new in store.choices(on=FIRST)
        assert new in store.choices(on=LAST - dt.timedelta(days=1))


def test_who_takes_a_choice_back_does_not_take_back_that_of_one_found_to_be_the_same_later(
    opened: Open,
) -> None:
    with opened() as store:
        for text in (D_NUMBER, NUMBER):
            store.withdraw(text, "reservasjon", source="letter", on=FIRST)
        store.reinstate(NUMBER, "reservasjon", source="letter", on=LATER)
        store.merge([Claim(D_NUMBER, NUMBER)], source="register", on=LATER)
        person = store.person(NUMBER)
        assert list(store.choices(on=LAST)) == [person]
        store.reinstate(NUMBER, "reservasjon", source="letter", on=LAST)
        assert store.choices(on=LAST) == {}
        kinds = [happened.kind for happened in store.history(NUMBER)]
        # For the two keys of one person it happened once.
        assert kinds == ["withdrawn", "reinstated", "merged", "reinstated"]


def test_a_choice_that_nobody_would_honour_is_refused(opened: Open) -> None:
    with opened() as store:
        for choose in (store.withdraw, store.reinstate):
            with pytest.raises(DataError, match="a person may choose reservasjon, sperret"):
                choose(NUMBER, "reservert", source="letter", on=FIRST)


def test_another_key_ring_does_not_open_it(
    opened: Open, place: Path | str, ring: KeyRing, tmp_path: Path
) -> None:
    with opened() as store:
        store.persons(seen(NUMBER), on=FIRST)
        store.commit()
    other = KeyRing.create(
        tmp_path / "other",
        PASSPHRASE,
        registry_id="test",
        environment="test",
        stretching=Stretching(cost=2, memory_kib=19_456, lanes=1),
    )
    with pytest.raises(IdentityStoreError, match="does not open with this key ring"):
        IdentityStore(place, other)
    ring.add_master_key()
    with opened() as store:
        assert store.person(NUMBER) is not None


def test_a_row_that_was_altered_or_moved_is_noticed(opened: Open) -> None:
    import sqlalchemy as sa

    from hsr_privacy.identities.tables import IDENTIFIER

    with opened() as store:
        keys = store.persons(seen(NUMBER, OTHER), on=FIRST)
        rows = store._rows.select(sa.select(IDENTIFIER))
        moved = sa.update(IDENTIFIER).values(body=rows[0].body)
        store._rows.run(moved.where(IDENTIFIER.c.tag == rows[1].tag))
        with pytest.raises(IdentityStoreError, match="not as it was written"):
            for key in keys.values():
                store.identifiers(key)


def _write(place: Path | str, ring_path: Path, numbers: list[str]) -> None:
    ring = KeyRing.open(ring_path, PASSPHRASE)
    for number in numbers:
        with IdentityStore(place, ring) as store:
            store.persons(seen(number, "shared"), on=FIRST)
            store.commit()


def test_writers_at_once_lose_nothing_and_give_nobody_two_keys(
    opened: Open, place: Path | str, ring: KeyRing
) -> None:
    context = multiprocessing.get_context("spawn")
    work = [[f"{who}-{number}" for number in range(5)] for who in "ab"]
    writers = [context.Process(target=_write, args=(place, ring.path, numbers)) for numbers in work]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=120)
    assert [writer.exitcode for writer in writers] == [0, 0]
    with opened() as store:
        assert store.count() == 11
        keys = store.persons(seen(*work[0], *work[1], "shared"), on=LATER)
        assert store.count() == 11
    assert len(set(keys.values())) == 11


def test_nothing_readable_is_kept(
    opened: Open, place: Path | str, request: pytest.FixtureRequest
) -> None:
    with opened() as store:
        store.persons({NUMBER: Sighting("canary-source", "canary-kind", "canary-hf")}, on=FIRST)
        store.merge([Claim(D_NUMBER, NUMBER)], source="canary-source", on=FIRST)
        store.merge([Claim(D_NUMBER, OTHER)], source="canary-source", on=FIRST)
        store.withdraw(OTHER, "sperret", source="canary-source", on=FIRST)
        store.unidentified(["canary-record"])
        store.split([D_NUMBER], source="canary-source", on=LATER)
        store.commit()
        shown = repr(store.identifiers(store.person(NUMBER) or b"")) + repr(vars(store))
    if isinstance(place, Path):
        kept = b"".join(path.read_bytes() for path in place.parent.iterdir())
    else:
        import psycopg

        from hsr_privacy.identities.tables import TABLES

        with psycopg.connect(place) as connection:
            for name in TABLES.tables:
                copied = connection.cursor().copy(f"COPY {name} TO STDOUT (FORMAT binary)")
                with copied as rows:
                    shown += "".join(repr(bytes(row)) for row in rows)
        data = Path(str(request.getfixturevalue("postgresql_folder")))
        kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    for canary in (NUMBER, D_NUMBER, OTHER, "sperret", "canary-source", "canary-record"):
        assert canary.encode() not in kept
    for canary in (NUMBER, D_NUMBER, OTHER):
        assert canary not in shown


def test_what_is_no_store_and_what_cannot_be_reached_is_said(ring: KeyRing, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "text").write_text("this is no database, and longer than a header" * 100)
    with pytest.raises(IdentityStoreError, match="is no identity store, or is damaged"):
        IdentityStore(tmp_path / "text", ring)


def test_a_server_that_cannot_be_reached_is_said_without_its_password(ring: KeyRing) -> None:
    pytest.importorskip("psycopg", reason="pip install 'hsr-privacy[postgresql]' brings psycopg")
    with pytest.raises(IdentityStoreError, match="not in mysql"):
        IdentityStore("mysql://localhost/x", ring)
    with pytest.raises(IdentityStoreError) as refused:
        IdentityStore("postgresql://register:geheim@127.0.0.1:1/x", ring)
    assert "the database x on 127.0.0.1 cannot be opened" in str(refused.value)
    assert "geheim" not in str(refused.value) + repr(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://register:geheim@127.0.0.1:1/x",
        "postgresql://127.0.0.1:1/x?password=geheim",
        "postgresql://127.0.0.1:1/x?sslpassword=geheim",
        "postgresql://register:p@geheim@127.0.0.1:1/x",
        "postgresql://register:geheim@127.0.0.1:port/x",
    ],
)
def test_no_part_of_a_password_is_told(ring: KeyRing, url: str) -> None:
    pytest.importorskip("psycopg", reason="pip install 'hsr-privacy[postgresql]' brings psycopg")
    with pytest.raises(IdentityStoreError) as refused:
        IdentityStore(url, ring)
    assert "geheim" not in repr(refused.value)
    if ":port" not in url:
        assert has_password(url)


def test_a_service_or_a_login_name_is_no_password() -> None:
    assert not has_password("postgresql:///?service=register")
    assert not has_password("postgresql://register@127.0.0.1/x")
