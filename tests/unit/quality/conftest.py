"""Deliveries to check: simulated ones of a seed, and small ones that a test writes row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hsr_privacy.codebook import Codebook, Source, load_codebook
from hsr_privacy.quality import Quality, check_deliveries
from hsr_privacy.registry import load_delivery_settings
from hsr_privacy.rules import Rules, load_rules
from hsr_privacy.synthesis import Layout, synthesize_register

TODAY = dt.date(2026, 6, 1)
Row = Mapping[str, str]
Write = Callable[..., Path]


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook()


@pytest.fixture(scope="session")
def rules(codebook: Codebook) -> Rules:
    return load_rules(codebook=codebook)


@pytest.fixture(scope="session")
def check(codebook: Codebook, rules: Rules) -> Callable[[Path], Quality]:
    """Check a folder on a day that does not change."""
    settings = load_delivery_settings()

    def run(folder: Path) -> Quality:
        return check_deliveries(
            folder,
            codebook=codebook,
            settings=settings,
            rules=rules,
            today=TODAY,
        )

    return run


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Layout, str], Path]:
    """A register of 1,500 arrests in a layout, once for each level of dirt."""
    made: dict[tuple[Layout, str], Path] = {}

    def make(layout: Layout, dirty: str) -> Path:
        if (layout, dirty) not in made:
            folder = tmp_path_factory.mktemp(f"{layout}-{dirty}") / "deliveries"
            synthesize_register(
                folder, events=1500, first_year=2015, last_year=2024, seed=77, layout=layout,
                dirty=dirty,
            )  # fmt: skip
            made[layout, dirty] = folder
        return made[layout, dirty]

    return make


@pytest.fixture(scope="session")
def checked(
    simulated: Callable[[Layout, str], Path], check: Callable[[Path], Quality]
) -> Callable[[Layout, str], Quality]:
    """What is found in such a register, once for each."""
    known: dict[Path, Quality] = {}

    def find(layout: Layout, dirty: str) -> Quality:
        folder = simulated(layout, dirty)
        if folder not in known:
            known[folder] = check(folder)
        return known[folder]

    return find


@pytest.fixture
def write(tmp_path: Path, codebook: Codebook) -> Write:
    """Write a plain CSV of a form, with the cells that a test names and all others empty."""

    def file(name: str, form: str, *rows: Row, encoding: str = "utf-8") -> Path:
        columns = [one.name for one in codebook.delivered_by(Source(form))]
        lines = [",".join(columns)]
        lines += [",".join(row.get(column, "") for column in columns) for row in rows]
        folder = tmp_path / "deliveries"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(("\n".join(lines) + "\n").encode(encoding))
        return folder

    return file


def kinds_of(quality: Quality, *, file: str | None = None) -> list[tuple[int | None, str]]:
    """Row and kind, or rule, of each finding."""
    numbers = [n for n, one in enumerate(quality.files) if file in (None, one.path)]
    return [
        (one["row"], one["rule"] or one["kind"])
        for one in quality.findings.iter_rows(named=True)
        if one["file"] in numbers
    ]
