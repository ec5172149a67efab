"""Spanish words of time. Seasons are left out: half of those who speak it live where they are the other way round."""

from __future__ import annotations

from collections.abc import Mapping

from schema.dates.languages.language import Language, months, tens_and_ones, up_to_999, weekdays

_ONES = {
    word: value
    for value, word in enumerate(
        (
            *("uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"),
            *("trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve", "veinte"),
            *("veintiuno", "veintidos", "veintitres", "veinticuatro", "veinticinco", "veintiseis", "veintisiete"),
            *("veintiocho", "veintinueve"),
        ),
        start=1,
    )
}
_TENS = {"treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90}


def _numbers() -> Mapping[str, int]:
    """All but one, which is the article as well."""
    digits = {word: value for word, value in _ONES.items() if value < 10} | {"un": 1, "una": 1}
    below_100 = {**_ONES, "veintiun": 21, "veintiuna": 21, **dict(tens_and_ones(_TENS, digits, (" y ",)))}
    roots = (("dos", 2), ("tres", 3), ("cuatro", 4), ("seis", 6), ("sete", 7), ("ocho", 8), ("nove", 9))
    hundreds = {f"{root}cient{ending}": 100 * value for root, value in roots for ending in ("os", "as")}
    hundreds |= {"cien": 100, "ciento": 100, "quinientos": 500, "quinientas": 500}
    return up_to_999(below_100, hundreds, (" ",))


_WORDS = {
    "": "el|la|los|las|un periodo de|un periodo total de|una duracion de|un lapso de|un total de|el periodo de|el dia",
    "UNKNOWN": (
        "ocho dias|quince dias|los lunes|los martes|los miercoles|los jueves|los viernes|los sabados|los domingos"
    ),
    "_WITHIN": "dentro de|dentro de los|dentro de las|dentro de un plazo de|dentro del plazo de|en un plazo de|"
    "en el plazo de|en un termino de|en el termino de|en un lapso de|en el transcurso de",
    "_WITHIN _UP_TO": "en un plazo maximo de|en un plazo no mayor de|en un plazo no mayor a|en un plazo no superior a|"
    "en un plazo de hasta|en no mas de|dentro de un plazo maximo de",
    "_OVER": "durante el|durante la|durante los|durante las",
    "_FOR": "por|durante",
    "_BY": "para|para el|para la|para los",
    "_NO_LATER": "a mas tardar|a mas tardar el|a mas tardar en|a mas tardar dentro de|no mas tarde de|no mas tarde del|"
    "como maximo el",
    "_BEFORE": "antes de|antes del",
    "_UNTIL": "hasta|hasta el|hasta la|hasta el dia",
    "_UP_TO": "como maximo|a lo sumo|no mas de|un maximo de|maximo|un periodo maximo de|por no mas de",
    "_ON": "en",
    "_FROM": "desde|desde el",
    "_TO": "a|al",
    "_OF": "de|del",
    "_OR": "o|u",
    "AND": "y|e",
    "BETWEEN": "entre",
    "_DASH": "-",
    "_COMMA": ",",
    "_LPAR": "(",
    "_RPAR": ")",
    "A": "un|una",
    "_FEW": "unos|unas|unos pocos|unas pocas|pocos|pocas|unos cuantos|unas cuantas|algunos|algunas|varios|varias",
    "_ANOTHER": "otros|otras|adicionales|mas|un periodo adicional de|un nuevo periodo de",
    "_COMING": "proximos|proximas",
    "_FOLLOWING": "siguientes",
    "NEXT UNIT=day": "dia siguiente|el dia siguiente|al dia siguiente",
    "NEXT UNIT=week": "proxima semana|semana proxima|semana que viene|semana entrante",
    "NEXT UNIT=month": "proximo mes|mes proximo|mes que viene|mes entrante",
    "NEXT UNIT=year": "proximo ano|ano proximo|ano que viene|ano entrante",
    "_FOLLOWING UNIT=week": "semana siguiente|siguiente semana",
    "_FOLLOWING UNIT=month": "mes siguiente|siguiente mes",
    "_FOLLOWING UNIT=year": "ano siguiente|siguiente ano",
    "_THIS": "este|esta|presente|actual",
    "_LATER _THIS": "mas adelante esta|mas adelante este|mas tarde esta|mas tarde este",
    "_AHEAD": "venideros|venideras|que vienen|por venir",
    "_TIME": "de tiempo",
    "NEAR=0": "hoy|esta noche|esta tarde|esta manana|hoy mismo",
    "NEAR=1": "manana",
    "NEAR=2": "pasado manana",
    "_PART_OF_DAY": "por la manana|por la tarde|por la noche|en la manana|en la tarde|en la noche",
    "CLOCK": "al mediodia|a mediodia|mediodia",
    "_ZONE": "gmt|utc|hora local",
    "WEEKEND": "fin de semana",
    "_END": "fin de|fin del|final de|final del|fin|final|fin del mes de",
    "_ON _END": "al final de|al final del|al fin de|a fin de|a final de",
    "_END UNIT=month": "fin de mes|fin del mes|final de mes|final del mes",
    "_END UNIT=year": "fin de ano|fin del ano|final de ano|final del ano",
    "_END UNIT=week": "fin de la semana|final de la semana",
    "_ON _END UNIT=month": "a fin de mes|al final del mes|a final de mes",
    "_ON _END UNIT=year": "a fin de ano|al final del ano",
    "PART=early": "principios de|comienzos de|inicios de|a principios de|a comienzos de|a inicios de",
    "PART=mid": "mediados de|a mediados de",
    "PART=late": "finales de|fines de|a finales de|a fines de",
    "QUARTER": "trimestre",
    "HALF": "semestre",
    "ORDINAL=1": "primero|primer|primera",
    "ORDINAL=2": "segundo",
    "ORDINAL=3": "tercer|tercero",
    "ORDINAL=4": "cuarto",
    "EASTER=orthodox": "pascua ortodoxa",
    "EASTER=western": "pascua catolica",
    "EASTER=easter": "pascua|domingo de pascua|domingo de resurreccion",
    "UNIT=hour": "hora",
    "UNITS=hour": "horas|h|hrs",
    "UNIT=day": "dia|dia calendario|dia natural",
    "UNITS=day": "dias|dias calendario|dias naturales|dias corridos|dias consecutivos",
    "UNIT=week": "semana",
    "UNITS=week": "semanas|semanas consecutivas",
    "UNIT=month": "mes",
    "UNITS=month": "meses|meses consecutivos",
    "UNIT=year": "ano",
    "UNITS=year": "anos",
    **months(
        "enero|ene febrero|feb marzo abril|abr mayo junio|jun julio|jul agosto|ago septiembre|setiembre|sept|sep "
        "octubre|oct noviembre|nov diciembre|dic"
    ),
    **weekdays("lunes martes miercoles jueves viernes sabado domingo"),
}

_DAYS = "lunes|martes|miercoles|jueves|viernes|sabados?|domingos?"
_MONTHS = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre"

_DOUBTS = {
    "event": r"^\W*(?:de|del|despues|desde|tras|siguientes?|contad\w*|a partir|antes|posterior\w*|luego|una vez)\b",
    "event_later": (
        r"\b(?:despues|siguientes?|posterior\w*|tras|una vez|a partir|contad\w*|cont\w*|comenz\w*|comienz\w*|inici\w*|"
        r"empez\w*|firm\w*|suscri\w*|ratific\w*|entrada en vigor|efecto\w*|desde)\b"
    ),
    "depends": (
        r"\b(?:si|salvo|excepto|a menos|siempre (?:que|y cuando)|cuando|mientras|hasta|sujet\w*|condicion\w*|depend\w*|"
        r"en caso|a cambio|solo|solamente|pero|sino|o|u|no|ni|nunca|sin|permit\w*|aprob\w*|autoriz\w*|consentimiento|"
        r"pued\w*|podr\w*|necesari\w*|con tal|previ\w*)\b"
    ),
    "change": (
        r"\b(?:prorrog\w*|renov\w*|renuev\w*|extend\w*|extens\w*|ampli\w*|aplaz\w*|pospon\w*|posp\w*|retras\w*|"
        r"suspen\w*|"
        r"acort\w*|reduc\w*|exclu\w*|inclu\w*|como minimo|mas|menos|adicional\w*|otr[oa]s?|automatic\w*|tacit\w*)\b"
    ),
    "recurs": (
        r"\b(?:cada|todos los|todas las|por (?:dia|semana|mes|ano)|diari\w*|semanal\w*|mensual\w*|anual\w*|"
        r"trimestral\w*|al mes|al ano)\b"
    ),
    "second": (
        rf"[0-9]|\b(?:primer[oa]?|segund[oa]|tercer[oa]?|horas?|dias?|semanas?|mes|meses|anos?|trimestres?|manana|"
        rf"hoy|{_DAYS}|{_MONTHS}|"
        rf"{'|'.join(word for word in _ONES if word not in ('uno', 'once'))}|{'|'.join(_TENS)}|cien|ciento)\b"
    ),
    "unsure": (
        r"\b(?:aproximadamente|cerca de|alrededor de|unos|unas|mas o menos|casi|quizas?|tal vez|posiblemente|"
        r"probablemente|acaso|hacia|una (?:decena|quincena|veintena|treintena))\b"
    ),
    "past": r"\b(?:hace|ayer|anteayer|pasad[oa]s?|ultim[oa]s?|anterior\w*)\b",
    "earliest": r"\b(?:no antes|como muy pronto|no mas temprano)\b",
    "beginning": r"\b(?:despues|desde|a partir|tras|luego)\b",
    "negation": r"\b(?:no|nunca|jamas|sin|ni|salvo|excepto)\b",
    "minimum": r"\b(?:al menos|por lo menos|como minimo|mas de|no menos de|minim[oa]|o mas)\b",
    "less": r"\b(?:menos de|o menos|inferior)\b",
    "working_days": r"\bdias? (?:habil|habiles|laborables?|laborales?|de trabajo|bancarios?|de semana|inhabiles)\b",
    "calendar": (
        r"\b(?:ramadan|muharram|shawwal|rajab|shaaban|hegira|hijri|lunar|lunares|persa|nowruz|noruz|judi[oa]|hebreo|"
        r"ortodox[oa]|juliano|copto|etiope|budista|chino)\b"
    ),
    "holiday": (
        r"\b(?:navidad(?:es)?|ano nuevo|reyes|semana santa|carnaval(?:es)?|asuncion|inmaculada|corpus|todos los santos|"
        r"dia de (?:muertos|la independencia)|festiv\w*|fiestas?|vacaciones|feriados?|cuaresma|pentecostes)\b"
    ),
    "fiscal": (
        r"\b(?:fiscal|escolar|ejercicio|legislatura|presupuestal|presupuestari\w*|cuatrienio|sexenio|vigencia|"
        r"temporada|cosecha|trimestre|semestre|bimestre|cuatrimestre)\b"
    ),
    "number": r"#|[0-9]+[.,][0-9]+(?= [a-z])|\b(?:medi[oa]|mitad|tercio)\b",
    "fraction": r"^ y (?:medi[oa]|cuarto)\b",
    "until_or_on": r"\ben (?:[0-9]+|una?|dos|tres|cuatro|cinco|seis|diez) (?:horas?|dias?|semanas?|mes|meses|anos?)\b",
    "idiom": r"\b(?:ocho|quince) dias\b|\bquincenas?\b",
    "length": r"\b(?:minutos?|segundos?|instantes?|decadas?|decenios?|lustros?|siglos?|decena|veintena|treintena)\b",
    "season": r"\b(?:primavera|verano|otono|invierno)\b",
    "soon": (
        r"\b(?:tan pronto|cuanto antes|lo antes posible|lo mas pronto|pronto|inmediat\w*|de inmediato|en breve|"
        r"a la brevedad|sin demora|sin dilacion|proximamente|urgente\w*|en su momento|futuro (?:proximo|cercano))\b"
    ),
    "open": r"\b(?:nuevo aviso|nueva orden|indefinid\w*|permanente\w*|por tiempo indeterminado)\b",
    "as_long": r"\b(?:mientras|durante|duracion de)\b",
    "unclear": r"\b(?:no (?:se )?(?:precis|especific|indic)\w*|indeterminad\w*|desconocid\w*)\b",
    "numeric_date": r"\b[0-9]{1,4}[./][0-9]{1,2}(?:[./][0-9]{1,4})?\b",
    "midnight": r"\b(?:medianoche|00:00|cero horas)\b",
    "zone": r"\bhora de [a-z]+\b|\bhora del? [a-z]+\b|\b(?:gmt|utc) ?[+-]",
    "which_one": (
        rf"\blos (?:{_DAYS})\b|\b(?:proxim[oa]s?|siguientes?) (?:{_DAYS}|fin de semana)\b|\b(?:{_DAYS}|"
        rf"fin de semana) (?:proxim[oa]|siguiente|que viene)\b"
    ),
    "the_next": r"\bsiguiente (?:semana|mes|ano)\b",
    "part": (
        r"\b(?:principios|comienzos|inicios|mediados|finales|fines) de (?:la |esta |este )?(?:semana|ano|mes|"
        r"proxim\w+|[0-9]{4})\b|"
        r"\b(?:primera?|segunda|ultim[oa]) (?:semana|quincena|dia|mitad)\b"
    ),
    "waits": r"^(?:hasta|antes|para|a mas tardar)\b",
}

_CLAUSES = (
    r",? (?:a mas tardar|\(?inclusive\)?)[ .,;:)!?]*$",
    r",? (?:dijo|declaro|anuncio|afirmo|anadio|senalo|indico|preciso)\b",
    r",? segun (?:un|una|el|la|los|las) [a-z]",
    (
        r",? (?:para|a fin de|con el fin de|con el objetivo de) (?!(?:un|una|el|la|los|las)\b)"
        r"[a-z]+(?:ar|er|ir)(?:se|la|lo|las|los)?\b"
    ),
    r",? (?:encabezad|liderad|dirigid|presidid|mediad)[oa]s? por\b",
    r",? bajo (?:los auspicios|la mediacion|la direccion) de",
    r",? y (?:la|el|los|las|que) [a-z]",
)

SPANISH = Language(
    code="es",
    name="Spanish",
    words=_WORDS,
    numbers=_numbers,
    ordinal=r"1(?:\.?o|ro|ero)\b",
    clock=r"(?:a las )?(?:0?[1-9]|1[0-9]|2[0-4]):[0-5][0-9](?: ?(?:horas|hrs|h))?\b",
    doubts=_DOUBTS,
    clauses=_CLAUSES,
)
