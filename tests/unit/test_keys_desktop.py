"""A key ring kept by the desktop: a real Secret Service opens it, and clear-text keyrings do not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from hsr_privacy.errors import KeyRingError
from hsr_privacy.keys import KeyRing
from hsr_privacy.keys.desktop import load_secret

keyring = pytest.importorskip("keyring", reason="pip install 'hsr-privacy[keyring]' brings keyring")

STORY = """
import sys
from hsr_privacy.errors import KeyRingLocked, KeyRingMissing
from hsr_privacy.keys import KeyRing, held_by
from hsr_privacy.keys.desktop import SERVICE, forget_secret, load_secret

path = sys.argv[1]
ring = KeyRing.create(path, None, registry_id="HJST", environment="test", custody="keyring")
made = ring.project_key("P-1", create=True)
assert held_by(path).custody == "keyring"
assert KeyRing.open(path).project_key("P-1") == made
ring.rewrap(None, custody="keyring")
assert KeyRing.open(path).project_key("P-1") == made
ring.rewrap("correct horse battery staple")
assert KeyRing.open(path, "correct horse battery staple").project_key("P-1") == made
ring.rewrap(None, custody="keyring")
import secretstorage
bus = secretstorage.dbus_init()
kept = list(secretstorage.get_default_collection(bus).search_items({"service": SERVICE}))
assert len(kept) == 1, len(kept)
kept[0].delete()
try:
    KeyRing.open(path)
except KeyRingMissing as error:
    print("told:", error)
"""


def test_a_real_secret_service_opens_the_ring_it_was_closed_by(tmp_path: Path) -> None:
    needed = ("dbus-run-session", "gnome-keyring-daemon")
    if not all(shutil.which(program) for program in needed):
        pytest.skip("no Secret Service here; on Debian: apt install dbus gnome-keyring")
    pytest.importorskip("secretstorage")
    tmp_path.chmod(0o700)
    story = tmp_path / "story.py"
    story.write_text(STORY)
    script = (
        'printf "test" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 && '
        f'"{sys.executable}" "{story}" "{tmp_path / "ring"}"'
    )
    home = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script],
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "told: the keyring of this desktop does not keep what opens this key ring" in done.stdout


@pytest.mark.parametrize("module", ["keyring.backends.fail", "keyring.backends.null", "mine"])
def test_a_keyring_that_the_system_does_not_close_is_refused(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type("Keyring", (), {"__module__": module})
    for chosen in (kind(), SimpleNamespace(backends=[kind()])):
        monkeypatch.setattr(keyring, "get_keyring", lambda chosen=chosen: chosen)
        with pytest.raises(KeyRingError, match="no keyring that the system closes"):
            load_secret("x")
        with pytest.raises(KeyRingError, match="no keyring that the system closes"):
            KeyRing.create(
                tmp_path / "ring", None, registry_id="t", environment="test", custody="keyring"
            )
    assert not (tmp_path / "ring").exists()
