"""The report of the self-test, in bokmål and English, for a data protection impact assessment."""

from __future__ import annotations

from hsr_privacy.pseudonymization.selftest import SelfTest


def report(result: SelfTest) -> str:
    """The report as Markdown; two pages at most.

    Args:
        result: what `selftest.selftest` gave.
    """
    vectors = sum(group.vectors for group in result.groups)
    passed = sum(group.passed for group in result.groups)
    nb, en = ("Bestått", "Passed") if result.passed else ("IKKE BESTÅTT", "FAILED")
    rows = [
        f"| {group.name} | {group.serves} | {group.passed:,} / {group.vectors:,} | {group.source} |"
        for group in result.groups
    ]
    software = ", ".join(f"{name} {value}" for name, value in result.software.items())
    return "\n".join(
        [
            f"# Self-test of the cryptography of hsr-privacy, {result.day.isoformat()}",
            "",
            f"**{nb}: {passed:,} av {vectors:,} testvektorer ga riktig svar på denne maskinen.**",
            "",
            _BOKMAAL,
            "",
            f"**{en}: {passed:,} of {vectors:,} vectors gave what their source says.**",
            "",
            "| primitive | what it serves | passed | source of the vectors |",
            "|---|---|---:|---|",
            *rows,
            "",
            f"Tested: {software}.",
            "",
            _ENGLISH,
            "",
        ]
    )


_BOKMAAL = """Testen viser at bibliotekene på denne maskinen regner slik standardene sier. Den viser
ikke at nøkkelen er hemmelig. Et fødselsnummer har 24 bit: den som har prosjektets nøkkel, kan prøve
alle numrene på sekunder, uansett algoritme. Pseudonymer er derfor personopplysninger, og vernet
ligger i nøkkelens oppbevaring, i at hvert prosjekt har sin egen, og i at den blir slettet."""

_ENGLISH = """What this shows: the libraries on this machine compute what the standards say. What it
does not show: that the key is secret. A national identifier is worth 24 bits (26 from 2032); whoever
holds a project's key can try them all in seconds, with HMAC as with CMAC, and CMAC can also be
undone by one decryption per row. Person keys, the default subject, are 128 random bits and cannot be
tried. Pseudonyms remain personal data; what protects them is the custody of the key, its
separation per project, its destruction and the record of its use. This is no FIPS validation."""
