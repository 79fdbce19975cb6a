"""What other programs got wrong, one by one: a test that bears the name of each trap.

The traps are facts about published versions of other programs; each test shows that this one does
not have them, through what a user can call.
"""

from __future__ import annotations

import ast
import copy
import dataclasses
import hashlib
import itertools
import logging
import pickle
import re
import stat
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

import hsr_privacy
from hsr_privacy import pseudonymize, pseudonymize_identifiers, shift_dates
from hsr_privacy.cli.main import root, run
from hsr_privacy.errors import DataError, HsrError, KeyRingError
from hsr_privacy.identifiers import make_national_ids
from hsr_privacy.identities import IdentityStore
from hsr_privacy.keys import KeyRing, ProjectKey, Secret
from hsr_privacy.keys.derivation import encode
from hsr_privacy.keys.key import Algorithm, Subject
from hsr_privacy.packaging import read_package
from hsr_privacy.pseudonymization.encoding import message
from hsr_privacy.pseudonymization.mac import column_function, text_function
from hsr_privacy.pseudonymization.text_form import TEXT_BITS
from tests.desk import Desk

SOURCES = sorted(Path(hsr_privacy.__path__[0]).rglob("*.py"))
SECRET = b"trap-key-0123456789-trap-key-abc"
BORN = np.array(["1950-06-15", "1931-01-31", "2001-12-24"], dtype="datetime64[D]")
NUMBERS = make_national_ids(BORN, np.array([1, 2, 1]), rng=np.random.default_rng(5)).tolist()


def key(
    *,
    subject: Subject = "national-id",
    algorithm: Algorithm = "hmac-sha256-128",
    purpose: Any = "pseudonym",
) -> ProjectKey:
    return ProjectKey("P-1", purpose, subject, algorithm, 1, "0011223344", Secret(SECRET))


def pseudonymized(values: list[Any], **options: Any) -> pl.DataFrame:
    data = pl.DataFrame({"fnr": pl.Series(values, dtype=pl.String)})
    return pseudonymize_identifiers(data, "fnr", key=key(), into="p", profile="test", **options)


def test_trap_of_dapla_what_cannot_be_mapped_does_not_pass_through() -> None:
    """A value without a counterpart went on unchanged, in another domain."""
    unmapped = ["12345678901", "Ola Nordmann", NUMBERS[0][:-1]]
    for unusable in ("missing", "random"):
        out = pseudonymized([*unmapped, *NUMBERS], unusable=unusable)["p"].to_list()
        assert not set(out) & {*unmapped, *NUMBERS}
    assert pseudonymized(unmapped)["p"].null_count() == 3


def test_trap_of_tink_fpe_short_values_and_tails_do_not_stay_in_clear() -> None:
    """Strings under four characters, and the ends of long ones, stayed readable."""
    out = "".join(pseudonymized(NUMBERS)["p"].to_list())
    for number in NUMBERS:
        assert not any(number[at : at + 4] in out for at in range(8))
    for short in ("1", "123", "ola", "Åse"):
        assert pseudonymized([short])["p"].to_list() == [None]
        with pytest.raises(DataError):
            text_function(key())(pa.array([short]))


def test_trap_of_daplas_builder_two_configurations_do_not_share_state() -> None:
    """A second builder changed what the first one saw."""
    one = key()
    other = dataclasses.replace(one, project_id="P-2", secret=Secret(bytes(32)))
    functions = [text_function(one), text_function(other)]
    column = pa.array(NUMBERS)
    first = functions[0](column).to_pylist()
    functions[1](column)
    assert functions[0](column).to_pylist() == first
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.project_id = "P-3"  # type: ignore[misc]


def test_trap_of_the_redactor_no_digits_of_an_identifier_are_logged(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Six digits were shown as harmless: the date of birth."""
    caplog.set_level(logging.DEBUG)
    (tmp_path / "p.csv").write_text("fnr\n" + "\n".join([*NUMBERS, "12345"]) + "\n")
    pseudonymized([*NUMBERS, "12345"])
    run(["ids", "check", str(tmp_path / "p.csv"), "--column", "fnr", "--profile", "test"])
    said = caplog.text + "".join(capfd.readouterr())
    for number in NUMBERS:
        assert number[:6] not in said
    assert "12345" not in said


def test_trap_of_openpseudonymiser_values_do_not_run_into_each_other() -> None:
    """Values were put together without a boundary, and blanks taken out."""
    parts = [("ab", "c"), ("a", "bc"), ("abc",), ("ab", "c", ""), ("", "ab", "c"), ("a b", "c")]
    written = {encode(*one) for one in parts}
    assert len(written) == len(parts)
    messages = {message("person-key", bytes(16)), message("event-key", bytes(16))}
    messages |= {message("national-id", one.encode()) for one in ("1" * 11, "1" * 12, "4" * 11)}
    assert len(messages) == 5


def test_trap_of_openpseudonymiser_the_key_does_not_come_with_the_program(ring: KeyRing) -> None:
    """The salt was encrypted so that everybody with the open source could read it."""
    secret = ring.project_key("P-1", create=True).unsafe_bytes()
    held = ring.contents
    assert held.active.key is not None
    kept = ring.path.read_bytes()
    for one in (secret, held.active.key.unsafe_bytes(), held.projects[0].salt.unsafe_bytes()):
        assert one not in kept
    other = KeyRing.create(
        ring.path.with_name("other"),
        "correct horse battery staple",
        registry_id="test",
        environment="test",
    )
    assert other.project_key("P-1", create=True).unsafe_bytes() != secret


def test_trap_of_the_key_by_mail_a_ring_is_opened_by_its_keeper_only(ring: KeyRing) -> None:
    """The key server was a person who could mail the salt."""
    assert stat.S_IMODE(ring.path.stat().st_mode) == 0o600
    ring.path.chmod(0o640)
    with pytest.raises(KeyRingError, match="can be used by others"):
        KeyRing.open(ring.path, "correct horse battery staple")


def options() -> list[tuple[str, str]]:
    """Every option of every command."""
    found: list[tuple[str, str]] = []

    def walk(command: Any, name: str) -> None:
        found.extend((name, option) for one in command.params for option in one.opts)
        for child in getattr(command, "commands", {}):
            walk(command.commands[child], f"{name} {child}")

    for group in root.list_commands(None):  # type: ignore[arg-type]
        walk(root.get_command(None, group), group)  # type: ignore[arg-type]
    return found


def test_trap_of_co_connect_no_secret_has_an_option_or_a_variable_of_the_environment() -> None:
    """The salt stood on the command line, and in the log."""
    all_options = options()
    assert len(all_options) > 60
    taken = {option for _, option in all_options}
    assert not taken & {"--passphrase", "--password", "--pin", "--salt", "--key", "--secret"}
    read = re.compile(r"environ\b|getenv")
    reading = {path.name for path in SOURCES if read.search(path.read_text(encoding="utf-8"))}
    assert not reading & {
        path.name for path in SOURCES if path.parent.name in {"keys", "identities"}
    }


def test_trap_of_co_connect_neither_key_nor_column_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The salt was logged at INFO, the column at DEBUG."""
    caplog.set_level(logging.DEBUG)
    out = pseudonymized(NUMBERS)["p"].to_list()
    for one in (*NUMBERS, *out, SECRET.decode(), SECRET.hex()):
        assert one not in caplog.text


def test_trap_of_crate_no_weak_hash_can_be_chosen(ring: KeyRing) -> None:
    """The default was HMAC-MD5."""
    calls = re.compile(r"\b(md5|sha1)\s*\(|\b(MD5|SHA1)\s*\(")
    assert not [path.name for path in SOURCES if calls.search(path.read_text(encoding="utf-8"))]
    weak: Any = "hmac-md5"
    with pytest.raises((KeyError, HsrError)):
        column_function(
            dataclasses.replace(key(), algorithm=weak)
        )(pa.array(NUMBERS))  # fmt: skip
    assert ring.project_key("P", create=True).algorithm == "hmac-sha256-128"


def test_trap_of_crate_two_patients_without_an_identifier_are_not_one(
    tmp_path: Path, ring: KeyRing
) -> None:
    """hash(None) is the same for everybody who has no number."""
    nobody = [None, "", "nan", "None", "0", "00000000000", "99999999999", "NULL"]
    assert pseudonymized(nobody)["p"].null_count() == len(nobody)
    drawn = pseudonymized(nobody * 3, unusable="random")["p"]
    assert drawn.n_unique() == 3 * len(nobody)
    with IdentityStore(tmp_path / "identity.sqlite", ring) as store:
        records = store.unidentified(["hospital|1", "hospital|2"])
        assert len(set(records.values())) == 2


def test_trap_of_mainzelliste_nothing_secret_comes_from_a_seeded_generator() -> None:
    """Eight characters from java.util.Random, seeded by the clock."""
    secret_rooms = {"keys", "identities", "pseudonymization", "linking", "reidentification"}
    weak = {"random.random", "random.randint", "random.choice", "random.Random", "np.random"}
    for path in SOURCES:
        if path.parent.name in secret_rooms:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            calls = {
                ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)
            }
            assert not {call for call in calls if any(call.startswith(one) for one in weak)}, path
    assert TEXT_BITS >= 100


def test_trap_of_castellum_a_pseudonym_is_long_enough_for_everybody() -> None:
    """Forty bits are for a laboratory, not for a nation."""
    ever = 1e7
    assert ever * ever / 2 ** (TEXT_BITS + 1) < 1e-9


def test_trap_of_deidkit_the_result_does_not_depend_on_which_rows_came_first() -> None:
    """Short tokens were made unique by counting attempts."""
    whole = dict(zip(NUMBERS, pseudonymized(NUMBERS)["p"], strict=True))
    for order in itertools.permutations(NUMBERS):
        assert dict(zip(order, pseudonymized(list(order))["p"], strict=True)) == whole
        assert pseudonymized([order[0]])["p"].to_list() == [whole[order[0]]]


def test_trap_of_deidkit_rows_without_a_person_share_no_shift_of_dates() -> None:
    """All rows without a person had one shift, so one known date gave all of them away."""
    import datetime as dt

    day = dt.date(2020, 5, 1)
    data = pl.DataFrame({"person": [bytes(16), None, None], "day": [day] * 3})
    shift = key(subject="person-key", purpose="date-shift")
    out = shift_dates(data, ["day"], person="person", key=shift, most_days=700)
    assert out["day"].to_list()[1:] == [None, None]
    with pytest.raises(DataError, match="column 'day' holds no dates"):
        shift_dates(
            data.with_columns(pl.lit("1 May").alias("day")),
            ["day"],
            person="person",
            key=shift,
            most_days=700,
        )


def test_trap_of_presidio_there_is_no_pseudonym_without_a_key() -> None:
    """The hash had no key, and later one that changed with every run."""
    data = pl.DataFrame({"k": [bytes(16)]})
    with pytest.raises(TypeError):
        pseudonymize(data, "k", into="p")  # type: ignore[call-arg]
    project = key(subject="person-key")
    twice = [pseudonymize(data, "k", key=project, into="p")["p"][0] for _ in range(2)]
    assert twice[0] == twice[1]


@pytest.mark.parametrize("project", ["", " ", "\t"])
def test_trap_of_google_dlp_a_missing_domain_is_an_error(ring: KeyRing, project: str) -> None:
    """Without its context field the value was treated without any domain, silently."""
    with pytest.raises(KeyRingError, match="project id is empty"):
        ring.project_key(project, create=True)
    with pytest.raises(TypeError):
        ring.project_key()  # type: ignore[call-arg]


def test_trap_of_fhir_pseudonymizer_a_failure_gives_back_no_original(ring: KeyRing) -> None:
    """What could not be undone or done was handed on as it came."""
    for wrong in ([NUMBERS[0], "x"], [NUMBERS[0], None]):
        with pytest.raises(DataError) as refused:
            text_function(key())(pa.array(wrong))
        assert NUMBERS[0] not in str(refused.value)
        assert refused.value.__cause__ is None
    ring.project_key("P-1", create=True)
    ring.destroy_project("P-1")
    with pytest.raises(KeyRingError, match="was destroyed"):
        ring.project_key("P-1", create=True)


def test_trap_of_polars_hash_no_key_stands_in_a_query_plan_or_a_pickle() -> None:
    """The key was text, and part of the serialized plan."""
    data = pl.DataFrame({"k": [bytes(16)]}).lazy()
    plan = pseudonymize(data, "k", key=key(subject="person-key"), into="p")
    spellings = [SECRET, SECRET.hex().encode()]
    shown = plan.explain().encode() + repr(plan).encode()
    assert not any(one in shown for one in spellings)
    for travel in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            travel(key())


def test_trap_of_sacro_viewer_a_release_is_described_before_anybody_looks(desk: Desk) -> None:
    """Digests were taken on first look, unsigned, and a missing file was a warning.

    Here: every file has its digest in the manifest or the statement, made when it was made, the
    statement is signed, and a delivery that is not there stops the release.
    """
    assert run(desk.arguments()) == 0
    package = read_package(desk.out)
    assert package.producer is not None
    files = {
        path.relative_to(desk.out).as_posix(): hashlib.sha512(path.read_bytes()).hexdigest()
        for path in desk.out.rglob("*")
        if path.is_file() and path.parent.name != "signatures"
    }
    without = {"release.json", "tagmanifest-sha512.txt"}
    assert package.digests == {name: one for name, one in files.items() if name not in without}
    for path in desk.deliveries.iterdir():
        path.unlink()
    arguments = desk.arguments()
    arguments[arguments.index("--out") + 1] += "-2"
    assert run(arguments) == 11


def test_trap_of_vault_transit_the_version_that_was_asked_for_is_the_one_used(
    ring: KeyRing,
) -> None:
    """A batch ignored the key version that it was given."""
    old = ring.project_key("P-1", create=True)
    before = ring.register_key("event-key")
    ring.add_master_key()
    assert ring.project_key("P-1") == old
    assert old.version == 1
    assert ring.register_key("event-key", version=1) == before
    assert ring.register_key("event-key").version == 2
    data = pl.DataFrame({"k": [bytes(16)]})
    extract = hsr_privacy.Extract.of(data)
    step = pseudonymize(extract, "k", key=old, into="p").steps[-1]
    assert step.notes["key version"] == "1"
    assert step.notes["key check value"] == old.check_value
    with pytest.raises(KeyRingError, match="version 3"):
        ring.register_key("event-key", version=3)
