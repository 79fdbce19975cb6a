"""Learning: SDV, kept quiet and seeded; the only file that knows it.

SDV is under the Business Source License 1.1: it may be used, and not be offered to others as a
service. It writes a settings file into the user's home when it is imported, clips to the smallest
and largest value that it saw, and draws each set with the same random numbers; none of that happens
here.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import pickle
import random
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from hsr_privacy.errors import DataError
from hsr_privacy.extras import require
from hsr_privacy.learned.metadata import EVENTS, KEY, PERSONS, one_table, two_tables
from hsr_privacy.learned.plain import Plain

MODELS: Final = ("gaussian-copula", "ctgan", "tvae", "copula-gan")
"""The models for one table."""

EPOCHS: Final = 300
"""How often a neural model goes through the rows unless told otherwise; SDV's own default."""

_CLASSES: Final = {
    "gaussian-copula": "GaussianCopulaSynthesizer",
    "ctgan": "CTGANSynthesizer",
    "tvae": "TVAESynthesizer",
    "copula-gan": "CopulaGANSynthesizer",
}
_WITH_DISTRIBUTIONS: Final = ("gaussian-copula", "copula-gan")
_NOWHERE: Final = os.path.join(os.devnull, "sdv")  # noqa: PTH118 - a path that can never be made
_STEP: Final = re.compile(r"(\d+)/(\d+)")
_TRIES: Final = 50

Progress = Callable[[int, int], None]
"""Is told how many rounds of how many are done."""


@dataclass(frozen=True)
class Model:
    """A model that has learned; what it is made of is SDV's business.

    Attributes:
        name: of the model.
        metadata: that it was given.
        two: whether it draws persons and events.
    """

    name: str
    metadata: Mapping[str, Any]
    two: bool
    _made: Any

    def pickled(self) -> bytes:
        """The model as bytes. It knows the data: seal it, and never write it as it is."""
        return pickle.dumps(self._made)


def learn(
    plain: Plain,
    *,
    model: str,
    seed: int,
    epochs: int = EPOCHS,
    progress: Progress = lambda _done, _of: None,
) -> Model:
    """Learn one table.

    Args:
        plain: the rows.
        model: one of `MODELS`.
        seed: of everything that can be seeded.
        epochs: of the neural models.
        progress: is called after each round of a neural model.

    Raises:
        MissingExtra: SDV is not installed.
    """
    require("sdv") if "sdv" in sys.modules else _import_quietly()
    described = one_table(plain.fields)
    with _quiet(progress), _seeded(seed):
        metadata = require("sdv.metadata").Metadata.load_from_dict(described)
        settings: dict[str, Any] = {"enforce_min_max_values": False, "enforce_rounding": False}
        if model in _WITH_DISTRIBUTIONS:
            numbers = [field.name for field in plain.fields if not field.is_category]
            settings["numerical_distributions"] = dict.fromkeys(numbers, "norm")
            settings["default_distribution"] = "uniform"  # as SDV encodes categories
        if model != MODELS[0]:
            settings |= {"epochs": epochs, "enable_gpu": False, "verbose": True}
        made = getattr(require("sdv.single_table"), _CLASSES[model])(metadata, **settings)
        made.fit({EVENTS: _frame(plain.table)})
        made._set_random_state(seed)  # noqa: SLF001 - SDV draws with a seed of its own otherwise
    return Model(model, described, two=False, _made=made)


def learn_two(
    persons: Plain,
    events: Plain,
    *,
    person_keys: Sequence[int],
    event_keys: Sequence[int],
    seed: int,
) -> Model:
    """Learn persons and their events together, by SDV's hierarchical model.

    Args:
        persons: one row per person.
        events: one row per event.
        person_keys: of each row of persons, its number.
        event_keys: of each event, the number of its person.
        seed: of everything that can be seeded.

    Raises:
        MissingExtra: SDV is not installed.
    """
    require("sdv") if "sdv" in sys.modules else _import_quietly()
    described = two_tables(persons.fields, events.fields)
    with _quiet(lambda _done, _of: None), _seeded(seed):
        metadata = require("sdv.metadata").Metadata.load_from_dict(described)
        made = require("sdv.multi_table").HMASynthesizer(metadata, verbose=False)
        for table, plain in ((PERSONS, persons), (EVENTS, events)):
            numbers = [field.name for field in plain.fields if not field.is_category]
            made.set_table_parameters(
                table,
                {
                    "enforce_min_max_values": False,
                    "enforce_rounding": False,
                    "numerical_distributions": dict.fromkeys(numbers, "norm"),
                    "default_distribution": "uniform",
                },
            )
        tables = {PERSONS: _frame(persons.table), EVENTS: _frame(events.table)}
        for table, keys in ((PERSONS, person_keys), (EVENTS, event_keys)):
            tables[table].insert(0, KEY, list(keys))
        made.fit(tables)
    return Model("hma", described, two=True, _made=made)


def draw(model: Model, rows: int, *, where: Mapping[str, Any] | None = None) -> pl.DataFrame:
    """Draw rows of one table; with conditions, perhaps fewer than were asked for.

    Args:
        model: of one table.
        rows: to draw.
        where: per column the text or number that it shall have.
    """
    with _quiet(lambda _done, _of: None):
        if not where:
            drawn = model._made.sample(rows)[EVENTS]  # noqa: SLF001
        else:
            condition = require("sdv.sampling").Condition(dict(where), num_rows=rows)
            try:
                drawn = model._made.sample_from_conditions(  # noqa: SLF001
                    [condition], max_tries_per_batch=_TRIES
                )[EVENTS]
            except (ValueError, np.linalg.LinAlgError):
                drawn = model._made.sample(1)[EVENTS].head(0)  # noqa: SLF001
    rows_drawn: pl.DataFrame = pl.from_pandas(drawn)
    return rows_drawn


def draw_two(model: Model, persons: int, *, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw persons and their events, with `KEY` in both tables.

    Args:
        model: of two tables.
        persons: to draw.
        seed: of what can be seeded.
    """
    with _quiet(lambda _done, _of: None), _seeded(seed):
        for one in model._made._table_synthesizers.values():  # noqa: SLF001
            one._data_processor.reset_sampling()  # noqa: SLF001
        drawn = model._made.sample(persons, main_table_name=PERSONS)  # noqa: SLF001
    return pl.from_pandas(drawn[PERSONS]), pl.from_pandas(drawn[EVENTS])


def _frame(table: pl.DataFrame) -> Any:
    return table.to_pandas()


def _import_quietly() -> None:
    """Import SDV without letting it write into the user's home.

    Raises:
        MissingExtra: it is not installed.
    """
    platformdirs = _platformdirs()
    before = platformdirs.user_data_dir
    platformdirs.user_data_dir = lambda *_args, **_kwargs: _NOWHERE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            require("sdv.single_table")
            require("sdv.multi_table")
    finally:
        platformdirs.user_data_dir = before


def _platformdirs() -> Any:
    try:
        import platformdirs
    except ModuleNotFoundError:  # it comes with SDV
        require("sdv")
        raise DataError("platformdirs is not installed, and SDV needs it") from None
    return platformdirs


class _Listener(io.StringIO):
    """Takes what a library prints, tells of its rounds, and lets the rest go."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress

    def write(self, text: str) -> int:
        """Tell the round that a progress bar shows."""
        found = _STEP.search(text)
        if found:
            self._progress(int(found[1]), int(found[2]))
        return len(text)


@contextlib.contextmanager
def _quiet(progress: Progress) -> Iterator[None]:
    """Nothing that SDV, torch or tqdm print, warn or log comes out."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(_Listener(progress)),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


@contextlib.contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed the random numbers that libraries share, and give them back as they were."""
    torch = sys.modules.get("torch")
    python, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002 - SDV's source
    torch_state = torch.get_rng_state() if torch is not None else None
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - what SDV, copulas and CTGAN draw from
    if torch is not None:
        torch.manual_seed(seed)
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy_state)  # noqa: NPY002
        if torch is not None and torch_state is not None:
            torch.set_rng_state(torch_state)
