"""The description for catalogues is Turtle, says what must be said, and keeps the shapes of others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from hsr_privacy.errors import DataError
from hsr_privacy.metadata import Dataset, file_holding, healthdcat
from hsr_privacy.metadata.health import _triples
from hsr_privacy.metadata.turtle import Iri, Triple, as_turtle
from hsr_privacy.metadata.turtle import Literal as Text
from tests.desk import Desk
from tests.unit.metadata.extracts import DICTIONARY, Package

pytestmark = pytest.mark.usefixtures("no_network")

SHAPES = Path(__file__).parents[2] / "data" / "metadata" / "hdap-validator-sensitivity-shape.ttl"
ADMS = Namespace("http://www.w3.org/ns/adms#")
CSVW = Namespace("http://www.w3.org/ns/csvw#")
CV = Namespace("http://data.europa.eu/m8g/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
DCT = Namespace("http://purl.org/dc/terms/")
DPV = Namespace("https://w3id.org/dpv#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
HEALTH = Namespace("http://healthdataportal.eu/ns/health#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph().parse(SHAPES, format="turtle")
    misprinted = list(graph.subjects(SH.path, CSVW.titles))
    assert len(misprinted) == 1
    for shape in misprinted:  # see tests/data/metadata/README.md
        graph.set((shape, SH.path, CSVW.title))
    return graph


@pytest.fixture(scope="module")
def catalogued(laid: Package) -> Dataset:
    """As a catalogue outside asks for it: with addresses of offices, and a sample that anyone may see."""
    dataset = laid.dataset
    sample = replace(file_holding("data/sample.csv", b"made up"), use="sample")
    return replace(
        dataset.holding(sample),
        controller=replace(dataset.controller, email="office@register.example"),
        access_body=replace(dataset.access_body, email="office@access.example"),
    )


def graph_of(dataset: Dataset) -> Graph:
    return Graph().parse(data=healthdcat(dataset), format="turtle")


def missed(graph: Graph, shapes: Graph) -> set[tuple[str, str]]:
    """What the shapes miss: the end of the node's address, and of the property's."""
    conforms, report, _ = pyshacl.validate(
        graph, shacl_graph=shapes, inference="none", advanced=True
    )
    assert isinstance(report, Graph)
    results = {
        (end(report.value(one, SH.focusNode)), end(report.value(one, SH.resultPath)))
        for one in report.subjects(RDF.type, SH.ValidationResult)
    }
    assert conforms is not bool(results)
    return results


def end(node: object) -> str:
    return str(node).rpartition("#")[2].rpartition("/")[2]


def test_a_description_for_a_catalogue_keeps_the_shapes(catalogued: Dataset, shapes: Graph) -> None:
    assert missed(graph_of(catalogued), shapes) == set()


def test_what_leaves_the_house_lacks_addresses_of_offices_and_a_sample_only(
    laid: Package, shapes: Graph
) -> None:
    # Release 8 asks for none of them; the access body is told because its own address is missing.
    properties = {path for _, path in missed(graph_of(laid.dataset), shapes)}
    assert properties == {"mbox", "hdab", "hasEmail", "sample"}


def test_a_real_package_lacks_no_more(released: Desk, shapes: Graph) -> None:
    graph = Graph().parse(released.out / "data" / "healthdcat-ap.ttl", format="turtle")
    properties = {path for _, path in missed(graph, shapes)}
    assert properties == {"mbox", "hdab", "hasEmail", "sample"}


MANDATORY = (
    DCT.title,
    DCT.description,
    DCT.identifier,
    DCT.accessRights,
    DCT.publisher,
    DCT.provenance,
    DCT.spatial,
    DCT.type,
    DCAT.contactPoint,
    DCAT.distribution,
    DCAT.keyword,
    DCAT.theme,
    DCATAP.applicableLegislation,
    DPV.hasPurpose,
    ADMS.sample,
    HEALTH.hdab,
    HEALTH.healthCategory,
    HEALTH.healthTheme,
)


def test_each_property_that_is_mandatory_and_taken_away_is_missed(
    catalogued: Dataset, shapes: Graph
) -> None:
    graph, it = graph_of(catalogued), URIRef(catalogued.identifier)
    for name in MANDATORY:
        assert list(graph.objects(it, name))
        graph.remove((it, name, None))
    assert missed(graph, shapes) == {(end(it), end(name)) for name in MANDATORY}


def test_one_property_that_is_taken_away_is_all_that_is_missed(
    catalogued: Dataset, shapes: Graph
) -> None:
    graph, it = graph_of(catalogued), URIRef(catalogued.identifier)
    graph.remove((it, DCT.provenance, None))
    assert missed(graph, shapes) == {(end(it), "provenance")}


PARTS = (
    (DCAT.Distribution, DCAT.accessURL),
    (CSVW.Column, CSVW.title),
    (SPDX.Checksum, SPDX.checksumValue),
    (FOAF.Agent, FOAF.name),
    (VCARD.Kind, VCARD.hasURL),
)


def test_each_property_of_a_part_that_is_taken_away_is_missed(
    catalogued: Dataset, shapes: Graph
) -> None:
    graph = graph_of(catalogued)
    spoilt = set()
    for kind, name in PARTS:
        part = min(graph.subjects(RDF.type, kind))
        graph.remove((part, name, None))
        spoilt.add((end(part), end(name)))
    assert spoilt <= missed(graph, shapes)


def test_what_release_8_makes_mandatory_is_there(laid: Package) -> None:
    graph, it = graph_of(laid.dataset), URIRef(laid.dataset.identifier)

    def one(subject: object, name: URIRef) -> URIRef:
        (value,) = graph.objects(subject, name)
        return value

    assert str(one(it, DCT.accessRights)).endswith("/access-right/NON_PUBLIC")
    assert one(it, HEALTH.hasStructuredData) == Literal(True)
    for agent in (one(it, HEALTH.hdab), one(it, DCT.publisher)):
        point = one(agent, CV.contactPoint)
        assert (point, RDF.type, CV.ContactPoint) in graph
        assert one(point, CV.contactPage)
        assert len(list(graph.objects(agent, DCT.description))) == 1
    files = list(graph.objects(it, DCAT.distribution))
    assert len(files) == 4
    assert all((file, DCATAP.applicableLegislation, None) in graph for file in files)
    group = one(it, HEALTH.hasVariables)
    columns = list(graph.objects(one(group, CSVW.table), CSVW.column))
    assert len(columns) == len(DICTIONARY.fields)
    for column in columns:
        assert one(column, CSVW.name)
        assert one(column, CSVW.datatype)
        for name in (CSVW.title, DCT.description):
            assert languages(graph, column, name) == {"nb", "en"}
    for name in (DCT.title, DCT.description, DCAT.keyword, HEALTH.populationCoverage):
        assert languages(graph, it, name) == {"nb", "en"}


def languages(graph: Graph, node: object, name: URIRef) -> set[str | None]:
    return {one.language for one in graph.objects(node, name) if isinstance(one, Literal)}


def test_the_law_the_figures_and_the_days_are_the_projects(laid: Package) -> None:
    graph, it = graph_of(laid.dataset), URIRef(laid.dataset.identifier)
    basis = {end(one) for one in graph.objects(it, DPV.hasLegalBasis)}
    assert basis == {"A6-1-e", "A9-2-j", "law"}
    assert int(str(graph.value(it, HEALTH.numberOfRecords))) == 3
    assert int(str(graph.value(it, HEALTH.numberOfUniqueIndividuals))) == 2
    assert int(str(graph.value(it, HEALTH.minTypicalAge))) == 18
    assert graph.value(it, HEALTH.maxTypicalAge) is None
    kept = graph.value(it, HEALTH.retentionPeriod)
    assert str(graph.value(kept, DCAT.endDate)) == "2037-06-30"
    covered = graph.value(it, DCT.temporal)
    assert str(graph.value(covered, DCAT.startDate)) == "2013-01-01"
    pages = {end(one) for one in graph.objects(it, FOAF.page)}
    assert pages == {"codebook.xlsx", "codebook-rapwhale.csv"}


def test_the_turtle_holds_the_triples_that_were_meant(catalogued: Dataset) -> None:
    meant = Graph()
    for subject, predicate, value in _triples(catalogued):
        meant.add((URIRef(subject.address), URIRef(predicate.address), in_rdflib(value)))
    graph = graph_of(catalogued)
    assert isomorphic(graph, meant)
    assert len(graph) > 150
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]


def in_rdflib(value: Iri | Text) -> URIRef | Literal:
    if isinstance(value, Iri):
        return URIRef(value.address)
    datatype = None if value.datatype is None else URIRef(value.datatype)
    return Literal(value.text, lang=value.language, datatype=datatype, normalize=False)


HARD = [
    'quotes " and \\ and ""',
    "lines\nand\r\nand\ttabs",
    "æøå «» 漢 \U0001f9e0",
    "\x00\x01\x1f\x7f\x85\u2028\ufeff",
    '"""@en . <urn:x> <urn:y> "',
    "\\u0041 \\n",
    "",
]


@pytest.mark.parametrize("text", HARD)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    def told() -> Iterator[Triple]:
        node = Iri("urn:a")
        yield node, Iri("urn:b"), Text(text)
        yield node, Iri("urn:c"), Text(text, language="nb")
        yield node, Iri("urn:d"), Text(text, datatype="urn:type")

    graph = Graph().parse(data=as_turtle(told()), format="turtle")
    assert [str(value) for value in graph.objects()] == [text] * 3


@pytest.mark.parametrize(
    "address", ["helsedata.no", "https://a b", "https://a>", "", "https://å\n"]
)
def test_something_that_is_no_address_is_refused(laid: Package, address: str) -> None:
    body = replace(laid.dataset.access_body, page=address)
    with pytest.raises(DataError, match="web address"):
        healthdcat(replace(laid.dataset, access_body=body))
