"""Sentences: what an explanation comes to, in plain words and in both languages."""

from __future__ import annotations

from typing import Final

from hsr_privacy.explaining.explanation import Explanation, Neighbour, Point
from hsr_privacy.explaining.figures import Language, percent, times
from hsr_privacy.explaining.wording import REASONS, group_name, in_words, measure_of, share_by
from hsr_privacy.pages import count_text

_MOST_NAMED: Final = 3
_NONE: Final = 1e-12


def columns_in_words(explanation: Explanation, language: Language) -> str:
    """What the release keeps, and which columns lost most."""
    if not explanation.rows:
        return in_words(language, "Tabellen har ingen rader.", "The table has no rows.")
    if explanation.loss <= 0:
        return in_words(
            language,
            "Ingenting er tapt: alt står på det fineste tillatte nivået, og ingen rad er fjernet.",
            "Nothing is lost: everything stands on the finest level allowed, and no row is removed.",
        )
    kept = percent(1 - explanation.loss, language)
    most = sorted(explanation.columns, key=lambda one: -one.share)[:_MOST_NAMED]
    named = ", ".join(
        [f"{one.name} {percent(one.share, language)}" for one in most if one.share > 0]
    )
    return in_words(
        language,
        f"Utleveringen beholder {kept} av detaljene. Av det som er tapt, ligger mest i: {named}.",
        f"The release keeps {kept} of the detail. Of what is lost, most is in: {named}.",
    )


def neighbours_in_words(explanation: Explanation, language: Language) -> list[str]:
    """What one level finer would cost, and one level coarser would buy, where it matters most."""
    around = explanation.neighbours
    if not explanation.rows:
        return []
    if around is None:
        return [
            in_words(
                language,
                "Celler i samme variabel står på ulike nivåer, så ingen nabo er ett nivå unna.",
                "Cells of one column stand on different levels, so no neighbour is one level away.",
            )
        ]
    said = []
    if explanation.method == "joint":
        said.append(
            in_words(
                language,
                "Nivåene er bedømt som om hele rader ble fjernet i stedet for celler.",
                "The levels are judged as if whole rows were removed instead of cells.",
            )
        )
    finer = [one for one in around.steps if one.step == -1]
    coarser = [one for one in around.steps if one.step == 1 and one.rows_change < 0]
    if finer:
        best = min(finer, key=lambda one: one.loss_change)
        allowed = (
            in_words(language, "det er innenfor grensen", "that is within the limit")
            if best.node.within_budget
            else in_words(language, "det er over grensen", "that is beyond the limit")
        )
        said.append(f"{_step_in_words(best, explanation, language)}; {allowed}.")
    else:
        said.append(
            in_words(
                language,
                "Hver variabel står allerede på sitt fineste nivå.",
                "Every column stands on its finest level already.",
            )
        )
    if coarser:
        best = min(coarser, key=lambda one: one.loss_change / -one.rows_change)
        said.append(f"{_step_in_words(best, explanation, language)}.")
    return said


def _step_in_words(one: Neighbour, explanation: Explanation, language: Language) -> str:
    """One column one level away: what it does to the detail and to the rows."""
    loss = percent(abs(one.loss_change), language)
    rows = count_text(abs(one.rows_change))
    share = percent(abs(one.rows_change) / explanation.rows, language)
    if abs(one.loss_change) < _NONE:
        detail = in_words(language, "ikke koste noe av detaljene", "cost no detail")
    elif one.loss_change > 0:
        detail = in_words(language, f"koste {loss} av detaljene", f"cost {loss} of the detail")
    else:
        detail = in_words(
            language, f"bevare {loss} mer av detaljene", f"keep {loss} more of the detail"
        )
    if one.rows_change > 0:
        price = in_words(
            language, f"fjerne {rows} rader til ({share})", f"remove {rows} more rows ({share})"
        )
    else:
        price = in_words(language, f"spare {rows} rader ({share})", f"save {rows} rows ({share})")
    finer = one.step < 0
    way = in_words(language, "finere" if finer else "grovere", "finer" if finer else "coarser")
    return in_words(
        language,
        f"Ett nivå {way} i {one.column} ({one.level_name}) ville {price} og {detail}",
        f"One level {way} in {one.column} ({one.level_name}) would {price} and {detail}",
    )


def drivers_in_words(explanation: Explanation, language: Language) -> list[str]:
    """Which column makes most rows unsafe, and how many persons are alone."""
    drivers = explanation.drivers
    said = []
    best = max(drivers.columns, key=lambda one: one.rows_safe, default=None)
    at_risk = count_text(drivers.rows_at_risk)
    if not drivers.rows_at_risk:
        said.append(
            in_words(
                language,
                "Ingen rader er utsatt på disse nivåene.",
                "No row is at risk on these levels.",
            )
        )
    elif best is None or not best.rows_safe:
        said.append(
            in_words(
                language,
                f"{at_risk} rader er utsatt, og ingen av dem ville bli trygge uten bare én variabel.",
                f"{at_risk} rows are at risk, and leaving out one column alone would make none safe.",
            )
        )
    else:
        safe, share = count_text(best.rows_safe), percent(best.share, language)
        said.append(
            in_words(
                language,
                f"Av {at_risk} utsatte rader ville {safe} ({share}) være trygge uten {best.column}, "
                "flere enn uten noen annen variabel.",
                f"Of {at_risk} rows at risk, {safe} ({share}) would be safe without {best.column}, "
                "more than without any other column.",
            )
        )
    alone = next((one for one in drivers.bands if one.most == 1), None)
    if alone is not None:
        persons = count_text(alone.persons)
        share = percent(alone.persons / explanation.persons, language)
        loss = percent(alone.loss_share, language)
        said.append(
            in_words(
                language,
                f"{persons} personer ({share}) var alene om verdiene sine før noe ble gjort; "
                f"{loss} av tapet faller på dem.",
                f"{persons} persons ({share}) were alone with their values before anything was done; "
                f"{loss} of the loss falls on them.",
            )
        )
    return said


def subgroups_in_words(explanation: Explanation, language: Language) -> list[str]:
    """On whom suppression falls hardest, where chance does not explain it."""
    measure = measure_of(explanation)
    if measure == "loss":
        return [
            in_words(
                language,
                "Ingen rad og ingen celle er undertrykket, så det rammer ingen grupper.",
                "No row and no cell is suppressed, so that it falls on no group.",
            )
        ]
    told = [
        (grouping, group, share)
        for grouping in explanation.groupings
        for group in grouping.groups
        if (share := share_by(group, measure)) is not None
    ]
    if not told:
        return [
            in_words(
                language,
                "For få er undertrykket til å si noe om grupper.",
                "Too few are suppressed to tell of groups.",
            )
        ]
    hit = [one for one in told if one[2].differs == "more"]
    of_nodes = [one for one in hit if one[0].by == "node" and one[1].kind != "others"]
    hit = sorted(of_nodes or hit, key=lambda one: (-(one[2].ratio or 0), one[0].column))
    if not hit:
        return [
            in_words(
                language,
                "Ingen gruppe er rammet klart mer enn de andre.",
                "No group is hit clearly more than the others.",
            )
        ]
    named = []
    for grouping, group, share in hit[:_MOST_NAMED]:
        where = f"{grouping.column} {group_name(grouping, group, language)}"
        part, ratio = percent(share.share, language), times(share.ratio or 0, language)
        much = in_words(
            language, f"{ratio} ganger så mye som alle", f"{ratio} times as much as all"
        )
        named.append(f"{where} ({part}, {much})")
    what = {
        "rows": in_words(language, "rader fjernet", "rows removed"),
        "cells": in_words(language, "celler undertrykket", "cells suppressed"),
    }[measure]
    said = in_words(
        language,
        f"Hardest rammet, målt i andelen {what}: ",
        f"Hit hardest, by the share of {what}: ",
    )
    more = len(hit) - len(named)
    rest = in_words(
        language,
        f" Også {more} andre grupper er rammet klart mer enn tabellen under ett.",
        f" Another {more} are hit clearly more than the table as a whole.",
    )
    return [said + "; ".join(named) + "." + (rest if more else "")]


def frontier_in_words(explanation: Explanation, language: Language) -> list[str]:
    """What a stricter or a looser demand would have cost."""
    frontier = explanation.frontier
    here = next((one for one in frontier.points if one.here), None)
    if here is None:
        return []
    said = []
    if here.levels is None:
        said += _full_domain_in_words(explanation, here, language)
    else:
        for demand, other in _compared(explanation, here):
            said.append(_compared_in_words(demand, other, explanation, language))
    if here.pareto and len(frontier.points) > 1:
        said.append(
            in_words(
                language,
                "Ingen annen utlevering som er sett på, har både mindre tap og mindre risiko.",
                "No other release that was looked at has both less loss and less risk.",
            )
        )
    if frontier.reason:
        said.append(REASONS[frontier.reason][language])
    return said


def _compared_in_words(
    demand: str, other: Point, explanation: Explanation, language: Language
) -> str:
    if demand == "k":
        what = in_words(
            language,
            f"Med k = {other.k} og samme grense",
            f"With k = {other.k} and the same limit,",
        )
    else:
        limit = percent(_limit(other, explanation.max_suppressed), language)
        what = in_words(
            language,
            f"Om {limit} av radene kunne fjernes,",
            f"If {limit} of the rows could be removed,",
        )
    if abs(other.loss - explanation.loss) < _NONE:
        return in_words(
            language, f"{what} ville like mye gå tapt.", f"{what} as much would be lost."
        )
    here, there = percent(explanation.loss, language), percent(other.loss, language)
    return in_words(
        language,
        f"{what} ville {there} av detaljene gå tapt i stedet for {here}.",
        f"{what} {there} of the detail would be lost instead of {here}.",
    )


def _full_domain_in_words(explanation: Explanation, here: Point, language: Language) -> list[str]:
    """What one level per column would have lost under the same demands."""
    found = [
        one
        for one in explanation.frontier.points
        if one.levels is not None and one.k == here.k and explanation.max_suppressed in one.limits
    ]
    loss = percent(here.loss, language)
    return [
        in_words(
            language,
            f"Med ett nivå per variabel og de samme kravene ville {percent(one.loss, language)} av "
            f"detaljene gå tapt i stedet for {loss}.",
            f"With one level per column and the same demands, {percent(one.loss, language)} of the "
            f"detail would be lost instead of {loss}.",
        )
        for one in found
    ]


def _compared(explanation: Explanation, here: Point) -> list[tuple[str, Point]]:
    """The next k on either side with the same limit, and the next limit on either side."""
    points = [one for one in explanation.frontier.points if not one.here]
    mine = explanation.max_suppressed
    found: list[tuple[str, Point]] = []
    same_limit = [one for one in points if mine in one.limits and one.k != here.k]
    if here.k is not None:
        below = [one for one in same_limit if (one.k or 0) < here.k]
        above = [one for one in same_limit if (one.k or 0) > here.k]
        found += [("k", max(below, key=lambda one: one.k or 0))] if below else []
        found += [("k", min(above, key=lambda one: one.k or 0))] if above else []
    same_k = [one for one in points if one.k == here.k]
    tighter = [one for one in same_k if max(one.limits) < mine]
    looser = [one for one in same_k if min(one.limits) > mine]
    found += [("limit", max(tighter, key=lambda one: max(one.limits)))] if tighter else []
    found += [("limit", min(looser, key=lambda one: min(one.limits)))] if looser else []
    return found


def _limit(point: Point, mine: float) -> float:
    """Of the limits that lead to a point, the one next to this release's."""
    return min(point.limits, key=lambda one: abs(one - mine))
