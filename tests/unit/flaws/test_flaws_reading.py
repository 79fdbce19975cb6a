"""What the ledger says of the reader is so: it refuses those cells, and no others."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.errors import DeliveryError
from hsr_privacy.registry import load_delivery_settings, read_deliveries
from hsr_privacy.registry.reading import read_raw, to_series
from hsr_privacy.registry.values import typed
from tests.unit.flaws.conftest import LAYOUTS, Made, Pair

SETTINGS = load_delivery_settings()
ENDS = {"mrs": b"\r\n", "csv": b"\n"}
Place = tuple[str, str, int]


def refused(folder: Path, codebook: Codebook) -> set[Place]:
    """File, column and row of every cell that the reader refuses."""
    found = set()
    for path in folder.iterdir():
        known = SETTINGS.layout_of(path.name)
        assert known is not None
        layout, form = known
        raw, _ = read_raw(path, layout, form, codebook)
        for variable in codebook.delivered_by(form) if raw else ():
            assert raw is not None
            cells = to_series(variable.name, raw.columns[variable.name])
            _, wrong = typed(cells, variable, codebook=codebook, layout=layout)
            found |= {(path.name, variable.name, row + 2) for one in wrong for row in one.rows}
    return found


def told(pair: Pair, *readers: str) -> set[Place]:
    return {
        (flaw["file"], column, flaw["row"])
        for flaw in pair.flaws
        for column in flaw["columns"]
        if flaw["reader"] in readers and not flaw["kind"].startswith("windows_1252")
    }


def mended(pair: Pair, folder: Path) -> Path:
    """The dirty register, once everybody has written UTF-8."""
    shutil.copytree(pair.dirty, folder)
    for path in folder.iterdir():
        if pair.layout in ENDS:
            lines = [
                line if readable(line) else line.decode("windows-1252").encode()
                for line in path.read_bytes().split(ENDS[pair.layout])
            ]
            path.write_bytes(ENDS[pair.layout].join(lines))
    return folder


def readable(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_reader_refuses_what_the_ledger_says_and_nothing_else(
    made: Made, layout: str, codebook: Codebook, tmp_path: Path
) -> None:
    pair = made(layout)
    assert refused(pair.dirty, codebook) == told(pair, "refuses")
    later = told(pair, "refuses once the file can be read")
    assert bool(later) == (layout in ("csv", "mrs"))
    if later:
        whole = refused(mended(pair, tmp_path / "mended"), codebook)
        assert whole == told(pair, "refuses") | later


@pytest.mark.parametrize("layout", LAYOUTS)
def test_whoever_reads_the_deliveries_is_told_of_every_column(
    made: Made, layout: str, codebook: Codebook
) -> None:
    pair = made(layout)
    with pytest.raises(DeliveryError) as caught:
        read_deliveries(pair.dirty, codebook=codebook, settings=SETTINGS)
    counted: Counter[tuple[str, str]] = Counter()
    unreadable = {}
    for fault in caught.value.faults:
        number = re.search(r"(\d+) (cell|row)\(s\)", fault.problem)
        assert number is not None, fault
        if number[2] == "cell":
            counted[Path(fault.file).name, fault.where] += int(number[1])
        else:
            unreadable[Path(fault.file).name] = int(number[1])
    assert counted == Counter((file, column) for file, column, _ in told(pair, "refuses"))
    bad = [flaw for flaw in pair.flaws if flaw["kind"].startswith("windows_1252")]
    if layout in ENDS:
        lines = Counter(flaw["file"] for flaw in bad if flaw["row"])
        whole = {flaw["file"] for flaw in bad if flaw["row"] is None}
        assert unreadable.keys() == lines.keys() | whole
        assert lines.items() <= unreadable.items()
        assert len(lines) == len(whole) == 1
    else:
        assert not unreadable


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_clean_register_of_the_same_seed_is_read_without_a_fault(
    made: Made, layout: str, codebook: Codebook
) -> None:
    pair = made(layout)
    assert len(read_deliveries(pair.clean, codebook=codebook, settings=SETTINGS).files) == 4


def test_who_should_find_it_by_reading_is_the_reader(made: Made) -> None:
    for layout in LAYOUTS:
        for flaw in made(layout).flaws:
            assert (flaw["detector"] == "reading") == (flaw["reader"] != "accepts"), flaw
