"""How deliveries are written: names of files, delimiters, dates, decimals, words for missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator

from hsr_privacy.codebook import Source
from hsr_privacy.configs import shipped
from hsr_privacy.documents import Written, load


class Layout(Written):
    """One way in which the sector's systems write their dumps.

    Attributes:
        file: regular expression of the whole file name; its group ``form`` names the form.
        forms: what ``form`` may be, and the source that it means.
        encodings: tried in this order; the first that can be read decides.
        dates, datetimes: formats as strftime writes them, tried in this order.
        decimal: the decimal sign; a full stop is always read as one, too.
        trailing_column: whether every line ends with a delimiter, after which there is nothing.
        missing: texts that mean the same as an empty cell.
    """

    name: str
    kind: Literal["csv", "parquet"]
    file: str
    forms: dict[str, Source]
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ";"
    encodings: tuple[Literal["utf-8", "windows-1252"], ...] = ("utf-8",)
    dates: tuple[str, ...]
    datetimes: tuple[str, ...]
    decimal: Literal[",", "."]
    trailing_column: bool = False
    missing: tuple[str, ...] = ()
    source: str
    verified: bool

    @field_validator("file")
    @classmethod
    def _names_its_form(cls, pattern: str) -> str:
        try:
            groups = re.compile(pattern).groupindex
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        if "form" not in groups:
            raise ValueError("needs a group (?P<form>...) that names the form")
        return pattern

    def form_of(self, file_name: str) -> Source | None:
        """The form that a file of this name holds; None if it is not of this layout."""
        match = re.fullmatch(self.file, file_name)
        return self.forms.get(match["form"]) if match else None


class Linkage(Written):
    """How near in time records must be to be the same arrest.

    Attributes:
        call_hours: ambulance record and call with the same incident number, in hours.
        admission_hours: hospital record and arrest outside of the same person, in hours.
        duplicate_minutes: two records of the same person and kind of arrest, in minutes.
    """

    call_hours: Annotated[float, Field(gt=0)]
    admission_hours: Annotated[float, Field(gt=0)]
    duplicate_minutes: Annotated[float, Field(ge=0)]
    source: str


class DeliverySettings(Written):
    """All that is configured about deliveries."""

    layouts: Annotated[tuple[Layout, ...], Field(min_length=1)]
    linkage: Linkage

    def layout_of(self, file_name: str) -> tuple[Layout, Source] | None:
        """The first layout that knows a file of this name, and the form it holds."""
        for layout in self.layouts:
            form = layout.form_of(file_name)
            if form is not None:
                return layout, form
        return None


def load_delivery_settings(path: Path | None = None) -> DeliverySettings:
    """Read the settings; the shipped ``configs/deliveries.yaml`` if no path is given.

    Raises:
        ConfigError: every fault with file and line.
    """
    return load(path or shipped("configs", "deliveries.yaml"), DeliverySettings)
