"""Published figures: what others have printed of cardiac arrest in Norway, each with its source."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from hsr_privacy.configs import shipped
from hsr_privacy.documents import Label, Written, check, nearest, read, untold_sources
from hsr_privacy.errors import ConfigError
from hsr_privacy.portrait.measures import METRICS
from hsr_privacy.portrait.regression import FACTORS

Use = Literal["calibrated", "check only", "not comparable"]

_YEARS: Final = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?")


def _years(written: object) -> object:
    """``2014`` or ``2015-2019`` as the first and the last year."""
    found = _YEARS.fullmatch(str(written))
    if not found:
        raise ValueError("is a year such as 2014, or years such as 2015-2019")
    first, last = found[1], found[2] or found[1]
    if int(first) > int(last):
        raise ValueError("ends before it begins")
    return first, last


def _metric(name: str) -> str:
    if name not in METRICS:
        raise ValueError(
            f"'{name}' is no figure that can be measured{nearest(name, list(METRICS))}"
        )
    return name


def _factor(name: str) -> str:
    if name not in FACTORS:
        raise ValueError(f"'{name}' is no factor of survival{nearest(name, list(FACTORS))}")
    return name


class _Used(Written):
    """What is printed, how exactly, by whom, and what it is good for."""

    value: Annotated[float, Field(ge=0)]
    rounding: Annotated[float, Field(ge=0)]
    source: str
    use: Use
    reason: Label | None = None

    @model_validator(mode="after")
    def _says_why_not(self) -> Self:
        if self.use != "calibrated" and self.reason is None:
            raise ValueError(f"a figure that is '{self.use}' needs a 'reason'")
        return self


class Figure(_Used):
    """A printed figure: of which years, and what it is."""

    metric: Annotated[str, AfterValidator(_metric)]
    years: Annotated[tuple[int, int], BeforeValidator(_years)]


class OddsRatio(_Used):
    """A printed odds ratio of being alive after 30 days."""

    factor: Annotated[str, AfterValidator(_factor)]


class Trust(Written):
    """A health trust's row: persons, the part of the year that it told, and per 100,000 and year."""

    trust: Annotated[str, Field(pattern=r"^[0-9]{9}$")]
    name: str
    population: Annotated[int, Field(gt=0)]
    years: Annotated[float, Field(gt=0, le=1)] = 1.0
    arrests: Annotated[int, Field(ge=0)]
    incidence: Annotated[float, Field(ge=0)]
    treated: Annotated[float, Field(ge=0)]


class Trusts(Written):
    """What was printed of health trusts: some rows, and the range of all of them."""

    year: int
    source: str
    lowest: float
    highest: float
    lowest_treated: float
    highest_treated: float
    rounding: Annotated[float, Field(ge=0)]
    rows: tuple[Trust, ...]


class Published(Written):
    """All that has been printed."""

    sources: dict[str, str]
    figures: tuple[Figure, ...]
    odds_ratios: tuple[OddsRatio, ...]
    trusts: Trusts


def load_published(path: Path | None = None) -> Published:
    """Read the printed figures; the shipped ``synthetic/published.yaml`` if no path is given.

    Raises:
        ConfigError: every fault with file and line.
    """
    document = read(path or shipped("synthetic", "published.yaml"))
    published = check(document, Published)
    faults = untold_sources(document, published.sources)
    if faults:
        raise ConfigError(f"{document.path} names sources that it does not tell", faults)
    return published
