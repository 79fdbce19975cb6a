"""Numbers from national directories: organizations, units of treatment, health workers.

None of them identifies a patient; a health worker's number (HPR) identifies the worker and never
leaves the register.

Source: Brønnøysundregistrene (organization number: nine digits, weights 3 2 7 6 5 4 3 2, modulo
11); Helsedirektoratet (HPR number: at most nine digits); RESH as used in public mappings of
Norwegian quality registries (six or seven digits). HPR and RESH have no check digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hsr_privacy.errors import DataError
from hsr_privacy.identifiers.number import InvalidIdentifier
from hsr_privacy.identifiers.number import compact as compact_digits


@dataclass(frozen=True)
class DirectoryNumber:
    """One sort of number, in the grammar of python-stdnum.

    Attributes:
        name: what it is called in errors.
        fewest_digits: length of the shortest.
        most_digits: length of the longest.
        weights: of the sum that must be divisible by 11; none where there is no check digit.

    >>> ORGANIZATION_NUMBER.validate("974 760 673")
    '974760673'
    >>> HPR_NUMBER.is_valid("0")
    False
    """

    name: str
    fewest_digits: int
    most_digits: int
    weights: tuple[int, ...] = ()

    def compact(self, text: str) -> str:
        """The digits, without the separators that people write.

        Raises:
            DataError: it stands for a missing value or holds something other than digits.
        """
        try:
            return compact_digits(text)
        except InvalidIdentifier as invalid:
            raise DataError(f"this is no {self.name}: {invalid.reason.text}") from None

    def validate(self, text: str) -> str:
        """The number in the one way to write it.

        Raises:
            DataError: wrong length, or a check digit that does not hold.
        """
        number = self.compact(text)
        if not self.fewest_digits <= len(number) <= self.most_digits:
            raise DataError(f"this is no {self.name}: it has the wrong number of digits")
        if (
            self.weights
            and sum(weight * int(digit) for weight, digit in zip(self.weights, number, strict=True))
            % 11
        ):
            raise DataError(f"this is no {self.name}: its check digit does not hold")
        return number

    def is_valid(self, text: str) -> bool:
        """Whether a text is such a number."""
        try:
            self.validate(text)
        except DataError:
            return False
        return True


ORGANIZATION_NUMBER: Final = DirectoryNumber(
    "organization number", 9, 9, weights=(3, 2, 7, 6, 5, 4, 3, 2, 1)
)
RESH_ID: Final = DirectoryNumber("RESH id", 6, 7)
HPR_NUMBER: Final = DirectoryNumber("HPR number", 1, 9)
