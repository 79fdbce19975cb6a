"""Files that people write: read as text, and every fault told with its file and line."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, model_validator

from hsr_privacy.configs import shipped
from hsr_privacy.documents import Written, key_path, load, nearest, read
from hsr_privacy.errors import ConfigError, Fault


class Inner(Written):
    name: str
    degree: int = 1

    @model_validator(mode="after")
    def _odd(self) -> Inner:
        if self.degree % 2 == 0:
            raise ValueError("a degree is odd")
        return self


class Outer(Written):
    title: str
    agreed: bool = False
    things: tuple[Inner, ...] = ()
    by_name: Mapping[str, Inner] = Field(default_factory=dict)
    maybe: Inner | None = None


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "written.yaml"
    path.write_bytes(textwrap.dedent(text).encode())
    return path


def faults(path: Path) -> list[Fault]:
    with pytest.raises(ConfigError) as caught:
        load(path, Outer)
    assert str(path) in caught.value.summary
    assert all(fault.file == str(path) for fault in caught.value.faults)
    return list(caught.value.faults)


@pytest.mark.parametrize(
    "text",
    ["NO", "no", "on", "yes", "0301", "0x1F", "1_000", "12:30", "2021-03-31", "1e3", ".5", "true"],
)
def test_a_scalar_is_the_text_that_was_written(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, f"title: {text}\nthings:\n  - name: {text}\n")
    assert read(path).data == {"title": text, "things": [{"name": text}]}


@pytest.mark.parametrize(
    ("text", "value"),
    [("", None), ("~", None), ("null", None), ("'~'", "~"), ("''", ""), ('"null"', "null")],
)
def test_only_a_plain_empty_value_is_nothing(tmp_path: Path, text: str, value: Any) -> None:
    assert read(write(tmp_path, f"title: {text}\n")).data == {"title": value}


def test_the_model_gives_the_types(tmp_path: Path) -> None:
    outer = load(
        write(
            tmp_path,
            """\
            title: " 0301 "
            agreed: yes
            things: [{name: NO, degree: 3}]
            """,
        ),
        Outer,
    )
    assert outer == Outer(title="0301", agreed=True, things=(Inner(name="NO", degree=3),))


def test_a_key_that_stands_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """\
        title: x
        things:
          - name: a
            degree: 1
            name: b
        title: y
        """,
    )
    assert faults(path) == [
        Fault(str(path), 5, "things[0].name", "duplicate key; it stands on line 3 too"),
        Fault(str(path), 6, "title", "duplicate key; it stands on line 1 too"),
    ]


def test_one_key_in_two_places_is_no_duplicate(tmp_path: Path) -> None:
    path = write(tmp_path, "title: x\nthings: [{name: a}, {name: b}]\nby_name: {a: {name: a}}\n")
    assert [thing.name for thing in load(path, Outer).things] == ["a", "b"]


def test_every_fault_is_told_at_its_line_with_the_nearest_right_name(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """\
        # a comment
        titel: x

        things:
          - name: a
            degre: 1
          - degree: three
            name: b
          - degree: 2
            name: c
        by_name:
          b:
            naem: q
        maybe:
          name: m
          xyzzy: 1
        """,
    )
    unlisted = "'title' is missing"
    assert [(f.line, f.where, f.problem) for f in sorted(faults(path))] == [
        (2, "", unlisted),
        (2, "titel", "unknown key; did you mean 'title'?"),
        (6, "things[0].degre", "unknown key; did you mean 'degree'?"),
        (
            7,
            "things[1].degree",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        (9, "things[2]", "a degree is odd"),
        (12, "by_name.b", "'name' is missing"),
        (13, "by_name.b.naem", "unknown key; did you mean 'name'?"),
        (16, "maybe.xyzzy", "unknown key"),
    ]


class Line(Written):
    kind: Literal["line"]
    length: int


class Circle(Written):
    kind: Literal["circle"]
    radius: int


class Drawing(Written):
    shapes: tuple[Annotated[Line | Circle, Field(discriminator="kind")], ...]


def test_a_fault_inside_one_of_several_kinds_is_told_at_its_own_line(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """\
        shapes:
          - kind: line
            length: 1
          - kind: circle
            radius: wide
            raduis: 2
          - kind: square
        """,
    )
    with pytest.raises(ConfigError, match="3 faults") as caught:
        load(path, Drawing)
    told = [(f.line, f.where, f.problem) for f in caught.value.faults]
    assert told[0][:2] == (5, "shapes[1].radius")
    assert told[1] == (6, "shapes[1].raduis", "unknown key; did you mean 'radius'?")
    assert told[2][:2] == (7, "shapes[2]")


def test_a_null_where_text_is_needed_is_told_at_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "agreed: no\ntitle:\n")
    assert [(f.line, f.where) for f in faults(path)] == [(2, "title")]


def test_a_list_where_a_mapping_is_needed_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "- title\n- x\n")
    assert [(f.line, f.where) for f in faults(path)] == [(1, "")]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("title: x\n\tagreed: yes\n", 2, "found character '\\t' that cannot start any token"),
        ("title: [x\nagreed: yes\n", 2, "expected ',' or ']', but got ':'"),
        ("title: x\n---\ntitle: y\n", 2, "but found another document"),
    ],
)
def test_what_is_not_yaml_is_told_by_line(
    tmp_path: Path, text: str, line: int, problem: str
) -> None:
    (fault,) = faults(write(tmp_path, text))
    assert (fault.line, problem in fault.problem) == (line, True), fault


def test_a_key_must_be_text(tmp_path: Path) -> None:
    (fault,) = faults(write(tmp_path, "title: x\n? [a, b]\n: y\n"))
    assert (fault.line, fault.problem) == (2, "a key must be plain text")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"written\.yaml: the file is empty"):
        read(write(tmp_path, text))


def test_another_encoding_is_told_with_the_line_of_its_first_letter(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("title: x\nthings:\n  - name: Sør\n".encode("latin-1"))
    with pytest.raises(ConfigError, match="not UTF-8; save it as UTF-8") as caught:
        read(path)
    assert [(f.file, f.line) for f in caught.value.faults] == [(str(path), 3)]


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes("\ufefftitle: x\n".encode())
    assert read(path).data == {"title": "x"}


def test_windows_line_ends_count_as_one_line(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"title: x\r\nagreed: yes\r\nbogus: 1\r\n")
    (fault,) = faults(path)
    assert fault.line == 3


@pytest.mark.parametrize("problem", ["no such file", "cannot be read: Is a directory"])
def test_what_cannot_be_read_is_told(tmp_path: Path, problem: str) -> None:
    path = tmp_path / "folder"
    if "directory" in problem:
        path.mkdir()
    with pytest.raises(ConfigError, match=f"folder: {problem}"):
        read(path)


def test_an_alias_is_not_read_so_no_small_file_grows_and_none_contains_itself(
    tmp_path: Path,
) -> None:
    for text in ["title: &t x\nmaybe: {name: *t}\n", "title: x\nmaybe: &m {name: *m}\n"]:
        (fault,) = faults(write(tmp_path, text))
        problem = "an alias is not read; write its text out here"
        assert (fault.line, fault.problem) == (2, problem)


@pytest.mark.parametrize(
    ("where", "text"),
    [((), ""), (("a",), "a"), (("a", 0, "b"), "a[0].b"), ((2, "b"), "[2].b")],
)
def test_a_key_path_reads_as_people_write_it(where: tuple[str | int, ...], text: str) -> None:
    assert key_path(where) == text


def test_a_line_is_that_of_the_nearest_enclosing_key(tmp_path: Path) -> None:
    document = read(write(tmp_path, "title: x\nthings:\n  - name: a\n"))
    assert document.line(("things", 0, "degree", "deeper")) == 3
    assert document.line(("nothing",)) == 1


def test_a_name_far_from_all_others_gets_no_suggestion() -> None:
    assert nearest("alderr", ["alder", "kjonn"]) == "; did you mean 'alder'?"
    assert nearest("xyzzy", ["alder", "kjonn"]) == ""


def test_what_is_written_does_not_change(tmp_path: Path) -> None:
    outer = load(write(tmp_path, "title: x\n"), Outer)
    with pytest.raises(ValueError, match="frozen"):
        outer.title = "y"  # type: ignore[misc]


def test_a_fault_reads_as_an_editor_wants_it() -> None:
    assert str(Fault("a.yaml", 3, "things[0]", "wrong")) == "a.yaml:3: things[0]: wrong"
    assert str(Fault("a.yaml", 0, "", "wrong")) == "a.yaml: wrong"


def test_what_the_installation_lacks_is_named() -> None:
    assert (shipped("configs", "codebook") / "03-person.yaml").is_file()
    with pytest.raises(ConfigError, match="configs/nothing is not part of this installation"):
        shipped("configs", "nothing")
