"""Build the register: from deliveries to an identity store and events that name nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.extract import PERSON_KEY, Step
from hsr_privacy.identifiers import Profile
from hsr_privacy.identities import IdentityStore
from hsr_privacy.keys import KeyRing, Secret
from hsr_privacy.registry.choices import with_choices
from hsr_privacy.registry.deliveries import DeliveredFile, Deliveries, read_deliveries
from hsr_privacy.registry.events import assemble, in_codebook_order, to_utc
from hsr_privacy.registry.inclusion import include
from hsr_privacy.registry.layouts import DeliverySettings
from hsr_privacy.registry.linkage import RECORD, Linked, link, merge_duplicates
from hsr_privacy.registry.persons import Persons, identify
from hsr_privacy.registry.stores import open_stores


@dataclass(frozen=True)
class Register:
    """The events of all deliveries, and how they came to be.

    Attributes:
        events: one row per event, with person key and event key, and no direct identifier.
        steps: reading, identities, linkage and inclusion, in counts.
        files: what was read.
        absent: forms that nobody delivered.
    """

    events: pl.DataFrame
    steps: tuple[Step, ...]
    files: tuple[DeliveredFile, ...]
    absent: tuple[Source, ...]


def build_register(
    source: Path,
    *,
    store: IdentityStore,
    ring: KeyRing,
    codebook: Codebook,
    settings: DeliverySettings,
    today: dt.date,
) -> Register:
    """Read deliveries, learn who is who, link records and keep what the register includes.

    The identity store learns, and keeps nothing before its `commit`.

    Args:
        source: folder of deliveries.
        store: open identity store of this register.
        ring: its environment says which identifiers are allowed.
        codebook: the register's variables.
        settings: layouts of files, and limits of linkage.
        today: the day on which new identifiers are first seen.

    Raises:
        DeliveryError: every fault of the files.
    """
    delivered = read_deliveries(source, codebook=codebook, settings=settings)
    # Of the version that the store was begun with: a new master key changes no event.
    key = ring.register_key("event-key", version=store.key_version).secret
    return registered(
        delivered,
        persons=store,
        profile=ring.environment,
        key=key,
        codebook=codebook,
        settings=settings,
        today=today,
    )


def registered(
    delivered: Deliveries,
    *,
    persons: Persons,
    profile: Profile | str,
    key: Secret,
    codebook: Codebook,
    settings: DeliverySettings,
    today: dt.date,
) -> Register:
    """Link what was read and keep what the register includes.

    Args:
        delivered: its tables leave it one by one as they are read.
        persons: knows who is who, and learns the new ones.
        profile: which identifier series are allowed.
        key: from which event keys are made.
        codebook: the register's variables.
        settings: limits of linkage.
        today: the day on which new identifiers are first seen.
    """
    tables = delivered.tables
    steps = [Step("read", {f"{form} rows": table.height for form, table in tables.items()})]
    counts = identify(tables, store=persons, profile=profile, on=today)
    skipped = 0
    for form in list(tables):
        tables[form], lost = to_utc(tables[form])
        skipped += lost
    linked = link(tables, settings=settings.linkage)
    linked, unidentified = _with_persons(linked, persons)
    linked = merge_duplicates(linked, minutes=settings.linkage.duplicate_minutes)
    steps.append(Step("identify", {**counts, "arrests of unidentified persons": unidentified}))
    steps.append(Step("link", {**linked.counts, "clock times that do not exist": skipped}))
    included = include(assemble(linked, tables, codebook=codebook, key=key))
    steps.append(Step("include", included.counts))
    events = in_codebook_order(included.events, codebook)
    events, withdrawn = with_choices(events, persons.choices(on=today))
    steps.append(Step("withdraw", {"events of persons who chose to be left out": withdrawn}))
    return Register(events, tuple(steps), delivered.files, delivered.absent)


def keep_register(
    source: Path,
    *,
    ring: KeyRing,
    codebook: Codebook,
    settings: DeliverySettings,
    today: dt.date,
    store: Path | None = None,
    identities: str | None = None,
) -> tuple[Register, Path]:
    """Build the register and keep it in its two stores, in a folder beside the key ring or ``store``.

    With ``identities``, the URL of a PostgreSQL database, the identity store lies there.

    Returns:
        The register, and the folder of its stores.
    """
    with open_stores(ring, store, identities=identities) as stores:
        register = build_register(
            source,
            store=stores.identities,
            ring=ring,
            codebook=codebook,
            settings=settings,
            today=today,
        )
        stores.write_events(register.events)
        stores.commit()
    return register, stores.folder


def _with_persons(linked: Linked, persons: Persons) -> tuple[Linked, int]:
    """Give each arrest whose person nobody knows a person of its own, the same on every reading."""
    unknown = linked.arrests.filter(pl.col(PERSON_KEY).is_null())
    keys = persons.unidentified(unknown[RECORD].to_list())
    mapping = pl.DataFrame(
        {RECORD: list(keys), "drawn": list(keys.values())},
        schema={RECORD: pl.String, "drawn": pl.Binary},
    )
    arrests = (
        linked.arrests.join(mapping, on=RECORD, how="left", maintain_order="left")
        .with_columns(pl.coalesce(PERSON_KEY, "drawn").alias(PERSON_KEY))
        .drop("drawn")
    )
    return Linked(linked.records, arrests, linked.counts), unknown.height
