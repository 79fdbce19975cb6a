"""The page for recipients is true: its plain tools find a package good, and a changed one not."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from hsr_privacy.errors import KeyRingLocked, NotSignedFor, PackageBroken
from hsr_privacy.keys.signing import fingerprint
from tests.packages import PREDICATE, People, approved

PAGE = (Path(__file__).parents[3] / "docs/how-to/verify-a-package.md").read_text(encoding="utf-8")
TOOLS = ("bash", "jq", "openssl", "sha512sum", "base64")


def plain(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the page's block for OpenSSL, stopping at the first no."""
    (block,) = re.findall(r"^```bash\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    command = ["bash", "-euo", "pipefail", "-c", block]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)


@pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason="needs the tools that the page names")
def test_openssl_verifies_what_we_sign(package: Path, people: People) -> None:
    done = plain(package)
    assert done.returncode == 0, done.stderr
    assert "Signature Verified Successfully" in done.stdout
    assert done.stdout.split()[-2] == fingerprint(people.producer.public_key)

    statement = package / "release.json"
    before = statement.read_bytes()
    statement.write_bytes(before.replace(b'"rows":2', b'"rows":3'))
    assert plain(package).returncode != 0
    statement.write_bytes(before)
    (package / "report.html").write_text("changed")
    assert plain(package).returncode != 0


@pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason="needs the tools that the page names")
def test_openssl_verifies_what_came_without_the_internal_files(
    tmp_path: Path, people: People
) -> None:
    internal = {**PREDICATE, "internal": ["report.html"]}
    folder = approved(tmp_path / "p", people, predicate=internal)
    (folder / "report.html").unlink()
    done = plain(folder)
    assert done.returncode == 0, done.stderr
    (folder / "manifest.json").unlink()
    assert plain(folder).returncode != 0


def test_the_page_names_the_exit_codes_in_both_languages() -> None:
    told = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)
    codes = [0, KeyRingLocked.exit_code, PackageBroken.exit_code, NotSignedFor.exit_code]
    assert told == [str(code) for code in codes] * 2
