"""What verify measures, worked by hand on small tables."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hsr_privacy.errors import DataError, NotAsClaimed
from hsr_privacy.verification import Demands, Learned, Verification, verify

Ask = Callable[..., Verification]

ILL = """
    sex | ill
    m   | a
    m   | a
    m   | b
    f   | a
    f   | b
    f   | c
"""
"""Of all: a 1/2, b 1/3, c 1/6. Of m: a 2/3, b 1/3. Of f: a third each."""

PAY = "sex | pay\n" + "".join(
    f"{sex} | {pay}\n"
    for sex, pays in (("m", (3, 4, 5)), ("f", (6, 11, 8)), ("x", (7, 9, 10)))
    for pay in pays
)
"""Salaries of Li et al. 2007, table 3: nine values, and a class with 3, 4 and 5."""


def write(path: Path, text: str) -> Path:
    lines = [line.split("|") for line in text.strip().splitlines()]
    path.write_text("".join(";".join(map(str.strip, cells)) + "\n" for cells in lines))
    return path


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Verify a table that stands in the test, of which ``sex`` recognizes."""

    def verified(text: str, **asked: Any) -> Verification:
        path = write(tmp_path / "table.csv", text)
        return verify(path, **({"quasi_identifiers": ["sex"]} | asked))

    return verified


@pytest.fixture
def ill(ask: Ask) -> Learned:
    """What the small table gives away of ``ill``."""
    return ask(ILL, sensitive=["ill"]).sensitive[0]


def test_k_is_the_size_of_the_smallest_class(ask: Ask) -> None:
    found = ask("sex | ill\nm | a\nm | a\nf | a\nf | b\nf | c\n")
    assert (found.k, found.classes, found.rows) == (2, 2, 5)
    assert found.max_risk == 1 / 2
    assert found.average_risk == 2 / 5
    assert found.average_class_size == 5 / 2


def test_k_counts_persons_and_those_without_one_are_one_together(ask: Ask) -> None:
    table = "sex | who\nm | 1\nm | 1\nm | 2\nm |\nm |\nf | 1\nf | 2\nf | 3\nf | 4\n"
    found = ask(table, person="who")
    assert found.k == 3
    assert found.average_risk == 2 / 7
    assert ask(table).k == 4


def test_a_missing_value_and_a_suppressed_one_are_values_of_their_own(ask: Ask) -> None:
    found = ask("sex | town\nm | x\n | x\n | x\n* | x\n* | x\n* | x\n")
    assert (found.classes, found.k) == (3, 1)


def test_wildcards_agree_with_any_value_on_either_side(ask: Ask) -> None:
    table = "sex | town\nm | x\nm | *\n* | x\nf | y\nf | *\n"
    found = ask(table, quasi_identifiers=["sex", "town"], reading="wildcard", demands=Demands(k=3))
    # m,x: itself, m,* and *,x. m,*: these three. *,x: these and f,*. f,y: itself and f,*.
    # f,*: itself, f,y and *,x.
    assert found.k == 2
    assert (found.judgements[0].failing_classes, found.judgements[0].failing_rows) == (1, 1)
    assert found.max_risk == 1
    assert ask(table, quasi_identifiers=["sex", "town"]).k == 1


def test_wildcards_count_a_person_of_several_classes_once(ask: Ask) -> None:
    table = "sex | who\nm | 1\n* | 1\n* | 2\nf | 3\nf | 1\n"
    assert ask(table, person="who", reading="wildcard").k == 2


def test_the_code_of_a_suppressed_cell_can_be_another(ask: Ask) -> None:
    assert ask("sex | town\nm | x\nX | x\n", reading="wildcard", suppressed="X").k == 2


def test_too_many_combinations_for_wildcards_are_refused(ask: Ask) -> None:
    rows = "".join(f"{number} | x\n" for number in range(20_001))
    with pytest.raises(DataError, match="20001 combinations"):
        ask("sex | town\n" + rows, reading="wildcard")


def test_distinct_l_is_the_fewest_values_of_a_class(ill: Learned) -> None:
    assert ill.distinct_l == 2
    assert ill.homogeneous_classes == 0


def test_entropy_l_is_exp_of_the_least_entropy(ill: Learned) -> None:
    assert ill.entropy_l == pytest.approx((3 / 2) ** (2 / 3) * 3 ** (1 / 3))


def test_recursive_c_is_the_most_frequent_over_the_rare_ones(ask: Ask, ill: Learned) -> None:
    assert (ill.l, ill.c) == (2, 2 / 1)
    only_f = "sex | ill\nf | a\nf | a\nf | a\nf | b\nf | b\nf | c\n"
    assert ask(only_f, sensitive=["ill"], demands=Demands(l=2)).sensitive[0].c == 3 / (2 + 1)
    assert ask(only_f, sensitive=["ill"], demands=Demands(l=3)).sensitive[0].c == 3 / 1
    assert ask(only_f, sensitive=["ill"], demands=Demands(l=1)).sensitive[0].c == 3 / 6
    assert ask(only_f, sensitive=["ill"], demands=Demands(l=4)).sensitive[0].c == math.inf


def test_t_of_equal_distance_is_half_the_sum_of_differences(ill: Learned) -> None:
    assert ill.t_equal == pytest.approx((1 / 6 + 0 + 1 / 6) / 2)


def test_t_of_ordered_distance_sums_what_is_carried_from_value_to_value(
    ask: Ask, ill: Learned
) -> None:
    assert ill.t_ordered == pytest.approx((1 / 6 + 1 / 6) / 2)
    other = ask(ILL, sensitive=["ill"], orders={"ill": ["b", "a", "c"]}).sensitive[0]
    assert other.t_ordered == pytest.approx((0 + 1 / 6) / 2)
    assert other.t_equal == pytest.approx(ill.t_equal)


def test_numbers_are_ordered_as_numbers_after_what_is_missing(ask: Ask) -> None:
    assert ask(PAY, sensitive=["pay"]).sensitive[0].t_ordered == pytest.approx(0.375)
    missing = "sex | pay\nm |\nm | 10\nf | 9\nf | 9\n"
    # Missing, 9, 10: the class of 9 carries 1/4 from each side.
    assert ask(missing, sensitive=["pay"]).sensitive[0].t_ordered == pytest.approx(1 / 4)


def test_alpha_is_the_largest_share_of_a_value(ill: Learned) -> None:
    assert ill.alpha == 2 / 3


def test_beta_is_the_largest_relative_gain(ill: Learned) -> None:
    assert ill.beta == pytest.approx(1)
    assert ill.beta_enhanced == pytest.approx(1)
    assert ill.gains_bounded


def test_enhanced_beta_binds_each_value_by_its_own_share(ask: Ask) -> None:
    table = "sex | ill\nm | a\nf | b\nf | b\nf | b\n"
    found = ask(table, sensitive=["ill"]).sensitive[0]
    assert found.beta == pytest.approx(3)
    assert found.beta_enhanced == pytest.approx(math.log(4))
    assert not found.gains_bounded


def test_delta_is_infinite_where_a_class_lacks_a_value(ask: Ask, ill: Learned) -> None:
    assert ill.delta_occurring == pytest.approx(math.log(2))
    assert ill.lacking_classes == 1
    assert ill.delta == math.inf
    both = "sex | ill\nm | a\nm | b\nf | a\nf | b\nf | b\n"
    found = ask(both, sensitive=["ill"]).sensitive[0]
    assert found.lacking_classes == 0
    assert found.delta == pytest.approx(math.log((1 / 2) / (2 / 5)))


def test_one_value_everywhere_gives_no_distance_and_homogeneous_classes(ask: Ask) -> None:
    found = ask("sex | ill\nm | a\nf | a\n", sensitive=["ill"]).sensitive[0]
    assert (found.distinct_l, found.homogeneous_classes) == (1, 2)
    assert (found.t_equal, found.t_ordered, found.beta, found.beta_enhanced) == (0, 0, 0, 0)
    assert found.delta == 0


def test_columns_may_have_the_names_of_counts(ask: Ask) -> None:
    table = "class | person | value | rows\n1 | * | a | x\n1 | y | b | x\n"
    found = ask(
        table,
        quasi_identifiers=["class", "person"],
        person="rows",
        sensitive=["value"],
        reading="wildcard",
    )
    assert (found.k, found.sensitive[0].column) == (1, "value")


def test_columns_may_have_names_that_are_patterns_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("*;^a.*$;a\n1;x;p\n1;y;q\n1;y;r\n")
    for name, k, classes in (("*", 3, 1), ("^a.*$", 1, 2), ("a", 1, 3)):
        found = verify(path, quasi_identifiers=[name], reading="wildcard")
        assert (found.k, found.classes) == (k, classes)
    pl.read_csv(path, separator=";").write_parquet(tmp_path / "t.parquet")
    asked: dict[str, Any] = {"quasi_identifiers": ["*"], "sensitive": ["^a.*$"], "person": "a"}
    for ending in ("csv", "parquet"):
        found = verify(tmp_path / f"t.{ending}", **asked)
        assert (found.k, found.sensitive[0].distinct_l) == (3, 2)


def test_many_columns_of_many_values_are_counted_as_their_cells_say(tmp_path: Path) -> None:
    names = [f"c{place}" for place in range(40)]
    rows = [[(number * place) % 97 for place in range(1, 41)] for number in range(97)] * 2
    path = tmp_path / "wide.csv"
    lines = [",".join(names), *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    found = verify(path, quasi_identifiers=names)
    assert (found.classes, found.k) == (97, 2)


def test_a_first_column_counts_also_where_64_bits_are_too_few(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    names = [f"c{place}" for place in range(70)]
    rows = ["a" + ",a" * 69, "b" + ",a" * 69, "b" + ",b" * 69]
    path.write_text("\n".join([",".join(names), *rows, *rows]) + "\n")
    found = verify(path, quasi_identifiers=names)
    assert (found.classes, found.k) == (3, 2)


@pytest.mark.parametrize(
    ("demands", "failing"),
    [
        (Demands(k=3), None),
        (Demands(k=4), (2, 6)),
        (Demands(max_risk=1 / 3), None),
        (Demands(max_risk=0.33), (2, 6)),
        (Demands(l=2), None),
        (Demands(l=3), (1, 3)),
        (Demands(entropy_l=1.88), None),
        (Demands(entropy_l=2), (1, 3)),
        (Demands(t=1 / 6), None),
        (Demands(t=0.16), (2, 6)),
        (Demands(beta=1), None),
        (Demands(beta=0.9), (1, 3)),
        (Demands(alpha=2 / 3), None),
        (Demands(alpha=0.5), (1, 3)),
        (Demands(delta=9), (1, 3)),
    ],
)
def test_a_demand_holds_or_counts_who_fails(
    ask: Ask, demands: Demands, failing: tuple[int, int] | None
) -> None:
    found = ask(ILL, sensitive=["ill"], demands=demands)
    judgement = found.judgements[0]
    assert judgement.holds == (failing is None)
    assert (judgement.failing_classes, judgement.failing_rows) == (failing or (0, 0))
    if failing is None:
        found.require()
    else:
        with pytest.raises(NotAsClaimed, match=f"{failing[0]} class.* with {failing[1]} row"):
            found.require()


def test_rounding_is_no_failure(ask: Ask) -> None:
    # exp(ln 3) is not 3 in floating point.
    table = "sex | ill\nm | a\nm | b\nm | c\n"
    ask(table, sensitive=["ill"], demands=Demands(entropy_l=3)).require()


def test_t_is_demanded_of_the_ordered_distance_only_where_an_order_is_named(ask: Ask) -> None:
    demands = Demands(t=0.1)
    orders = {"ill": ["b", "a", "c"]}
    assert not ask(ILL, sensitive=["ill"], demands=demands).judgements[0].holds
    assert ask(ILL, sensitive=["ill"], demands=demands, orders=orders).judgements[0].holds
    demands = Demands(t=0.5)
    assert not ask(PAY, sensitive=["pay"], demands=demands).judgements[0].holds
    assert ask(PAY, sensitive=["pay"], demands=demands, orders={"pay": []}).judgements[0].holds


def test_every_demand_is_made_of_every_sensitive_column(ask: Ask) -> None:
    table = "sex | ill | cause\nm | a | x\nm | b | x\n"
    found = ask(table, sensitive=["ill", "cause"], demands=Demands(l=2, k=2))
    assert [(one.model, one.column, one.holds) for one in found.judgements] == [
        ("k", None, True),
        ("l", "ill", True),
        ("l", "cause", False),
    ]


def test_no_rows_reach_k_0_and_nothing_can_be_demanded(ask: Ask) -> None:
    found = ask("sex | ill\n", sensitive=["ill"])
    assert (found.k, found.classes, found.max_risk) == (0, 0, 0)
    assert found.sensitive[0] == Learned("ill", 0, 0.0, 0)
    assert ask("sex | ill\n", reading="wildcard").k == 0
    with pytest.raises(DataError, match="has no rows"):
        ask("sex | ill\n", demands=Demands(k=1))


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({"quasi_identifiers": []}, "there is no quasi-identifier"),
        ({"sensitive": ["sex"]}, "both a quasi-identifier and sensitive"),
        ({"person": "sex"}, "tells persons apart, and is named as something else too"),
        ({"demands": Demands(l=2)}, "l is demanded, but no sensitive column"),
        ({"orders": {"ill": []}}, "there is an order for 'ill'"),
        ({"sensitive": ["ill"], "orders": {"ill": ["a"]}}, "leaves out 2 of its 3 values"),
        ({"sensitive": ["il"]}, "no column 'il'; did you mean 'ill'?"),
        ({"person": "number"}, "no column 'number'; it has 2 others"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    ask: Ask, asked: dict[str, Any], text: str
) -> None:
    with pytest.raises(DataError) as caught:
        ask(ILL, **asked)
    assert text in str(caught.value)


@pytest.mark.parametrize(
    "asked",
    [
        {"k": 0},
        {"k": 1.5},
        {"l": 0},
        {"entropy_l": 0.5},
        {"t": 1.1},
        {"t": math.nan},
        {"beta": -1},
        {"delta": math.inf},
        {"alpha": 2},
        {"max_risk": -0.1},
    ],
)
def test_a_demand_that_means_nothing_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="must be"):
        Demands(**asked)
