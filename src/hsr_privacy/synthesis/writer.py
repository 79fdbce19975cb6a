"""What the forms share: numbers that enterprises give, clocks that differ, words that people write."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.codebook import Source
from hsr_privacy.synthesis.arrests import BY_AMBULANCE, NEVER, NO, NOT_APPLICABLE, UNKNOWN, YES
from hsr_privacy.synthesis.cells import codes, text, whole
from hsr_privacy.synthesis.chance import Bools, Chance, Floats, Int64s
from hsr_privacy.synthesis.clocks import local, years
from hsr_privacy.synthesis.comments import Story, write_comments
from hsr_privacy.synthesis.parameters import Parameters
from hsr_privacy.synthesis.people import WOMAN
from hsr_privacy.synthesis.register import Simulated

Columns = dict[str, pl.Series]

_CHILD, _PAST_PREGNANCY = 15, 50
_YOUNGEST = 12
_PEOPLE_PER_STATION = 25_000
_CLOCK_OFF = 180
"""Seconds by which a clock is off at most."""
_FORGETFUL = {
    Source.AMK: ("amk_gjenkjent", "amk_hlr_veiledning", "forsteresponder", "t_varsling"),
    Source.AMBULANCE: (
        "bevitnet", "aed_tilkoblet", "forste_rytme", "luftvei", "mek_kompresjon", "iv_io",
        "t_rosc", "t_adrenalin1", "transportert", "arsak",
    ),
    Source.HOSPITAL: ("ph", "laktat", "ttm", "funksjon_for", "cpc_utskr", "mrs_utskr", "overlevd_24t"),
}  # fmt: skip


def _may_lack(name: str, columns: Columns) -> pl.Series:
    """Where a cell may be missing: not where another cell says what must stand in it."""
    values = columns[name]
    if name == "aed_tilkoblet":
        return (values != NOT_APPLICABLE) & (columns["aed_sjokk"] != YES)
    if name == "arsak":
        return columns["selvpaafort"] != YES
    if name in ("cpc_utskr", "mrs_utskr"):
        return columns["overlevd_utskr"].fill_null(NO) == YES
    return pl.Series(np.ones(len(values), bool))


@dataclass
class Planted:
    """What must be found nowhere in an extract: for tests that search for it."""

    identifiers: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)


class Writer:
    """Writes each form; what several forms share (numbers, places) is drawn once."""

    def __init__(self, s: Simulated, chance: Chance, p: Parameters) -> None:
        self.s, self.chance, self.p = s, chance, p
        self.planted = Planted()
        self.traps: dict[str, int] = {}
        size = len(s)
        places = s.places
        group = places.group[s.area]
        # The code of the event is that of the day on which somebody called.
        called = years(
            local(s.at + np.where(s.outside, s.arrests.call, 0).astype("timedelta64[s]"))
        )
        self.code = self._codes(group, called)
        self.home_code = self._codes(places.group[s.people.area[s.person]], s.year)
        self.centre = places.centre[s.area]
        self.trust = places.trusts[places.trust[s.area]]
        self.hospital = places.hospitals[places.hospital[s.area]]
        self.silent_centres = self._silent(places.centre, "centrals_not_delivering")
        self.silent_hospitals = self._silent(
            places.hospitals[places.hospital], "hospitals_not_delivering"
        )
        self.called = (
            s.outside
            & ~np.isin(self.centre, sorted(self.silent_centres))
            & ~chance.yes(p.share("call_not_delivered"), size)
        )
        # Of whom the population register knows nothing, nobody knows how they live on.
        folk = s.people
        chose = folk.reserved | folk.restricted | folk.deleted | (folk.earlier_number != "")
        self.without_row = chance.yes(p.share("without_register_row"), len(folk)) & ~chose
        # Of all arrests outside, those without a call have no response time either.
        self.no_arrival = chance.yes(self._without_arrival(), size)
        # One station for some tens of thousands of people, six digits as RESH gives them.
        stations = 1 + (places.persons // _PEOPLE_PER_STATION).astype(np.int64)
        which = (chance.rng.random(size) * stations[s.area]).astype(np.int64)
        self.ward = 200_000 + places.hospital[s.area] * 100 + s.arrests.place
        self.station = 100_000 + group * 50 + which
        self.incident = self._running("", self.centre)
        self.mission = self._running("A", self.trust)
        self.moved = self._clocks_off()
        number = s.people.number[s.person]
        earlier = s.people.earlier_number[s.person]
        before = (earlier != "") & (s.day < s.people.replaced_on[s.person])
        unidentified = s.people.unidentified[s.person]
        self.number = {
            Source.AMBULANCE: np.where(unidentified, "", np.where(before, earlier, number)),
            # A hospital gives a stranger a help number.
            Source.HOSPITAL: np.where(unidentified | before, earlier, number),
        }
        self.unknown = {
            Source.AMBULANCE: unidentified,
            Source.HOSPITAL: unidentified & ~s.people.named_later[s.person],
        }
        # Only causes from without may be self-inflicted, and not by a child.
        external = np.isin(s.arrests.cause, (2, 3, 4, 6)) & (s.age >= _YOUNGEST)
        self.own_hand = external & chance.yes(p.share("self_inflicted_if_external"), size)
        self.story = Story.draw(size, chance)
        self.planted.identifiers.update(number.tolist(), earlier[earlier != ""].tolist())
        self.planted.names.update(s.people.name.tolist())

    def forgotten(self, form: Source, columns: Columns) -> Columns:
        """Leave out a cell here and there, where a code for not known stands in the list."""
        share = self.p.share("missing_cell")
        result = dict(columns)
        for name in _FORGETFUL.get(form, ()):
            values = columns[name]
            gap = pl.Series(self.chance.yes(share, len(values))) & _may_lack(name, columns)
            result[name] = values.set(gap, None)
            if name == "transportert":  # how they were handed over is then as unknown
                result["status_overlevering"] = columns["status_overlevering"].set(gap, None)
        return result

    def patient(self, form: Source, rows: Int64s) -> Columns:
        """Who it is, as far as the source knows; a stranger's age is a guess."""
        s = self.s
        people, person, unknown = s.people, s.person[rows], self.unknown[form][rows]
        born = pl.Series(people.born[person]).cast(pl.Date)
        guess = (s.age[rows] + 2) // 5 * 5
        return {
            "fnr": text(self.number[form][rows]),
            "navn": text(np.where(unknown, "Ukjent", people.name[person])),
            "fodselsdato": born.set(pl.Series(unknown), None),
            "alder": whole(np.where(unknown, np.minimum(guess, 100), s.age[rows])),
            "kjonn": codes(people.sex[person]),
        }

    def treatment(self, rows: Int64s, shift: Int64s) -> Columns:
        """What was done, by a clock that is some seconds off."""
        a = self.s.arrests.taken(rows)
        return {
            "t_hlr_start": self.clock(rows, a.cpr, shift),
            "t_sjokk1": self.clock(rows, a.shock, shift),
            "t_adrenalin1": self.clock(rows, a.drug, shift),
            "t_rosc": self.clock(rows, a.circulation, shift),
            "t_slutt": self.clock(rows, a.end, shift),
            "implantat": codes(self.s.people.implant[self.s.person[rows]]),
            "sjokk_gitt": codes(np.where(a.shocks > 0, YES, NO)),
            "antall_sjokk": whole(a.shocks),
            "luftvei": codes(a.airway),
            "mek_kompresjon": codes(a.machine),
            "iv_io": codes(a.access),
            "adrenalin_mg": pl.Series(a.adrenaline),
            "amiodaron": codes(a.amiodarone),
            "rosc_noen": codes(np.where(a.any_rosc, YES, NO)),
            "rosc_20": codes(np.where(a.rosc, YES, NO)),
        }

    def by_another_hand(self, columns: Columns, outside: Bools) -> Columns:
        """What a hospital writes of an arrest outside: some times to the minute, some things otherwise.

        Args:
            columns: as the ambulance told it.
            outside: rows of arrests outside.
        """
        size, result = len(outside), dict(columns)
        to_the_minute = pl.Series(outside & self.chance.yes(self.p.share("hospital_rounds"), size))
        for name, values in columns.items():
            if values.dtype.is_temporal() and values.dtype != pl.Date:
                result[name] = values.dt.truncate("1m").zip_with(to_the_minute, values)
        rows = np.flatnonzero(outside)
        for name in ("bevitnet", "hlr_utfort_av", "forste_rytme"):
            otherwise = rows[self.chance.yes(self.p.share("hospital_disagrees"), len(rows))]
            others = self.chance.rng.permutation(rows)[: len(otherwise)]
            result[name] = columns[name].scatter(otherwise, columns[name].gather(others))
        return result

    def history(self, rows: Int64s, cpc: Int64s) -> Columns:
        """What the patient had before; nobody leaves hospital better than before the arrest.

        Args:
            rows: numbers of the arrests.
            cpc: at discharge; 5 of the dead.
        """
        person = self.s.person[rows]
        history = {
            f"komorbiditet_{name}": codes(np.where(has[person], YES, NO))
            for name, has in self.s.people.conditions.items()
        }
        before = self.chance.pick(self.p.choice("function_before"), len(rows))
        demented = self.s.people.conditions["demens"][person]
        before = np.where(demented & (before == 1), 2, before)
        before = np.where(before < UNKNOWN, np.minimum(before, cpc), before)
        return history | {"funksjon_for": codes(before)}

    def self_inflicted(self, rows: Int64s) -> pl.Series:
        """Whether somebody takes it for self-inflicted."""
        return codes(np.where(self.own_hand[rows], YES, NO))

    def may_be_pregnant(self, rows: Int64s) -> Bools:
        """Women of the age."""
        age = self.s.age[rows]
        is_woman: Bools = self.s.people.sex[self.s.person[rows]] == WOMAN
        return is_woman & (age > _CHILD) & (age < _PAST_PREGNANCY)

    def clock(self, rows: Int64s, after: Int64s, shift: Int64s | None = None) -> pl.Series:
        """Local clock time of seconds after the arrest; missing where it never came."""
        never = after == NEVER
        seconds = np.where(never, 0, after) + (0 if shift is None else shift)
        shown = local(self.s.at[rows] + seconds.astype("timedelta64[s]"))
        return pl.Series(shown.astype("datetime64[us]")).set(pl.Series(never), None)

    def _silent(self, enterprise: NDArray[np.str_], share: str) -> set[str]:
        """Some enterprises, of the half with the fewest people, which deliver nothing.

        Args:
            enterprise: of each area.
            share: name of the share of enterprises that are silent.
        """
        names, number = np.unique(enterprise, return_inverse=True)
        order = np.argsort(np.bincount(number, weights=self.s.places.persons), kind="stable")
        small = names[order[: (len(names) + 1) // 2]]
        count = round(self.p.share(share) * len(names))
        return set(self.chance.rng.permutation(small)[:count].tolist())

    def _without_arrival(self) -> Floats:
        """Per arrest, the chance that nobody told when the ambulance arrived, though there is a call."""
        wanted, result = self.p.share("missing_response_time"), np.zeros(len(self.s))
        for year in np.unique(self.s.year):
            mine = self.s.outside & (self.s.year == year)
            called = self.called[mine].mean() if mine.any() else 1.0
            if called > 1 - wanted:
                result[mine] = (wanted - (1 - called)) / called
        return result

    def _codes(self, group: Int64s, years: Int64s) -> NDArray[np.str_]:
        """The codes of municipalities in some years; one of several where it was divided."""
        s, size = self.s, len(group)
        code = np.empty(size, dtype="U4")
        which = self.chance.whole(0, 10**6, size)
        in_years = np.clip(years, min(s.places.codes), max(s.places.codes))
        for year, known in s.places.codes.items():
            mine = in_years == year
            count = np.array([len(codes) for codes in known])
            table = np.array([[*codes, *[""] * (count.max() - len(codes))] for codes in known])
            code[mine] = table[group[mine], which[mine] % count[group[mine]]]
        return code

    def _clocks_off(self) -> Int64s:
        """Seconds by which the ambulance's clock differs from the dispatch centre's.

        Each station's clocks have been off by about as much all year. No clock is so wrong that it
        shows the arrest after the call that it led to, or before the crew that saw it; or the crew
        at the patient a minute before it was there; nor does it move an arrest into another day.
        """
        s, a, size = self.s, self.s.arrests, len(self.s)
        median, spread = self.p.wait("clock_off")
        stations, known = np.unique(self.station * 10_000 + s.year, return_inverse=True)
        off = self.chance.seconds(median, spread, len(stations))
        off = np.where(self.chance.yes(0.5, len(stations)), off, -off)[known]
        first, last = self.p.span("clock_read_seconds")
        off = off + self.chance.whole(first, last, size)
        tolerance = 50
        latest = np.where(a.call > 0, a.call, _CLOCK_OFF)
        ahead = np.minimum(a.at_patient - a.arrive, a.arrive - a.leave)
        earliest = -np.minimum(ahead, _CLOCK_OFF) - tolerance
        seen = a.witnessed == BY_AMBULANCE
        earliest = np.where(seen, np.maximum(earliest, a.arrive), earliest)
        off = np.where(s.outside, np.clip(off, earliest, latest), off)
        off = np.clip(off, -_CLOCK_OFF, _CLOCK_OFF)
        shown = local(s.at)
        noon = shown.astype("datetime64[D]") + np.timedelta64(12 * 3600, "s")
        from_noon = np.abs((shown - noon).astype(np.int64))
        return np.where(from_noon > 12 * 3600 - 1 - _CLOCK_OFF, 0, off)

    def _running(self, prefix: str, enterprise: NDArray[np.str_]) -> NDArray[np.str_]:
        """Numbers that an enterprise gives its incidents, anew each year."""
        s = self.s
        counted = pl.DataFrame(
            {"enterprise": enterprise, "year": s.year, "at": s.at.astype("datetime64[us]")}
        )
        number = counted.select(
            pl.col("at").rank("ordinal").over("enterprise", "year").cast(pl.String).str.zfill(6)
        ).to_series()
        return np.char.add(prefix, number.to_numpy().astype("U6"))

    def comments(self, form: Source, rows: Int64s) -> pl.Series:
        """Free text, in which somebody sometimes writes a name and a number."""
        size, person = len(rows), self.s.person[rows]
        plain = write_comments(
            form,
            self.s.arrests.taken(rows),
            self.s.outside[rows],
            self.story.taken(rows),
            self.chance,
        )
        indiscreet = (
            self.chance.yes(self.p.share("comment_that_names"), size)
            & ~self.s.people.unidentified[person]
        )
        silent = ~self.chance.yes(self.p.share("comment"), size)
        naming = np.flatnonzero(indiscreet)
        whose = self.s.people.name[person[naming]]
        words = np.char.add(np.char.add(whose, ", f.nr. "), self.s.people.number[person[naming]])
        return plain.set(pl.Series(silent), None).scatter(naming, pl.Series(words, dtype=pl.String))
