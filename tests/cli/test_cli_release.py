"""`hsr release` as its users run it: what it makes, what it refuses, and that nothing is half-done."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.cli.main import run
from tests.desk import HSR, Desk, refused


@pytest.mark.usefixtures("no_network")
def test_a_release_is_whole_and_says_what_it_is(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(desk.arguments()) == 0
    out = capfd.readouterr().out
    assert "all 7 gates passed" in out
    assert str(desk.out / "report.html") in out
    files = sorted(str(p.relative_to(desk.out)) for p in desk.out.rglob("*") if p.is_file())
    assert files == [
        "bag-info.txt",
        "bagit.txt",
        "codebook.html",
        "data/codebook-rapwhale.csv",
        "data/codebook.xlsx",
        "data/datapackage.json",
        "data/extract.csv",
        "data/extract.dta",
        "data/extract.parquet",
        "data/extract.sav",
        "data/healthdcat-ap.ttl",
        "data/ro-crate-metadata.json",
        "expectations.json",
        "letter.html",
        "letter.txt",
        "manifest-sha512.txt",
        "manifest.json",
        "release.json",
        "report.html",
        "risk.json",
        "signatures/producer.json",
        "tagmanifest-sha512.txt",
        "validation.json",
    ]
    manifest = json.loads((desk.out / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["outputs"]:
        content = (desk.out / entry["path"]).read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    of_the_bag = {"bag-info.txt", "bagit.txt", "manifest-sha512.txt", "tagmanifest-sha512.txt"}
    after = {"manifest.json", "release.json", "signatures/producer.json", *of_the_bag}
    assert {entry["path"] for entry in manifest["outputs"]} == set(files) - after
    assert manifest["people"] == "one-person test project"
    for entry in manifest["inputs"]:
        content = (desk.deliveries / entry["path"]).read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    assert manifest["policy_sha256"] == hashlib.sha256(desk.project.read_bytes()).hexdigest()
    table = pl.read_parquet(desk.out / "data" / "extract.parquet")
    quasi = ["event_type", "kjonn", "alder", "hendelse_aar", "bostedskommune", "sted"]
    classes = table.group_by(quasi).agg(pl.col("person_lnr").n_unique().alias("persons"))
    assert min(classes["persons"].to_list()) >= 5
    assert table["event_lnr"].is_sorted()
    text = pl.read_csv(desk.out / "data" / "extract.csv", separator=";", infer_schema=False)
    assert text.columns == table.columns
    assert text.height == table.height


def test_a_second_release_of_the_same_deliveries_has_the_same_pseudonyms(desk: Desk) -> None:
    assert run(desk.arguments()) == 0
    first = pl.read_parquet(desk.out / "data" / "extract.parquet")
    shutil.move(desk.out, desk.folder / "first")
    assert run(desk.arguments()) == 0
    assert pl.read_parquet(desk.out / "data" / "extract.parquet").equals(first)
    shutil.move(desk.out, desk.folder / "second")
    desk.change("case_number: HDS-2026-0417", "case_number: HDS-2026-0418")
    assert run(desk.arguments()) == 0
    other = pl.read_parquet(desk.out / "data" / "extract.parquet")
    for column in ("person_lnr", "event_lnr"):
        assert not set(first[column]) & set(other[column])


def test_no_planted_identifier_in_any_byte(
    desk: Desk, deliveries: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    truth = deliveries.with_name(deliveries.name + "-truth")
    planted = json.loads((truth / "planted.json").read_text(encoding="utf-8"))
    words = [word for kind in planted.values() for word in kind]
    assert len(words) > 5000
    assert run(desk.arguments()) == 0
    said = capfd.readouterr()
    texts = [said.out, said.err]
    for path in desk.folder.rglob("*"):
        if path.is_file() and desk.deliveries not in path.parents:
            texts.append(path.read_bytes().decode("latin-1"))
            texts.append(path.read_bytes().decode("utf-8", errors="replace"))
    table = pl.read_parquet(desk.out / "data" / "extract.parquet")
    texts.append(table.write_csv())
    everything = "\n".join(texts)
    found = [kind for kind, some in planted.items() for word in some if word in everything]
    assert found == []


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@pytest.mark.usefixtures("spark")
def test_spark_gives_the_same_extract(desk: Desk) -> None:
    assert run(desk.arguments()) == 0
    first = pl.read_parquet(desk.out / "data" / "extract.parquet")
    shutil.move(desk.out, desk.folder / "first")
    assert run(desk.arguments("--engine", "spark")) == 0
    assert pl.read_parquet(desk.out / "data" / "extract.parquet").equals(first)
    one, two = (
        json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for folder in (desk.folder / "first", desk.out)
    )
    assert one["steps"] == two["steps"]


def test_a_wrong_passphrase(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    (desk.ring.parent / "word").write_text("not the right one at all\n")
    code, told = refused(desk, capfd)
    assert code == 15
    assert "does not open: wrong passphrase" in told


def test_a_missing_key_ring(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.ring.unlink()
    code, told = refused(desk, capfd)
    assert code == 13
    assert "no key ring at" in told


def test_a_key_ring_that_others_can_read(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.ring.chmod(0o644)
    code, told = refused(desk, capfd)
    assert code == 14
    assert f"run: chmod 600 {desk.ring}" in told


def test_a_corrupt_delivery(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    path = next(desk.deliveries.glob("*Sykehus*"))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + b"\xff\xfe" + content[len(content) // 2 :])
    code, told = refused(desk, capfd)
    assert code == 11
    assert f"{path.name}:" in told
    assert "row" in told


def test_a_delivery_from_the_wrong_form(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    path = next(desk.deliveries.glob("*Sykehus*"))
    next(desk.deliveries.glob("*Ambulanse*")).replace(path)
    code, told = refused(desk, capfd)
    assert code == 11
    assert "its columns are those of form 'ambulance', its name says 'hospital'" in told


def test_an_unknown_variable(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.change("{name: kjonn,", "{name: kjnon,")
    code, told = refused(desk, capfd)
    assert code == 10
    assert "the codebook has no variable 'kjnon'; did you mean 'kjonn'?" in told
    assert "project.yaml:" in told


def test_more_detail_than_the_hierarchy_has(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.change("detail: health region", "detail: street")
    code, told = refused(desk, capfd)
    assert code == 10
    assert "'bostedskommune' has no level 'street'" in told


def test_an_output_folder_that_exists(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.out.mkdir()
    code, told = refused(desk, capfd)
    assert code == 31
    assert "nothing is overwritten" in told


def test_an_expired_approval(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.change("valid_to: 2036-12-31", "valid_to: 2026-04-01")
    code, told = refused(desk, capfd)
    assert code == 20
    assert "the approval expired on 2026-04-01" in told


def test_a_budget_that_does_not_suffice(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.change("k: 5", "k: 5000")
    code, told = refused(desk, capfd)
    assert code in (12, 22)
    assert "k" in told


def test_a_key_ring_of_the_other_environment(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.change("environment: test", "environment: production")
    code, told = refused(desk, capfd)
    assert code == 20
    assert "synthetic and real persons never meet" in told


def test_nobody_knows_who_is_reserved(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    next(desk.deliveries.glob("*Person*")).unlink()
    code, told = refused(desk, capfd)
    assert code == 21
    assert "so nobody knows who has reserved themselves" in told


@pytest.mark.skipif(os.name == "nt", reason="there is no such limit on Windows")
@pytest.mark.parametrize("kilobytes", [30, 120, 400])
def test_a_full_disk(desk: Desk, kilobytes: int) -> None:
    before = desk.state()
    limited = f'ulimit -f {kilobytes}; exec "$0" "$@"'
    done = subprocess.run(
        ["bash", "-c", limited, str(HSR), *desk.arguments()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 32, done.stderr
    assert "could not be written" in done.stderr
    assert desk.state() == before


@pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")
@pytest.mark.parametrize("step", ["read", "protect"])
def test_an_interrupt_in_the_middle(desk: Desk, step: str) -> None:
    before = desk.state()
    with subprocess.Popen(
        [str(HSR), *desk.arguments()], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.strip() == step:
                time.sleep(0.05)
                process.send_signal(signal.SIGINT)
                break
        told = process.stderr.read()
        assert process.wait(timeout=60) == 130
    assert "interrupted; everything is as it was" in told
    assert desk.state() == before
