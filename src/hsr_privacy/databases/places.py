"""Places: the path of a file, or the URL of a database, told without its secrets."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from hsr_privacy.errors import DataError, HsrError

_SECRET_PARAMETERS: Final = frozenset({"password", "sslpassword"})


def is_url(place: Path | str) -> bool:
    """Whether a place is the URL of a database and not a path."""
    return "://" in str(place)


def has_password(place: str, error: type[HsrError] = DataError) -> bool:
    """Whether the URL of a database holds a password, in its place or among its parameters.

    Raises:
        HsrError: it is no URL; of the type that was named.
    """
    url = read_url(place, error)
    return url.password is not None or bool(_SECRET_PARAMETERS & url.query.keys())


def read_url(place: str, error: type[HsrError] = DataError) -> sa.URL:
    """The parts of a URL.

    Raises:
        HsrError: it is none; its text is not quoted. Of the type that was named.
    """
    try:
        return sa.make_url(place)
    except (sa.exc.ArgumentError, ValueError):
        raise error("this is no URL of a database; write postgresql://...") from None


def shown(place: Path | str, error: type[HsrError] = DataError) -> str:
    """A place as messages name it, without who logs in and how.

    Raises:
        HsrError: it is a URL that cannot be read; of the type that was named.
    """
    if not is_url(place):
        return str(place)
    url = read_url(str(place), error)
    # What stands before an @ may be the end of a password that was not written as URLs want it.
    host = (url.host or "").rpartition("@")[2]
    database = (url.database or "").rpartition("@")[2]
    return f"the database {database}".rstrip() + f" on {host or 'this machine'}"
