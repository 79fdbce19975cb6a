"""The release: gates, the act of publishing, and the pages that people read."""

from hsr_privacy.release.release import Released, release_extract

__all__ = ["Released", "release_extract"]
