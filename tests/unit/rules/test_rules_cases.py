"""For every rule a row that keeps it and a row that breaks it, as people would write them down."""

from __future__ import annotations

from typing import Any

import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.rules import Rules, judge_rules, load_rules, violating_rows
from hsr_privacy.rules.cohort import COHORT
from hsr_privacy.rules.logic import LOGIC, columns_of_rule
from tests.unit.rules.cases import Case, cases, table

CASES = cases()


@pytest.fixture(scope="module")
def rules(codebook: Codebook) -> Rules:
    return load_rules(codebook=codebook)


def judged(
    case: Case, rows: tuple[dict[str, str], ...], rules: Rules, codebook: Codebook
) -> tuple[Any, Any]:
    """The rows as a frame with every column of the rule that the case names, and their count."""
    named = {name for row in (*case.kept, *case.broken) for name in row}
    frame = table(rows, case.form, codebook, *sorted(named))
    only = Rules((rules[case.rule],))
    (count,) = judge_rules(frame, rules=only, codebook=codebook, form=case.form)
    return frame, count


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_keeps_a_rule_is_not_counted(case: Case, rules: Rules, codebook: Codebook) -> None:
    frame, count = judged(case, case.kept, rules, codebook)
    assert count.judged
    assert (count.violating, count.concerned > 0) == (0, True)
    assert not violating_rows(frame, case.rule, rules=rules, codebook=codebook, form=case.form)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_breaks_a_rule_is_found_in_its_row(
    case: Case, rules: Rules, codebook: Codebook
) -> None:
    frame, count = judged(case, case.broken, rules, codebook)
    assert count.violating == 1
    found = violating_rows(frame, case.rule, rules=rules, codebook=codebook, form=case.form)
    assert found == (() if case.rule == COHORT else (len(case.broken) - 1,))


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in CASES} == {*LOGIC, COHORT}


def test_the_cases_look_at_every_column_of_a_rule() -> None:
    for rule in (*LOGIC, COHORT):
        named = {
            name
            for case in CASES
            if case.rule == rule
            for row in (*case.kept, *case.broken)
            for name in row
        }
        stands_for = {"event_day"} if named & {"t_stans", "t_anrop"} else set()
        stands_for |= {"event_type"} if rule == "R29" else set()
        if not rule.startswith("R32"):  # there, every time is judged alike
            missing = set(columns_of_rule(rule)) - named - stands_for
            assert missing <= {"innlagt_intensiv"} if rule == COHORT else not missing, rule


@pytest.mark.parametrize("form", ["amk", "ambulance", "hospital", "register", "event"])
def test_a_row_without_any_value_breaks_no_rule(
    form: str, rules: Rules, codebook: Codebook
) -> None:
    names = sorted({name for rule in rules for name in rule.columns})
    case = CASES[0]
    frame = table(({}, {}), type(case.form)(form), codebook, *names)
    for count in judge_rules(frame, rules=rules, codebook=codebook, form=form):
        assert count.violating in (0, None), count.id
        assert count.concerned in (0, None), count.id


@pytest.mark.parametrize("code", [888, 998, 999])
def test_codes_that_are_no_answer_break_no_rule(
    code: int, rules: Rules, codebook: Codebook
) -> None:
    coded = [v.name for v in codebook if v.type in ("code", "integer", "decimal")]
    row = dict.fromkeys(coded, str(code))
    frame = table((row, {**row, "bevitnet": "1"}), CASES[0].form.EVENT, codebook)
    for count in judge_rules(frame, rules=rules, codebook=codebook):
        if count.id not in ("R30", "R30.plausible", "R20", "R16"):  # minutes have no such codes
            assert count.violating in (0, None), count.id
