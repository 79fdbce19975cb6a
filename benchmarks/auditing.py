"""What it takes to audit an extract, to search files, and to attack what is about to leave.

    python benchmarks/auditing.py WHAT [ARGUMENTS]

WHAT is register or attacks (with EXTRACT PROJECT KEYRING PASSPHRASE), generated, or special; each prints
its figures as JSON. Times are CPU seconds of this process and count from the rows in memory on.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from measuring import HSR, MIB, ROOT, measure

PROJECT: Final = ROOT / "configs" / "projects" / "bystander-cpr-survival.yaml"
ADULT: Final = ROOT / "examples" / "adult"
FULL: Final = ROOT / ".venv" / "bin" / "python"
NINE: Final = (
    *("sex", "age", "race", "marital-status", "education"),
    *("native-country", "workclass", "occupation", "salary-class"),
)
NOTES: Final = (
    "pasienten fikk adrenalin etter {} minutter, puls ved ankomst",
    "pårørende startet HLR, {} sjokk før ambulansen kom",
    "blodtrykk {}/60, ventilert med maske, overlevert akuttmottak",
    "kjent hjertesvikt fra {}; ingen flere opplysninger",
)
EIGHT: Final = (
    "  - {name: dogndel, justification: Help differs by the hour.}\n"
    "  - {name: sentralitet, justification: Help differs by distance.}\n"
)
"""Two quasi-identifiers more than the six of the sample project."""
REGISTERED: Final = """
attacks:
  seed: 1
  attacks: 2000
  control_share: 0.2
  limits: {singling_out: 0.1, linkability: 0.1, inference: 0.1}
"""
A_MILLION: Final = 1_000_000


def audit() -> str:
    """Every measure of an extract, SUDA2 by itself, a search through free text, and the attacks."""
    rows = ["| | rows | quasi-identifiers | CPU, s | wanted | peak memory, MiB |"]
    rows += ["|---|---:|---:|---:|---:|---:|"]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        words = _released(place / "large", events=100_000, project=_eight(place))
        rows.append(_row("an extract of the register, all but attacks", "5", "register", *words))
        rows.append(_row("the generated table at k = 5, all but attacks", "5", "generated"))
        rows.append(_row("the same, as if nothing were protected", "5", "generated", "bare"))
        rows.append(_row("Adult, SUDA2 and all subsets", "2", "special"))
        notes = free_text(place / "notes.csv", A_MILLION)
        took = measure([*HSR, "scan", str(notes)])
        rows.append(
            f"| free text, `hsr scan`, whole command | {A_MILLION:,} | | {took.cpu:.1f} | 10 | "
            f"{took.peak / MIB:.0f} |"
        )
        if FULL.is_file():
            words = _released(place / "small", events=20_000, project=_attacked(place))
            rows.append(
                _row(
                    "all attacks that a project registered",
                    "300",
                    "attacks",
                    *words,
                    python=str(FULL),
                )
            )
    return "\n".join(rows) + "\n"


def _row(name: str, wanted: str, *words: str, python: str = sys.executable) -> str:
    """One figure, measured in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "figures.json"
        took = measure([python, str(Path(__file__)), *words], out=out)
        found = json.loads(out.read_text(encoding="utf-8"))
    known = found["quasi_identifiers"]
    if "explained" in found:
        name += f" (and {found['explained']:.1f} s for what more protection would cost)"
    return (
        f"| {name} | {found['rows']:,} | {known} | {found['cpu']:.1f} | {wanted} | "
        f"{took.peak / MIB:.0f} |"
    )


def _eight(place: Path) -> Path:
    """The sample project with eight quasi-identifiers and room enough to reach k."""
    text = PROJECT.read_text(encoding="utf-8")
    made = place / "eight.yaml"
    made.write_text(
        text.replace("\n# What the project", f"{EIGHT}\n# What the project", 1), "utf-8"
    )
    return made


def _attacked(place: Path) -> Path:
    """The sample project with attacks registered."""
    made = place / "attacked.yaml"
    made.write_text(PROJECT.read_text(encoding="utf-8") + REGISTERED, "utf-8")
    return made


def _released(place: Path, *, events: int, project: Path) -> tuple[str, str, str, str]:
    """Simulate a register and release an extract of it; gives what an audit takes."""
    place.mkdir()
    deliveries, keyring, passphrase = place / "deliveries", place / "keyring", place / "passphrase"
    simulated = ["synthesize", "register", "--events", str(events), "--from", "2013"]
    simulated += ["--to", "2024", "--seed", "1", "--layout", "mrs", "--out", str(deliveries)]
    secret = ["--passphrase-file", str(passphrase)]
    made_here = ["--environment", "test", "--generate-passphrase"]
    measure([*HSR, *simulated])
    measure([*HSR, "keys", "new", str(keyring), *made_here, *secret])
    words = ["release", str(project), "--source", str(deliveries), "--keyring", str(keyring)]
    measure([*HSR, *words, *secret, "--out", str(place / "extract")])
    return str(place / "extract"), str(project), str(keyring), str(passphrase)


def free_text(path: Path, rows: int) -> Path:
    """A CSV of notes such as crews write, which name nobody."""
    draw = np.random.default_rng(1)
    numbers = pl.Series(draw.integers(1, 200, rows)).cast(pl.String)
    which = draw.integers(0, len(NOTES), rows)
    parts = [
        pl.Series([note.partition("{}")[end] for note in NOTES]).gather(which) for end in (0, 2)
    ]
    pl.DataFrame({"merknad": parts[0] + numbers + parts[1]}).write_csv(path)
    return path


def register(extract: str, project: str, keyring: str, passphrase: str) -> dict[str, Any]:
    """Every measure but the attacks, with simulated attackers and the applicant's analyses."""
    from hsr_privacy.auditing import audit as judge

    case = _case(extract, project, keyring, passphrase)
    begin = time.process_time()
    asked = case.asked()
    start = time.process_time()
    found = judge(case.evidence, asked)
    figures = _figures(start, found.rows, len(case.evidence.quasi_identifiers))
    return figures | {"explained": start - begin}


def attacks(extract: str, project: str, keyring: str, passphrase: str) -> dict[str, Any]:
    """Singling out, linkability and inference by anonymeter."""
    from hsr_privacy.probing import probe

    case = _case(extract, project, keyring, passphrase)
    evidence, plan = case.evidence, case.project.attacks
    assert plan is not None
    start = time.process_time()
    probed = probe(
        evidence.released,
        evidence.original,
        plan=plan,
        quasi_identifiers=evidence.quasi_identifiers,
        sensitive=evidence.sensitive,
        hierarchies=evidence.hierarchies,
        levels=evidence.levels,
        suppressed=evidence.suppressed,
        person=evidence.person,
        event=evidence.event,
        registered=plan,
    )
    assert probed.attacks
    return _figures(start, evidence.released.height, len(evidence.quasi_identifiers))


def _case(extract: str, project: str, keyring: str, passphrase: str) -> Any:
    """The extract with the register's own events beside it."""
    from hsr_privacy.keys import KeyRing
    from hsr_privacy.release.assessing import case_of_extract

    secret = Path(passphrase).read_text(encoding="utf-8").strip()
    ring = KeyRing.open(Path(keyring), secret)
    return case_of_extract(Path(extract), Path(project), ring=ring)


def generated(bare: str = "") -> dict[str, Any]:
    """Every measure but the attacks, on a table that no attacker is described for.

    Args:
        bare: whatever is said, the rows are judged as they were before they were protected.
    """
    from generated import columns, write

    import hsr_privacy as hsr
    from hsr_privacy.auditing import Asked, Limits
    from hsr_privacy.auditing import audit as judge
    from hsr_privacy.auditing.reading import evidence_of_table

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        made = columns(100_000)
        write(made, place)
        names = [one.name for one in made]
        before = pl.read_csv(place / "table.csv", separator=";", infer_schema=False)
        before = before.with_row_index("event")
        held = hsr.load_for_columns(place / "hierarchies", names)
        done = hsr.anonymize(
            before, quasi_identifiers=names, hierarchies=held, k=5, max_suppressed=0.05
        )
        released = before if bare else done.data
        for name, table in (("before", before), ("after", released)):
            table.write_csv(place / f"{name}.csv", separator=";")
        evidence = evidence_of_table(
            place / "after.csv",
            quasi_identifiers=names,
            event="event",
            hierarchies=place / "hierarchies",
            original=place / "before.csv",
            limits=Limits(k=5, max_suppressed=0.05),
        )
        start = time.process_time()
        found = judge(evidence, Asked())
        return _figures(start, found.rows, len(names))


def special() -> dict[str, Any]:
    """SUDA2, and separation and distinction of every subset, from one pass over Adult."""
    from hsr_privacy.extract import Extract
    from hsr_privacy.risk.counting import count
    from hsr_privacy.risk.ranking import rank
    from hsr_privacy.risk.subsets import pass_over
    from hsr_privacy.risk.suda import special_uniques

    adult = pl.read_csv(ADULT / "adult.csv", separator=";", infer_schema=False)
    start = time.process_time()
    table = count(Extract.of(adult).frame, quasi_identifiers=NINE).table
    done = pass_over(table)
    special_uniques(table, done, dis_fraction=1.0)
    rank(done)
    return _figures(start, adult.height, len(NINE))


def _figures(start: float, rows: int, quasi_identifiers: int) -> dict[str, Any]:
    return {
        "rows": rows,
        "quasi_identifiers": quasi_identifiers,
        "cpu": time.process_time() - start,
    }


WHAT: Final = {one.__name__: one for one in (register, attacks, generated, special)}

if __name__ == "__main__":
    print(json.dumps(WHAT[sys.argv[1]](*sys.argv[2:])))
