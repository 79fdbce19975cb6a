"""The pages of a release: whole, quiet towards the network, in both languages, and safe to open."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from hsr_privacy import load_hierarchies
from hsr_privacy.anonymity.search import search
from hsr_privacy.codebook import Codebook
from hsr_privacy.composition import About
from hsr_privacy.configs import shipped
from hsr_privacy.documents import Label
from hsr_privacy.explaining import explain
from hsr_privacy.extract import Extract, Step
from hsr_privacy.frequencies import FrequencyTable
from hsr_privacy.hierarchies import Hierarchy, HierarchyTable
from hsr_privacy.models import KAnonymity
from hsr_privacy.pages import count_text
from hsr_privacy.project import Project, load_project, released_variables
from hsr_privacy.registry.inclusion import Excluded
from hsr_privacy.release import wording
from hsr_privacy.release.columns import Column, columns_of_extract
from hsr_privacy.release.differences import Difference, Differencing, Weight
from hsr_privacy.release.gates import Gate
from hsr_privacy.release.pages import (
    CodebookContent,
    FileEntry,
    ReportContent,
    Suppressed,
    codebook_page,
    report_page,
    share_text,
    stages_of,
)
from hsr_privacy.release.prepare import Prepared
from hsr_privacy.release.side_by_side import Delivered, Row, side_by_side
from hsr_privacy.risk import AttackRisk, RiskReport, SensitiveRisk, SizeBin
from hsr_privacy.validation import Finding, ValidationReport
from tests.reading_pages import shown

TODAY = dt.date(2026, 11, 23)
SHA = "ab" * 32
SCRIPT = "<script>alert('x')</script> & \"co\""


@pytest.fixture(scope="module")
def hierarchies() -> dict[str, Hierarchy]:
    return load_hierarchies()


@pytest.fixture(scope="module")
def project(codebook: Codebook, hierarchies: dict[str, Hierarchy]) -> Project:
    path = shipped("configs", "projects", "bystander-cpr-survival.yaml")
    return load_project(path, codebook=codebook, hierarchies=hierarchies, today=TODAY)


@pytest.fixture(scope="module")
def columns(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> tuple[Column, ...]:
    return described([(v.name, v.detail) for v in project.variables], codebook, hierarchies)


def described(
    approved: list[tuple[str, str | None]], codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> tuple[Column, ...]:
    variables = released_variables(approved, codebook=codebook, hierarchies=hierarchies)
    empty = pl.DataFrame({"a": [1]})
    return columns_of_extract(Prepared(empty, Extract.of(empty), variables, None), codebook)


@pytest.fixture(scope="module")
def variables(
    project: Project, codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> tuple[Row, ...]:
    approved = [(v.name, v.detail) for v in project.variables]
    made = released_variables(approved, codebook=codebook, hierarchies=hierarchies)
    delivered = Delivered({"alder": 4}, {"sted": 17}, 19337)
    return side_by_side(project, made, delivered, codebook=codebook)


@pytest.fixture(scope="module")
def content(
    project: Project, columns: tuple[Column, ...], variables: tuple[Row, ...]
) -> ReportContent:
    some = AttackRisk(0.2, 0.0183, 0.0)
    return ReportContent(
        project=project,
        steps=(
            Step("read", {"amk rows": 17214}),
            Step(
                "include",
                {
                    "arrests": 22418,
                    f"left out: {Excluded.TOO_EARLY}": 2418,
                    "arrests included": 20000,
                },
            ),
            Step("select", {"left out: reservasjon": 105, "events in the cohort": 19650}),
            Step("shuffle twice", {"cards dealt": 7}),
        ),
        absent=("amk",),
        columns=columns,
        variables=variables,
        suppressed=Suppressed(313, 19650, 311, 0.197),
        explanation=None,
        risk=RiskReport(
            quasi_identifiers=("alder", "kjonn"),
            person="person_lnr",
            threshold=0.2,
            rows=19337,
            persons=18001,
            classes=338,
            k=5,
            sizes=(SizeBin(1, 1, 0, 0, 0), SizeBin(5, 9, 61, 4500, 4501), SizeBin(100, None, 277, 13501, 14836)),
            unique_persons=0,
            prosecutor=some,
            journalist=some,
            marketer=AttackRisk(None, 0.0183, None),
            sensitive={"arsak": SensitiveRisk(1, 2, 1234)},
        ),
        validation=ValidationReport(
            "extract",
            (
                Finding("alder.range", "alder", "error", True, 19337, 0, 0, "", "alder er rimelig", "age is fair"),
                Finding("ph.plausible", "ph", "warning", False, 19337, 12, 3, "", "pH er sannsynlig", "pH is likely"),
            ),
        ),
        gates=(Gate("G1", ("godkjent og gyldig", "approved and in force"), (), {"from": "2026-03-02"}),),
        inputs=(FileEntry("hospital.csv", 8411, SHA),),
        outputs=(FileEntry("data/extract.csv", 2412233, SHA),),
        policy_sha256="cd" * 32,
        codebook_sha256="ef" * 32,
        software={"hsr-privacy": "0.1.0"},
        created=TODAY,
        audit=None,
    )  # fmt: skip


@pytest.fixture(params=["report", "codebook"])
def page(request: pytest.FixtureRequest, content: ReportContent) -> str:
    return rendered(content, request.param)


def rendered(content: ReportContent, name: str) -> str:
    if name == "report":
        return report_page(content)
    described = CodebookContent(content.project, content.columns, SHA, TODAY)
    return codebook_page(described)


def test_a_page_is_well_formed(page: str) -> None:
    assert ET.fromstring(page).tag == "html"


def test_a_page_asks_nothing_of_the_network_and_runs_nothing(page: str) -> None:
    class Requests(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            names = dict(attrs)
            if tag in ("script", "link", "img", "iframe", "object", "embed", "base", "form"):
                self.found.append(tag)
            self.found += [name for name in names if name in ("src", "srcset", "data", "action")]
            self.found += [name for name in names if name.startswith("on")]
            if not (names.get("href") or "#").startswith("#"):
                self.found.append("href")

    parser = Requests()
    parser.feed(page)
    assert parser.found == []
    assert not re.search(r"https?:|url\(|@import|javascript:", page)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page


def test_what_people_wrote_is_text_and_not_markup(content: ReportContent) -> None:
    hostile = content.project.model_copy(
        update={
            "title": SCRIPT,
            "purpose_text": SCRIPT,
            "recipient": content.project.recipient.model_copy(update={"name": SCRIPT}),
        }
    )
    content = replace(
        content,
        project=hostile,
        steps=(Step(SCRIPT, {SCRIPT: 1}, {SCRIPT: SCRIPT}),),
        gates=(Gate("G1", (SCRIPT, SCRIPT), (SCRIPT,), {SCRIPT: SCRIPT}),),
        inputs=(FileEntry(SCRIPT, 1, SHA),),
    )
    for name in ("report", "codebook"):
        page = rendered(content, name)
        assert "<script" not in page
        assert SCRIPT in shown(page, "en")


def test_every_reader_sees_one_language(content: ReportContent) -> None:
    page = report_page(content)
    nb, en = shown(page, "nb"), shown(page, "en")
    assert "Kan utleveres." in nb
    assert "May be released." not in nb
    assert "May be released." in en
    assert "Kan utleveres." not in en


def test_every_text_in_bokmal_is_followed_by_the_same_in_english(page: str) -> None:
    pairs = 0
    for parent in ET.fromstring(page).iter():
        children = list(parent)
        for number, child in enumerate(children):
            if child.get("lang") == "nb":
                assert children[number + 1].get("lang") == "en"
                assert (child.tail or "").strip() == ""
                pairs += 1
    assert pairs > 50


def test_the_report_tells_what_was_done_in_both_languages(content: ReportContent) -> None:
    page = report_page(content)
    nb, en = shown(page, "nb"), shown(page, "en")
    assert "AMK: rader" in nb
    assert "Dispatch (AMK): rows" in en
    assert "før registeret begynte" in nb
    assert "17 214" in nb
    assert "1,6 %" in nb
    assert "1.6%" in en
    assert "Uten dem som har fått innvilget sletting." in nb
    assert "Nobody delivered: Dispatch (AMK)" in re.sub(r"\s+", " ", en)
    for digest in (SHA, content.policy_sha256, content.codebook_sha256):
        assert digest in page


def test_a_step_without_words_is_shown_as_it_is(content: ReportContent) -> None:
    text = shown(report_page(content), "nb")
    assert "shuffle twice" in text
    assert "cards dealt" in text


def test_a_warning_is_told_and_does_not_refuse(content: ReportContent) -> None:
    text = shown(report_page(content), "en")
    assert "Of 2 rules, 1 are broken; 0 of these stand against a release." in text
    assert "May be released." in text


def test_what_was_applied_for_approved_and_delivered_stand_side_by_side(
    content: ReportContent,
) -> None:
    page = report_page(content)
    nb, en = shown(page, "nb"), shown(page, "en")

    def row(text: str) -> str:
        return " ".join(text.replace(" : ", " ").split())

    assert (
        "alder Applied for single years Approved ten-year bands Delivered four age groups coarser "
        "than approved"
    ) in row(en)
    assert "alder Søkt om hele år Godkjent tiårsgrupper Levert fire aldersgrupper grovere" in row(
        nb
    )
    assert "17 of 19 337 values are removed" in en
    assert "t_anrop Applied for day Approved – Delivered – refused" in row(en)
    assert "The decision: Being alive after 24 hours" in en


def test_the_gates_of_the_handing_over_are_told_as_not_yet(content: ReportContent) -> None:
    text = shown(report_page(content), "en")
    for id_ in ("G8", "G9", "G10"):
        assert re.search(rf"{id_} [a-z ]+ … not yet", text)
    passed = Gate("G8", ("fire øyne", "four eyes"), (), {"reviews": 2})
    text = shown(report_page(replace(content, gates=(*content.gates, passed))), "en")
    assert "G8 four eyes ✓ passed" in text
    assert text.count("not yet") == 2


def differing(weight: Weight) -> Differencing:
    about = About("HDS-2025-0001", "Universitetet i Eksempelby", TODAY, 5, SHA)
    found = Label(nb="3 person(er) er bare i den nye", en="3 person(s) are in the new one only")
    why = Label(nb="Si hvem de er.", en="Say who they are.")
    one = Difference(
        "cohorts-12345678", "cohorts", weight, False, 5, (about,), {"only_new": 3}, found, why
    )
    return Differencing(5, 1, 0, (one,))


def test_what_must_be_accepted_is_told_on_top_and_by_its_id(content: ReportContent) -> None:
    page = report_page(replace(content, differencing=differing(Weight.ACCEPT)))
    text = shown(page, "en")
    assert "Differences from earlier releases that must be accepted in writing: 1." in text
    assert "who is in it cohorts-12345678 ? must be accepted in writing 3 person(s)" in text
    assert "Against: HDS-2025-0001, 2026-11-23" in text
    assert "må godtas skriftlig" in shown(page, "nb")


def test_what_is_only_told_asks_for_nothing(content: ReportContent) -> None:
    page = report_page(replace(content, differencing=differing(Weight.TOLD)))
    text = shown(page, "en")
    assert "! for your information" in text
    assert "--accept" not in page
    assert "must be accepted in writing" not in text


def test_a_release_without_earlier_ones_says_so(content: ReportContent) -> None:
    first = shown(report_page(replace(content, differencing=Differencing(5, 0, 0, ()))), "en")
    assert "The register remembers no earlier release" in first
    second = shown(report_page(replace(content, differencing=Differencing(5, 2, 0, ()))), "nb")
    assert "noe om færre enn 5 personer" in second
    assert "differencing" not in report_page(content)


def test_a_gate_that_is_closed_says_no_and_why(content: ReportContent) -> None:
    closed = Gate("G6", ("risiko", "risk"), ("the smallest class has 2 person(s)",), {"k": 2})
    text = shown(report_page(replace(content, gates=(*content.gates, closed))), "en")
    assert "May not be released." in text
    assert "May be released." not in text
    assert "the smallest class has 2 person(s)" in text


def test_a_report_on_nothing_can_be_read(content: ReportContent) -> None:
    nobody = replace(content.risk, rows=0, persons=0, classes=0, k=0, sizes=(), sensitive={})
    page = report_page(replace(content, steps=(), suppressed=None, risk=nobody))
    assert ET.fromstring(page).tag == "html"


def test_the_way_to_the_extract_is_measured_by_its_first_stage(content: ReportContent) -> None:
    stages = stages_of(content.steps, 11209)
    assert [stage.count for stage in stages] == [22418, 20000, 19650, 11209]
    assert [stages[0].share, stages[-1].share] == [1.0, 0.5]


@pytest.mark.parametrize(
    ("share", "nb", "en"),
    [
        (0, "0\u00a0%", "0%"),
        (0.00001, "< 0,01\u00a0%", "< 0.01%"),
        (0.00456, "0,46\u00a0%", "0.46%"),
        (0.0342, "3,4\u00a0%", "3.4%"),
        (0.2, "20\u00a0%", "20%"),
        (0.99995, "> 99,9\u00a0%", "> 99.9%"),
        (1, "100\u00a0%", "100%"),
    ],
)
def test_a_share_has_as_many_digits_as_it_deserves(share: float, nb: str, en: str) -> None:
    assert (share_text(share).nb, share_text(share).en) == (nb, en)


def test_thousands_stand_apart() -> None:
    assert count_text(1234567) == "1\u202f234\u202f567"
    assert count_text(999) == "999"


def test_the_columns_are_those_of_the_extract(columns: tuple[Column, ...]) -> None:
    names = [column.name for column in columns]
    assert names[:3] == ["person_lnr", "event_lnr", "event_type"]
    assert "t_rosc_min" in names
    assert "t_rosc" not in names


def test_a_generalized_column_has_the_texts_of_its_level(
    codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    county, cause, age = described(
        [("bostedskommune", "county"), ("arsak", "cause group"), ("alder", "10 years")],
        codebook,
        hierarchies,
    )[2:]
    assert "Vestland" in [value.text for value in county.values]
    meanings = {v.text: v.meaning.en for v in (*cause.values, *age.values) if v.meaning}
    assert meanings["medisinsk"] == "medical"
    assert meanings["25-34 år"] == "25-34 years"
    assert [value.text for value in cause.missing] == ["999"]


def test_a_column_of_codes_has_their_labels(
    codebook: Codebook, hierarchies: dict[str, Hierarchy]
) -> None:
    *_, sex, ph = described(
        [("kjonn", None), ("ph", hierarchies["ph"].level_names[0])], codebook, hierarchies
    )
    assert [(v.text, v.meaning and v.meaning.nb) for v in sex.values] == [
        ("1", "Mann"),
        ("2", "Kvinne"),
    ]
    assert [v.text for v in sex.missing] == ["999"]
    assert ph.values == ()


def test_every_count_of_the_register_has_words(codebook: Codebook) -> None:
    names = [f"left out: {reason}" for reason in Excluded]
    names += [
        "amk rows",
        "register rows with a person",
        "hospital rows without a usable identifier",
    ]
    for name in names:
        label = wording.count_label(name)
        assert label.nb not in (name, label.en)


def test_single_values_that_were_removed_are_told_per_variable(content: ReportContent) -> None:
    suppressed = Suppressed(0, 19650, 0, 0.05, gap=0.004, cells={"alder": 0, "kjonn": 393})
    page = report_page(replace(content, suppressed=suppressed))
    assert "They read 998" in page
    row = page[page.index("Verdier fjernet") :]
    assert '<span class="mono">kjonn</span></th><td class="n">393</td>' in row
    assert '<span class="mono">alder</span></th><td class="n">0</td>' not in row
    assert "No solution of the same kind can save more than" in page
    assert "They read 998" not in report_page(content)
    assert "No solution of the same kind costs less." in report_page(content)


def test_the_report_explains_itself_where_something_was_protected(content: ReportContent) -> None:
    place = HierarchyTable.from_rows("place", [("a", "*"), ("b", "*"), ("c", "*")], ("place", "*"))
    table = FrequencyTable.from_rows((place,), [[0], [0], [1], [1], [1], [2]])
    models = (KAnonymity(2),)
    solution = search(table, models=models, max_suppressed=0.2)
    told = explain(solution, models=models, max_suppressed=0.2)
    page = report_page(replace(content, explanation=told))
    assert "Hvorfor det ble slik" in page
    assert "Hvem det rammer" in page
    assert "Hvorfor det ble slik" not in report_page(content)


def test_a_page_does_not_hold_rows(content: ReportContent) -> None:
    def holds(value: Any) -> bool:
        return isinstance(value, (pl.DataFrame, Extract, Prepared))

    assert not any(holds(value) for value in vars(content).values())
