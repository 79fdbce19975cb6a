"""The dossier: what a release knows beside its rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from hsr_privacy.frames import Engine
from hsr_privacy.project import Project
from hsr_privacy.registry import DeliveredFile
from hsr_privacy.release.application import Application
from hsr_privacy.release.differences import Differencing


class People(StrEnum):
    """How many must agree before an extract leaves."""

    SEVERAL = "several"
    """Who prepares it, at least one other who reviews it, and one other who approves it."""
    ALONE = "one-person test project"
    """Nobody else looked: data of nobody, in a test environment."""


@dataclass(frozen=True)
class Dossier:
    """What a release knows beside its rows.

    Attributes:
        application: what was approved.
        files: the deliveries that were read.
        engine: where the rows lived.
        now: the moment of the release.
        today: its day.
        people: how many must agree.
        differencing: what it shows beside earlier releases.
        taken: ids of what was released.
    """

    application: Application
    files: tuple[DeliveredFile, ...]
    engine: Engine
    now: dt.datetime
    today: dt.date
    people: People
    differencing: Differencing
    taken: frozenset[str] = frozenset()

    @property
    def project(self) -> Project:
        """What was approved."""
        return self.application.project
