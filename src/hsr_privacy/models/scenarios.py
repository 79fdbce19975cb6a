"""Scenarios: the attackers that a release must withstand, as a file names them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from hsr_privacy.configs import shipped
from hsr_privacy.errors import ConfigError, DataError
from hsr_privacy.models.projections import Scenario


def load_scenarios(path: Path | None = None) -> tuple[Scenario, ...]:
    """Read scenarios; the shipped ones if no file is named.

    Raises:
        ConfigError: every fault with file and line.
    """
    from hsr_privacy.documents import check, read
    from hsr_privacy.models.scenario_file import ScenarioFile

    path = path or shipped("configs", "scenarios.yaml")
    document = read(path)
    found: list[Scenario] = []
    for number, one in enumerate(check(document, ScenarioFile).scenarios):
        if any(one.name == other.label for other in found):
            fault = document.fault(("scenarios", number, "name"), f"'{one.name}' stands twice")
            raise ConfigError(f"{path} names a scenario twice", [fault])
        found.append(Scenario(one.name, one.knows, one.k))
    return tuple(found)


def fitting(
    scenarios: Iterable[Scenario], quasi_identifiers: Sequence[str], columns: Sequence[str]
) -> tuple[Scenario, ...]:
    """The scenarios as far as a table gives them something to know.

    What an attacker knows and the table does not hold is of no use and left out; a scenario of
    which nothing is left is left out whole.

    Args:
        scenarios: as they were read.
        quasi_identifiers: of the table.
        columns: all columns of the table.

    Raises:
        DataError: the table holds something that an attacker knows, and it would be released as it
            is, as it is no quasi-identifier.
    """
    found = []
    for scenario in scenarios:
        bare = [
            name for name in scenario.columns if name in columns and name not in quasi_identifiers
        ]
        if bare:
            raise DataError(
                f"scenario '{scenario.label}' knows '{bare[0]}', which the table holds and which "
                "is no quasi-identifier; add it to them or leave the column out"
            )
        known = tuple(name for name in scenario.columns if name in quasi_identifiers)
        if known:
            found.append(replace(scenario, columns=known))
    return tuple(found)
