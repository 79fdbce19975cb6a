"""Definitions: what each figure of an audit means, in both languages, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hsr_privacy.documents import Label


@dataclass(frozen=True)
class Definition:
    """One figure.

    Attributes:
        name: what people call it.
        means: what it says, in a sentence or two.
        source: paper, law or guideline; empty where it is our own.
    """

    name: Label
    means: Label
    source: str = ""


def _of(nb: str, en: str, means_nb: str, means_en: str, source: str = "") -> Definition:
    return Definition(Label(nb=nb, en=en), Label(nb=means_nb, en=means_en), source)


DEFINITIONS: Final[dict[str, Definition]] = {
    "k": _of(
        "k", "k",
        "Antall personer i den minste gruppen av personer som deler alle kvasi-identifikatorer.",
        "Persons in the smallest class of persons who share all quasi-identifiers.",
        "Samarati 2001, doi:10.1109/69.971193",
    ),
    "unique": _of(
        "alene", "sample unique",
        "En person som er alene om kombinasjonen sin i uttrekket.",
        "A person who is alone with their combination in the extract.",
    ),
    "prosecutor": _of(
        "påtalerisiko", "prosecutor risk",
        "Sjansen for å peke på rett person når en vet at vedkommende er i uttrekket: 1 delt på antall personer i gruppen.",
        "Chance of pointing at the right person for who knows that they are in the extract: 1 divided by the persons of the class.",
        "El Emam & Dankar 2008, doi:10.1197/jamia.M2716",
    ),
    "journalist": _of(
        "journalistrisiko", "journalist risk",
        "Sjansen når en ikke vet hvem som er i uttrekket: 1 delt på antall personer i befolkningen med samme verdier. I et register alle skal være i, er den lik påtalerisikoen.",
        "Chance for who does not know who is in the extract: 1 divided by the persons of the population with the same values. In a register that holds everybody it equals the prosecutor's.",
        "El Emam & Dankar 2008, doi:10.1197/jamia.M2716",
    ),
    "marketer": _of(
        "massegjenkjenning", "marketer risk",
        "Andelen en ville finne ved å prøve å gjenkjenne alle: antall grupper delt på antall personer.",
        "Share that would be found by trying everybody: classes divided by persons.",
        "El Emam & Dankar 2008, doi:10.1197/jamia.M2716",
    ),
    "wildcard": _of(
        "fjernet verdi som jokertegn", "removed value as a wildcard",
        "En manglende eller fjernet verdi passer med alle verdier. Da ser gruppene større ut. Vi dømmer etter den andre lesningen, der den er en verdi for seg, fordi den som kjenner reglene vet hva som ble fjernet.",
        "A missing or removed value agrees with every value, so that classes look larger. We judge by the other reading, where it is a value of its own, because who knows the rules knows what was removed.",
        "Ciglic et al. 2016; Templ 2017, ch. 4",
    ),
    "k_map": _of(
        "k-map", "k-map",
        "Antall innbyggere som har de samme verdiene av kommune, alder og kjønn, på nivået i uttrekket.",
        "Residents who have the same municipality, age and sex on the level of the extract.",
        "Sweeney 2002, doi:10.1142/S0218488502001648",
    ),
    "population_unique": _of(
        "alene i befolkningen", "population unique",
        "Anslag over hvor mange som er alene også i befolkningen, ut fra hvor mange grupper av hver størrelse utvalget har.",
        "Estimate of how many are alone in the population too, from how many classes of each size the sample has.",
        "Hoshino 2001; Zayatz 1991; Chen & Keller-McNulty 1998; Dankar et al. 2012, doi:10.1186/1472-6947-12-66",
    ),
    "individual_risk": _of(
        "individuell risiko", "individual risk",
        "Forventet sjanse for å gjenkjenne én person når gruppens størrelse i befolkningen er ukjent og anslås.",
        "Expected chance of recognizing one person where the class's size in the population is unknown and estimated.",
        "Benedetti & Franconi 1998; Franconi & Polettini 2004, doi:10.1007/978-3-540-25955-8_20",
    ),
    "suda": _of(
        "SUDA2", "SUDA2",
        "Hvor få og hvor mange små kombinasjoner av variabler som alene gjør en rad unik. Jo mindre kombinasjonene er, jo høyere.",
        "How small and how many the combinations of variables are that make a row unique by themselves. The smaller they are, the higher.",
        "Elliot, Manning & Ford 2002; Manning, Haglin & Keane 2008, doi:10.1007/s10618-007-0078-6",
    ),
    "contribution": _of(
        "bidrag", "contribution",
        "Andelen av SUDA-poengene som kommer fra kombinasjoner der variabelen er med.",
        "Share of the SUDA scores that comes from combinations which the variable is part of.",
        "Manning, Haglin & Keane 2008, doi:10.1007/s10618-007-0078-6",
    ),
    "distinction": _of(
        "særpreg", "distinction",
        "Antall ulike verdier av en kombinasjon av variabler, delt på antall rader.",
        "Distinct values of a combination of variables, divided by the rows.",
        "Motwani & Xu 2007",
    ),
    "separation": _of(
        "skille", "separation",
        "Andelen av alle par av rader som skiller seg i minst én av variablene.",
        "Share of all pairs of rows that differ in at least one of the variables.",
        "Motwani & Xu 2007",
    ),
    "l": _of(
        "l", "l",
        "Antall ulike verdier av en sensitiv variabel i den gruppen der det er færrest.",
        "Distinct values of a sensitive variable in the class that has the fewest.",
        "Machanavajjhala et al. 2007, doi:10.1145/1217299.1217302",
    ),
    "t": _of(
        "t", "t",
        "Største avstand mellom fordelingen i en gruppe og i hele uttrekket, fra 0 til 1.",
        "Largest distance between the distribution in a class and in the whole extract, from 0 to 1.",
        "Li, Li & Venkatasubramanian 2007, doi:10.1109/ICDE.2007.367856",
    ),
    "beta": _of(
        "β", "β",
        "Hvor mye mer sannsynlig en verdi er i en gruppe enn i hele uttrekket; 1 er dobbelt så sannsynlig.",
        "How much more likely a value is in a class than in the whole extract; 1 is twice as likely.",
        "Cao & Karras 2012, doi:10.14778/2350229.2350255",
    ),
    "homogeneity": _of(
        "samme verdi for alle", "homogeneity",
        "Grupper der alle har verdien: den som vet at noen er i gruppen, vet det.",
        "Classes in which everybody has the value: who knows that somebody is in the class knows it.",
        "Machanavajjhala et al. 2007, doi:10.1145/1217299.1217302",
    ),
    "absence": _of(
        "verdi ingen har", "absence",
        "Grupper der ingen har en verdi som noen ellers har: også det er noe en får vite.",
        "Classes in which nobody has a value that others have: that is something learned, too.",
    ),
    "expected_matches": _of(
        "forventede treff", "expected matches",
        "Av hundre personer angriperen leter etter: hvor mange vedkommende i snitt peker på riktig, når det trekkes blant alle som passer.",
        "Of a hundred persons whom the attacker looks for: how many they point at rightly on average, drawing among all who fit.",
        "Simulert; 95 %-intervall · simulated, 95% interval",
    ),
    "certain": _of(
        "sikre og riktige", "certain and right",
        "Andelen der bare én person passer, og det er rett person.",
        "Share for whom one person alone fits, and it is the right one.",
    ),
    "control": _of(
        "kontroll", "control",
        "Det samme angrepet mot personer som ikke er i tabellen: så ofte treffer en som ikke finnes der.",
        "The same attack on persons who are not in the table: so often somebody is hit who is not there.",
        "Giomi et al. 2023, doi:10.56553/popets-2023-0055",
    ),
    "attack_risk": _of(
        "risiko ved angrep", "attack risk",
        "Hvor mye oftere angrepet lykkes mot personer i uttrekket enn mot personer som er holdt utenfor, av det som er igjen å vinne. Øvre ende av intervallet teller.",
        "How much more often the attack succeeds on persons of the extract than on persons who were held out, of what there is left to gain. The upper end of the interval counts.",
        "Giomi et al. 2023, doi:10.56553/popets-2023-0055; WP216 (05/2014)",
    ),
    "implied": _of(
        "følger av andre", "implied",
        "Fjernede verdier som andre kolonner i samme rad sier med minst 90 % sikkerhet.",
        "Removed values that other columns of the same row tell with at least 90% certainty.",
    ),
    "conditional_entropy": _of(
        "betinget entropi", "conditional entropy",
        "Biter som fortsatt er skjult i en kolonne for den som kjenner en annen; 0 er ingenting skjult.",
        "Bits of a column that are still hidden from who knows another one; 0 is nothing hidden.",
        "Shannon 1948, doi:10.1002/j.1538-7305.1948.tb01338.x",
    ),
    "fingerprint": _of(
        "fingeravtrykk", "fingerprint",
        "Kombinasjoner som ingen tenker på som kjennetegn, men som kan være unike: rekken av tidsintervaller, mønsteret av manglende verdier, antall siffer.",
        "Combinations that nobody thinks of as features and that can be unique: the vector of time intervals, the pattern of missing values, the number of digits.",
    ),
    "order": _of(
        "rekkefølge", "order",
        "Sammenhengen mellom radnummer og det radene ble laget av; en rekkefølge skal ikke fortelle noe.",
        "Correlation of the row number with what the rows were made from; an order should tell nothing.",
        "Spearman 1904, doi:10.2307/1412159",
    ),
    "cohort_difference": _of(
        "forskjell mellom kohorter", "cohort difference",
        "Personer som er i det ene uttrekket og ikke i det andre; er de få, kan en telle seg fram til dem.",
        "Persons who are in one extract and not in the other; where they are few, they can be found by subtraction.",
    ),
    "candidates": _of(
        "kandidater", "candidates",
        "Personer som fortsatt passer når en legger flere uttrekk oppå hverandre.",
        "Persons who still fit when several extracts are laid on top of each other.",
        "Ganta et al. 2008, doi:10.1145/1401890.1401926",
    ),
    "subtraction": _of(
        "tabeller som trekkes fra", "tables that subtract",
        "Celler med færre enn k personer som ingen av uttrekkene viser, men som forskjellen mellom dem viser.",
        "Cells of fewer than k persons that no extract shows and the difference between them does.",
    ),
    "leak": _of(
        "funn i filene", "found in the files",
        "Fødselsnumre og andre kjennetegn et sted i filene, også i metadata. Nivå A: gyldig i dag; B: andre serier; C: elleve siffer.",
        "National identifiers and other marks anywhere in the files, metadata too. Tier A: valid today; B: other series; C: eleven digits.",
    ),
    "loss": _of(
        "tap av detaljer", "loss of detail",
        "Andelen av detaljene som er borte: 0 er ingenting, 1 er alt.",
        "Share of the detail that is gone: 0 is nothing, 1 is all.",
        "Iyengar 2002, doi:10.1145/775047.775089",
    ),
    "distance": _of(
        "avstand", "distance",
        "Største forskjell i andel mellom originalen og uttrekket, over alle hendelser (total variasjon): 0 er likt, 1 har ingenting felles.",
        "Largest difference in share between the original and the extract, over all events (total variation): 0 is alike, 1 has nothing in common.",
    ),
    "overlap": _of(
        "overlapp", "overlap",
        "Hvor mye av de to intervallene som er felles: 1 er alt, under 0 ligger de fra hverandre.",
        "How much of the two intervals is shared: 1 is all, below 0 they lie apart.",
        "Karr et al. 2006, doi:10.1198/000313006X124640",
    ),
    "subgroup": _of(
        "hvem det rammer", "whom it falls on",
        "Andelen av en gruppes rader eller verdier som er fjernet, mot hele uttrekket.",
        "Share of a group's rows or values that were removed, against the whole extract.",
    ),
}  # fmt: skip
"""By the key that pages link to."""
