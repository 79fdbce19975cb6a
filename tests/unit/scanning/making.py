"""Synthetic identifiers, workbooks and scans of small files."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hsr_privacy.identifiers import make_national_ids
from hsr_privacy.identifiers.check_digits import append_check_digits
from hsr_privacy.scanning import Finding, Known, ScanReport, scan


def ids(count: int, seed: int = 1) -> list[str]:
    """Numbers of Skatteetaten's synthetic series."""
    rng = np.random.default_rng(seed)
    born = np.datetime64("1930-01-01") + rng.integers(0, 30_000, count)
    return [str(one) for one in make_national_ids(born, rng.integers(1, 3, count), rng=rng)]


def born_early(count: int, seed: int = 2) -> list[str]:
    """The same of people born on the first nine days of a month, so that the first digit is zero."""
    rng = np.random.default_rng(seed)
    months = np.datetime64("1940-01", "M") + rng.integers(0, 700, count)
    born = months.astype("datetime64[D]") + rng.integers(0, 9, count)
    return [str(one) for one in make_national_ids(born, rng.integers(1, 3, count), rng=rng)]


def of_series(added: int, *, day: int = 15) -> str:
    """A number with something added to the month, such as NHN's synthetic series with 65."""
    for serial in range(100, 500):
        nine = np.array([list(map(int, f"{day:02}{3 + added:02}50{serial:03}"))], np.uint8)
        numbers, exists = append_check_digits(nine)
        if exists[0]:
            return "".join(map(str, numbers[0]))
    raise AssertionError


ONE, OTHER = ids(2)


def scanned(
    folder: Path, name: str, content: str | bytes, known: Known | None = None
) -> ScanReport:
    """What is found in one file."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return scan([path], known=known, shown=None)


def told(report: ScanReport) -> dict[str, list[int]]:
    """Places by kind, of all parts together."""
    found: dict[str, list[int]] = {}
    for one in report.findings:
        found.setdefault(one.kind, []).extend(one.first)
    return found


def parts(report: ScanReport) -> dict[str, int]:
    """Counts by part."""
    return {one.part: one.count for one in report.findings}


def one_finding(report: ScanReport) -> Finding:
    """The only finding."""
    assert len(report.findings) == 1, [(one.part, one.kind) for one in report.findings]
    return report.findings[0]


def _sheet(
    rows: Sequence[Sequence[str]], columns: str, hidden_rows: Sequence[int], more: str
) -> str:
    lines = []
    for number, row in enumerate(rows, start=1):
        hidden = ' hidden="1"' if number in hidden_rows else ""
        cells = "".join(
            f'<c r="{chr(65 + at)}{number}"{cell}</c>' for at, cell in enumerate(row) if cell
        )
        lines.append(f'<row r="{number}"{hidden}>{cells}</row>')
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"{columns}<sheetData>{''.join(lines)}</sheetData>{more}</worksheet>"
    )


def text(value: str) -> str:
    """A cell that holds its text itself."""
    return f' t="inlineStr"><is><t>{value}</t></is>'


def shared(at: int) -> str:
    """A cell that shows one of the shared strings."""
    return f' t="s"><v>{at}</v>'


def number(value: str) -> str:
    """A cell with a number."""
    return f"><v>{value}</v>"


def workbook(
    path: Path,
    sheets: Sequence[tuple[str, str, Sequence[Sequence[str]]]],
    *,
    strings: Sequence[str] = (),
    columns: str = "",
    hidden_rows: Sequence[int] = (),
    more: str = "",
    members: dict[str, str] | None = None,
    names: str = "",
) -> Path:
    """Write a workbook: sheets as (name, state, rows of cells), and whatever else it shall hold."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" state="{state}" r:id="rId{at}"/>'
        for at, (name, state, _) in enumerate(sheets, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{at}" Type="worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets>{listed}</sheets>'
            f"<definedNames>{names}</definedNames></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{related}</Relationships>',
        )
        items = "".join(f"<si><t>{one}</t></si>" for one in strings)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{items}</sst>')
        for at, (_, _, rows) in enumerate(sheets, start=1):
            sheet = _sheet(rows, columns, hidden_rows, more)
            archive.writestr(f"xl/worksheets/sheet{at}.xml", sheet)
        for name, content in (members or {}).items():
            archive.writestr(name, content)
    return path
