"""Telling: what became of figures, in sentences a researcher would write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Final, Literal

from hsr_privacy.documents import Label
from hsr_privacy.estimates import Estimate
from hsr_privacy.utility.ran import Reason, Why
from hsr_privacy.utility.verdicts import Verdict
from hsr_privacy.utility.words import Words

Language = Literal["nb", "en"]

_LANGUAGES: Final[tuple[Language, ...]] = ("nb", "en")

VERDICTS: Final[dict[Verdict, Label]] = {
    Verdict.UNCHANGED: Label(nb="uendret", en="unchanged"),
    Verdict.WITHIN: Label(nb="flyttet innenfor usikkerheten", en="shifted within its interval"),
    Verdict.COARSER: Label(nb="bare i grovere grupper", en="in coarser groups only"),
    Verdict.BEYOND: Label(nb="flyttet mer enn usikkerheten", en="shifted beyond its interval"),
    Verdict.PARTLY: Label(nb="noen grupper er borte", en="some groups are lost"),
    Verdict.OTHER: Label(nb="annen konklusjon", en="other conclusion"),
    Verdict.NOT_RUN: Label(nb="kan ikke beregnes lenger", en="cannot be run any more"),
    Verdict.WITHHELD: Label(nb="holdt tilbake, for få personer", en="withheld, too few persons"),
    Verdict.NO_ORIGINAL: Label(nb="uten sammenligning", en="nothing to compare with"),
}
"""What each verdict is called."""

_REASONS: Final[dict[Reason, Label]] = {
    "dropped": Label(nb="{} er ikke i utleveringen", en="{} is not in the release"),
    "coarse": Label(nb="{} er for grov", en="{} is too coarse"),
    "few": Label(nb="for få personer er igjen", en="too few persons are left"),
    "outcome": Label(nb="alle har samme utfall", en="all have the same outcome"),
    "dependent": Label(
        nb="{} sier ikke noe som de andre ikke sier",
        en="{} tells nothing that the others do not",
    ),
    "separated": Label(
        nb="{} avgjør utfallet alene, så odds ratio blir uendelig",
        en="{} decides the outcome alone, so that an odds ratio is infinite",
    ),
    "unsettled": Label(nb="beregningen stabiliserer seg ikke", en="the fit does not settle"),
    "unfollowed": Label(nb="ingen er fulgt så lenge", en="nobody is followed so long"),
}

_NARROW: Final = 0.05
"""Width of an interval that two decimals would not show."""

_SHOWS: Final = {
    "ratio": Label(nb="viser nå en sammenheng", en="an association shows now"),
    "difference": Label(nb="viser nå en forskjell", en="a difference shows now"),
}
_GONE: Final = {
    "ratio": Label(nb="sammenhengen er ikke lenger sikker", en="the association is no longer sure"),
    "difference": Label(
        nb="forskjellen er ikke lenger sikker", en="the difference is no longer sure"
    ),
}
_REVERSED: Final = {
    "ratio": Label(nb="sammenhengen er snudd", en="the association is reversed"),
    "difference": Label(nb="forskjellen er snudd", en="the difference is reversed"),
}


def why_words(why: Why | None, words: Words) -> Label | None:
    """Why there is no figure."""
    if why is None:
        return None
    named = [words.column(name) for name in why.columns]
    nb = " og ".join(f"«{one.nb}»" for one in named)
    en = " and ".join(f"'{one.en}'" for one in named)
    reason = _REASONS[why.reason]
    return Label(nb=reason.nb.format(nb), en=reason.en.format(en))


def figure_sentence(
    verdict: Verdict, before: Estimate | None, after: Estimate | None, why: Label | None = None
) -> Label:
    """What became of a figure, in a sentence.

    Args:
        verdict: of it.
        before: on all rows; in full detail where the release has coarser groups only.
        after: on the rows that leave.
        why: it cannot be reckoned any more.
    """
    name = VERDICTS[verdict]
    told = {
        language: _of_figure(language, verdict, before, after, _in(why, language))
        for language in _LANGUAGES
    }
    return Label(nb=f"{_capital(name.nb)}{told['nb']}.", en=f"{_capital(name.en)}{told['en']}.")


def _of_figure(
    language: Language,
    verdict: Verdict,
    before: Estimate | None,
    after: Estimate | None,
    why: str,
) -> str:
    """What follows the verdict in its sentence."""
    say = partial(_say, language)
    earlier, later = (
        estimate_text(one, language) if one is not None else "" for one in (before, after)
    )
    if verdict is Verdict.NOT_RUN:
        was = f" ({say('var', 'was')} {earlier})" if earlier else ""
        return f"{was}: {why}" if why else was
    if verdict is Verdict.COARSER:
        return f": {earlier} {say('i full detalj', 'in full detail')}"
    if before is None or after is None:
        held = say(
            "; tallet før vises ikke, for det skiller så få personer at de kunne bli pekt ut",
            "; the figure before is not shown, as so few persons differ that they could be found",
        )
        return f": {later}{held if verdict is not Verdict.NO_ORIGINAL else ''}" if later else ""
    if earlier == later:
        return f": {earlier}"
    moved = say(
        f"{earlier} før, {later} i utleveringen", f"{earlier} before, {later} in the release"
    )
    return f": {moved}{_turned(verdict, before, after, language)}"


def _turned(verdict: Verdict, before: Estimate, after: Estimate, language: Language) -> str:
    """What another conclusion is."""
    if verdict is not Verdict.OTHER or before.direction == after.direction:
        return ""
    turned = _SHOWS if not before.direction else _REVERSED if after.direction else _GONE
    return f"; {_in(turned[before.scale], language)}"


def run_sentence(
    figures: Sequence[Verdict],
    *,
    kept: float | None,
    price: float | None,
    why: Label | None,
    ran_before: bool,
) -> Label:
    """What became of an analysis, in a sentence or two.

    Args:
        figures: the verdict of each of its figures.
        kept: rows that can still be analysed, as a share of those before.
        price: most that coarser levels alone moved one, in standard errors.
        why: it cannot be run on the release.
        ran_before: whether it could be run on the originals.
    """
    told = {}
    for language in _LANGUAGES:
        if why is not None:
            told[language] = _not_run(language, _in(why, language), ran_before=ran_before)
        else:
            told[language] = _of_run(language, figures, kept, price)
    return Label(nb=told["nb"], en=told["en"])


def _not_run(language: Language, why: str, *, ran_before: bool) -> str:
    say = partial(_say, language)
    more = say(" lenger", " any more") if ran_before else ""
    return say(f"Kan ikke beregnes{more}: {why}.", f"Cannot be run{more}: {why}.")


def _of_run(
    language: Language, figures: Sequence[Verdict], kept: float | None, price: float | None
) -> str:
    say = partial(_say, language)
    counts = Counter(figures)
    known = [one for one in Verdict if counts[one]]
    many = say("tall", "figures")
    if len(figures) == 1:
        text = _in(VERDICTS[known[0]], language)
    elif len(known) == 1:
        text = f"{say('alle', 'all')} {len(figures)} {many}: {_in(VERDICTS[known[0]], language)}"
    else:
        parts = ", ".join(f"{counts[one]} {_in(VERDICTS[one], language)}" for one in known)
        text = f"{len(figures)} {many}: {parts}"
    said = [f"{_capital(text)}."]
    if kept is not None and kept < 1:
        sign = say("\u00a0%", "%")
        share = f"{decimal(100 * kept, language, 1)}{sign}"
        said.append(say(f"{share} av radene er igjen.", f"{share} of the rows are left."))
    if price is not None:
        size = decimal(price, language, 1)
        said.append(
            say(
                f"Grovere inndeling alene flytter et tall høyst {size} standardfeil.",
                f"Coarser levels alone move a figure by {size} standard errors at most.",
            )
        )
    return " ".join(said)


def group_sentence(labels: Sequence[Label], share: float, whole: float, *, of_rows: bool) -> Label:
    """How hard a group is hit, in a sentence.

    Args:
        labels: of its values.
        share: of it that is suppressed (0-1).
        whole: of all (0-1), above 0.
        of_rows: whether rows were removed; else cells.
    """
    told = {}
    for language in _LANGUAGES:
        say = partial(_say, language)
        name = ", ".join(_in(label, language) for label in labels)
        sign = say("\u00a0%", "%")
        part, all_ = (f"{decimal(100 * one, language, 1)}{sign}" for one in (share, whole))
        ratio = decimal(share / whole, language, 1)
        what = (
            say("rader fjernet", "rows are removed")
            if of_rows
            else say("verdier fjernet", "cells are suppressed")
        )
        told[language] = say(
            f"{name}: {ratio} ganger så mange {what} som ellers ({part} mot {all_}).",
            f"{name}: {ratio} times as many {what} as overall ({part} against {all_}).",
        )
    return Label(nb=told["nb"], en=told["en"])


def estimate_text(one: Estimate, language: Language) -> str:
    """An estimate with its interval, as each language writes numbers."""
    scale = 1 if one.scale == "ratio" else 100
    digits = 1
    if one.scale == "ratio":
        digits = 3 if one.high - one.low < _NARROW else 2
    value, low, high = (
        decimal(scale * number, language, digits) for number in (one.value, one.low, one.high)
    )
    say = partial(_say, language)
    if one.scale == "share":
        sign = say("\u00a0%", "%")
        return f"{value}{sign} ({low}–{high})"
    if one.scale == "difference":
        unit = say("prosentpoeng", "percentage points")
        return f"{value} {unit} ({low} {say('til', 'to')} {high})"
    return f"{value} ({low}–{high})"


def decimal(number: float, language: Language, digits: int) -> str:
    """A decimal as a language writes it."""
    text = f"{number:.{digits}f}".replace("-", "\u2212")
    if not text.strip("\u22120."):
        text = text.removeprefix("\u2212")
    return text.replace(".", ",") if language == "nb" else text


def _say(language: Language, nb: str, en: str) -> str:
    return nb if language == "nb" else en


def _in(label: Label | None, language: Language) -> str:
    if label is None:
        return ""
    return label.nb if language == "nb" else label.en


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
