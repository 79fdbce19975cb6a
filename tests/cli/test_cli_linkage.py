"""`hsr linkage`, from the first document to the receipt, as two registries and a body run it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.identities import IdentityStore
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.recipients import open_sealed, write_new_identity
from hsr_privacy.keys.stretching import Stretching
from hsr_privacy.pseudonymization.persons import persons_behind
from tests.desk import PASSPHRASE, Desk

pytestmark = pytest.mark.once

Capture = pytest.CaptureFixture[str]


def linkage(verb: str, ring: Path, *arguments: object) -> int:
    word = str(ring.parent / "word")
    return run(["linkage", verb, str(ring), *map(str, arguments), "--passphrase-file", word])


@pytest.mark.usefixtures("no_network")
def test_two_registries_and_a_body_link_their_extracts(  # noqa: PLR0915 - one story
    desk: Desk, capfd: Capture
) -> None:
    assert run(desk.arguments()) == 0
    project = json.loads((desk.out / "manifest.json").read_text())["project"]["case_number"]
    keys, of = desk.ring.parent, ("--project", project)
    other = keys / "other.keyring"
    quick = Stretching(cost=2, memory_kib=19_456, lanes=1)
    KeyRing.create(other, PASSPHRASE, registry_id="other", environment="test", stretching=quick)
    for ring, name in ((desk.ring, "a"), (other, "b")):
        assert linkage("new", ring, *of, "--out", keys / f"{name}.public") == 0
    assert "fingerprint" in capfd.readouterr().out
    assert linkage("agree", desk.ring, keys / "b.public", *of) == 0
    assert linkage("agree", other, keys / "a.public", *of) == 0
    values = {line.split()[-1] for line in capfd.readouterr().out.splitlines()}
    assert len(values) == 1
    body, researcher = (write_new_identity(keys / name) for name in ("body", "researcher"))
    sealed = ("--recipient", body, "--out", keys / "a.pairs")
    assert linkage("pairs", desk.ring, *of, "--extract", desk.out, *sealed) == 21
    assert "run hsr linkage compare first" in capfd.readouterr().err
    for ring, name, partner in ((desk.ring, "a", "b"), (other, "b", "a")):
        assert linkage("profile", ring, *of, "--out", keys / f"{name}.profile") == 0
        del partner
    for ring, partner in ((desk.ring, "b"), (other, "a")):
        assert linkage("compare", ring, keys / f"{partner}.profile", *of) == 0
    assert linkage("pairs", desk.ring, *of, "--extract", desk.out, *sealed) == 0
    # The other registry knows some of the same persons, by their identifiers alone.
    opened = KeyRing.open(desk.ring, PASSPHRASE)
    mine = set(pl.read_parquet(desk.out / "data" / "extract.parquet")["person_lnr"])
    with IdentityStore(Path(f"{desk.ring}.store") / "identity.sqlite", opened) as store:
        found = persons_behind(mine, keys=store.person_keys(), key=opened.project_key(project))
        known = store.current_identifiers(set(found.values()))
    assert set(found) == mine
    numbers = sorted(one[0].identifier for one in known.values() if one)[:300]
    made = sorted(mine)[:300]  # any pseudonyms do for the other registry
    table = keys / "other.csv"
    rows = zip(numbers, made, strict=True)
    table.write_text("fnr;person_lnr\n" + "".join(f"{n};{p}\n" for n, p in rows))
    table.chmod(0o600)
    arguments = ("--table", table, "--recipient", body, "--out", keys / "b.pairs")
    assert linkage("pairs", other, *of, *arguments) == 0
    capfd.readouterr()
    join = ["linkage", "join", str(keys / "a.pairs"), str(keys / "b.pairs"), "--names", "a,b"]
    join += ["--identity", str(keys / "body"), "--recipient", researcher]
    join += ["--out", str(keys / "crosswalk")]
    assert run([*join, "--expect", "1-2"]) == 21
    assert not (keys / "crosswalk").exists()
    capfd.readouterr()
    assert run([*join, "--expect", "290-310", "--json"]) == 0
    said = capfd.readouterr()
    assert json.loads(said.out)["matched in all"] == 300
    crosswalk = open_sealed((keys / "crosswalk").read_bytes(), keys / "researcher").decode()
    assert crosswalk.splitlines()[0] == "s,a,b"
    assert not any(number in crosswalk + said.out + said.err for number in numbers)
    assert run(join) == 31
    assert linkage("destroy", desk.ring, *of, "--out", keys / "receipt") == 0
    assert json.loads((keys / "receipt").read_text())["project"] == project
    assert linkage("profile", desk.ring, *of, "--out", keys / "again.profile") == 13
    word = ("--passphrase-file", str(keys / "word"))
    capfd.readouterr()
    assert run(["keys", "audit", str(desk.ring), *word, "--json"]) == 0
    acts = [entry["act"] for entry in json.loads(capfd.readouterr().out)]
    assert acts[0] == "release.prepare"
    verbs = [act.removeprefix("linkage.") for act in acts if act.startswith("linkage.")]
    assert verbs == ["new", "agree", "compare", "pairs", "destroy"]


def test_bad_input_is_told_and_writes_nothing(desk: Desk, capfd: Capture) -> None:
    keys, of = desk.ring.parent, ("--project", "P-1")
    out = ("--out", keys / "x")
    assert linkage("profile", desk.ring, *of, *out) == 13
    assert linkage("agree", desk.ring, keys / "nowhere", *of) == 12
    assert linkage("new", desk.ring, *of, "--out", desk.ring) == 31
    assert linkage("pairs", desk.ring, *of, "--recipient", "age1x", *out) == 2
    seal = ("--recipient", "age1x", *out)
    assert linkage("pairs", desk.ring, *of, "--extract", desk.deliveries, *seal) == 12
    join = ["linkage", "join", str(desk.project), "--names", "a", "--recipient", "age1x"]
    join += ["--identity", str(keys / "word"), "--out", str(keys / "x"), "--expect", "9-1"]
    assert run(join) == 13
    assert "must hold one line that begins with AGE-SECRET-KEY" in capfd.readouterr().err
    assert not (keys / "x").exists()
