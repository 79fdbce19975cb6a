"""`hsr verify PACKAGE`: what was signed, compared with what is there, and told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Final

import click
from click.core import ParameterSource

from hsr_privacy.cli import say

if TYPE_CHECKING:
    from hsr_privacy.packaging import PackageVerification, Receipt, SignedReview

_OF_PACKAGES: Final = ("keys", "keys_file", "receipt", "identity", "passphrase_file")
_OF_BOTH: Final = ("file", "as_json")
_WIDTH: Final = 78


@dataclass(frozen=True)
class Given:
    """What the command was given of a package."""

    path: Path
    keys: tuple[str, ...]
    keys_file: Path | None
    receipt: Path | None
    identity: Path | None
    passphrase_file: Path | None


def verify(ctx: click.Context, given: Given, *, as_json: bool) -> None:
    """Verify a package, print what was found, and refuse one that does not hold.

    Raises:
        PackageBroken, NotSignedFor: it does not hold.
        KeyRingError: a key or an identity cannot be used.
    """
    from hsr_privacy.keys import read_passphrase_file
    from hsr_privacy.packaging import is_package, verify_package

    if not given.path.exists():
        raise click.UsageError(f"there is nothing at {given.path}; look at the name", ctx)
    if not is_package(given.path):
        raise click.UsageError(
            "Missing option '--quasi-identifiers' / '-q': give it to count the models of a table "
            "(CSV or Parquet). To verify a package, give its folder, or the sealed .tar.age or .zip.",
            ctx,
        )
    _refuse_others(ctx, _OF_PACKAGES, "a package; leave it out, or count a table with -q")
    file = given.passphrase_file
    passphrase = None if file is None else read_passphrase_file(file)
    verification = verify_package(
        given.path,
        keys=given.keys,
        trusted=_keys_in(given.keys_file),
        receipt=given.receipt,
        identity=given.identity,
        passphrase=passphrase,
    )
    if as_json:
        say.machine(verification.to_json())
    else:
        _tell(verification)
    verification.require()


def refuse_package_options(ctx: click.Context) -> None:
    """Refuse options of packages where a table is counted."""
    table = tuple(name for name in ctx.params if name not in _OF_PACKAGES)
    _refuse_others(ctx, table, "a table; leave it out, or verify a package without -q")


def _refuse_others(ctx: click.Context, allowed: tuple[str, ...], what: str) -> None:
    for option in ctx.command.params:
        name = option.name or ""
        is_given = ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if is_given and name not in (*allowed, *_OF_BOTH):
            raise click.UsageError(f"{option.opts[0]} says nothing of {what}.", ctx)


def _keys_in(path: Path | None) -> tuple[str, ...]:
    """Public keys of a file: one a line, blank lines and what follows ``#`` left out."""
    from hsr_privacy.errors import KeyRingError

    if path is None:
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise KeyRingError(f"{path} cannot be read; give a text file of public keys") from None
    keys = [line.partition("#")[0].strip() for line in lines]
    found = tuple(key for key in keys if key)
    if not found:
        raise KeyRingError(f"{path} holds no public key; write one a line")
    return found


def _tell(one: PackageVerification) -> None:
    """Print what was found, in the order in which it was looked at."""
    if one.receipt is not None:
        _tell_receipt(one, one.receipt)
    if not one.is_opened:
        say.result(f"{one.path}: not opened; give --identity or --passphrase-file to look into it")
    elif one.release is not None:
        say.result(f"{one.path}: release {one.release}, {one.files} file(s), {one.bytes} bytes")
    if one.is_one_person:
        say.result("made by ONE PERSON, as a demo or a test is: not for real data")
    _tell_signers(one)
    if one.holds:
        say.result("every byte is as it was signed" if one.is_opened else "it is as it was sealed")
        if not one.told:
            say.result(
                "compare who signed with what you were told another way, or give --public-key: whoever "
                "changes a package can sign it with a key of their own"
            )


def _tell_receipt(one: PackageVerification, receipt: Receipt) -> None:
    say.result(f"receipt for release {receipt.release}, sealed {receipt.facts['day']}")
    say.result(f"sealed by {_name(one, receipt.signer.keyid)}")
    if not one.is_opened:
        say.result(f"says it was produced by {_name(one, receipt.producer)}")
        approver = "nobody" if receipt.approver is None else _name(one, receipt.approver)
        say.result(f"says it was approved by {approver}")
    say.result(f"to be deleted by {receipt.facts['deletion_date']}")


def _tell_signers(one: PackageVerification) -> None:
    if one.producer is not None:
        say.result(f"produced by {_name(one, one.producer.keyid)}")
    for review in one.reviews:
        say.result(f"reviewed by {_name(one, review.keyid)}: {review.decision}, {review.at}")
        _tell_texts(review)
    if one.approval is not None:
        say.result(f"approved by {_name(one, one.approval.keyid)}, {one.approval.at}")
        _tell_texts(one.approval)


def _tell_texts(review: SignedReview) -> None:
    if review.comment:
        _tell_text("says", review.comment)
    for accepted in review.accepts:
        _tell_text(f"accepts {accepted.finding}", accepted.reason)


def _tell_text(what: str, text: str) -> None:
    """Print what somebody wrote so that no part of it can be taken for a line of ours."""
    say.result(fill(text, _WIDTH, initial_indent=f"  {what}: ", subsequent_indent="    "))


def _name(one: PackageVerification, keyid: str) -> str:
    from hsr_privacy.packaging import short

    if not one.told:
        return short(keyid)
    return f"{short(keyid)} ({'a key that you gave' if keyid in one.told else 'not among yours'})"
