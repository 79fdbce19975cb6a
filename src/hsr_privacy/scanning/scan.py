"""Look through files and folders for what names a person, and tell where, never what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from hsr_privacy.scanning.gathering import Gathering
from hsr_privacy.scanning.known import Known
from hsr_privacy.scanning.limits import Limits
from hsr_privacy.scanning.national import KNOWN
from hsr_privacy.scanning.needles import Needles
from hsr_privacy.scanning.opening import open_paths
from hsr_privacy.scanning.report import ScanReport
from hsr_privacy.scanning.tally import SHOWN


def scan(
    paths: Iterable[Path],
    *,
    known: Known | None = None,
    needles: Needles | None = None,
    shown: int | None = SHOWN,
    limits: Limits | None = None,
) -> ScanReport:
    """Look through files and folders for what names a person.

    National identifiers by tier, however they are written, telephone numbers, e-mail addresses,
    coordinates, and identifiers that are known: in cells, free text, names, labels, metadata,
    statistics, comments, hidden sheets, members of archives, and the bytes of whatever else there is.

    Args:
        paths: files and folders; of a folder, everything below.
        known: identifiers to look up exactly, whatever they look like.
        needles: single values to search for besides, as `search_for` does.
        shown: how many places of each kind in each part are told; all if None.
        limits: how deep and how much is unpacked.

    Raises:
        DataError: a path does not exist, or there is no file.
    """
    each = () if needles is None else needles.each
    gathering = Gathering(known=known, shown=shown, needles=each)
    for piece in open_paths(paths, limits or Limits(), gathering.is_telling):
        gathering.take(piece)
    return gathering.report()


def search_for(
    paths: Iterable[Path],
    needles: Needles,
    *,
    shown: int | None = SHOWN,
    limits: Limits | None = None,
) -> ScanReport:
    """Look through files and folders for certain values, such as those that were taken out.

    Each is searched for in every part that `scan` looks through, in every way to write it; what is
    found is told by the needle's name, its kind in place of a kind of identifier.

    Args:
        paths: files and folders; of a folder, everything below.
        needles: the values.
        shown: how many places of each needle in each part are told; all if None.
        limits: how deep and how much is unpacked.

    Raises:
        DataError: a path does not exist, or there is no file.
    """
    gathering = Gathering(known=needles.identifiers, shown=shown, needles=needles.each)
    for piece in open_paths(paths, limits or Limits(), gathering.is_telling):
        gathering.take(piece)
    report = gathering.report()
    found = tuple(one for one in report.findings if one.about or one.kind == KNOWN)
    return replace(report, findings=found)
