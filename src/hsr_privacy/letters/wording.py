"""Wording: what every letter says alike, in both languages."""

from __future__ import annotations

from typing import Final

from hsr_privacy.documents import Label


def _label(nb: str, en: str) -> Label:
    return Label(nb=nb, en=en)


def plain(text: str) -> Label:
    """A text that is the same in both languages, such as a path or a code."""
    return Label(nb=text, en=text)


NOBODY: Final = plain("–")
"""A dash: nothing was approved, delivered or written there."""

EMPTY: Final = _label("tom celle", "empty cell")

REMOVED: Final = _label(
    "Enkeltverdier er fjernet der kombinasjonen var sjelden, altså ikke tilfeldig: en analyse av bare "
    "fullstendige rader blir skjev. Hold dem atskilt fra ukjente verdier.",
    "Single values were removed where the combination was rare, so not at random: an analysis of complete "
    "rows only is biased. Keep them apart from unknown ones.",
)
"""What removed values do to analyses."""

SECTIONS: Final[dict[str, Label]] = {
    "approved": _label("Hva som er godkjent", "What was approved"),
    "delivered": _label("Hva som er levert", "What is delivered"),
    "missing": _label("Slik leses det som mangler", "How to read what is missing"),
    "analyses": _label("Analysene dere registrerte", "The analyses that you registered"),
    "conditions": _label("Vilkår", "Conditions"),
    "deletion": _label("Sletting", "Deletion"),
    "verify": _label("Åpne og kontrollere pakken", "Open and verify the package"),
    "files": _label("Filene", "The files"),
    "contact": _label("Kontakt", "Contact"),
}

DELIVERED_HEADS: Final = (
    _label("Variabel", "Variable"),
    _label("Søkt om", "Applied for"),
    _label("Godkjent", "Approved"),
    _label("Levert", "Delivered"),
    _label("Hvorfor", "Why"),
)
MISSING_HEADS: Final = (
    _label("Kode", "Code"),
    _label("I Stata", "In Stata"),
    _label("Betyr", "Means"),
)
FILE_HEADS: Final = (_label("Fil", "File"), _label("Hva det er", "What it is"))

CONDITIONS: Final = (
    _label(
        "Ingen skal forsøke å finne ut hvem noen er. Den som likevel kjenner igjen en person, har taushetsplikt, "
        "skal ikke si det videre og skal gi registeret beskjed.",
        "Nobody shall try to find out who anybody is. Whoever recognizes a person all the same is bound by "
        "confidentiality, must tell nobody, and must inform the register.",
    ),
    _label(
        "Ikke koble opplysningene til andre enn dem vedtaket nevner, heller ikke til andre utleveringer fra "
        "registeret.",
        "Do not link the data to others than the decision names, nor to other releases of the register.",
    ),
    _label(
        "Ikke gi opplysningene videre, heller ikke kodet eller i utdrag, og ikke legg dem i tjenester utenfor "
        "den avtalte kanalen.",
        "Do not pass the data on, not in other codes and not in part, and put them into no service outside "
        "the agreed channel.",
    ),
    _label(
        "Hvis noen trekker seg, sender registeret løpenummeret, og dere sletter alle radene med det.",
        "If somebody withdraws, the register sends the pseudonym, and you delete every row that has it.",
    ),
    _label(
        "Meld avvik med en gang: tapte filer, feil mottaker, tilgang for andre.",
        "Report a breach at once: lost files, a wrong recipient, access by others.",
    ),
)

DELETING: Final = (
    _label(
        "Slett alle kopier: den forseglede pakken, den åpnede mappen, filer som er laget av radene, og "
        "sikkerhetskopier. Programkode og tabeller og figurer der ingen kan kjennes igjen, kan beholdes.",
        "Delete every copy: the sealed package, the opened folder, files made of the rows, and backups. Program "
        "code, and tables and figures in which nobody can be recognized, may be kept.",
    ),
    _label(
        "Bekreft slettingen skriftlig til registeret, på skjemaet under. Bekreftelsen føres i "
        "utleveringsregisteret. Trenger dere mer tid, må dere søke om forlengelse før fristen.",
        "Confirm the deletion to the register in writing, on the form below. The confirmation is entered in "
        "the disclosure register. If you need more time, you must apply for an extension before that day.",
    ),
)

SLIP: Final = (
    _label(
        "Alle kopier, også sikkerhetskopier, ble slettet den",
        "All copies, backups included, were deleted on",
    ),
    _label("Slettet av (navn og stilling)", "Deleted by (name and position)"),
    _label("Prosjektleders underskrift", "Signature of the project's leader"),
)

FILES: Final[dict[str, Label]] = {
    "letter.html": _label("dette brevet", "this letter"),
    "letter.txt": _label("det samme som ren tekst", "the same as plain text"),
    "codebook.html": _label("hva hver kolonne er", "what each column is"),
    "report.html": _label(
        "hva som ble gjort, og hva det kostet", "what was done, and what it cost"
    ),
    "data/extract.parquet": _label(
        "dataene for R, Python og andre", "the data for R, Python and others"
    ),
    "data/extract.csv": _label("dataene som tekst", "the data as text"),
    "data/extract.dta": _label("dataene for Stata", "the data for Stata"),
    "data/extract.sav": _label("dataene for SPSS", "the data for SPSS"),
    "data/codebook.xlsx": _label("kodeboken som regneark", "the codebook as a workbook"),
    "data/codebook-rapwhale.csv": _label(
        "kodeboken slik kvalitetsregistrene utveksler den",
        "the codebook as quality registries exchange it",
    ),
    "data/datapackage.json": _label(
        "kolonnene for maskiner (Frictionless)", "the columns for machines (Frictionless)"
    ),
    "data/ro-crate-metadata.json": _label(
        "pakken for maskiner (RO-Crate)", "the package for machines (RO-Crate)"
    ),
    "data/healthdcat-ap.ttl": _label(
        "datasettet for kataloger (HealthDCAT-AP)", "the data set for catalogues (HealthDCAT-AP)"
    ),
    "risk.json": _label("rapportens tall for maskiner", "the report's figures for machines"),
    "validation.json": _label("hva valideringen fant", "what validation found"),
    "expectations.json": _label("hva som var ventet", "what was expected"),
    "manifest.json": _label(
        "hva som gikk inn, og hva som kom ut", "what went in, and what came out"
    ),
    "release.json": _label("kontrollsummene som er signert", "the digests that are signed"),
    "manifest-sha512.txt": _label(
        "kontrollsummer av det som ligger i data/", "digests of what lies in data/"
    ),
    "tagmanifest-sha512.txt": _label("kontrollsummer av resten", "digests of the rest"),
    "bagit.txt": _label("sier at pakken er en BagIt-pakke", "says that the package is a BagIt bag"),
    "bag-info.txt": _label("hva pakken er, i få linjer", "what the package is, in a few lines"),
    "signatures/": _label(
        "hvem som laget, gjennomgikk og godkjente", "who produced, reviewed and approved"
    ),
}
"""What the files of a package are, in the order in which a letter tells of them."""
