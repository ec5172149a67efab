"""French words of time."""

from __future__ import annotations

from collections.abc import Mapping

from schema.dates.languages.language import Language, months, tens_and_ones, up_to_999, weekdays

_ONES = {
    word: value
    for value, word in enumerate(
        (
            *("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
            *("treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
        ),
        start=1,
    )
}
_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
_FROM_TWO = {word: value for word, value in _ONES.items() if 1 < value < 10}


def _numbers() -> Mapping[str, int]:
    """All but one, which is the article as well."""
    below_100 = {
        **_ONES,
        **dict(tens_and_ones(_TENS, _FROM_TWO, ("-", " "))),
        **{f"{ten} et {one}": value + 1 for ten, value in _TENS.items() for one in ("un", "une")},
        **{f"soixante-{word}": 60 + value for word, value in _ONES.items() if value >= 10},
        "soixante et onze": 71,
        "quatre-vingts": 80,
        "quatre-vingt": 80,
        **{f"quatre-vingt-{word}": 80 + value for word, value in _ONES.items()},
    }
    del below_100["un"]
    cents = (("cent", 100), *((f"{word} {cent}", 100 * value) for word, value in _FROM_TWO.items() for cent in _CENTS))
    return up_to_999(below_100, dict(cents), (" ",))


_CENTS = ("cents", "cent")
_WORDS = {
    "": "le|la|les|l'|une duree de|une periode de|la duree de|une duree totale de|de temps",
    "UNKNOWN": "huit jours|quinze jours|fin de semaine",
    "_WITHIN": "sous|dans un delai de|dans le delai de|dans les|en l'espace de|d'ici les",
    "_WITHIN _UP_TO": "dans un delai maximal de|dans un delai maximum de|dans un delai d'au plus",
    "_IN": "dans",
    "_OVER": "au cours de|au cours du|au cours des|durant les|pendant les",
    "_FOR": "pour|pendant|durant",
    "_NO_LATER": (
        "d'ici|d'ici a|d'ici au|d'ici le|d'ici la|au plus tard|au plus tard le|au plus tard a|au plus tard dans|"
        "au plus tard dans un delai de"
    ),
    "_BEFORE": "avant",
    "_UNTIL": "jusqu'a|jusqu'au|jusqu'en|jusqu'a la",
    "_UP_TO": "au plus|au maximum|maximum|tout au plus|n'excedant pas|ne depassant pas|un maximum de",
    "_ON": "en|au mois de|au mois d'|courant",
    "_TO": "a|au",
    "_OF": "de|du|d'",
    "_OR": "ou",
    "AND": "et",
    "BETWEEN": "entre",
    "_DASH": "-",
    "_COMMA": ",",
    "_LPAR": "(",
    "_RPAR": ")",
    "A": "un|une",
    "_FEW": "quelques|plusieurs",
    "_ANOTHER": "encore|supplementaires|supplementaire|additionnels|additionnelles|de plus|une nouvelle periode de|"
    "une periode supplementaire de",
    "_COMING": "prochains|prochaines",
    "NEXT UNIT=week": "semaine prochaine",
    "NEXT UNIT=month": "mois prochain",
    "NEXT UNIT=year": "annee prochaine|an prochain",
    "_FOLLOWING UNIT=week": "semaine suivante",
    "_FOLLOWING UNIT=month": "mois suivant",
    "_FOLLOWING UNIT=year": "annee suivante",
    "NEXT UNIT=day": "lendemain|jour suivant",
    "_THIS": "cette|ce|cet",
    "_THIS UNIT=week": "cette semaine-ci",
    "_THIS UNIT=month": "ce mois|ce mois-ci|mois en cours",
    "_THIS UNIT=year": "annee en cours",
    "_LATER _THIS": "plus tard cette|plus tard dans la|plus tard dans l'",
    "_LATER _THIS UNIT=month": "plus tard ce mois-ci|plus tard dans le mois|plus tard ce mois",
    "_AHEAD": "a venir|qui viennent",
    "NEAR=0": "aujourd'hui|ce soir|ce matin|cet apres-midi|cette nuit",
    "NEAR=1": "demain",
    "NEAR=2": "apres-demain|apres demain",
    "_PART_OF_DAY": "matin|apres-midi|soir|au soir|dans la soiree",
    "CLOCK": "a midi|midi",
    "_ZONE": "gmt|utc|tu|heure locale",
    "WEEKEND": "week-end|weekend",
    "_END": "fin|fin de|fin du|fin d'|fin du mois de|fin du mois d'",
    "_ON _END": "a la fin de|a la fin du|a la fin|a la fin d'|a la fin du mois de|a la fin du mois d'",
    "_END UNIT=month": "fin du mois|fin de mois",
    "_ON _END UNIT=month": "a la fin du mois",
    "PART=early": "debut|au debut de|au debut du mois de|le debut de|debut du mois de",
    "PART=mid": "mi|a la mi|au milieu de|milieu de|au milieu du mois de",
    "QUARTER": "trimestre",
    "HALF": "semestre",
    **{f"ORDINAL={number} QUARTER": f"t{number}" for number in range(1, 5)},
    "ORDINAL=1": "premier|1 er",
    "ORDINAL=2": "deuxieme|second",
    "ORDINAL=3": "troisieme",
    "ORDINAL=4": "quatrieme",
    **{f"SEASON={name}": word for name, word in (("spring", "printemps"), ("summer", "ete"), ("winter", "hiver"))},
    "SEASON=autumn": "automne",
    "EASTER=easter": "paques|dimanche de paques",
    "EASTER=orthodox": "paques orthodoxes|paques orthodoxe",
    "EASTER=western": "paques catholiques|paques catholique",
    "UNIT=hour": "heure",
    "UNITS=hour": "heures|h",
    "UNIT=day": "jour|jour calendaire",
    "UNITS=day": "jours|jours calendaires|jours consecutifs|jours civils",
    "UNIT=week": "semaine",
    "UNITS=week": "semaines|semaines consecutives",
    "UNITS=month": "mois|mois consecutifs",
    "UNIT=year": "an|annee",
    "UNITS=year": "ans|annees",
    **months(
        "janvier|janv fevrier|fevr|fev mars avril|avr mai juin juillet|juil aout septembre|sept octobre|oct "
        "novembre|nov decembre|dec"
    ),
    **weekdays("lundi mardi mercredi jeudi vendredi samedi dimanche"),
}

_DAYS = "lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?|dimanches?"
_MONTHS = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"

_DOUBTS = {
    "event": (
        r"^\W*(?:de|du|d'|apres|suivant\w*|a compter|a partir|depuis|des|avant|a la suite|suite a|au-dela|une fois)\b"
    ),
    "event_later": (
        r"\b(?:apres|suivant\w*|suite a|une fois|a compter|a partir|commen\w*|debut\w*|compt\w*|signature|sign\w*|"
        r"ratif\w*|entree en vigueur|effet|depuis|des)\b"
    ),
    "depends": (
        r"\b(?:si|s'|sauf|a moins|a condition|sous reserve|pourvu|lorsque?|quand|tant que|jusqu'?|selon que|en cas|"
        r"en echange|condition\w*|depend\w*|seulement|mais|ou|ne|pas|sans|au cas|autorisation|accord de|approbation|"
        r"permettant|peu\w*|pourr\w*|necessaire|besoin)\b"
    ),
    "change": (
        r"\b(?:prolong\w*|renouvel\w*|report\w*|reconduct\w*|reconduit\w*|prorog\w*|etend\w*|differ\w*|retard\w*|"
        r"suspen\w*|rallong\w*|raccourc\w*|exclu\w*|inclu\w*|au plus tot|supplementaire\w*|encore|plus|moins|"
        r"automatique\w*|tacite\w*)\b"
    ),
    "recurs": (
        r"\b(?:chaque|tous les|toutes les|par (?:jour|semaine|mois|an)|quotidien\w*|hebdomadaire\w*|mensuel\w*|"
        r"annuel\w*|trimestriel\w*)\b"
    ),
    "second": (
        rf"[0-9]|\b(?:premiere?|deuxieme|seconde?|troisieme|heures?|jours?|semaines?|mois|annees?|ans?|trimestres?|"
        rf"demain|aujourd'|{_DAYS}|{_MONTHS}|"
        rf"{'|'.join(word for word in _ONES if word not in ('un', 'six'))}|{'|'.join(_TENS)}|cent)\b"
    ),
    "unsure": (
        r"\b(?:environ|a peu pres|pres de|quelque|autour de|aux alentours|vers|peut-etre|probablement|"
        r"vraisemblablement|sans doute|eventuellement|approximativement|une (?:dizaine|quinzaine|vingtaine|"
        r"trentaine))\b"
    ),
    "past": r"\b(?:il y a|hier|dernier|derniere|derniers|dernieres|passee?s?|precedente?|ecoulee?s?)\b",
    "earliest": r"\b(?:pas avant|au plus tot|pas plus tot)\b",
    "beginning": r"\b(?:apres|depuis|a partir|a compter|des)\b",
    "negation": r"\b(?:ne|n'|pas|jamais|aucune?|sans|sauf)\b",
    "minimum": r"\b(?:au moins|plus de|plus d'|pas moins de|minimum|minimale?|ou plus|au-dela)\b",
    "less": r"\b(?:moins de|moins d'|en dessous|ou moins)\b",
    "working_days": r"\bjours? (?:ouvres?|ouvrables?|francs?|feries?|de travail|de bourse|de semaine)\b",
    "calendar": (
        r"\b(?:ramadan|mouharram|muharram|chaoual|rajab|chaabane|hegire|hegirien\w*|lunaires?|persan|nowruz|norouz|"
        r"juif|juive|orthodoxes?|julien|copte|ethiopien\w*|bouddhi\w*|chinois)\b"
    ),
    "holiday": (
        r"\b(?:noel|nouvel an|toussaint|ascension|pentecote|aid|achoura|tabaski|korite|assomption|epiphanie|careme|"
        r"fetes?|vacances|conges?|jour de l'an|st-sylvestre|saint-sylvestre)\b"
    ),
    "fiscal": (
        r"\b(?:exercice|budgetaire|fiscale?|scolaire|legislature|session|mandat|trimestre|semestre|saison|"
        r"quinquennat|rentree)\b"
    ),
    "number": r"#|[0-9]+[.,][0-9]+(?= [a-z])|\b(?:demie?|demi-\w+|tiers|quarts?|et demie?)\b",
    "fraction": r"^ et (?:demie?|quart)\b",
    "until_or_on": r"\ben (?:[0-9]+|une?|deux|trois|quatre|cinq|six|dix) (?:heures?|jours?|semaines?|mois|ans?)\b",
    "idiom": r"\b(?:huit|quinze) jours\b|\b(?:huitaine|quinzaine)\b",
    "length": r"\b(?:minutes?|secondes?|instants?|decennies?|siecles?|lustres?|dizaine|vingtaine|trentaine)\b",
    "soon": (
        r"\b(?:des que|aussitot|bientot|prochainement|immediat\w*|sans delai|sous peu|au plus vite|incessamment|"
        r"le plus (?:tot|vite|rapidement) possible|dans les meilleurs delais|a bref delai|rapidement|d'urgence|"
        r"proche avenir|a terme)\b"
    ),
    "open": r"\b(?:nouvel ordre|duree indeterminee|indefini\w*|permanen\w*|illimitee?)\b",
    "as_long": r"\b(?:duree d|pendant|durant|tant que|aussi longtemps)",
    "unclear": r"\b(?:non precisee?|pas precisee?|indeterminee?|inconnue?)\b",
    "numeric_date": r"\b[0-9]{1,4}[./][0-9]{1,2}(?:[./][0-9]{1,4})?\b",
    "midnight": r"\b(?:minuit|00:00|0 ?h)\b",
    "zone": r"\bheure de [a-z]+\b|\bheure d'\b|\b(?:gmt|utc) ?[+-]",
    "which_one": (
        rf"\b(?:{_DAYS}|week-end|printemps|ete|automne|hiver) (?:prochain|suivant|d'apres|en huit|en quinze)\b|"
        rf"\bprochain \w+"
    ),
    "the_next": (
        r"\b(?:la prochaine|prochaine) (?:semaine|annee)\b|\bprochain mois\b|\b(?:une semaine|un mois|"
        r"un an) (?:a venir)\b"
    ),
    "part": (
        r"\b(?:debut|mi|fin|milieu)[ -](?:de |du |d')?(?:la |l'|le )?(?:semaine|annee|an|trimestre|[0-9]{4}|ete|"
        r"hiver|printemps|automne)\b|"
        r"\b(?:premiere?|deuxieme|derniere?|seconde) (?:semaine|quinzaine|jour|moitie)\b|\bfin de semaine\b"
    ),
    "waits": r"^(?:jusqu|d'|avant|au plus tard)",
}

_CLAUSES = (
    r",? (?:au plus tard|\(?inclus\)?)[ .,;:)!?]*$",
    (
        r",? (?:a-t-(?:il|elle) (?:dit|declare|ajoute|precise|annonce)|(?:a|ont) (?:dit|declare|annonce|indique|"
        r"precise))\b"
    ),
    r",? selon (?:un|une|le|la|les|l'|des) ?[a-z]",
    r",? (?:pour|afin de|afin d'|en vue de|dans le but de) ?(?!(?:un|une|le|la|les|l'|des)\b)[a-z]+(?:er|ir|re)\b",
    r",? (?:sous l'egide|sous la conduite|sous la direction|sous les auspices) d",
    r",? (?:dirigee?s?|conduite?s?|menee?s?|preside?e?s?) par\b",
    r",? et (?:la|le|les|l'|que) ?[a-z]",
)

FRENCH = Language(
    code="fr",
    name="French",
    words=_WORDS,
    numbers=_numbers,
    ordinal=r"(?:1er|1re)\b",
    clock=(
        r"(?:a )?(?:0?[1-9]|1[0-9]|2[0-3])(?: ?h ?|:)[0-5][0-9]\b|"
        r"a (?:0?[1-9]|1[0-9]|2[0-4]) ?(?:h|heures)\b"
    ),
    doubts=_DOUBTS,
    clauses=_CLAUSES,
)
