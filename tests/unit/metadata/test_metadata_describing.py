"""What is said of an extract follows from the application and the figures, and names nobody."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import time
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from hsr_privacy.metadata import dataset_of, described, file_of
from hsr_privacy.metadata.model import Dataset, Software
from hsr_privacy.scanning import scan
from tests.unit.metadata.extracts import DICTIONARY, TODAY, Package, approved, package


def test_the_same_inputs_give_the_same_bytes_in_another_process(laid: Package) -> None:
    program = (
        "import hashlib; from hsr_privacy.metadata import described;"
        "from tests.unit.metadata.extracts import package;"
        "print(*[hashlib.sha256(one).hexdigest() for one in described(package().dataset).values()])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        env={"PYTHONHASHSEED": "7", "TZ": "Pacific/Apia"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = [hashlib.sha256(one).hexdigest() for one in described(laid.dataset).values()]
    assert done.stdout.split() == here


def test_nothing_that_names_a_person_is_found_in_it(laid: Package, tmp_path: Path) -> None:
    for path, content in described(laid.dataset).items():
        (tmp_path / Path(path).name).write_bytes(content)
    report = scan([tmp_path])
    assert report.findings == ()
    assert report.clean


def test_a_description_takes_less_than_a_twentieth_of_a_second(laid: Package) -> None:
    described(laid.dataset)
    began = time.process_time()
    for _ in range(5):
        described(laid.dataset)
    assert (time.process_time() - began) / 5 < 0.05


def test_the_crate_holds_the_digests_of_the_other_two(laid: Package) -> None:
    written = described(laid.dataset)
    crate = json.loads(written["data/ro-crate-metadata.json"])
    digests = {one["@id"]: one["sha512"] for one in crate["@graph"] if one["@type"] == "File"}
    for path in ("data/datapackage.json", "data/healthdcat-ap.ttl"):
        assert digests[path.removeprefix("data/")] == hashlib.sha512(written[path]).hexdigest()


def test_describing_twice_changes_nothing(laid: Package) -> None:
    first = described(laid.dataset)
    files = [
        file_of(path, size=len(one), sha512=hashlib.sha512(one).hexdigest())
        for path, one in first.items()
    ]
    assert described(laid.dataset.holding(*files)) == first


def test_an_identifier_is_made_of_the_release_alone(laid: Package) -> None:
    dataset = laid.dataset
    assert uuid.UUID(dataset.identifier.removeprefix("urn:uuid:")).version == 5
    assert replace(dataset, rows=9).identifier == dataset.identifier
    assert replace(dataset, release_id="another").identifier != dataset.identifier


def test_a_test_says_that_its_persons_do_not_exist() -> None:
    def told(environment: str) -> Dataset:
        return dataset_of(
            approved().model_copy(update={"environment": environment}),
            dictionary=DICTIONARY,
            release_id="a",
            issued=TODAY,
            rows=3,
            persons=2,
            software=Software("hsr-privacy", "0.1.0"),
        )

    assert told("test").title.nb.startswith("Syntetisk uttrekk")
    assert "none of the persons exists" in told("test").provenance.en
    assert told("production").title.en.startswith("Extract from")
    assert "ambulance" in told("production").provenance.en
    assert "synthetic data" not in {one.en for one in told("production").keywords}


@pytest.mark.parametrize(
    ("youngest", "oldest", "nb", "en"),
    [
        (None, None, "Personer i Norge med", "Persons in Norway with"),
        (18, None, "i Norge på 18 år eller mer med", "in Norway aged 18 or more with"),
        (None, 65, "i Norge på 65 år eller mindre med", "in Norway aged 65 or less with"),
        (18, 65, "i Norge på 18-65 år med", "in Norway aged 18-65 with"),
    ],
)
def test_the_population_is_that_of_the_cohort(
    youngest: int | None, oldest: int | None, nb: str, en: str
) -> None:
    project = approved()
    cohort = project.cohort.model_copy(update={"min_age": youngest, "max_age": oldest})
    dataset = dataset_of(
        project.model_copy(update={"cohort": cohort}),
        dictionary=DICTIONARY,
        release_id="a",
        issued=TODAY,
        rows=3,
        persons=2,
        software=Software("hsr-privacy", "0.1.0"),
    )
    assert nb in dataset.population.nb
    assert en in dataset.population.en
    assert dataset.ages == (youngest, oldest)


def test_a_file_that_no_package_has_is_a_document() -> None:
    file = file_of("data/x.rds", size=1, sha512="0" * 128)
    assert (file.use, file.media_type, file.label.en) == (
        "document",
        "application/octet-stream",
        "x.rds",
    )


def test_importing_the_room_brings_no_library_of_graphs() -> None:
    program = (
        "import sys, hsr_privacy.metadata;"
        "print({'rdflib', 'rocrate_validator', 'frictionless', 'polars', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
    assert package().dataset.rows == 3


def test_the_example_of_the_how_to_runs(no_network: None) -> None:
    page = Path(__file__).parents[3] / "docs" / "how-to" / "describe-an-extract.md"
    (block,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(block, page.name, "exec"), {})
