"""Entries of a disclosure register, as tests make them, and processes that make them at once."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from hsr_privacy.disclosures import Disclosure, DisclosureRegister, Signer
from hsr_privacy.keys import KeyRing
from tests.dying import sitecustomize as dying

PASSPHRASE = "correct horse battery staple"
"""Of the key ring that the fixture `ring` makes."""

RELEASED = dt.date(2026, 11, 2)

_ENTRY = Disclosure(
    id="hds-2026-0417-1",
    case_number="HDS-2026-0417",
    title="Respons og overlevelse; «første ledd»",
    environment="test",
    recipient="Universitetet i Eksempelby",
    recipient_type="research-institution",
    recipient_country="NO",
    channel="TSD",
    purpose="research",
    purpose_text="What do early compressions add?",
    gdpr6="e",
    gdpr9="j",
    national="helseregisterloven § 19 a",
    confidentiality="19b",
    approvals=("helsedataservice HDS-2026-0417 (2026-03-02)", "rek REK 2026/1203 (2026-01-20)"),
    released=RELEASED,
    project_end=dt.date(2030, 12, 31),
    deletion_date=dt.date(2031, 6, 30),
    k=5,
    rows=2_903,
    persons=2_871,
    files=18,
    pseudonyms="hmac-sha256-128",
    manifest_sha256="ab" * 32,
    statement_sha512="cd" * 64,
    place="/deliveries/1",
    signers=(Signer("producer", "Kari", "11" * 32), Signer("approver", "Ida", "22" * 32)),
    received=dt.date(2026, 3, 2),
    linked=("Kreftregisteret",),
    hourly_rate=1150.0,
)


def entry(release: str = "hds-2026-0417-1", **changes: Any) -> Disclosure:
    """An entry that is complete, but for what is changed in it."""
    return replace(_ENTRY, id=release, **changes)


def work(place: str, ring: str, name: str) -> None:
    """A whole life of a disclosure, in five acts."""
    with _opened(place, ring) as register:
        register.begin(entry(name))
        register.finish(name, sealed_sha512="ef" * 64)
        register.add_hours(name, 1.25, "Preparation", RELEASED)
        register.withdraw(name, "an error", RELEASED)
        register.confirm_deletion(name, RELEASED, "Kari", "letter 3")


def die_at_statement(place: str, ring: str, name: str, at: int) -> None:
    """The same, killed before the n-th statement or commit that reaches the database."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "before_cursor_execute", counted)
    sa.event.listen(sa.Engine, "commit", counted)
    work(place, ring, name)


def die_at_write(place: str, ring: str, name: str, at: int) -> None:
    """The same, killed before the n-th change of the folder of the key ring and its audit log."""
    dying.arm(at=at, how="kill", below=str(Path(ring).parent))
    work(place, ring, name)


def enter(place: str, ring: str, times: int) -> None:
    """Enter some releases, each with the next id, and let others do so in between."""
    for _ in range(times):
        with _opened(place, ring) as register:
            name = f"hds-2026-0417-{len(register.all()) + 1}"
            register.begin(entry(name))
            register.finish(name)


def hold(place: str, ring: str, opened: str, done: str) -> None:
    """Begin a release, and let nobody else write until a file is there."""
    with _opened(place, ring) as register:
        register.begin(entry())
        Path(opened).touch()
        while not Path(done).exists():
            time.sleep(0.01)


def _opened(place: str, ring: str) -> DisclosureRegister:
    where = place if "://" in place else Path(place)
    return DisclosureRegister(where, KeyRing.open(Path(ring), PASSPHRASE))


FUNCTIONS: dict[str, Callable[..., None]] = {
    one.__name__: one for one in (work, die_at_statement, die_at_write, enter, hold)
}


class Writers:
    """Processes that work on a register; one interpreter imports everything, and forks."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(
        self,
        function: Callable[..., None],
        *arguments: object,
        together: int = 1,
        after: float | None = None,
    ) -> None:
        """Call a function in so many processes; they are killed after some seconds, if asked for."""
        texts = [one if isinstance(one, int) else str(one) for one in arguments]
        asked = json.dumps([function.__name__, texts, together, after])
        assert self._server.stdin is not None
        self._server.stdin.write(asked + "\n")
        self._server.stdin.flush()

    def wait(self) -> list[int]:
        """Exit codes of what was started."""
        assert self._server.stdout is not None
        codes: list[int] = json.loads(self._server.stdout.readline())
        assert set(codes) <= {0, -signal.SIGKILL}
        return codes

    def run(
        self, function: Callable[..., None], *arguments: object, after: float | None = None
    ) -> bool:
        """Call a function in a process; gives whether it was killed."""
        self.start(function, *arguments, after=after)
        return self.wait() == [-signal.SIGKILL]

    def close(self) -> None:
        """Let the interpreter end."""
        self._server.communicate(timeout=60)


def _serve() -> None:
    for line in sys.stdin:
        name, arguments, together, after = json.loads(line)
        children = [_forked(FUNCTIONS[name], arguments) for _ in range(together)]
        if after is not None:
            time.sleep(after)
            for child in children:
                os.kill(child, signal.SIGKILL)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        sys.stdout.write(json.dumps(codes) + "\n")
        sys.stdout.flush()


def _forked(function: Callable[..., None], arguments: list[Any]) -> int:
    child = os.fork()
    if not child:
        code = 1
        try:
            function(*arguments)
            code = 0
        except Exception:  # noqa: BLE001 - told, whatever it is
            traceback.print_exc()
        finally:
            os._exit(code)
    return child


if __name__ == "__main__":
    _serve()
