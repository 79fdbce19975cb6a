"""Writing: a set and its passport in one folder, named so that nobody mistakes what may leave.

Only a releasable set is called ``synthetic``. Every other is called ``internal-only``, and a notice
lies beside it. The model is written elsewhere, sealed, or not at all; it never touches the disk
unsealed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import polars as pl

from hsr_privacy.errors import DataError, OutputExists
from hsr_privacy.folders import sha256_of, whole_folder
from hsr_privacy.keys.custody import check_folder, write_private
from hsr_privacy.keys.recipients import seal_to
from hsr_privacy.learned.learning import Model
from hsr_privacy.learned.page import passport_page
from hsr_privacy.learned.passport import Passport
from hsr_privacy.learned.reading import Original
from hsr_privacy.learned.stored import written
from hsr_privacy.learned.verdict import Outcome
from hsr_privacy.tables import write_table

RELEASABLE: Final = "synthetic"
INTERNAL: Final = "internal-only"
NOTICE: Final = "INTERNAL-ONLY.txt"
PASSPORT: Final = "passport.json"
PAGE: Final = "passport.html"

_NOTICE: Final = """\
BARE TIL BRUK I HUSET.
Dette settet er lært av virkelige personer, og det er ikke vist at det ikke røper noe om dem.
Det skal ikke sendes ut, legges ut eller brukes til opplæring. Les passport.html.

INTERNAL ONLY.
This set was learned from real persons, and it was not shown to give away nothing of them.
Do not send it, publish it or teach with it. Read passport.html.
"""
_KEY_BYTES: Final = 16
_DIGITS: Final = 19


def check_model_file(model_file: Path | None, recipients: Sequence[str], out: Path) -> None:
    """Refuse a place or a recipient for the model before any work is done.

    Raises:
        DataError: a file without a recipient, a recipient without a file, or a file inside the set.
        KeyRingError: a recipient is no age public key.
        KeyRingExposed: others may write to the folder, or it is tracked by git or synced.
        OutputExists: the file exists.
    """
    if model_file is None:
        if recipients:
            raise DataError("--recipient is who may open the model; name its file by --save-model")
        return
    if not recipients:
        raise DataError(
            "a model knows the data it learned from and is written sealed only; "
            "name who may open it by --recipient age1..."
        )
    if out.resolve() in model_file.resolve().parents:
        raise DataError(f"{model_file} lies in the folder of the set; a model is never given away")
    seal_to(recipients, b"")
    check_folder(model_file, "model")
    if model_file.exists():
        raise OutputExists(f"{model_file} exists; name a file that does not")


def write_set(
    passport: Passport,
    table: pl.DataFrame,
    *,
    original: Original,
    keys: pl.Series,
    out: Path,
    model: Model,
    model_file: Path | None,
    recipients: Sequence[str],
) -> Passport:
    """Write the folder, whole or not at all, and the sealed model.

    Args:
        passport: without its files.
        table: parsed rows of the set.
        original: whose columns and form the set gets.
        keys: of each row, the number of its person.
        out: folder to make.
        model: that drew the set.
        model_file: where to write it; nowhere if None.
        recipients: who can open it.

    Returns:
        The passport with its files.
    """
    releasable = passport.verdict.outcome is Outcome.RELEASABLE
    name = RELEASABLE if releasable else INTERNAL
    ending = "parquet" if original.form.kind == "parquet" else "csv"
    sealed = False
    try:
        with whole_folder(out) as staging:
            if not releasable:
                (staging / NOTICE).write_text(_NOTICE, encoding="utf-8")
            for part, rows in _parts(table, original, keys, two=model.two).items():
                write_table(rows, staging / f"{name}{part}.{ending}", original.form)
            files = {path.name: sha256_of(path) for path in sorted(staging.iterdir())}
            passport = replace(passport, files=files)
            text = json.dumps(passport.to_json(), ensure_ascii=False, indent=2, allow_nan=False)
            (staging / PASSPORT).write_text(text + "\n", encoding="utf-8")
            (staging / PAGE).write_text(passport_page(passport), encoding="utf-8")
            if model_file is not None:
                content = seal_to(recipients, model.pickled())
                write_private(model_file, content, replace=False)
                sealed = True
    except BaseException:
        if sealed and model_file is not None:
            model_file.unlink(missing_ok=True)
        raise
    return passport


def _parts(
    table: pl.DataFrame, original: Original, keys: pl.Series, *, two: bool
) -> dict[str, pl.DataFrame]:
    """The files of a set: one, or persons and events."""
    numbers = pl.Series("row", range(1, table.height + 1), dtype=pl.Int64)
    ids = {
        name: made_ids(keys if name == original.person else numbers, original.schema[name])
        for name in original.ids
    }
    whole = written(table, original.columns, schema=original.schema, order=original.order, ids=ids)
    if not two or original.person is None:
        return {"": whole}
    of_person = [c.name for c in original.columns if c.is_of_person]
    people = whole.select(original.person, *of_person)
    return {
        "-persons": people.unique(original.person, keep="first", maintain_order=True),
        "-events": whole.drop(of_person),
    }


def made_ids(numbers: pl.Series, wanted: Any) -> pl.Series:
    """Pseudonyms that nobody takes for real ones; text that begins with SYN where there is room."""
    if wanted == pl.Binary:
        keys = [number.to_bytes(_KEY_BYTES) for number in numbers]
        return pl.Series(numbers.name, keys, dtype=pl.Binary)
    if wanted == pl.String:
        return "SYN" + numbers.cast(pl.String).str.zfill(_DIGITS)
    return numbers.cast(wanted)
