"""Reviews: about one release.json, by one person each, and closed by the approval."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hsr_privacy.errors import (
    DataError,
    HsrError,
    LeaksFound,
    NotSignedFor,
    OutputExists,
    PackageBroken,
)
from hsr_privacy.keys import SigningKey
from hsr_privacy.packaging import (
    Acceptance,
    Review,
    check_text,
    read_package,
    sign_release,
    sign_review,
    write_statement,
)
from hsr_privacy.packaging.package import review_file
from tests.packages import NOW, PREDICATE, People, draft, files_in, prepared

GOOD = Review("review", "approve", "Lest.")


def test_what_was_signed_is_what_is_read(package: Path, people: People) -> None:
    read = read_package(package)
    assert (read.release_id, read.day, read.is_one_person) == ("test-2026-1", "2026-03-02", False)
    assert read.producer is not None
    assert read.producer.public_key == people.producer.public_key
    (review,) = read.reviews
    assert (review.role, review.decision, review.comment) == (
        "review",
        "approve",
        "Lest og i orden.",
    )
    assert review.public_key == people.reviewer.public_key
    assert review.file == f"signatures/review-{review.keyid[:8]}.json"
    assert (review.at, review.is_about_this) == ("2026-03-02T10:30:00Z", True)
    assert read.approval is not None
    assert read.approval.public_key == people.approver.public_key
    assert read.approval.accepts == (Acceptance("R-small-cells", "agreed with the hospital"),)
    assert read.approval.rests_on == {review.keyid: review.sha512}
    assert read.changed() == ()


def test_a_draft_has_no_producer_and_takes_no_review(tmp_path: Path, people: People) -> None:
    folder = draft(tmp_path / "p")
    write_statement(folder, predicate=PREDICATE)
    assert read_package(folder).producer is None
    with pytest.raises(NotSignedFor, match="whoever produced it has not signed"):
        sign_review(folder, GOOD, people.reviewer, now=NOW)
    sign_release(folder, people.producer)
    with pytest.raises(OutputExists):
        sign_release(folder, people.stranger)


def test_signatures_are_added_and_nothing_else_changes(tmp_path: Path, people: People) -> None:
    folder = prepared(tmp_path / "p", people.producer)
    before = files_in(folder)
    path = sign_review(folder, GOOD, people.reviewer, now=NOW)
    after = files_in(folder)
    assert {name: after[name] for name in before} == before
    assert [folder / name for name in after.keys() - before.keys()] == [path]


def test_somebody_who_reviews_again_replaces_their_review_only(
    tmp_path: Path, people: People
) -> None:
    folder = prepared(tmp_path / "p", people.producer)
    asks = Review("review", "request-changes", "Alder er for fin.")
    sign_review(folder, asks, people.reviewer, now=NOW)
    sign_review(folder, asks, people.stranger, now=NOW)
    sign_review(folder, GOOD, people.reviewer, now=NOW + timedelta(hours=1))
    said = {one.public_key: (one.decision, one.at) for one in read_package(folder).reviews}
    assert said == {
        people.reviewer.public_key: ("approve", "2026-03-02T11:30:00Z"),
        people.stranger.public_key: ("request-changes", "2026-03-02T10:30:00Z"),
    }


def test_nobody_signs_without_the_files_that_are_for_who_signs(
    tmp_path: Path, people: People
) -> None:
    predicate = {**PREDICATE, "internal": ["report.html"]}
    folder = prepared(tmp_path / "p", people.producer, predicate=predicate)
    (folder / "report.html").unlink()
    with pytest.raises(PackageBroken, match=r"report\.html: it is missing; who signs must see it"):
        sign_review(folder, GOOD, people.reviewer, now=NOW)
    assert read_package(folder).reviews == ()


def test_nothing_is_signed_after_the_approval(package: Path, people: People) -> None:
    before = files_in(package)
    for review in (GOOD, Review("approval", "approve")):
        with pytest.raises(OutputExists, match="approved already"):
            sign_review(package, review, people.stranger, now=NOW)
    assert files_in(package) == before


def test_what_is_not_as_stated_is_not_signed(tmp_path: Path, people: People) -> None:
    folder = prepared(tmp_path / "p", people.producer)
    (folder / "report.html").write_text("changed")
    before = files_in(folder)
    with pytest.raises(PackageBroken, match=r"report\.html: it is changed"):
        sign_review(folder, GOOD, people.reviewer, now=NOW)
    assert files_in(folder) == before


def test_a_change_of_any_file_leaves_no_review_about_this(package: Path, people: People) -> None:
    (package / "report.html").write_text("<p>changed</p>")
    (package / "release.json").unlink()
    (package / "signatures" / "producer.json").unlink()
    write_statement(package, predicate=PREDICATE)
    sign_release(package, people.producer)
    read = read_package(package)
    assert read.approval is not None
    assert [one.is_about_this for one in (*read.reviews, read.approval)] == [False, False]


def test_two_keys_whose_fingerprints_begin_alike_do_not_overwrite_each_other(
    tmp_path: Path, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = prepared(tmp_path / "p", people.producer)
    first = sign_review(folder, GOOD, people.reviewer, now=NOW)
    same = first.relative_to(folder).as_posix()
    monkeypatch.setattr("hsr_privacy.packaging.package.review_file", lambda _key: same)
    with pytest.raises(OutputExists, match="somebody else's"):
        sign_review(folder, GOOD, people.stranger, now=NOW)


@pytest.mark.parametrize(
    ("review", "error"),
    [
        (Review("review", "approve", "x" * 401), DataError),
        (Review("review", "approve", "rød \x1b[31m"), DataError),
        (Review("review", "approve", "Ok.\nevery byte is as it was signed"), DataError),
        (Review("review", "approve", "Ok.\r"), DataError),
        (Review("review", "approve", "Ok.\u2028approved by"), DataError),
        (Review("approval", "approve", "", (Acceptance("G8", "x\ny"),)), DataError),
        (Review("review", "approve", "gjelder 15 84 60-12345"), LeaksFound),
        (Review("review", "approve", "gjelder 15846012345"), LeaksFound),
        (Review("review", "approve", "gjelder １５８４６０１２３４５"), LeaksFound),
        (Review("review", "approve", "gjelder 158460–12345"), LeaksFound),
        (Review("approval", "request-changes"), DataError),
        (Review("approval", "approve", "", (Acceptance("G 8", "x"),)), DataError),
        (Review("approval", "approve", "", (Acceptance("G8", " "),)), DataError),
        (Review("approval", "approve", "", (Acceptance("G8", "15846012345"),)), LeaksFound),
        (
            Review("approval", "approve", "", (Acceptance("G8", "x"), Acceptance("G8", "y"))),
            DataError,
        ),
        (Review("boss", "approve"), DataError),  # type: ignore[arg-type]
        (Review("review", "maybe"), DataError),  # type: ignore[arg-type]
    ],
)
def test_a_review_that_should_not_be_signed_is_refused_without_its_text(
    tmp_path: Path, people: People, review: Review, error: type[HsrError]
) -> None:
    folder = prepared(tmp_path / "p", people.producer)
    with pytest.raises(error) as refused:
        sign_review(folder, review, people.reviewer, now=NOW)
    assert "12345" not in str(refused.value)
    assert read_package(folder).reviews == ()


@pytest.mark.parametrize(
    "text", ["", "Sak 2026/1234, 1842 rader.", "en linje på 2026-03-02", "tlf. 22 22 22 22"]
)
def test_a_plain_comment_is_taken(text: str) -> None:
    check_text(text, "the comment")


def test_the_file_of_a_review_is_named_after_the_key(people: People) -> None:
    names = {review_file(one.public_key) for one in (people.producer, people.reviewer)}
    assert len(names) == 2


def test_a_folder_that_is_no_package_is_told_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(PackageBroken, match=r"release\.json: it is missing, so this is no package"):
        read_package(draft(tmp_path / "p"))
    with pytest.raises(PackageBroken, match="it is no folder"):
        read_package(tmp_path / "none")


def test_signing_needs_the_private_half(package: Path, people: People) -> None:
    assert isinstance(people.producer, SigningKey)
    assert b"seven quiet herons" not in b"".join(files_in(package).values())


def test_a_killed_signer_leaves_nothing_in_the_package(
    tmp_path: Path, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before each step that a file system shows: the package reads as before."""
    folder = prepared(tmp_path / "p", people.producer)
    before = files_in(folder)

    def killed(*_given: object) -> None:
        seen.append(files_in(folder))
        raise KeyboardInterrupt

    for step in ("os.fsync", "pathlib.Path.replace"):
        seen: list[dict[str, bytes]] = []
        with monkeypatch.context() as patched:
            patched.setattr(step, killed)
            with pytest.raises(KeyboardInterrupt):
                sign_review(folder, GOOD, people.reviewer, now=NOW)
        assert seen == [before]
        assert read_package(folder).changed() == ()
