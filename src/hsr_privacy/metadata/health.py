"""HealthDCAT-AP: an extract as a health data catalogue describes it, written as Turtle.

By release 8 for data that are not public. Terms of release 5 that catalogues still read (publisher's
type, note and homepage) stand beside their successors.

Source: HealthDCAT-AP release 8, https://code.europa.eu/healthdataeu/healthdcat-ap
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from hsr_privacy.dictionary import Field, Kind
from hsr_privacy.documents import Label
from hsr_privacy.metadata import vocabulary as of
from hsr_privacy.metadata.agents import address_of, page_of
from hsr_privacy.metadata.model import Agent, DataFile, Dataset, Use
from hsr_privacy.metadata.turtle import Iri, Literal, Node, Triple, as_turtle
from hsr_privacy.metadata.vocabulary import term

_DATATYPES: Final[dict[Kind, str]] = {
    "integer": "integer",
    "decimal": "decimal",
    "text": "string",
    "date": "date",
    "datetime": "dateTime",
}
_LINKS: Final[dict[Use, str]] = {
    "table": "dcat:distribution",
    "sample": "adms:sample",
    "report": "healthdcatap:analytics",
}
_VARIABLES: Final = Label(nb="Variabler i uttrekket", en="Variables of the extract")


def healthdcat(dataset: Dataset) -> str:
    """Describe an extract for a health data catalogue.

    Tables are distributions, reports analytics, and codebooks pages; what has no web address is
    named by the data set's own. A catalogue finds who gives access, never the data.

    Returns:
        Turtle.

    Raises:
        DataError: the page of an agent is no web address.
    """
    return as_turtle(_triples(dataset))


def _triples(dataset: Dataset) -> Iterator[Triple]:
    it = Iri(dataset.identifier)
    yield from _what(it, dataset)
    yield from _who(it, dataset)
    yield from _whom(it, dataset)
    yield from _why(it, dataset)
    for file in dataset.payload:
        yield from _file(it, file, dataset)
    yield from _columns(it, dataset)


def _what(it: Iri, dataset: Dataset) -> Iterator[Triple]:
    """What it is called, where it belongs and what law it is under."""
    yield it, _p("rdf:type"), _p("dcat:Dataset")
    yield it, _p("dct:identifier"), Literal(dataset.identifier, datatype=term("xsd:anyURI"))
    yield from _told(it, "dct:title", dataset.title)
    yield from _told(it, "dct:description", dataset.description)
    yield it, _p("dct:issued"), _day(dataset.issued)
    yield it, _p("dct:type"), Iri(of.DATASET_TYPES[dataset.environment])
    yield it, _p("dct:accessRights"), Iri(of.NON_PUBLIC)
    yield it, _p("dcatap:applicableLegislation"), Iri(of.EHDS)
    yield it, _p("dcatap:applicableLegislation"), Iri(of.HELSEREGISTERLOVEN)
    yield it, _p("dcat:theme"), Iri(of.HEALTH)
    yield from _concept(it, "healthdcatap:healthCategory", of.HEALTH_CATEGORY)
    yield from _concept(it, "healthdcatap:healthTheme", of.HEALTH_THEME)
    for keyword in dataset.keywords:
        yield from _told(it, "dcat:keyword", keyword)
    for language in of.LANGUAGES:
        yield it, _p("dct:language"), Iri(language)
    number = _part(it, "release")
    yield it, _p("adms:identifier"), number
    yield number, _p("rdf:type"), _p("adms:Identifier")
    yield number, _p("skos:notation"), Literal(dataset.release_id)
    for law in (of.EHDS, of.HELSEREGISTERLOVEN):
        yield Iri(law), _p("rdf:type"), _p("eli:LegalResource")


def _who(it: Iri, dataset: Dataset) -> Iterator[Triple]:
    """Who answers for it, who decides on access and who is asked."""
    holder, body = Iri(address_of(dataset.controller)), Iri(address_of(dataset.access_body))
    yield it, _p("dct:publisher"), holder
    yield it, _p("geodcatap:custodian"), holder
    yield it, _p("healthdcatap:hdab"), body
    contact = _part(it, "contact")
    yield it, _p("dcat:contactPoint"), contact
    yield contact, _p("rdf:type"), _p("vcard:Kind")
    yield contact, _p("vcard:fn"), Literal(dataset.access_body.name)
    if dataset.access_body.page is not None:
        yield contact, _p("vcard:hasURL"), Iri(dataset.access_body.page)
    if dataset.access_body.email is not None:
        yield contact, _p("vcard:hasEmail"), Iri(f"mailto:{dataset.access_body.email}")
    for node, agent in {holder: dataset.controller, body: dataset.access_body}.items():
        yield from _agent(node, agent)


def _agent(node: Iri, agent: Agent) -> Iterator[Triple]:
    point = Iri(f"{node.address}#contact")
    yield node, _p("rdf:type"), _p("foaf:Agent")
    yield node, _p("foaf:name"), Literal(agent.name, language="nb")
    if agent.kind is not None:
        yield node, _p("dct:type"), Iri(of.PUBLISHER_TYPE + agent.kind)
        yield node, _p("healthdcatap:publisherType"), Iri(of.PUBLISHER_TYPE + agent.kind)
    # None has been named in Norway yet (EHDS, article 72).
    yield node, _p("healthdcatap:trustedDataHolder"), Literal("false", datatype=term("xsd:boolean"))
    if agent.note is not None:
        yield node, _p("dct:description"), Literal(agent.note.nb, language="nb")
        yield from _told(node, "healthdcatap:publisherNote", agent.note)
    yield node, _p("cv:contactPoint"), point
    yield point, _p("rdf:type"), _p("cv:ContactPoint")
    if agent.page is not None:
        yield node, _p("foaf:homepage"), Iri(agent.page)
        yield point, _p("cv:contactPage"), Iri(agent.page)
    if agent.email is not None:
        yield node, _p("foaf:mbox"), Iri(f"mailto:{agent.email}")
        yield point, _p("cv:email"), Literal(agent.email)


def _whom(it: Iri, dataset: Dataset) -> Iterator[Triple]:
    """Whom and when it covers."""
    for name, count in (
        ("numberOfRecords", dataset.rows),
        ("numberOfUniqueIndividuals", dataset.persons),
        ("minTypicalAge", dataset.ages[0]),
        ("maxTypicalAge", dataset.ages[1]),
    ):
        if count is not None:
            yield it, _p(f"healthdcatap:{name}"), _count(count)
    yield from _told(it, "healthdcatap:populationCoverage", dataset.population)
    yield it, _p("dct:spatial"), Iri(of.NORWAY)
    yield from _period(it, "dct:temporal", "covers", dataset.period)
    kept = (dataset.issued, dataset.deletion)
    yield from _period(it, "healthdcatap:retentionPeriod", "kept", kept)


def _why(it: Iri, dataset: Dataset) -> Iterator[Triple]:
    """Where it comes from, and on what ground and for what it may be used."""
    yield from _note(it, "dct:provenance", "provenance", "dct:ProvenanceStatement")
    yield from _told(_part(it, "provenance"), "rdfs:label", dataset.provenance)
    yield from _note(it, "dpv:hasPurpose", "purpose", "dpv:Purpose")
    yield from _told(_part(it, "purpose"), "dct:description", dataset.purpose)
    basis = dataset.legal_basis
    for article in (f"A6-1-{basis.gdpr6}", f"A9-2-{basis.gdpr9}"):
        yield it, _p("dpv:hasLegalBasis"), Iri(of.GDPR + article)
        yield Iri(of.GDPR + article), _p("rdf:type"), _p("dpv:LegalBasis")
    yield from _note(it, "dpv:hasLegalBasis", "law", "dpv:LegalBasis")
    yield from _told(
        _part(it, "law"),
        "dct:description",
        Label(
            nb=f"{basis.national}; taushetsplikt: {basis.confidentiality.nb}",
            en=f"{basis.national}; confidentiality: {basis.confidentiality.en}",
        ),
    )
    if dataset.degree != "anonymous":
        yield it, _p("dpv:hasPersonalData"), Iri(of.PERSONAL_DATA)
        yield Iri(of.PERSONAL_DATA), _p("rdf:type"), _p("dpv:PersonalData")
    yield from _note(it, "prov:wasGeneratedBy", "made", "prov:Activity")
    software = f"{dataset.software.name} {dataset.software.version}"
    yield _part(it, "made"), _p("rdfs:label"), Literal(software)


def _file(it: Iri, file: DataFile, dataset: Dataset) -> Iterator[Triple]:
    """One file: a table, a sample or a report to be had, or a codebook to be read."""
    node = _part(it, f"file/{file.name}")
    if file.use == "codebook":
        yield it, _p("foaf:page"), node
        yield node, _p("rdf:type"), _p("foaf:Document")
        yield from _told(node, "dct:title", file.label)
    if file.use not in _LINKS:
        return
    yield it, _p(_LINKS[file.use]), node
    yield node, _p("rdf:type"), _p("dcat:Distribution")
    yield from _told(node, "dct:title", file.label)
    yield node, _p("dcatap:applicableLegislation"), Iri(of.EHDS)
    yield node, _p("dcat:accessURL"), Iri(page_of(dataset.access_body))
    end = PurePosixPath(file.name).suffix
    yield node, _p("dct:format"), Iri(of.FILE_TYPES.get(end, of.OTHER_FILE_TYPE))
    yield node, _p("dcat:mediaType"), Iri(of.MEDIA_TYPES + file.media_type)
    yield node, _p("dcat:byteSize"), _count(file.bytes)
    yield node, _p("adms:status"), Iri(of.COMPLETED)
    yield node, _p("dct:rights"), _part(it, "terms")
    yield _part(it, "terms"), _p("rdf:type"), _p("dct:RightsStatement")
    yield from _told(_part(it, "terms"), "rdfs:label", dataset.terms)
    sum_ = _part(it, f"sha512/{file.name}")
    yield node, _p("spdx:checksum"), sum_
    yield sum_, _p("rdf:type"), _p("spdx:Checksum")
    yield sum_, _p("spdx:algorithm"), Iri(of.SHA512)
    yield sum_, _p("spdx:checksumValue"), Literal(file.sha512, datatype=term("xsd:hexBinary"))


def _columns(it: Iri, dataset: Dataset) -> Iterator[Triple]:
    """The columns, as tables on the web describe them."""
    true = Literal("true", datatype=term("xsd:boolean"))
    group, table = _part(it, "variables"), _part(it, "table")
    yield it, _p("healthdcatap:hasStructuredData"), true
    yield it, _p("healthdcatap:hasVariables"), group
    yield group, _p("rdf:type"), _p("csvw:TableGroup")
    yield from _told(group, "dct:title", _VARIABLES)
    yield group, _p("csvw:table"), table
    yield table, _p("rdf:type"), _p("csvw:Table")
    yield from _told(table, "dct:title", dataset.dictionary.title)
    for field in dataset.dictionary:
        yield table, _p("csvw:column"), _part(it, f"column/{field.name}")
    for field in dataset.dictionary:
        yield from _column(_part(it, f"column/{field.name}"), field)


def _column(node: Iri, field: Field) -> Iterator[Triple]:
    yield node, _p("rdf:type"), _p("csvw:Column")
    yield node, _p("csvw:name"), Literal(field.name)
    yield from _told(node, "csvw:title", field.label)
    yield from _told(node, "dct:description", field.description or field.label)
    yield node, _p("csvw:datatype"), Literal(_DATATYPES[field.kind])


def _period(it: Iri, predicate: str, name: str, days: tuple[dt.date, dt.date]) -> Iterator[Triple]:
    yield from _note(it, predicate, name, "dct:PeriodOfTime")
    yield _part(it, name), _p("dcat:startDate"), _day(days[0])
    yield _part(it, name), _p("dcat:endDate"), _day(days[1])


def _note(it: Iri, predicate: str, name: str, kind: str) -> Iterator[Triple]:
    yield it, _p(predicate), _part(it, name)
    yield _part(it, name), _p("rdf:type"), _p(kind)


def _concept(it: Iri, predicate: str, listed: tuple[str, str, Label]) -> Iterator[Triple]:
    address, scheme, name = listed
    yield it, _p(predicate), Iri(address)
    yield Iri(address), _p("rdf:type"), _p("skos:Concept")
    yield from _told(Iri(address), "skos:prefLabel", name)
    yield Iri(address), _p("skos:inScheme"), Iri(scheme)


def _told(node: Iri, predicate: str, label: Label) -> Iterator[Triple]:
    yield node, _p(predicate), Literal(label.nb, language="nb")
    yield node, _p(predicate), Literal(label.en, language="en")


def _part(it: Iri, name: str) -> Iri:
    return Iri(f"{it.address}#{quote(name)}")


def _p(name: str) -> Iri:
    return Iri(term(name))


def _day(day: dt.date) -> Node:
    return Literal(day.isoformat(), datatype=term("xsd:date"))


def _count(number: int) -> Node:
    return Literal(str(number), datatype=term("xsd:nonNegativeInteger"))
