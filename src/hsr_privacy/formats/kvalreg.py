"""KVALREG: the codebook in the 23 columns that Norwegian quality registries exchange (rapwhale)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

from hsr_privacy.dictionary import Dictionary, Field, Kind, Value
from hsr_privacy.documents import Label
from hsr_privacy.formats.delimited import SEPARATOR, defused_texts
from hsr_privacy.formats.fitting import is_whole
from hsr_privacy.formats.kvalreg_remarks import ENGLISH, MISSING, VALUE, Remark, joined
from hsr_privacy.formats.names import valid_names

COLUMNS: Final = (
    *("skjema_id", "skjemanamn", "kategori", "innleiing", "variabel_id", "variabeletikett"),
    *("forklaring", "variabeltype", "eining", "unik", "obligatorisk", "verdi", "verditekst"),
    *("manglande", "desimalar", "min", "maks", "min_rimeleg", "maks_rimeleg"),
    *("kommentar_rimeleg", "utrekningsformel", "logikk", "kommentar"),
)
"""In the order that rapwhale's ``kb_er_gyldig`` demands."""

CATEGORICAL: Final = "kategorisk"
NUMERIC: Final = "numerisk"
TYPES: Final[Mapping[Kind, str]] = {
    "integer": NUMERIC,
    "decimal": NUMERIC,
    "text": "tekst",
    "date": "dato",
    "datetime": "dato_kl",
}
YES: Final = "ja"
NO: Final = "nei"

_LIMITS: Final = (
    ("min", "min"),
    ("maks", "max"),
    ("min_rimeleg", "plausible-min"),
    ("maks_rimeleg", "plausible-max"),
)


def rapwhale_csv(dictionary: Dictionary) -> str:
    """A dictionary as a codebook for rapwhale: a row per variable, or per value of a coded one.

    Semicolons, decimal comma, UTF-8, LF. Its texts are in bokmål. What the format has no column for,
    English included, stands in ``kommentar`` in a form that `read_rapwhale` reads back. Where a code
    of a kind of missing lies beyond the limits of a variable, the limits stand there too: rapwhale
    would take the codes for errors. Line breaks become blanks, and texts are defused as in `write_csv`.

    Source: github.com/Rapporteket/rapwhale, R/kodebok-valider.R (``kb_er_gyldig``).
    """
    names = {name: valid.lower() for name, valid in valid_names(dictionary).items()}
    has_categories = all(field.category is not None for field in dictionary)
    file = io.StringIO()
    writer = csv.writer(file, delimiter=SEPARATOR, lineterminator="\n")
    writer.writerow(COLUMNS)
    of_whole = list(_of_whole(dictionary))
    for number, field in enumerate(dictionary):
        shared = {
            "skjema_id": dictionary.name,
            "skjemanamn": dictionary.title.nb,
            "kategori": field.category.nb if has_categories and field.category else "",
            "variabel_id": names[field.name],
        }
        remarks = [
            *(of_whole if number == 0 else []),
            *([("name", field.name)] if names[field.name] != field.name else []),
            *_in_both("category", field.category, in_column=has_categories),
        ]
        for row in _rows(field, remarks):
            filled = shared | row
            cells = (_in_a_line(filled.get(column, "")) for column in COLUMNS)
            writer.writerow(defused_texts(list(cells)))
    return file.getvalue()


def _in_a_line(text: str) -> str:
    """A text without line breaks, at which many readers of CSV stumble."""
    return " ".join(text.splitlines())


def is_categorical(field: Field) -> bool:
    """Whether each value has a row: there are two at least, and one is no kind of missing."""
    return bool(field.codes) and len(field.values) > 1


def _rows(field: Field, remarks: list[Remark]) -> Iterator[dict[str, str]]:
    row = {
        "variabeletikett": field.label.nb,
        "forklaring": field.description.nb if field.description else "",
        "unik": YES if field.unique else NO,
        "obligatorisk": YES if field.required else NO,
    }
    limits, untold = _limits(field)
    remarks += [*_of_field(field), *untold]
    if not is_categorical(field):
        is_numeric = TYPES[field.kind] == NUMERIC
        row |= limits | {"variabeltype": TYPES[field.kind]}
        if is_numeric and field.unit is not None:
            row["eining"] = field.unit.nb
        if field.kind == "integer":
            row["desimalar"] = "0"
        yield row | {"kommentar": joined([*remarks, *_of_values(field)])}
        return
    taken: set[str] = set()
    for number, value in enumerate(field.values):
        text = _once(value, taken)
        taken.add(text)
        told = [*(remarks if number == 0 else []), *_of_value(value, text)]
        yield row | {
            "variabeltype": CATEGORICAL,
            "verdi": value.text,
            "verditekst": text,
            "manglande": YES if value.is_missing else NO,
            "kommentar": joined(told),
        }


def _once(value: Value, taken: set[str]) -> str:
    """The text of a value; rapwhale wants no text twice, so that the code is added to the second."""
    text = value.label.nb if value.label is not None else value.text
    return f"{text} ({value.text})" if text in taken else text


def _of_whole(dictionary: Dictionary) -> Iterator[Remark]:
    if dictionary.title.en != dictionary.title.nb:
        yield "title-en", dictionary.title.en
    if dictionary.key:
        yield "key", ",".join(dictionary.key)


def _of_field(field: Field) -> Iterator[Remark]:
    if _kind_read(field) != field.kind:
        yield "kind", field.kind
    is_numeric = TYPES[field.kind] == NUMERIC and not is_categorical(field)
    yield from _in_both("label", field.label, in_column=True)
    yield from _in_both("description", field.description, in_column=True)
    yield from _in_both("unit", field.unit, in_column=is_numeric)
    yield from _in_both("detail", field.detail, in_column=False)
    yield from _in_both("note", field.note, in_column=False)
    if field.variable is not None:
        yield "variable", field.variable
    if field.role != "other":
        yield "role", field.role
    if field.pattern is not None:
        yield "pattern", field.pattern


def _kind_read(field: Field) -> Kind:
    """What a reader takes the cells for, unless it is told."""
    if is_categorical(field):
        return "integer" if all(is_whole(value.text) for value in field.values) else "text"
    return field.kind


def _in_both(name: str, label: Label | None, *, in_column: bool) -> Iterator[Remark]:
    """The languages of a label that its column does not say."""
    if label is None:
        return
    if not in_column:
        yield f"{name}-nb", label.nb
    if not in_column or label.en != label.nb:
        yield f"{name}-en", label.en


def _of_value(value: Value, text: str) -> Iterator[Remark]:
    if value.label is None:
        return
    if value.label.nb != text:
        yield "value-nb", value.label.nb
    if value.label.en != value.label.nb:
        yield "value-en", value.label.en


def _of_values(field: Field) -> Iterator[Remark]:
    """Values of a variable that is not coded: kinds of missing, or a single one."""
    for value in field.values:
        name = (MISSING if value.is_missing else VALUE) + value.text
        label = value.label or Label(nb=value.text, en=value.text)
        yield name, label.nb
        if label.en != label.nb:
            yield name + ENGLISH, label.en


def _limits(field: Field) -> tuple[dict[str, str], list[Remark]]:
    """The limits that have a column, and those that have none."""
    low, high = field.plausible
    limits = {"min": field.minimum, "maks": field.maximum, "min_rimeleg": low, "maks_rimeleg": high}
    told = {column: _number(limit) for column, limit in limits.items() if limit is not None}
    if TYPES[field.kind] == NUMERIC and not is_categorical(field) and _may_stand(field):
        return told, []
    return {}, [(name, told[column]) for column, name in _LIMITS if column in told]


def _may_stand(field: Field) -> bool:
    """Whether rapwhale takes the limits: they ascend, and no code of a kind of missing is beyond."""
    low, high = field.plausible
    outer = (field.minimum, field.maximum)
    inner = (low, high)
    ascends = all(
        smaller < larger
        for smaller, larger in (outer, inner)
        if smaller is not None and larger is not None
    ) and all(
        smaller <= larger
        for smaller, larger in ((field.minimum, low), (high, field.maximum))
        if smaller is not None and larger is not None
    )
    codes = [float(one.text) for one in field.missing if is_whole(one.text)]
    return ascends and not any(
        (field.minimum is not None and code < field.minimum)
        or (field.maximum is not None and code > field.maximum)
        for code in codes
    )


def _number(number: float) -> str:
    whole = int(number)
    return str(whole) if whole == number else repr(float(number)).replace(".", ",")
