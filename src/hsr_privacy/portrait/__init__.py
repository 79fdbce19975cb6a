"""A portrait of a register: its figures and pictures beside what has been published."""

from hsr_privacy.portrait.hiding import LEAST_PERSONS
from hsr_privacy.portrait.page import portrait_page
from hsr_privacy.portrait.portrait import Portrait, as_plain, portray, portray_deliveries
from hsr_privacy.portrait.published import Published, load_published
from hsr_privacy.portrait.text import portrait_text

__all__ = [
    "LEAST_PERSONS",
    "Portrait",
    "Published",
    "as_plain",
    "load_published",
    "portrait_page",
    "portrait_text",
    "portray",
    "portray_deliveries",
]
