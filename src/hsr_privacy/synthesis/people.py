"""The people of a simulated register: who they are, and what the population register knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.identifiers import make_national_ids
from hsr_privacy.synthesis.chance import Bools, Chance, Int64s
from hsr_privacy.synthesis.parameters import Parameters
from hsr_privacy.synthesis.population import Residents

MAN, WOMAN = 1, 2
_FIRST_NAMES = {
    MAN: [
        "Arvald",
        "Brynting",
        "Dagmod",
        "Eivolf",
        "Frodebjørn",
        "Gaudulv",
        "Hårmod",
        "Isbrand",
        "Jorulv",
        "Ketilvar",
    ],
    WOMAN: [
        "Åsvild",
        "Bergdis",
        "Dagvor",
        "Eirun",
        "Frøydal",
        "Gunnvild",
        "Herdunn",
        "Isvor",
        "Jorlaug",
        "Ketlaug",
    ],
}
_FAMILY_NAMES = [
    "Østmoskar",
    "Bekkjarud",
    "Tjernvoll",
    "Solbråtnes",
    "Vårlitun",
    "Granhaugset",
    "Myrdalstø",
    "Ulvåkerli",
    "Åsgårdsrøn",
    "Fjellvangstad",
    "Kvernsætre",
    "Lyngholtvik",
    "Nordbakkmo",
    "Rødtangsund",
    "Skogenåsli",
    "Vikaråmoen",
]
_ADULT = 18
_SETTLED_AGE = 30
_WIDOWED_AGE = 75


@dataclass(frozen=True)
class People:
    """One entry per person; arrays of the same length.

    Attributes:
        born: dates of birth.
        area: number of the area where they live.
        number: national identifier, of the tax authority's synthetic series.
        earlier_number: the D-number that was replaced, or the help number that a hospital gave a
            stranger; empty where there was none.
        replaced_on: day from which the new number is used; long ago where none was replaced.
        unidentified: the ambulance does not know who it is.
        named_later: of them, those whom a hospital identifies.
        conditions: per disease, who has it.
    """

    born: NDArray[np.datetime64]
    sex: Int64s
    area: Int64s
    name: NDArray[np.str_]
    number: NDArray[np.str_]
    earlier_number: NDArray[np.str_]
    replaced_on: NDArray[np.datetime64]
    unidentified: Bools
    named_later: Bools
    citizenship: NDArray[np.str_]
    civil_status: Int64s
    reserved: Bools
    restricted: Bools
    deleted: Bools
    implant: Int64s
    conditions: Mapping[str, Bools]

    @property
    def how_many_conditions(self) -> Int64s:
        """How many diseases each person has."""
        counts: Int64s = np.sum(list(self.conditions.values()), axis=0, dtype=np.int64)
        return counts

    def __len__(self) -> int:
        """Number of people."""
        return len(self.born)


def draw_people(
    living: Residents, outside: Bools, days: NDArray[np.datetime64], chance: Chance, p: Parameters
) -> People:
    """Draw a person for each first arrest.

    Args:
        living: age, sex and home of each.
        outside: whether the arrest is outside hospital.
        days: when it is, by the calendar in Norway.
        chance: where randomness comes from.
        p: the numbers.
    """
    size = len(outside)
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    # The day of birth in the year that gives this age on the day of the arrest.
    into_year = (days - days.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64)
    birthday = chance.whole(0, 364, size)
    birth_year = years - living.age - (birthday > into_year)
    first = (birth_year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    born = first + birthday.astype("timedelta64[D]")
    is_d = chance.yes(p.share("d_number"), size)
    replaced = is_d & chance.yes(p.share("d_number_replaced"), size)
    unidentified = chance.yes(p.share("unidentified"), size) & outside
    # Help numbers are of the same synthetic series: those of the hospitals could be somebody's.
    earlier = replaced | unidentified
    everyone = np.concatenate([np.arange(size), np.flatnonzero(earlier)])
    numbers = make_national_ids(
        born[everyone],
        living.sex[everyone],
        rng=chance.rng,
        d_number=np.concatenate([is_d & ~replaced, replaced[earlier]]),
    )
    earlier_number = np.full(size, "", dtype=numbers.dtype)
    earlier_number[earlier] = numbers[size:]
    replaced_on = np.full(size, np.datetime64("1900-01-01"), dtype="datetime64[D]")
    replaced_on[replaced] = days[replaced] + chance.whole(
        *p.span("new_number_days"), int(replaced.sum())
    )
    return People(
        born=born,
        sex=living.sex,
        area=living.area,
        name=_names(living.sex, chance),
        number=numbers[:size],
        earlier_number=earlier_number,
        replaced_on=replaced_on,
        unidentified=unidentified,
        named_later=unidentified & chance.yes(p.share("named_by_hospital"), size),
        citizenship=_citizenship(is_d, chance, p),
        civil_status=_civil_status(living.age, chance, p),
        reserved=chance.yes(p.share("reserved"), size),
        restricted=chance.yes(p.share("restricted"), size),
        deleted=chance.yes(p.share("deleted"), size),
        implant=chance.pick(p.choice("implant"), size),
        conditions=_conditions(living.age, chance, p),
    )


def _conditions(age: Int64s, chance: Chance, p: Parameters) -> dict[str, Bools]:
    """What they suffered from before."""
    old = np.clip((age - 30) / 50, 0.02, 1.2)
    told = {name: chance.yes(share * old, len(age)) for name, share in p.comorbidity.at_80.items()}
    told["rus"] = chance.yes(np.where(age < _ADULT, 0.0, p.comorbidity.substance_abuse), len(age))
    return told


def _names(sex: Int64s, chance: Chance) -> NDArray[np.str_]:
    size = len(sex)
    family = np.array(_FAMILY_NAMES)[chance.whole(0, len(_FAMILY_NAMES) - 1, size)]
    first = np.where(
        sex == MAN,
        np.array(_FIRST_NAMES[MAN])[chance.whole(0, 9, size)],
        np.array(_FIRST_NAMES[WOMAN])[chance.whole(0, 9, size)],
    )
    middle = np.array(list("ABCDEFGHIJKLMNOPRSTUV"))[chance.whole(0, 20, size)]
    return np.char.add(np.char.add(np.char.add(np.char.add(first, " "), middle), ". "), family)


def _citizenship(is_d: Bools, chance: Chance, p: Parameters) -> NDArray[np.str_]:
    codes = np.array(["NOR", "SWE", "DNK", "POL", "LTU", "DEU", "GBR", "SOM", "SYR", "PHL"])
    size = len(is_d)
    other = codes[chance.whole(1, len(codes) - 1, size)]
    return np.where(is_d | chance.yes(p.share("foreign_citizen"), size), other, "NOR")


def _civil_status(age: Int64s, chance: Chance, p: Parameters) -> Int64s:
    size = len(age)
    young = chance.pick(p.choice("civil_status_young"), size)
    adult = chance.pick(p.choice("civil_status_adult"), size)
    old = chance.pick(p.choice("civil_status_old"), size)
    return np.select(
        [age < _ADULT, age < _SETTLED_AGE, age < _WIDOWED_AGE],
        [np.ones_like(age), young, adult],
        old,
    )
