"""A file of scenarios: what attackers know, how finely, and how wrong; every fault with its line."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from hsr_privacy.codebook import Role, load_codebook
from hsr_privacy.configs import shipped
from hsr_privacy.documents import read
from hsr_privacy.errors import ConfigError
from hsr_privacy.hierarchies import load_hierarchies
from hsr_privacy.models.scenarios import (
    Attacker,
    Codes,
    Knowledge,
    News,
    Precision,
    load_attackers,
    load_scenarios,
)

SHIPPED = ("neighbour", "newspaper", "colleague", "ex_partner", "other_extract")
COLUMNS = {
    "kjonn": ("code", "*"),
    "alder": ("1 year", "10 years", "*"),
    "sted": ("code", "*"),
    "utfall": (),
}
HEAD = """\
sources: {police: a report}
scenarios:
  - name: neighbour
    label: {nb: En nabo, en: A neighbour}
    k: 5
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "scenarios.yaml"
    path.write_text(HEAD + textwrap.indent(textwrap.dedent(text), "    "), encoding="utf-8")
    return path


def one(folder: Path, text: str, columns: Mapping[str, tuple[str, ...]] | None = None) -> Attacker:
    (found,) = load_attackers(written(folder, text), columns=columns)
    return found


@pytest.fixture(scope="module")
def register() -> dict[str, tuple[str, ...]]:
    trees = load_hierarchies()
    return {
        variable.name: trees[variable.hierarchy].level_names if variable.hierarchy else ()
        for variable in load_codebook(hierarchies=trees)
    }


def test_a_list_of_columns_is_known_exactly(tmp_path: Path) -> None:
    found = one(tmp_path, "knows: [kjonn, alder]\n")

    assert found.known == (Knowledge("kjonn"), Knowledge("alder"))
    assert found.besides == ()
    assert (found.targets, found.attackers, found.news, found.who) == (1, 1, None, None)


def test_what_is_known_has_its_precision_and_its_errors(tmp_path: Path) -> None:
    found = one(
        tmp_path,
        """
        who: {nb: Hun bor der., en: She lives there.}
        targets: {value: 20, source: police}
        attackers: {value: 3, source: assumption}
        knows:
          kjonn:
          alder:
            ways:
              - {share: 0.75, within: 2.5}
              - {share: 0.25, every: 10}
            wrong: 0.1
            unknown: 0.2
            source: police
          sted: {level: "*", source: assumption}
        knows_besides: [utfall]
        """,
        COLUMNS,
    )

    assert found.known == (
        Knowledge("kjonn"),
        Knowledge("alder", (Precision(0.75, 2.5), Precision(0.25, every=10)), 0.1, 0.2),
        Knowledge("sted", (Precision(level="*"),)),
    )
    assert found.besides == (Knowledge("utfall"),)
    assert found.who is not None
    assert (found.who.en, found.targets, found.attackers) == ("She lives there.", 20, 3)
    assert found.model.columns == ("kjonn", "alder", "sted")
    assert found.useless(["alder", "utfall"]) == ("kjonn", "sted")


def test_what_makes_news_is_read(tmp_path: Path) -> None:
    found = one(
        tmp_path,
        """
        knows: [alder, sted, t, k]
        knows_besides: [utfall]
        news:
          date: t
          municipality: k
          place: sted
          age: alder
          outcome: utfall
          chance: {value: 0.01, source: assumption}
          young: {below: 35, odds: 9, source: police}
          public: {values: ["1", "4"], odds: 5, source: assumption}
          survived: {values: ["1"], odds: 2, source: assumption}
          several: {odds: 10, source: assumption}
        """,
    )

    assert found.news == News(
        0.01, "t", "k", "sted", "alder", "utfall", 35, 9, Codes(("1", "4"), 5), Codes(("1",), 2), 10
    )


FAULTS = [
    (
        "knows: [kjon]\n",
        6,
        "scenarios[0].knows.kjon",
        "nobody has a column 'kjon'; did you mean 'kjonn'?",
    ),
    ("knows:\n  sted: {}\n  alderen:\n", 8, "scenarios[0].knows.alderen", "did you mean 'alder'?"),
    (
        "knows:\n  alder: {level: 10 year, source: police}\n",
        7,
        "scenarios[0].knows.alder",
        (
            "'alder' has no level '10 year'; did you mean '10 years'?; its levels, finest first: 1 year, "
            "10 years, *"
        ),
    ),
    (
        "knows:\n  utfall: {level: alive, source: police}\n",
        7,
        "scenarios[0].knows.utfall",
        "'utfall' has no level 'alive'",
    ),
    (
        "knows:\n  alder:\n    ways: [{share: 1, level: x}]\n    source: police\n",
        7,
        "scenarios[0].knows.alder",
        "'alder' has no level 'x'",
    ),
    (
        "knows:\n  alder: {within: 2}\n",
        7,
        "scenarios[0].knows.alder",
        "where its numbers come from",
    ),
    (
        "knows:\n  alder: {wrong: 0.1}\n",
        7,
        "scenarios[0].knows.alder",
        "'assumption' if there is none",
    ),
    (
        "knows:\n  alder: {within: 2, source: polise}\n",
        7,
        "scenarios[0].knows.alder.source",
        "'polise' is none of the sources; did you mean 'police'?",
    ),
    (
        "knows:\n  alder: {within: 2, every: 10, source: police}\n",
        7,
        "scenarios[0].knows.alder",
        "give one of 'within', 'every' and 'level'",
    ),
    (
        "knows:\n  alder: {within: 2, ways: [{share: 1}], source: police}\n",
        7,
        "scenarios[0].knows.alder",
        "give 'ways', or one precision for all; not both",
    ),
    (
        "knows:\n  alder:\n    ways: [{share: 0.5}, {share: 0.4}]\n    source: police\n",
        7,
        "scenarios[0].knows.alder",
        "the shares of its 'ways' must be 1 together",
    ),
    (
        "knows:\n  alder: {wrong: 0.6, unknown: 0.5, source: police}\n",
        7,
        "scenarios[0].knows.alder",
        "at most 1",
    ),
    (
        "knows:\n  alder: {wrong: 2, source: police}\n",
        7,
        "scenarios[0].knows.alder.wrong",
        "less than",
    ),
    (
        "knows:\n  alder: {within: 0, source: police}\n",
        7,
        "scenarios[0].knows.alder.within",
        "greater",
    ),
    (
        "knows:\n  alder: {withing: 2, source: police}\n",
        7,
        "scenarios[0].knows.alder.withing",
        "unknown key; did you mean 'within'?",
    ),
    ("knows: [kjonn, kjonn]\n", 6, "scenarios[0].knows", "a column stands twice"),
    ("knows: [kjonn, {alder: x}]\n", 6, "scenarios[0].knows", "write a list of columns, or each"),
    ("knows: kjonn\n", 6, "scenarios[0].knows", "dictionary"),
    (
        "knows: [kjonn, alder]\nknows_besides: [alder]\n",
        7,
        "scenarios[0].knows_besides.alder",
        "'alder' stands in 'knows' too; keep one of them",
    ),
    (
        "knows: [kjonn]\ntargets: {value: 3}\n",
        7,
        "scenarios[0].targets",
        "'source' is missing",
    ),
    (
        "knows: [kjonn]\nnews: {age: alder, chance: {value: 0.1, source: police}}\n",
        7,
        "scenarios[0].news.age",
        "'alder' is not among what 'neighbour' knows",
    ),
    (
        (
            "knows: [kjonn]\nnews:\n  chance: {value: 0.1, source: police}\n"
            "  young: {below: 3, odds: 2, source: police}\n"
        ),
        7,
        "scenarios[0].news",
        "'young' cannot be judged without 'age'",
    ),
    (
        (
            "knows: [sted]\nnews:\n  place: sted\n  chance: {value: 0.1, source: police}\n"
            "  public: {values: [], odds: 2, source: police}\n"
        ),
        10,
        "scenarios[0].news.public.values",
        "name at least one",
    ),
    ("knows: [kjonn]\nwhom: {nb: x, en: x}\n", 7, "scenarios[0].whom", "did you mean 'who'?"),
]


@pytest.mark.parametrize(("text", "line", "where", "said"), FAULTS)
def test_a_fault_is_told_with_its_line_and_the_nearest_name(
    tmp_path: Path, text: str, line: int, where: str, said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        one(tmp_path, text, COLUMNS)
    (fault,) = caught.value.faults
    assert (fault.line, fault.where) == (line, where)
    assert said in fault.problem


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="2 fault") as caught:
        one(tmp_path, "knows:\n  kjon:\n  alder: {level: x, source: police}\n", COLUMNS)
    assert [fault.line for fault in caught.value.faults] == [7, 8]


def test_without_a_list_of_columns_any_name_may_be_known(tmp_path: Path) -> None:
    assert one(tmp_path, "knows: [workclass]\n").known == (Knowledge("workclass"),)


def test_the_shipped_file_fits_the_codebook_and_its_hierarchies(
    register: dict[str, tuple[str, ...]],
) -> None:
    found = load_attackers(columns=register)

    assert tuple(one.name for one in found) == SHIPPED
    assert load_scenarios() == tuple(one.model for one in found)
    assert [one.name for one in found if one.news is not None] == ["newspaper"]


def test_each_shipped_scenario_says_who_that_is_in_both_languages() -> None:
    for found in load_attackers():
        assert found.who is not None
        for text in (found.who.nb, found.who.en):
            assert text.endswith(".")
            assert len(text) > 60
        assert found.who.nb != found.who.en


def test_each_number_of_the_shipped_file_has_its_source() -> None:
    document = read(shipped("configs", "scenarios.yaml"))
    used = set()
    for where in document.lines:
        if where[-1:] and where[-1] in {
            "value",
            "odds",
            "within",
            "every",
            "level",
            "wrong",
            "unknown",
        }:
            parts = [where[:end] for end in range(len(where) - 1, 0, -1)]
            near = next(part for part in parts if (*part, "source") in document.lines)
            assert len(where) - len(near) <= 3
            used.add(value(document.data, (*near, "source")))
    assert used == set(document.data["sources"])


def value(data: object, where: tuple[str | int, ...]) -> str:
    for part in where:
        data = data[part]  # type: ignore[index]
    return str(data)


def test_shipped_attackers_know_quasi_identifiers_but_for_the_witness() -> None:
    codebook = load_codebook(hierarchies=load_hierarchies())

    others = {
        name
        for found in load_scenarios()
        for name in found.columns
        if codebook[name].role is not Role.QUASI_IDENTIFIER
    }

    assert others == {"bevitnet"}


def test_what_they_know_besides_is_no_quasi_identifier() -> None:
    codebook = load_codebook(hierarchies=load_hierarchies())

    for found in load_attackers():
        for knowledge in found.besides:
            assert codebook[knowledge.column].role is not Role.QUASI_IDENTIFIER


def test_codes_that_make_news_are_codes_of_the_codebook() -> None:
    codebook = load_codebook(hierarchies=load_hierarchies())
    (news,) = [one.news for one in load_attackers() if one.news is not None]

    for column, codes in ((news.place, news.public), (news.outcome, news.survived)):
        assert column is not None
        known = {str(code.code) for code in codebook.codes(codebook[column])}
        assert set(codes.values) <= known
