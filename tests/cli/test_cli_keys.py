"""`hsr keys`: what each keeper of a key ring does, with good and bad input."""

from __future__ import annotations

import json
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.cli.main import run
from tests.desk import Desk

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def keys(tmp_path: Path, capfd: Capture) -> Path:
    """A folder with a key ring and its passphrase."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    assert (
        hsr("new", folder / "ring", "--environment", "test", "--generate-passphrase", of=folder)
        == 0
    )
    capfd.readouterr()
    return folder


def hsr(*arguments: object, of: Path, passphrase: str = "passphrase") -> int:
    return run(["keys", *map(str, arguments), "--passphrase-file", str(of / passphrase)])


def info(keys: Path, capfd: Capture, passphrase: str = "passphrase") -> dict[str, Any]:
    capfd.readouterr()
    assert hsr("info", keys / "ring", "--json", of=keys, passphrase=passphrase) == 0
    shown: dict[str, Any] = json.loads(capfd.readouterr().out)
    return shown


def test_a_new_ring_is_private_and_shows_its_check_value(tmp_path: Path, capfd: Capture) -> None:
    tmp_path.chmod(0o700)
    arguments = ("new", tmp_path / "ring", "--environment", "test", "--generate-passphrase")
    assert hsr(*arguments, of=tmp_path) == 0
    assert re.search(r"check value of its master key: [0-9a-f]{10}\n", capfd.readouterr().out)
    assert (tmp_path / "ring").stat().st_mode & 0o777 == 0o600
    assert hsr(*arguments, of=tmp_path) == 31


def test_a_backup_is_verified_until_something_is_added(keys: Path, capfd: Capture) -> None:
    assert info(keys, capfd)["backup"] is None
    shutil.copy2(keys / "ring", keys / "copy")
    assert hsr("verify-backup", keys / "ring", keys / "copy", of=keys) == 0
    assert "1 master keys and 0 projects" in capfd.readouterr().out
    assert info(keys, capfd)["backup_is_fresh"] is True
    assert hsr("rekey", keys / "ring", of=keys) == 0
    assert info(keys, capfd)["backup_is_fresh"] is False
    assert hsr("verify-backup", keys / "ring", keys / "copy", of=keys) == 13
    assert "it lacks master key 2" in capfd.readouterr().err
    assert hsr("verify-backup", keys / "ring", keys / "ring", of=keys) == 13


def test_a_release_reminds_of_the_backup_until_there_is_one(desk: Desk, capfd: Capture) -> None:
    assert run(desk.arguments()) == 0
    assert "see hsr keys verify-backup" in capfd.readouterr().err
    copy = desk.folder / "copy"
    shutil.copy2(desk.ring, copy)
    word = ("--passphrase-file", str(desk.ring.parent / "word"))
    assert run(["keys", "verify-backup", str(desk.ring), str(copy), *word]) == 0
    arguments = desk.arguments()
    arguments[arguments.index("--out") + 1] += "-2"
    capfd.readouterr()
    assert run(arguments) == 0
    assert "verify-backup" not in capfd.readouterr().err


def test_rewrap_gives_a_new_passphrase_and_keeps_every_key(keys: Path, capfd: Capture) -> None:
    before = info(keys, capfd)
    new = ("--generate-passphrase", "--new-passphrase-file", keys / "second")
    assert hsr("rewrap", keys / "ring", *new, of=keys) == 0
    assert hsr("info", keys / "ring", of=keys) == 15
    assert info(keys, capfd, "second")["master_keys"] == before["master_keys"]


def test_shares_open_a_ring_whose_passphrase_is_lost(keys: Path, capfd: Capture) -> None:
    before = info(keys, capfd)
    sheets = keys / "sheets"
    quorum = ("--threshold", "2", "--shares", "3", "--out", sheets)
    assert hsr("split", keys / "ring", *quorum, of=keys) == 0
    printed = capfd.readouterr()
    assert len(printed.out.splitlines()) == 3
    (keys / "passphrase").unlink()
    given = [f"--share={sheets / f'share-{number}-of-3.txt'}" for number in (3, 1)]
    new = (*given, "--generate-passphrase")
    assert hsr("join", keys / "ring", given[0], "--generate-passphrase", of=keys) == 13
    assert hsr("join", keys / "ring", *new, of=keys, passphrase="second") == 0
    assert info(keys, capfd, "second")["master_keys"] == before["master_keys"]


def test_words_never_stand_in_what_is_printed(keys: Path, capfd: Capture) -> None:
    quorum = ("--threshold", "2", "--shares", "2", "--out", keys / "sheets")
    assert hsr("split", keys / "ring", *quorum, of=keys) == 0
    said = capfd.readouterr()
    words = re.findall(r"\d+\. (\w+)", (keys / "sheets" / "share-1-of-2.txt").read_text())
    assert len(words) == 33
    # One word may stand in a message by chance; two behind each other are of the share.
    printed = " ".join(re.findall(r"\w+", said.out + said.err))
    assert not any(f"{one} {two}" in printed for one, two in pairwise(words))


def test_a_shredded_project_is_gone_for_good(keys: Path, capfd: Capture) -> None:
    from hsr_privacy.keys import KeyRing, read_passphrase_file

    secret = read_passphrase_file(keys / "passphrase")
    KeyRing.open(keys / "ring", secret).project_key("P-1", create=True)
    assert hsr("shred", keys / "ring", "--project", "P-9", of=keys) == 13
    assert hsr("shred", keys / "ring", "--project", "P-1", of=keys) == 0
    assert "replace every copy" in capfd.readouterr().out
    assert hsr("shred", keys / "ring", "--project", "P-1", of=keys) == 13
    assert [name for name, _ in info(keys, capfd)["destroyed"]] == ["P-1"]


def test_every_use_is_recorded_and_the_record_verified(keys: Path, capfd: Capture) -> None:
    assert hsr("rekey", keys / "ring", of=keys) == 0
    capfd.readouterr()
    assert hsr("audit", keys / "ring", "--json", of=keys) == 0
    lines = json.loads(capfd.readouterr().out)
    assert [(entry["act"], entry["step"]) for entry in lines] == [
        ("keys.new", "done"),
        ("keys.rekey", "begun"),
        ("keys.rekey", "committed"),
    ]
    assert lines[-1]["details"]["key_version"] == 2
    assert hsr("shred", keys / "ring", "--project", "P-9", of=keys) == 13
    capfd.readouterr()
    assert hsr("audit", keys / "ring", "--json", of=keys) == 0
    *_, last = json.loads(capfd.readouterr().out)
    assert (last["act"], last["step"]) == ("keys.shred", "abandoned")
    assert last["details"] == {"reason": "KeyRingError"}
    log = keys / "ring.audit.jsonl"
    log.write_bytes(log.read_bytes().replace(b"keys.rekey", b"keys.split"))
    assert hsr("audit", keys / "ring", of=keys) == 17
    assert ":2: it is not as it was written" in capfd.readouterr().err


def test_people_make_keys_and_a_ring_trusts_their_public_halves(keys: Path, capfd: Capture) -> None:
    assert (
        hsr(
            "signing-key", keys / "kari", "--generate-passphrase", of=keys, passphrase="kari-secret"
        )
        == 0
    )
    public = capfd.readouterr().out.strip()
    assert public.startswith("hsr-sign-1:")
    assert hsr("trust", keys / "ring", public, "--name", "Kari", of=keys) == 0
    assert info(keys, capfd)["people"] == ["Kari"]
    assert hsr("trust", keys / "ring", public, "--name", "Kari again", of=keys) == 13
    assert hsr("trust", keys / "ring", "nonsense", "--name", "Ola", of=keys) == 13
    assert hsr("distrust", keys / "ring", "--name", "Ola", of=keys) == 13
    assert hsr("distrust", keys / "ring", "--name", "Kari", of=keys) == 0
    assert info(keys, capfd)["people"] == []


def test_a_recipient_opens_what_was_sealed_to_it(keys: Path, capfd: Capture) -> None:
    from hsr_privacy.keys.recipients import seal_to

    assert run(["keys", "recipient", str(keys / "me")]) == 0
    recipient = capfd.readouterr().out.strip()
    (keys / "sealed").write_bytes(seal_to([recipient], b"content"))
    out = ["--identity", str(keys / "me"), "--out", str(keys / "opened")]
    assert run(["keys", "open", str(keys / "sealed"), *out]) == 0
    assert (keys / "opened").read_bytes() == b"content"
    assert (keys / "opened").stat().st_mode & 0o777 == 0o600
    assert run(["keys", "open", str(keys / "sealed"), *out]) == 31
    assert run(["keys", "open", str(keys / "nowhere"), *out]) == 12


def test_wrong_usage_is_told_before_anything_is_asked(keys: Path, capfd: Capture) -> None:
    label = ("--token-label", "t")
    new = ("new", keys / "other", "--environment", "test")
    assert hsr(*new, *label, of=keys) == 2
    assert hsr(*new, "--custody", "token", of=keys) == 2
    assert run(["keys", *map(str, new), "--generate-passphrase"]) == 2
    assert run(["keys", *map(str, new)]) == 13
    assert "name a file with --passphrase-file" in capfd.readouterr().err
    assert not (keys / "other").exists()
