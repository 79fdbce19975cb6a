"""The key ring: made once, opened by its passphrase only, whole or not at all."""

from __future__ import annotations

import base64
import json
import multiprocessing
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hsr_privacy.errors import KeyRingError, KeyRingLocked, KeyRingMissing, OutputExists
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.derivation import check_value, derive
from hsr_privacy.keys.info import ProjectInfo
from hsr_privacy.keys.stretching import SCRYPT, Stretching

PASSPHRASE = "seven quiet herons wade north"
QUICK = Stretching(cost=2, memory_kib=19_456, lanes=1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.create(
        tmp_path / "ring",
        PASSPHRASE,
        registry_id="HJST",
        environment="test",
        stretching=QUICK,
        now=NOON,
    )


def test_a_ring_opens_again_with_the_same_keys(ring: KeyRing) -> None:
    made = ring.project_key("P-1", create=True)
    opened = KeyRing.open(ring.path, PASSPHRASE)
    assert opened.project_key("P-1") == made
    assert opened.register_key("identity-lookup") == ring.register_key("identity-lookup")
    assert (opened.registry_id, opened.environment) == ("HJST", "test")


def test_two_rings_share_no_key(tmp_path: Path) -> None:
    first, second = (
        KeyRing.create(
            tmp_path / name, PASSPHRASE, registry_id="HJST", environment="test", stretching=QUICK
        )
        for name in ("a", "b")
    )
    assert first.project_key("P-1", create=True) != second.project_key("P-1", create=True)
    assert first.register_key("event-key") != second.register_key("event-key")


def test_every_purpose_subject_algorithm_and_project_has_a_key_of_its_own(ring: KeyRing) -> None:
    keys = [
        ring.project_key("P-1", create=True),
        ring.project_key("P-2", create=True),
        ring.project_key("P-1", purpose="linkage"),
        ring.project_key("P-1", purpose="date-shift"),
        ring.project_key("P-1", purpose="order"),
        ring.project_key("P-1", subject="event-key"),
        ring.project_key("P-1", subject="national-id"),
        ring.project_key("P-1", algorithm="aes256-cmac"),
    ]
    assert len({key.unsafe_bytes() for key in keys}) == len(keys)
    assert len({key.check_value for key in keys}) == len(keys)


def test_a_project_key_is_derived_from_exactly_what_the_documentation_says(ring: KeyRing) -> None:
    made = ring.project_key("P-1", subject="event-key", create=True)
    salt = ring.contents.projects[0].salt
    labels = ("pseudonym", "HJST", "hmac-sha256-128", "P-1", "1", "event-key")
    master = ring.contents.active.key
    assert master is not None
    assert made.secret == derive(master, *labels, salt=salt)
    assert made.check_value == check_value(master, *labels, salt=salt)


def test_the_check_value_is_no_part_of_the_key(ring: KeyRing) -> None:
    key = ring.project_key("P-1", create=True)
    assert len(bytes.fromhex(key.check_value)) == 5
    assert bytes.fromhex(key.check_value) not in key.unsafe_bytes()


def test_a_project_without_a_key_gets_none_unless_asked_for(ring: KeyRing) -> None:
    before = ring.path.read_bytes()
    with pytest.raises(KeyRingError, match="'P-9' has no key"):
        ring.project_key("P-9")
    assert ring.path.read_bytes() == before


@pytest.mark.parametrize("name", ["", " ", " P-1", "P-1\n", "x" * 201])
def test_there_is_no_key_without_a_proper_project(ring: KeyRing, name: str) -> None:
    with pytest.raises(KeyRingError, match="project id is empty, too long"):
        ring.project_key(name, create=True)


def test_a_project_id_means_the_same_however_its_letters_are_composed(ring: KeyRing) -> None:
    made = ring.project_key("Blåbær", create=True)
    assert ring.project_key("Bla\u030abær") == made


def test_bits_of_the_file_that_mean_nothing_may_not_change_either(ring: KeyRing) -> None:
    """The last symbol of base64 before "==" holds four bits that no byte depends on."""
    lengths = iter((1, 4, 7, 10, 2, 5, 8, 11))  # whatever the rest is modulo 3, one of them fits
    while not ring.path.read_bytes().endswith(b"==\n"):
        ring.project_key("P" * next(lengths), create=True)
    file = ring.path.read_bytes()
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = letters[letters.index(file[-4]) ^ 1]
    ring.path.write_bytes(file[:-4] + bytes([other]) + file[-3:])
    with pytest.raises(KeyRingLocked):
        KeyRing.open(ring.path, PASSPHRASE)


def test_wrong_passphrase_and_every_altered_byte_read_the_same(ring: KeyRing) -> None:
    with pytest.raises(KeyRingLocked) as wrong:
        KeyRing.open(ring.path, "another passphrase")
    file = ring.path.read_bytes()
    nonce_and_names = range(0, len(file), 37)  # a sample; each open costs a stretching
    for place in nonce_and_names:
        altered = bytearray(file)
        altered[place] ^= 1
        ring.path.write_bytes(altered)
        with pytest.raises(KeyRingLocked) as tampered:
            KeyRing.open(ring.path, PASSPHRASE)
        assert str(tampered.value) == str(wrong.value)


@pytest.mark.parametrize(
    "content", [b"", b"hsr-keyring/v2\n", b"\x00" * 99, b"[]\n" * 4, b"{" * 99]
)
def test_what_is_no_key_ring_reads_like_a_wrong_passphrase(ring: KeyRing, content: bytes) -> None:
    ring.path.write_bytes(content)
    with pytest.raises(KeyRingLocked, match="wrong passphrase, or the file is not as it was"):
        KeyRing.open(ring.path, PASSPHRASE)


@pytest.mark.parametrize(
    ("field", "value"),
    [("memory_kib", 2**40), ("memory_kib", 8), ("cost", 3.0), ("lanes", "4"), ("name", "md5")],
)
def test_absurd_costs_in_the_header_are_not_tried(ring: KeyRing, field: str, value: object) -> None:
    name, head, body, rest = ring.path.read_bytes().split(b"\n")
    header = json.loads(head)
    header["locks"][0]["kdf" if field == "name" else field] = value
    head = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    ring.path.write_bytes(b"\n".join([name, head, body, rest]))
    with pytest.raises(KeyRingLocked):
        KeyRing.open(ring.path, PASSPHRASE)


def test_an_existing_ring_is_never_overwritten(ring: KeyRing) -> None:
    before = ring.path.read_bytes()
    with pytest.raises(OutputExists):
        KeyRing.create(
            ring.path, PASSPHRASE, registry_id="HJST", environment="test", stretching=QUICK
        )
    assert ring.path.read_bytes() == before
    assert [one.name for one in ring.path.parent.iterdir()] == ["ring"]


def test_a_missing_ring_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyRingMissing, match="no key ring at"):
        KeyRing.open(tmp_path / "nowhere", PASSPHRASE)
    with pytest.raises(KeyRingMissing, match="does not exist; make it first"):
        KeyRing.create(tmp_path / "no" / "ring", PASSPHRASE, registry_id="HJST", environment="test")


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyRingError, match="shorter than 12"):
        KeyRing.create(tmp_path / "ring", "hunter2", registry_id="HJST", environment="test")
    assert list(tmp_path.iterdir()) == []


def test_weak_stretching_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyRingError, match="below the floor"):
        KeyRing.create(
            tmp_path / "ring",
            PASSPHRASE,
            registry_id="HJST",
            environment="test",
            stretching=Stretching(cost=1, memory_kib=1024, lanes=1),
        )


def test_scrypt_serves_where_argon2id_does_not(tmp_path: Path) -> None:
    made = KeyRing.create(
        tmp_path / "ring", PASSPHRASE, registry_id="HJST", environment="test", stretching=SCRYPT
    )
    opened = KeyRing.open(tmp_path / "ring", PASSPHRASE)
    assert opened.info() == made.info()
    assert opened.info().stretching == SCRYPT


def test_each_write_draws_a_new_nonce(ring: KeyRing) -> None:
    nonces = {json.loads(ring.path.read_bytes().split(b"\n")[1])["nonce"]}
    for number in range(3):
        ring.project_key(f"P-{number}", create=True)
        nonces.add(json.loads(ring.path.read_bytes().split(b"\n")[1])["nonce"])
    assert len(nonces) == 4


def test_a_destroyed_project_never_gets_its_key_again(ring: KeyRing) -> None:
    ring.project_key("P-1", create=True)
    kept = ring.project_key("P-2", create=True)
    ring.destroy_project("P-1", now=NOON)
    for held in (ring, KeyRing.open(ring.path, PASSPHRASE)):
        with pytest.raises(KeyRingError, match="destroyed on 2026-11-23"):
            held.project_key("P-1", create=True)
        assert held.project_key("P-2") == kept
    with pytest.raises(KeyRingError, match="destroyed"):
        ring.destroy_project("P-1")
    with pytest.raises(KeyRingError, match="has no key"):
        ring.destroy_project("P-3")


def test_the_salt_of_a_destroyed_project_is_in_no_part_of_the_file(ring: KeyRing) -> None:
    ring.project_key("P-1", create=True)
    salt = base64.b64encode(ring.contents.projects[0].salt.unsafe_bytes())
    assert salt in ring._file.read()
    ring.destroy_project("P-1")
    assert salt not in ring._file.read()


def test_after_destruction_another_salt_gives_other_pseudonym_keys(tmp_path: Path) -> None:
    """The master key and all labels are the same; only the salt is not, and it is enough."""
    path = tmp_path / "ring"
    ring = KeyRing.create(
        path, PASSPHRASE, registry_id="HJST", environment="test", stretching=QUICK
    )
    backup = path.read_bytes()
    first = ring.project_key("P-1", create=True)
    path.write_bytes(backup)
    again = KeyRing.open(path, PASSPHRASE)
    assert again.register_key("event-key") == ring.register_key("event-key")
    assert again.project_key("P-1", create=True).unsafe_bytes() != first.unsafe_bytes()


def test_a_new_master_key_serves_new_projects_and_leaves_the_old_alone(ring: KeyRing) -> None:
    old = ring.project_key("P-1", create=True)
    old_register = ring.register_key("event-key")
    assert ring.add_master_key(now=NOON) == 2
    assert ring.project_key("P-1") == old
    assert ring.project_key("P-2", create=True).version == 2
    assert ring.register_key("event-key", version=1) == old_register
    assert ring.register_key("event-key").version == 2
    keys = ring.info().master_keys
    assert [(key.version, key.state) for key in keys] == [(1, "verify-only"), (2, "active")]
    with pytest.raises(KeyRingError, match="version 3"):
        ring.register_key("event-key", version=3)


def test_rewrapping_changes_the_passphrase_and_no_key(ring: KeyRing) -> None:
    key = ring.project_key("P-1", create=True)
    ring.rewrap("an entirely new passphrase", stretching=QUICK)
    with pytest.raises(KeyRingLocked):
        KeyRing.open(ring.path, PASSPHRASE)
    assert KeyRing.open(ring.path, "an entirely new passphrase").project_key("P-1") == key


def test_a_ring_rewrapped_by_another_process_must_be_opened_again(ring: KeyRing) -> None:
    KeyRing.open(ring.path, PASSPHRASE).rewrap("an entirely new passphrase", stretching=QUICK)
    before = ring.path.read_bytes()
    with pytest.raises(KeyRingLocked):
        ring.project_key("P-1", create=True)
    assert ring.path.read_bytes() == before


def test_two_open_rings_agree_on_a_salt_made_by_one_of_them(ring: KeyRing) -> None:
    other = KeyRing.open(ring.path, PASSPHRASE)
    made = ring.project_key("P-1", create=True)
    assert other.project_key("P-1") == made
    assert other.project_key("P-1", create=True) == made


def _make_projects(path: Path, name: str) -> None:
    ring = KeyRing.open(path, PASSPHRASE)
    for number in range(5):
        ring.project_key(f"{name}-{number}", create=True)
        ring.project_key(f"shared-{number}", create=True)


def test_processes_that_write_at_once_lose_nothing(ring: KeyRing) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=_make_projects, args=(ring.path, name)) for name in ("a", "b")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    names = [project.project_id for project in KeyRing.open(ring.path, PASSPHRASE).info().projects]
    assert sorted(names) == sorted(
        f"{name}-{number}" for name in ("a", "b", "shared") for number in range(5)
    )


def test_info_tells_what_may_be_told(ring: KeyRing) -> None:
    ring.project_key("P-1", create=True, now=NOON)
    info = ring.info()
    assert (info.registry_id, info.environment) == ("HJST", "test")
    assert info.created == "2026-11-23T12:00:00Z"
    assert info.projects == (ProjectInfo("P-1", "2026-11-23T12:00:00Z", 1),)
    assert info.destroyed == ()
    assert info.permissions_checked == (os.name == "posix")


def test_a_draft_changes_no_file_until_it_is_kept(ring: KeyRing) -> None:
    before = ring.path.read_bytes()
    ring.draft_project("P-2")
    drafted = ring.project_key("P-2")
    assert ring.path.read_bytes() == before
    ring.keep_drafts()
    assert KeyRing.open(ring.path, PASSPHRASE).project_key("P-2") == drafted


def test_a_draft_gives_way_to_a_salt_that_somebody_else_wrote(ring: KeyRing) -> None:
    ring.draft_project("P-2")
    written = KeyRing.open(ring.path, PASSPHRASE).project_key("P-2", create=True)
    with pytest.raises(KeyRingError, match="by somebody else in the meantime"):
        ring.keep_drafts()
    assert KeyRing.open(ring.path, PASSPHRASE).project_key("P-2") == written
