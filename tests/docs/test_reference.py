"""The pages of reference are compared with the code, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from hsr_privacy import errors
from scripts import reference


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, with the page of exit codes as the only one."""
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    monkeypatch.setattr(reference, "PAGES", {"exit-codes.md": reference.exit_codes_page})
    return tmp_path / "exit-codes.md"


def test_a_page_just_written_has_not_drifted(pages: Path) -> None:
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0


def test_one_changed_word_is_drift_and_is_shown(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference.main([])
    pages.write_text(pages.read_text(encoding="utf-8").replace("Wrong usage", "Odd usage"))
    assert reference.main(["--check"]) == 1
    assert "-| 2 |  | Odd usage" in capsys.readouterr().out


def test_a_page_that_is_missing_has_drifted(pages: Path) -> None:
    assert reference.main(["--check"]) == 1


def test_every_public_error_has_its_code_on_the_page() -> None:
    page = reference.exit_codes_page()
    public = [
        value
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.HsrError) and name[0] != "_"
    ]
    assert len(public) > 10
    for error in public:
        assert f"| {error.exit_code} | `{error.__name__}` |" in page


def test_the_tree_in_the_docstring_of_errors_names_each_code() -> None:
    drawn = dict(
        line.replace("│", " ").replace("├──", "").replace("└──", "").split()[:2]
        for line in (errors.__doc__ or "").splitlines()
        if line.startswith(("    HsrError", "    ├", "    │", "    └"))
    )
    real = {error.__name__: str(error.exit_code) for error in reference.tree(errors.HsrError)}
    assert drawn == real
