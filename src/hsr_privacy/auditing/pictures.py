"""Pictures: the results of an audit, put before the charts that draw them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from hsr_privacy import charts
from hsr_privacy.attacking.simulating import Attack
from hsr_privacy.auditing.audit import Audit
from hsr_privacy.charts import Change, Contribution, Interval, Named, Option, Place
from hsr_privacy.charts.figures import Language
from hsr_privacy.documents import Label
from hsr_privacy.estimates import Estimate, Scale
from hsr_privacy.explaining import Explanation

Maker = Callable[[Audit, Place], str | None]


@dataclass(frozen=True)
class Step:
    """One column on another level, or the release itself.

    Attributes:
        name: what changes.
        cost: additive loss, 0-1.
        risk: share (0-1) of the rows that stand in classes which fail, if none were removed.
        rows: that must be removed.
        row: id of its row in the table.
        here: whether it is the release.
        near: whether it is one level away.
    """

    name: Label
    cost: float
    risk: float
    rows: int
    row: str
    here: bool
    near: bool


def steps_of(explanation: Explanation | None) -> tuple[Step, ...]:
    """The release, and every release that differs in the level of one column."""
    if explanation is None or explanation.neighbours is None:
        return ()
    here = explanation.neighbours.here
    levels = {one.name: one.level_name for one in explanation.columns}
    found = [("", here.loss, here.rows_suppressed, True, False)]
    found += [
        (
            f"{one.column}: {levels[one.column]} → {one.level_name}",
            one.node.loss,
            one.node.rows_suppressed,
            False,
            abs(one.step) == 1,
        )
        for one in explanation.neighbours.steps
    ]
    own = Label(nb="dette uttrekket", en="this extract")
    if explanation.suppressed_cells:
        own = Label(
            nb="nivåene i dette uttrekket, hele rader fjernet i stedet for verdier",
            en="the levels of this extract, whole rows removed instead of values",
        )
    return tuple(
        Step(
            Label(nb=text, en=text) if text else own,
            cost,
            rows / explanation.rows if explanation.rows else 0.0,
            rows,
            f"step-{number}",
            is_here,
            near,
        )
        for number, (text, cost, rows, is_here, near) in enumerate(found, start=1)
    )


def pictures_of(audit: Audit) -> dict[str, Markup]:
    """Every picture by its name, in both languages; empty where there is nothing to draw."""
    makers: dict[str, Maker] = {
        "sizes": _sizes,
        "scenarios": _scenarios,
        "frontier": _frontier,
        "contributions": _contributions,
        "subgroups": _subgroups,
        "analyses": _analyses,
    }
    return {name: _both(audit, name, maker) for name, maker in makers.items()}


def _both(audit: Audit, name: str, maker: Maker) -> Markup:
    languages: tuple[Language, ...] = ("nb", "en")
    drawn = [
        charts.for_page(lambda place: maker(audit, place), language=language, name=f"audit-{name}")
        for language in languages
    ]
    return Markup("\n".join(one or "" for one in drawn))  # noqa: S704 - escaped as it was drawn


def _sizes(audit: Audit, place: Place) -> str | None:
    own, k = audit.measures.own_category, audit.limits.k or 1
    if own.k < k and any(one.least < k <= (one.most or one.least) for one in own.sizes):
        k = 1  # a bin lies on both sides of k, and how its persons are parted is not known
    total = sum(one.persons for one in own.sizes) or 1
    bins = [
        charts.Bin(
            one.least if one.most is not None and one.most < k else max(one.least, k),
            one.most,
            one.persons / total,
            row=f"size-{one.least}" if one.classes else "",
        )
        for one in own.sizes
    ]
    return charts.class_sizes(bins, place, k=k)


def _scenarios(audit: Audit, place: Place) -> str | None:
    changes = [
        Change(
            Named(_said(who.label, place), row=f"scenario-{who.name}"),
            _interval(match.before),
            _interval(match.released),
        )
        for who, match in audit.matches
    ]
    return charts.risk_by_scenario(changes, place)


def _frontier(audit: Audit, place: Place) -> str | None:
    steps = steps_of(audit.explanation)
    here = next((one for one in steps if one.here), None)
    if here is None:
        return None
    others = [one for one in steps if not one.here]
    return charts.frontier(
        [_option(one, steps, place) for one in others], place, here=_option(here, steps, place)
    )


def _option(one: Step, steps: Sequence[Step], place: Place) -> Option:
    beaten = any(
        (other.cost <= one.cost and other.risk < one.risk)
        or (other.cost < one.cost and other.risk <= one.risk)
        for other in steps
    )
    return Option(
        Named(_said(one.name, place), row=one.row),
        min(max(one.cost, 0.0), 1.0),
        one.risk,
        best=not beaten,
        neighbour=one.near,
    )


def _contributions(audit: Audit, place: Place) -> str | None:
    ranking = audit.measures.ranking
    if ranking is None:
        return None
    gains = [max(one.gain, 0.0) for one in ranking.columns_by_gain]
    whole = sum(gains)
    if not whole:
        return None
    return charts.contributions(
        [
            Contribution(Named(one.column, row=f"variable-{number}"), gain / whole)
            for number, (one, gain) in enumerate(
                zip(ranking.columns_by_gain, gains, strict=True), start=1
            )
        ],
        place,
        axis_title=place.words("andel av snittrisikoen", "share of the average risk"),
    )


def _subgroups(audit: Audit, place: Place) -> str | None:
    """Of rows if any were removed, else of cells."""
    found = audit.worth.suppression
    by_rows = bool(found.rows)
    whole = found.rows if by_rows else found.cells
    if not whole:
        return None
    groups = []
    for number, one in enumerate(found.groups, start=1):
        told = one.rows if by_rows else one.cells
        named = Named(
            ", ".join(_said(label, place) for label in one.labels),
            row=f"group-1-{number}",
            group=", ".join(one.columns),
        )
        share = None if told is None else Interval(told.share, told.low, told.high)
        groups.append(charts.Group(named, share))
    return charts.suppression_by_subgroup(groups, place, whole=whole)


def _analyses(audit: Audit, place: Place) -> str | None:
    """Odds ratios where there are any, else shares."""
    scales: dict[Scale, list[Change]] = {}
    for outer, run in enumerate(audit.worth.analyses, start=1):
        for inner, one in enumerate(run.figures, start=1):
            known = one.after or one.before
            if known is None:
                continue
            named = Named(
                _said(one.label, place),
                row=f"figure-{outer}-{inner}",
                group=_said(run.label, place),
            )
            change = Change(named, _estimated(one.before), _estimated(one.after))
            scales.setdefault(known.scale, []).append(change)
    drawn = [
        charts.forest(changes, replace(place, name=f"{place.name}-{scale}"), scale=scale)
        for scale, changes in scales.items()
    ]
    return "\n".join(one for one in drawn if one) or None


def _estimated(one: Estimate | None) -> Interval | None:
    return None if one is None else Interval(one.value, one.low, one.high)


def _interval(attack: Attack) -> Interval:
    return Interval(attack.right.value, attack.right.low, attack.right.high)


def _said(label: Label, place: Place) -> str:
    return label.nb if place.language == "nb" else label.en
