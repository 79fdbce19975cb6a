"""The statement names every file once, in the one way to write it, and refuses what is no file."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from hsr_privacy.errors import DataError, OutputExists, PackageBroken
from hsr_privacy.packaging import statement_of, write_statement
from hsr_privacy.packaging.files import files_of, problem_of
from hsr_privacy.packaging.statement import NotAStatement, read_release
from tests.packages import FILES, PREDICATE, draft


def test_it_is_an_in_toto_statement_about_every_file(tmp_path: Path) -> None:
    folder = draft(tmp_path / "p", files={**FILES, "signatures/producer.json": "{}"})
    (folder / "tagmanifest-sha512.txt").write_text("x")
    content = statement_of(folder, predicate=PREDICATE)
    assert json.loads(content) == {
        "_type": "https://in-toto.io/Statement/v1",
        "predicateType": "urn:hsr-privacy:release:v1",
        "predicate": PREDICATE,
        "subject": [
            {"name": name, "digest": {"sha512": hashlib.sha512(text.encode()).hexdigest()}}
            for name, text in sorted(FILES.items())
        ],
    }
    assert content == rfc8785.dumps(json.loads(content))
    assert read_release(content).predicate == PREDICATE


def test_it_is_written_once_and_its_digest_is_given(tmp_path: Path) -> None:
    folder = draft(tmp_path / "p")
    digest = write_statement(folder, predicate=PREDICATE)
    assert digest == hashlib.sha512((folder / "release.json").read_bytes()).hexdigest()
    with pytest.raises(OutputExists):
        write_statement(folder, predicate=PREDICATE)


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": "../up"},
        {"id": "ends."},
        {"id": ".hidden"},
        {"id": "aux"},
        {"id": "x" * 101},
        {"day": "2026-3-2"},
        {"day": "20260302"},
        {"audit": {"number": 7}},
        {"audit": {"number": 0, "digest": "ab" * 64}},
        {"audit": {"number": True, "digest": "ab" * 64}},
        {"audit": None},
        {"one_person": 1},
        {"count": float("nan")},
        {"count": 2**53},
        {"what": {1: "x"}},
        {"what": {"x"}},
    ],
)
def test_a_predicate_that_cannot_be_read_again_is_refused(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    folder = draft(tmp_path / "p")
    with pytest.raises(DataError):
        statement_of(folder, predicate={**PREDICATE, **change})


def no_link(folder: Path) -> None:
    (folder / "data" / "other.csv").symlink_to("extract.csv")


def no_linked_folder(folder: Path) -> None:
    (folder / "more").symlink_to("data")


def no_pipe(folder: Path) -> None:
    os.mkfifo(folder / "data" / "pipe")


def no_empty_folder(folder: Path) -> None:
    (folder / "data" / "empty").mkdir()


def named(name: str) -> Any:
    return lambda folder: (folder / name).write_text("x")


@pytest.mark.parametrize(
    "make",
    [
        no_link,
        no_linked_folder,
        no_pipe,
        no_empty_folder,
        *map(named, [".DS_Store", "Report.html", "blåbær.csv", "a b.csv", "a\nb", "nul.csv", "a."]),
        named("x" * 160),
    ],
)
def test_what_is_no_plain_file_is_refused(tmp_path: Path, make: Any) -> None:
    folder = draft(tmp_path / "p")
    make(folder)
    with pytest.raises(PackageBroken) as refused:
        statement_of(folder, predicate=PREDICATE)
    assert len(refused.value.faults) == 1
    assert refused.value.faults[0].file.isprintable()


def test_a_file_that_became_a_link_after_listing_is_not_followed(tmp_path: Path) -> None:
    from hsr_privacy.packaging.files import Unreadable

    folder = draft(tmp_path / "p")
    files = files_of(folder)
    (tmp_path / "secret").write_text("canary")
    (folder / "report.html").unlink()
    (folder / "report.html").symlink_to(tmp_path / "secret")
    with pytest.raises(Unreadable):
        files.read("report.html")


@pytest.mark.parametrize("name", ["data/a.csv", "a", "A-1_b.tar.gz", "data/sub/x.json"])
def test_names_that_are_valid_everywhere_are_kept(name: str) -> None:
    assert problem_of(name) == ""


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../x", "a/../b", "a//b", "a\\b", "c:x", "a/"])
def test_names_that_lead_elsewhere_are_not(name: str) -> None:
    assert problem_of(name)


def test_only_the_one_way_to_write_it_is_read(tmp_path: Path) -> None:
    content = statement_of(draft(tmp_path / "p"), predicate=PREDICATE)
    fields = json.loads(content)
    backwards = {**fields, "subject": fields["subject"][::-1]}
    for other in (
        content + b"\n",
        b" " + content,
        json.dumps(fields).encode(),
        content.replace(b'"day":', b'"day":"2026-03-02","day":'),
        content.replace("ø".encode(), b"\\u00f8"),
        content.replace(b'"share":0.5', b'"share":0.50'),
        content.replace(b'"rows":2', b'"rows":2.0'),
        rfc8785.dumps(backwards),
        rfc8785.dumps({**fields, "extra": 1}),
        rfc8785.dumps({**fields, "subject": fields["subject"] + fields["subject"][-1:]}),
        rfc8785.dumps({**fields, "_type": "https://in-toto.io/Statement/v2"}),
        rfc8785.dumps({**fields, "predicateType": "urn:hsr-privacy:review:v1"}),
        rfc8785.dumps({**fields, "predicate": {}}),
        rfc8785.dumps({**fields, "subject": [{"name": "../x", "digest": {"sha512": "ab" * 64}}]}),
        rfc8785.dumps({**fields, "subject": [{"name": "x", "digest": {"sha512": "AB" * 64}}]}),
        rfc8785.dumps(
            {**fields, "subject": [{"name": "release.json", "digest": {"sha512": "ab" * 64}}]}
        ),
        b"",
        b"null",
        b"[" * 100_000,
        content.decode().encode("utf-16"),
    ):
        assert other != content
        with pytest.raises(NotAStatement):
            read_release(other)
