"""Chromium without a window, spoken to over two pipes: pages as people get them, and what they ask for."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
_LONGEST: Final = 60.0


class Browser:
    """One page of a browser, by the DevTools protocol (--remote-debugging-pipe)."""

    def __init__(self, program: str, profile: Path) -> None:
        down, up = os.pipe(), os.pipe()
        switches = [
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync"),
            *("--disable-component-update", "--hide-scrollbars", "--remote-debugging-pipe"),
            f"--user-data-dir={profile}",
        ]
        # The browser reads what it is asked from 3 and answers to 4.
        joined = f'exec "$0" "$@" 3<&{down[0]} 4>&{up[1]}'
        self._process = subprocess.Popen(
            ["bash", "-c", joined, program, *switches, "about:blank"],
            pass_fds=(down[0], up[1]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(down[0])
        os.close(up[1])
        self._to, self._from = down[1], up[0]
        self._read, self._number = b"", 0
        self.events: list[dict[str, Any]] = []
        targets = self._ask("Target.getTargets", session=None)["targetInfos"]
        page = next(one for one in targets if one["type"] == "page")
        attached = {"targetId": page["targetId"], "flatten": True}
        self._session = self._ask("Target.attachToTarget", attached, session=None)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask the page for something, and wait for the answer."""
        return self._ask(method, parameters, session=self._session)

    def open(self, page: Path, *, width: int = 1280, height: int = 900) -> None:
        """Show a file, and wait until it has settled."""
        self.events.clear()
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", size)
        self.ask("Page.navigate", {"url": page.resolve().as_uri()})
        self._until("Page.loadEventFired")

    def value(self, expression: str) -> Any:
        """What an expression is worth in the page."""
        asked = {"expression": expression, "returnByValue": True}
        answer = self.ask("Runtime.evaluate", asked)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """Press a key and let it go."""
        for kind in ("rawKeyDown", "keyUp"):
            pressed = {"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code}
            self.ask("Input.dispatchKeyEvent", pressed)

    def happened(self, method: str) -> list[dict[str, Any]]:
        """What the page told of since it was opened."""
        return [one["params"] for one in self.events if one.get("method") == method]

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._process.kill()
        os.close(self._to)
        os.close(self._from)

    def _ask(
        self, method: str, parameters: dict[str, Any] | None = None, *, session: str | None
    ) -> dict[str, Any]:
        self._number += 1
        asked: dict[str, Any] = {"id": self._number, "method": method, "params": parameters or {}}
        if session is not None:
            asked["sessionId"] = session
        os.write(self._to, json.dumps(asked).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == self._number:
                assert "error" not in told, told["error"]
                answer: dict[str, Any] = told["result"]
                return answer

    def _until(self, method: str) -> None:
        while not self.happened(method):
            self._next()

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + _LONGEST
        while b"\0" not in self._read:
            ready, _, _ = select.select([self._from], [], [], max(0.0, until - time.monotonic()))
            assert ready, "the browser does not answer"
            part = os.read(self._from, 1 << 20)
            assert part, "the browser has ended"
            self._read += part
        message, _, self._read = self._read.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        self.events.append(told)
        return told


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser; tests that ask for it skip where there is none."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None or os.name == "nt":
        pytest.skip("Chromium opens the pages as people do: apt-get install chromium")
    opened = Browser(program, tmp_path_factory.mktemp("browser"))
    yield opened
    opened.close()
