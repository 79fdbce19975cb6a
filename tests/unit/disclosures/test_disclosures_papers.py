"""What is written for people: letters, the export, the invoice basis."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from hsr_privacy.disclosures import Application, State, Work, describe
from hsr_privacy.disclosures.exporting import COLUMNS, as_csv, exported
from hsr_privacy.disclosures.invoicing import invoice_csv, invoice_of, invoice_text
from hsr_privacy.disclosures.letters import answer_letter, notice_letter, reminder_letter
from hsr_privacy.disclosures.person import Holding
from hsr_privacy.errors import DataError
from tests.disclosing import RELEASED, entry
from tests.reading_pages import shown

TODAY = dt.date(2026, 11, 28)
SCRIPT = "<script>alert('x')</script>"
HELD = Holding("C-1", "A & B", RELEASED, entry(recipient="A & B", state=State.RELEASED), holds=True)
UNTOLD = Holding("C-3", "Other", RELEASED, entry(recipient="Other"), holds=None)


def answer(*found: Holding, chance: float = 2.1e-35) -> str:
    return answer_letter(found, register="HJST", today=TODAY, environment="test", chance=chance)


def test_the_answer_to_a_person_says_who_received_what_and_what_cannot_be_told() -> None:
    page = answer(HELD, replace(HELD, holds=False, recipient="Never"), UNTOLD)
    nb, en = shown(page, "nb"), shown(page, "en")
    for text in ("A & B", "2026-11-02", "helseregisterloven § 19 a", "What do early compressions"):
        assert text in nb
        assert text in en
    assert "Never" not in nb
    assert "forebygging og forskning" in nb
    assert "prevention, and research" in en
    assert "hos mottakeren" in nb
    assert "Kan ikke avgjøres" in nb
    assert "Cannot be told" in en
    assert en.index("Cannot be told") < en.index("Other")
    assert "less than one in a billion" in en
    assert "all of them (2) were looked into" in en
    assert "Prøve på simulerte data" in nb


def test_the_answer_tells_ground_and_chance_in_words() -> None:
    page = answer(HELD, chance=0.0004)
    nb, en = shown(page, "nb"), shown(page, "en")
    assert "personvernforordningen art. 6 (1) e" in nb
    assert "19b;" not in nb
    assert "taushetsplikt: helseregisterloven § 19 b" in nb
    assert "confidentiality: helseregisterloven § 19 b" in en
    assert "er høyst én til 2 500" in nb
    assert "is at most one in 2 500" in en


def test_the_answer_says_so_where_nobody_received_anything() -> None:
    assert "None of the releases that can be looked into" in shown(answer(), "en")
    assert "Cannot be told" not in answer()
    before = replace(HELD, disclosure=None)
    assert "before the register was kept" in shown(answer(before), "en")


def test_a_notice_tells_the_recipient_the_pseudonym_and_nothing_else_of_the_person() -> None:
    page = notice_letter(entry(title=SCRIPT), ["ABCD-EFGH"], register="HJST", today=TODAY)
    assert SCRIPT not in page
    for language, text in (
        ("nb", "Slett alle rader der person_lnr er"),
        ("en", "Delete every row"),
    ):
        assert text in shown(page, language)
        assert "ABCD-EFGH" in shown(page, language)


def test_a_reminder_says_by_when_and_whether_it_is_late() -> None:
    soon = entry(deletion_date=dt.date(2026, 12, 24))
    page = reminder_letter(soon, register="HJST", today=TODAY)
    assert "must be deleted by 2026-12-24" in shown(page, "en")
    assert "skal slettes senest den 2026-12-24" in shown(page, "nb")
    late = reminder_letter(soon, register="HJST", today=dt.date(2027, 1, 2))
    assert "should have been deleted by 2026-12-24" in shown(late, "en")
    gone = replace(soon, state=State.WITHDRAWN, withdrawn=dt.date(2026, 11, 20), withdrawn_why="w")
    page = reminder_letter(gone, register="HJST", today=TODAY)
    assert "was withdrawn on 2026-11-20" in shown(page, "en")
    assert "trukket tilbake den 2026-11-20" in shown(page, "nb")


def test_a_page_asks_the_network_for_nothing_and_is_the_same_each_time() -> None:
    pages = [
        answer(HELD, UNTOLD),
        notice_letter(entry(), ["A"], register="HJST", today=TODAY),
        reminder_letter(entry(), register="HJST", today=TODAY),
    ]
    for page in pages:
        assert "default-src 'none'" in page
        assert "<script" not in page
        assert "http" not in page.replace("http-equiv", "")
    assert pages[0] == answer(HELD, UNTOLD)


def test_the_export_has_what_left_and_not_where_it_lies() -> None:
    left = [entry("x-1", state=State.RELEASED), entry("x-2", state=State.DELETED)]
    rows = exported([*left, entry("x-3"), entry("x-4", state=State.ABANDONED)])
    assert [row["id"] for row in rows] == ["x-1", "x-2"]
    assert rows[0]["retain_until"] == "2036-11-02"
    text = as_csv(COLUMNS, [list(row.values()) for row in rows])
    (first, _) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert first["recipient"] == "Universitetet i Eksempelby"
    assert first["national"] == "helseregisterloven § 19 a"
    assert first["approvals"].startswith("helsedataservice HDS-2026-0417")
    assert "/deliveries" not in text
    assert "Kari" not in text


def test_a_spreadsheet_takes_no_text_for_a_formula() -> None:
    text = as_csv(["a"], [["=1+1"], ["@x"], ["-2"], [None], ["a;b"]])
    assert text == 'a\n\'=1+1\n\'@x\n\'-2\n""\n"a;b"\n'


CASE = Application(
    case_number="C-1", title="T", applicant="NTNU", received=TODAY, hourly_rate=1150.5
)
WORK = (
    Work(number=1, case_number="C-1", day=dt.date(2026, 11, 3), hours=2.25, what="Preparation"),
    Work(number=2, case_number="C-2", day=TODAY, hours=9, what="Another"),
    Work(number=3, case_number="C-1", day=dt.date(2026, 11, 2), hours=0.33, what="=Meeting"),
)


def test_an_invoice_is_hours_times_their_price_line_by_line() -> None:
    made = invoice_of("C-1", disclosures=(), applications=(CASE,), work=WORK)
    # 0.33 x 1150.50 = 379.665, and half an øre is rounded up; 2.25 x 1150.50 = 2588.625.
    assert [one.amount for one in made.lines] == [Decimal("379.67"), Decimal("2588.63")]
    assert (made.hours, made.amount) == (Decimal("2.58"), Decimal("2968.30"))
    text = invoice_text(made)
    assert "Fakturagrunnlag, sak C-1" in text
    assert "Invoice basis, case C-1" in text
    assert "2968,30 kr" in text
    assert "2968.30 kr" in text
    assert "Helsedataservice fakturerer" in text
    assert "Helsedataservice invoices its own fee" in text
    rows = list(csv.reader(io.StringIO(invoice_csv(made)), delimiter=";"))
    assert rows[1][2:] == ["2026-11-02", "'=Meeting", "0,33", "1150,50", "379,67"]
    assert rows[-1][3:] == ["sum / total", "2,58", "1150,50", "2968,30"]


def test_an_invoice_needs_a_case_and_a_price() -> None:
    release = entry(case_number="C-3", hourly_rate=900.0)
    made = invoice_of("C-3", disclosures=(release,), applications=(CASE,), work=WORK)
    assert (made.rate, made.amount) == (Decimal(900), Decimal(0))
    assert made.payer == release.recipient
    with pytest.raises(DataError, match="no application and no release"):
        invoice_of("C-9", disclosures=(release,), applications=(CASE,), work=WORK)
    free = replace(CASE, hourly_rate=0.0)
    with pytest.raises(DataError, match="has no price of an hour"):
        invoice_of("C-1", disclosures=(), applications=(free,), work=WORK)


def test_an_application_s_file_describes_its_disclosure() -> None:
    from hsr_privacy.configs import shipped
    from hsr_privacy.documents import load
    from hsr_privacy.project import Project

    path = shipped("configs", "projects", "bystander-cpr-survival.yaml")
    project = load(path, Project)
    made = describe(
        project,
        id="x-1",
        released=RELEASED,
        rows=1,
        persons=1,
        files=1,
        manifest_sha256="ab" * 32,
    )
    assert made.approvals[1] == "rek REK 2026/1203 (2026-01-20)"
    assert made.legal_basis == ("GDPR art. 6 (1) e, art. 9 (2) j; helseregisterloven § 19 a; 19b")
    assert (made.pseudonyms, made.k) == ("hmac-sha256-128", project.privacy.k)
    assert made.retain_until == dt.date(2041, 12, 31)
    assert made.received == (project.handling and project.handling.received)
