"""`hsr verify PACKAGE` as recipients run it: what it prints, what it refuses, and how fast."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.keys.recipients import write_new_identity
from hsr_privacy.keys.signing import fingerprint
from hsr_privacy.packaging import Review, read_package, seal, seal_zip, short, sign_review
from tests.packages import ALONE, FACTS, FILES, NOW, PREDICATE, People, approved, prepared


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> People:
    return People.drawn(tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, people: People) -> Path:
    return approved(tmp_path_factory.mktemp("original") / "package", people)


@pytest.fixture
def here(tmp_path: Path, original: Path, people: People, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a package, the same sealed, and the keys of who signed it."""
    shutil.copytree(original, tmp_path / "package")
    given: dict[str, Any] = {"name": "p", "receipt": FACTS, "signer": people.producer}
    seal(read_package(original), tmp_path / "sealed", recipients=[people.recipient], **given)
    lines = [f"{people.producer.public_key}  # Kari", "", people.approver.public_key]
    (tmp_path / "keys.txt").write_text("\n".join(lines))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_keys_it_says_who_signed_and_what_to_compare(
    here: Path, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", "package"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    size = sum(path.stat().st_size for path in (here / "package").rglob("*") if path.is_file())
    producer, reviewer, approver = (
        short(fingerprint(one.public_key))
        for one in (people.producer, people.reviewer, people.approver)
    )
    assert said.out.splitlines() == [
        f"package: release test-2026-1, 12 file(s), {size} bytes",
        f"produced by {producer}",
        f"reviewed by {reviewer}: approve, 2026-03-02T10:30:00Z",
        "  says: Lest og i orden.",
        f"approved by {approver}, 2026-03-02T10:30:00Z",
        "  accepts R-small-cells: agreed with the hospital",
        "every byte is as it was signed",
        (
            "compare who signed with what you were told another way, or give --public-key: whoever "
            "changes a package can sign it with a key of their own"
        ),
    ]


def test_with_keys_it_says_whose_they_are(
    here: Path, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = ["--public-key", people.producer.public_key, "--public-key", people.approver.public_key]
    assert run(["verify", "package", *keys]) == 0
    assert run(["verify", "package", "--keys", "keys.txt"]) == 0
    said = capsys.readouterr().out
    assert said.count("(a key that you gave)") == 4
    assert said.count("(not among yours)") == 2
    assert "compare who signed" not in said


def test_who_did_not_sign_is_said_with_28(
    here: Path, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = people.stranger.public_key
    assert run(["verify", "package", "--keys", "keys.txt", "--public-key", stranger]) == 28
    said = capsys.readouterr()
    name = short(fingerprint(stranger))
    assert f"package: {name}, whose key you gave, has not signed it" in said.err
    assert "every byte" not in said.out
    prepared(here / "draft", people.producer)
    assert run(["verify", "draft"]) == 28
    assert "nobody has approved this package; do not use it before" in capsys.readouterr().err


def test_what_was_changed_is_said_with_27_a_line_each(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "package/data/extract.csv").write_text("alder\ncanary\n")
    (here / "package/report.html").unlink()
    assert run(["verify", "package"]) == 27
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "hsr: package is not what was signed: 2 problem(s); do not use it",
        "  data/extract.csv: it is changed; ask for the package again",
        "  report.html: it is missing; ask for the package again",
    ]
    assert "canary" not in said.out + said.err
    assert run(["verify", "package", "--json"]) == 27
    told = json.loads(capsys.readouterr().out)
    assert [one["file"] for one in told["faults"]] == ["data/extract.csv", "report.html"]
    assert told["holds"] is False


def test_a_sealed_package_is_told_by_its_receipt_and_opened_by_its_identity(
    here: Path, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", "sealed/p.tar.age"]) == 0
    said = capsys.readouterr().out
    assert "receipt for release test-2026-1, sealed 2026-03-02" in said
    assert "to be deleted by 2031-12-31" in said
    assert "not opened; give --identity" in said
    assert "it is as it was sealed" in said
    keys = ["--keys", "keys.txt", "--identity", str(people.identity)]
    before = sorted(here.rglob("*"))
    assert run(["verify", "sealed/p.tar.age", *keys]) == 0
    assert "every byte is as it was signed" in capsys.readouterr().out
    assert sorted(here.rglob("*")) == before
    (here / "sealed/p.receipt.json").rename(here / "r.json")
    assert run(["verify", "sealed/p.tar.age", "--receipt", "r.json"]) == 0
    assert run(["verify", "sealed/p.tar.age"]) == 27
    assert "give --receipt, or what opens it" in capsys.readouterr().err


def test_somebody_elses_package_exits_with_15(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_new_identity(here / "mine")
    assert run(["verify", "sealed/p.tar.age", "--identity", "mine"]) == 15
    said = capsys.readouterr()
    assert "it is as its receipt says, and was sealed to somebody else" in said.err
    assert (here / "mine").read_text().splitlines()[-1] not in said.err
    whole = (here / "sealed/p.tar.age").read_bytes()
    (here / "sealed/p.tar.age").write_bytes(whole[: len(whole) // 2])
    assert run(["verify", "sealed/p.tar.age", "--identity", "mine"]) == 27


def test_a_zip_is_opened_by_its_passphrase(
    here: Path, original: Path, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    given: dict[str, Any] = {"name": "z", "receipt": FACTS, "signer": people.producer}
    seal_zip(read_package(original), here / "zipped", passphrase_file=here / "word", **given)
    keys = ["--keys", "keys.txt", "--passphrase-file"]
    assert run(["verify", "zipped/z.zip", *keys, "word"]) == 0
    assert "every byte is as it was signed" in capsys.readouterr().out
    (here / "other").write_text("another passphrase\n")
    (here / "other").chmod(0o600)
    assert run(["verify", "zipped/z.zip", *keys, "other"]) == 15
    assert "not the passphrase that sealed it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["package/data/extract.csv"], 2, "Missing option '--quasi-identifiers' / '-q'"),
        (["package/data/extract.csv"], 2, "To verify a package, give its folder"),
        (["nowhere"], 2, "there is nothing at nowhere"),
        (["package", "--k", "5"], 2, "--k says nothing of a package"),
        (["package", "--delimiter", ","], 2, "--delimiter says nothing of a package"),
        (
            ["package/data/extract.csv", "-q", "alder", "--public-key", "x"],
            2,
            "--public-key says nothing of a table",
        ),
        (["package/data"], 27, "release.json: it is missing, so this is no package"),
        (["package", "--public-key", "ssh-ed25519 AAAA"], 13, "this is no public signing key"),
        (["package", "--keys", "package/data/datapackage.json"], 13, "no public signing key"),
        (["package", "--keys", "nowhere"], 13, "nowhere cannot be read"),
        (["package", "--keys", "empty.txt"], 13, "holds no public key"),
        (["sealed/p.tar.age", "--identity", "nowhere"], 13, "no age identity at nowhere"),
        (["sealed/p.tar.age", "--receipt", "nowhere"], 27, "there is no such receipt"),
        (["sealed/p.receipt.json"], 2, "To verify a package, give its folder"),
    ],
)
def test_a_refusal_says_what_to_do(
    here: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    text: str,
) -> None:
    (here / "empty.txt").write_text("# nobody yet\n")
    assert run(["verify", *arguments]) == code
    said = capsys.readouterr()
    assert text in said.err
    assert "Traceback" not in said.err


def test_a_table_is_still_counted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "package/data/extract.csv", "-q", "alder"]) == 0
    assert "2 row(s) in 2 class(es), k = 1" in capsys.readouterr().out


def test_one_person_is_said_aloud(
    here: Path, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared(here / "demo", people.producer, predicate={**PREDICATE, **ALONE})
    assert run(["verify", "demo"]) == 0
    assert "made by ONE PERSON" in capsys.readouterr().out


def test_one_person_with_real_data_is_said_with_28(
    here: Path, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    for at, application in enumerate([{}, {"environment": "production"}]):
        said = {**PREDICATE, **ALONE, "application": application}
        prepared(here / f"demo-{at}", people.producer, predicate=said)
        assert run(["verify", f"demo-{at}"]) == 28
        assert "only with test data" in capsys.readouterr().err


def test_what_a_reviewer_wrote_is_never_a_line_of_its_own(
    here: Path, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "Ok." + " " * 70 + "approved by 9f86 d081 " + "every byte is as it was signed " * 6
    folder = prepared(here / "p", people.producer)
    sign_review(folder, Review("review", "approve", text), people.reviewer, now=NOW)
    sign_review(folder, Review("approval", "approve", "accepts G6: x"), people.approver, now=NOW)
    assert run(["verify", "p"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(one.startswith("every byte") for one in lines) == 1
    assert sum(one.lstrip().startswith("approved by") for one in lines if one[:4] != "    ") == 1
    assert "  says: accepts G6: x" in lines
    assert max(len(one) for one in lines if one.startswith("  ")) <= 78


def test_20_mb_in_25_files_are_verified_in_under_2_seconds_of_cpu(
    tmp_path: Path, people: People
) -> None:
    files = {**FILES, **{f"data/part-{at}.csv": f"{at}" * 1_000_000 for at in range(10, 20)}}
    files |= {f"page-{at}.html": "x" for at in range(6)}
    package = approved(tmp_path / "p", people, files=files)
    assert sum(path.is_file() for path in package.rglob("*")) >= 25
    before = os.times()
    command = "import sys; from hsr_privacy.cli import main; main(sys.argv[1:])"
    subprocess.run(
        [sys.executable, "-c", command, "verify", str(package)], check=True, capture_output=True
    )
    after = os.times()
    spent = after.children_user + after.children_system
    assert spent - before.children_user - before.children_system < 2
