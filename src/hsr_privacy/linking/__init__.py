"""Linking: two registries let a third join their extracts, and nobody sees an identifier.

Each registry replaces identifiers by tokens under a key that only the two know, beside the
pseudonyms of its own project. The linking body joins on the tokens and gives the researcher a
crosswalk of pseudonyms. It never sees health data; the researcher never sees a token.
"""

from hsr_privacy.linking.agreement import agree, agreed_key, begin, destroy, public_document
from hsr_privacy.linking.crosswalk import Reconciled, reconcile
from hsr_privacy.linking.pairs import Pairs, make_pairs, read_pairs
from hsr_privacy.linking.profile import compare, profile_of

__all__ = [
    "Pairs",
    "Reconciled",
    "agree",
    "agreed_key",
    "begin",
    "compare",
    "destroy",
    "make_pairs",
    "profile_of",
    "public_document",
    "read_pairs",
    "reconcile",
]
