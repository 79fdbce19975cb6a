"""What the forms share: numbers that enterprises give, clocks that differ, words that people write."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.codebook import Source
from hsr_privacy.synthesis.arrests import NEVER, NO, YES
from hsr_privacy.synthesis.cells import codes, text, whole
from hsr_privacy.synthesis.chance import Bools, Chance, Int64s
from hsr_privacy.synthesis.clocks import local
from hsr_privacy.synthesis.parameters import Parameters
from hsr_privacy.synthesis.people import WOMAN
from hsr_privacy.synthesis.register import Simulated

Columns = dict[str, pl.Series]

_CHILD, _PAST_PREGNANCY = 15, 50
_COMMENTS = (
    "Funnet av pårørende.", "HLR startet før ankomst.", "Overlevert til mottak.",
    "Lang kjørevei på grunn av føret.", "Ingen merknad.",
)  # fmt: skip
_FORGETFUL = {
    Source.AMK: ("amk_gjenkjent", "amk_hlr_veiledning", "forsteresponder", "t_varsling"),
    Source.AMBULANCE: (
        "bevitnet", "aed_tilkoblet", "forste_rytme", "luftvei", "mek_kompresjon", "iv_io",
        "t_rosc", "t_adrenalin1", "transportert", "arsak",
    ),
    Source.HOSPITAL: ("ph", "laktat", "ttm", "funksjon_for", "cpc_utskr", "mrs_utskr", "overlevd_24t"),
}  # fmt: skip


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
        group = s.people.group[s.person]
        self.region = s.places.region[group]
        self.code = np.empty(size, dtype="U4")
        for year, known in s.places.codes.items():
            mine = s.year == year
            which = chance.whole(0, 10**6, int(mine.sum()))
            self.code[mine] = [
                known[g][w % len(known[g])] for g, w in zip(group[mine], which, strict=True)
            ]
        centrals = [s.places.amk[r] for r in self.region]
        self.amk_name = np.array(
            [names[g % len(names)] for names, g in zip(centrals, group, strict=True)]
        )
        self.silent_centrals = self._silent(
            [name for near in s.places.amk for name in near], "centrals_not_delivering"
        )
        every = [hospital for near in s.places.hospitals for hospital, _ in near]
        self.silent_hospitals = self._silent(every, "hospitals_not_delivering")
        near = [self._near(r, g, o) for r, g, o in zip(self.region, group, s.outside, strict=True)]
        self.hospital_no = np.array([hospital for hospital, _ in near])
        self.trust_no = np.array([trust for _, trust in near])
        self.incident = self._running("", self.amk_name)
        self.mission = self._running("A", self.trust_no)
        # A clock that is off does not move an arrest into another day than that of a death.
        shown = local(s.at)
        noon = shown.astype("datetime64[D]") + np.timedelta64(12 * 3600, "s")
        earlier_by, later_by = p.span("clock_off_seconds")
        near_midnight = np.abs((shown - noon).astype(np.int64)) > 12 * 3600 - 1 - max(
            -earlier_by, later_by
        )
        moved = chance.whole(earlier_by, later_by, size)
        self.moved = np.where(near_midnight, 0, moved)
        number = s.people.number[s.person]
        earlier = s.people.earlier_number[s.person]
        before = (earlier != "") & (s.day < s.people.replaced_on[s.person])
        self.number = np.where(before, earlier, number)
        unidentified = s.people.unidentified[s.person]
        self.unknown = {
            Source.AMBULANCE: unidentified,
            Source.HOSPITAL: unidentified & ~s.people.named_later[s.person],
        }
        self.planted.identifiers.update(number.tolist(), earlier[earlier != ""].tolist())
        self.planted.names.update(s.people.name.tolist())

    def forgotten(self, form: Source, columns: Columns) -> Columns:
        """Leave out a cell here and there, where a code for not known stands in the list."""
        share = self.p.share("missing_cell")
        result = dict(columns)
        for name in _FORGETFUL.get(form, ()):
            values = result[name]
            gap = pl.Series(self.chance.yes(share, len(values)))
            result[name] = values.set(gap, None)
        return result

    def patient(self, form: Source, rows: Int64s) -> Columns:
        """Who it is, as far as the source knows; a stranger's age is a guess."""
        s = self.s
        people, person, unknown = s.people, s.person[rows], self.unknown[form][rows]
        born = pl.Series(people.born[person]).cast(pl.Date)
        guess = (s.age[rows] + 2) // 5 * 5
        return {
            "fnr": text(np.where(unknown, "", self.number[rows])),
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

    def history(self, rows: Int64s) -> Columns:
        """What the patient had before."""
        age, size = self.s.age[rows], len(rows)
        old = np.clip((age - 30) / 50, 0.02, 1.2)
        history = {
            f"komorbiditet_{name}": codes(np.where(self.chance.yes(share * old, size), YES, NO))
            for name, share in self.p.comorbidity.at_80.items()
        }
        abuse = self.chance.yes(self.p.comorbidity.substance_abuse, size)
        history["komorbiditet_rus"] = codes(np.where(abuse, YES, NO))
        before = self.chance.pick(self.p.choice("function_before"), size)
        return history | {"funksjon_for": codes(before)}

    def self_inflicted(self, rows: Int64s) -> pl.Series:
        """Whether somebody takes it for self-inflicted; only causes from without may be."""
        external = np.isin(self.s.arrests.cause[rows], (2, 3, 4, 6))
        own = self.chance.yes(self.p.share("self_inflicted_if_external"), len(rows))
        return codes(np.where(external & own, YES, NO))

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

    def _silent(self, enterprises: list[str], share: str) -> set[str]:
        """The enterprises that deliver nothing."""
        order = self.chance.rng.permutation(len(enterprises))
        return {enterprises[n] for n in order[: round(self.p.share(share) * len(enterprises))]}

    def _near(self, region: int, group: int, outside: bool) -> tuple[str, str]:  # noqa: FBT001
        """The hospital of a municipality and its trust; arrests inside are known of who tells."""
        near = self.s.places.hospitals[region]
        if not outside:
            near = [one for one in near if one[0] not in self.silent_hospitals] or near
        return near[group % len(near)]

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

    def comments(self, rows: Int64s) -> pl.Series:
        """Free text, in which somebody sometimes writes a name and a number."""
        size = len(rows)
        plain = np.array(_COMMENTS)[self.chance.whole(0, len(_COMMENTS) - 1, size)]
        person = self.s.person[rows]
        naming = np.char.add(self.s.people.name[person], ", f.nr. ")
        naming = np.char.add(naming, self.s.people.number[person])
        indiscreet = (
            self.chance.yes(self.p.share("comment_that_names"), size)
            & ~self.s.people.unidentified[person]
        )
        said = self.chance.yes(self.p.share("comment"), size)
        return text(np.where(indiscreet, naming, np.where(said, plain, "")))
