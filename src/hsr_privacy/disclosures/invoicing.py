"""The invoice basis: hours of a case times the price of an hour.

It is the register's own work only. Helsedataservice invoices its own fee for the application by
itself. The price is without tax, and covers actual costs at most.

Source: helseregisterloven § 19 g.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from hsr_privacy.disclosures.cases import Application, Work
from hsr_privacy.disclosures.disclosure import Disclosure
from hsr_privacy.disclosures.exporting import as_csv
from hsr_privacy.documents import Label
from hsr_privacy.errors import DataError

_CENT: Final = Decimal("0.01")

APART: Final = Label(
    nb="Gjelder bare registerets eget arbeid (helseregisterloven § 19 g). Helsedataservice fakturerer "
    "sitt gebyr selv. Beløpene er uten merverdiavgift.",
    en="The register's own work only (helseregisterloven § 19 g). Helsedataservice invoices its own "
    "fee. Amounts are without value added tax.",
)


@dataclass(frozen=True)
class Line:
    """One entry of hours, with its price in kroner."""

    day: dt.date
    release: str
    what: str
    hours: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Invoice:
    """What an invoice for a case is based on.

    Attributes:
        case_number: of the case.
        title: of the project.
        payer: who receives the data.
        rate: price of an hour, in kroner without tax.
        lines: in the order of their days.
    """

    case_number: str
    title: str
    payer: str
    rate: Decimal
    lines: tuple[Line, ...]

    @property
    def hours(self) -> Decimal:
        """Of all lines."""
        return sum((one.hours for one in self.lines), Decimal(0))

    @property
    def amount(self) -> Decimal:
        """Of all lines, as they are rounded."""
        return sum((one.amount for one in self.lines), Decimal(0))


def invoice_of(
    case_number: str,
    *,
    disclosures: Sequence[Disclosure],
    applications: Sequence[Application],
    work: Sequence[Work],
) -> Invoice:
    """The invoice basis of a case.

    The price is the application's, or that of the case's last release.

    Raises:
        DataError: the case is not known, or has no price.
    """
    cases: list[Application | Disclosure] = [*disclosures, *applications]
    cases = [one for one in cases if one.case_number == case_number]
    if not cases:
        raise DataError("no application and no release has this case number")
    last = cases[-1]
    if not last.hourly_rate:
        raise DataError(
            "this case has no price of an hour; give it under handling in the project's file, and run "
            "hsr register receive"
        )
    rate = _decimal(last.hourly_rate)
    payer = last.applicant if isinstance(last, Application) else last.recipient
    mine = sorted((one for one in work if one.case_number == case_number), key=lambda one: one.day)
    lines = tuple(
        Line(one.day, one.release, one.what, _decimal(one.hours), _money(one.hours, rate))
        for one in mine
    )
    return Invoice(case_number, last.title, payer, rate, lines)


def invoice_text(invoice: Invoice) -> str:
    """The invoice basis in bokmål and English."""
    return "\n\n".join(_text(invoice, language) for language in ("nb", "en")) + "\n"


def invoice_csv(invoice: Invoice) -> str:
    """The same as a table: semicolons, decimal comma, names in both languages."""
    header = (
        "sak / case",
        "utlevering / release",
        "dato / date",
        "arbeid / work",
        "timer / hours",
        "timepris (kr) / price of an hour (NOK)",
        "beløp (kr) / amount (NOK)",
    )
    rate = _comma(invoice.rate)
    rows: list[tuple[object, ...]] = [
        (
            invoice.case_number,
            one.release,
            one.day,
            one.what,
            _comma(one.hours),
            rate,
            _comma(one.amount),
        )
        for one in invoice.lines
    ]
    whole = (_comma(invoice.hours), rate, _comma(invoice.amount))
    rows.append((invoice.case_number, "", "", "sum / total", *whole))
    return as_csv(header, rows)


def _text(invoice: Invoice, language: str) -> str:
    nb = language == "nb"
    hour, total = ("timer", "Sum") if nb else ("hours", "Total")
    written = _comma if nb else str
    lines = [
        f"Fakturagrunnlag, sak {invoice.case_number}"
        if nb
        else f"Invoice basis, case {invoice.case_number}",
        invoice.title,
        f"Betaler: {invoice.payer}" if nb else f"Payer: {invoice.payer}",
        "",
        *(
            f"{one.day}  {written(one.hours):>8} {hour}  {written(one.amount):>12} kr  {one.what}"
            for one in invoice.lines
        ),
        f"{total:<10}  {written(invoice.hours):>8} {hour}  {written(invoice.amount):>12} kr",
        f"Timepris: {written(invoice.rate)} kr"
        if nb
        else f"Price of an hour: {written(invoice.rate)} kr",
        APART.nb if nb else APART.en,
    ]
    return "\n".join(lines)


def _decimal(number: float) -> Decimal:
    return Decimal(str(number)).quantize(_CENT, ROUND_HALF_UP)


def _money(hours: float, rate: Decimal) -> Decimal:
    return (_decimal(hours) * rate).quantize(_CENT, ROUND_HALF_UP)


def _comma(number: Decimal) -> str:
    return str(number).replace(".", ",")
