"""The release: gates, the act of publishing, and the pages that people read."""

from hsr_privacy.release.assessing import assess_extract
from hsr_privacy.release.release import Released, register_signing_key, release_extract
from hsr_privacy.release.remembering import differencing_now, sketch_is_released

__all__ = [
    "Released",
    "assess_extract",
    "differencing_now",
    "register_signing_key",
    "release_extract",
    "sketch_is_released",
]
