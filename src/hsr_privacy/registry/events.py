"""From linked records to events: one row per arrest, each variable from the source that is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from hsr_privacy.codebook import Codebook, Role, Source, Treatment, Type, Variable
from hsr_privacy.extract import EVENT_KEY, PERSON_KEY
from hsr_privacy.keys import Secret
from hsr_privacy.registry.linkage import AT, EVENT, RECORD, Linked
from hsr_privacy.registry.values import STORED

EVENT_DAY: Final = "event_day"
"""Day of the arrest by the Norwegian clock; it chooses cohorts and never leaves the house."""

_ZONE: Final = "Europe/Oslo"
_KEY_BYTES: Final = 16
_OLDEST: Final = 130
_LONGEST_RESPONSE: Final = 240
_AMBULANCE_WITNESSED: Final = 2
_EVENING, _NIGHT = 16, 8
_EXCLUDES_BY_YES: Final = ("reservasjon", "sperret", "slettet")
_EXCLUDES_BY_NO: Final = ("samtykke",)
_FORMS: Final = (Source.AMK, Source.AMBULANCE, Source.HOSPITAL, Source.REGISTER)


def to_utc(table: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Norwegian clock times as UTC, and how many do not exist (the hour that is skipped in March).

    The hour that comes twice in October is taken as the first of the two.
    """
    clocks = [name for name, dtype in table.schema.items() if isinstance(dtype, pl.Datetime)]
    before = sum(table[name].null_count() for name in clocks)
    table = table.with_columns(
        pl.col(clocks)
        .dt.replace_time_zone(_ZONE, ambiguous="earliest", non_existent="null")
        .dt.convert_time_zone("UTC")
    )
    return table, sum(table[name].null_count() for name in clocks) - before


def assemble(
    linked: Linked, tables: dict[Source, pl.DataFrame], *, codebook: Codebook, key: Secret
) -> pl.DataFrame:
    """One row per arrest with all variables that do not identify directly.

    Args:
        linked: which arrest each record belongs to; every arrest has a person key.
        tables: the delivered tables, with person keys; each leaves the dictionary when it is read.
        codebook: names the sources of each variable in order of trust.
        key: from which event keys are made of the names of the lead records.

    Returns:
        The person key, the event key (16 bytes each), `EVENT_DAY` and the codebook's variables.
    """
    arrests = linked.arrests.sort(EVENT)
    columns: dict[str, dict[Source, pl.Series]] = {}
    for form in _FORMS:
        table, on = tables.pop(form), PERSON_KEY
        if form in linked.records:
            table, on = table.with_columns(linked.records[form]), EVENT
        for name, values in _per_arrest(table, arrests, on=on, codebook=codebook).items():
            columns.setdefault(name, {})[form] = values
        if form is Source.REGISTER:
            known = arrests[PERSON_KEY].is_in(table[PERSON_KEY].drop_nulls().implode())
    trusted = [
        _trusted(variable, columns.pop(variable.name, {}), arrests.height)
        for variable in codebook
        if _is_said(variable)
    ]
    events = arrests.select(PERSON_KEY, AT, "event_type", _event_keys(arrests, key))
    return _derived(events.with_columns(trusted), known)


def in_codebook_order(events: pl.DataFrame, codebook: Codebook) -> pl.DataFrame:
    """The columns of the event store, and none that identifies directly."""
    names = [
        variable.name
        for variable in codebook
        if variable.role is not Role.DIRECT_IDENTIFIER and variable.name in events.columns
    ]
    return events.select(PERSON_KEY, EVENT_KEY, EVENT_DAY, *names).sort(EVENT_KEY)


def _per_arrest(
    table: pl.DataFrame, arrests: pl.DataFrame, *, on: str, codebook: Codebook
) -> dict[str, pl.Series]:
    """What one form says of each arrest, column by column."""
    names = [
        name
        for name in table.columns
        if name in codebook and codebook[name].role is not Role.DIRECT_IDENTIFIER
    ]
    table = _one_per(on, table, names)
    places = table.select(on).with_row_index("place")
    place = arrests.select(on).join(places, on=on, how="left", maintain_order="left")["place"]
    return {name: table[name].gather(place) for name in names}


def _one_per(on: str, table: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """One row per arrest or person: what several records say, the earliest first."""
    order = [name for name in (AT, RECORD) if name in table.columns]
    table = table.select(on, *order, *names).filter(pl.col(on).is_not_null())
    several = table.filter(pl.col(on).is_duplicated())
    if several.height == 0:
        return table
    several = several.sort(on, *(order or names), nulls_last=True)
    merged = several.group_by(on, maintain_order=True).agg(map(_of_several, names))
    single = table.filter(~pl.col(on).is_duplicated()).select(merged.columns)
    return pl.concat([single, merged])


def _of_several(name: str) -> pl.Expr:
    """The first value, but of what a person has chosen always that which excludes."""
    said = pl.col(name).drop_nulls()
    if name in _EXCLUDES_BY_YES:
        return said.max()
    if name in _EXCLUDES_BY_NO:
        return pl.coalesce(said.filter(said != 1).first(), said.first())
    return said.first()


def _is_said(variable: Variable) -> bool:
    """Whether the event store takes a variable from the forms."""
    if variable.role is Role.DIRECT_IDENTIFIER or variable.treatment is Treatment.PSEUDONYM:
        return False
    return variable.name != "event_type"


def _trusted(variable: Variable, said: Mapping[Source, pl.Series], height: int) -> pl.Series:
    """A variable from the first of its sources that has a value."""
    present = [said[source] for source in variable.sources if source in said]
    if not present:
        utc = variable.type is Type.DATETIME
        stored = pl.Datetime("us", "UTC") if utc else STORED[variable.type]
        return pl.Series(variable.name, [None] * height, dtype=stored)
    result = present[0]
    for other in present[1:]:
        result = result.zip_with(result.is_not_null(), other)
    return result.alias(variable.name)


def _event_keys(arrests: pl.DataFrame, key: Secret) -> pl.Series:
    """A keyed digest of the lead record's name; a name that stands twice is numbered."""
    again = pl.col(PERSON_KEY).rank("ordinal").over(RECORD).cast(pl.String)
    names = arrests.select(pl.concat_str(RECORD, again, separator="#")).to_series()
    keyed = HMAC(key.unsafe_bytes(), SHA256())
    keys = []
    for name in names:
        one = keyed.copy()
        one.update(name.encode())
        keys.append(one.finalize()[:_KEY_BYTES])
    return pl.Series(EVENT_KEY, keys, dtype=pl.Binary)


def _derived(events: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """What follows from the rest; ``known`` says of whom the register knows whether they live."""
    moment = pl.coalesce("t_stans", "t_anrop", AT).dt.convert_time_zone(_ZONE)
    hour = moment.dt.hour()
    part = pl.when(hour < _NIGHT).then(3).when(hour < _EVENING).then(1).otherwise(2)
    born = pl.col("fodselsdato")
    day = moment.dt.date()
    had_birthday = (day.dt.month() > born.dt.month()) | (
        (day.dt.month() == born.dt.month()) & (day.dt.day() >= born.dt.day())
    )
    age = day.dt.year() - born.dt.year() - (~had_birthday).cast(pl.Int32)
    age = pl.when(age.is_between(0, _OLDEST)).then(age)
    response = (pl.col("t_fremme") - pl.col("t_anrop")).dt.total_seconds() // 60
    counted = response.is_between(0, _LONGEST_RESPONSE) & pl.col("bevitnet").ne_missing(
        _AMBULANCE_WITNESSED
    )
    died = pl.col("dodsdato") < day.dt.offset_by("30d")
    alive = pl.when(pl.Series(known)).then((~died).fill_null(value=True).cast(pl.Int16))
    return events.with_columns(
        pl.coalesce(alive, "overlevd_30d").alias("overlevd_30d"),
        day.alias(EVENT_DAY),
        moment.dt.year().cast(pl.Int32).alias("hendelse_aar"),
        moment.dt.weekday().cast(pl.Int16).alias("ukedag"),
        pl.when(moment.is_not_null()).then(part).cast(pl.Int16).alias("dogndel"),
        pl.coalesce(age, "alder").cast(pl.Int32).alias("alder"),
        pl.when(counted).then(response).cast(pl.Int32).alias("responstid_min"),
    ).drop(AT)
