"""Write docs/reference/rules.md from configs/rules.yaml, or say where the two have drifted apart.

python scripts/rules.py            write the page
python scripts/rules.py --check    compare, and exit with 1 if there is a difference
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hsr_privacy.rules import Rule, Rules, load_rules

PAGE: Final = Path(__file__).parents[1] / "docs" / "reference" / "rules.md"
MADE: Final = "<!-- Written by scripts/rules.py from configs/rules.yaml; do not edit by hand. -->\n"

HEAD: Final = """
# The rules of the register

What must hold between the variables of an arrest. `hsr_privacy.rules` judges them on pandas, Polars and
Spark frames: of a delivered form, of the event store, or of a table made like one. It tells counts, and
never a cell.

- **error**: the data are wrong. **warning**: worth a look. **information**: worth knowing, and no fault.
- A missing value breaks no rule, nor do the codes 888, 998 and 999, unless the rule asks for an answer.
- A rule whose columns are missing, or hold bands or labels, is not judged and says so.
- A delivered time is what a Norwegian clock showed. In the night in which an hour comes twice, a rule is
  broken only where every reading of the times breaks it.
- `event_day` is the day of `t_stans` or `t_anrop` where no column has it; `person_key` is `fnr` where that
  tells persons apart.
"""


def main(arguments: list[str]) -> int:
    """Write or compare the page; gives the exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write(__doc__ or "")
        return 2
    text = page(load_rules())
    if not arguments:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(
        "docs/reference/rules.md has drifted from configs/rules.yaml; run: python scripts/rules.py",
        file=sys.stderr,
    )
    return 1


def page(rules: Rules) -> str:
    """The page: an overview, and a section per rule in both languages."""
    rows = [
        f"| [{r.id}](#{_anchor(r)}) | {r.severity} | {', '.join(r.forms)} | {r.text.en} |"
        for r in rules
    ]
    overview = "\n".join(
        ["| rule | severity | forms | what must hold |", "|---|---|---|---|", *rows]
    )
    sections = "\n".join("\n".join(_section(rule)) for rule in rules)
    return f"{MADE}{HEAD}\n{overview}\n\n{sections}"


def _anchor(rule: Rule) -> str:
    return rule.id.lower().replace(".", "")


def _section(rule: Rule) -> Iterator[str]:
    yield f"## {rule.id}\n"
    yield f"{rule.text.en}\n"
    yield f"*{rule.text.nb}*\n"
    severity = [str(rule.severity), *(f"{s} in {f}" for f, s in rule.severity_in.items())]
    yield f"- Severity: {', '.join(severity)}"
    yield f"- Forms: {', '.join(rule.forms)}"
    if rule.columns:
        yield f"- Columns: {', '.join(f'`{name}`' for name in rule.columns)}"
    limits = [f"`{name}` {value}" for name, value in rule.parameters.items()]
    if limits:
        yield f"- Limits: {', '.join(limits)}"
    if rule.judged_by == "gate":
        yield "- Judged by gate G3 of a release, which looks at every cell."
    yield f"- Source: {rule.source.en}"
    yield f"- Kilde: {rule.source.nb}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
