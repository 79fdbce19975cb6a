"""The release: gates, the act of publishing, and the pages that people read."""

from hsr_privacy.release.assessing import assess_extract
from hsr_privacy.release.release import Released, release_extract

__all__ = ["Released", "assess_extract", "release_extract"]
