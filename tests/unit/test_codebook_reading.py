"""A codebook's files: every fault is told with its file and line."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hsr_privacy.codebook import CodeList, Variable, load_codebook
from hsr_privacy.errors import ConfigError

LISTS = """\
    code_lists:
      - name: sex
        source: test
        codes:
          - {code: 1, nb: Mann, en: Man}
          - {code: 2, nb: Kvinne, en: Woman}
    """

VARIABLE: dict[str, Any] = {
    "name": "kjonn",
    "label": {"nb": "Kjønn", "en": "Sex"},
    "type": "code",
    "code_list": "sex",
    "sources": ["register"],
    "event_types": ["ohca"],
    "role": "quasi-identifier",
    "identification_degree": "3",
    "hierarchy": "sex",
    "treatment": "generalize",
    "origin": "test",
    "verified": "yes",
}


def variable(name: str = "kjonn", **changes: str) -> str:
    fields = {
        "label": "{nb: NO, en: 'Yes'}",
        "type": "code",
        "code_list": "sex",
        "sources": "[register]",
        "event_types": "[ohca]",
        "role": "quasi-identifier",
        "identification_degree": "3",
        "hierarchy": "sex",
        "treatment": "generalize",
        "origin": "test",
        "verified": "yes",
    } | changes
    lines = [f"  - name: {name}", *(f"    {key}: {value}" for key, value in fields.items())]
    return "\n".join(lines) + "\n"


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")


def faults(folder: Path, hierarchies: set[str] | None = None) -> list[tuple[str, int, str, str]]:
    with pytest.raises(ConfigError) as caught:
        load_codebook(folder, hierarchies=hierarchies)
    return [(Path(f.file).name, f.line, f.where, f.problem) for f in caught.value.faults]


def test_lists_and_variables_may_stand_in_any_file(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "variables:\n" + variable())
    write(tmp_path, "b.yaml", LISTS)
    codebook = load_codebook(tmp_path, hierarchies={"sex"})
    assert [one.name for one in codebook] == ["kjonn"]
    assert [code.nb for code in codebook.codes(codebook["kjonn"])] == ["Mann", "Kvinne"]
    assert codebook["kjonn"].label.nb == "NO"
    assert codebook["kjonn"].verified is True


def test_unknown_and_double_keys_of_every_file_are_told(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "variables:\n" + variable(rolle="x") + "    treatment: drop\n")
    write(tmp_path, "b.yaml", textwrap.dedent(LISTS) + "colour: red\n")
    write(tmp_path, "c.yaml", "variables:\n" + variable(hierachy="sex"))
    write(tmp_path, "d.yaml", "")
    told = faults(tmp_path)
    assert told[0] == (
        "a.yaml",
        15,
        "variables[0].treatment",
        "duplicate key; it stands on line 11 too",
    )
    assert told[1] == ("b.yaml", 7, "colour", "unknown key")
    assert told[2] == (
        "c.yaml",
        14,
        "variables[0].hierachy",
        "unknown key; did you mean 'hierarchy'?",
    )
    assert told[3][0] == "d.yaml"
    assert "the file is empty" in told[3][3]
    assert len(told) == 4


def test_a_name_that_stands_twice_is_told_with_the_first_place(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", LISTS)
    write(tmp_path, "b.yaml", "variables:\n" + variable())
    write(tmp_path, "c.yaml", "variables:\n" + variable("alder") + variable())
    first = tmp_path / "b.yaml"
    assert faults(tmp_path) == [
        ("c.yaml", 14, "variables[1].name", f"'kjonn' stands twice; first at {first}:2")
    ]


def test_a_code_list_that_stands_twice_is_told(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", LISTS)
    write(tmp_path, "b.yaml", LISTS)
    ((file, line, where, problem),) = faults(tmp_path)
    assert (file, line, where) == ("b.yaml", 2, "code_lists[0].name")
    assert "'sex' stands twice" in problem


def test_what_a_variable_refers_to_must_be_there(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", LISTS)
    write(tmp_path, "b.yaml", "variables:\n" + variable(code_list="sexx", hierarchy="placee"))
    assert faults(tmp_path, {"place", "age"}) == [
        (
            "b.yaml",
            5,
            "variables[0].code_list",
            "there is no code list 'sexx'; did you mean 'sex'?",
        ),
        (
            "b.yaml",
            10,
            "variables[0].hierarchy",
            "there is no hierarchy 'placee'; did you mean 'place'?",
        ),
    ]


def test_hierarchies_are_not_looked_up_unless_they_are_given(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", textwrap.dedent(LISTS) + "variables:\n" + variable(hierarchy="any"))
    assert load_codebook(tmp_path)["kjonn"].hierarchy == "any"


def test_a_folder_without_a_codebook_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no codebook here"):
        load_codebook(tmp_path)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"code_list": None}, "a code_list belongs to type 'code'"),
        ({"type": "integer"}, "a code_list belongs to type 'code'"),
        ({"pattern": "x"}, "a pattern belongs to type 'text'"),
        ({"hierarchy": None}, "treatment 'generalize' needs a hierarchy"),
        ({"treatment": "minutes"}, "treatment 'minutes' belongs to type 'datetime'"),
        (
            {"role": "direct-identifier", "treatment": "keep"},
            "a direct identifier is dropped or replaced by a pseudonym",
        ),
        (
            {"role": "direct-identifier", "treatment": "generalize"},
            "a direct identifier is dropped or replaced by a pseudonym",
        ),
        ({"name": "Kjønn"}, "String should match pattern"),
        ({"name": "k" * 33}, "String should match pattern"),
        ({"identification_degree": "6"}, "less than or equal to 5"),
        ({"sources": []}, "at least 1 item"),
        ({"sources": ["doctor"]}, "Input should be 'amk'"),
        ({"utstein": "kjerne"}, "String should match pattern"),
        ({"range": {"min": "5", "max": "1"}}, "'min' is above 'max'"),
        ({"type": "text", "code_list": None, "pattern": "[0-9"}, "no regular expression"),
    ],
)
def test_a_variable_that_contradicts_itself_is_refused(changes: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        Variable.model_validate(VARIABLE | changes)


@pytest.mark.parametrize("treatment", ["drop", "pseudonym"])
def test_a_direct_identifier_may_be_dropped_or_replaced(treatment: str) -> None:
    changes = {"role": "direct-identifier", "treatment": treatment}
    assert Variable.model_validate(VARIABLE | changes).treatment.value == treatment


def test_a_code_stands_once_in_its_list() -> None:
    code = {"code": "1", "nb": "x", "en": "x"}
    with pytest.raises(ValidationError, match="code 1 stands twice in 'sex'"):
        CodeList.model_validate({"name": "sex", "source": "test", "codes": [code, code]})
