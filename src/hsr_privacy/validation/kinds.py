"""Kinds: our own Expectation classes, for anybody's suite, on a pandas or a Spark batch.

Importing this registers them. ``gx.py`` does so when a suite is judged; whoever writes a suite with Great
Expectations' own objects does it first: ``import hsr_privacy.validation.kinds``.
"""

from __future__ import annotations

import os
from typing import Any, ClassVar, Literal

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # some versions read it at their import

from great_expectations.compatibility import (  # noqa: TID253 - only gx.py imports this
    pydantic,
)

from hsr_privacy.validation.asking import Answer, of_rule
from hsr_privacy.validation.asking.conditions import MISSING, PRESENT
from hsr_privacy.validation.metric import Counted


class ExpectTimesToBeOrdered(Counted):
    """Times come in their order, as far as clocks can be trusted.

    Attributes:
        columns: date-times or dates, the first first; every two are compared.
        tolerance_seconds: by which clocks may differ.
    """

    columns: list[str] = pydantic.Field(min_items=2)
    tolerance_seconds: int = pydantic.Field(0, ge=0)

    success_keys: ClassVar[tuple[str, ...]] = ("columns", "tolerance_seconds")


class ExpectConditionToImply(Counted):
    """Rows that meet one condition meet another.

    Attributes:
        when: per column ``present``, ``missing`` or a list of values; all of them must be met.
        then: the same, for what such rows must do.
    """

    when: dict[str, str | list[Any]]
    then: dict[str, str | list[Any]]

    success_keys: ClassVar[tuple[str, ...]] = ("when", "then")

    @pydantic.validator("when", "then")
    def _tests_are_known(cls, tests: dict[str, Any]) -> dict[str, Any]:  # noqa: N805 - pydantic's way
        if not tests:
            raise ValueError("name a column and what it must hold")
        if any(isinstance(test, str) and test not in (PRESENT, MISSING) for test in tests.values()):
            raise ValueError(f"write '{PRESENT}', '{MISSING}' or a list of values")
        return tests


class ExpectCodesToBeValid(Counted):
    """Codes are known ones and, where a date is named, valid on the day of the row.

    Attributes:
        column: the codes.
        hierarchy: a shipped one that has them, such as ``municipality``, ``hospital`` or ``trust``.
        date: column of the day.
        tolerance_days: by which the day may be off.
        also: texts that may stand there besides.
    """

    column: str
    hierarchy: str
    date: str | None = None
    tolerance_days: int = pydantic.Field(1, ge=0)
    also: list[str] = pydantic.Field(default_factory=list)

    success_keys: ClassVar[tuple[str, ...]] = (
        "column",
        "hierarchy",
        "date",
        "tolerance_days",
        "also",
    )


class ExpectTableToBeKAnonymous(Counted):
    """Every class of equal quasi-identifiers holds at least k persons.

    Attributes:
        quasi_identifiers: columns by which a person could be recognized.
        k: fewest persons of a class.
        person: column that tells persons apart; every row is a person if left out.
    """

    quasi_identifiers: list[str]
    k: int = pydantic.Field(ge=1)
    person: str | None = None

    success_keys: ClassVar[tuple[str, ...]] = ("quasi_identifiers", "k", "person")


class ExpectTableToBeLDiverse(Counted):
    """In every class of equal quasi-identifiers a sensitive column takes at least l values.

    Attributes:
        quasi_identifiers: columns by which a person could be recognized.
        column: the sensitive one.
        l: fewest distinct values in a class.
    """

    quasi_identifiers: list[str]
    column: str
    l: int = pydantic.Field(ge=1)  # noqa: E741 - the model's own name

    success_keys: ClassVar[tuple[str, ...]] = ("quasi_identifiers", "column", "l")


class ExpectNoNationalIdentifier(Counted):
    """No cell and no heading holds a national identifier, however it is stored.

    Attributes:
        exclude: columns whose cells are not looked at.
    """

    exclude: list[str] = pydantic.Field(default_factory=list)

    success_keys: ClassVar[tuple[str, ...]] = ("exclude",)


class ExpectNationalIdentifiersToBeValid(Counted):
    """Identifiers are valid ones of an environment.

    Attributes:
        column: the identifiers.
        profile: which series are allowed; ``test`` takes what is valid in any environment.
    """

    column: str
    profile: Literal["production", "test", "test-skatt", "test-nhn", "test-nav"] = "test"

    success_keys: ClassVar[tuple[str, ...]] = ("column", "profile")


class ExpectPseudonymsToBeWellFormed(Counted):
    """Pseudonyms are in their text form, and their check symbols or check digits hold.

    Attributes:
        column: the pseudonyms.
        form: 22 symbols, or running numbers of nine digits.
    """

    column: str
    form: Literal["symbols", "running-number"] = "symbols"

    success_keys: ClassVar[tuple[str, ...]] = ("column", "form")


class ExpectRowOrderToTellNothing(Counted):
    """Rows stand in the order of their pseudonyms, and so in none that says anything.

    Attributes:
        by: column of the pseudonyms of events.
    """

    by: str

    success_keys: ClassVar[tuple[str, ...]] = ("by",)


class ExpectValuesToBeNoFinerThan(Counted):
    """Values are no finer than declared, by one measure.

    Attributes:
        column: whose cells are judged.
        unit: of dates, date-times, or texts of such: ``year`` to ``minute``.
        decimals: of numbers, at most.
        multiple_of: numbers are multiples of this.
        hierarchy: texts are nodes of this shipped one, on ``level`` or above.
        level: name of the finest level.
        also: texts that may stand there besides.
    """

    column: str
    unit: Literal["year", "quarter", "month", "day", "hour", "minute"] | None = None
    decimals: int | None = pydantic.Field(None, ge=0)
    multiple_of: float | None = pydantic.Field(None, gt=0)
    hierarchy: str | None = None
    level: str | None = None
    also: list[str] = pydantic.Field(default_factory=list)

    success_keys: ClassVar[tuple[str, ...]] = (
        "column",
        "unit",
        "decimals",
        "multiple_of",
        "hierarchy",
        "level",
        "also",
    )

    @pydantic.root_validator(skip_on_failure=True)
    def _has_one_measure(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805 - pydantic's way
        measures = ("unit", "decimals", "multiple_of", "hierarchy")
        if sum(values.get(name) is not None for name in measures) != 1:
            raise ValueError(f"give one of: {', '.join(measures)}")
        if (values.get("hierarchy") is None) != (values.get("level") is None):
            raise ValueError("a hierarchy and a level belong together")
        return values


class ExpectTableColumnsToBeDeclared(Counted):
    """The table has the declared columns in their order, and no other.

    Attributes:
        columns: all that may be there.
        optional: those of them that may be missing.
    """

    columns: list[str]
    optional: list[str] = pydantic.Field(default_factory=list)

    success_keys: ClassVar[tuple[str, ...]] = ("columns", "optional")


class ExpectRegisterRuleToHold(Counted):
    """A rule of the register holds; all rules of a suite are judged in one pass.

    Attributes:
        rule: its id, such as ``R01`` or ``R30.plausible``.
        form: what the table is: ``amk``, ``ambulance``, ``hospital``, ``register`` or ``event``.
        optional: where the table has not the rule's columns, it holds.
    """

    rule: str
    form: Literal["amk", "ambulance", "hospital", "register", "event"] | None = None
    optional: bool = False

    success_keys: ClassVar[tuple[str, ...]] = ("rule", "form", "optional")

    def shared(self) -> dict[str, Any]:
        """The form alone, so that rules share one pass."""
        return {"form": self.form}

    def found(self, answer: Any) -> Answer:
        """The rule's own count."""
        return of_rule(answer, rule=self.rule, optional=self.optional)
