"""Witnesses: what left the house proves that the log still has the lines it had."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from hsr_privacy.errors import AuditBroken, DataError
from hsr_privacy.keys import AuditLog, KeyRing, Secret, SigningKey
from hsr_privacy.keys.audit_witnesses import Witness, confirm, read_witnesses


@pytest.fixture
def log(ring: KeyRing) -> AuditLog:
    log = AuditLog(ring)
    for number in range(3):
        log.record("release", {"rows": number})
    return log


def audit(log: AuditLog, number: int) -> dict[str, Any]:
    return {"number": number, "digest": log.entries()[number - 1].digest}


def as_file(path: Path, value: Any) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def test_a_line_is_found_wherever_a_file_names_one(log: AuditLog, tmp_path: Path) -> None:
    line = audit(log, 2)
    statement: dict[str, Any] = {
        "_type": "x",
        "predicate": {"id": "R", "share": 1e-7, "audit": line},
    }
    files = [
        as_file(tmp_path / "manifest.json", {"audit": line, "title": "Ås"}),
        as_file(tmp_path / "receipt.json", {"all": [1, {"audit": line}], "audit": "told"}),
    ]
    release, signed = tmp_path / "release.json", tmp_path / "signed.json"
    release.write_bytes(rfc8785.dumps(statement))
    key = SigningKey.of_seed(Secret(bytes(32)))
    envelope = key.sign_envelope("application/vnd.in-toto+json", release.read_bytes())
    signed.write_text(envelope, encoding="utf-8")
    for file in (*files, release, signed):
        found = read_witnesses(file)
        assert found == (Witness(file, 2, line["digest"]),)
        confirm(log.read(), found)


def test_a_folder_is_asked_for_its_manifest_and_receipts(log: AuditLog, tmp_path: Path) -> None:
    as_file(tmp_path / "data" / "manifest.json", {"audit": audit(log, 1)})
    as_file(tmp_path / "R-1.receipt.json", {"audit": audit(log, 3)})
    as_file(tmp_path / "risk.json", {"audit": audit(log, 2)})
    assert sorted(one.number for one in read_witnesses(tmp_path)) == [1, 3]


def test_every_file_that_contradicts_the_log_is_told(log: AuditLog, tmp_path: Path) -> None:
    kept = as_file(tmp_path / "kept.json", {"audit": audit(log, 1)})
    gone = as_file(tmp_path / "gone.json", {"audit": audit(log, 3)})
    other = as_file(tmp_path / "other.json", {"audit": {**audit(log, 1), "digest": "0" * 128}})
    log.path.write_bytes(b"".join(log.path.read_bytes().splitlines(keepends=True)[:2]))
    found = tuple(one for file in (kept, gone, other) for one in read_witnesses(file))
    with pytest.raises(AuditBroken) as told:
        confirm(log.read(), found)
    text = str(told.value)
    assert "kept.json" not in text
    assert "gone.json names a line that is not in the log" in text
    assert ":3: it is gone: the log was cut off after line 2" in text
    assert ":1: it is another one: the log was written anew" in text


def test_a_key_that_a_receipt_names_must_have_signed(log: AuditLog, tmp_path: Path) -> None:
    line = {**audit(log, 1), "key": log.public_key}
    confirm(log.read(), read_witnesses(as_file(tmp_path / "one.json", {"audit": line})))
    line["key"] = "hsr-sign-1:" + "A" * 44
    with pytest.raises(AuditBroken, match="names a public key under which no line"):
        confirm(log.read(), read_witnesses(as_file(tmp_path / "two.json", {"audit": line})))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no JSON",
        b'{"audit": {"digest": "00", "number": 1}}',
        b'{"audit": {"digest": "' + b"0" * 128 + b'", "number": true}}',
        b'{"audit": {"digest": "' + b"0" * 128 + b'", "number": 1, "other": 2}}',
        b'{"audit": {"digest": "' + b"0" * 128 + b'",\t"number": 1}}',
        b'{"audit": 1, "audit": {"digest": "' + b"0" * 128 + b'", "number": 1}}',
        b'{"payload": "e30", "payloadType": "x"}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_what_is_not_as_we_write_is_no_witness(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match="is not as this toolkit writes JSON"):
        read_witnesses(path)


def test_a_file_without_a_line_or_a_folder_without_files_is_told(tmp_path: Path) -> None:
    for place in (tmp_path, as_file(tmp_path / "a" / "x.json", {"audits": []})):
        with pytest.raises(DataError, match="names no line of an audit log; give"):
            read_witnesses(place)
    with pytest.raises(DataError, match="cannot be read: No such file"):
        read_witnesses(tmp_path / "none.json")
