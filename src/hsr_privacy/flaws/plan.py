"""The plan: what share of records is touched at each level, and how often each kind of flaw is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from hsr_privacy.configs import shipped
from hsr_privacy.documents import Written, check, nearest, read, untold_sources
from hsr_privacy.errors import ConfigError, DataError
from hsr_privacy.flaws.kinds import KINDS

NONE: Final = "none"
LEVELS: Final = (NONE, "light", "moderate", "heavy")


class Level(Written):
    """How dirty.

    Attributes:
        share: of the records, 0-1, that have a flaw.
        whole_files: number of files that are wholly in another encoding.
    """

    share: Annotated[float, Field(gt=0, le=1)]
    whole_files: Annotated[int, Field(ge=0, le=3)]
    source: str


class Weight(Written):
    """How often a kind is, compared with the others."""

    weight: Annotated[float, Field(gt=0)]
    source: str


class Levels(Written):
    """The levels that have names."""

    light: Level
    moderate: Level
    heavy: Level


class FlawPlan(Written):
    """All that is chosen about flaws; each number with its source."""

    sources: dict[str, str]
    levels: Levels
    kinds: dict[str, Weight]


@dataclass(frozen=True)
class Dirt:
    """How dirty a delivery is to be.

    Attributes:
        level: as it was asked for.
        share: of the records that have a flaw.
        whole_files: number of files that are wholly in another encoding.
        weights: per kind, how often it is compared with the others.
    """

    level: str
    share: float
    whole_files: int
    weights: Mapping[str, float]


def load_flaw_plan(path: Path | None = None) -> FlawPlan:
    """Read the plan; the shipped ``synthetic/flaws.yaml`` if no path is given.

    Raises:
        ConfigError: every fault with file and line.
    """
    document = read(path or shipped("synthetic", "flaws.yaml"))
    plan = check(document, FlawPlan)
    names = [kind.name for kind in KINDS if kind.by_record]
    faults = [
        document.fault(("kinds", name), f"there is no such kind of flaw{nearest(name, names)}")
        for name in plan.kinds
        if name not in names
    ]
    faults += [
        document.fault(("kinds",), f"'{name}' is missing")
        for name in names
        if name not in plan.kinds
    ]
    faults += untold_sources(document, plan.sources)
    if faults:
        raise ConfigError(f"{document.path} has {len(faults)} fault(s)", faults)
    return plan


def dirt_of(asked: str, plan: FlawPlan | None = None) -> Dirt | None:
    """What a level means: one that has a name, or the share of records as a number.

    Args:
        asked: ``none``, ``light``, ``moderate``, ``heavy`` or a number from 0 to 1.
        plan: the shipped one if left out.

    Returns:
        None where nothing is to be planted.

    Raises:
        DataError: it is neither. ConfigError: the plan has faults.
    """
    if asked == NONE:
        return None
    share = None if asked in LEVELS else _share(asked)
    if share == 0:
        return None
    plan = plan or load_flaw_plan()
    weights = {name: kind.weight for name, kind in plan.kinds.items()}
    if share is not None:
        return Dirt(asked, share, 0, weights)
    level: Level = getattr(plan.levels, asked)
    return Dirt(asked, level.share, level.whole_files, weights)


def _share(asked: str) -> float:
    try:
        share = float(asked)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise DataError(
            f"there is no level '{asked}' of flaws{nearest(asked, [*LEVELS])}; give one of: "
            f"{', '.join(LEVELS)}, or the share of records from 0 to 1"
        )
    return share
