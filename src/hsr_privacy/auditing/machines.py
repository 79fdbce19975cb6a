"""For machines: an audit as JSON."""

from __future__ import annotations

from typing import Any, Final

from hsr_privacy.auditing.audit import Audit
from hsr_privacy.auditing.plain import plain
from hsr_privacy.auditing.verdict import Reason, Verdict

FORMAT: Final = "hsr-risk/1"


def as_machines(audit: Audit) -> dict[str, Any]:
    """Everything that the page says, as names, numbers and sentences in both languages.

    The schema is docs/reference/risk.schema.json.
    """
    explanation, probed = audit.explanation, audit.probed
    told = {
        "format": FORMAT,
        "title": audit.title,
        "verdict": _verdict(audit.verdict),
        "questions": {str(one): _verdict(verdict) for one, verdict in audit.answers.items()},
        "rows": audit.rows,
        "persons": audit.persons,
        "columns": audit.columns,
        "k": audit.measures.own_category.k,
        "limits": {
            "k": audit.limits.k,
            "l": dict(audit.limits.l),
            "max_suppressed": audit.limits.max_suppressed,
            "scenarios": [plain(one) for one in audit.scenario_sizes],
        },
        "measures": audit.measures.to_json(),
        "scenarios": [match.to_json() for _, match in audit.matches],
        "scenarios_without_use": [one.name for one in audit.absent],
        "news": None if audit.news is None else audit.news.to_json(),
        "everything_known": audit.everything.to_json(),
        "forgotten": audit.forgotten.to_json(),
        "attacks_registered": audit.registered,
        "attacks": None if probed is None else probed.to_json(),
        "earlier": None if audit.composed is None else [one.to_json() for one in audit.composed],
        "files": None if audit.files is None else audit.files.to_json(),
        "utility": audit.worth.to_json(),
        "explanation": None if explanation is None else explanation.to_json(),
    }
    return {name: _rounded(value) for name, value in told.items()}


def _rounded(value: Any) -> Any:
    """Decimals with six significant digits.

    More say nothing, and a long one may look like a number that names somebody.
    """
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "answer": str(verdict.answer),
        "reasons": [_reason(one) for one in verdict.reasons],
        "notes": [_reason(one) for one in verdict.notes],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "question": str(reason.question),
        "answer": None if reason.answer is None else str(reason.answer),
        "text": {"nb": reason.text.nb, "en": reason.text.en},
        "place": reason.place,
    }
