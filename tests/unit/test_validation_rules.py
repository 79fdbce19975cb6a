"""Column rules and the expectations that are made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from hsr_privacy import load_hierarchies
from hsr_privacy.configs import shipped
from hsr_privacy.documents import Label
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.validation import (
    ColumnRule,
    extract_suite,
    generalized_rule,
    kept_rule,
    minutes_rule,
    pseudonym_rule,
    with_removed,
)

LABEL = Label(nb="navn", en="name")


@pytest.fixture(scope="module")
def hierarchies() -> Mapping[str, Hierarchy]:
    return load_hierarchies(shipped("configs", "hierarchies"))


def ids(rule: ColumnRule) -> list[str]:
    suite = extract_suite([rule], k=1, quasi_identifiers=[], person=None)
    return [e.id for e in suite.expectations]


def test_a_code_keeps_its_list_and_its_kinds_of_missing(codebook: Any) -> None:
    rule = kept_rule(codebook["kjonn"], codebook=codebook)
    assert (rule.content, rule.codes) == ("code", (1, 2, 999))


def test_a_number_keeps_its_range_and_the_codes_beside_it(codebook: Any) -> None:
    rule = kept_rule(codebook["alder"], codebook=codebook)
    assert rule.range is not None
    assert (rule.range.min, rule.range.max, rule.codes) == (0, 110, (999,))


def test_a_level_lists_its_labels_and_no_finer_ones(
    codebook: Any, hierarchies: Mapping[str, Hierarchy]
) -> None:
    age = hierarchies["age"]
    rule = generalized_rule(
        codebook["alder"], hierarchy=age, level=age.level("age group"), codebook=codebook
    )
    assert rule.labels == ("0-17 år", "18-64 år", "65-84 år", "85+ år", "999")


def test_level_zero_is_the_variable_itself(
    codebook: Any, hierarchies: Mapping[str, Hierarchy]
) -> None:
    rule = generalized_rule(
        codebook["kjonn"], hierarchy=hierarchies["sex"], level=0, codebook=codebook
    )
    assert rule == kept_rule(codebook["kjonn"], codebook=codebook)


def test_the_level_that_tells_nothing_has_one_label(
    codebook: Any, hierarchies: Mapping[str, Hierarchy]
) -> None:
    tree = hierarchies["icd10"]
    top = len(tree.level_names) - 1
    rule = generalized_rule(codebook["dgn_icd10"], hierarchy=tree, level=top, codebook=codebook)
    assert rule.labels == ("*",)


def test_bands_of_decimals_list_the_bands_between_whole_numbers(
    codebook: Any, hierarchies: Mapping[str, Hierarchy]
) -> None:
    rule = generalized_rule(codebook["ph"], hierarchy=hierarchies["ph"], level=1, codebook=codebook)
    assert rule.labels is not None
    assert {"7.2-<7.3", "6.9-<7"} <= set(rule.labels)


def test_months_are_listed_though_no_date_is_known_beforehand(
    codebook: Any, hierarchies: Mapping[str, Hierarchy]
) -> None:
    tree = hierarchies["event_date"]
    level = tree.level("month")
    rule = generalized_rule(codebook["t_stans"], hierarchy=tree, level=level, codebook=codebook)
    assert rule.labels is not None
    assert "2021-03" in rule.labels
    assert "2021-03-31" not in rule.labels


def test_a_shortened_code_may_not_be_longer_than_its_level(
    codebook: Any, hierarchies: Mapping[str, Hierarchy]
) -> None:
    tree = hierarchies["icd10"]
    rule = generalized_rule(codebook["dgn_icd10"], hierarchy=tree, level=1, codebook=codebook)
    assert (rule.labels, rule.pattern) == (None, ".{1,3}")


def test_every_level_of_every_variable_covers_what_its_hierarchy_makes(
    codebook: Any, hierarchies: Mapping[str, Hierarchy]
) -> None:
    for variable in codebook:
        if variable.hierarchy is None:
            continue
        tree = hierarchies[variable.hierarchy]
        for level in range(1, len(tree.level_names)):
            rule = generalized_rule(variable, hierarchy=tree, level=level, codebook=codebook)
            assert (rule.labels is None) == (rule.pattern is not None), variable.name
            if rule.labels is not None:
                made = {row[level] for row in tree.domain}
                assert made <= set(rule.labels), (variable.name, level)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (pseudonym_rule("x", LABEL), ["type", "not-null", "pattern", "one-line", "check-symbols"]),
        (
            pseudonym_rule("x", LABEL, unique=True),
            ["type", "not-null", "unique", "pattern", "one-line", "check-symbols"],
        ),
        (minutes_rule("x", LABEL), ["type", "range", "plausible"]),
        (ColumnRule("x", "code", LABEL, codes=(0, 1)), ["type", "codes"]),
        (ColumnRule("x", "label", LABEL, labels=("a",)), ["type", "labels", "no-identifier"]),
        (
            ColumnRule("x", "text", LABEL, pattern="[0-9]{4}"),
            ["type", "pattern", "one-line", "no-identifier"],
        ),
        (ColumnRule("x", "decimal", LABEL), ["type", "no-identifier"]),
        (ColumnRule("x", "date", LABEL), ["type"]),
    ],
)
def test_each_content_has_its_expectations(rule: ColumnRule, expected: list[str]) -> None:
    before = ["table.columns", "table.rows", "table.no-identifier"]
    assert ids(rule) == [*before, *(f"x.{what}" for what in expected), "classes.persons"]


def test_a_generalized_column_is_no_finer_than_its_level(
    codebook: Any, hierarchies: Mapping[str, Hierarchy]
) -> None:
    tree = hierarchies["icd10"]
    rule = generalized_rule(codebook["dgn_icd10"], hierarchy=tree, level=1, codebook=codebook)
    suite = extract_suite([with_removed(rule, "998")], k=1, quasi_identifiers=[], person=None)
    (precision,) = [e for e in suite.expectations if e.id == "dgn_icd10.precision"]
    assert precision.kwargs == {"hierarchy": "icd10", "level": tree.level_names[1], "also": ["998"]}


def test_only_plausibility_is_a_warning(codebook: Any) -> None:
    rules = [
        kept_rule(codebook["responstid_min"], codebook=codebook),
        pseudonym_rule("person_lnr", LABEL),
    ]
    suite = extract_suite(rules, k=5, quasi_identifiers=[], person="person_lnr")
    warnings = [e.id for e in suite.expectations if e.severity == "warning"]
    assert warnings == ["responstid_min.plausible"]


def test_ids_are_unique_and_texts_stand_in_both_languages(codebook: Any) -> None:
    rules = [kept_rule(variable, codebook=codebook) for variable in codebook if variable.code_list]
    suite = extract_suite(
        rules, k=5, quasi_identifiers=["kjonn"], person=None, l={"arsak": 2, "kjonn": 1}
    )
    names = [e.id for e in suite.expectations]
    assert len(set(names)) == len(names)
    assert all(e.text.nb and e.text.en and e.text.nb != e.text.en for e in suite.expectations)
