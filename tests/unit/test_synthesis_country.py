"""The simulated country: trusts as large as they are, who tells from when, and one life per person."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from hsr_privacy.codebook import Source, load_codebook
from hsr_privacy.configs import shipped
from hsr_privacy.errors import ConfigError
from hsr_privacy.synthesis import load_parameters
from hsr_privacy.synthesis.afterwards import one_death
from hsr_privacy.synthesis.arrests import NEVER
from hsr_privacy.synthesis.chance import Chance
from hsr_privacy.synthesis.forms import Forms, write_down
from hsr_privacy.synthesis.moments import clocks_move
from hsr_privacy.synthesis.register import Simulated, dumped_on, simulate
from hsr_privacy.synthesis.telling import who_tells

P = load_parameters()
c = pl.col
# Persons of 2015 as the register's report of that year prints them, and municipalities moved since.
PRINTED = {
    "983974899": 191_994, "983974910": 135_106, "983974929": 77_033, "983974791": 139_555,
    "883974832": 310_904, "997005562": 262_481, "983974724": 441_976, "983974694": 180_146,
}  # fmt: skip


def chance(seed: int) -> Chance:
    return Chance(np.random.Generator(np.random.PCG64(seed)))


@pytest.fixture(scope="module")
def made() -> Simulated:
    return simulate(40_000, first_year=2013, last_year=2025, chance=chance(6), p=P)


@pytest.fixture(scope="module")
def forms(made: Simulated) -> Forms:
    return write_down(made, codebook=load_codebook(), chance=chance(7), p=P)


def table(name: str) -> pl.DataFrame:
    path = shipped("configs", "hierarchies") / f"{name}.csv"
    return pl.read_csv(path, separator=";", infer_schema=False)


def test_every_municipality_belongs_to_hospitals_that_exist() -> None:
    catchment, hospitals = table("catchment"), table("hospital")
    now = table("municipality").filter(
        (c("municipality") == c("municipality 2024"))
        & c("valid to").fill_null("").eq("")
        & c("municipality").str.contains("^[0-9]{4}$")
    )
    assert set(catchment["municipality"]) == set(now["municipality"])
    parts = catchment.group_by("municipality").agg(c("share").cast(pl.Float64).sum())
    assert parts["share"].to_list() == pytest.approx([1.0] * parts.height)
    assert set(catchment["hospital"]) <= set(hospitals["hospital"])
    assert set(catchment["trust"]) <= set(table("trust")["health trust"])
    assert set(catchment["centre"]) == set(table("amk_centre")["centre"])
    one_trust = catchment.group_by("municipality").agg(c("trust").n_unique())
    assert one_trust["trust"].to_list() == [1] * one_trust.height
    # Only in cities do people go to a hospital of another owner than their ambulance's.
    crossing = catchment.join(hospitals, on="hospital").filter(c("trust") != c("trust number"))
    assert set(crossing["name"]) == {"Oslo", "Bergen"}


def test_trusts_are_as_large_as_they_are(made: Simulated) -> None:
    places = made.places
    living = dict(
        zip(
            places.trusts.tolist(),
            np.bincount(places.trust, weights=places.persons).tolist(),
            strict=True,
        )
    )
    assert len(living) == 19
    assert sum(living.values()) == pytest.approx(5_425_270, abs=1)
    for trust, printed in PRINTED.items():
        assert 0.95 <= living[trust] / printed <= 1.10, trust


def test_incidence_of_every_trust_lies_in_the_published_range() -> None:
    many = simulate(60_000, first_year=2017, last_year=2017, chance=chance(1), p=P)
    places, outside = many.places, many.outside
    arrests = np.bincount(places.trust[many.area[outside]], minlength=19)
    living = np.bincount(places.trust, weights=places.persons)
    country = arrests.sum() / living.sum()
    incidence = 60 * arrests / living / country
    assert incidence.min() >= 40
    assert incidence.max() <= 73
    assert incidence.max() - incidence.min() > 10


def test_no_trust_tells_before_it_joined(made: Simulated, forms: Forms) -> None:
    told = forms.tables[Source.AMBULANCE].group_by("amb_hf").agg(c("t_stans").min())
    first = dict(told.iter_rows())
    for trust, since in P.coverage.outside.trusts.items():
        year, part = int(since), since % 1
        begin = np.datetime64(f"{year}-01-01") + np.timedelta64(int(part * 365), "D")
        # A day that is moved away from a change of clocks may come a week early.
        assert np.datetime64(first[trust]) >= begin - np.timedelta64(8, "D"), trust
    told_in = made.year[made.outside]
    delivering = [
        len(np.unique(made.places.trust[made.area[made.outside]][told_in == y]))
        for y in range(2013, 2017)
    ]
    assert delivering == [8, 13, 17, 19]


def test_hospitals_join_one_by_one(made: Simulated) -> None:
    inside = ~made.outside
    hospital = made.places.hospital[made.area[inside]]
    year = made.year[inside]
    telling = who_tells(made.places, 2013, 2025, chance=chance(1), p=P)
    joined = [len(np.unique(made.places.hospital[telling.inside_from <= y])) for y in (2016, 2017)]
    assert joined == [6, 18]  # of 50: 7 of 54 and 18 of 52 were printed
    assert len(np.unique(hospital[year == 2015])) <= 4
    assert len(np.unique(hospital[year >= 2020])) == 50


def test_small_places_are_small(made: Simulated) -> None:
    arrests = np.bincount(made.places.group[made.area], minlength=len(made.places.name))
    assert (arrests < 10).sum() > 15
    assert arrests.max() > 2000  # Oslo


def test_no_clock_is_moved_where_an_arrest_is_told(made: Simulated, forms: Forms) -> None:
    assert not clocks_move(made.day).any()
    for form, told in forms.tables.items():
        for name, dtype in told.schema.items():
            if isinstance(dtype, pl.Datetime):
                days = told[name].drop_nulls()
                hours = days.filter(days.dt.hour().is_in([2, 3]))
                moved = clocks_move(hours.dt.date().to_numpy().astype("datetime64[D]"))
                assert not moved.any(), (form, name)


def test_a_day_of_moved_clocks_is_the_last_sunday_of_march_or_october() -> None:
    days = np.arange("2023-01-01", "2025-01-01", dtype="datetime64[D]")
    found = days[clocks_move(days)].astype(str).tolist()
    assert found == ["2023-03-26", "2023-10-29", "2024-03-31", "2024-10-27"]


def test_clocks_of_sources_differ_by_seconds_to_minutes_but_tell_no_nonsense(forms: Forms) -> None:
    both = forms.tables[Source.AMK].join(
        forms.tables[Source.AMBULANCE], on=("amk_sentral", "amis_hendelsesnr")
    )
    both = both.filter((c("t_rykker_ut") - c("t_rykker_ut_right")).abs() < pl.duration(hours=1))
    off = (c("t_fremme_right") - c("t_fremme")).dt.total_seconds()
    seconds = both.select(off.alias("off")).drop_nulls()["off"]
    off_by = np.abs(seconds.to_numpy())
    assert 5 <= np.median(off_by) <= 60
    assert 90 < off_by.max() <= 180
    minute = pl.duration(seconds=60)
    assert both.filter(c("t_fremme") > c("t_hos_pasient") + minute).height == 0
    assert both.filter((c("bevitnet") == 2) & (c("t_stans") < c("t_fremme"))).height == 0
    early = (c("bevitnet") != 2) & (c("t_stans") > c("t_anrop"))
    assert both.filter(early).height == 0


def test_a_person_has_the_same_diseases_in_every_record(forms: Forms) -> None:
    hospital = forms.tables[Source.HOSPITAL]
    diseases = [name for name in hospital.columns if name.startswith("komorbiditet_")]
    several = hospital.drop_nulls("fnr").filter(pl.len().over("fnr") > 1)
    assert several.height > 100
    values = several.group_by("fnr").agg(c(diseases).drop_nulls().n_unique())
    assert set(values.select(pl.max_horizontal(diseases)).to_series()) == {1}


def test_two_arrests_in_one_stay_end_on_one_day(forms: Forms) -> None:
    hospital = forms.tables[Source.HOSPITAL].sort("fnr", "t_stans").drop_nulls("fnr")
    soon = (c("t_stans").shift(-1) - c("t_stans")).over("fnr") < pl.duration(days=11)
    after = hospital.filter(soon & (c("event_type") == 1))
    later = hospital.filter(
        (c("t_stans") - c("t_stans").shift(1)).over("fnr") < pl.duration(days=11)
    )
    pairs = after.join(later, on="fnr", suffix="_later").drop_nulls("dato_utskrevet")
    assert pairs.height > 50
    assert pairs.filter(c("dato_utskrevet") != c("dato_utskrevet_later")).height == 0
    assert pairs.filter(c("overlevd_utskr") != c("overlevd_utskr_later")).height == 0


def test_nothing_is_known_that_comes_after_the_dump(made: Simulated, forms: Forms) -> None:
    until = dumped_on(2025)
    register, hospital = forms.tables[Source.REGISTER], forms.tables[Source.HOSPITAL]
    assert str(register["dodsdato"].max()) <= until
    assert str(hospital["dato_utskrevet"].max()) <= until
    one_year = simulate(20_000, first_year=2025, last_year=2025, chance=chance(2), p=P)
    told = write_down(one_year, codebook=load_codebook(), chance=chance(3), p=P)
    still_there = told.tables[Source.HOSPITAL].filter(c("dato_utskrevet").is_null())
    assert still_there.height > 0
    assert still_there["overlevd_utskr"].null_count() == still_there.height
    lived = made.arrests.died_after_days[made.arrests.alive_30d]
    later = lived[lived != NEVER]
    assert later.min() >= 30
    assert 0.05 < (later <= 365).sum() / len(lived) < 0.2


def test_alive_at_discharge_and_alive_after_a_month_are_not_the_same(forms: Forms) -> None:
    hospital = forms.tables[Source.HOSPITAL].drop_nulls("overlevd_utskr")
    at_home = hospital.filter((c("overlevd_utskr") == 1) & (c("overlevd_30d") == 0))
    in_hospital = hospital.filter((c("overlevd_utskr") == 0) & (c("overlevd_30d") == 1))
    assert at_home.height > 10
    assert in_hospital.height > 5
    assert at_home.filter(c("cpc_utskr") == 5).height == 0
    assert in_hospital.filter(c("liggetid") < 30).height == 0


def test_comments_fit_what_happened_and_whose_form_it_is(forms: Forms) -> None:
    said = c("fritekst_kommentar").str.contains
    crew = forms.tables[Source.AMBULANCE].drop_nulls("fritekst_kommentar")
    back = said("ROSC før avreise|Puls tilbake|egensirkulasjon")
    assert crew.filter(back).height > 1000
    assert crew.filter(back & (c("status_overlevering").fill_null(1) != 1)).height == 0
    assert crew.filter(said("Kollapset hjemme") & (c("sted") != 0)).height == 0
    assert crew.filter(said("Erklært død|Ingen effekt") & (c("hlr_ems") == 0)).height == 0
    assert crew.filter(said("i båre|tok EKG") & (c("bevitnet").fill_null(2) != 2)).height == 0
    assert crew["fritekst_kommentar"].n_unique() > 300
    calls = forms.tables[Source.AMK].drop_nulls("fritekst_kommentar")
    assert calls.filter(said("ROSC|LUCAS|mottak|Kollapset|Erklært")).height == 0
    assert calls.filter(said("Veiledet") & (c("amk_hlr_veiledning").fill_null(1) != 1)).height == 0
    inside = forms.tables[Source.HOSPITAL].filter(c("event_type") == 2)
    assert inside.filter(said("stedet|LUCAS|hjemme|kjørevei")).height == 0
    assert inside.filter(said("stansteam")).height > 500


def test_crews_treat_when_they_are_there(forms: Forms) -> None:
    crew = forms.tables[Source.AMBULANCE].filter(c("bevitnet") != 2)
    assert crew.filter(c("t_adrenalin1") < c("t_hos_pasient")).height == 0
    assert crew.filter((c("t_sjokk1") < c("t_hos_pasient")) & (c("aed_sjokk") != 1)).height == 0
    lost = crew.filter((c("rosc_20") == 1) & (c("status_overlevering") == 3))
    assert lost.height > 100
    assert lost.filter(c("t_slutt") - c("t_rosc") < pl.duration(minutes=20)).height == 0
    ongoing = crew.filter(c("status_overlevering") == 2)
    there = (ongoing["t_slutt"] - ongoing["t_sykehus"]).dt.total_seconds()
    assert there.n_unique() > 500
    inside = forms.tables[Source.HOSPITAL].filter(c("event_type") == 2)
    assert inside.filter(c("t_stansteam") > c("t_rosc")).height == 0


def test_causes_and_places_fit_age_and_hour(forms: Forms) -> None:
    crew = forms.tables[Source.AMBULANCE].drop_nulls("arsak")
    age = dict(crew.group_by("arsak").agg(c("alder").median()).iter_rows())
    assert age[11] > 65
    assert age[2] < 65
    assert age[3] < 55
    drowned = crew.filter(c("arsak") == 4)
    assert (drowned["sted"] == 0).sum() < 0.3 * drowned.height
    assert (
        crew.filter((c("alder") < 12) & ((c("arsak") == 3) | (c("selvpaafort") == 1))).height == 0
    )
    work = crew.filter(c("sted") == 3)["t_stans"]
    assert work.len() > 100
    assert work.filter((work.dt.weekday() > 5) | ~work.dt.hour().is_between(6, 17)).len() == 0


def test_helpers_are_those_who_can_be_there(forms: Forms) -> None:
    both = forms.tables[Source.AMK].join(
        forms.tables[Source.AMBULANCE], on=("amk_sentral", "amis_hendelsesnr")
    )
    both = both.filter((c("t_rykker_ut") - c("t_rykker_ut_right")).abs() < pl.duration(hours=1))
    assert both.filter((c("hlr_utfort_av") == 4) & (c("forsteresponder") == 0)).height == 0
    assert both.filter((c("hlr_utfort_av") == 2) & (c("sted") == 0)).height == 0
    helped = both.filter(c("tilskuer_hlr").is_in([1, 2, 3]))
    with_aed = [(part["aed_tilkoblet"] == 1).mean() for part in (
        helped.filter(c("sted") == 0), helped.filter(c("sted") == 1),
    )]  # fmt: skip
    assert np.array(with_aed).argmax() == 1


def test_outcomes_fit_each_other(forms: Forms) -> None:
    left = forms.tables[Source.HOSPITAL].filter(c("overlevd_utskr") == 1)
    known = left.drop_nulls(["cpc_utskr", "mrs_utskr"])
    ranges = {1: (0, 2), 2: (2, 3), 3: (4, 4), 4: (5, 5)}
    for cpc, (low, high) in ranges.items():
        mrs = known.filter(c("cpc_utskr") == cpc)["mrs_utskr"]
        assert mrs.is_between(low, high).all()
    before = known.filter(c("funksjon_for") < 999)
    assert before.filter(c("funksjon_for") > c("cpc_utskr")).height == 0
    acid = {
        one: part["ph"].drop_nulls().to_numpy().mean()
        for (one,), part in forms.tables[Source.HOSPITAL].group_by("overlevd_utskr")
    }
    assert acid[1] - acid[0] > 0.1
    seen = forms.tables[Source.AMBULANCE].filter(c("bevitnet") == 1)
    assert seen.filter(c("ikke_hlr_grunn") == 1).height == 0


def test_diagnoses_fit_causes(forms: Forms) -> None:
    hospital = forms.tables[Source.HOSPITAL].filter(c("event_type") == 1).drop_nulls("arsak")
    for cause, beginning in ((2, "T|S"), (3, "T4"), (4, "T75"), (6, "T")):
        assert (
            hospital.filter(c("arsak") == cause)["dgn_icd10"].str.contains(f"^({beginning})").all()
        )
    assert hospital["dgn_icd10"].n_unique() > 15
    own = forms.tables[Source.AMBULANCE].filter(c("selvpaafort") == 1).select("fnr")
    deaths = forms.tables[Source.REGISTER].join(own, on="fnr").drop_nulls("dodsdato")
    assert deaths.filter(c("dodsarsak").str.contains("^(X4[0-9]|V|W)")).height == 0


def test_a_hospital_tells_some_of_it_otherwise(forms: Forms) -> None:
    both = forms.tables[Source.AMBULANCE].join(
        forms.tables[Source.HOSPITAL].filter(c("event_type") == 1), on=("fnr", "amb_oppdragsnr")
    )
    rhythm = both.drop_nulls(["forste_rytme", "forste_rytme_right"])
    differs = (rhythm["forste_rytme"] != rhythm["forste_rytme_right"]).mean()
    assert 0.002 < float(str(differs)) < 0.05
    minutes = both.drop_nulls("t_rosc_right")["t_rosc_right"].dt.second() == 0
    assert 0.2 < float(str(minutes.mean())) < 0.45


def test_nobody_is_at_work_or_school_who_cannot_be(forms: Forms) -> None:
    crew = forms.tables[Source.AMBULANCE].drop_nulls("alder").filter(c("fnr").is_not_null())
    assert crew.filter((c("sted") == 3) & ~c("alder").is_between(16, 72)).height == 0
    assert crew.filter((c("sted") == 6) & (c("alder") > 19)).height == 0


def test_trusts_of_the_numbers_are_those_of_the_catchment(made: Simulated) -> None:
    trusts = {**P.coverage.outside.trusts, "999999999": 2013.0}
    joined = P.coverage.outside.model_copy(update={"trusts": trusts})
    wrong = P.model_copy(update={"coverage": P.coverage.model_copy(update={"outside": joined})})
    with pytest.raises(ConfigError, match="differ in: 999999999"):
        who_tells(made.places, 2013, 2025, chance=chance(1), p=wrong)


def test_a_person_dies_once_on_the_earliest_day_that_any_arrest_gives(made: Simulated) -> None:
    # An arrest on day 100 by which the patient would die on day 125, and one on day 104 by which on day 110.
    told = replace(
        made.arrests.taken(np.array([0, 1])),
        alive_30d=np.array([True, False]),
        good_function=np.array([True, False]),
        discharged=np.array([True, False]),
        stay_days=np.array([20, 6]),
        died_after_days=np.array([25, 6]),
    )
    one = one_death(told, np.array([7, 7]), np.array([100, 104]))
    assert one.died_after_days.tolist() == [10, 6]
    assert one.stay_days.tolist() == [10, 6]
    assert not (one.alive_30d | one.good_function | one.discharged).any()
    two = one_death(told, np.array([7, 8]), np.array([100, 104]))
    assert two.died_after_days.tolist() == [25, 6]
    assert two.discharged.tolist() == [True, False]
    lives = replace(
        told, died_after_days=np.array([NEVER, NEVER]), alive_30d=np.array([True, True])
    )
    on = one_death(lives, np.array([7, 7]), np.array([100, 104]))
    assert on.alive_30d.all()
    assert (on.died_after_days == NEVER).all()


def test_every_arrest_of_a_person_knows_of_the_same_death(made: Simulated) -> None:
    after = made.arrests.died_after_days
    death = np.where(after == NEVER, NEVER, made.day.astype(np.int64) + after)
    several = pl.DataFrame({"person": made.person, "death": death}).filter(
        pl.len().over("person") > 1
    )
    assert several.height > 500
    assert (
        several.group_by("person").agg(c("death").n_unique())["death"].to_list()
        == [1] * several["person"].n_unique()
    )
