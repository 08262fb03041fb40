"""The names that models give to the three parts, in several languages, and how sure such a name is."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

PARTS = ("analysis", "implementation", "notes")
STRONG, BARE, FEEBLE = 3, 2, 1
"""A full name ("ANALYSIS TEMPLATE"); a word that may as well be a part's own heading ("Analysis"); a mere hint."""


class PartName(NamedTuple):
    """What a title names. `extra` when it says more than the name, `corrected` when it calls itself a later version."""

    part: str
    strength: int
    extra: bool = False
    corrected: bool = False
    ends: bool = False


def part_named(title: str) -> PartName | None:
    """The part that `title` is the name of, or None when it names no part, or more than one.

    Numbering, letter case, underscores, camel case, emoji, and words such as "part 1", "phase 2", "for the LLM"
    do not matter. A title that merely contains a name ("Implementation plan", "Analysis results") is none.
    """
    return _part_named(title) if len(title) <= _LONGEST_TITLE else None


_LONGEST_TITLE = 140


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ANALYSIS = _words(
    "analysis analyse analysen análisis analisis análise analise analisi анализ анализа analiza analizy analiz analys "
    "аналіз аналізу 분석 phân"
)
_IMPLEMENTATION = _words(
    "implementation implementierung implementierungs umsetzung umsetzungs implémentation implementación implementacion "
    "implementação implementacao implementazione implementatie реализация реализации внедрение внедрения имплементация "
    "имплементации реалізації впровадження implementacja implementacji implementering uygulama 구현"
)
_EXECUTION = _words(
    "execution ausführung ausführungs durchführung durchführungs exécution ejecución ejecucion execução execucao "
    "esecuzione uitvoering uitvoerings выполнение выполнения выполнению исполнения исполнению виконання wykonania "
    "wykonanie exekvering yürütme 실행"
)
_NOTES = _words(
    "notes note hinweise notizen anmerkungen bemerkungen remarques notas observaciones observações notities "
    "opmerkingen aantekeningen заметки примечания замечания указания рекомендации нотатки примітки uwagi notatki "
    "anteckningar notları notlar 노트 참고사항 메모"
)
_NOTES_COMPOUND = _words(
    "ausführungshinweise ausführungsnotizen ausführungsanmerkungen durchführungshinweise durchführungsnotizen "
    "uitvoeringsnotities uitvoeringsopmerkingen uitvoeringsaantekeningen executionnotes"
)
_ANALYSIS_COMPOUND = _words(
    "analysevorlage analyseprompt analysetemplate analysesjabloon analysemall analysistemplate analysisprompt "
    "codeanalysevorlage"
)
_IMPLEMENTATION_COMPOUND = _words(
    "implementierungsvorlage implementierungsprompt implementierungstemplate umsetzungsvorlage umsetzungsprompt "
    "implementatiesjabloon implementatieprompt implementationtemplate implementationprompt implementeringsmall"
)
_TEMPLATE = _words(
    "template templates prompt prompts vorlage promptvorlage schablone modèle modele gabarit invite plantilla modelo "
    "modello sjabloon шаблон шаблона промпт промт промпта szablon mall şablonu şablon 템플릿 프롬프트"
)
_NOTES_LIKE = _words("guidance guidelines considerations remarks comments details information metadata info")
_SECTION = _words(
    "section part phase step stage block instructions instruction brief text document file stage abschnitt teil "
    "schritt partie étape sección parte paso fase etapa passo sezione deel stap раздел часть этап шаг"
)
_OBJECT = _words(
    "codebase code feature project system repository repo technical deep initial deep-dive llm ai agent assistant "
    "model claude copilot cursor gpt chatgpt gemini"
)
_FILLER = _words(
    "the a an your our my its this that here is are below following full complete entire whole final detailed for of "
    "to use with next ready comprehensive generated proposed copy paste new now first second third 1st 2nd 3rd "
    "der die das den des dem für zur zum ein eine von de del della dello dell di do da dos das le la les l d un une el "
    "los las il lo i gli as os o het een een pour para per voor van по для к на в и"
)
_CORRECTED = _words(
    "corrected revised updated fixed improved amended rewritten adjusted revision correction v2 v3 v4 rev2 "
    "korrigiert korrigierte korrigierter überarbeitet überarbeitete aktualisierte corrigé corrigée révisé révisée "
    "corregida corregido revisada revisado actualizada actualizado corrigido corrigida atualizado atualizada corretto "
    "corretta riveduto aggiornato aggiornata gecorrigeerd gecorrigeerde herzien herziene исправленный исправленная "
    "исправленные обновлённый обновленный обновлённая обновленная"
)
_BEGIN = _words("begin start beginning beginn anfang début inicio início inizio начало")
_END = _words("end ende fin fim fine einde конец")
_KIND = {"analysis": _ANALYSIS, "implementation": _IMPLEMENTATION}
_COMPOUND = {"analysis": _ANALYSIS_COMPOUND, "implementation": _IMPLEMENTATION_COMPOUND, "notes": _NOTES_COMPOUND}

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_CJK_TEMPLATE = r"(?P<template>模板|模版|範本|范本|提示词|提示詞|提示语|提示|テンプレート|プロンプト|ひな形|雛形)"
_CJK_NAMES = {
    "analysis": re.compile(rf"(?:代码|代碼|功能|特性|需求|コード|コードベース|機能)*(?:の)?分析(?:阶段|階段|フェーズ)?[用的の]*{_CJK_TEMPLATE}*"),
    "implementation": re.compile(
        rf"(?:代码|代碼|功能|特性|コード|機能)*(?:の)?(?:实现|實現|实施|實施|實作|实作|実装|実施)(?:阶段|階段|フェーズ)?[用的の]*{_CJK_TEMPLATE}*"
    ),
    "notes": re.compile(
        r"(?P<template>(?:执行|執行|実行|実施|实施)(?:时的|時の|に関する|上の|の|备忘)?"
        r"(?:说明|說明|备注|備註|備考|笔记|筆記|注意事项|注意事項|须知|要点|要點|メモ|ノート|ノーツ|注意点|注記|留意事項|情報))"
    ),
}  # fmt: skip
_CJK_CORRECTED = re.compile(r"修正|更正|修订|修訂|改訂|更新|改进")

_ASCII_STEMS = (
    "analys analyz analis analiz impleme implmen implementa umsetzung mise en uygulama execut execuc ejecuc esecuz exekvering "
    "uitvoering wykonani hinweise notizen notes notas notities opmerkingen"
)
_OTHER_STEMS = (
    "análi análys análiz anàli implém exécu execuç ausführung durchführung yürütme phân анализ аналіз реализа реаліза внедрени "
    "имплемент впровадж выполнени исполнени виконання заметк примечани 分析 实现 實現 实施 實施 實作 实作 実装 実施 执行 執行 実行 "
    "분석 구현 실행"
)
"""Every name of a part holds one of these."""


def stem_offsets(text: str) -> list[int]:
    """Where in `text` something stands that could belong to a part's name, in order: a cheap test of a long text."""
    lowered = text.lower()
    if len(lowered) != len(text):
        # letters whose lower case is longer; this costs more and is rare
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    stems = _ASCII_STEMS.replace("mise en", "mise_en").split()
    if not text.isascii():
        stems += _OTHER_STEMS.split()
    found = []
    for stem in stems:
        stem = stem.replace("_", " ")
        at = lowered.find(stem)
        while at >= 0:
            found.append(at)
            at = lowered.find(stem, at + 1)
    found.sort()
    return found


_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_EXTENSION = re.compile(r"\.(?:md|txt|prompt|j2|markdown)\b", re.IGNORECASE)
_UNWANTED = re.compile(r"[^\w\s:()\[\]|–—\-.,/&'’>→]")
_BETWEEN_LETTERS = re.compile(r"(?<=\w)[-‐‑/](?=\w)")
_SEPARATOR = re.compile(r"\s+[-–—|>→/]+(?:\s+|$)|[–—|:()\[\]]|(?:^|\s)[-–—>]+(?=\s|$)|[.,](?=\s|$)|(?<=\d)\.(?=\D)")
_ROMAN = r"(?:i{1,3}|iv|v|vi{0,3})"
_COUNT = rf"(?:\d{{1,2}}|{_ROMAN}|[a-d]|one|two|three|eins|zwei|drei|un|deux|trois|uno|dos|tres|один|два|три|[一二三四①②③]|第[一二三1-3])"
_NUMBERING = re.compile(
    rf"#?\s*{_COUNT}"
    r"|(?:(?P<word>[^\W\d_]+)\s*)?(?:no|nr|number|№)?\s*#?\s*" + _COUNT + r"(?:\s*(?:of|/|von|de)\s*\d{1,2})?"
    r"|第\s*[一二三四1-4]\s*(?:部分|步|阶段|階段|部|章|节|節|段階|フェーズ)"
)  # fmt: skip


@lru_cache(maxsize=4096)
def _part_named(title: str) -> PartName | None:
    pieces = _pieces(title)
    template = False
    found: PartName | None = None
    corrected = begins = ends = extra = False
    for index, piece in enumerate(pieces):
        numbering = _NUMBERING.fullmatch(piece)
        if numbering and (not numbering["word"] or numbering["word"] in _SECTION | _TEMPLATE | _MARKS):
            template = template or numbering["word"] in _TEMPLATE
            continue
        words = piece.split()
        corrected = corrected or any(word in _CORRECTED for word in words) or bool(_CJK_CORRECTED.search(piece))
        begins = begins or words[0] in _BEGIN or words[-1] in _BEGIN
        ends = ends or words[0] in _END or words[-1] in _END
        if all(word in _TEMPLATE | _SECTION | _BEGIN | _END | _CORRECTED for word in words):
            template = template or any(word in _TEMPLATE for word in words)
            continue
        name = _name_of_words(tuple(words)) or _name_in_cjk(piece)
        if name is None:
            extra = True
            if found is None and index >= 2:
                return None
        elif found is None:
            found = PartName(name[0], name[1], extra)
        elif found.part != name[0]:
            return None
        else:
            found = found._replace(strength=max(found.strength, name[1]))
    if found is None or (found.extra and found.strength < STRONG):
        return None
    strength = STRONG if template and found.strength == BARE else found.strength
    return PartName(found.part, strength, extra, corrected, ends and not begins)


_MARKS = _words("output deliverable artifact artefact prompt template document item no nr number ausgabe lieferung")


def _pieces(title: str) -> list[str]:
    """The title without decoration, in lower case, divided where it pauses."""
    text = _LINK.sub(r"\1", title) if "](" in title else title
    text = unicodedata.normalize("NFKC", text)
    text = _CAMEL.sub(" ", _EXTENSION.sub("", text)).replace("_", " ").casefold()
    text = text.replace("mise en œuvre", "implémentation").replace("mise en oeuvre", "implémentation")
    text = _UNWANTED.sub(" ", text)
    text = _BETWEEN_LETTERS.sub(" ", text).replace("'", " ").replace("’", " ")
    pieces = (" ".join(piece.replace("&", " & ").split()).strip(" .,-/>→") for piece in _SEPARATOR.split(text))
    return [piece for piece in pieces if piece]


def _name_of_words(words: tuple[str, ...]) -> tuple[str, int] | None:
    rest = _without_counts([word for word in words if word not in _FILLER | _CORRECTED | _BEGIN | _END])
    left = set(rest)
    for part, compound in _COMPOUND.items():
        if left & compound:
            return (part, STRONG) if left <= compound | _TEMPLATE | _SECTION | _OBJECT else None
    if left & _NOTES:
        left -= _NOTES
        if left & _EXECUTION and left <= _EXECUTION | _SECTION | _TEMPLATE | _OBJECT:
            return ("notes", STRONG)
        return ("notes", FEEBLE) if not left else None
    if left & _EXECUTION:
        left -= _EXECUTION
        if left & _NOTES_LIKE and left <= _NOTES_LIKE | _SECTION:
            return ("notes", BARE)
        return ("notes", FEEBLE) if left <= _SECTION else None
    for part, names in _KIND.items():
        if left & names:
            left -= names
            if not left <= _TEMPLATE | _SECTION | _OBJECT:
                return None
            if left & _TEMPLATE:
                return (part, STRONG)
            return (part, FEEBLE if any(word in _FILLER and word != "the" for word in words) else BARE)
    return None


_COUNT_WORD = re.compile(rf"#?(?:\d{{1,2}}|{_ROMAN})")


def _without_counts(words: list[str]) -> list[str]:
    """Drops the number of "phase 2", of "1 analysis" and of "analysis prompt 1"."""
    return [
        word
        for index, word in enumerate(words)
        if not (_COUNT_WORD.fullmatch(word) and (index in (0, len(words) - 1) or words[index - 1] in _SECTION))
    ]


def _name_in_cjk(piece: str) -> tuple[str, int] | None:
    if not _CJK.search(piece):
        return None
    text = _CJK_CORRECTED.sub("", piece.replace(" ", ""))
    text = re.sub(
        r"^(?:第[一二三四1-4](?:部分|步|阶段|階段|部|章|节)?|[一二三四1-4①②③][、.．)）]?)|(?:版|后的|後の|的)$|^(?:版|后的|後の|的)",
        "",
        text,
    )
    text = re.sub(r"(?:部分|セクション|章节)$", "", text)
    for part, pattern in _CJK_NAMES.items():
        if match := pattern.fullmatch(text):
            return (part, STRONG if match["template"] else BARE)
    return None
