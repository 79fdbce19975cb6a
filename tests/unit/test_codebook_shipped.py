"""The shipped codebook holds every variable of the register, in both languages."""

from __future__ import annotations

import re

import pytest

from hsr_privacy import load_codebook, load_hierarchies
from hsr_privacy.codebook import (
    Codebook,
    CodeList,
    EventType,
    Role,
    Source,
    Treatment,
    Type,
    Variable,
)

CODEBOOK: Codebook = load_codebook(hierarchies=load_hierarchies())
BY_NAME = {variable.name: variable for variable in CODEBOOK}

REGISTER = [
    "fnr",
    "duf_nr",
    "navn",
    "adresse_hendelse",
    "koordinat_ost",
    "koordinat_nord",
    "telefon_innringer",
    "amis_hendelsesnr",
    "amb_oppdragsnr",
    "opphold_id",
    "hpr_nr",
    "fritekst_kommentar",
    "person_lnr",
    "event_lnr",
    "event_type",
    "inklusjonsregel",
    "inklusjonsgrunn",
    "fodselsdato",
    "alder",
    "kjonn",
    "bostedskommune",
    "hendelseskommune",
    "sentralitet",
    "statsborgerskap",
    "sivilstand",
    "amk_sentral",
    "amb_hf",
    "amb_stasjon",
    "sykehus",
    "avdeling",
    "stans_kjent",
    "t_stans",
    "t_anrop",
    "t_varsling",
    "t_rykker_ut",
    "t_fremme",
    "t_hos_pasient",
    "t_hlr_start",
    "t_sjokk1",
    "t_adrenalin1",
    "t_rosc",
    "t_slutt",
    "t_sykehus",
    "t_stansteam",
    "t_stansteam_fremme",
    "responstid_min",
    "hendelse_aar",
    "ukedag",
    "dogndel",
    "sted",
    "bevitnet",
    "overvaaket",
    "amk_gjenkjent",
    "t_gjenkjent",
    "amk_hlr_veiledning",
    "hastegrad",
    "forsteresponder",
    "tilskuer_hlr",
    "hlr_utfort_av",
    "aed_tilkoblet",
    "aed_sjokk",
    "hlr_ems",
    "ikke_hlr_grunn",
    "avbrutt_lege",
    "avbrutt_grunn",
    "arsak",
    "selvpaafort",
    "komorbiditet_hjerteinfarkt",
    "komorbiditet_hjertesvikt",
    "komorbiditet_diabetes",
    "komorbiditet_kreft",
    "komorbiditet_kols",
    "komorbiditet_nyresvikt",
    "komorbiditet_slag",
    "komorbiditet_hypertensjon",
    "komorbiditet_demens",
    "komorbiditet_rus",
    "funksjon_for",
    "implantat",
    "gravid",
    "forste_rytme",
    "sjokk_gitt",
    "antall_sjokk",
    "luftvei",
    "mek_kompresjon",
    "iv_io",
    "adrenalin_mg",
    "amiodaron",
    "ecpr",
    "lege_prehosp",
    "rosc_noen",
    "rosc_20",
    "status_overlevering",
    "transportert",
    "innlagt_intensiv",
    "ekg_stemi",
    "angio_pci",
    "ttm",
    "ph",
    "laktat",
    "dgn_icd10",
    "behandling_avsluttet",
    "overlevd_24t",
    "dato_utskrevet",
    "liggetid",
    "overlevd_utskr",
    "overlevd_30d",
    "cpc_utskr",
    "mrs_utskr",
    "dodsdato",
    "dodsarsak",
    "reservasjon",
    "samtykke",
    "sperret",
]
"""The proposed variable list of the register, composite rows split."""

BESIDES = {"tidligere_fnr", "slettet", "kompresjon_over_30s"}
"""What linkage, deletion and the rule for in-hospital inclusion need besides."""

DIRECT = {
    "fnr",
    "tidligere_fnr",
    "duf_nr",
    "navn",
    "adresse_hendelse",
    "koordinat_ost",
    "koordinat_nord",
    "telefon_innringer",
    "amis_hendelsesnr",
    "amb_oppdragsnr",
    "opphold_id",
    "hpr_nr",
    "fritekst_kommentar",
}


def test_every_variable_of_the_register_is_there_and_no_other() -> None:
    assert len(set(REGISTER)) == len(REGISTER)
    names = [variable.name for variable in CODEBOOK]
    assert sorted(names) == sorted({*REGISTER, *BESIDES})


@pytest.mark.parametrize("variable", CODEBOOK.variables, ids=lambda variable: variable.name)
def test_a_variable_is_described_in_both_languages(variable: Variable) -> None:
    texts = [variable.label.nb, variable.label.en]
    if variable.description is not None:
        texts += [variable.description.nb, variable.description.en]
    assert all(text and text == text.strip() for text in texts)
    assert variable.origin


@pytest.mark.parametrize("code_list", CODEBOOK.code_lists, ids=lambda one: one.name)
def test_a_code_is_told_in_both_languages_and_no_two_read_alike(code_list: CodeList) -> None:
    codes = code_list.codes
    for language in ("nb", "en"):
        texts = [getattr(code, language) for code in codes]
        assert all(texts)
        assert len(set(texts)) == len(texts)
    assert all(code.code in {777, 888, 998, 999} for code in codes if code.code >= 100)


def test_every_code_list_is_used() -> None:
    used = {variable.code_list for variable in CODEBOOK}
    assert {code_list.name for code_list in CODEBOOK.code_lists} <= used


def test_direct_identifiers_are_what_they_are_and_are_never_kept() -> None:
    assert set(CODEBOOK.names([Role.DIRECT_IDENTIFIER])) == DIRECT
    for name in DIRECT:
        assert BY_NAME[name].treatment is Treatment.DROP
        assert BY_NAME[name].identification_degree == 5
        assert BY_NAME[name].hierarchy is None


def test_quasi_identifiers_are_never_kept_as_they_are() -> None:
    for name in CODEBOOK.names([Role.QUASI_IDENTIFIER]):
        assert BY_NAME[name].treatment in {
            Treatment.GENERALIZE,
            Treatment.MINUTES,
            Treatment.DROP,
        }
        assert BY_NAME[name].identification_degree >= 3


def test_clock_times_leave_as_minutes() -> None:
    times = [variable for variable in CODEBOOK if variable.type is Type.DATETIME]
    assert len(times) == 14
    assert {variable.treatment for variable in times} == {Treatment.MINUTES}


def test_a_date_of_birth_or_death_is_dropped() -> None:
    dates = {variable.name for variable in CODEBOOK if variable.type is Type.DATE}
    assert dates == {"fodselsdato", "dato_utskrevet", "dodsdato"}
    assert {BY_NAME[name].treatment for name in dates} == {Treatment.DROP}


def test_what_a_person_has_chosen_only_decides_who_is_in() -> None:
    gates = {variable.name for variable in CODEBOOK if variable.treatment is Treatment.GATE}
    assert gates == {"reservasjon", "samtykke", "sperret", "slettet"}
    assert {BY_NAME[name].sources for name in gates} == {(Source.REGISTER,)}


def test_pseudonyms_are_the_two_running_numbers() -> None:
    pseudonyms = {v.name for v in CODEBOOK if v.treatment is Treatment.PSEUDONYM}
    assert pseudonyms == {"person_lnr", "event_lnr"}
    assert {BY_NAME[name].sources for name in pseudonyms} == {(Source.DERIVED,)}


def test_text_keeps_leading_zeros() -> None:
    for name in ("bostedskommune", "hendelseskommune", "sykehus", "amb_hf", "dgn_icd10"):
        assert BY_NAME[name].type is Type.TEXT
    pattern = BY_NAME["bostedskommune"].pattern
    assert pattern is not None
    assert re.fullmatch(pattern, "0301")
    assert not re.fullmatch(pattern, "301")


def test_the_sources_that_link_deliver_what_links() -> None:
    assert BY_NAME["fnr"].sources == (Source.AMBULANCE, Source.HOSPITAL, Source.REGISTER)
    for form, names in {
        Source.AMK: {"amis_hendelsesnr", "amk_sentral", "t_anrop"},
        Source.AMBULANCE: {"amis_hendelsesnr", "amk_sentral", "amb_oppdragsnr", "fnr"},
        Source.HOSPITAL: {"amb_oppdragsnr", "opphold_id", "fnr", "event_type"},
        Source.REGISTER: {"fnr", "tidligere_fnr", "reservasjon", "slettet", "dodsdato"},
    }.items():
        assert names <= {variable.name for variable in CODEBOOK.delivered_by(form)}
    assert "fnr" not in {variable.name for variable in CODEBOOK.delivered_by(Source.AMK)}


def test_in_hospital_arrests_have_no_emergency_call() -> None:
    for name in ("t_anrop", "t_varsling", "responstid_min"):
        assert BY_NAME[name].event_types == (EventType.OHCA,)
    for name in ("t_stansteam", "t_stansteam_fremme"):
        assert BY_NAME[name].event_types == (EventType.IHCA,)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("kjonn", [1, 2, 999]),
        ("event_type", [1, 2]),
        ("bevitnet", [0, 1, 2, 999]),
        ("tilskuer_hlr", [0, 1, 2, 3, 888, 999]),
        ("forste_rytme", [1, 2, 3, 4, 5, 6, 7, 8, 999]),
        ("status_overlevering", [1, 2, 3, 4]),
        ("sentralitet", [1, 2, 3, 4, 5, 6]),
        ("luftvei", [0, 1, 2, 3, 4]),
        ("selvpaafort", [0, 1, 999]),
        ("aed_sjokk", [0, 1, 888, 999]),
    ],
)
def test_codes_are_those_of_the_list(name: str, codes: list[int]) -> None:
    held = {code.code for code in CODEBOOK.codes(BY_NAME[name])} | set(BY_NAME[name].missing)
    assert set(codes) <= held
    assert held - set(codes) <= {888, 998, 999}


def test_a_codebook_is_asked_by_name() -> None:
    assert "alder" in CODEBOOK
    assert "age" not in CODEBOOK
    assert CODEBOOK["alder"].unit == "år"
    assert CODEBOOK.codes(CODEBOOK["alder"]) == ()
    with pytest.raises(KeyError):
        CODEBOOK["age"]
