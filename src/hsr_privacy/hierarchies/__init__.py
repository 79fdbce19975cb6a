"""Generalization hierarchies: from the value itself to nothing at all."""

from hsr_privacy.hierarchies.hierarchy import Hierarchy
from hsr_privacy.hierarchies.reading import load_for_columns, load_hierarchies
from hsr_privacy.hierarchies.table import TOP, HierarchyTable

__all__ = ["TOP", "Hierarchy", "HierarchyTable", "load_for_columns", "load_hierarchies"]
