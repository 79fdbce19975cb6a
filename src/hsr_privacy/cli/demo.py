"""`hsr demo`: everything once, on a register of people who do not exist."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import Any

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.release import tell

_SEED = 1
_FIRST_YEAR, _LAST_YEAR = 2013, 2024


@click.command()
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder to make; must not exist."
)
@click.option(
    "--events", type=click.IntRange(1), default=20_000, show_default=True, help="Arrests to make."
)
def command(out: Path, events: int) -> None:
    """Simulate a register, make a key ring, and release the sample project's extract.

    The package is sealed to a recipient whose key is made here, and entered in the disclosure register.

    \b
    Example:
      hsr demo --out ~/hsr-demo
    """
    from hsr_privacy.folders import refuse_taken

    refuse_taken(out)
    began = time.perf_counter()
    try:
        table, risk, sealed = _show(out, events)
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise
    hsr = "hsr" if shutil.which("hsr") else sys.argv[0]
    say.result(
        f"\nReleased {table.height:,} events of {risk.persons:,} persons, "
        f"k = {risk.k}, in {time.perf_counter() - began:.0f} s. Read, in this order:\n"
        f"  report    {out / 'extract' / 'report.html'}\n"
        f"  codebook  {out / 'extract' / 'codebook.html'}\n"
        f"  data      {out / 'extract' / 'data'}\n"
        f"  letter    {out / 'extract' / 'letter.html'}\n"
        f"  manifest  {out / 'extract' / 'manifest.json'}\n"
        f"  sealed    {sealed.file}\n"
        "Ask for more, and see what happens: change the project, then\n"
        f"  {hsr} project check {out / 'project.yaml'}\n"
        f"  {hsr} verify {out / 'extract'}\n"
        f"  {hsr} release {out / 'project.yaml'} --source {out / 'deliveries'} --keyring {out / 'keys' / 'register.keyring'} \\\n"
        f"      --passphrase-file {out / 'keys' / 'passphrase'} --out {out / 'second'}"
    )


def _show(out: Path, events: int) -> tuple[Any, Any, Any]:
    """Do everything once; gives the extract, its risk and the sealed package."""
    from hsr_privacy.configs import shipped
    from hsr_privacy.handover import release_alone
    from hsr_privacy.keys import KeyRing, write_new_passphrase
    from hsr_privacy.keys.recipients import write_new_identity
    from hsr_privacy.synthesis import synthesize_register

    deliveries, keys, project = out / "deliveries", out / "keys", out / "project.yaml"
    keys.mkdir(parents=True, mode=0o700)
    say.talk(f"1. A register of {events:,} arrests of people who do not exist: {deliveries}")
    synthesize_register(
        deliveries,
        events=events,
        first_year=_FIRST_YEAR,
        last_year=_LAST_YEAR,
        seed=_SEED,
        layout="mrs",
    )
    say.talk(f"2. A key ring, and its passphrase in a file that only you can read: {keys}")
    passphrase = write_new_passphrase(keys / "passphrase")
    ring = KeyRing.create(
        keys / "register.keyring", passphrase, registry_id="DEMO", environment="test"
    )
    say.talk(f"3. An approved application, to read and to change: {project}")
    shutil.copyfile(shipped("configs", "projects", "bystander-cpr-survival.yaml"), project)
    recipient = write_new_identity(keys / "recipient.age")
    say.talk(f"4. A recipient's key, which they would make themselves: {keys / 'recipient.age'}")
    say.talk("5. The release, step by step, by one person, as a test project may:")
    released = release_alone(
        project,
        source=deliveries,
        ring=ring,
        out=out / "extract",
        recipients=[recipient],
        sealed=out / "sealed",
        tell=tell,
    )
    say.talk(f"6. Sealed to the recipient, with a receipt: {out / 'sealed'}")
    cleared = released.made.cleared
    return cleared.prepared.table, cleared.risk, released.sealed
