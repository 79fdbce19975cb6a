"""`hsr verify`: a package, verified by public keys; or a written file, counted anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from hsr_privacy.cli import say, verify_package
from hsr_privacy.cli.tables import character, names

if TYPE_CHECKING:
    from hsr_privacy.verification import Learned, Verification

_SHARE = click.FloatRange(0, 1)
_FROM_0 = click.FloatRange(0)


def _orders(
    _ctx: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    pairs = (text.partition("=") for text in texts)
    return {name: tuple(listed.split(",")) if listed else () for name, _, listed in pairs}


@click.command()
@click.argument("file", metavar="PACKAGE|FILE", type=click.Path(path_type=Path))
@click.option(
    "--public-key",
    "keys",
    multiple=True,
    metavar="hsr-sign-1:...",
    help="Of a package: public key of somebody who must have signed; may be given several times.",
)
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(path_type=Path),
    help="Of a package: file with public keys of those who may have signed, one a line.",
)
@click.option(
    "--receipt",
    type=click.Path(path_type=Path),
    help="Of a sealed package: its receipt; looked for beside it if left out.",
)
@click.option(
    "--identity",
    type=click.Path(path_type=Path),
    help="Of a .tar.age: your age identity, to look into it; nothing is written to the disk.",
)
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    help="Of a .zip: file of one line that only you can read, the passphrase.",
)
@click.option(
    "--quasi-identifiers",
    "-q",
    callback=lambda ctx, option, text: None if text is None else names(ctx, option, text),
    metavar="A,B,C",
    help="Of a FILE, and needed for it: columns by which a person could be recognized.",
)
@click.option(
    "--sensitive",
    multiple=True,
    metavar="COLUMN",
    help="Column of which something could be learned; may be given several times.",
)
@click.option("--person", metavar="COLUMN", help="Column that tells persons apart; else each row.")
@click.option("--k", type=click.IntRange(1), help="Demand: persons in every class, at least.")
@click.option("--l", "ell", type=click.IntRange(1), help="Demand: distinct values, at least.")
@click.option("--entropy-l", type=click.FloatRange(1), help="Demand: exp(entropy), at least.")
@click.option("--t", type=_SHARE, help="Demand: distance from the whole table, at most.")
@click.option("--beta", type=_FROM_0, help="Demand: relative gain of a value, at most.")
@click.option("--delta", type=_FROM_0, help="Demand: |ln(q/p)| of every value, at most.")
@click.option("--alpha", type=_SHARE, help="Demand: share of one value in a class, at most.")
@click.option("--max-risk", type=_SHARE, help="Demand: 1 / persons of a class, at most.")
@click.option(
    "--delimiter",
    metavar="C",
    callback=character,
    help="Of a CSV; read from its heading if left out.",
)
@click.option(
    "--reading",
    type=click.Choice(["own-category", "wildcard"]),
    default="own-category",
    show_default=True,
    help="What a suppressed cell is when k is counted: a value of its own, or any value.",
)
@click.option(
    "--suppressed",
    default="*",
    show_default=True,
    metavar="CODE",
    help="What stands in a suppressed cell.",
)
@click.option(
    "--order",
    "orders",
    multiple=True,
    callback=_orders,
    metavar="COLUMN[=A,B,C]",
    help="Demand t of the ordered distance: values from first to last, or their natural order.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    keys: tuple[str, ...],
    keys_file: Path | None,
    receipt: Path | None,
    identity: Path | None,
    passphrase_file: Path | None,
    quasi_identifiers: tuple[str, ...] | None,
    sensitive: tuple[str, ...],
    person: str | None,
    k: int | None,
    ell: int | None,
    entropy_l: float | None,
    t: float | None,
    beta: float | None,
    delta: float | None,
    alpha: float | None,
    max_risk: float | None,
    delimiter: str | None,
    reading: Literal["own-category", "wildcard"],
    suppressed: str,
    orders: dict[str, tuple[str, ...]],
    as_json: bool,
) -> None:
    """Verify a PACKAGE by public keys, or count the privacy models of a FILE anew.

    A PACKAGE is a folder, a .tar.age or a .zip. Every byte of it is compared with what was signed:
    files, bag, signatures, receipt. Without keys, the fingerprints of those who signed are printed,
    for you to compare with what you were told another way. It exits with 27 if anything is not as
    it was signed, and with 28 if it is not signed by whom it should be.

    A FILE is a CSV or Parquet, and needs --quasi-identifiers. The count shares no code with the
    engine that anonymizes. A missing cell is a value of its own. Every model is printed with the
    value that the file reaches. If one that is demanded is not reached, the command exits with 23
    and says how many classes and rows fail, never which.

    \b
    Example:
      hsr verify extract-2026-1.tar.age --public-key hsr-sign-1:... --identity my-age-key
      hsr verify adult-5.csv -q sex,age,race --k 5 --sensitive salary-class --l 2
    """
    if quasi_identifiers is None:
        given = verify_package.Given(file, keys, keys_file, receipt, identity, passphrase_file)
        verify_package.verify(ctx, given, as_json=as_json)
        return
    verify_package.refuse_package_options(ctx)
    from hsr_privacy.verification import Demands, verify

    demands = Demands(k, ell, entropy_l, t, beta, delta, alpha, max_risk)
    verification = verify(
        file,
        quasi_identifiers=quasi_identifiers,
        sensitive=sensitive,
        person=person,
        demands=demands,
        delimiter=delimiter,
        reading=reading,
        suppressed=suppressed,
        orders=orders,
    )
    if as_json:
        say.machine(verification.to_json())
    else:
        _tell(verification)
    verification.require()


def _tell(verification: Verification) -> None:
    """Print every model with its value, then every demand with its verdict."""
    from hsr_privacy.verification.demands import number

    one = verification
    say.result(f"{one.file}: {one.rows} row(s) in {one.classes} class(es), k = {one.k}")
    if one.reading == "wildcard":
        say.result("  k counts a suppressed cell as any value; all else as a value of its own")
    say.result(f"  average class size: {number(one.average_class_size)}")
    say.result(f"  largest risk: {number(one.max_risk)}; average: {number(one.average_risk)}")
    for learned in one.sensitive:
        say.result(f"{learned.column}:")
        for name, value in _measures(learned):
            say.result(f"  {name}: {value}")
    for judgement in one.judgements:
        say.result(f"{'holds' if judgement.holds else 'DOES NOT HOLD'}: {judgement}")
    if not one.judgements:
        say.result("nothing was demanded")


def _measures(learned: Learned) -> list[tuple[str, str]]:
    from hsr_privacy.verification.demands import number

    kept = (
        "" if learned.gains_bounded else " (a value gains more than its bound: no beta is enough)"
    )
    lacking = f"{learned.lacking_classes} class(es) lack a value"
    occurring = f"{number(learned.delta_occurring)} over the values that occur; {lacking}"
    return [
        ("distinct l", number(learned.distinct_l)),
        ("entropy l", number(learned.entropy_l)),
        (f"recursive (c, {learned.l})", f"for every c above {number(learned.c)}"),
        ("t, equal distance", number(learned.t_equal)),
        ("t, ordered distance", number(learned.t_ordered)),
        ("alpha", number(learned.alpha)),
        ("beta, basic", number(learned.beta)),
        ("beta, enhanced", number(learned.beta_enhanced) + kept),
        ("delta", f"{number(learned.delta)}; {occurring}"),
        ("homogeneous classes", number(learned.homogeneous_classes)),
    ]
