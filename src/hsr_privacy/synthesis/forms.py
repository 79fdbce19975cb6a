"""What each source writes down of the truth: four forms, with gaps, slips and clocks that differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.synthesis.arrests import NEVER, NO, UNKNOWN, YES
from hsr_privacy.synthesis.chance import Bools, Chance, Int64s
from hsr_privacy.synthesis.parameters import Parameters
from hsr_privacy.synthesis.register import Simulated

_CLOCK_SECONDS = 25
_COMMENTS = (
    "Funnet av pårørende.", "HLR startet før ankomst.", "Overlevert til mottak.",
    "Lang kjørevei på grunn av føret.", "Ingen merknad.",
)  # fmt: skip
_STREETS = ("Lyngmoveien", "Tjernvollgata", "Bekkjarudstien", "Solbråtbakken", "Kvernsætervegen")


@dataclass
class Planted:
    """What must be found nowhere in an extract: for tests that search for it."""

    identifiers: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Forms:
    """The delivered forms, and what is true of them.

    Attributes:
        tables: per form, its rows with the codebook's columns; clock times are local.
        truth: per row of AMK, ambulance and hospital, the number of its arrest and person.
        planted: identifiers, names, telephone numbers and addresses that stand in the forms.
    """

    tables: Mapping[Source, pl.DataFrame]
    truth: pl.DataFrame
    planted: Planted


def write_down(s: Simulated, *, codebook: Codebook, chance: Chance, p: Parameters) -> Forms:
    """Let the sources write down what happened.

    Args:
        s: what happened.
        codebook: the columns of each form and their types.
        chance: where randomness comes from.
        p: the numbers.
    """
    writer = _Writer(s, chance, p)
    written = {
        Source.AMK: writer.amk(),
        Source.AMBULANCE: writer.ambulance(),
        Source.HOSPITAL: writer.hospital(),
        Source.REGISTER: writer.register(),
    }
    tables, truth = {}, []
    for form, (complete, rows) in written.items():
        columns = writer.forgotten(form, complete)
        table = pl.DataFrame({v.name: columns.pop(v.name) for v in codebook.delivered_by(form)})
        assert not columns, f"form {form} has no {sorted(columns)}"
        order = chance.rng.permutation(table.height)
        tables[form] = table[order]
        if form is not Source.REGISTER:
            record = {
                Source.AMK: "amis_hendelsesnr", Source.AMBULANCE: "amb_oppdragsnr",
                Source.HOSPITAL: "opphold_id",
            }[form]  # fmt: skip
            told = {"record": table[record], "arrest": rows, "person": s.person[rows]}
            truth.append(
                pl.DataFrame(told, schema=_TRUTH).with_columns(form=pl.lit(str(form)))[order]
            )
    return Forms(tables, pl.concat(truth), writer.planted)


Columns = dict[str, pl.Series]
_TRUTH = {"record": pl.String, "arrest": pl.Int64, "person": pl.Int64}


class _Writer:
    """Writes each form; what several forms share (numbers, places) is drawn once."""

    def __init__(self, s: Simulated, chance: Chance, p: Parameters) -> None:
        self.s, self.chance, self.p = s, chance, p
        self.planted = Planted()
        size = len(s)
        group = s.people.group[s.person]
        self.region = s.places.region[group]
        self.code = np.empty(size, dtype="U4")
        for year, codes in s.places.codes.items():
            mine = s.year == year
            which = chance.whole(0, 10**6, int(mine.sum()))
            self.code[mine] = [
                codes[g][w % len(codes[g])] for g, w in zip(group[mine], which, strict=True)
            ]
        centrals = [s.places.amk[r] for r in self.region]
        self.amk_name = np.array(
            [names[g % len(names)] for names, g in zip(centrals, group, strict=True)]
        )
        near = [s.places.hospitals[r] for r in self.region]
        chosen = [hospitals[g % len(hospitals)] for hospitals, g in zip(near, group, strict=True)]
        self.hospital_no = np.array([hospital for hospital, _ in chosen])
        self.trust_no = np.array([trust for _, trust in chosen])
        self.incident = self._running("", self.amk_name)
        self.mission = self._running("A", self.trust_no)
        self.moved = chance.whole(-_CLOCK_SECONDS, _CLOCK_SECONDS, size)
        number = s.people.number[s.person]
        earlier = s.people.earlier_number[s.person]
        before = (earlier != "") & (s.at < s.people.replaced_on[s.person])
        self.number = np.where(before, earlier, number)
        self.number = np.where(s.people.unidentified[s.person], "", self.number)
        self.planted.identifiers.update(number.tolist(), earlier[earlier != ""].tolist())
        self.planted.names.update(s.people.name.tolist())

    def amk(self) -> tuple[Columns, Int64s]:
        """What the dispatch centre logs."""
        s, chance = self.s, self.chance
        here = s.outside & ~chance.yes(self.p.share("call_not_delivered"), len(s))
        rows = np.flatnonzero(here)
        a, size = s.arrests.taken(rows), len(rows)
        street = np.array(_STREETS)[chance.whole(0, len(_STREETS) - 1, size)]
        address = np.char.add(np.char.add(street, " "), chance.whole(1, 240, size).astype(str))
        # No Norwegian telephone number begins with 0.
        phone = np.char.add("0", np.char.zfill(chance.whole(0, 9_999_999, size).astype(str), 7))
        self.planted.addresses.update(address.tolist())
        self.planted.phones.update(phone.tolist())
        missing = chance.yes(self.p.share("missing_response_time"), size)
        return {
            "adresse_hendelse": _text(address),
            "koordinat_ost": pl.Series(np.round(chance.rng.uniform(-50_000, 1_100_000, size), 1)),
            "koordinat_nord": pl.Series(
                np.round(chance.rng.uniform(6_450_000, 7_900_000, size), 1)
            ),
            "telefon_innringer": _text(phone),
            "amis_hendelsesnr": _text(self.incident[rows]),
            "fritekst_kommentar": self._comments(rows),
            "hendelseskommune": _text(self.code[rows]),
            "t_anrop": self._clock(rows, a.call),
            "t_varsling": self._clock(rows, a.alert),
            "t_rykker_ut": self._clock(rows, a.leave),
            "t_fremme": self._clock(rows, np.where(missing, NEVER, a.arrive)),
            "amk_sentral": _text(self.amk_name[rows]),
            "amk_gjenkjent": _codes(a.recognized),
            "t_gjenkjent": _whole(a.recognized_after),
            "amk_hlr_veiledning": _codes(a.guided),
            "hastegrad": _codes(chance.pick({1: 0.95, 2: 0.045, 3: 0.005}, size)),
            "forsteresponder": _codes(a.first_responder),
        }, rows

    def ambulance(self) -> tuple[Columns, Int64s]:
        """What the crew writes; now and then a second unit writes the same once more."""
        s, chance = self.s, self.chance
        outside = np.flatnonzero(s.outside)
        twice = outside[chance.yes(self.p.share("told_twice"), len(outside))]
        rows = np.concatenate([outside, twice])
        again = np.concatenate([np.zeros(len(outside), bool), np.ones(len(twice), bool)])
        a, size = s.arrests.taken(rows), len(rows)
        shift = self.moved[rows] + np.where(again, chance.whole(60, 900, size), 0)
        mission = np.where(again, np.char.add(self.mission[rows], "-2"), self.mission[rows])
        known = a.witnessed > 0
        return {
            "fnr": _text(self.number[rows]),
            "navn": self._names(rows),
            "amis_hendelsesnr": _text(self.incident[rows]),
            "amb_oppdragsnr": _text(mission),
            "hpr_nr": _text(chance.whole(990_000_000, 999_999_999, size).astype(str)),
            "fritekst_kommentar": self._comments(rows),
            **self._patient(rows),
            "stans_kjent": _codes(np.where(known, YES, NO)),
            "t_stans": self._clock(rows, np.zeros(size, np.int64), shift),
            "t_rykker_ut": self._clock(rows, a.leave, shift),
            "t_fremme": self._clock(rows, a.arrive, shift),
            "t_hos_pasient": self._clock(rows, a.at_patient, shift),
            **self._treatment(rows, shift),
            "t_sykehus": self._clock(rows, a.hospital, shift),
            "amk_sentral": _text(self.amk_name[rows]),
            "amb_hf": _text(self.trust_no[rows]),
            "amb_stasjon": _text((100_000 + s.people.group[s.person[rows]] * 7).astype(str)),
            "sted": _codes(a.place),
            "bevitnet": _codes(a.witnessed),
            "tilskuer_hlr": _codes(a.bystander_cpr),
            "hlr_utfort_av": _codes(a.first_cpr_by),
            "aed_tilkoblet": _codes(a.aed),
            "aed_sjokk": _codes(a.aed_shock),
            "hlr_ems": _codes(np.where(a.attempted, YES, NO)),
            "ikke_hlr_grunn": _codes(a.no_cpr_reason),
            "arsak": _codes(a.cause),
            "selvpaafort": _codes(
                np.where(np.isin(a.cause, (2, 3, 4, 6)) & chance.yes(0.3, size), YES, NO)
            ),
            "forste_rytme": _codes(a.rhythm),
            "lege_prehosp": _codes(a.physician),
            "status_overlevering": _codes(np.where(a.rosc, 1, np.where(a.transported, 2, 3))),
            "transportert": _codes(np.where(a.transported, YES, NO)),
        }, rows

    def hospital(self) -> tuple[Columns, Int64s]:
        """What the hospital reports of those who came alive, and of arrests inside."""
        s, chance = self.s, self.chance
        there = ~s.outside | s.arrests.transported
        delivers = ~chance.yes(self.p.share("hospital_not_delivered"), len(s))
        rows = np.flatnonzero(there & delivers)
        a, size, outside = s.arrests.taken(rows), len(rows), s.outside[rows]
        alive = a.alive_30d
        stay = np.where(a.admitted, a.stay_days, 0)
        day = s.at[rows].astype("datetime64[D]")
        cpc = np.where(
            a.good_function,
            chance.pick({1: 0.72, 2: 0.28}, size),
            chance.pick({3: 0.93, 4: 0.07}, size),
        )
        mrs = np.where(
            a.good_function,
            chance.pick({0: 0.2, 1: 0.3, 2: 0.3, 3: 0.2}, size),
            chance.pick({4: 0.6, 5: 0.4}, size),
        )
        infarct = np.isin(a.rhythm, (1, 2, 5)) & (a.cause == 11)
        angio = np.where(
            infarct & a.rosc,
            chance.pick({0: 0.2, 1: 0.35, 2: 0.45}, size),
            chance.pick({0: 0.9, 1: 0.08, 2: 0.02}, size),
        )
        mission = np.where(outside & chance.yes(0.6, size), self.mission[rows], "")
        unidentified = s.people.unidentified[s.person[rows]] & outside
        mission = np.where(unidentified, self.mission[rows], mission)
        return {
            "fnr": _text(self.number[rows]),
            "duf_nr": _text(np.full(size, "")),
            "navn": self._names(rows),
            "amb_oppdragsnr": _text(mission),
            "opphold_id": _text(np.char.add("S", np.char.zfill(rows.astype(str), 8))),
            "hpr_nr": _text(chance.whole(990_000_000, 999_999_999, size).astype(str)),
            "fritekst_kommentar": self._comments(rows),
            "event_type": _codes(np.where(outside, 1, 2)),
            **self._patient(rows),
            "stans_kjent": _codes(np.where(a.witnessed > 0, YES, NO)),
            "t_stans": self._clock(rows, np.zeros(size, np.int64)),
            **self._treatment(rows, self.moved[rows] // 2),
            "t_sykehus": self._clock(rows, a.hospital),
            "t_stansteam": self._clock(rows, a.team_called),
            "t_stansteam_fremme": self._clock(rows, a.team_arrived),
            "sykehus": _text(self.hospital_no[rows]),
            "avdeling": _codes_text(np.where(outside, 0, 200_000 + a.place)),
            "sted": _codes(a.place),
            "bevitnet": _codes(a.witnessed),
            "overvaaket": _codes(np.where(outside, UNKNOWN, a.monitored)),
            "hlr_utfort_av": _codes(a.first_cpr_by),
            "kompresjon_over_30s": _codes(np.where(outside, UNKNOWN, a.compressions_over_30s)),
            "avbrutt_lege": _codes(a.stopped),
            "avbrutt_grunn": _codes(a.stopped_reason),
            "arsak": _codes(a.cause),
            "selvpaafort": _codes(np.where(np.isin(a.cause, (2, 3, 4, 6)) & chance.yes(0.3, size), YES, NO)),
            "forste_rytme": _codes(a.rhythm),
            **self._history(rows),
            "gravid": _codes(np.full(size, NO)),
            "ecpr": _codes(np.where(a.admitted & chance.yes(0.01, size), YES, NO)),
            "innlagt_intensiv": _codes(np.where(a.admitted, YES, NO)),
            "ekg_stemi": _codes(np.where(infarct & chance.yes(0.55, size), YES, NO)),
            "angio_pci": _codes(angio),
            "ttm": _codes(np.where(a.admitted & chance.yes(0.4, size), YES, NO)),
            "ph": pl.Series(np.round(np.clip(chance.rng.normal(7.12, 0.16, size), 6.5, 7.6), 2)),
            "laktat": pl.Series(np.round(np.clip(chance.rng.gamma(3.2, 2.4, size), 0.5, 28), 1)),
            "dgn_icd10": _text(np.where(infarct, "I21.9", np.where(a.cause == 11, "I46.9", "J96.0"))),
            "behandling_avsluttet": _codes(np.where(a.admitted & ~alive & chance.yes(0.6, size), YES, NO)),
            "overlevd_24t": _codes(np.where(a.alive_24h, YES, NO)),
            "dato_utskrevet": pl.Series(day + stay.astype("timedelta64[D]")).cast(pl.Date),
            "liggetid": _whole(stay),
            "overlevd_utskr": _codes(np.where(alive, YES, NO)),
            "overlevd_30d": _codes(np.where(alive, YES, NO)),
            "cpc_utskr": _codes(np.where(alive, cpc, 5)),
            "mrs_utskr": _codes(np.where(alive, mrs, 6)),
        }, rows  # fmt: skip

    def register(self) -> tuple[Columns, Int64s]:
        """What the register knows of each person: one row each."""
        s, people, chance = self.s, self.s.people, self.chance
        persons, first = np.unique(s.person, return_index=True)
        known = ~people.unidentified[persons]
        persons, first = persons[known], first[known]
        size = len(persons)
        died = np.full(len(people), NEVER)
        day = s.at.astype("datetime64[D]").astype(np.int64)
        dead = s.arrests.died_after_days != NEVER
        died[s.person[dead]] = (day + s.arrests.died_after_days)[dead]
        death = pl.Series(
            np.where(died[persons] == NEVER, 0, died[persons]).astype("datetime64[D]")
        )
        is_dead = pl.Series(died[persons] != NEVER)
        return {
            "fnr": _text(people.number[persons]),
            "tidligere_fnr": _text(people.earlier_number[persons]),
            "reservasjon": _codes(people.reserved[persons].astype(np.int64)),
            "samtykke": _codes(chance.pick({1: 0.6, 2: 0.38, 0: 0.02}, size)),
            "sperret": _codes(people.restricted[persons].astype(np.int64)),
            "slettet": _codes(people.deleted[persons].astype(np.int64)),
            "fodselsdato": pl.Series(people.born[persons]).cast(pl.Date),
            "kjonn": _codes(people.sex[persons]),
            "bostedskommune": _text(self.code[first]),
            "sentralitet": _codes(s.places.centrality[people.group[persons]]),
            "statsborgerskap": _text(people.citizenship[persons]),
            "sivilstand": _codes(people.civil_status[persons]),
            "dodsdato": death.cast(pl.Date).set(~is_dead, None),
            "dodsarsak": _text(np.where(is_dead.to_numpy(), "I46.9", "")),
        }, persons  # fmt: skip

    def forgotten(self, form: Source, columns: Columns) -> Columns:
        """Leave out a cell here and there, where a code for not known stands in the list."""
        share = self.p.share("missing_cell")
        result = dict(columns)
        for name in _FORGETFUL.get(form, ()):
            values = result[name]
            gap = pl.Series(self.chance.yes(share, len(values)))
            result[name] = values.set(gap, None)
        return result

    def _patient(self, rows: Int64s) -> Columns:
        s = self.s
        people, person = s.people, s.person[rows]
        unknown = pl.Series(people.unidentified[person])
        return {
            "fodselsdato": pl.Series(people.born[person]).cast(pl.Date).set(unknown, None),
            "alder": _whole(s.age[rows]),
            "kjonn": _codes(people.sex[person]),
        }

    def _treatment(self, rows: Int64s, shift: Int64s) -> Columns:
        a = self.s.arrests.taken(rows)
        return {
            "t_hlr_start": self._clock(rows, a.cpr, shift),
            "t_sjokk1": self._clock(rows, a.shock, shift),
            "t_adrenalin1": self._clock(rows, a.drug, shift),
            "t_rosc": self._clock(rows, a.circulation, shift),
            "t_slutt": self._clock(rows, a.end, shift),
            "implantat": _codes(self.s.people.implant[self.s.person[rows]]),
            "sjokk_gitt": _codes(np.where(a.shocks > 0, YES, NO)),
            "antall_sjokk": _whole(a.shocks),
            "luftvei": _codes(a.airway),
            "mek_kompresjon": _codes(a.machine),
            "iv_io": _codes(a.access),
            "adrenalin_mg": pl.Series(a.adrenaline),
            "amiodaron": _codes(a.amiodarone),
            "rosc_noen": _codes(np.where(a.rosc, YES, NO)),
            "rosc_20": _codes(np.where(a.rosc, YES, NO)),
        }

    def _history(self, rows: Int64s) -> Columns:
        age, size = self.s.age[rows], len(rows)
        old = np.clip((age - 30) / 50, 0.02, 1.2)
        shares = {
            "hjerteinfarkt": 0.25, "hjertesvikt": 0.22, "diabetes": 0.22, "kreft": 0.18,
            "kols": 0.17, "nyresvikt": 0.15, "slag": 0.12, "hypertensjon": 0.45, "demens": 0.06,
        }  # fmt: skip
        history = {
            f"komorbiditet_{name}": _codes(np.where(self.chance.yes(share * old, size), YES, NO))
            for name, share in shares.items()
        }
        history["komorbiditet_rus"] = _codes(np.where(self.chance.yes(0.05, size), YES, NO))
        before = self.chance.pick({1: 0.8, 2: 0.12, 3: 0.05, 4: 0.001, 999: 0.029}, size)
        return history | {"funksjon_for": _codes(before)}

    def _clock(self, rows: Int64s, after: Int64s, shift: Int64s | None = None) -> pl.Series:
        """Local clock time of seconds after the arrest; missing where it never came."""
        never = after == NEVER
        seconds = np.where(never, 0, after) + (0 if shift is None else shift)
        moments = (self.s.at[rows] + seconds.astype("timedelta64[s]")).astype("datetime64[us]")
        local = pl.Series(moments).dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Oslo")
        return local.dt.replace_time_zone(None).set(pl.Series(never), None)

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

    def _names(self, rows: Int64s) -> pl.Series:
        person = self.s.person[rows]
        unknown = self.s.people.unidentified[person]
        return _text(np.where(unknown, "Ukjent", self.s.people.name[person]))

    def _comments(self, rows: Int64s) -> pl.Series:
        """Free text, in which somebody sometimes writes a name and a number."""
        size = len(rows)
        plain = np.array(_COMMENTS)[self.chance.whole(0, len(_COMMENTS) - 1, size)]
        person = self.s.person[rows]
        naming = np.char.add(self.s.people.name[person], ", f.nr. ")
        naming = np.char.add(naming, self.s.people.number[person])
        indiscreet = self.chance.yes(0.02, size) & ~self.s.people.unidentified[person]
        text = np.where(indiscreet, naming, np.where(self.chance.yes(0.5, size), plain, ""))
        return _text(text)


_FORGETFUL = {
    Source.AMK: ("amk_gjenkjent", "amk_hlr_veiledning", "forsteresponder", "t_varsling"),
    Source.AMBULANCE: (
        "bevitnet", "aed_tilkoblet", "forste_rytme", "luftvei", "mek_kompresjon", "iv_io",
        "t_rosc", "t_adrenalin1", "transportert", "arsak",
    ),
    Source.HOSPITAL: ("ph", "laktat", "ttm", "funksjon_for", "cpc_utskr", "mrs_utskr", "overlevd_24t"),
}  # fmt: skip


def _codes(values: Any) -> pl.Series:
    return pl.Series(np.asarray(values, np.int16))


def _codes_text(values: Int64s) -> pl.Series:
    return _text(np.where(values == 0, "", values.astype(str)))


def _whole(values: Int64s) -> pl.Series:
    missing: Bools = values == NEVER
    return pl.Series(np.where(missing, 0, values).astype(np.int32)).set(pl.Series(missing), None)


def _text(values: NDArray[np.str_]) -> pl.Series:
    series = pl.Series(values, dtype=pl.String)
    return series.set(series == "", None)
