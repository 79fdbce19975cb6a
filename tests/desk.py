"""A desk with everything that a release needs: deliveries, a key ring, an approved project."""

from __future__ import annotations

import hashlib
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from hsr_privacy.cli.main import run
from hsr_privacy.configs import shipped
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.stretching import Stretching
from hsr_privacy.synthesis import synthesize_register

HSR = Path(sys.executable).with_name("hsr")
PASSPHRASE = "seven quiet herons wade north"


@dataclass(frozen=True)
class Desk:
    """What lies on the desk of somebody who prepares an extract."""

    folder: Path

    @property
    def project(self) -> Path:
        return self.folder / "project.yaml"

    @property
    def deliveries(self) -> Path:
        return self.folder / "deliveries"

    @property
    def ring(self) -> Path:
        return self.folder / "keys" / "register.keyring"

    @property
    def out(self) -> Path:
        return self.folder / "extract"

    def arguments(self, *more: str) -> list[str]:
        return [
            *("release", str(self.project), "--source", str(self.deliveries)),
            *("--keyring", str(self.ring), "--passphrase-file", str(self.ring.parent / "word")),
            *("--out", str(self.out), *more),
        ]

    def state(self) -> dict[str, str]:
        """Every file and folder on the desk, with its mode and digest."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            found[str(path.relative_to(self.folder))] = f"{path.stat().st_mode:o} {digest}"
        return found

    def change(self, old: str, new: str) -> None:
        text = self.project.read_text(encoding="utf-8")
        assert text.count(old) >= 1
        self.project.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="session")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "deliveries"
    synthesize_register(folder, events=3000, first_year=2019, last_year=2022, seed=7, layout="mrs")
    return folder


def laid_out(folder: Path, deliveries: Path) -> Desk:
    """A desk with everything on it; a small register needs a larger budget of suppression."""
    desk = Desk(folder)
    shutil.copytree(deliveries, desk.deliveries)
    shutil.copyfile(shipped("configs", "projects", "bystander-cpr-survival.yaml"), desk.project)
    desk.ring.parent.mkdir(mode=0o700)
    quick = Stretching(cost=2, memory_kib=19_456, lanes=1)
    KeyRing.create(desk.ring, PASSPHRASE, registry_id="T", environment="test", stretching=quick)
    word = desk.ring.parent / "word"
    word.write_text(PASSPHRASE + "\n")
    word.chmod(0o600)
    desk.change("max_suppressed: 0.02", "max_suppressed: 0.10")
    return desk


@pytest.fixture
def desk(tmp_path: Path, deliveries: Path) -> Desk:
    return laid_out(tmp_path, deliveries)


@pytest.fixture(scope="session")
def released(deliveries: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk whose extract is made; tests that ask for it leave it as it is."""
    desk = laid_out(tmp_path_factory.mktemp("released"), deliveries)
    assert run(desk.arguments()) == 0
    return desk


def refused(desk: Desk, capfd: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    before = desk.state()
    code = run(desk.arguments(*more))
    captured = capfd.readouterr()
    assert desk.state() == before
    assert code
    return code, captured.err
