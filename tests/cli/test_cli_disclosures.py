"""`hsr register list`, `due`, `who` and their like: what left is accounted for, and nobody is named."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import platform
import re
import shlex
import shutil
import stat
import subprocess
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.composition import digests_kept, keep, kept
from hsr_privacy.configs import shipped
from hsr_privacy.disclosures import DisclosureRegister, place_of
from hsr_privacy.keys import AuditLog, KeyRing
from hsr_privacy.keys.recipients import open_sealed
from hsr_privacy.registry import sketches_folder
from tests.desk import HSR, PASSPHRASE, Desk
from tests.disclosing import entry
from tests.reading_pages import shown
from tests.registered import Registered

Capture = pytest.CaptureFixture[str]


def hsr(world: Registered, *arguments: str) -> int:
    keyring = ("--keyring", str(world.ring.path), "--passphrase-file", str(world.word))
    return run(["register", *arguments, *keyring])


def test_what_left_is_listed_exported_and_verified(registered: Registered, capfd: Capture) -> None:
    assert hsr(registered, "list") == 0
    told = capfd.readouterr().out
    assert "c-1-1  2026-11-03  released\n    to     Universitetet i Eksempelby (NO), by TSD" in told
    assert "deleted 2027-01-01; kept to 2036-11-07" in told
    assert hsr(registered, "list", "--json") == 0
    rows = json.loads(capfd.readouterr().out)
    assert [row["id"] for row in rows] == [f"c-{n}-1" for n in (1, 2, 3, 5, 6)]
    assert rows[0]["retain_until"] == "2036-11-03"
    assert hsr(registered, "export") == 0
    held = list(csv.DictReader(io.StringIO(capfd.readouterr().out), delimiter=";"))
    assert [row["id"] for row in held] == [f"c-{n}-1" for n in (1, 2, 3, 5)]
    assert held[0]["national"] == "helseregisterloven § 19 a"
    assert hsr(registered, "export", "--format", "json") == 0
    assert [row["id"] for row in json.loads(capfd.readouterr().out)] == [row["id"] for row in held]
    assert hsr(registered, "verify") == 0
    assert "5 rows are what 10 changes made them" in capfd.readouterr().out


def test_a_case_goes_from_its_application_to_its_invoice(
    registered: Registered, tmp_path: Path, capfd: Capture
) -> None:
    project = tmp_path / "project.yaml"
    shutil.copyfile(shipped("configs", "projects", "bystander-cpr-survival.yaml"), project)
    assert hsr(registered, "receive", str(project)) == 0
    assert capfd.readouterr().out == "HDS-2026-0417: to be answered by 2026-03-26\n"
    worked = ("--hours", "3.5", "--what", "Preparation", "--on", "2026-03-04")
    assert hsr(registered, "hours", "HDS-2026-0417", *worked) == 0
    assert "3.5 hours entered, 3.5 in all" in capfd.readouterr().out
    assert hsr(registered, "invoice", "HDS-2026-0417") == 0
    assert "4025,00 kr" in capfd.readouterr().out
    assert hsr(registered, "invoice", "HDS-2026-0417", "--format", "csv") == 0
    assert ";3,50;1150,00;4025,00" in capfd.readouterr().out
    assert hsr(registered, "due", "--json") == 0
    begun, first = json.loads(capfd.readouterr().out)[:2]
    assert (begun["duty"], begun["subject"]) == ("sealing", "c-6-1")
    assert (first["duty"], first["day"], first["is_overdue"]) == ("answer", "2026-03-26", True)
    refused = ("--on", "2026-03-20", "--outcome", "refused, letter 12")
    assert hsr(registered, "answer", "HDS-2026-0417", *refused) == 0
    capfd.readouterr()
    assert hsr(registered, "due") == 0
    assert "HDS-2026-0417" not in capfd.readouterr().out


def test_recipients_who_must_delete_are_reminded_until_they_confirm(
    registered: Registered, tmp_path: Path, capfd: Capture
) -> None:
    letters = tmp_path / "letters"
    assert hsr(registered, "due", "--within", "3650", "--letters", str(letters)) == 0
    told = capfd.readouterr().out
    assert re.search(r"2031-06-30  c-1-1  Universitetet i Eksempelby: The recipient must", told)
    assert sorted(one.name for one in letters.iterdir()) == [
        f"reminder-c-{n}-1.html" for n in (1, 2, 3)
    ]
    page = (letters / "reminder-c-1-1.html").read_text(encoding="utf-8")
    assert "must be deleted by 2031-06-30" in shown(page, "en")
    day = dt.datetime.now().astimezone().date()
    later = ("--on", str(day + dt.timedelta(days=1)), "--by", "Kari", "--reference", "letter 9")
    assert hsr(registered, "confirm-deletion", "c-1-1", *later) == 2
    assert "that day has not come yet" in capfd.readouterr().err
    confirmed = ("--on", str(day), "--by", "Kari", "--reference", "letter 9")
    assert hsr(registered, "confirm-deletion", "c-1-1", *confirmed) == 0
    assert hsr(registered, "confirm-deletion", "c-1-1", *confirmed) == 19
    assert "is 'deleted', and cannot be confirmed as deleted" in capfd.readouterr().err
    assert hsr(registered, "due", "--within", "3650", "--json") == 0
    assert "c-1-1" not in [
        row["subject"] for row in json.loads(capfd.readouterr().out) if row["duty"] == "deletion"
    ]


def test_a_person_is_told_which_releases_hold_them_and_nobody_else_learns_who_asked(
    registered: Registered, tmp_path: Path, capfd: Capture
) -> None:
    a, b, *_ = registered.numbers
    out = tmp_path / "answer"
    asked = ("--person-file", str(registered.file(b)), "--out", str(out), "--withdraw")
    assert hsr(registered, "who", *asked, "--received", "2026-11-30") == 0
    told = capfd.readouterr()
    assert "2026-11-03  Universitetet i Eksempelby\n    c-1-1, released; research" in told.out
    assert "3 of 6 releases hold the person" in told.out
    assert "cannot be told: 2026-11-05" in told.out
    assert "chance of at most 2e-38" in told.err
    assert "to be answered by 2026-12-30, or by 2027-03-01" in told.err
    assert "the notice to Universitetet i Eksempelby is not sealed" in told.err
    assert sorted(one.name for one in out.iterdir()) == [
        "answer.html",
        "notice-c-1-1.html",
        "notice-c-2-1.html.age",  # a key is known; and the recipient of 5 has deleted it
    ]
    assert {stat.S_IMODE(one.stat().st_mode) for one in out.iterdir()} == {0o600}
    letter = (out / "answer.html").read_text(encoding="utf-8")
    assert "Antall utleveringer med opplysninger om deg: 3" in shown(letter, "nb")
    notice = (out / "notice-c-1-1.html").read_text(encoding="utf-8")
    sealed = open_sealed((out / "notice-c-2-1.html.age").read_bytes(), registered.identity).decode()
    assert registered.pseudonyms[1] in notice
    assert registered.pseudonyms[2] in sealed
    line = AuditLog(registered.ring).entries()[-1]
    assert line.act == "register.who"
    assert line.details == {"releases": 6, "holding": 3, "untold": 1, "notices": 2}
    everywhere = told.out + told.err + letter + str(dict(line.details))
    with registered.identities() as store:
        key = store.person(b)
    assert key is not None
    for secret in (a, b, *registered.pseudonyms, key.hex()):
        assert secret not in everywhere
    assert b not in notice + sealed


def test_who_is_never_seen_is_told_so(
    registered: Registered, tmp_path: Path, capfd: Capture
) -> None:
    who = ("who", "--person-file", str(registered.file("30908299902")))
    assert hsr(registered, *who, "--out", str(tmp_path / "out")) == 0
    told = capfd.readouterr()
    assert "the register has never seen this identifier" in told.out
    assert "30908299902" not in told.out + told.err
    page = (tmp_path / "out" / "answer.html").read_text(encoding="utf-8")
    assert "None of the releases" in shown(page, "en")
    assert hsr(registered, *who, "--json") == 0
    assert json.loads(capfd.readouterr().out) == {"known": False, "releases": []}


def test_where_the_project_s_key_is_destroyed_no_notice_can_be_written(
    registered: Registered, tmp_path: Path, capfd: Capture
) -> None:
    registered.ring.destroy_project("C-1")
    asked = ("--person-file", str(registered.file(registered.numbers[0])))
    assert hsr(registered, "who", *asked, "--withdraw", "--out", str(tmp_path / "out")) == 0
    said = capfd.readouterr().err
    assert "no notice for the release of 2026-11-03" in said
    assert "no notice for the release of 2026-11-06" in said  # which the register does not know
    names = sorted(one.name for one in (tmp_path / "out").iterdir())
    assert names == ["answer.html", "notice-c-6-1.html"]


@pytest.mark.parametrize(
    ("numbers", "code", "said"),
    [
        (("12345",), 12, "line 1: it has the wrong number of digits"),
        (("30908299902", "30908299902"), 12, "has 2 identifiers; ask for one person at a time"),
    ],
)
def test_one_person_is_asked_for_at_a_time(
    registered: Registered, capfd: Capture, numbers: tuple[str, ...], code: int, said: str
) -> None:
    assert hsr(registered, "who", "--person-file", str(registered.file(*numbers))) == code
    told = capfd.readouterr()
    assert said in told.err
    assert not any(one in told.out + told.err for one in numbers)


def test_an_identifier_is_asked_for_at_a_terminal_only(
    registered: Registered, capfd: Capture
) -> None:
    assert hsr(registered, "who") == 12
    assert "name a private file with --person-file" in capfd.readouterr().err
    assert hsr(registered, "who", "--withdraw") == 2
    shared = registered.file(registered.numbers[0])
    shared.chmod(0o644)
    assert hsr(registered, "who", "--person-file", str(shared)) == 14


def test_a_person_settles_what_was_only_begun_unless_its_folder_is_at_hand(
    registered: Registered, tmp_path: Path, capfd: Capture
) -> None:
    assert hsr(registered, "due", "--within", "0") == 0
    assert "c-6-1" in capfd.readouterr().out.splitlines()[0]
    at_hand, gone = tmp_path / "delivered", tmp_path / "gone"
    at_hand.mkdir()
    with DisclosureRegister(place_of(registered.ring, None), registered.ring) as register:
        register.begin(entry("x-1", place=str(at_hand), host=platform.node()))
        register.begin(entry("x-2", place=str(at_hand), host="another machine"))
        register.begin(entry("x-3", place=str(gone), host=platform.node()))
    said = ("--reason", "nothing in the share")
    assert hsr(registered, "settle", "x-1", "--as", "abandoned", *said) == 19
    assert "may have left: hsr release status finds out" in capfd.readouterr().err
    assert hsr(registered, "settle", "x-2", "--as", "abandoned", *said) == 0
    assert hsr(registered, "settle", "x-3", "--as", "abandoned", *said) == 0
    number = registered.numbers[0]
    assert hsr(registered, "settle", "x-1", "--as", "released", "--reason", f"of {number}") == 26
    assert number not in "".join(capfd.readouterr())
    assert hsr(registered, "settle", "x-1", "--as", "released", "--reason", "letter 4") == 0
    told = capfd.readouterr()
    assert told.out == "x-1: released\n"
    assert "its membership sketch is not here" in told.err
    assert hsr(registered, "settle", "x-1", "--as", "abandoned", *said) == 19
    assert "is 'released', and cannot be settled" in capfd.readouterr().err
    assert hsr(registered, "list", "--all", "--json") == 0
    rows = {row["id"]: row for row in json.loads(capfd.readouterr().out)}
    assert (rows["x-1"]["state"], rows["x-1"]["settled_why"]) == ("released", "letter 4")
    assert (rows["x-3"]["state"], rows["x-3"]["settled_why"]) == ("abandoned", said[1])
    assert hsr(registered, "verify") == 0


def test_what_is_settled_as_released_is_among_what_later_releases_are_compared_with(
    registered: Registered, capfd: Capture
) -> None:
    sketches = sketches_folder(registered.ring)
    digest = "cd" * 32
    kept_before = next(iter(kept(sketches, registered.ring)))
    keep(kept_before.under(digest), sketches / "prepared", registered.ring)
    with DisclosureRegister(place_of(registered.ring, None), registered.ring) as register:
        register.begin(entry("x-1", manifest_sha256=digest))
    assert hsr(registered, "settle", "x-1", "--as", "released", "--reason", "letter 4") == 0
    assert "sketch is not here" not in capfd.readouterr().err
    assert digest in digests_kept(sketches)


def test_a_lost_register_is_missed_and_another_one_begun_only_where_asked_for(
    registered: Registered, capfd: Capture
) -> None:
    place = place_of(registered.ring, None)
    assert isinstance(place, Path)
    assert hsr(registered, "new") == 19
    place.unlink()
    for reading in ("list", "verify", "export", "due"):
        assert hsr(registered, reading) == 19
        assert "hsr register new" in capfd.readouterr().err
    assert not place.exists()
    assert hsr(registered, "new") == 0
    told = capfd.readouterr()
    assert f"a new disclosure register: {place}" in told.out
    assert "the audit log has 4 releases that are not in it" in told.err
    assert hsr(registered, "list") == 0
    assert capfd.readouterr().out == "0 releases\n"


def test_a_register_of_another_version_is_refused_and_one_of_this_needs_no_upgrade(
    registered: Registered, capfd: Capture
) -> None:
    assert hsr(registered, "upgrade") == 0
    assert "it has version 3 already" in capfd.readouterr().out
    elsewhere = ("--register", str(registered.word.with_name("none.sqlite")))
    assert hsr(registered, "upgrade", *elsewhere) == 19
    assert hsr(registered, "list", "--register", "postgresql://r:geheim@127.0.0.1/x") == 14
    assert "geheim" not in capfd.readouterr().err


def test_the_notice_of_a_real_release_names_a_person_of_it(
    released: Desk, tmp_path: Path, capfd: Capture
) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(released.folder, folder)
    desk = Desk(folder)
    ring = KeyRing.open(desk.ring, PASSPHRASE)
    _entered(desk, ring)
    delivered = pl.concat(
        [
            pl.read_csv(path, separator=";", infer_schema=False, encoding="utf8-lossy")
            .select(pl.col("^(?i)fnr$").alias("fnr"))
            .drop_nulls()
            for path in sorted(desk.deliveries.iterdir())
            if path.suffix == ".csv"
            and "fnr" in path.read_text("utf8", "replace")[:2000].casefold()
        ]
    )
    pseudonyms = set(pl.read_parquet(desk.out / "data" / "extract.parquet")["person_lnr"])
    asked = desk.ring.parent / "asked"
    word = ("--keyring", str(desk.ring), "--passphrase-file", str(desk.ring.parent / "word"))
    held = 0
    for place, number in enumerate(delivered["fnr"].unique(maintain_order=True).head(6)):
        asked.write_text(number)
        asked.chmod(0o600)
        out = tmp_path / f"out-{place}"
        who = ("register", "who", "--person-file", str(asked), "--out", str(out), "--withdraw")
        assert run([*who, *word]) == 0
        for notice in out.glob("notice-*"):
            (told,) = re.findall(r"<li><code>(.+)</code></li>", notice.read_text(encoding="utf-8"))
            assert told in pseudonyms
            held += 1
        assert number not in "".join(capfd.readouterr())
    assert held


def _entered(desk: Desk, ring: KeyRing) -> None:
    """See that the register has an entry of the release on the desk."""
    manifest = json.loads((desk.out / "manifest.json").read_text(encoding="utf-8"))
    digest = _sha256(desk.out / "manifest.json")
    with DisclosureRegister(place_of(ring, None), ring) as register:
        if all(one.manifest_sha256 != digest for one in register.all()):
            case = manifest["project"]["case_number"]
            made = entry(case_number=case, manifest_sha256=digest, released=dt.date(2026, 11, 28))
            register.begin(made)
            register.finish(made.id)


def _sha256(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.skipif(shutil.which("script") is None, reason="util-linux brings script")
def test_an_identifier_that_is_typed_is_not_shown(registered: Registered) -> None:
    number = registered.numbers[1]
    word = ("--keyring", str(registered.ring.path), "--passphrase-file", str(registered.word))
    command = shlex.join([str(HSR), "register", "who", *word])
    with subprocess.Popen(
        ["script", "-qec", command, "/dev/null"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as terminal:
        assert terminal.stdin is not None
        assert terminal.stdout is not None
        shown = b""
        while not shown.endswith(b"National identifier: "):
            shown += terminal.stdout.read(1)
        terminal.stdin.write(number.encode() + b"\n")
        terminal.stdin.flush()
        shown += terminal.stdout.read()
    assert terminal.returncode == 0
    assert b"3 of 6 releases hold the person" in shown
    assert number.encode() not in shown
