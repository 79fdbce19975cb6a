"""`hsr demo` does everything once, and leaves nothing behind where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from hsr_privacy.cli.main import run


@pytest.mark.usefixtures("no_network")
def test_the_demo_ends_with_a_report_to_open(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "demo"
    assert run(["demo", "--out", str(out), "--events", "3000"]) == 0
    said = capfd.readouterr()
    assert "5. The release, step by step, by one person, as a test project may:" in said.err
    for line in ("report", "codebook", "data", "letter", "manifest", "sealed"):
        path = next(
            row.split()[-1] for row in said.out.splitlines() if row.strip().startswith(line)
        )
        assert Path(path).exists()
    assert (out / "keys").stat().st_mode & 0o777 == 0o700
    assert run(["project", "check", str(out / "project.yaml")]) == 0


def test_a_demo_that_is_refused_leaves_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", "--out", str(tmp_path / "demo"), "--events", "3"]) in (12, 21, 22)
    assert "hsr: " in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []
