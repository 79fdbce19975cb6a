"""A small extract of every kind of column, its package, and the application that it was made for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hsr_privacy import load_codebook, load_hierarchies
from hsr_privacy.configs import shipped
from hsr_privacy.dictionary import Dictionary, Field, Value
from hsr_privacy.documents import Label
from hsr_privacy.metadata import (
    Dataset,
    Signer,
    Software,
    check_of,
    dataset_of,
    described,
    file_holding,
)
from hsr_privacy.project import Project, load_project

TODAY = dt.date(2026, 11, 23)
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
UNKNOWN = Value("999", Label(nb="Ukjent", en="Unknown"), is_missing=True)


def label(nb: str, en: str) -> Label:
    return Label(nb=nb, en=en)


DICTIONARY = Dictionary(
    "extract",
    label("Uttrekk: «hjertestans»", "Extract: “cardiac arrest”"),
    (
        Field(
            "person_lnr", label("Person", "Person"), "text", pattern="[A-Z]{3}", role="pseudonym"
        ),
        Field("event_lnr", label("Hendelse", "Event"), "text", required=True, unique=True),
        Field(
            "kjonn",
            label("Kjønn", "Sex"),
            "integer",
            values=(
                Value("1", label("Mann", "Man")),
                Value("2", label("Kvinne", "Woman")),
                UNKNOWN,
            ),
            required=True,
        ),
        Field(
            "alder",
            label("Alder", "Age"),
            "text",
            description=label(
                'I tiår.\n"Fylte" år \\ hele', 'In decades.\n"Completed" years \\ whole'
            ),
            values=(Value("18-49 år", label("18-49 år", "18-49 years")), Value("50+")),
            detail=label("tiårsgrupper", "ten-year bands"),
            role="quasi-identifier",
        ),
        Field("endring", label("Endring", "Change"), "text", values=(Value("+2 eller mer"),)),
        Field(
            "temp",
            label("Temperatur", "Temperature"),
            "decimal",
            unit=label("°C", "°C"),
            values=(UNKNOWN,),
            minimum=10,
            maximum=45.5,
        ),
        Field("minutter", label("Minutter", "Minutes"), "integer", minimum=0, maximum=998),
        Field("dag", label("Dag", "Day"), "date"),
        Field("tid", label("Klokkeslett", "Clock time"), "datetime"),
    ),
    key=("event_lnr",),
)
CSV = """\
person_lnr;event_lnr;kjonn;alder;endring;temp;minutter;dag;tid
ABC;e1;1;18-49 år;'+2 eller mer;36,5;998;2020-01-02;2020-01-02T03:04:05.000000
ABC;e2;999;50+;;999,0;0;2020-02-03;
XYZ;e3;2;;;;;;
"""


@cache
def approved() -> Project:
    return load_project(
        shipped("configs", "projects", "bystander-cpr-survival.yaml"),
        codebook=load_codebook(),
        hierarchies=load_hierarchies(),
        today=TODAY,
    )


@dataclass(frozen=True)
class Package:
    """A data set and the files that it describes."""

    dataset: Dataset
    files: dict[str, bytes]

    def lay(self, folder: Path, **changed: bytes) -> Path:
        """Write a package that is a bag, some of its files changed."""
        inside = {**self.files, **described(self.dataset), "bagit.txt": BAGIT}
        for path, content in inside.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(changed.get(Path(path).stem, content))
        return folder


def package(csv: str = CSV) -> Package:
    files = {
        "data/extract.csv": csv.encode(),
        "data/extract.parquet": b"rows",
        "data/extract.dta": b"rows",
        "data/extract.sav": b"rows",
        "data/codebook.xlsx": b"columns",
        "data/codebook-rapwhale.csv": b"columns",
        "report.html": b"figures",
        "letter.html": b"words",
    }
    dataset = dataset_of(
        approved(),
        dictionary=DICTIONARY,
        release_id="HDS-2026-0417-2026-11-23",
        issued=TODAY,
        rows=3,
        persons=2,
        software=Software("hsr-privacy", "0.1.0"),
        files=[file_holding(path, content) for path, content in files.items()],
        checks=[
            check_of(f"G{n}", title=label("Noe holder", "Something holds"), passed=True, day=TODAY)
            for n in range(1, 8)
        ],
        people=[Signer("producer", "SHA256:ab/cd+ef")],
    )
    return Package(dataset, files)
