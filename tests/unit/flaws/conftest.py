"""Registers of one seed, clean and dirty, in each layout."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hsr_privacy.synthesis import Synthesized, synthesize_with_account

LAYOUTS = ("csv", "mrs", "oqr", "parquet")


@dataclass(frozen=True)
class Pair:
    """The clean and the dirty register of one seed.

    Attributes:
        clean: folder of the clean deliveries.
        dirty: folder of the dirty ones.
        ledger: the whole document.
        account: what was told of the dirty ones.
    """

    layout: str
    clean: Path
    dirty: Path
    ledger: dict[str, Any]
    account: Synthesized

    @property
    def flaws(self) -> list[dict[str, Any]]:
        flaws: list[dict[str, Any]] = self.ledger["flaws"]
        return flaws

    @property
    def truth(self) -> Path:
        return self.dirty.with_name(self.dirty.name + "-truth")


Made = Callable[[str], Pair]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make a pair of registers once for each layout."""
    pairs: dict[str, Pair] = {}

    def make(layout: str) -> Pair:
        if layout not in pairs:
            folder = tmp_path_factory.mktemp(layout)
            asked: dict[str, Any] = {
                "events": 1800, "first_year": 2013, "last_year": 2025, "seed": 5, "layout": layout,
            }  # fmt: skip
            synthesize_with_account(folder / "clean", **asked)
            account = synthesize_with_account(folder / "dirty", **asked, dirty="heavy")
            told = (folder / "dirty-truth" / "flaws.json").read_text(encoding="utf-8")
            pairs[layout] = Pair(
                layout, folder / "clean", folder / "dirty", json.loads(told), account
            )
        return pairs[layout]

    return make
