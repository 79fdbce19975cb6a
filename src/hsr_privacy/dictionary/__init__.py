"""The data dictionary: what the columns of one table are, for whoever writes or describes it."""

from hsr_privacy.dictionary.model import Dictionary, Field, Kind, Value

__all__ = ["Dictionary", "Field", "Kind", "Value"]
