"""The options by which a command asks for privacy models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from hsr_privacy.anonymity.plan import Population, SensitiveLevel
    from hsr_privacy.models import PrivacyModel

_Command = TypeVar("_Command", bound=Callable[..., Any])
_SHARE = click.FloatRange(0, 1)
_PATH = click.Path(path_type=Path)


def pairs(_ctx: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
    """``COLUMN=VALUE``, any number of times, each column once."""
    found: dict[str, str] = {}
    for text in texts:
        column, equals, value = text.partition("=")
        if not (column and equals and value):
            raise click.BadParameter(f"write {option.metavar}, such as age=2")
        if column in found:
            raise click.BadParameter(f"'{column}' stands twice; give it once")
        found[column] = value
    return found


def _recursive(
    _ctx: click.Context, _option: click.Parameter, text: str | None
) -> tuple[float, int] | None:
    return None if text is None else _two(text, float, "write C,L, such as 3,2")


def _subsets(
    _ctx: click.Context, _option: click.Parameter, text: str | None
) -> tuple[int, int | None] | None:
    if text is None or "," in text:
        return None if text is None else _two(text, int, "write M or M,K, such as 2 or 2,10")
    return _two(f"{text},0", int, "write M or M,K, such as 2 or 2,10")[0], None


_Number = TypeVar("_Number", int, float)


def _two(text: str, kind: Callable[[str], _Number], usage: str) -> tuple[_Number, int]:
    first, _, second = text.partition(",")
    try:
        return kind(first), int(second)
    except ValueError:
        raise click.BadParameter(usage) from None


_OPTIONS: Sequence[Callable[[Any], Any]] = (
    click.option(
        "--sensitive",
        multiple=True,
        metavar="COLUMN",
        help="Column of which nothing should be learned; may be given several times.",
    ),
    click.option(
        "--sensitive-level",
        "sensitive_levels",
        multiple=True,
        callback=pairs,
        metavar="COLUMN=LEVEL",
        help="Values of a sensitive column that are one on this level of its hierarchy are one.",
    ),
    click.option(
        "--l", "ell", type=click.IntRange(1), help="Distinct values of it in every class."
    ),
    click.option("--entropy-l", type=click.FloatRange(1), help="Exp of the entropy, at least."),
    click.option(
        "--recursive", callback=_recursive, metavar="C,L", help="Recursive (c,l)-diversity."
    ),
    click.option("--alpha", type=_SHARE, help="Share of one value in a class, at most."),
    click.option("--t", type=_SHARE, help="Distance of a class from all released rows, at most."),
    click.option(
        "--distance",
        type=click.Choice(["equal", "ordered", "hierarchical"]),
        default="equal",
        show_default=True,
        help="Which distance t is; the last needs the column's hierarchy.",
    ),
    click.option("--beta", type=click.FloatRange(0), help="Relative gain of a value, at most."),
    click.option("--basic-beta", is_flag=True, help="Without the bound of -ln of each share."),
    click.option("--delta", type=click.FloatRange(0), help="|ln(q/p)| of every value, at most."),
    click.option("--max-risk", type=_SHARE, help="1 / persons of a class, at most."),
    click.option("--average-risk", type=_SHARE, help="Classes / persons, at most."),
    click.option(
        "--all-subsets",
        callback=_subsets,
        metavar="M[,K]",
        help="Whatever M of the columns somebody knows, K persons fit; K is that of --k if left out.",
    ),
    click.option(
        "--second-entity",
        "entities",
        multiple=True,
        metavar="COLUMN[=N]",
        help="Every class comes from N of these (2 if left out), such as hospitals.",
    ),
    click.option(
        "--scenarios",
        type=_PATH,
        metavar="FILE",
        help="Attackers, each with columns and k of its own; 'shipped' for the register's.",
    ),
    click.option(
        "--population", type=_PATH, metavar="FILE", help="CSV or Parquet of the population."
    ),
    click.option(
        "--population-count", metavar="COLUMN", help="Its persons per row; one each if left out."
    ),
    click.option("--k-map", type=click.IntRange(1), help="Persons of the population in a class."),
    click.option("--journalist-risk", type=_SHARE, help="1 / persons of the population, at most."),
)


def model_options(command: _Command) -> _Command:
    """Add the options of all models but k; the command gets them as keywords."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True)
class AskedModels:
    """What the options ask for.

    Attributes:
        models: all but k.
        sensitive_levels: per sensitive column with a level of its own.
        population: the population's table.
    """

    models: tuple[PrivacyModel, ...]
    sensitive_levels: dict[str, SensitiveLevel]
    population: Population | None


def asked_models(
    asked: dict[str, Any],
    *,
    k: int,
    quasi_identifiers: Sequence[str],
    columns: Sequence[str],
    hierarchies: Path,
) -> AskedModels:
    """Make the models that the options ask for.

    Args:
        asked: the options by name, as the command got them.
        k: of the command.
        quasi_identifiers: of the command.
        columns: of the table.
        hierarchies: folder with those of sensitive columns.

    Raises:
        DataError: options that do not go together.
        ConfigError: a file of scenarios or a hierarchy with a fault.
    """
    population, known = _population(asked, quasi_identifiers)
    models = (
        *_of_size(asked, k, known),
        *_of_scenarios(asked["scenarios"], quasi_identifiers, columns),
        *_of_entities(asked["entities"]),
        *_of_sensitive(asked),
    )
    return AskedModels(models, _levels(asked["sensitive_levels"], hierarchies), population)


def _of_size(
    asked: dict[str, Any], k: int, known: tuple[str, ...] | None
) -> tuple[PrivacyModel, ...]:
    from hsr_privacy.errors import DataError
    from hsr_privacy.models import AllSubsets, AverageRisk, JournalistRisk, KMap, MaximumRisk

    models: list[PrivacyModel] = []
    if asked["max_risk"] is not None:
        models.append(MaximumRisk(asked["max_risk"]))
    if asked["average_risk"] is not None:
        models.append(AverageRisk(asked["average_risk"]))
    if asked["all_subsets"] is not None:
        m, own_k = asked["all_subsets"]
        models.append(AllSubsets(m, own_k or k))
    if (asked["k_map"] is None and asked["journalist_risk"] is None) != (known is None):
        raise DataError(
            "a population and --k-map or --journalist-risk belong together; give both or neither"
        )
    if asked["k_map"] is not None:
        models.append(KMap(asked["k_map"], known or ()))
    if asked["journalist_risk"] is not None:
        models.append(JournalistRisk(asked["journalist_risk"], known or ()))
    return tuple(models)


def _of_sensitive(asked: dict[str, Any]) -> tuple[PrivacyModel, ...]:
    from hsr_privacy.errors import DataError
    from hsr_privacy.models import (
        AlphaAnonymity,
        BetaLikeness,
        DeltaDisclosure,
        DistinctLDiversity,
        EntropyLDiversity,
        RecursiveDiversity,
        TCloseness,
    )

    make: dict[str, Callable[[str, Any], PrivacyModel]] = {
        "ell": DistinctLDiversity,
        "entropy_l": EntropyLDiversity,
        "recursive": lambda column, both: RecursiveDiversity(column, *both),
        "alpha": AlphaAnonymity,
        "t": lambda column, t: TCloseness(column, t, asked["distance"]),
        "beta": lambda column, beta: BetaLikeness(column, beta, not asked["basic_beta"]),
        "delta": DeltaDisclosure,
    }
    wanted = {name: asked[name] for name in make if asked[name] is not None}
    if bool(wanted) != bool(asked["sensitive"]):
        raise DataError(
            "a sensitive column and l belong together; give both, or another model of sensitive "
            "values, or neither"
        )
    return tuple(
        make[name](column, value)
        for column in dict.fromkeys(asked["sensitive"])
        for name, value in wanted.items()
    )


def _of_scenarios(
    path: Path | None, quasi_identifiers: Sequence[str], columns: Sequence[str]
) -> tuple[PrivacyModel, ...]:
    if path is None:
        return ()
    from hsr_privacy.errors import DataError
    from hsr_privacy.models import fitting, load_scenarios

    read = load_scenarios(None if str(path) == "shipped" else path)
    found = fitting(read, quasi_identifiers, columns)
    if not found:
        raise DataError(f"no scenario of {path} knows any of the quasi-identifiers")
    return found


def _of_entities(texts: Sequence[str]) -> tuple[PrivacyModel, ...]:
    from hsr_privacy.errors import DataError
    from hsr_privacy.models import SecondEntity

    models = []
    for text in texts:
        column, equals, number = text.partition("=")
        if equals and not number.isdecimal():
            raise DataError(f"--second-entity {column}: the number of entities is no whole number")
        models.append(SecondEntity(column, int(number) if equals else 2))
    return tuple(models)


def _population(
    asked: dict[str, Any], quasi_identifiers: Sequence[str]
) -> tuple[Population | None, tuple[str, ...] | None]:
    """The population's table, and the quasi-identifiers that it knows; empty if it knows all."""
    from hsr_privacy.anonymity.plan import Population
    from hsr_privacy.errors import DataError
    from hsr_privacy.tables import read_table

    path, count = asked["population"], asked["population_count"]
    if path is None:
        if count is not None:
            raise DataError("--population-count names a column of --population, which is missing")
        return None, None
    table, _ = read_table(path)
    if count is not None and count not in table.columns:
        raise DataError(f"{path} has no column '{count}' with its counts")
    known = tuple(name for name in quasi_identifiers if name in table.columns)
    return Population(table, count), () if len(known) == len(quasi_identifiers) else known


def _levels(wanted: dict[str, str], folder: Path) -> dict[str, SensitiveLevel]:
    from hsr_privacy.anonymity.plan import SensitiveLevel
    from hsr_privacy.hierarchies import load_for_columns

    if not wanted:
        return {}
    held = load_for_columns(folder, wanted)
    return {
        column: SensitiveLevel(held[column], int(level) if level.isdecimal() else level)
        for column, level in wanted.items()
    }
