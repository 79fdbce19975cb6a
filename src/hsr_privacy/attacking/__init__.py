"""Attacking: what whoever knows the engine can still read out of a release; counts, never a cell."""

from hsr_privacy.attacking.downcoding import ColumnDowncoding, Downcoding, downcoding
from hsr_privacy.attacking.everything import EverythingKnown, OneMore, everything_known
from hsr_privacy.attacking.expecting import Matches, expected_matches, matches_of
from hsr_privacy.attacking.exposed import Exposed
from hsr_privacy.attacking.flags import Flag, FlagKind
from hsr_privacy.attacking.forgotten import Forgotten, forgotten
from hsr_privacy.attacking.guesses import ImpliedColumn, Source
from hsr_privacy.attacking.homogeneity import Disclosed, Homogeneity, homogeneity
from hsr_privacy.attacking.implication import ImpliedCells, implied_cells
from hsr_privacy.attacking.minimality import Minimality, minimality
from hsr_privacy.attacking.news import NewsLinks, OtherLevel, news_links, news_of
from hsr_privacy.attacking.newsworthy import Outstanding
from hsr_privacy.attacking.order import Order, Trend, order
from hsr_privacy.attacking.simulating import Attack, Estimate, simulate

__all__ = [
    "Attack",
    "ColumnDowncoding",
    "Disclosed",
    "Downcoding",
    "Estimate",
    "EverythingKnown",
    "Exposed",
    "Flag",
    "FlagKind",
    "Forgotten",
    "Homogeneity",
    "ImpliedCells",
    "ImpliedColumn",
    "Matches",
    "Minimality",
    "NewsLinks",
    "OneMore",
    "Order",
    "OtherLevel",
    "Outstanding",
    "Source",
    "Trend",
    "downcoding",
    "everything_known",
    "expected_matches",
    "forgotten",
    "homogeneity",
    "implied_cells",
    "matches_of",
    "minimality",
    "news_links",
    "news_of",
    "order",
    "simulate",
]
