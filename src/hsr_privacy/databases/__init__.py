"""Databases: a private SQLite file, or PostgreSQL by its URL; one writer, whole or not at all."""

from hsr_privacy.databases.database import Database, Kind
from hsr_privacy.databases.places import has_password, is_url, read_url, shown

__all__ = ["Database", "Kind", "has_password", "is_url", "read_url", "shown"]
