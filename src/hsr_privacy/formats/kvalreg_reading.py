"""Reading: a codebook in rapwhale's 23 columns as a data dictionary."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, get_args

from hsr_privacy.dictionary import Dictionary, Field, Kind, Value
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError
from hsr_privacy.formats.delimited import SEPARATOR, defused_texts
from hsr_privacy.formats.fitting import is_whole
from hsr_privacy.formats.kvalreg import CATEGORICAL, COLUMNS, YES
from hsr_privacy.formats.kvalreg_remarks import ENGLISH, MISSING, VALUE, parted

Row = dict[str, str]

_KINDS: Final[Mapping[str, Kind]] = {
    "numerisk": "decimal",
    "utrekna": "decimal",
    "boolsk": "integer",
    "dato": "date",
    "dato_kl": "datetime",
    "kl": "text",
    "tekst": "text",
    "tekst*": "text",
    "fritekst": "text",
}
"""rapwhale's types of variables, but for the one whose values are listed."""

_BOOLEAN: Final = (
    Value("0", Label(nb="Nei", en="No")),
    Value("1", Label(nb="Ja", en="Yes")),
)
_FILLED: Final = ("variabeletikett", "forklaring", "variabeltype", "unik", "obligatorisk")
_NEEDED: Final = ("variabel_id", "variabeltype")


def read_rapwhale(text: str, *, form: str | None = None) -> Dictionary:
    """Read a codebook that rapwhale would read: sparse or filled, with further columns or without.

    What `rapwhale_csv` wrote is read back whole. In codebooks of others all texts are in one
    language, which stands for both, and a comment becomes a note.

    Args:
        text: semicolons or commas, a heading; the mark of UTF-8 may stand first.
        form: ``skjema_id`` of the form that is read; may be left out where there is only one.

    Raises:
        DataError: a column, type, form or number that cannot be; by line of the file.
    """
    rows = [row for row in _filled(_rows(text)) if form in (None, row["skjema_id"])]
    forms = list(dict.fromkeys(row["skjema_id"] for row in rows))
    if len(forms) != 1:
        found = ", ".join(forms) or "none of that name"
        raise DataError(f"the codebook has the forms: {found}; name one of those that it has")
    first, told = rows[0], _remarks(rows[0])
    title = first.get("skjemanamn") or forms[0]
    variables = dict.fromkeys(row["variabel_id"] for row in rows)
    return Dictionary(
        name=forms[0],
        title=Label(nb=title, en=told.get("title-en", title)),
        fields=tuple(
            _field([row for row in rows if row["variabel_id"] == name]) for name in variables
        ),
        key=tuple(told["key"].split(",")) if "key" in told else (),
    )


def _rows(text: str) -> Iterator[Row]:
    text = text.removeprefix("\ufeff")
    heading = text.partition("\n")[0]
    delimiter = max((SEPARATOR, ","), key=heading.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="")
    absent = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    if absent:
        raise DataError(
            f"line 1: the codebook has no column {', '.join(absent)}; its columns should be "
            f"{SEPARATOR.join(COLUMNS)}"
        )
    for row in reader:
        kept = {name: cell or "" for name, cell in row.items() if name in COLUMNS}
        if any(kept.values()):
            yield {**_restored(kept), "": str(reader.line_num)}


def _restored(row: Row) -> Row:
    """The texts without the apostrophe by which a formula was defused."""
    bare = [cell.removeprefix("'") for cell in row.values()]
    again = zip(row.items(), bare, defused_texts(bare), strict=True)
    return {name: plain if cell == closed else cell for (name, cell), plain, closed in again}


def _filled(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows with what a sparse codebook says once and means for those below."""
    form, variable = "", ""
    above: Row = {}
    named: dict[str, str] = {}
    for row in rows:
        form = row.get("skjema_id") or form or "skjema"
        variable = row["variabel_id"] or variable
        if not variable:
            raise DataError(f"line {row['']}: no variabel_id here, and none above")
        if (form, variable) != (above.get("skjema_id"), above.get("variabel_id")):
            above = {}
        for name in _FILLED:
            row[name] = row.get(name) or above.get(name, "")
        for name in ("skjemanamn", "kategori"):
            key = f"{form}\n{name}"
            named[key] = row[name] = row.get(name) or named.get(key, "")
        row["skjema_id"], row["variabel_id"] = form, variable
        above = row
        yield row


def _remarks(row: Row) -> dict[str, str]:
    return parted(row.get("kommentar", "")) or {}


def _field(rows: Sequence[Row]) -> Field:
    row = rows[0]
    told = _remarks(row)
    values = _values(rows, told)
    label = row["variabeletikett"] or row["variabel_id"]
    comment = row.get("kommentar", "")
    note = _label(told, "note", "")
    if note is None and comment and not told:
        note = Label(nb=comment, en=comment)
    options: dict[str, Any] = {"role": told["role"]} if "role" in told else {}
    return Field(
        name=told.get("name", row["variabel_id"]),
        label=Label(nb=label, en=told.get("label-en", label)),
        kind=_kind(row, values, told),
        description=_label(told, "description", row["forklaring"]),
        category=_label(told, "category", row["kategori"]),
        unit=_label(told, "unit", row.get("eining", "")),
        values=values,
        minimum=_limit(row, "min", told.get("min")),
        maximum=_limit(row, "maks", told.get("max")),
        plausible=(
            _limit(row, "min_rimeleg", told.get("plausible-min")),
            _limit(row, "maks_rimeleg", told.get("plausible-max")),
        ),
        pattern=told.get("pattern"),
        required=row["obligatorisk"] == YES,
        unique=row["unik"] == YES,
        variable=told.get("variable"),
        detail=_label(told, "detail", ""),
        note=note,
        **options,
    )


def _kind(row: Row, values: tuple[Value, ...], told: Mapping[str, str]) -> Kind:
    kinds: tuple[Kind, ...] = get_args(Kind)
    for kind in kinds:
        if told.get("kind") == kind:
            return kind
    written = row["variabeltype"]
    if written == CATEGORICAL:
        return "integer" if all(is_whole(value.text) for value in values) else "text"
    if written not in _KINDS:
        raise DataError(
            f"line {row['']}: '{written}' is no variabeltype; use one of {CATEGORICAL}, "
            f"{', '.join(_KINDS)}"
        )
    if written == "numerisk" and row.get("desimalar") == "0":
        return "integer"
    return _KINDS[written]


def _values(rows: Sequence[Row], told: Mapping[str, str]) -> tuple[Value, ...]:
    if rows[0]["variabeltype"] == "boolsk":
        return _BOOLEAN
    if rows[0]["variabeltype"] != CATEGORICAL:
        return tuple(_beside(told))
    return tuple(_value(row) for row in rows)


def _value(row: Row) -> Value:
    text, remarks = row.get("verdi", ""), _remarks(row)
    if not text:
        raise DataError(f"line {row['']}: a value of a coded variable has no verdi")
    said = remarks.get("value-nb", row.get("verditekst") or text)
    english = remarks.get("value-en", said)
    label = None if said == english == text else Label(nb=said, en=english)
    return Value(text, label, is_missing=row.get("manglande") == YES)


def _beside(told: Mapping[str, str]) -> Iterator[Value]:
    """Values that a variable without rows of its own for them has in its remarks."""
    for name, said in told.items():
        start = next((one for one in (VALUE, MISSING) if name.startswith(one)), None)
        if start is None or name.endswith(ENGLISH):
            continue
        text, english = name.removeprefix(start), told.get(name + ENGLISH, said)
        label = None if said == english == text else Label(nb=said, en=english)
        yield Value(text, label, is_missing=start == MISSING)


def _label(told: Mapping[str, str], name: str, column: str) -> Label | None:
    nb = told.get(f"{name}-nb") or column
    return Label(nb=nb, en=told.get(f"{name}-en", nb)) if nb else None


def _limit(row: Row, column: str, remark: str | None) -> float | None:
    written = row.get(column) or remark
    if not written:
        return None
    try:
        return float(written.replace(",", "."))
    except ValueError:
        raise DataError(f"line {row['']}: {column} is no number") from None
