"""The people of a simulated register: who they are, and what the population register knows of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.identifiers import make_national_ids
from hsr_privacy.synthesis.chance import Bools, Chance, Int64s
from hsr_privacy.synthesis.parameters import Parameters
from hsr_privacy.synthesis.population import Country, Residents

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
_WIDOWED_AGE = 75


@dataclass(frozen=True)
class People:
    """One entry per person; arrays of the same length.

    Attributes:
        born: dates of birth.
        number: national identifier, of the tax authority's synthetic series.
        earlier_number: the D-number that was replaced; empty where there was none.
        replaced_on: day from which the new number is used; long ago where none was replaced.
        unidentified: the ambulance does not know who it is.
        named_later: of them, those whom a hospital identifies.
    """

    born: NDArray[np.datetime64]
    sex: Int64s
    group: Int64s
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

    def __len__(self) -> int:
        """Number of people."""
        return len(self.born)


def draw_people(
    country: Country, outside: Bools, days: NDArray[np.datetime64], chance: Chance, p: Parameters
) -> People:
    """Draw a person for each first arrest.

    Args:
        country: where they live.
        outside: whether the arrest is outside hospital.
        days: when it is, by the calendar in Norway.
        chance: where randomness comes from.
        p: the numbers.
    """
    size = len(outside)
    living = _residents(country, outside, chance, p)
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    # The day of birth in the year that gives this age on the day of the arrest.
    into_year = (days - days.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64)
    birthday = chance.whole(0, 364, size)
    birth_year = years - living.age - (birthday > into_year)
    first = (birth_year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    born = first + birthday.astype("timedelta64[D]")
    is_d = chance.yes(p.share("d_number"), size)
    replaced = is_d & chance.yes(p.share("d_number_replaced"), size)
    everyone = np.concatenate([np.arange(size), np.flatnonzero(replaced)])
    numbers = make_national_ids(
        born[everyone],
        living.sex[everyone],
        rng=chance.rng,
        d_number=np.concatenate([is_d & ~replaced, np.ones(int(replaced.sum()), bool)]),
    )
    earlier = np.full(size, "", dtype=numbers.dtype)
    earlier[replaced] = numbers[size:]
    replaced_on = np.full(size, np.datetime64("1900-01-01"), dtype="datetime64[D]")
    replaced_on[replaced] = days[replaced] + chance.whole(
        *p.span("new_number_days"), int(replaced.sum())
    )
    unidentified = chance.yes(p.share("unidentified"), size) & outside
    return People(
        born=born,
        sex=living.sex,
        group=living.group,
        name=_names(living.sex, chance),
        number=numbers[:size],
        earlier_number=earlier,
        replaced_on=replaced_on,
        unidentified=unidentified,
        named_later=unidentified & chance.yes(p.share("named_by_hospital"), size),
        citizenship=_citizenship(is_d, chance, p),
        civil_status=_civil_status(living.age, chance, p),
        reserved=chance.yes(p.share("reserved"), size),
        restricted=chance.yes(p.share("restricted"), size),
        deleted=chance.yes(p.share("deleted"), size),
        implant=chance.pick(p.choice("implant"), size),
    )


def _residents(country: Country, outside: Bools, chance: Chance, p: Parameters) -> Residents:
    parts = {
        place: country.draw(
            int((outside == place).sum()),
            man=p.share(man),
            year_of_age=p.odds.year_of_age.value,
            rng=chance.rng,
        )
        for place, man in ((True, "man_outside"), (False, "man_inside"))
    }
    columns = []
    for name in ("age", "sex", "group"):
        column = np.empty(len(outside), np.int64)
        for place, part in parts.items():
            column[outside == place] = getattr(part, name)
        columns.append(column)
    return Residents(*columns)


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
    adult = chance.pick(p.choice("civil_status_adult"), size)
    old = chance.pick(p.choice("civil_status_old"), size)
    return np.where(age < _ADULT, 1, np.where(age < _WIDOWED_AGE, adult, old))
