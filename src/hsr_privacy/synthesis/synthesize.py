"""Synthesize a register: deliveries of people who do not exist, and the truth behind them."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from hsr_privacy.codebook import load_codebook
from hsr_privacy.errors import DataError, OutputExists, OutputFailed
from hsr_privacy.synthesis.chance import Chance
from hsr_privacy.synthesis.files import LAYOUTS, Layout, write_deliveries, write_truth
from hsr_privacy.synthesis.forms import write_down
from hsr_privacy.synthesis.numbers import FIRST_YEAR
from hsr_privacy.synthesis.parameters import Parameters, load_parameters
from hsr_privacy.synthesis.register import simulate

_LAST_YEAR = 2024
"""The last year whose municipalities are known."""


def synthesize_register(
    out: Path,
    *,
    events: int,
    first_year: int,
    last_year: int,
    seed: int,
    layout: Layout = "csv",
    parameters: Parameters | None = None,
) -> tuple[Path, ...]:
    """Simulate what AMK centrals, ambulance services, hospitals and the register deliver.

    The same arguments give the same bytes. ``out`` gets the deliveries; ``<out>-truth`` beside it
    says which records are the same arrest (``truth.parquet``), lists every identifier, name, telephone
    number and address that was planted (``planted.json``), and counts the hard cases (``traps.json``).

    Args:
        out: folder to make.
        events: number of arrests.
        first_year: 2013 or later.
        last_year: included.
        seed: 0 or more.
        layout: ``mrs``, ``oqr``, ``csv`` or ``parquet``.
        parameters: the numbers; those of ``synthetic/utstein.yaml`` if left out.

    Returns:
        The files that were written.

    Raises:
        DataError: an argument that means nothing.
        OutputExists: a folder is taken. OutputFailed: the disk is full, or the system refuses.
    """
    _check(events, first_year, last_year, seed, layout)
    truth = out.with_name(out.name + "-truth")
    for folder in (out, truth):
        if folder.exists():
            raise OutputExists(f"{folder} exists; name a folder that does not")
    p = parameters or load_parameters()
    chance = Chance(np.random.Generator(np.random.PCG64(seed)))
    simulated = simulate(events, first_year=first_year, last_year=last_year, chance=chance, p=p)
    forms = write_down(simulated, codebook=load_codebook(), chance=chance, p=p)
    try:
        out.mkdir(parents=True)
        truth.mkdir()
        written = write_deliveries(forms, out, layout=layout, dumped=f"{last_year + 1}-01-15")
        written += write_truth(forms, truth)
    except BaseException as error:
        for folder in (out, truth):
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise OutputFailed(f"{out} could not be written: {error.strerror}") from None
        raise
    return tuple(written)


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
