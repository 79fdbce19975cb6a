"""The simulator: the same bytes for the same seed, nobody's numbers, and a register to believe in."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import hsr_privacy.synthesis
from hsr_privacy.codebook import Codebook, Source, Type, load_codebook
from hsr_privacy.configs import shipped
from hsr_privacy.errors import ConfigError, DataError, OutputExists
from hsr_privacy.identifiers import check_column
from hsr_privacy.registry import Deliveries, load_delivery_settings, read_deliveries
from hsr_privacy.synthesis import Parameters, load_parameters, synthesize_register
from hsr_privacy.synthesis.chance import Chance
from hsr_privacy.synthesis.forms import write_down
from hsr_privacy.synthesis.numbers import Share
from hsr_privacy.synthesis.register import Simulated, simulate

YES = 1
SHOCKABLE = (1, 2, 5)
P = load_parameters()
TOLD_TWICE = {"told_twice": 0.004, "delivered_though_excluded": 0.3}
SYNTHESIS = Path(hsr_privacy.synthesis.__file__).parent


def with_shares(changes: dict[str, float]) -> Parameters:
    """The shipped numbers, but for some shares."""
    shares = {name: Share(value=value, source="assumption") for name, value in changes.items()}
    return P.model_copy(update={"shares": P.shares.model_copy(update=shares)})


def synthesize(folder: Path, layout: Any = "csv", **changes: Any) -> Path:
    arguments = {
        "events": 3000, "first_year": 2013, "last_year": 2024, "seed": 5,
        "parameters": with_shares(TOLD_TWICE), **changes,
    }  # fmt: skip
    synthesize_register(folder, layout=layout, **arguments)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthesize(tmp_path_factory.mktemp("made") / "deliveries")


@pytest.fixture(scope="module")
def delivered(folder: Path, codebook: Codebook) -> Deliveries:
    return read_deliveries(folder, codebook=codebook, settings=load_delivery_settings())


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    chance = Chance(np.random.Generator(np.random.PCG64(3)))
    return simulate(60_000, first_year=2015, last_year=2019, chance=chance, p=P)


def digests(folder: Path) -> dict[str, str]:
    paths = [*folder.iterdir(), *folder.with_name(folder.name + "-truth").iterdir()]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_the_same_seed_gives_the_same_bytes_and_another_other_people(
    folder: Path, tmp_path: Path
) -> None:
    assert digests(synthesize(tmp_path / "again")) == digests(folder)
    other = digests(synthesize(tmp_path / "other", seed=6))
    assert not set(other.values()) & set(digests(folder).values())


@pytest.mark.parametrize("layout", ["mrs", "oqr", "parquet"])
def test_every_layout_says_the_same(
    layout: str, delivered: Deliveries, tmp_path: Path, codebook: Codebook
) -> None:
    folder = synthesize(tmp_path / layout, layout)
    read = read_deliveries(folder, codebook=codebook, settings=load_delivery_settings())
    assert {file.layout for file in read.files} == {layout}
    for form, table in delivered.tables.items():
        assert read.tables[form].equals(table), form


def test_the_oqr_dump_has_both_encodings(tmp_path: Path, codebook: Codebook) -> None:
    folder = synthesize(tmp_path / "oqr", "oqr")
    read = read_deliveries(folder, codebook=codebook, settings=load_delivery_settings())
    assert {file.encoding for file in read.files} == {"utf-8", "windows-1252"}


def test_the_forms_hold_what_the_codebook_asks_for(folder: Path, codebook: Codebook) -> None:
    for form in (Source.AMK, Source.AMBULANCE, Source.HOSPITAL, Source.REGISTER):
        table = pl.read_csv(folder / f"{form}.csv", infer_schema=False)
        assert table.columns == [variable.name for variable in codebook.delivered_by(form)]
        for variable in codebook.delivered_by(form):
            if variable.type is Type.CODE and variable.name not in ("gravid", "ecpr"):
                assert table[variable.name].null_count() < table.height, variable.name


def test_every_identifier_is_of_the_synthetic_series(delivered: Deliveries) -> None:
    for form in (Source.AMBULANCE, Source.HOSPITAL, Source.REGISTER):
        numbers = delivered.tables[form]["fnr"].drop_nulls()
        check = check_column(numbers, profile="test-skatt")
        assert (check.invalid, check.valid) == (0, len(numbers))
        assert check_column(numbers, profile="production").valid == 0
        months = numbers.str.slice(2, 2).cast(pl.Int32)
        assert months.min() == 81
        assert months.max() == 92


def test_all_that_was_planted_stands_in_the_list(folder: Path, delivered: Deliveries) -> None:
    truth = folder.with_name(folder.name + "-truth")
    planted = json.loads((truth / "planted.json").read_text(encoding="utf-8"))
    raw = {
        form: pl.read_csv(folder / f"{form}.csv", infer_schema=False)
        for form in ("amk", "ambulance", "hospital", "register")
    }
    assert set(raw["ambulance"]["fnr"].drop_nulls()) <= set(planted["identifiers"])
    assert set(raw["register"]["tidligere_fnr"].drop_nulls()) <= set(planted["identifiers"])
    assert set(raw["hospital"]["navn"].drop_nulls()) - {"Ukjent"} <= set(planted["names"])
    assert set(raw["amk"]["telefon_innringer"].drop_nulls()) <= set(planted["phones"])
    assert set(raw["amk"]["adresse_hendelse"].drop_nulls()) <= set(planted["addresses"])
    comments = raw["ambulance"]["fritekst_kommentar"].drop_nulls()
    assert comments.str.contains(r"[0-9]{11}").sum() > 10
    assert delivered.files


def test_what_is_hard_about_a_register_occurs(delivered: Deliveries) -> None:
    ambulance = delivered.tables[Source.AMBULANCE]
    hospital = delivered.tables[Source.HOSPITAL]
    register = delivered.tables[Source.REGISTER]
    assert ambulance["fnr"].null_count() > 10  # nobody knows who it is
    assert register["tidligere_fnr"].drop_nulls().len() > 5
    assert ambulance["amb_oppdragsnr"].str.ends_with("-2").any()  # told twice
    assert register["reservasjon"].sum() > 0
    assert (hospital["avbrutt_lege"] == YES).sum() > 10
    inside = hospital.filter(pl.col("event_type") == 2)
    early = inside.filter(pl.col("t_rosc") < pl.col("t_stansteam_fremme"))
    assert set(early["kompresjon_over_30s"].unique()) >= {0, 1}
    untreated = ambulance.filter((pl.col("hlr_ems") == 0) & (pl.col("tilskuer_hlr") == 0))
    assert set(untreated["t_stans"].dt.year().unique()) >= {2019, 2023}
    both = ambulance.join(inside, on="fnr", how="semi")
    assert both.height > 5  # outside, then inside


def test_the_traps_are_counted_as_they_stand_in_the_forms(
    folder: Path, delivered: Deliveries
) -> None:
    truth = folder.with_name(folder.name + "-truth")
    traps = json.loads((truth / "traps.json").read_text(encoding="utf-8"))
    ambulance, hospital = delivered.tables[Source.AMBULANCE], delivered.tables[Source.HOSPITAL]
    register = delivered.tables[Source.REGISTER]
    once = ambulance.filter(~pl.col("amb_oppdragsnr").str.ends_with("-2"))
    untreated = once.filter((pl.col("hlr_ems") == 0) & (pl.col("tilskuer_hlr") == 0))
    early = hospital.filter(pl.col("t_rosc") < pl.col("t_stansteam_fremme"))
    counts = (pl.col("kompresjon_over_30s") == YES) | (pl.col("sjokk_gitt") == YES)
    calls = delivered.tables[Source.AMK]["amk_sentral"].unique()
    told = {
        "outside, not resuscitated, before 2021": (untreated["t_stans"].dt.year() < 2021).sum(),
        "outside, not resuscitated, since 2021": (untreated["t_stans"].dt.year() >= 2021).sum(),
        "inside, circulation before the team, counts": early.filter(counts).height,
        "inside, circulation before the team, counts not": early.filter(~counts).height,
        "inside, stopped on a doctor's assessment": (hospital["avbrutt_lege"] == YES).sum(),
        "persons who reserved themselves": register["reservasjon"].sum(),
        "persons whose D-number was replaced": register["tidligere_fnr"]
        .str.contains("^[4-7]")
        .sum(),
        "told twice by the ambulance": ambulance.height - once.height,
        "central offices that deliver nothing": once["amk_sentral"].n_unique() - len(calls),
    }
    assert {name: traps[name] for name in told} == told


def test_every_trap_is_set_in_a_register_of_twenty_thousand() -> None:
    p = with_shares(TOLD_TWICE)
    chance = Chance(np.random.Generator(np.random.PCG64(1)))
    made = simulate(20_000, first_year=2013, last_year=2024, chance=chance, p=p)
    forms = write_down(made, codebook=load_codebook(), chance=chance, p=p)
    assert len(forms.traps) == 19
    assert {name for name, count in forms.traps.items() if count < 1} == set()
    inside = forms.tables[Source.HOSPITAL].filter(pl.col("event_type") == 2)
    assert inside["t_stans"].dt.year().min() == 2015
    outside, persons = int(made.outside.sum()), len(np.unique(made.person))
    strangers = ("persons whom nobody identified", "persons whom only a hospital identified")
    rates = {
        "told_twice": (forms.traps["told twice by the ambulance"], outside),
        "unidentified": (sum(forms.traps[name] for name in strangers), outside),
        "reserved": (forms.traps["persons who reserved themselves"], persons),
        "restricted": (forms.traps["persons who are restricted"], persons),
        "deleted": (forms.traps["persons who are deleted"], persons),
        "stopped_by_doctor": (
            forms.traps["inside, stopped on a doctor's assessment"],
            20_000 - outside,
        ),
    }
    for name, (count, among) in rates.items():
        share = p.share(name)
        assert abs(count / among - share) <= 3 * np.sqrt(share * (1 - share) / among), name


def test_every_number_is_one_that_the_simulator_reads() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in SYNTHESIS.glob("*.py"))
    read = set(re.findall(r'"(\w+)"', code)) | set(re.findall(r"\.(\w+)", code))
    groups = (P.shares, P.waits, P.spans, P.odds, P.factors, P.measures, P.choices)
    written = {name for group in groups for name in type(group).model_fields}
    assert len(written) > 100
    assert written - read == set()


def test_choices_hold_codes_of_the_codebook(codebook: Codebook) -> None:
    lists = {
        "cause_child": "arsak", "cause_young": "arsak", "cause_adult": "arsak", "cause_old": "arsak",
        "place_trauma": "sted", "place_drowning": "sted", "no_cpr_reason_if_seen": "ikke_hlr_grunn",
        "cause_inside": "arsak", "place_not_home": "sted",
        "place_inside": "sted", "bystander_way": "tilskuer_hlr", "bystander_who": "hlr_utfort_av",
        "staff_who": "hlr_utfort_av", "first_responder": "forsteresponder",
        "physician": "lege_prehosp", "urgency": "hastegrad", "shockable_rhythm": "forste_rytme",
        "other_rhythm": "forste_rytme", "no_cpr_reason": "ikke_hlr_grunn",
        "stopped_reason": "avbrutt_grunn", "airway": "luftvei", "access": "iv_io",
        "implant": "implantat", "function_before": "funksjon_for",
        "angiography_if_infarct": "angio_pci", "angiography_else": "angio_pci",
        "cpc_good": "cpc_utskr", "cpc_poor": "cpc_utskr", "mrs_if_cpc_1": "mrs_utskr",
        "mrs_if_cpc_2": "mrs_utskr", "consent": "samtykke", "civil_status_young": "sivilstand", "civil_status_adult": "sivilstand",
        "civil_status_old": "sivilstand",
    }  # fmt: skip
    assert set(lists) == set(type(P.choices).model_fields)
    for name, variable in lists.items():
        allowed = {code.code for code in codebook.codes(codebook[variable])}
        assert set(P.choice(name)) <= allowed, name


def test_some_have_a_d_number_and_some_of_them_get_another_number_later() -> None:
    chance = Chance(np.random.Generator(np.random.PCG64(1)))
    made = simulate(20_000, first_year=2013, last_year=2024, chance=chance, p=P)
    tables = write_down(made, codebook=load_codebook(), chance=chance, p=P).tables
    register = tables[Source.REGISTER]
    is_d = pl.col("fnr").str.slice(0, 1).cast(pl.Int32) >= 4
    share = P.share("d_number") * (1 - P.share("d_number_replaced"))
    found = register.select(is_d).to_series().mean()
    assert found == pytest.approx(share, abs=3 * np.sqrt(share / register.height))
    replaced = register.filter(pl.col("tidligere_fnr").str.contains("^[4-7]"))
    assert replaced.filter(is_d).height == 0
    assert (replaced["tidligere_fnr"].str.slice(0, 1).cast(pl.Int32) >= 4).all()
    told = set(tables[Source.AMBULANCE]["fnr"]) | set(tables[Source.HOSPITAL]["fnr"])
    assert set(replaced["tidligere_fnr"]) & told  # before the change
    assert set(replaced["fnr"]) & told  # and after it


def test_nothing_inside_hospital_is_told_before_2015() -> None:
    chance = Chance(np.random.Generator(np.random.PCG64(4)))
    made = simulate(4000, first_year=2013, last_year=2014, chance=chance, p=P)
    assert made.outside.all()
    assert set(made.year.tolist()) == {2013, 2014}


def test_who_is_identified_in_hospital_only_is_found_by_the_mission_number() -> None:
    chance = Chance(np.random.Generator(np.random.PCG64(1)))
    made = simulate(20_000, first_year=2018, last_year=2020, chance=chance, p=P)
    tables = write_down(made, codebook=load_codebook(), chance=chance, p=P).tables
    strangers = tables[Source.AMBULANCE].filter(pl.col("fnr").is_null())
    assert set(strangers["navn"]) == {"Ukjent"}
    assert strangers["fodselsdato"].null_count() == strangers.height
    assert (strangers["alder"] % 5 == 0).all()  # a guess
    nearly = strangers.join(tables[Source.HOSPITAL], on="amb_oppdragsnr", suffix="_there").filter(
        (pl.col("t_stans") - pl.col("t_stans_there")).abs() < pl.duration(minutes=1)
    )
    assert nearly.height > 10
    # The hospital gave them help numbers; the register knows those of whom it found out.
    register = tables[Source.REGISTER]
    named = nearly.filter(pl.col("navn_there") != "Ukjent")
    assert 0 < named.height < nearly.height
    assert set(named["fnr_there"]) <= set(register["tidligere_fnr"])
    unnamed = set(nearly.filter(pl.col("navn_there") == "Ukjent")["fnr_there"])
    assert unnamed.isdisjoint([*register["fnr"], *register["tidligere_fnr"].drop_nulls()])


def test_municipalities_are_those_of_the_year(delivered: Deliveries) -> None:
    calls = delivered.tables[Source.AMK].with_columns(pl.col("t_anrop").dt.year().alias("year"))
    by_year = {year: set(part["hendelseskommune"]) for (year,), part in calls.group_by("year")}
    assert by_year[2016] & {"0219", "1201", "1601"}  # Bærum, Bergen, Trondheim of their time
    assert not by_year[2016] & {"3024", "4601", "3201"}
    assert by_year[2021] & {"3024", "4601"}
    assert not by_year[2021] & {"0219", "1201", "3201"}


@pytest.mark.parametrize(
    ("what", "published", "rounding"),
    [
        ("witnessed by the ambulance, 2014", 168 / 1506, 0.0005),
        ("at home, 2016", 0.60, 0.005),
        ("resuscitation attempted, 2015-19", 13_704 / 16_406, 0.0005),
        ("resuscitation before the ambulance, 2017", 0.84, 0.005),
        ("AED attached before the ambulance, 2017", 0.13, 0.005),
        ("reached within nine minutes, 2016", 0.50, 0.005),
        ("circulation, treated outside, 2015", 0.32, 0.005),
        ("arrives with circulation, treated outside, 2015-19", 0.29, 0.005),
        ("transported, treated outside, 2015-19", 0.37, 0.005),
        ("alive after 30 days, treated outside, 2017", 0.14, 0.005),
        ("alive after 30 days, treated outside, 2015-19", 0.15, 0.005),
        ("good function in survivors, 2016", 0.85, 0.005),
    ],
)
def test_published_figures_are_met_within_chance(
    simulated: Simulated, what: str, published: float, rounding: float
) -> None:
    a, outside = simulated.arrests, simulated.outside
    treated = outside & a.attempted
    helpable = treated & (a.witnessed != 2)
    helped = np.isin(a.bystander_cpr, (1, 2, 3))
    in_2017 = simulated.year == 2017
    within_nine = a.arrive - a.call <= 9 * 60
    shares = {
        "witnessed by the ambulance, 2014": (a.witnessed == 2, outside),
        "at home, 2016": (a.place == 0, outside),
        "resuscitation attempted, 2015-19": (a.attempted, outside),
        "resuscitation before the ambulance, 2017": (helped, helpable & in_2017),
        "AED attached before the ambulance, 2017": (a.aed == YES, helpable & in_2017),
        "reached within nine minutes, 2016": (within_nine, outside & (a.witnessed != 2)),
        "circulation, treated outside, 2015": (a.rosc, treated),
        "arrives with circulation, treated outside, 2015-19": (a.arrives, treated),
        "transported, treated outside, 2015-19": (a.transported, treated),
        "alive after 30 days, treated outside, 2017": (a.alive_30d, treated & in_2017),
        "alive after 30 days, treated outside, 2015-19": (a.alive_30d, treated),
        "good function in survivors, 2016": (
            a.good_function,
            treated & a.alive_30d & (simulated.year == 2016),
        ),
    }
    hit, among = shares[what]
    found, count = float(hit[among].mean()), int(among.sum())
    error = np.sqrt(published * (1 - published) / count)
    # The rounding is half of the last digit that is printed.
    assert abs(found - published) <= 3 * error + rounding, f"{what}: {found:.3f}"


def test_median_response_and_age_are_those_of_the_country(simulated: Simulated) -> None:
    a, outside = simulated.arrests, simulated.outside
    response = (a.arrive - a.call)[outside] / 60
    assert np.median(response) == pytest.approx(9, abs=0.5)
    assert 66 <= np.median(simulated.age[outside]) <= 73
    shockable = np.isin(a.rhythm[outside & a.attempted], SHOCKABLE)
    assert 0.22 <= shockable.mean() <= 0.30


def test_what_helps_a_patient_helps_and_waiting_does_not(simulated: Simulated) -> None:
    a = simulated.arrests
    among = simulated.outside & a.attempted & (a.witnessed != 2)
    minutes = (a.arrive - a.call) / 60
    better_and_worse = {
        "a shockable rhythm": (np.isin(a.rhythm, SHOCKABLE), ~np.isin(a.rhythm, SHOCKABLE)),
        "a witness": (a.witnessed == 1, a.witnessed == 0),
        "bystanders who began": (np.isin(a.bystander_cpr, (1, 2, 3)), a.bystander_cpr == 0),
        "a quick ambulance": (minutes <= 10, minutes > 10),
        "fewer years": (simulated.age < 60, simulated.age >= 80),
    }
    for what, (better, worse) in better_and_worse.items():
        lived = [a.alive_30d[among & some].mean() for some in (better, worse)]
        assert lived[0] > 1.2 * lived[1], what


def test_survival_only_ever_falls(simulated: Simulated) -> None:
    a = simulated.arrests
    assert not (a.alive_30d & ~a.alive_24h).any()
    assert not (a.alive_24h & ~a.rosc).any()
    assert a.rosc.sum() >= a.admitted.sum() >= a.alive_24h.sum() >= a.alive_30d.sum()


@pytest.mark.parametrize(
    "wrong",
    [
        {"events": 0},
        {"first_year": 2012},
        {"first_year": 2020, "last_year": 2019},
        {"last_year": 2031},
        {"seed": -1},
    ],
)
def test_arguments_that_mean_nothing(wrong: dict[str, int], tmp_path: Path) -> None:
    with pytest.raises(DataError):
        synthesize(tmp_path / "x", **wrong)
    assert list(tmp_path.iterdir()) == []


def test_a_layout_that_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="give one of: mrs, oqr, csv, parquet"):
        synthesize(tmp_path / "x", "xlsx")


def test_one_event_is_a_register(tmp_path: Path, codebook: Codebook) -> None:
    folder = synthesize(tmp_path / "one", events=1)
    read = read_deliveries(folder, codebook=codebook, settings=load_delivery_settings())
    assert sum(table.height for table in read.tables.values()) >= 1


def test_nothing_is_overwritten(folder: Path) -> None:
    before = digests(folder)
    with pytest.raises(OutputExists):
        synthesize(folder)
    assert digests(folder) == before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{2015: 0.08, 2016", "{2015: 1.08, 2016", "coverage.inside.by_year"),
        ("{2013: 44, 2014: 44, 2015", "{2014: 44, 2015", "says nothing of 2013"),
        ("at_home: {value: 0.60", "at_home: {by_year: {2014: 0.6}", "'by_year' says nothing of 2013"),
        ("at_home: {value: 0.60,", "at_home: {", "needs either 'value' or 'by_year'"),
        ("source: nhr-2017\n", "source: nhr-2107\n", "did you mean 'nhr-2017'?"),
        ("  at_home: {value: 0.60,", "  at_home: {value: 1.60,", "shares.at_home.value"),
        ("  man_inside:", "  man_insde:", "unknown key; did you mean 'man_inside'?"),
        ("0.62, source: assumption}", "0.62}", "'source' is missing"),
        ("{minutes: 9, spread: 0.55,", "{minutes: -9, spread: 0.55,", "waits.response.minutes"),
        ("{1: 0.7, 2: 0.3}", "{1: 0.7, 2: 0.4}", "the shares add up to 1.1, not to 1"),
        ("{first: 20, last: 100,", "{first: 120, last: 100,", "'first' is above 'last'"),
    ],
)  # fmt: skip
def test_faults_of_the_numbers_have_lines(old: str, new: str, told: str, tmp_path: Path) -> None:
    text = shipped("synthetic", "utstein.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "utstein.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(ConfigError) as caught:
        load_parameters(path)
    assert told in str(caught.value)
    assert f"{path}:{line}:" in str(caught.value)


def test_a_large_register_has_no_impossible_number_of_shocks() -> None:
    chance = Chance(np.random.Generator(np.random.PCG64(1)))
    arrests = simulate(1_000_000, first_year=2013, last_year=2024, chance=chance, p=P).arrests
    assert arrests.shocks.min() == 0
    assert arrests.shocks.max() <= 40
