"""The application: what was approved, with the descriptions that it was checked against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hsr_privacy.codebook import Codebook, load_codebook
from hsr_privacy.documents import read
from hsr_privacy.errors import ProjectRefused
from hsr_privacy.hierarchies import Hierarchy, load_hierarchies
from hsr_privacy.keys import KeyRing
from hsr_privacy.project import Project, ReleasedVariable, load_project, released_variables
from hsr_privacy.validation import require_own


@dataclass(frozen=True)
class Application:
    """An approved application that was read and checked.

    Attributes:
        project: what was approved.
        file: in which it stands.
        codebook: the variables of the register.
        hierarchies: by the names that the codebook uses.
        variables: the approved ones, in the order of the project.
    """

    project: Project
    file: Path
    codebook: Codebook
    hierarchies: Mapping[str, Hierarchy]
    variables: tuple[ReleasedVariable, ...]


def read_application(file: Path, *, ring: KeyRing, today: dt.date) -> Application:
    """Read an application, for a register's key ring and a day.

    Raises:
        ConfigError, ProjectRefused: it is malformed, or not allowed, or is for another environment
            than the key ring.
    """
    hierarchies = load_hierarchies()
    codebook = load_codebook(hierarchies=hierarchies)
    project = load_project(file, codebook=codebook, hierarchies=hierarchies, today=today)
    if project.environment != ring.environment:
        fault = read(file).fault(
            ("environment",),
            f"the project is for '{project.environment}' and the key ring for "
            f"'{ring.environment}'; synthetic and real persons never meet",
        )
        raise ProjectRefused(f"{file} is refused for 1 reason(s)", [fault])
    require_own(file, project, codebook=codebook, hierarchies=hierarchies)
    approved = [(variable.name, variable.detail) for variable in project.variables]
    variables = released_variables(approved, codebook=codebook, hierarchies=hierarchies)
    return Application(project, file, codebook, hierarchies, variables)
