"""The ready-made registers of synthetic/samples are what their command makes, and nobody's."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.errors import DeliveryError
from hsr_privacy.registry import load_delivery_settings, read_deliveries
from hsr_privacy.synthesis import LAYOUTS
from scripts import samples

FOLDER = samples.FOLDER


def files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


@pytest.fixture(scope="module")
def anew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    samples.write(folder)
    return folder


def test_digests_are_those_of_the_files() -> None:
    lines = (FOLDER / samples.SUMS).read_text(encoding="ascii").splitlines()
    told = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert sorted(told) == [name for name in files(FOLDER) if name != samples.SUMS]
    for name, digest in told.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name


def test_they_have_not_drifted_from_the_simulator(anew: Path) -> None:
    assert files(anew) == files(FOLDER)
    for name in files(FOLDER):
        if name.endswith(".parquet"):
            assert pl.read_parquet(FOLDER / name).equals(pl.read_parquet(anew / name)), name
        elif name != samples.SUMS:
            assert (FOLDER / name).read_bytes() == (anew / name).read_bytes(), name


@pytest.mark.parametrize("layout", LAYOUTS)
def test_clean_ones_can_be_read_and_dirty_ones_are_refused(layout: str, codebook: Codebook) -> None:
    settings = load_delivery_settings()
    clean = read_deliveries(FOLDER / layout, codebook=codebook, settings=settings)
    assert {file.layout for file in clean.files} == {layout}
    assert sum(file.rows for file in clean.files) > 2500
    with pytest.raises(DeliveryError, match="nothing was read in"):
        read_deliveries(FOLDER / f"{layout}-dirty", codebook=codebook, settings=settings)


def test_the_dirty_ones_hold_nearly_every_kind_of_flaw() -> None:
    kinds = set()
    for layout in LAYOUTS:
        ledger = FOLDER / f"{layout}-dirty-truth" / "flaws.json"
        kinds |= set(json.loads(ledger.read_text(encoding="utf-8"))["counts"])
    assert len(kinds) >= 36
