"""The extract: rows on their way out, what they mean, and what has been done to them.

A `Step` holds names, counts, digests and levels, never a cell: that type is the wall between
patient data and everything that may be logged, printed or kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

from hsr_privacy.frames import Frame, as_frame, like

PERSON_KEY: Final = "person_key"
"""Column of the random 128-bit key of a person, 16 bytes; it never leaves the house."""

EVENT_KEY: Final = "event_key"
"""Column of the 128-bit key of an event, 16 bytes; it never leaves the house."""

P = ParamSpec("P")
Data = TypeVar("Data")


@dataclass(frozen=True)
class Step:
    """What one verb did, in numbers.

    Attributes:
        name: the verb.
        counts: what was counted, such as ``{"rows in": 20000, "rows out": 15120}``.
        notes: names of columns, levels, rules or digests; never a cell.
        masked: columns whose values were moved away from what is true of the person, by noise or
            chance or to a mean; classes of such values say nothing of persons.
    """

    name: str
    counts: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    masked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extract:
    """A lazy frame with one row per event, and the history of what was done to it.

    Attributes:
        frame: the rows, on whichever engine they live.
        person: column that tells persons apart, or None where every row is a person.
        steps: what has been done, in order.
    """

    frame: Frame
    person: str | None = None
    steps: tuple[Step, ...] = ()

    @classmethod
    def of(cls, data: Any, *, person: str | None = None) -> Extract:
        """Take in a pandas, Polars or Spark frame, or an `Extract` as it is."""
        return data if isinstance(data, Extract) else cls(as_frame(data), person)

    @property
    def masked(self) -> Mapping[str, str]:
        """Per masked column, the first step that masked it."""
        return {name: step.name for step in reversed(self.steps) for name in step.masked}

    def then(self, frame: Frame, step: Step) -> Extract:
        """The extract after one more step."""
        return replace(self, frame=frame, steps=(*self.steps, step))


def any_frame(
    verb: Callable[Concatenate[Extract, P], Extract],
) -> Callable[Concatenate[Data, P], Data]:
    """Let a verb on extracts take pandas, Polars and Spark frames too, and give the same kind back."""

    @wraps(verb)
    def on_any(data: Data, *args: P.args, **kwargs: P.kwargs) -> Data:
        if isinstance(data, Extract):
            return cast("Data", verb(data, *args, **kwargs))
        return cast("Data", like(verb(Extract.of(data), *args, **kwargs).frame, data))

    return cast("Callable[Concatenate[Data, P], Data]", on_any)
