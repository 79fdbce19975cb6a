"""From linked records to events: one row per arrest, each variable from the source that is trusted."""

from __future__ import annotations

from typing import Final

import polars as pl
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from hsr_privacy.codebook import Codebook, Role, Source, Type
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
_TRUSTED: Final = (Source.AMK, Source.AMBULANCE, Source.HOSPITAL, Source.REGISTER)


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
    linked: Linked, register: pl.DataFrame, *, codebook: Codebook, key: Secret
) -> pl.DataFrame:
    """One row per arrest with all variables that do not identify directly.

    Args:
        linked: records and arrests; every arrest has a person key.
        register: the rows of the register's own form, with person keys.
        codebook: names the sources of each variable in order of trust.
        key: from which event keys are made of the names of the lead records.

    Returns:
        The person key, the event key (16 bytes each), `EVENT_DAY` and the codebook's variables.
    """
    arrests = linked.arrests.sort(EVENT)
    tables = {form: _one_per(EVENT, table) for form, table in linked.records.items()}
    tables[Source.REGISTER] = _one_per(PERSON_KEY, register)
    events = arrests.select(EVENT, PERSON_KEY, AT, RECORD, "event_type")
    for form in _TRUSTED:
        on = PERSON_KEY if form is Source.REGISTER else EVENT
        columns = [c for c in tables[form].columns if c in codebook]
        part = tables[form].select(on, pl.col(columns).name.prefix(f"{form}:"))
        events = events.join(part, on=on, how="left", maintain_order="left")
    events = _trusted(events, codebook)
    events = events.with_columns(_event_keys(events, key)).drop(EVENT, RECORD)
    return _derived(events)


def in_codebook_order(events: pl.DataFrame, codebook: Codebook) -> pl.DataFrame:
    """The columns of the event store, and none that identifies directly."""
    names = [
        variable.name
        for variable in codebook
        if variable.role is not Role.DIRECT_IDENTIFIER and variable.name in events.columns
    ]
    return events.select(PERSON_KEY, EVENT_KEY, EVENT_DAY, *names).sort(EVENT_KEY)


def _one_per(on: str, table: pl.DataFrame) -> pl.DataFrame:
    """One row per arrest or person: what several records say, the earliest first."""
    table = table.filter(pl.col(on).is_not_null())
    several = table.filter(pl.col(on).is_duplicated())
    if several.height == 0:
        return table
    order = [name for name in (AT, RECORD) if name in table.columns]
    rest = [name for name in table.columns if name != on]
    several = several.sort(on, *(order or rest), nulls_last=True)
    merged = several.group_by(on, maintain_order=True).agg(map(_of_several, rest))
    single = table.filter(~pl.col(on).is_duplicated())
    return pl.concat([single, merged.select(single.columns)]).sort(on)


def _of_several(name: str) -> pl.Expr:
    """The first value, but of what a person has chosen always that which excludes."""
    said = pl.col(name).drop_nulls()
    if name in _EXCLUDES_BY_YES:
        return said.max()
    if name in _EXCLUDES_BY_NO:
        return pl.coalesce(said.filter(said != 1).first(), said.first())
    return said.first()


def _trusted(events: pl.DataFrame, codebook: Codebook) -> pl.DataFrame:
    """Each variable from the first of its sources that has a value."""
    columns: list[pl.Expr] = []
    for variable in codebook:
        if variable.role is Role.DIRECT_IDENTIFIER or variable.name == "event_type":
            continue
        sources = [f"{source}:{variable.name}" for source in variable.sources]
        present = [name for name in sources if name in events.columns]
        if present:
            columns.append(pl.coalesce(present).alias(variable.name))
        elif variable.treatment != "pseudonym":
            stored = (
                pl.Datetime("us", "UTC")
                if variable.type is Type.DATETIME
                else STORED[variable.type]
            )
            columns.append(pl.lit(None, stored).alias(variable.name))
    return events.select(EVENT, PERSON_KEY, AT, RECORD, "event_type", *columns)


def _event_keys(events: pl.DataFrame, key: Secret) -> pl.Series:
    """A keyed digest of the lead record's name; a name that stands twice is numbered."""
    again = pl.col(PERSON_KEY).rank("ordinal").over(RECORD).cast(pl.String)
    names = events.select(pl.concat_str(RECORD, again, separator="#")).to_series()
    keyed = HMAC(key.unsafe_bytes(), SHA256())
    keys = []
    for name in names:
        one = keyed.copy()
        one.update(name.encode())
        keys.append(one.finalize()[:_KEY_BYTES])
    return pl.Series(EVENT_KEY, keys, dtype=pl.Binary)


def _derived(events: pl.DataFrame) -> pl.DataFrame:
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
    return events.with_columns(
        day.alias(EVENT_DAY),
        moment.dt.year().cast(pl.Int32).alias("hendelse_aar"),
        moment.dt.weekday().cast(pl.Int16).alias("ukedag"),
        pl.when(moment.is_not_null()).then(part).cast(pl.Int16).alias("dogndel"),
        pl.coalesce(age, "alder").cast(pl.Int32).alias("alder"),
        pl.when(counted).then(response).cast(pl.Int32).alias("responstid_min"),
    ).drop(AT)
