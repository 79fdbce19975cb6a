"""Read a codebook folder: every ``*.yaml`` in it, checked together."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from hsr_privacy.codebook.model import Codebook, CodeList, Variable
from hsr_privacy.configs import shipped
from hsr_privacy.documents import Document, Written, check, nearest, read
from hsr_privacy.errors import ConfigError, Fault


class CodebookFile(Written):
    """One file of a codebook; code lists and variables may stand in any of them."""

    code_lists: tuple[CodeList, ...] = ()
    variables: tuple[Variable, ...] = ()


def load_codebook(
    folder: Path | None = None, *, hierarchies: Collection[str] | None = None
) -> Codebook:
    """Read and check a codebook.

    Args:
        folder: holds ``*.yaml``; the shipped codebook if left out.
        hierarchies: names that a variable may refer to; not checked if left out.
    Raises:
        ConfigError: every fault of every file, with file and line: unknown and duplicate keys,
            names that stand twice, references to a code list or hierarchy that does not exist.
    """
    folder = folder or shipped("configs", "codebook")
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise ConfigError(f"{folder}: no codebook here; a codebook is a folder of *.yaml files")
    faults: list[Fault] = []
    files: list[tuple[Document, CodebookFile]] = []
    for path in paths:
        try:
            document = read(path)
            files.append((document, check(document, CodebookFile)))
        except ConfigError as error:
            faults += error.faults or (Fault(str(path), 0, "", error.summary),)
    faults += _double_names(files)
    if not faults:
        faults += _dangling(files, hierarchies)
    if faults:
        raise ConfigError(f"the codebook in {folder} has {len(faults)} fault(s)", sorted(faults))
    return Codebook(
        tuple(variable for _, file in files for variable in file.variables),
        tuple(code_list for _, file in files for code_list in file.code_lists),
    )


def _double_names(files: list[tuple[Document, CodebookFile]]) -> list[Fault]:
    faults: list[Fault] = []
    for key in ("code_lists", "variables"):
        seen: dict[str, str] = {}
        for document, file in files:
            for number, item in enumerate(getattr(file, key)):
                fault = document.fault((key, number, "name"), "")
                if item.name in seen:
                    problem = f"'{item.name}' stands twice; first at {seen[item.name]}"
                    faults.append(document.fault((key, number, "name"), problem))
                seen.setdefault(item.name, f"{fault.file}:{fault.line}")
    return faults


def _dangling(
    files: list[tuple[Document, CodebookFile]], hierarchies: Collection[str] | None
) -> list[Fault]:
    lists = [code_list.name for _, file in files for code_list in file.code_lists]
    faults: list[Fault] = []
    for document, file in files:
        for number, variable in enumerate(file.variables):
            where = ("variables", number)
            if variable.code_list is not None and variable.code_list not in lists:
                problem = f"there is no code list '{variable.code_list}'"
                hint = nearest(variable.code_list, lists)
                faults.append(document.fault((*where, "code_list"), problem + hint))
            name = variable.hierarchy
            if hierarchies is not None and name is not None and name not in hierarchies:
                problem = f"there is no hierarchy '{name}'{nearest(name, list(hierarchies))}"
                faults.append(document.fault((*where, "hierarchy"), problem))
    return faults
