"""The file of rules: every rule of the register model, in both languages, and faults by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from hsr_privacy.codebook import Codebook
from hsr_privacy.configs import shipped
from hsr_privacy.errors import ConfigError
from hsr_privacy.registry import load_delivery_settings
from hsr_privacy.rules import Form, Rules, Severity, load_rules
from hsr_privacy.rules.cohort import COHORT
from hsr_privacy.rules.logic import LOGIC, columns_of_rule
from scripts import rules as script

SHIPPED = shipped("configs", "rules.yaml")


@pytest.fixture(scope="module")
def rules(codebook: Codebook) -> Rules:
    return load_rules(codebook=codebook)


def test_every_rule_of_the_register_model_is_there_in_order(rules: Rules) -> None:
    ids = [rule.id for rule in rules]
    assert sorted({name[:3] for name in ids}) == [f"R{number:02}" for number in range(1, 34)]
    assert ids == sorted(ids)


def test_whatever_is_judged_stands_in_the_file(rules: Rules) -> None:
    judged = {rule.id for rule in rules if rule.judged_by == "rules"}
    assert judged == {*LOGIC, COHORT}
    assert [rule.id for rule in rules if rule.judged_by == "gate"] == ["R33"]


def test_every_rule_is_said_in_both_languages_and_has_a_source(rules: Rules) -> None:
    for rule in rules:
        assert rule.text.nb != rule.text.en, rule.id
        assert rule.text.nb.endswith("."), rule.id
        assert rule.text.en.endswith("."), rule.id
        assert rule.source.nb, rule.id
        assert rule.source.en, rule.id
    assert len({rule.text.en for rule in rules}) == len(rules)


def test_a_rule_concerns_only_forms_that_have_a_part_of_its_columns(
    rules: Rules, codebook: Codebook
) -> None:
    for rule in rules:
        for form in set(rule.forms) - {Form.EVENT} if rule.columns else set():
            delivered = {v.name for v in codebook if str(form) in v.sources}
            assert delivered & {*rule.columns, "fnr"}, (rule.id, form)


def test_arrests_told_twice_are_as_near_as_linkage_takes_them_for_one(rules: Rules) -> None:
    minutes = load_delivery_settings().linkage.duplicate_minutes
    assert rules["R29"].parameters["minutes"] == minutes


def test_a_violation_may_mean_something_else_in_a_form(rules: Rules) -> None:
    assert rules["R29"].severity_for(Form.AMBULANCE) is Severity.INFORMATION
    assert rules["R29"].severity_for(None) is Severity.ERROR
    with pytest.raises(KeyError):
        rules["R99"]


FAULTS = {
    "an unknown column": ("[rosc_20, rosc_noen, t_rosc]", "[rosc_20, rosc_noen, t_rosk]", "did you mean 't_rosc'"),
    "other columns than are judged": ("[rosc_20, rosc_noen, t_rosc]", "[rosc_20, rosc_noen]", "write: rosc_20, rosc_noen, t_rosc"),
    "an unknown limit": ("{years: 110}", "{yaers: 110}", "write: years"),
    "a limit below zero": ("{years: 110}", "{years: -1}", "greater than or equal to 0"),
    "a rule that nothing judges": ("id: R13", "id: R13.more", "nothing judges rule R13.more"),
    "a rule that stands twice": ("id: R13", "id: R12", "rule R12 stands twice"),
    "an unknown severity": ("severity: warning", "severity: warnung", "'error', 'warning' or 'information'"),
    "a text in one language": ('      nb: "Alder er sjelden over 105."\n', "", "'nb' is missing"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_line(fault: str, codebook: Codebook, tmp_path: Path) -> None:
    old, new, told = FAULTS[fault]
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "rules.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_rules(path, codebook=codebook)
    (one, *_) = refused.value.faults
    assert told in str(one)
    line = text[: text.index(old)].count("\n") + 1
    assert one.line in (line, line - 1) or "twice" in told


def test_the_page_of_rules_has_not_drifted() -> None:
    assert script.main(["--check"]) == 0


def test_one_changed_word_on_the_page_is_drift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "PAGE", tmp_path / "rules.md")
    assert script.main(["--check"]) == 1
    assert script.main([]) == 0
    assert script.main(["--check"]) == 0
    script.PAGE.write_text(script.PAGE.read_text(encoding="utf-8").replace("240", "241"))
    assert script.main(["--check"]) == 1
    assert "run: python scripts/rules.py" in capsys.readouterr().err


def test_the_page_says_every_rule(rules: Rules) -> None:
    page = script.page(rules)
    for rule in rules:
        assert f"## {rule.id}\n" in page
        assert rule.text.nb in page
        assert rule.text.en in page
        for column in columns_of_rule(rule.id):
            assert f"`{column}`" in page
