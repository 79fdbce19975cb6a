"""`hsr demo`: everything once, on a register of people who do not exist."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

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

    \b
    Example:
      hsr demo --out ~/hsr-demo
    """
    from hsr_privacy.configs import shipped
    from hsr_privacy.keys import KeyRing, write_new_passphrase
    from hsr_privacy.release import release_extract
    from hsr_privacy.release.folder import refuse_taken
    from hsr_privacy.synthesis import synthesize_register

    refuse_taken(out)
    began = time.perf_counter()
    deliveries, keys = out / "deliveries", out / "keys"
    project, extract = out / "project.yaml", out / "extract"
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
    say.talk("4. The release, step by step:")
    released = release_extract(project, source=deliveries, ring=ring, out=extract, tell=tell)
    risk = released.cleared.risk
    say.result(
        f"\nReleased {released.cleared.prepared.table.height:,} events of {risk.persons:,} persons, "
        f"k = {risk.k}, in {time.perf_counter() - began:.0f} s. Read, in this order:\n"
        f"  report    {extract / 'report.html'}\n"
        f"  codebook  {extract / 'codebook.html'}\n"
        f"  data      {extract / 'data'}\n"
        f"  manifest  {extract / 'manifest.json'}\n"
        "Ask for more, and see what happens: change the project, then\n"
        f"  hsr project check {project}\n"
        f"  hsr release {project} --source {deliveries} --keyring {ring.path} \\\n"
        f"      --passphrase-file {keys / 'passphrase'} --out {out / 'second'}"
    )
