"""The labels that models use in execution notes, in several languages, and the words for how hard a thing is."""

import re
from functools import lru_cache

FIELDS = ("complexity", "time_estimate", "risks", "key_files")


def _alternatives(text: str) -> str:
    """A pattern of alternatives, divided by line ends and ` | `; a line that begins with `|` continues the last."""
    joined = "|".join(line.strip().replace(" | ", "|") for line in text.strip().splitlines())
    return joined.replace("||", "|")


_LABELS = {
    "complexity": """
        (?:overall |estimated |expected |feature |implementation |technical |total )?complexity(?: level| rating
        | assessment| estimate| score)?
        difficulty(?: level)? | (?:geschätzte |gesamt)?komplexität(?:sgrad)? | schwierigkeit(?:sgrad)?
        (?:niveau de )?complexité(?: estimée)? | complejidad(?: estimada)? | complexidade(?: estimada)?
        complessità(?: stimata)? | complexiteit | złożoność | (?:общая )?сложность | складність | 复杂度 | 複雜度
        复杂性 | 複雑[度さ性] | 难度 | 難易度 | 복잡도
    """,
    "time_estimate": """
        (?:total |overall |rough )?(?:estimated |expected )?(?:time|effort|duration)(?: estimates?| estimation
        | required| needed)?
        estimated (?:total )?(?:time|effort|duration|hours)(?: to complete)? | estimates? | eta | timeline
        time frame | timeframe | time and effort | total estimate | time to (?:implement|complete) | level of effort
        (?:development|implementation) (?:time|effort) | estimation | трудозатраты
        (?:geschätzter? )?(?:zeitaufwand|aufwand|zeit|dauer|zeitbedarf) | (?:zeit|aufwands?)schätzung
        geschätzte (?:zeit|dauer) | (?:estimation|estimation du|estimation de) ?(?:temps|durée)
        (?:temps|durée|effort)(?: estimée?| nécessaire| total)? | estimación(?: de)?(?: tiempo| esfuerzo)?
        (?:tiempo|duración|esfuerzo)(?: estimad[oa])? | estimativa(?: de)?(?: tempo| esforço)?
        (?:tempo|duração|esforço|prazo)(?: estimad[oa])? | stima(?: dei| del| di)?(?: tempi| tempo)?
        (?:tempo|durata|tempi)(?: stimat[oai])? | (?:geschatte |verwachte )?(?:tijd|duur|tijdsduur)
        tijdsinschatting | tijdschatting | inschatting
        (?:оценка |ориентировочное |примерное |предполагаемое )?(?:времени|время|срок|сроки|трудозатрат
        |трудоёмкости)(?: выполнения| реализации)?
        оценка времени | (?:预计|預計|预估|預估|估计|估計)?(?:时间|時間|工时|工時|用时|工期|耗时)(?:估[计算計]
        |预估|預估)?
        (?:見積もり|見積|所要|作業|推定)(?:時間|工数)? | 工数(?:見積もり|見積)? | 예상 시간 | szacowany czas
    """,
    "risks": r"""
        (?:key |main |major |potential |top |technical |known |primary |identified )?risks?(?: (?:and|with|&
        |/) (?:their )?(?:mitigations?|mitigation strategies|challenges|concerns|issues))?
        (?:key |main |potential )?risks?(?: assessment| analysis| factors| register| matrix| mitigations?
        | management)
        risk \d{1,2} | potential (?:issues|problems|pitfalls|challenges) | risks? (?:to watch|mitigation strategies)
        mitigations? and risks
        (?:wichtigste |haupt|größte |mögliche |zentrale )?risiken(?: (?:und|&) (?:gegen)?maßnahmen| und abhilfe)?
        (?:principaux )?risques(?: principaux| clés| identifiés| et (?:atténuations?|mitigations?
        |mesures.{0,20}))?
        (?:principales )?riesgos(?: principales| clave| y (?:mitigaci[oó]n|mitigaciones))?
        (?:principais )?riscos(?: principais| chave| e (?:mitigaç(?:ão|ões)))?
        rischi(?: principali| chiave| e (?:mitigazion[ei]))?
        (?:belangrijkste )?risico['’ ]?s(?: en (?:mitigaties?|maatregelen))?
        (?:ключевые |основные |главные )?риски(?: и (?:меры|митигация|способы).{0,25})?
        (?:主要|关键|關鍵|潜在)?(?:的)?(?:风险|風險|リスク)(?:点|評価|评估|(?:及|与|和|と|及其)?(?:缓解|緩解
        |应对|對策|対策|軽減)(?:措施|策略|策)?)?
        주요 (?:위험|리스크) | (?:główne )?ryzyka
    """,
    "key_files": """
        (?:key|main|important|relevant|critical|primary|core|affected|target|involved) (?:source )?(?:files?
        |paths|modules and files)(?: (?:to ACTIONS|affected|involved
        |and (?:modules|directories|folders|paths|locations)))?
        files?(?: to ACTIONS| involved| affected| changed)?
        (?:wichtige|wichtigste|zentrale|relevante|betroffene|schlüssel|kern)[ -]?dateien | dateien
        schlüsseldateien | fichiers(?: clés?| principaux| importants| concernés| à (?:modifier|examiner))?
        (?:archivos|ficheros)(?:[ -](?:clave|principales|importantes|relevantes|a modificar))?
        (?:arquivos|ficheiros)(?:[ -](?:chave|principais|importantes|relevantes|a modificar))?
        file(?: chiave| principali| importanti| da modificare)
        (?:belangrijke|belangrijkste|relevante) bestanden | kernbestanden | bestanden
        (?:ключевые |основные |важные |главные )?файлы | (?:关键|關鍵|主要|重要|重点|相关|核心
        |キー)?(?:な)?(?:文件|檔案|ファイル)
        주요 파일 | kluczowe pliki
    """,
}
"""The labels of each field, as alternatives of a regular expression, divided by ` | `."""
_ACTION = "(?:focus on|modify|change|review|touch|watch|examine|look at|create|add|edit|update|read)"
_ACTIONS = rf"{_ACTION}(?:(?: ?/ ?|, | or | and |, and )(?:be )?{_ACTION})*"
_PATTERNS = {
    field: re.compile(_alternatives(labels).replace("ACTIONS", _ACTIONS)) for field, labels in _LABELS.items()
}

MITIGATION = _alternatives(
    """
        mitigations?(?: strateg(?:y|ies)| plan| approach)? | mitigated by | mitigate | solution
        countermeasures? | counter measures? | response | remedy | prevention | how to mitigate
        gegenmaßnahmen? | maßnahmen? | abhilfe | abmilderung | minderung | lösung | atténuations?
        mesures?(?: d'atténuation)? | parade | mitigaci[oó]n(?:es)? | soluci[oó]n | mitigaç(?:ão|ões)
        mitigazion[ei] | contromisur[ae] | mitigaties? | maatregel(?:en)? | oplossing | меры | мера
        митигация | смягчение | снижение(?: риска)? | решение | 缓解(?:措施|方案|策略)? | 緩解(?:措施|方案)?
        应对(?:措施|方案)?
        應對(?:措施)? | 对策 | 對策 | 対策 | 軽減策 | 緩和策 | 완화(?: 방안)? | 대응
    """
)
"""What introduces a mitigation, as alternatives of a regular expression."""
RISK = _alternatives(
    r"""
        risks?(?: \d+)? | risiko | risque | riesgo | risco | rischio | risico | риск | 风险 | 風險 | リスク | 위험
        issue | concern | description | beschreibung
    """
)
"""What introduces a risk, likewise."""
_UNWANTED = re.compile(r"[^\w\s'’&/-]")
_LEADING_COUNT = re.compile(r"^(?:#?\d{1,2}[.):]?|[a-z][.)])\s+")


def field_named(label: str) -> str | None:
    """The field that `label` names: one of `FIELDS`, or None."""
    return _field_named(label) if len(label) <= 70 else None


@lru_cache(maxsize=4096)
def _field_named(label: str) -> str | None:
    text = re.sub(r"\([^()]*\)", " ", label)
    text = _UNWANTED.sub(" ", text.casefold().replace("_", " "))
    text = _LEADING_COUNT.sub("", " ".join(text.replace("-", " ").split()))
    for field, pattern in _PATTERNS.items():
        if pattern.fullmatch(text):
            return field
    return None


_LEVEL_WORDS = {
    "low": """
        low | minimal | trivial | simple | easy | small | minor | niedrige?r? | gering | einfach | faible
        basse | baj[ao] | baix[ao] | bass[ao] | laag | lage | низк(?:ая|ий|ое) | niska | 低 | 简单 | 較低
        较低 | 낮음
    """,
    "medium": """
        medium | moderate | mid | intermediate | average | mittlere?r? | mittel | moyenne? | modérée?
        medi[ao] | médi[ao] | moderad[ao] | moderat[ao] | gemiddelde? | middel | matig | средн(?:яя|ий|ее)
        умеренн(?:ая|ый) | średnia | 中 | 中等 | 一般 | 中程度 | 보통 | 중간
    """,
    "high": """
        high | complex | hard | difficult | large | major | significant | hohe?r? | hoch | élevée? | haute
        fort[e]? | alt[ao] | elevat[ao] | elevad[ao] | hoog | hoge | высок(?:ая|ий|ое) | wysoka | 高 | 复杂 | 複雜
        较高 | 較高 | 높음
    """,
}
_UNSPACED = {"low": "低", "medium": "中", "high": "高"}
_LEVEL = re.compile(
    "|".join(
        rf"(?P<{name}>(?<![^\W\d_])(?:{_alternatives(words)})(?![^\W\d_])|{_UNSPACED[name]})"
        for name, words in _LEVEL_WORDS.items()
    ),
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\W*low\s*[,/|]\s*medium\s*[,/|]?\s*(?:or\s+)?high\b", re.IGNORECASE)
"""The choice that was asked for, not an answer to it."""
_NEGATION = re.compile(r"\b(?:not|nicht|pas|no|non|niet)\b", re.IGNORECASE)
_SCORE = re.compile(r"(\d{1,2}(?:[.,]\d)?)\s*(?:/|out of|von|sur|de|из|су)\s*(\d{1,3})\b")
_STARS = re.compile(r"[★⭐●🟊]+[\ufe0f]?[☆○✩]*")
_RANGES = {
    ("low",): "low",
    ("low", "medium"): "low-medium",
    ("medium",): "medium",
    ("high", "medium"): "medium-high",
    ("high",): "high",
}


def is_level(value: str) -> bool:
    """Whether `value` is nothing but a level: "Low", "medium to high"."""
    return not re.sub(r"\b(?:very|to|bis|à|a)\b|[\W\d_]", "", _LEVEL.sub("", value), flags=re.IGNORECASE)


def complexity_of(value: str) -> str | None:
    """`value` as one of the five levels, or None where it names none, or more than it can mean.

    The words count that stand at its beginning, before a comma, a bracket or the end of the sentence; a score such
    as 7/10 or four stars of five counts by fifths.
    """
    text = value.strip().strip("*_`~ \t:：\"'")
    head = re.split(
        r"[.,;:(（。，；]|\s[—–]\s|\s-\s(?!(?i:high|medium|low)\b)|\bbecause\b|\bdue\b|\bsince\b|\bas\b",
        text,
        maxsplit=1,
    )[0]
    if _CHOICE.match(text) or _NEGATION.search(head):
        return None
    if re.fullmatch(r"[\W\d]*", head):
        head = text  # "8 (High)"
    if re.search(r"\bfor\b", head) and _LEVEL.search(text[len(head) :]):
        return None  # "low for the server, high for the client" is no single level
    levels = {match.lastgroup for match in _LEVEL.finditer(head) if match.lastgroup}
    if "moderately" in head.lower():
        levels.add("medium")
    if levels:
        return _RANGES.get(tuple(sorted(levels)))
    if score := _SCORE.search(text):
        return _by_fifths(float(score[1].replace(",", ".")), float(score[2]))
    if (stars := _STARS.search(text)) and len(stars[0]) >= 3:
        full = sum(stars[0].count(mark) for mark in "★⭐●🟊")
        return _by_fifths(full, max(5, len(stars[0].replace("\ufe0f", ""))))
    return None


def _by_fifths(score: float, of: float) -> str | None:
    if not 0 < score <= of or of < 3:
        return None
    names = ("low", "low-medium", "medium", "medium-high", "high")
    return names[min(int((score / of) * 5 - 0.0001), 4)]
