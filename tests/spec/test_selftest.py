"""The self-test passes here, and fails as soon as one thing computes otherwise."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.errors import HsrError
from hsr_privacy.pseudonymization import selftest as module
from hsr_privacy.pseudonymization.selftest import refuse_failed, selftest
from hsr_privacy.pseudonymization.selftest_text import report

Capture = pytest.CaptureFixture[str]
DAY = dt.date(2026, 11, 23)


def test_every_vector_passes_on_this_machine() -> None:
    result = selftest(today=DAY)
    assert result.passed
    assert {group.name: group.vectors for group in result.groups} == {
        "hmac-sha256": 7,
        "aes-cmac": 8,
        "hkdf-sha256": 3,
        "aes-siv": 2,
        "aes-gcm": 4,
        "argon2id": 1,
        "slip-39": 8,
        "x25519": 1,
        "ed25519": 3,
        "fodselsnummer-2032": 12,
        "pseudonym": 10,
        "hmac-sha256-128 of a column": 10_000,
        "aes256-cmac of a column": 10_000,
    }


@pytest.mark.parametrize(
    "name", ["AESSIV", "AESGCM", "HMAC", "CMAC", "HKDF", "Argon2id", "X25519PrivateKey"]
)
def test_a_library_that_raises_has_failed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> Any:
        raise RuntimeError("broken")

    kept = getattr(module, name)
    replacement = broken if name != "X25519PrivateKey" else type("Broken", (), {})
    monkeypatch.setattr(module, name, replacement)
    if name in {"HMAC", "CMAC"}:  # the comparison of columns needs them
        monkeypatch.setattr(module, "_column", lambda _algorithm: module.Tested("", "", "", 1, 1))
    result = selftest()
    assert not result.passed
    with pytest.raises(HsrError, match="the self-test failed at"):
        refuse_failed(result)
    assert kept


def test_one_wrong_bit_in_a_column_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = module._COLUMNS["aes256-cmac"]

    def one_row_off(first: bytes, last: Any, secret: bytes) -> Any:
        made = plain(first, last, secret).copy()
        made[-1, 0] ^= 1
        return made

    monkeypatch.setitem(module._COLUMNS, "aes256-cmac", one_row_off)
    failed = [group for group in selftest().groups if group.vectors != group.passed]
    assert [(group.name, group.passed) for group in failed] == [("aes256-cmac of a column", 9_999)]


def test_the_report_fits_into_an_assessment_and_says_what_it_does_not_show() -> None:
    text = report(selftest(today=DAY))
    assert "Bestått: 20,059 av 20,059" in text
    assert "This is no FIPS validation" in text
    assert "24 bit" in text
    assert len(text.splitlines()) < 60


def test_the_command_writes_the_report_once(tmp_path: Path, capfd: Capture) -> None:
    out = tmp_path / "selftest.md"
    assert run(["keys", "selftest", "--out", str(out)]) == 0
    assert f"all passed; report: {out}" in capfd.readouterr().out
    assert "RFC 4231" in out.read_text(encoding="utf-8")
    assert run(["keys", "selftest", "--out", str(out)]) == 31
    capfd.readouterr()
    assert run(["keys", "selftest", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["passed"] is True


def test_a_failed_self_test_has_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capfd: Capture
) -> None:
    monkeypatch.setattr(module, "_x25519", lambda _case: False)
    checks = {**module._CHECKS, "x25519": ("", lambda _case: False)}
    monkeypatch.setattr(module, "_CHECKS", checks)
    assert run(["keys", "selftest"]) == 1
    assert "failed at x25519: make no pseudonyms on this machine" in capfd.readouterr().err
