"""What each source writes down of the truth: four forms, with gaps, slips and clocks that differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from hsr_privacy.codebook import Codebook, Source
from hsr_privacy.synthesis.arrests import NEVER, NO, UNKNOWN, YES
from hsr_privacy.synthesis.cells import codes, codes_text, known, padded, text, whole
from hsr_privacy.synthesis.chance import Chance, Floats, Int64s
from hsr_privacy.synthesis.diagnoses import causes_of_death, discharge_diagnoses
from hsr_privacy.synthesis.parameters import Parameters
from hsr_privacy.synthesis.register import Simulated
from hsr_privacy.synthesis.traps import count_traps
from hsr_privacy.synthesis.writer import Columns, Planted, Writer

_STREETS = ("Lyngmoveien", "Tjernvollgata", "Bekkjarudstien", "Solbråtbakken", "Kvernsætervegen")
_TRAUMA = 2


class _Blood(NamedTuple):
    """First samples: pH, and lactate in mmol/L."""

    ph: Floats
    lactate: Floats


@dataclass(frozen=True)
class Forms:
    """The delivered forms, and what is true of them.

    Attributes:
        tables: per form, its rows with the codebook's columns; clock times are local.
        truth: per row of AMK, ambulance and hospital, the number of its arrest and person.
        planted: identifiers, names, telephone numbers and addresses that stand in the forms.
        traps: how often each hard case happens.
    """

    tables: Mapping[Source, pl.DataFrame]
    truth: pl.DataFrame
    planted: Planted
    traps: Mapping[str, int]


def write_down(s: Simulated, *, codebook: Codebook, chance: Chance, p: Parameters) -> Forms:
    """Let the sources write down what happened.

    Args:
        s: what happened.
        codebook: the columns of each form and their types.
        chance: where randomness comes from.
        p: the numbers.
    """
    writer = Writer(s, chance, p)
    written = {
        Source.AMK: _amk(writer),
        Source.AMBULANCE: _ambulance(writer),
        Source.HOSPITAL: _hospital(writer),
        Source.REGISTER: _register(writer),
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
    return Forms(tables, pl.concat(truth), writer.planted, count_traps(s) | writer.traps)


_TRUTH = {"record": pl.String, "arrest": pl.Int64, "person": pl.Int64}


def _amk(w: Writer) -> tuple[Columns, Int64s]:
    """What the dispatch centre logs."""
    s, chance = w.s, w.chance
    rows = np.flatnonzero(w.called)
    a, size = s.arrests.taken(rows), len(rows)
    street = np.array(_STREETS)[chance.whole(0, len(_STREETS) - 1, size)]
    address = np.char.add(np.char.add(street, " "), chance.whole(1, 240, size).astype(str))
    east, north = s.places.coordinates(s.area[rows], rng=chance.rng, boxes=w.p.county_boxes.of)
    # No Norwegian telephone number begins with 0.
    phone = np.char.add("0", padded(chance.whole(0, 9_999_999, size), 7))
    w.planted.addresses.update(address.tolist())
    w.planted.phones.update(phone.tolist())
    return {
        "adresse_hendelse": text(address),
        "koordinat_ost": pl.Series(np.round(east, 1)),
        "koordinat_nord": pl.Series(np.round(north, 1)),
        "telefon_innringer": text(phone),
        "amis_hendelsesnr": text(w.incident[rows]),
        "fritekst_kommentar": w.comments(Source.AMK, rows),
        "hendelseskommune": text(w.code[rows]),
        "t_anrop": w.clock(rows, a.call),
        "t_varsling": w.clock(rows, a.alert),
        "t_rykker_ut": w.clock(rows, a.leave),
        "t_fremme": w.clock(rows, np.where(w.no_arrival[rows], NEVER, a.arrive)),
        "amk_sentral": text(w.centre[rows]),
        "amk_gjenkjent": codes(a.recognized),
        "t_gjenkjent": whole(a.recognized_after),
        "amk_hlr_veiledning": codes(a.guided),
        "hastegrad": codes(chance.pick(w.p.choice("urgency"), size)),
        "forsteresponder": codes(a.first_responder),
    }, rows


def _ambulance(w: Writer) -> tuple[Columns, Int64s]:
    """What the crew writes; now and then a second unit writes the same once more."""
    s, chance = w.s, w.chance
    outside = np.flatnonzero(s.outside)
    w.traps["central offices that deliver nothing"] = len(w.silent_centres)
    w.traps["hospitals that deliver nothing"] = len(w.silent_hospitals)
    twice = outside[chance.yes(w.p.share("told_twice"), len(outside))]
    rows = np.concatenate([outside, twice])
    w.traps["told twice by the ambulance"] = len(twice)
    again = np.concatenate([np.zeros(len(outside), bool), np.ones(len(twice), bool)])
    a, size = s.arrests.taken(rows), len(rows)
    shift = w.moved[rows] + np.where(again, chance.whole(*w.p.span("second_unit_seconds"), size), 0)
    mission = np.where(again, np.char.add(w.mission[rows], "-2"), w.mission[rows])
    known = a.witnessed > 0
    return {
        **w.patient(Source.AMBULANCE, rows),
        "amis_hendelsesnr": text(w.incident[rows]),
        "amb_oppdragsnr": text(mission),
        "hpr_nr": text(chance.whole(990_000_000, 999_999_999, size).astype(str)),
        "fritekst_kommentar": w.comments(Source.AMBULANCE, rows),
        "stans_kjent": codes(np.where(known, YES, NO)),
        "t_stans": w.clock(rows, np.zeros(size, np.int64), shift),
        "t_rykker_ut": w.clock(rows, a.leave, shift),
        "t_fremme": w.clock(rows, np.where(w.no_arrival[rows], NEVER, a.arrive), shift),
        "t_hos_pasient": w.clock(rows, a.at_patient, shift),
        **w.treatment(rows, shift),
        "t_sykehus": w.clock(rows, a.hospital, shift),
        "amk_sentral": text(w.centre[rows]),
        "amb_hf": text(w.trust[rows]),
        "amb_stasjon": text(w.station[rows].astype(str)),
        "sted": codes(a.place),
        "bevitnet": codes(a.witnessed),
        "tilskuer_hlr": codes(a.bystander_cpr),
        "hlr_utfort_av": codes(a.first_cpr_by),
        "aed_tilkoblet": codes(a.aed),
        "aed_sjokk": codes(a.aed_shock),
        "hlr_ems": codes(np.where(a.attempted, YES, NO)),
        "ikke_hlr_grunn": codes(a.no_cpr_reason),
        "arsak": codes(a.cause),
        "selvpaafort": w.self_inflicted(rows),
        "forste_rytme": codes(a.rhythm),
        "lege_prehosp": codes(a.physician),
        "status_overlevering": codes(np.where(a.arrives, 1, np.where(a.transported, 2, 3))),
        "transportert": codes(np.where(a.transported, YES, NO)),
    }, rows


def _hospital(w: Writer) -> tuple[Columns, Int64s]:
    """What the hospital reports of those who came alive, and of arrests inside."""
    s, chance, p = w.s, w.chance, w.p
    there = ~s.outside | s.arrests.transported
    silent = np.isin(w.hospital, sorted(w.silent_hospitals))
    left_out = chance.yes(p.share("admission_not_delivered"), len(s))
    rows = np.flatnonzero(there & ~(s.outside & (silent | left_out)))
    a, size, outside = s.arrests.taken(rows), len(rows), s.outside[rows]
    alive = a.discharged
    stay = np.where(a.admitted, a.stay_days, 0)
    day = s.day[rows]
    # The hospital takes the ambulance's times over, and now and then by its own clock.
    shift = np.where(outside, w.moved[rows], w.moved[rows] // 4)
    # Of those who are still there, the hospital cannot tell yet how they leave.
    left = day + stay.astype("timedelta64[D]") <= s.until
    cpc = np.where(
        a.good_function,
        chance.pick(p.choice("cpc_good"), size),
        chance.pick(p.choice("cpc_poor"), size),
    )
    demented = s.people.conditions["demens"][s.person[rows]]
    cpc = np.where(alive, np.where(demented, np.maximum(cpc, 2), cpc), 5)
    mrs = np.select(
        [cpc == 1, cpc == 2, cpc == 3, cpc == 4],
        [chance.pick(p.choice("mrs_if_cpc_1"), size), chance.pick(p.choice("mrs_if_cpc_2"), size),
         np.full(size, 4), np.full(size, 5)],
        default=6,
    )  # fmt: skip
    infarct = np.isin(a.rhythm, (1, 2, 5)) & (a.cause == 11)
    can = np.isin(w.hospital[rows], p.ecpr_hospitals.of)
    ecpr = a.admitted & can & chance.yes(p.share("ecpr_if_admitted"), size)
    lived, died = (
        _Blood(chance.measured(ph, size), chance.measured(lactate, size))
        for ph, lactate in (
            (p.measures.ph_if_alive, p.measures.lactate_if_alive),
            (p.measures.ph_if_dead, p.measures.lactate_if_dead),
        )
    )
    hardly = (a.cause == _TRAUMA) & ~chance.yes(p.share("trauma_as_infarct"), size)
    cooled = a.admitted & ~hardly & chance.yes(p.share("temperature_control_if_admitted"), size)
    angio = np.where(
        infarct & a.rosc,
        chance.pick(p.choice("angiography_if_infarct"), size),
        np.where(hardly, NO, chance.pick(p.choice("angiography_else"), size)),
    )
    mission = np.where(
        outside & chance.yes(p.share("mission_number_in_hospital"), size), w.mission[rows], ""
    )
    stranger = w.unknown[Source.AMBULANCE][rows] & outside
    mission = np.where(stranger, w.mission[rows], mission)
    told = {
        **w.patient(Source.HOSPITAL, rows),
        "duf_nr": text(np.full(size, "")),
        "amb_oppdragsnr": text(mission),
        "opphold_id": text(np.char.add("S", padded(rows, 8))),
        "hpr_nr": text(chance.whole(990_000_000, 999_999_999, size).astype(str)),
        "fritekst_kommentar": w.comments(Source.HOSPITAL, rows),
        "event_type": codes(np.where(outside, 1, 2)),
        "stans_kjent": codes(np.where(a.witnessed > 0, YES, NO)),
        "t_stans": w.clock(rows, np.zeros(size, np.int64), shift),
        **w.treatment(rows, shift),
        "t_sykehus": w.clock(rows, a.hospital, shift),
        "t_stansteam": w.clock(rows, a.team_called, shift),
        "t_stansteam_fremme": w.clock(rows, a.team_arrived, shift),
        "sykehus": text(w.hospital[rows]),
        "avdeling": codes_text(np.where(outside, 0, w.ward[rows])),
        "sted": codes(a.place),
        "bevitnet": codes(a.witnessed),
        "overvaaket": codes(np.where(outside, UNKNOWN, a.monitored)),
        "hlr_utfort_av": codes(a.first_cpr_by),
        "kompresjon_over_30s": codes(np.where(outside, UNKNOWN, a.compressions_over_30s)),
        "avbrutt_lege": codes(a.stopped),
        "avbrutt_grunn": codes(a.stopped_reason),
        "arsak": codes(a.cause),
        "selvpaafort": w.self_inflicted(rows),
        "forste_rytme": codes(a.rhythm),
        **w.history(rows, cpc),
        "gravid": codes(np.where(w.may_be_pregnant(rows) & chance.yes(p.share("pregnant"), size), YES, NO)),
        "ecpr": codes(np.where(ecpr, YES, NO)),
        "innlagt_intensiv": codes(np.where(a.admitted, YES, NO)),
        "ekg_stemi": codes(np.where(infarct & chance.yes(p.share("st_elevation_if_infarct"), size), YES, NO)),
        "angio_pci": codes(angio),
        "ttm": codes(np.where(cooled, YES, NO)),
        "ph": pl.Series(np.round(np.where(alive, lived.ph, died.ph), 2)),
        "laktat": pl.Series(np.round(np.where(alive, lived.lactate, died.lactate), 1)),
        "dgn_icd10": text(discharge_diagnoses(a.cause, infarct, chance)),
        "behandling_avsluttet": codes(np.where(a.admitted & ~alive & left & chance.yes(p.share("withdrawn_if_dead"), size), YES, NO)),
        "overlevd_24t": codes(np.where(a.alive_24h, YES, NO)),
        "dato_utskrevet": known(pl.Series(day + stay.astype("timedelta64[D]")).cast(pl.Date), left),
        "liggetid": known(whole(stay), left),
        "overlevd_utskr": known(codes(np.where(alive, YES, NO)), left),
        "overlevd_30d": known(
            codes(np.where(a.alive_30d, YES, NO)), ~(alive & w.without_row[s.person[rows]])
        ),
        "cpc_utskr": known(codes(cpc), left),
        "mrs_utskr": known(codes(mrs), left),
    }  # fmt: skip
    return w.by_another_hand(told, outside), rows


def _register(w: Writer) -> tuple[Columns, Int64s]:
    """What the register knows of each person: one row each."""
    s, people, chance = w.s, w.s.people, w.chance
    persons, first = np.unique(s.person, return_index=True)
    named = ~people.unidentified[persons] | people.named_later[persons]
    named &= ~w.without_row[persons]
    persons, first = persons[named], first[named]
    size = len(persons)
    died = np.full(len(people), NEVER)
    day = s.day.astype(np.int64)
    dead = s.arrests.died_after_days != NEVER
    died[s.person[dead]] = (day + s.arrests.died_after_days)[dead]
    cause, own, last = np.zeros(len(people), np.int64), np.zeros(len(people), bool), died.copy()
    cause[s.person], own[s.person], last[s.person] = s.arrests.cause, w.own_hand, day
    death = pl.Series(np.where(died[persons] == NEVER, 0, died[persons]).astype("datetime64[D]"))
    is_dead = pl.Series(died[persons] != NEVER)
    why = causes_of_death(cause[persons], own[persons], (died - last)[persons], chance)
    return {
        "fnr": text(people.number[persons]),
        "tidligere_fnr": text(people.earlier_number[persons]),
        "reservasjon": codes(people.reserved[persons].astype(np.int64)),
        "samtykke": codes(chance.pick(w.p.choice("consent"), size)),
        "sperret": codes(people.restricted[persons].astype(np.int64)),
        "slettet": codes(people.deleted[persons].astype(np.int64)),
        "fodselsdato": pl.Series(people.born[persons]).cast(pl.Date),
        "kjonn": codes(people.sex[persons]),
        "bostedskommune": text(w.home_code[first]),
        "sentralitet": codes(s.places.centrality[s.places.group[people.area[persons]]]),
        "statsborgerskap": text(people.citizenship[persons]),
        "sivilstand": codes(people.civil_status[persons]),
        "dodsdato": death.cast(pl.Date).set(~is_dead, None),
        "dodsarsak": text(np.where(is_dead.to_numpy(), why, "")),
    }, persons  # fmt: skip
