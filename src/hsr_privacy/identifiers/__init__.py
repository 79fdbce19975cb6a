"""Norwegian identifiers: what they are, whether they hold, and synthetic ones for tests."""

from hsr_privacy.identifiers.synthetic import make_national_ids

__all__ = ["make_national_ids"]
