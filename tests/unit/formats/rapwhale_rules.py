"""The rules by which rapwhale takes a codebook, written down a second time.

Source: github.com/Rapporteket/rapwhale, R/kodebok-valider.R (kb_er_gyldig, kb_til_kanonisk_form),
R/kodebok-fyll.R (kb_fyll), R/valider-kanonisk-kodebok.R.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import groupby, pairwise

Row = dict[str, str]

COLUMNS = [
    *("skjema_id", "skjemanamn", "kategori", "innleiing", "variabel_id", "variabeletikett"),
    *("forklaring", "variabeltype", "eining", "unik", "obligatorisk", "verdi", "verditekst"),
    *("manglande", "desimalar", "min", "maks", "min_rimeleg", "maks_rimeleg"),
    *("kommentar_rimeleg", "utrekningsformel", "logikk", "kommentar"),
]
TYPES = {
    *("numerisk", "kategorisk", "boolsk", "dato", "dato_kl", "kl", "utrekna", "tekst", "tekst*"),
    "fritekst",
}
OF_NUMBERS = ("eining", "desimalar", "min", "maks", "min_rimeleg", "maks_rimeleg")
OF_CODES = ("verdi", "verditekst", "manglande")
NAME = re.compile(r"[a-z]([0-9a-z_]*[0-9a-z])?")


def broken_rules(text: str) -> list[str]:
    """What rapwhale would warn of; empty for a codebook that it takes."""
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    if list(reader.fieldnames or ()) != COLUMNS:
        return ["columns"]
    rows = list(reader)
    return sorted({*_of_order(rows), *_of_rows(rows), *_of_variables(rows)})


def _of_order(rows: list[Row]) -> Iterator[str]:
    for name in ("skjema_id", "skjemanamn", "variabel_id"):
        runs = [key for key, _ in groupby(row[name] for row in rows)]
        if len(set(runs)) < len(runs):
            yield f"{name} in two places"
    if len({(row["skjema_id"], row["skjemanamn"]) for row in rows}) > len(
        {row["skjema_id"] for row in rows}
    ):
        yield "two names of a form"
    if any(row["kategori"] for row in rows) and not rows[0]["kategori"]:
        yield "a form that does not begin with a category"


def _of_rows(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        if row["variabeltype"] not in TYPES:
            yield "variabeltype"
        if not NAME.fullmatch(row["variabel_id"]):
            yield "variabel_id"
        if row["variabeltype"] not in {"numerisk", "utrekna"} and any(row[n] for n in OF_NUMBERS):
            yield "a number's column filled for no number"
        if row["variabeltype"] != "kategorisk" and any(row[name] for name in OF_CODES):
            yield "a code's column filled for no code"
        if not {row["unik"], row["obligatorisk"]} <= {"ja", "nei"}:
            yield "ja and nei"
        if row["variabeltype"] == "kategorisk" and row["manglande"] not in {"ja", "nei"}:
            yield "ja and nei"
        if row["desimalar"] and not row["desimalar"].isdigit():
            yield "desimalar"
        if row["kommentar_rimeleg"] and not (row["min_rimeleg"] or row["maks_rimeleg"]):
            yield "kommentar_rimeleg"
        yield from _of_limits(row)


def _of_limits(row: Row) -> Iterator[str]:
    number = {
        name: float(row[name].replace(",", "."))
        for name in ("min", "maks", "min_rimeleg", "maks_rimeleg")
        if row[name]
    }
    for low, high in (("min", "maks"), ("min_rimeleg", "maks_rimeleg")):
        if low in number and high in number and number[low] >= number[high]:
            yield f"{low} < {high}"
    for low, high in (("min", "min_rimeleg"), ("maks_rimeleg", "maks")):
        if low in number and high in number and number[low] > number[high]:
            yield f"{low} <= {high}"


def _of_variables(rows: list[Row]) -> Iterator[str]:
    for _, group in groupby(rows, key=lambda row: row["variabel_id"]):
        of_one = list(group)
        for name in (
            *("variabeltype", "variabeletikett", "forklaring", "unik", "obligatorisk"),
            "kategori",
        ):
            if any(one[name] != other[name] for one, other in pairwise(of_one)):
                yield f"two of {name}"
        if of_one[0]["variabeltype"] == "kategorisk":
            for name in ("verdi", "verditekst"):
                cells = [row[name] for row in of_one]
                if "" in cells or len(set(cells)) < len(cells):
                    yield f"{name} empty or twice"
            if len(of_one) < 2:
                yield "fewer than two values"
        elif len(of_one) > 1:
            yield "rows of a variable without codes"
