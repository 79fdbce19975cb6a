"""Make national identifiers that belong to nobody: Skatteetaten's series, month + 80.

Everything in tests, samples and simulated registers comes from here, so that no file of the
project can hold a living person's number.

Source: Skatteetaten, "Test for konsumenter" (Tenor): 80 is added to the month, of D-numbers
too, and the check digits are taken of the result.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.errors import DataError
from hsr_privacy.identifiers.check_digits import append_check_digits

MONTH_OFFSET: Final = 80
D_NUMBER_DAY_OFFSET: Final = 40

_FIRST_BIRTH: Final = np.datetime64("1858-01-01", "D")
_LAST_BIRTH: Final = np.datetime64("2039-12-31", "D")
_ROUNDS: Final = 40
# Individual numbers by (D-number, first year of the block): only those that mean one century
# under the tables both before and after 2021, so that nobody's age depends on the reader.
_INDIVIDUAL_NUMBERS: Final = {
    (False, 1858): range(500, 750),
    (False, 1900): range(500),
    (False, 1940): (*range(500), *range(900, 1000)),
    (False, 2000): range(500, 1000),
    (True, 1858): range(500, 600),
    (True, 1900): range(200),
    (True, 1940): (*range(500), *range(900, 1000)),
    (True, 2000): range(500, 1000),
}
_BLOCK_STARTS: Final = np.array([1858, 1900, 1940, 2000])
_MAN, _WOMAN, _UNKNOWN_SEX = 1, 2, 999


def make_national_ids(
    birth_dates: NDArray[np.datetime64],
    sex: NDArray[np.integer[Any]],
    *,
    rng: np.random.Generator,
    d_number: NDArray[np.bool_] | None = None,
) -> NDArray[np.str_]:
    """Draw one synthetic fødselsnummer (or D-number) per person, all of them distinct.

    The same generator state gives the same numbers. A day of birth holds about 200 numbers for
    each sex, so a population of the size of Norway's fits.

    Args:
        birth_dates: shape (n,), days from 1858-01-01 to 2039-12-31.
        sex: shape (n,), 1 man (odd individual number), 2 woman (even), 999 either.
        rng: where all randomness comes from.
        d_number: shape (n,), true where the person has a D-number (day + 40); default nobody.

    Returns:
        Shape (n,), eleven ASCII digits each, dtype ``U11``.

    Raises:
        DataError: a birth date outside the range or missing, an unknown code of sex, or more
            people born on one day than there are numbers.
    """
    born = np.asarray(birth_dates).astype("datetime64[D]")
    sexes = np.asarray(sex)
    with_d = np.zeros(len(born), dtype=bool) if d_number is None else np.asarray(d_number, bool)
    _check(born, sexes, with_d)
    if not len(born):
        return np.empty(0, dtype="U11")
    permitted, sizes = _permitted()
    classes = _classes(born, sexes, with_d)
    prefix = _first_six(born, with_d)
    day_keys = (born.astype(np.int64) * 2 + with_d) * 1000

    serials = np.zeros(len(born), dtype=np.int64)
    taken = np.empty(0, dtype=np.int64)
    waiting = np.arange(len(born))
    for _ in range(_ROUNDS):
        of = classes[waiting]
        drawn = permitted[of, (rng.random(len(waiting)) * sizes[of]).astype(np.int64)]
        keys = day_keys[waiting] + drawn
        first = np.zeros(len(waiting), dtype=bool)
        first[np.unique(keys, return_index=True)[1]] = True
        kept = first & _exists(prefix[waiting], drawn) & ~_in_sorted(keys, taken)
        serials[waiting[kept]] = drawn[kept]
        taken = np.sort(np.concatenate([taken, keys[kept]]))
        waiting = waiting[~kept]
        if not len(waiting):
            break
    _fill_crowded_days(
        serials,
        waiting,
        prefix=prefix[waiting],
        day_keys=day_keys[waiting],
        permitted=permitted[classes[waiting]],
        taken=taken,
        rng=rng,
    )
    numbers, _ = append_check_digits(_with_serial(prefix, serials))
    return np.ascontiguousarray(numbers + ord("0"), dtype=np.uint32).view("U11").reshape(-1)


def _check(
    born: NDArray[np.datetime64], sexes: NDArray[np.integer[Any]], with_d: NDArray[np.bool_]
) -> None:
    if not (born.shape == sexes.shape == with_d.shape and born.ndim == 1):
        raise DataError("birth dates, sex and d_number differ in length; give one of each a person")
    outside = int((~((born >= _FIRST_BIRTH) & (born <= _LAST_BIRTH))).sum())
    if outside:
        raise DataError(
            f"{outside} birth dates are missing or outside 1858-2039; no number means them"
        )
    if not np.isin(sexes, (_MAN, _WOMAN, _UNKNOWN_SEX)).all():
        raise DataError("sex holds a code other than 1 (man), 2 (woman) and 999 (unknown)")


def _permitted() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Individual numbers by class, padded with -1, and how many each class has."""
    lists = [
        [serial for serial in _INDIVIDUAL_NUMBERS[is_d, int(start)] if serial % 2 in parities]
        for is_d in (False, True)
        for start in _BLOCK_STARTS
        for parities in ((1,), (0,), (0, 1))
    ]
    sizes = np.array([len(one) for one in lists])
    table = np.full((len(lists), sizes.max()), -1, dtype=np.int64)
    for row, one in enumerate(lists):
        table[row, : len(one)] = one
    return table, sizes


def _classes(
    born: NDArray[np.datetime64], sexes: NDArray[np.integer[Any]], with_d: NDArray[np.bool_]
) -> NDArray[np.int64]:
    years = born.astype("datetime64[Y]").astype(np.int64) + 1970
    block = np.searchsorted(_BLOCK_STARTS, years, side="right") - 1
    parity = np.select([sexes == _MAN, sexes == _WOMAN], [0, 1], default=2)
    classes: NDArray[np.int64] = (with_d.astype(np.int64) * len(_BLOCK_STARTS) + block) * 3 + parity
    return classes


def _first_six(born: NDArray[np.datetime64], with_d: NDArray[np.bool_]) -> NDArray[np.uint8]:
    months = born.astype("datetime64[M]")
    years = born.astype("datetime64[Y]")
    day = (born - months.astype("datetime64[D]")).astype(np.int64) + 1
    month = (months - years.astype("datetime64[M]")).astype(np.int64) + 1
    fields = np.stack(
        [
            day + D_NUMBER_DAY_OFFSET * with_d,
            month + MONTH_OFFSET,
            (years.astype(np.int64) + 1970) % 100,
        ],
        axis=1,
    )
    digits: NDArray[np.uint8] = np.stack([fields // 10, fields % 10], axis=2).astype(np.uint8)
    return digits.reshape(len(born), 6)


def _with_serial(prefix: NDArray[np.uint8], serials: NDArray[np.int64]) -> NDArray[np.uint8]:
    three = np.stack([serials // 100, serials // 10 % 10, serials % 10], axis=1)
    return np.concatenate([prefix, three.astype(np.uint8)], axis=1)


def _exists(prefix: NDArray[np.uint8], serials: NDArray[np.int64]) -> NDArray[np.bool_]:
    return append_check_digits(_with_serial(prefix, serials))[1]


def _in_sorted(values: NDArray[np.int64], ordered: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not len(ordered):
        return np.zeros(len(values), dtype=bool)
    place = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: NDArray[np.bool_] = ordered[place] == values
    return found


def _fill_crowded_days(
    serials: NDArray[np.int64],
    waiting: NDArray[np.int64],
    *,
    prefix: NDArray[np.uint8],
    day_keys: NDArray[np.int64],
    permitted: NDArray[np.int64],
    taken: NDArray[np.int64],
    rng: np.random.Generator,
) -> None:
    """Give those whom chance has not served one of the numbers left on their day."""
    used = set(taken.tolist())
    for row, six, day, padded in zip(waiting, prefix, day_keys.tolist(), permitted, strict=True):
        candidates = padded[padded >= 0]
        exists = _exists(np.repeat(six[None, :], len(candidates), axis=0), candidates)
        free = [one for one in candidates[exists].tolist() if day + one not in used]
        if not free:
            raise DataError(
                "more people share one day of birth and sex than there are numbers (about 200); "
                "spread the birth dates"
            )
        serials[row] = rng.choice(free)
        used.add(day + int(serials[row]))
