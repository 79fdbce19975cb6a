"""Registered analyses: what the applicant will reckon, written before anybody saw the extract."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, model_validator

from hsr_privacy.documents import Label, Written
from hsr_privacy.project.treatment import ReleasedVariable

Text = Annotated[str, Field(min_length=1)]

MONTH: Final = 30
"""Days after which survival is told if nothing else is said (Utstein)."""


class Answers(Written):
    """Which rows answer yes by one variable, and which no; all others are left out.

    Attributes:
        variable: of the project.
        values: codes, or texts of any level of its hierarchy, that are a yes.
        against: that are a no; if left out, all others but the kinds of missing.
        at_least, at_most: for numbers, instead of values: from and to which they are a yes.
        missing: whether a value that is missing leaves a row out, or is a no.
        label: what a yes is called, where the variable's own name does not say it.
    """

    variable: Text
    values: tuple[Text, ...] = ()
    against: tuple[Text, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    missing: Literal["left-out", "no"] = "left-out"
    label: Label | None = None

    @property
    def is_bounded(self) -> bool:
        """Whether numbers are told apart by bounds."""
        return self.at_least is not None or self.at_most is not None

    @model_validator(mode="after")
    def _fits_together(self) -> Answers:
        if self.is_bounded and (self.values or self.against):
            raise ValueError("give 'values' or bounds, not both")
        if self.against and not self.values:
            raise ValueError("'against' needs 'values'")
        if set(self.values) & set(self.against):
            raise ValueError("a value stands in 'values' and in 'against'")
        if self.at_least is not None and self.at_most is not None and self.at_most < self.at_least:
            raise ValueError("'at_most' is below 'at_least'")
        return self


class YesOrNo(Answers):
    """A variable as a yes or a no; see `Answers`."""

    @model_validator(mode="after")
    def _says_what_is_a_yes(self) -> YesOrNo:
        if not self.values and not self.is_bounded:
            raise ValueError("say what is a yes: 'values', 'at_least' or 'at_most'")
        return self


class Predictor(Answers):
    """A variable in a regression.

    With values or bounds it is a yes or a no. Without, a number is taken as it is, and of all else
    each value is set against one.

    Attributes:
        per: how many units of a number one odds ratio stands for.
        reference: the value that others are set against; the most frequent if left out.
    """

    per: Annotated[float, Field(gt=0)] = 1
    reference: Text | None = None

    @property
    def yes_or_no(self) -> YesOrNo | None:
        """The variable as a yes or a no; None where it is not asked for as that."""
        if not self.values and not self.is_bounded:
            return None
        return YesOrNo.model_validate(self.model_dump(exclude={"per", "reference"}))


class _Registered(Written):
    """What all analyses have.

    Attributes:
        name: for machines, unlike all others of the project.
        label: for people.
        outcome: what happens or not.
        where: which rows are analysed; all must be a yes.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{1,39}$")]
    label: Label
    outcome: YesOrNo
    where: tuple[YesOrNo, ...] = ()


class ProportionAnalysis(_Registered):
    """The share with the outcome, in all and by the values of each of some variables."""

    kind: Literal["proportion"] = "proportion"
    by: tuple[Text, ...] = ()


class OddsAnalysis(_Registered):
    """The odds of the outcome with an exposure over those without it."""

    kind: Literal["odds-ratio"] = "odds-ratio"
    exposure: YesOrNo


class LogisticAnalysis(_Registered):
    """The odds ratio of each predictor, as the others are the same."""

    kind: Literal["logistic"] = "logistic"
    predictors: Annotated[tuple[Predictor, ...], Field(min_length=1)]


class SurvivalAnalysis(_Registered):
    """The share alive, in all and by the values of each of some variables.

    Attributes:
        outcome: being alive at the last that was known.
        time: variable with the time from the start to that, as a number; without it, ``outcome``
            is being alive at ``at`` itself.
        at: after which time survival is told, in the unit of ``time``; days without it.
    """

    kind: Literal["survival"] = "survival"
    by: tuple[Text, ...] = ()
    time: Text | None = None
    at: Annotated[float, Field(gt=0)] = MONTH


Analysis = Annotated[
    ProportionAnalysis | OddsAnalysis | LogisticAnalysis | SurvivalAnalysis,
    Field(discriminator="kind"),
]


def variables_of(analysis: Analysis) -> tuple[str, ...]:
    """The variables that an analysis needs, each once."""
    named = [analysis.outcome.variable, *(one.variable for one in analysis.where)]
    if isinstance(analysis, OddsAnalysis):
        named.append(analysis.exposure.variable)
    elif isinstance(analysis, LogisticAnalysis):
        named += [one.variable for one in analysis.predictors]
    else:
        named += analysis.by
        if isinstance(analysis, SurvivalAnalysis) and analysis.time is not None:
            named.append(analysis.time)
    return tuple(dict.fromkeys(named))


def in_columns(
    analyses: Iterable[Analysis], variables: Iterable[ReleasedVariable]
) -> tuple[Analysis, ...]:
    """The analyses with the columns of an extract instead of the variables that become them."""
    columns = {one.variable.name: one.column for one in variables}
    adapter: TypeAdapter[Analysis] = TypeAdapter(Analysis)
    return tuple(
        adapter.validate_python(_renamed(analysis.model_dump(), columns)) for analysis in analyses
    )


def _renamed(part: Any, columns: dict[str, str], key: str = "") -> Any:
    if isinstance(part, dict):
        return {name: _renamed(below, columns, name) for name, below in part.items()}
    if isinstance(part, list | tuple):
        return [_renamed(below, columns, key) for below in part]
    return columns.get(part, part) if key in {"variable", "by", "time"} else part
