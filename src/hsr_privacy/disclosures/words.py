"""Words: what a person says to the register, which keeps it for good and hands it out."""

from __future__ import annotations

from hsr_privacy.errors import DataError
from hsr_privacy.packaging import check_text


def check_words(**texts: str) -> None:
    """Refuse what does not belong into the register.

    Args:
        texts: by the name of the option or field.

    Raises:
        DataError: one is empty, longer than 400 characters, or not one line of plain text.
        LeaksFound: one has eleven digits in a row, as a national identifier has.
    """
    for name, text in texts.items():
        if not text.strip():
            raise DataError(f"'{name}' is empty; say it in a few words")
        check_text(text, f"'{name}'")
