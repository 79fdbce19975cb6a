"""Re-identification: who a pseudonym is, told to one person, for a reason, with another's consent."""

from hsr_privacy.reidentification.answer import Answer, answer
from hsr_privacy.reidentification.request import MOST_ROWS, Request, approve, ask, read_request

__all__ = ["MOST_ROWS", "Answer", "Request", "answer", "approve", "ask", "read_request"]
