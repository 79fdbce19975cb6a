"""The register: deliveries, who is who, which records are one arrest, and which arrests count."""

from hsr_privacy.registry.cohort import excluded, select
from hsr_privacy.registry.deliveries import DeliveredFile, Deliveries, read_deliveries
from hsr_privacy.registry.events import EVENT_DAY
from hsr_privacy.registry.glance import glance, glance_at
from hsr_privacy.registry.layouts import (
    DeliverySettings,
    Layout,
    Linkage,
    load_delivery_settings,
)
from hsr_privacy.registry.register import Register, build_register, keep_register
from hsr_privacy.registry.stores import (
    Stores,
    attacks_file,
    kept_events,
    open_stores,
    sketches_folder,
)

__all__ = [
    "EVENT_DAY",
    "DeliveredFile",
    "Deliveries",
    "DeliverySettings",
    "Layout",
    "Linkage",
    "Register",
    "Stores",
    "attacks_file",
    "build_register",
    "excluded",
    "glance",
    "glance_at",
    "keep_register",
    "kept_events",
    "load_delivery_settings",
    "open_stores",
    "read_deliveries",
    "select",
    "sketches_folder",
]
