"""The toolkit asks for no network, ever."""

from __future__ import annotations

import ast
import socket
import urllib.request
from pathlib import Path

import pytest

import hsr_privacy

SOURCES = sorted(Path(hsr_privacy.__path__[0]).rglob("*.py"))
NETWORK = {
    "aiohttp",
    "asyncio",
    "ftplib",
    "http",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "urllib",
    "urllib3",
}

ADDRESSES = "urllib.parse"
"""Takes texts apart and puts them together; it opens nothing, and brings nothing that does."""


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_module_imports_anything_that_talks_over_a_network(source: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module != ADDRESSES:
            imported.add(node.module.partition(".")[0])
    assert imported & NETWORK == set()


@pytest.mark.usefixtures("no_network")
def test_the_guard_refuses_what_it_is_there_to_refuse() -> None:
    with socket.socket() as plain, pytest.raises(AssertionError, match="network"):
        plain.connect(("127.0.0.1", 9))
    with pytest.raises(AssertionError, match="network"):
        urllib.request.urlopen("http://127.0.0.1:9/")
