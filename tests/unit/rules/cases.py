"""For every rule, rows that keep it and rows that break it, as one table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from hsr_privacy.codebook import Codebook, Type
from hsr_privacy.extract import EVENT_KEY, PERSON_KEY
from hsr_privacy.identifiers import make_national_ids
from hsr_privacy.rules import Form

_NUMBERS: Final = make_national_ids(
    np.array(["1950-06-15", "1950-06-15"], dtype="datetime64[D]"),
    np.array([1, 2]),
    rng=np.random.default_rng(3),
).tolist()
MAN, WOMAN = _NUMBERS
"""Synthetic numbers of a man and a woman born on 15 June 1950."""

# A time without a day is of 15 June 2023; `/` parts rows. The last of the broken rows breaks the rule.
TABLE: Final = """
R01 | amk       | t_anrop=12:00 t_varsling=12:01           | t_anrop=12:02 t_varsling=12:00:59
R01 | amk       | t_anrop=12:00 t_varsling=11:59           | t_anrop=12:00 t_varsling=11:58:59
R01 | amk       | t_anrop=12:00 t_fremme=12:09             | t_anrop=12:09 t_fremme=12:00
R01 | ambulance | t_fremme=12:00 t_hos_pasient=12:01       | t_fremme=12:05 t_hos_pasient=12:01
R01 | event     | t_rykker_ut=12:01 t_hos_pasient=12:00    | t_rykker_ut=12:02 t_hos_pasient=12:00
R02 | ambulance | t_stans=12:00 t_hlr_start=12:05          | t_stans=12:05 t_hlr_start=12:00
R02 | hospital  | t_stans=12:01 t_hlr_start=12:00          | t_stans=12:02 t_hlr_start=12:00
R02.shock | hospital | t_hlr_start=12:00 t_sjokk1=12:02    | t_hlr_start=12:02 t_sjokk1=12:00
R03 | ambulance | bevitnet=2 t_fremme=12:00 t_stans=12:09  | bevitnet=2 t_fremme=12:09 t_stans=12:00
R03 | event     | bevitnet=1 t_stans=12:00 t_anrop=12:03   | bevitnet=1 t_stans=12:09 t_anrop=12:03
R03 | event     | bevitnet=0 t_stans=12:00 t_anrop=12:03   | bevitnet=0 t_stans=12:09 t_anrop=12:03
R03 | event     | bevitnet=2 t_fremme=12:00 t_stans=12:09  | bevitnet=2 t_fremme=12:09 t_stans=12:00
R04 | hospital  | t_hlr_start=12:00 t_rosc=12:09           | t_hlr_start=12:09 t_rosc=12:00
R04 | ambulance | status_overlevering=1 t_rosc=12:00 t_sykehus=12:30 | status_overlevering=1 t_rosc=12:40 t_sykehus=12:30
R05 | ambulance | bevitnet=2 tilskuer_hlr=888              | bevitnet=2 tilskuer_hlr=1
R05 | ambulance | bevitnet=1 tilskuer_hlr=1 / bevitnet=2 aed_tilkoblet=888 | bevitnet=2 aed_tilkoblet=0
R05 | ambulance | bevitnet=2 aed_sjokk=888                 | bevitnet=2 aed_sjokk=1
R05 | event     | bevitnet=2 / bevitnet=1 responstid_min=9 | bevitnet=2 responstid_min=9
R06 | ambulance | aed_sjokk=1 aed_tilkoblet=1 sjokk_gitt=1 | aed_sjokk=1 aed_tilkoblet=0 sjokk_gitt=1
R06 | ambulance | aed_sjokk=1 aed_tilkoblet=1 sjokk_gitt=1 | aed_sjokk=1 aed_tilkoblet=1 sjokk_gitt=0
R07 | ambulance | forste_rytme=4 sjokk_gitt=0              | forste_rytme=4 sjokk_gitt=1
R08 | ambulance | hlr_ems=0 aed_tilkoblet=0 forste_rytme=4 | hlr_ems=0 aed_tilkoblet=0 forste_rytme=1
R09 | hospital  | rosc_20=1 rosc_noen=1                    | rosc_20=1 rosc_noen=0
R09 | ambulance | t_rosc=12:09 rosc_noen=1                 | t_rosc=12:09 rosc_noen=0
R10 | ambulance | status_overlevering=1 rosc_20=1          | status_overlevering=1 rosc_20=0
R10 | ambulance | status_overlevering=2 transportert=1     | status_overlevering=2 transportert=0
R10 | ambulance | status_overlevering=3 transportert=0     | status_overlevering=3 transportert=1
R11 | event     | event_type=1 innlagt_intensiv=1 transportert=1 | event_type=1 innlagt_intensiv=1 transportert=0
R11 | hospital  | event_type=1 overlevd_24t=1 innlagt_intensiv=1 / event_type=2 overlevd_24t=1 innlagt_intensiv=0 | event_type=1 overlevd_24t=1 innlagt_intensiv=0
R11 | hospital  | overlevd_utskr=1 rosc_20=0 rosc_noen=0 ecpr=1 / overlevd_utskr=1 rosc_20=0 rosc_noen=1 ecpr=0 | overlevd_utskr=1 rosc_20=0 rosc_noen=0 ecpr=0
R12 | event     | event_day=2023-06-15 overlevd_30d=1 dodsdato=2023-07-15 | event_day=2023-06-15 overlevd_30d=1 dodsdato=2023-07-14
R12 | event     | event_day=2023-06-15 overlevd_30d=0 dodsdato=2023-07-15 | event_day=2023-06-15 overlevd_30d=0 dodsdato=2023-07-16
R12 | event     | t_stans=12:00 dodsdato=2023-06-15        | t_stans=12:00 dodsdato=2023-06-13
R13 | hospital  | overlevd_utskr=1 overlevd_30d=1          | overlevd_utskr=1 overlevd_30d=0
R14 | hospital  | overlevd_utskr=0 cpc_utskr=5 mrs_utskr=6 | overlevd_utskr=0 cpc_utskr=4 mrs_utskr=6
R14 | hospital  | overlevd_utskr=0 cpc_utskr=5 mrs_utskr=6 | overlevd_utskr=0 cpc_utskr=5 mrs_utskr=0
R14 | hospital  | overlevd_utskr=1 cpc_utskr=4 mrs_utskr=0 | overlevd_utskr=1 cpc_utskr=5 mrs_utskr=0
R14 | hospital  | overlevd_utskr=1 cpc_utskr=1 mrs_utskr=5 | overlevd_utskr=1 cpc_utskr=1 mrs_utskr=6
R15 | ambulance | hlr_ems=0 tilskuer_hlr=0 ikke_hlr_grunn=1 | hlr_ems=0 tilskuer_hlr=0 ikke_hlr_grunn=888
R15 | ambulance | hlr_ems=0 tilskuer_hlr=1 / hlr_ems=0 tilskuer_hlr=0 ikke_hlr_grunn=999 | hlr_ems=0 tilskuer_hlr=0
R15 | event     | hlr_ems=0 tilskuer_hlr=0 sjokk_gitt=0 hlr_utfort_av=0 ikke_hlr_grunn=1 inklusjonsregel=2 / hlr_ems=0 tilskuer_hlr=0 sjokk_gitt=1 hlr_utfort_av=0 ikke_hlr_grunn=1 inklusjonsregel=1 | hlr_ems=0 tilskuer_hlr=0 sjokk_gitt=0 hlr_utfort_av=0 ikke_hlr_grunn=1 inklusjonsregel=1
R16 | event     | event_day=2021-01-01 inklusjonsregel=2   | event_day=2020-12-31 inklusjonsregel=2
R16 | event     | event_day=2020-12-31 inklusjonsregel=1   | event_day=2021-01-01 inklusjonsregel=1
R17 | hospital  | event_type=2 sted=11 / event_type=1 sted=0 | event_type=2 sted=0
R17 | ambulance | sted=10 / sted=777                       | sted=11
R18 | event     | event_type=2 inklusjonsgrunn=5 kompresjon_over_30s=0 sjokk_gitt=1 | event_type=2 inklusjonsgrunn=5 kompresjon_over_30s=0 sjokk_gitt=0
R19 | hospital  | avbrutt_lege=1 avbrutt_grunn=2           | avbrutt_lege=1 avbrutt_grunn=888
R19 | hospital  | avbrutt_lege=1 avbrutt_grunn=999         | avbrutt_lege=1
R19 | hospital  | avbrutt_lege=0 avbrutt_grunn=888         | avbrutt_lege=0 avbrutt_grunn=3
R20 | event     | event_type=1 t_anrop=12:00 / event_type=2 | event_type=2 t_anrop=12:00
R20 | event     | event_type=1 responstid_min=9 / event_type=2 | event_type=2 responstid_min=9
R20 | event     | event_type=1 t_varsling=12:00 / event_type=2 | event_type=2 t_varsling=12:00
R20 | hospital  | event_type=2 t_stansteam=12:00 / event_type=1 | event_type=1 t_stansteam=12:00
R20 | hospital  | event_type=2 t_stansteam_fremme=12:00 / event_type=1 | event_type=1 t_stansteam_fremme=12:00
R21 | ambulance | alder=0 / alder=110 / alder=999          | alder=111
R21 | ambulance | alder=0                                  | alder=-1
R21 | hospital  | t_stans=12:00 fodselsdato=1950-06-15 alder=73 / t_stans=12:00 fodselsdato=1950-06-16 alder=73 / t_stans=12:00 fodselsdato=1950-06-15 alder=72 | t_stans=12:00 fodselsdato=1950-06-17 alder=73
R21 | event     | event_day=2023-06-15 fodselsdato=1950-06-14 alder=73 | event_day=2023-06-15 fodselsdato=1950-06-14 alder=72
R21.plausible | event | alder=105                          | alder=106
R22 | register  | fnr={man} fodselsdato=1950-06-15 kjonn=1 | fnr={man} fodselsdato=1951-06-15 kjonn=1
R22 | hospital  | fnr={woman} fodselsdato=1950-06-15 kjonn=2 | fnr={man} fodselsdato=1950-06-15 kjonn=2
R23 | ambulance | sjokk_gitt=1 antall_sjokk=2 / sjokk_gitt=1 antall_sjokk=999 | sjokk_gitt=1 antall_sjokk=0
R23 | ambulance | sjokk_gitt=0 antall_sjokk=0              | sjokk_gitt=0 antall_sjokk=1
R23 | hospital  | sjokk_gitt=1 t_sjokk1=12:00 / sjokk_gitt=0 | sjokk_gitt=0 t_sjokk1=12:00
R23.time | hospital | sjokk_gitt=1 t_sjokk1=12:00 / sjokk_gitt=0 | sjokk_gitt=1
R24 | ambulance | adrenalin_mg=2.5 iv_io=1 / adrenalin_mg=0 iv_io=0 | adrenalin_mg=2.5 iv_io=0
R25 | hospital  | arsak=2 ttm=0 angio_pci=1                | arsak=2 ttm=1 angio_pci=0
R25 | hospital  | arsak=11 ttm=1 angio_pci=2 / arsak=2 ttm=0 | arsak=2 ttm=0 angio_pci=2
R26 | ambulance | selvpaafort=1 arsak=3 / selvpaafort=1 arsak=999 | selvpaafort=1 arsak=11
R26 | hospital  | dgn_icd10=T75.1 arsak=4 / dgn_icd10=I21.9 arsak=11 | dgn_icd10=T75.1 arsak=12
R26 | hospital  | dgn_icd10=T75.4 arsak=5                  | dgn_icd10=T75.4 arsak=4
R26 | hospital  | dgn_icd10=T40.2 arsak=3                  | dgn_icd10=T40.2 arsak=11
R27 | amk       | t_anrop=2019-12-31T12:00 hendelseskommune=0101 / t_anrop=2020-01-01T00:05 hendelseskommune=0101 | t_anrop=2020-01-02T12:00 hendelseskommune=0101
R27 | event     | event_day=2024-01-01 hendelseskommune=5634 / event_day=2023-12-31 hendelseskommune=5634 | event_day=2023-12-30 hendelseskommune=5634
R27 | event     | event_day=2024-01-01 hendelseskommune=9999 | event_day=2024-01-01 hendelseskommune=0000
R27 | event     | t_stans=2019-06-15T12:00 hendelseskommune=0101 / t_anrop=2019-06-15T12:00 hendelseskommune=0101 | t_anrop=2023-06-15T12:00 hendelseskommune=0101
R27 | register  | bostedskommune=0101                      | bostedskommune=4099
R28 | hospital  | sykehus=821847052                        | sykehus=821847053
R28 | ambulance | amb_hf=893140832                         | amb_hf=893140833
R29 | event     | person_key=a event_type=1 t_stans=12:00 / person_key=a event_type=1 t_stans=13:00 / person_key=b event_type=1 t_stans=12:00 / person_key=a event_type=2 t_stans=12:10 / event_type=1 t_stans=12:00 / event_type=1 t_stans=12:00 | person_key=a event_type=1 t_stans=12:00 / person_key=a event_type=1 t_stans=12:59:59
R29 | ambulance | fnr={man} t_stans=12:00 / fnr={woman} t_stans=12:05 | fnr={man} t_stans=12:00 / fnr={man} t_stans=12:05
R29 | hospital  | fnr={man} event_type=2 t_stans=12:00     | fnr={man} event_type=2 t_stans=12:00 / fnr={man} event_type=2 t_stans=12:00
R30 | event     | responstid_min=0 / responstid_min=240    | responstid_min=241
R30 | event     | responstid_min=0                         | responstid_min=-1
R30 | amk       | t_anrop=12:00 t_fremme=16:00             | t_anrop=12:00 t_fremme=16:01
R30 | event     | t_anrop=12:00 t_fremme=12:09:59 responstid_min=9 | t_anrop=12:00 t_fremme=12:09:59 responstid_min=10
R30 | event     | t_anrop=12:00 t_fremme=12:09 responstid_min=9 | t_anrop=12:00 t_fremme=12:09 responstid_min=8
R30.plausible | event | responstid_min=1 / responstid_min=60 | responstid_min=61
R30.plausible | event | responstid_min=1                    | responstid_min=0
R31 | hospital  | rosc_20=1 overlevd_24t=1 overlevd_30d=0 / rosc_20=1 overlevd_24t=0 overlevd_30d=1 | rosc_20=1 overlevd_24t=0 overlevd_30d=1
R31 | ambulance | rosc_noen=1 rosc_20=0 / rosc_noen=0 rosc_20=1 / rosc_noen=999 rosc_20=1 | rosc_noen=0 rosc_20=1
R32 | amk       | t_anrop=2023-03-26T01:59:59 / t_anrop=2023-03-26T03:00 / t_anrop=2023-03-25T02:30 | t_anrop=2023-03-26T02:30
R32 | hospital  | t_stans=2024-03-24T02:30                 | t_stans=2024-03-31T02:00
R32.ambiguous | amk | t_anrop=2023-10-29T01:59:59 / t_anrop=2023-10-29T03:00 | t_anrop=2023-10-29T02:30
R32.ambiguous | event | t_anrop=2023-10-28T23:59:59 / t_anrop=2023-10-29T01:00 | t_anrop=2023-10-29T00:30
"""


@dataclass(frozen=True)
class Case:
    """Rows that keep a rule, and rows that break it.

    Attributes:
        rule: its id.
        form: what the rows are of.
        kept: rows as columns and text.
        broken: the same; the last of them breaks the rule.
    """

    rule: str
    form: Form
    kept: tuple[dict[str, str], ...]
    broken: tuple[dict[str, str], ...]

    def __str__(self) -> str:
        return f"{self.rule} {self.form}"


def cases() -> list[Case]:
    """Every line of the table."""
    found = []
    for line in TABLE.format(man=MAN, woman=WOMAN).strip().splitlines():
        rule, form, kept, broken = (part.strip() for part in line.split("|"))
        found.append(Case(rule, Form(form), _rows(kept), _rows(broken)))
    return found


def stacked(form: Form, codebook: Codebook) -> pl.DataFrame:
    """All rows of a form's cases, those that keep a rule before those that break it."""
    mine = [case for case in cases() if case.form is form]
    return table(tuple(r for case in mine for r in (*case.kept, *case.broken)), form, codebook)


def table(
    rows: tuple[dict[str, str], ...], form: Form, codebook: Codebook, *more: str
) -> pl.DataFrame:
    """Rows as a frame of a form; ``more`` columns are there without a value."""
    names = [*dict.fromkeys(name for row in rows for name in row), *more]
    if form is Form.EVENT and EVENT_KEY not in names:
        names.append(EVENT_KEY)
    return pl.DataFrame(
        [
            _column(name, [row.get(name) for row in rows], form, codebook)
            for name in dict.fromkeys(names)
        ]
    )


def _rows(text: str) -> tuple[dict[str, str], ...]:
    parts = [cell.split("=") for cell in text.split()]
    rows: list[dict[str, str]] = [{}]
    for part in parts:
        if part == ["/"]:
            rows.append({})
        else:
            rows[-1][part[0]] = part[1]
    return tuple(rows)


def _column(name: str, cells: list[str | None], form: Form, codebook: Codebook) -> pl.Series:
    if name in (PERSON_KEY, EVENT_KEY):
        return pl.Series(name, [c.encode() if c else None for c in cells], dtype=pl.Binary)
    kind = Type.DATE if name == "event_day" else codebook[name].type
    if kind is Type.DATETIME:
        moments = [dt.datetime.fromisoformat(_dated(c)) if c else None for c in cells]
        series = pl.Series(name, moments, dtype=pl.Datetime("us"))
        return series.dt.replace_time_zone("UTC") if form is Form.EVENT else series
    if kind is Type.DATE:
        days = [dt.date.fromisoformat(c) if c else None for c in cells]
        return pl.Series(name, days, dtype=pl.Date)
    if kind is Type.TEXT:
        return pl.Series(name, cells, dtype=pl.String)
    stored: Any = {Type.DECIMAL: pl.Float64, Type.CODE: pl.Int16, Type.INTEGER: pl.Int32}[kind]
    return pl.Series(name, cells, dtype=pl.String).cast(stored)


def _dated(cell: str) -> str:
    return cell if "T" in cell else f"2023-06-15T{cell}"
