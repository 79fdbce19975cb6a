"""`hsr codebook`: what the register's variables are."""

from __future__ import annotations

import datetime as dt
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from hsr_privacy.cli import say
from hsr_privacy.cli.groups import WithDefault

if TYPE_CHECKING:
    from hsr_privacy.codebook import Codebook, Variable
    from hsr_privacy.documents import Label
    from hsr_privacy.hierarchies import Hierarchy

_FEW: Final = 12
_WIDTH: Final = 86


@click.group(cls=WithDefault, default="show", also_alone=True)
def command() -> None:
    """Check the codebook, show what it says, and export it.

    Without a command, hsr codebook VARIABLE is hsr codebook show VARIABLE.
    """


@command.command()
@click.argument("variable", required=False)
@click.option(
    "--language",
    type=click.Choice(["nb", "en"]),
    default="en",
    show_default=True,
    help="Bokmål or English.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
def show(variable: str | None, language: str, as_json: bool) -> None:
    """Check the codebook and list its variables, or show everything about VARIABLE.

    Codes and levels of detail are those that an approved application may name.

    \b
    Example:
      hsr codebook show alder --language nb
    """
    from hsr_privacy.codebook import load_codebook
    from hsr_privacy.documents import nearest
    from hsr_privacy.hierarchies import load_hierarchies

    hierarchies = load_hierarchies()
    codebook = load_codebook(hierarchies=hierarchies)
    if variable is not None and variable not in codebook:
        hint = nearest(variable, [one.name for one in codebook])
        raise click.BadParameter(f"the codebook has no variable '{variable}'{hint}")
    if as_json:
        say.machine(_as_json(codebook, variable))
    elif variable is None:
        _list(codebook, language)
    else:
        one = codebook[variable]
        hierarchy = hierarchies[one.hierarchy] if one.hierarchy is not None else None
        _show(one, codebook, hierarchy, language)


@command.command()
@click.option(
    "--format",
    "kind",
    type=click.Choice(["rapwhale", "xlsx"]),
    required=True,
    help="The columns that quality registries exchange, or a workbook.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="File to write; it is replaced."
)
def export(kind: str, out: Path) -> None:
    """Write the register's whole codebook for people and programs outside.

    rapwhale is a CSV of 23 columns, which the R package of that name reads and checks. xlsx has one
    sheet of variables and one of values, in bokmål and English.

    \b
    Example:
      hsr codebook export --format xlsx --out codebook.xlsx
    """
    from hsr_privacy.codebook import load_codebook
    from hsr_privacy.dictionary import dictionary_of_register
    from hsr_privacy.documents import Label
    from hsr_privacy.formats import rapwhale_csv, write_codebook_xlsx
    from hsr_privacy.hierarchies import load_hierarchies
    from hsr_privacy.project.wording import unit_label
    from hsr_privacy.tables import write_whole

    codebook = load_codebook(hierarchies=load_hierarchies())
    title = Label(nb="Norsk hjertestansregister", en="Norwegian Cardiac Arrest Registry")
    dictionary = dictionary_of_register(
        codebook, title=title, unit=unit_label, name="hjertestansregisteret"
    )
    if kind == "rapwhale":
        text = rapwhale_csv(dictionary).encode()
        write_whole(out, lambda part: part.write_bytes(text))
    else:
        today = dt.datetime.now().astimezone().date()
        write_codebook_xlsx(dictionary, out, written=today)
    say.talk(f"{len(dictionary.fields)} variables, {out}")


def _as_json(codebook: Codebook, name: str | None) -> Any:
    """One variable with its codes, or all of them in a list."""
    shown = [
        one.model_dump(mode="json")
        | {"codes": [code.model_dump(mode="json") for code in codebook.codes(one)]}
        for one in codebook
        if name in (None, one.name)
    ]
    return shown if name is None else shown[0]


def _list(codebook: Codebook, language: str) -> None:
    from hsr_privacy.codebook import Role

    signs = {Role.DIRECT_IDENTIFIER: "D", Role.QUASI_IDENTIFIER: "Q", Role.SENSITIVE: "S"}
    for one in codebook:
        label = _in(one.label, language)
        say.result(f"{signs.get(one.role, ' ')}  {one.name:<27} {one.type:<9} {label}")
    say.talk(
        _say(
            language,
            "\nD: identifiserer direkte, utleveres aldri. Q: kan gjenkjennes. S: sensitiv.\n"
            "Alt om én: hsr codebook NAVN",
            "\nD: direct identifier, never released. Q: quasi-identifier. S: sensitive.\n"
            "Everything about one: hsr codebook NAME",
        )
    )


def _show(
    variable: Variable, codebook: Codebook, hierarchy: Hierarchy | None, language: str
) -> None:
    from hsr_privacy.project.wording import EVENT_TYPES, SOURCES, unit_label

    def field(nb: str, en: str, text: str) -> None:
        say.result(f"  {_say(language, nb, en):<20}{text}")

    say.result(f"{variable.name}: {_in(variable.label, language)}")
    if variable.description is not None:
        say.result(f"  {_in(variable.description, language)}")
    unit = f", {_in(unit_label(variable.unit), language)}" if variable.unit else ""
    field("type", "type", f"{variable.type}{unit}")
    field("rolle", "role", str(variable.role))
    field("behandling", "treatment", str(variable.treatment))
    field("identifiseringsgrad", "identifying", f"{variable.identification_degree} (1-5)")
    sources = ", ".join(_in(SOURCES[source], language) for source in variable.sources)
    field("kilde", "source", sources)
    types = ", ".join(_in(EVENT_TYPES[kind], language) for kind in variable.event_types)
    field("hjertestans", "arrests", types)
    for name, limits in (("range", variable.range), ("plausible", variable.plausible)):
        if limits is not None:
            ends = ["" if end is None else f"{end:g}" for end in (limits.min, limits.max)]
            nb = "grenser" if name == "range" else "rimelig"
            field(nb, name, " … ".join(ends).strip())
    unverified = "" if variable.verified else _say(language, " (ikke bekreftet)", " (not verified)")
    field("beskrevet i", "described in", variable.origin + unverified)
    _show_codes(variable, codebook, language)
    if hierarchy is not None:
        _show_levels(hierarchy, language)


def _show_codes(variable: Variable, codebook: Codebook, language: str) -> None:
    codes = codebook.codes(variable)
    listed = {code.code for code in codes}
    missing = [code for code in variable.missing if code not in listed]
    if codes or missing:
        say.result(_say(language, "  koder", "  codes"))
    for code in codes:
        say.result(f"    {code.code:>4}  {code.nb if language == 'nb' else code.en}")
    for number in missing:
        say.result(f"    {number:>4}  " + _say(language, "mangler", "missing"))


def _show_levels(hierarchy: Hierarchy, language: str) -> None:
    from hsr_privacy.project.wording import english_of, level_label

    say.result(_say(language, "  detaljnivåer, fineste først", "  levels of detail, finest first"))
    for level, name in enumerate(hierarchy.level_names[:-1]):
        words = _in(level_label(name), language)
        said = f": {words}" if words != name else ""
        texts = list(dict.fromkeys(row[level] for row in hierarchy.domain)) if level else []
        if language == "en":
            texts = [hierarchy.english.get(text) or english_of(text) for text in texts]
        few = f" ({', '.join(texts)})" if 0 < len(texts) <= _FEW else ""
        for line in textwrap.wrap(f"{name}{said}{few}", _WIDTH, subsequent_indent="  "):
            say.result(f"    {line}")


def _in(label: Label, language: str) -> str:
    return label.nb if language == "nb" else label.en


def _say(language: str, nb: str, en: str) -> str:
    return nb if language == "nb" else en
