"""Words: what columns and their values are called, and which values are known beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from hsr_privacy.codebook import Codebook, Type
from hsr_privacy.documents import Label
from hsr_privacy.hierarchies import Hierarchy
from hsr_privacy.project import Form, ReleasedVariable
from hsr_privacy.project.wording import english_of

MISSING_VALUE: Final = Label(nb="mangler", en="missing")


@dataclass(frozen=True)
class Words:
    """What is called how.

    A value that no code list and no hierarchy knows is a cell, and has no name.

    Attributes:
        columns: per column.
        values: per column, per value that a code list has.
        hierarchies: per column; their texts are their own names.
        numbers: columns that are measured and not coded; None where nobody says.
    """

    columns: Mapping[str, Label] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Label]] = field(default_factory=dict)
    hierarchies: Mapping[str, Hierarchy] = field(default_factory=dict)
    numbers: frozenset[str] | None = None

    def column(self, name: str) -> Label:
        """What a column is called; its own name if nobody says."""
        return self.columns.get(name) or Label(nb=name, en=name)

    def value(self, name: str, text: str, level: int = 0) -> Label | None:
        """What a value is called; None where it is not known beforehand.

        Args:
            name: of the column.
            text: of the value, or of a node of the column's hierarchy.
            level: on which it is a node.
        """
        coded = self.values.get(name, {}).get(text)
        if coded is not None:
            return coded
        hierarchy = self.hierarchies.get(name)
        if hierarchy is None or not _is_node(text, hierarchy, level):
            return None
        norwegian = hierarchy.names.get(text, text)
        english = hierarchy.english.get(text) or english_of(norwegian)
        return Label(nb=norwegian, en=english)


def words_of(variables: Iterable[ReleasedVariable], codebook: Codebook) -> Words:
    """What the register calls the columns of an extract and their codes, and which are numbers."""
    listed = tuple(variables)
    measured = (Type.INTEGER, Type.DECIMAL)
    return Words(
        columns={one.column: one.variable.label for one in listed},
        values={
            one.column: {
                str(code.code): Label(nb=code.nb, en=code.en)
                for code in codebook.codes(one.variable)
            }
            for one in listed
        },
        hierarchies={one.column: one.hierarchy for one in listed if one.hierarchy is not None},
        numbers=frozenset(
            one.column
            for one in listed
            if one.form is Form.MINUTES or one.variable.type in measured
        ),
    )


def _is_node(text: str, hierarchy: Hierarchy, level: int) -> bool:
    if hierarchy.domain:
        return text in hierarchy.nodes_from(level, (text,))
    # Where values are not listed, the finest level would take anything for one of them.
    return level > 0 and hierarchy.level_of is not None and hierarchy.level_of(text) == level
