"""Attacking: what whoever knows the engine can still read out of a release; counts, never a cell."""

from hsr_privacy.attacking.downcoding import ColumnDowncoding, Downcoding, downcoding
from hsr_privacy.attacking.homogeneity import Disclosed, Homogeneity, homogeneity
from hsr_privacy.attacking.implication import ImpliedCells, ImpliedColumn, Source, implied_cells
from hsr_privacy.attacking.minimality import Minimality, minimality
from hsr_privacy.attacking.order import Order, Trend, order

__all__ = [
    "ColumnDowncoding",
    "Disclosed",
    "Downcoding",
    "Homogeneity",
    "ImpliedCells",
    "ImpliedColumn",
    "Minimality",
    "Order",
    "Source",
    "Trend",
    "downcoding",
    "homogeneity",
    "implied_cells",
    "minimality",
    "order",
]
