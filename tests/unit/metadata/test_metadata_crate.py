"""Other people's validator reads the crate inside of its bag, and finds what is missing."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import requests_cache
import urllib3
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.services import validate

from hsr_privacy.metadata import file_holding, ro_crate
from tests.desk import Desk
from tests.unit.metadata.extracts import Package

pytestmark = [
    pytest.mark.usefixtures("no_network"),
    # Of rdflib, by the validator; it takes any warning for a fault of its own.
    pytest.mark.filterwarnings("ignore:.*ConjunctiveGraph.*:DeprecationWarning"),
]

CONTEXT = Path(__file__).parents[2] / "data" / "metadata" / "ro-crate-1.1-context.jsonld"
ADDRESS = "https://w3id.org/ro/crate/1.1/context"
Node = dict[str, Any]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the validator has fetched before: the context, and nothing else."""
    path = tmp_path_factory.mktemp("answers") / "http"
    content = CONTEXT.read_bytes()
    answer = requests.Response()
    answer.status_code, answer.url = 200, ADDRESS
    answer.headers["Content-Type"] = "application/ld+json"
    answer.request = requests.Request("GET", ADDRESS).prepare()
    answer.raw = urllib3.HTTPResponse(
        io.BytesIO(content), status=200, preload_content=False, request_url=ADDRESS
    )
    with requests_cache.CachedSession(str(path), backend="sqlite", expire_after=-1) as session:
        session.cache.save_response(answer)
        session.cache.close()  # type: ignore[no-untyped-call]
    return path


def found(folder: Path, answers: Path, severity: Severity = Severity.REQUIRED) -> set[str]:
    """Names of the checks that fail, of this severity and above."""
    settings = ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="ro-crate-1.1",
        requirement_severity=severity,
        cache_path=answers,
        offline=True,
    )
    result = validate(settings)
    names = {issue.check.name for issue in result.get_issues(severity)}
    assert result.passed(severity) is not bool(names)
    return names


def crate_of(laid: Package) -> list[Node]:
    graph: list[Node] = ro_crate(laid.dataset)["@graph"]
    return graph


def nodes(graph: list[Node]) -> dict[str, Node]:
    return {one["@id"]: one for one in graph}


def test_a_crate_in_its_bag_is_what_is_required_and_recommended(
    laid: Package, tmp_path: Path, answers: Path
) -> None:
    assert found(laid.lay(tmp_path), answers, Severity.RECOMMENDED) == set()


def without(name: str, *, of: str = "./") -> Callable[[list[Node]], None]:
    def change(graph: list[Node]) -> None:
        del nodes(graph)[of][name]

    return change


def renamed(graph: list[Node]) -> None:
    nodes(graph)["./"]["hasPart"].append({"@id": "extract.rds"})
    graph.append({"@id": "extract.rds", "@type": "File", "name": "R"})


def apart(graph: list[Node]) -> None:
    parts = nodes(graph)["./"]["hasPart"]
    nodes(graph)["./"]["hasPart"] = [one for one in parts if one["@id"] != "extract.csv"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without("license"), "Root Data Entity: `license` property"),
        (
            without("conformsTo", of="ro-crate-metadata.json"),
            "Metadata File Descriptor entity: `conformsTo` property",
        ),
        (renamed, "Data Entity: REQUIRED resource availability"),
        (apart, "Data Entity MUST be directly referenced"),
    ],
)
def test_what_is_required_and_taken_away_is_missed(
    laid: Package,
    tmp_path: Path,
    answers: Path,
    change: Callable[[list[Node]], None],
    said: str,
) -> None:
    folder = laid.lay(tmp_path)
    file = folder / "data" / "ro-crate-metadata.json"
    crate = json.loads(file.read_text(encoding="utf-8"))
    change(crate["@graph"])
    file.write_text(json.dumps(crate), encoding="utf-8")
    assert said in found(folder, answers)


def test_every_file_of_the_payload_is_told_with_its_digest(laid: Package, tmp_path: Path) -> None:
    folder = laid.lay(tmp_path) / "data"
    crate = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    told = {one["@id"]: one for one in crate["@graph"] if one["@type"] == "File"}
    there = {path.name for path in folder.iterdir()} - {"ro-crate-metadata.json"}
    assert told.keys() == there
    assert {one["@id"] for one in nodes(crate["@graph"])["./"]["hasPart"]} == there
    for name, file in told.items():
        content = (folder / name).read_bytes()
        assert file["sha512"] == file_holding(f"data/{name}", content).sha512
        assert file["contentSize"] == str(len(content))


def test_the_gates_are_assessments_in_their_phases(laid: Package) -> None:
    graph = nodes(crate_of(laid))
    phases = {
        name: one.get("additionalType", {}).get("@id", "").rpartition("#")[2]
        for name, one in graph.items()
        if one["@type"] == "AssessAction"
    }
    assert phases["#G5"] == "ValidationCheck"
    assert phases["#G3"] == phases["#G6"] == "DisclosureCheck"
    assert phases["#G1"] == ""
    assert {one["@id"] for one in graph["./"]["mentions"]} == {"#extraction", *phases}


def test_everything_that_is_pointed_at_is_there(laid: Package) -> None:
    graph = crate_of(laid)
    there = nodes(graph).keys()
    assert len(there) == len(graph)
    for node in graph:
        for name, value in node.items():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict) and name not in {"conformsTo", "additionalType"}:
                    assert one["@id"] in there, name


def test_a_real_package_is_what_is_required_and_recommended(released: Desk, answers: Path) -> None:
    assert found(released.out, answers, Severity.RECOMMENDED) == set()
