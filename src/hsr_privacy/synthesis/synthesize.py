"""Synthesize a register: deliveries of people who do not exist, and the truth behind them."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from hsr_privacy.codebook import Codebook, load_codebook
from hsr_privacy.errors import DataError
from hsr_privacy.flaws import (
    LEDGER,
    NONE,
    Dirt,
    Planting,
    Sheet,
    counts,
    dirt_of,
    plant_flaws,
    write_ledger,
)
from hsr_privacy.folders import refuse_taken, sha256_of, whole_folder
from hsr_privacy.registry import load_delivery_settings
from hsr_privacy.synthesis.chance import Chance
from hsr_privacy.synthesis.files import (
    LAYOUTS,
    Layout,
    encoding_of,
    file_name,
    write_deliveries,
    write_truth,
)
from hsr_privacy.synthesis.forms import Forms, write_down
from hsr_privacy.synthesis.numbers import FIRST_YEAR
from hsr_privacy.synthesis.parameters import Parameters, load_parameters
from hsr_privacy.synthesis.register import dumped_on, simulate

_LAST_YEAR: Final = 2025
"""The last year whose municipalities are known."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Synthesized:
    """A register that was written.

    Attributes:
        files: the deliveries.
        truth: what is true of them.
        digests: SHA-256 of each of these files, in hexadecimal.
        records: rows of each delivered file, without its heading.
        flaws: number of flaws by kind; empty for a clean register.
        not_in_layout: per kind of flaw that the layout cannot have, why.
    """

    files: tuple[Path, ...]
    truth: tuple[Path, ...]
    digests: Mapping[Path, str]
    records: Mapping[Path, int]
    flaws: Mapping[str, int] = field(default_factory=dict)
    not_in_layout: Mapping[str, str] = field(default_factory=dict)


def synthesize_register(
    out: Path,
    *,
    events: int,
    first_year: int,
    last_year: int,
    seed: int,
    layout: Layout = "csv",
    dirty: str = NONE,
    parameters: Parameters | None = None,
) -> tuple[Path, ...]:
    """Simulate what AMK centrals, ambulance services, hospitals and the register deliver.

    See `synthesize_with_account`, which also tells how much was written.

    Returns:
        The files that were written.

    Raises:
        DataError: an argument that means nothing.
        OutputExists: a folder is taken. OutputFailed: the disk is full, or the system refuses.
    """
    made = synthesize_with_account(
        out,
        events=events,
        first_year=first_year,
        last_year=last_year,
        seed=seed,
        layout=layout,
        dirty=dirty,
        parameters=parameters,
    )
    return (*made.files, *made.truth)


def synthesize_with_account(
    out: Path,
    *,
    events: int,
    first_year: int,
    last_year: int,
    seed: int,
    layout: Layout = "csv",
    dirty: str = NONE,
    parameters: Parameters | None = None,
    tell: Tell = lambda _: None,
) -> Synthesized:
    """Simulate deliveries, and tell what was written.

    The same arguments give the same bytes. ``out`` gets the deliveries; ``<out>-truth`` beside it
    says which records are the same arrest (``truth.parquet``), lists every identifier, name, telephone
    number and address that was planted (``planted.json``), and counts the hard cases (``traps.json``).
    In a dirty register ``flaws.json`` tells every flaw; all else is as in the clean one of the same
    seed.

    Args:
        out: folder to make.
        events: number of arrests.
        first_year: 2013 or later.
        last_year: included.
        seed: 0 or more.
        layout: ``mrs``, ``oqr``, ``csv`` or ``parquet``.
        dirty: ``none``, ``light``, ``moderate``, ``heavy``, or the share of records with a flaw.
        parameters: the numbers; those of ``synthetic/utstein.yaml`` if left out.
        tell: is told what goes on.

    Raises:
        DataError: an argument that means nothing.
        OutputExists: a folder is taken. OutputFailed: the disk is full, or the system refuses.
    """
    _check(events, first_year, last_year, seed, layout)
    dirt = dirt_of(dirty)
    truth = out.with_name(out.name + "-truth")
    for folder in (out, truth):
        refuse_taken(folder)
    p, codebook = parameters or load_parameters(), load_codebook()
    chance = Chance(np.random.Generator(np.random.PCG64(seed)))
    tell(f"drawing {events} arrests of {first_year} to {last_year}")
    simulated = simulate(events, first_year=first_year, last_year=last_year, chance=chance, p=p)
    forms = write_down(simulated, codebook=codebook, chance=chance, p=p)
    del simulated
    planting = _planting(forms, dirt, layout=layout, codebook=codebook, seed=seed)
    flaws = counts(planting.ledger)
    if dirt is not None:
        tell(f"{sum(flaws.values())} flaws planted")
    dumped = date.fromisoformat(dumped_on(last_year))
    with _both(out, truth) as (deliveries, beside):
        tell(f"writing {len(planting.sheets)} files")
        files = write_deliveries(planting.sheets, deliveries, layout=layout, dumped=dumped)
        known = write_truth(forms, beside, secrets=planting.secrets)
        if dirt is not None:
            known.append(beside / LEDGER)
            header = {
                "level": dirt.level,
                "share": dirt.share,
                "seed": seed,
                "layout": layout,
                "records": {str(form): table.height for form, table in forms.tables.items()},
                "not in this layout": planting.not_in_layout,
            }
            names = {
                (str(form), late): file_name(layout, form, dumped=dumped, late=late)
                for form in forms.tables
                for late in (False, True)
            }
            write_ledger(planting.ledger, known[-1], header=header, files=names)
        digests = {path: sha256_of(path) for path in (*files, *known)}
    where = {path: (out if path in files else truth) / path.name for path in digests}
    records = zip(files, (sheet.table.height for sheet in planting.sheets), strict=True)
    return Synthesized(
        files=tuple(where[path] for path in files),
        truth=tuple(where[path] for path in known),
        digests={where[path]: digest for path, digest in digests.items()},
        records={where[path]: height for path, height in records},
        flaws=flaws,
        not_in_layout=planting.not_in_layout,
    )


def _planting(
    forms: Forms, dirt: Dirt | None, *, layout: Layout, codebook: Codebook, seed: int
) -> Planting:
    """The sheets to write, with flaws if there are to be any."""
    if dirt is None:
        sheets = tuple(Sheet(form, table) for form, table in forms.tables.items())
        return Planting(sheets)
    settings = next(one for one in load_delivery_settings().layouts if one.name == layout)
    return plant_flaws(
        forms.tables,
        dirt,
        layout=settings,
        encodings={form: encoding_of(layout, form) for form in forms.tables},
        codebook=codebook,
        seed=seed,
    )


@contextlib.contextmanager
def _both(out: Path, truth: Path) -> Iterator[tuple[Path, Path]]:
    """Two folders to write in, that appear both or neither."""
    there = False
    try:
        with whole_folder(out) as deliveries:
            with whole_folder(truth) as beside:
                yield deliveries, beside
            there = True
    except BaseException:
        if there:
            shutil.rmtree(truth, ignore_errors=True)
        raise


def _check(events: int, first_year: int, last_year: int, seed: int, layout: str) -> None:
    if events < 1:
        raise DataError(f"{events} events is no register; give 1 or more")
    if seed < 0:
        raise DataError(f"seed is {seed}; it must be 0 or more")
    if not FIRST_YEAR <= first_year <= last_year <= _LAST_YEAR:
        raise DataError(
            f"years {first_year} to {last_year}: the register began in {FIRST_YEAR}, municipalities "
            f"are known to {_LAST_YEAR}, and the first year comes before the last"
        )
    if layout not in LAYOUTS:
        raise DataError(f"there is no layout '{layout}'; give one of: {', '.join(LAYOUTS)}")
