"""Write docs/reference/fidelity.md: every published figure beside the simulator's.

    python scripts/fidelity.py             simulate, measure, write the page
    python scripts/fidelity.py --check     the same, but compare; exit with 1 if the page has drifted

The register is as large as the numbers in synthetic/utstein.yaml say that Norway's is, its seed is
fixed, and it is linked as delivered files are. It takes some ten seconds.
"""

from __future__ import annotations

import datetime as dt
import difflib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from hsr_privacy.codebook import Codebook, Role, Source, load_codebook
from hsr_privacy.hierarchies import load_hierarchies
from hsr_privacy.portrait import Portrait, load_published, portray
from hsr_privacy.portrait.comparison import ERRORS, Compared
from hsr_privacy.portrait.sentences import (
    agreement,
    basis_text,
    difference_text,
    here_text,
    published_text,
    trust_text,
)
from hsr_privacy.portrait.text import figure_name, years_text
from hsr_privacy.portrait.wording import DEFINITIONS, FACTOR_NAMES, TREATED, VERDICTS
from hsr_privacy.registry import Deliveries, glance_at, load_delivery_settings
from hsr_privacy.registry.deliveries import NEEDED
from hsr_privacy.rules import RuleCount, judge_rules, load_rules
from hsr_privacy.synthesis.chance import Chance
from hsr_privacy.synthesis.forms import write_down
from hsr_privacy.synthesis.parameters import Parameters, load_parameters
from hsr_privacy.synthesis.population import Country
from hsr_privacy.synthesis.register import simulate
from hsr_privacy.synthesis.telling import who_tells

PAGE: Final = Path(__file__).parents[1] / "docs" / "reference" / "fidelity.md"
SEED: Final = 1
FIRST_YEAR: Final = 2013
LAST_YEAR: Final = 2025
MADE: Final = "<!-- Written by scripts/fidelity.py; do not edit by hand. -->\n"

_TODAY: Final = dt.date(1970, 1, 1)
_PLAIN: Final = str.maketrans({"\u202f": " ", "\u00a0": " ", "|": "/"})


@dataclass(frozen=True)
class Simulation:
    """A simulated register, linked.

    Attributes:
        events: how many were asked for.
        delivered: per form, what was delivered.
        linked: what the register made of it.
    """

    events: int
    delivered: Mapping[Source, pl.DataFrame]
    linked: pl.DataFrame


def main(arguments: list[str]) -> int:
    """Write or compare the page; gives the exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write(__doc__ or "")
        return 2
    page = fidelity_page(simulated(SEED))
    if not arguments:
        PAGE.write_text(page, encoding="utf-8", newline="\n")
        return 0
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    difference = difflib.unified_diff(
        old.splitlines(), page.splitlines(), PAGE.name, "the simulator", lineterm=""
    )
    shown = "\n".join(difference)
    if shown:
        print(shown)
        print("docs/reference/fidelity.md has drifted; run: python scripts/fidelity.py")
    return 1 if shown else 0


def simulated(seed: int, *, parameters: Parameters | None = None) -> Simulation:
    """Simulate Norway's register from its first year, and link it."""
    p = parameters or load_parameters()
    codebook = _codebook()
    events = expected_events(p, seed=seed)
    chance = _chance(seed)
    truth = simulate(events, first_year=FIRST_YEAR, last_year=LAST_YEAR, chance=chance, p=p)
    tables = dict(write_down(truth, codebook=codebook, chance=chance, p=p).tables)
    read = {form: _as_read(table, codebook) for form, table in tables.items()}
    linked = glance_at(
        Deliveries(read, ()), codebook=codebook, settings=load_delivery_settings(), today=_TODAY
    )
    return Simulation(events, tables, linked.events)


def expected_events(p: Parameters, *, seed: int) -> int:
    """How many arrests the register would be told of, by the incidence and by who tells when."""
    places = Country(
        FIRST_YEAR, LAST_YEAR, divided=p.divided.into, year_of_age=p.odds.year_of_age.value
    ).places
    telling = who_tells(places, FIRST_YEAR, LAST_YEAR, chance=_chance(seed), p=p)
    told = telling.arrests(outside=True).sum() + telling.arrests(outside=False).sum()
    return round(float(told))


def fidelity_page(simulation: Simulation) -> str:
    """The page, as Markdown."""
    portrait = portray(simulation.linked, published=load_published(), least_persons=1)
    agree, judged = agreement(portrait)
    return (
        f"{MADE}\n# How near the simulator comes\n\n"
        f"A register of {simulation.events:,} arrests in {FIRST_YEAR}-{LAST_YEAR} (seed {SEED}), as "
        "many as the incidence in\n`synthetic/utstein.yaml` gives, is simulated, delivered, linked, "
        "and measured as\n`hsr synthesize report` measures any register. What was published stands "
        "in\n`synthetic/published.yaml`, with its sources.\n\n"
        f"A figure agrees if it lies within {ERRORS:.0f} standard errors (binomial for shares, Poisson "
        "for\ncounts and rates) of the published one, beyond the rounding of what was printed. "
        f"**{agree} of {judged}\ncalibrated figures agree.**\n\n"
        f"## Figures\n\n{_figures(portrait)}\n"
        f"## Odds ratios of being alive after 30 days\n\n{_odds(portrait)}\n"
        f"## Health trusts in {_trust_year(portrait)}\n\n{_trusts(portrait)}\n"
        f"## Structure\n\n{_structure(portrait)}\n"
        f"## Rules\n\n{_rules(simulation)}\n"
        f"## Sources\n\n{_sources(portrait)}"
    ).translate(_PLAIN_TEXT)


_PLAIN_TEXT: Final = str.maketrans({"\u202f": " ", "\u00a0": " "})


def _table(heading: tuple[str, ...], rows: Iterator[tuple[str, ...]], numbers: str) -> str:
    """A table; ``numbers`` has an r for each column that stands to the right."""
    rule = "|".join("---:" if side == "r" else "---" for side in numbers)
    lines = [f"| {' | '.join(heading)} |", f"|{rule}|"]
    lines += [f"| {' | '.join(cell.translate(_PLAIN) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _figures(portrait: Portrait) -> str:
    heading = ("figure", "of", "years", "published", "here", "n", "z", "agrees", "source")
    return _table(heading, _figure_rows(portrait), "lllrrrrll") + _reasons(portrait)


def _figure_rows(portrait: Portrait) -> Iterator[tuple[str, ...]]:
    for one in portrait.compared:
        if one.kind == "figure":
            yield (
                figure_name(one),
                DEFINITIONS.get(one.name, TREATED).en,
                years_text(one.years),
                published_text(one, "en"),
                here_text(one, 1, "en"),
                basis_text(one, "en"),
                difference_text(one, "en"),
                _verdict(one),
                one.source,
            )


def _reasons(portrait: Portrait) -> str:
    """Why some figures are told beside, and not asked for."""
    lines = [
        f"- {figure_name(one)}, {years_text(one.years)}: {one.reason[1]}"
        for one in portrait.compared
        if one.reason is not None
    ]
    return "\nChecked only:\n\n" + "\n".join(lines) + "\n" if lines else ""


def _verdict(one: Compared) -> str:
    said = "yes" if one.verdict == "agrees" else VERDICTS[one.verdict].en
    return said if one.use == "calibrated" else f"({said})"


def _odds(portrait: Portrait) -> str:
    printed = {one.name: one for one in portrait.compared if one.kind == "odds"}
    rows = (
        (
            FACTOR_NAMES[one.factor].en,
            f"{one.ratio:.2f}",
            f"{one.low:.2f}-{one.high:.2f}",
            published_text(printed[one.factor], "en") if one.factor in printed else "",
            _verdict(printed[one.factor]) if one.factor in printed else "",
        )
        for one in portrait.fit.odds
    )
    words = (
        f"Logistic regression with all factors at once, on {portrait.fit.arrests or 0:,} arrests outside "
        "hospital in\nwhich the crew tried and that it did not witness.\n\n"
    )
    return words + _table(("factor", "here", "95% interval", "published", "agrees"), rows, "lrrrl")


def _trust_year(portrait: Portrait) -> int:
    return next(one.years[0] for one in portrait.compared if one.kind == "trust")


def _trusts(portrait: Portrait) -> str:
    rows = (
        (
            trust_text(one, "en"),
            "included" if one.name == "incidence" else "treated",
            published_text(one, "en"),
            here_text(one, 1, "en"),
            difference_text(one, "en"),
            _verdict(one),
        )
        for one in portrait.compared
        if one.kind.endswith("trust")
    )
    words = (
        "Arrests per 100,000 and year. Both figures are of few arrests: the standard error is that "
        "of their\ndifference. Of the printed range of all trusts, the trust that lies farthest beyond "
        "or nearest\nto an end stands beside it: only what lies beyond it is judged, the rest is within.\n\n"
    )
    return words + _table(("trust", "arrests", "published", "here", "z", "agrees"), rows, "llrrrl")


def _structure(portrait: Portrait) -> str:
    outside, inside = portrait.outside_flow.chain_holds, portrait.inside_flow.chain_holds
    chain = f"outside {_yes(outside)}, inside {_yes(inside)}"
    lines = [f"- survival counts fall along the chain (R31): {chain}"]
    shares = {(one.group, one.name): one.share for one in portrait.lives}
    bands = [name for group, name in shares if group == "response"]
    told = ", ".join(f"{name} min {_percent(shares['response', name])}" for name in bands)
    lines.append(f"- alive after 30 days by response: {told}")
    for name in ("shockable, helped", "shockable, alone", "other, helped", "other, alone"):
        share = _percent(shares["rhythm and help", name])
        words = name.replace("helped", "resuscitated before").replace("alone", "not before")
        lines.append(f"- alive after 30 days, {words}: {share}")
    medians = ", ".join(f"{one.name} {one.middle}" for one in portrait.response)
    lines.append(f"- median response in minutes: {medians}")
    return "\n".join(lines) + "\n"


def _yes(holds: bool) -> str:  # noqa: FBT001 - the fact itself
    return "yes" if holds else "no"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _rules(simulation: Simulation) -> str:
    codebook, rules = _codebook(), load_rules()
    judged: dict[str, tuple[RuleCount, ...]] = {
        "event": judge_rules(simulation.linked, rules=rules, codebook=codebook, form="event")
    }
    for form, table in simulation.delivered.items():
        judged[str(form)] = judge_rules(
            table,
            rules=rules,
            codebook=codebook,
            form=str(form),
            register=None if form is Source.REGISTER else simulation.delivered[Source.REGISTER],
        )
    rows = []
    for rule in rules:
        counts = {
            form: next(one for one in some if one.id == rule.id) for form, some in judged.items()
        }
        asked = {form: one for form, one in counts.items() if one.judged}
        concerned = sum(one.concerned or 0 for one in asked.values())
        violating = sum(one.violating or 0 for one in asked.values())
        rows.append(
            (
                rule.id,
                str(rule.severity),
                ", ".join(asked) or "none",
                f"{concerned:,}",
                f"{violating:,}",
            )
        )
    words = "Rows that each rule of `configs/rules.yaml` concerns, in the events and in the delivered forms.\n\n"
    return words + _table(
        ("rule", "severity", "judged in", "concerned", "violating"), iter(rows), "lllrr"
    )


def _sources(portrait: Portrait) -> str:
    return "".join(f"- `{name}`: {words}\n" for name, words in portrait.sources.items())


def _codebook() -> Codebook:
    return load_codebook(hierarchies=load_hierarchies())


def _as_read(table: pl.DataFrame, codebook: Codebook) -> pl.DataFrame:
    """Only what the reader of deliveries keeps."""
    kept = [
        name
        for name in table.columns
        if codebook[name].role is not Role.DIRECT_IDENTIFIER or name in NEEDED
    ]
    return table.select(kept)


def _chance(seed: int) -> Chance:
    return Chance(np.random.Generator(np.random.PCG64(seed)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
