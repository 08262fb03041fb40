"""The words that names of parts are made of, in several languages."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _stems(text: str) -> list[str]:
    return [stem.replace("_", " ") for stem in text.split()]


ANALYSIS = _words(
    """analysis analyse analysen análisis analisis análise analise analisi анализ анализа analiza analizy analiz
    analys аналіз аналізу 분석 phân"""
)
IMPLEMENTATION = _words(
    """implementation implementierung implementierungs umsetzung umsetzungs implémentation implementación
    implementacion implementação implementacao implementazione implementatie реализация реализации внедрение
    внедрения имплементация имплементации реалізації впровадження implementacja implementacji implementering
    uygulama 구현"""
)
EXECUTION = _words(
    """execution ausführung ausführungs durchführung durchführungs exécution ejecución ejecucion execução execucao
    esecuzione uitvoering uitvoerings выполнение выполнения выполнению исполнения исполнению виконання wykonania
    wykonanie wykonawcze wykonawczych exekvering yürütme 실행"""
)
NOTES = _words(
    """notes note hinweise notizen anmerkungen bemerkungen remarques notas observaciones observações notities
    opmerkingen aantekeningen заметки примечания замечания указания рекомендации нотатки примітки uwagi notatki
    anteckningar notları notlar 노트 참고사항 메모"""
)
NOTES_COMPOUND = _words(
    """ausführungshinweise ausführungsnotizen ausführungsanmerkungen durchführungshinweise durchführungsnotizen
    körningsanteckningar exekveringsanteckningar genomförandeanteckningar uitvoeringsnotities
    uitvoeringsopmerkingen uitvoeringsaantekeningen executionnotes"""
)
ANALYSIS_COMPOUND = _words(
    """analysevorlage analyseprompt analysetemplate analysesjabloon analysemall analysmall analysprompt
    analysistemplate analysisprompt
    codeanalysevorlage"""
)
IMPLEMENTATION_COMPOUND = _words(
    """implementierungsvorlage implementierungsprompt implementierungstemplate umsetzungsvorlage umsetzungsprompt
    implementatiesjabloon implementatieprompt implementationtemplate implementationprompt implementeringsmall
    implementeringsprompt"""
)
TEMPLATE = _words(
    """template templates prompt prompts vorlage promptvorlage schablone modèle modele gabarit invite plantilla
    modelo modello sjabloon шаблон шаблона промпт промт промпта szablon mall şablonu şablon 템플릿 프롬프트"""
)
NOTES_LIKE = _words(
    """guidance guidelines considerations remarks comments details information metadata info tips & and"""
)
SECTION = _words(
    """section part phase step stage block instructions instruction brief text document file abschnitt teil schritt
    partie étape sección parte paso fase etapa passo sezione deel stap раздел часть этап шаг"""
)
OBJECT = _words(
    """codebase code feature project system repository repo technical deep initial deep-dive llm ai agent assistant
    model claude copilot cursor gpt chatgpt gemini"""
)
FILLER = _words(
    """the a an your our my its this that here is are below following full complete entire whole final detailed for
    of to use with next ready comprehensive generated proposed copy paste new now first second third 1st 2nd 3rd
    der die das den des dem für zur zum ein eine von de del della dello dell di do da dos le la les l d un une
    el los las il lo i gli as os o het een pour para per voor van по для к на в и"""
)
CORRECTED = _words(
    """corrected revised updated fixed improved amended rewritten adjusted revision correction v2 v3 v4 rev2
    korrigiert korrigierte korrigierter überarbeitet überarbeitete aktualisierte corrigé corrigée révisé révisée
    corregida corregido revisada revisado actualizada actualizado corrigido corrigida atualizado atualizada
    corretto corretta riveduto aggiornato aggiornata gecorrigeerd gecorrigeerde herzien herziene исправленный
    исправленная исправленные обновлённый обновленный обновлённая обновленная"""
)
BEGIN = _words("""begin start beginning beginn anfang début inicio início inizio начало""")
END = _words("""end ende fin fim fine einde конец""")
MARKS = _words("output deliverable artifact artefact prompt template document item no nr number ausgabe lieferung")
ASCII_STEMS = _stems(
    """analys analyz analis analiz impleme implmen implementa umsetzung mise_en uygulama execut execuc ejecuc
    esecuz exekvering uitvoering wykonani wykonaw anteckning hinweise notizen notes notas notities opmerkingen"""
)
OTHER_STEMS = _stems(
    """análi análys análiz anàli implém exécu execuç ausführung durchführung yürütme phân анализ аналіз реализа
    реаліза внедрени имплемент впровадж выполнени исполнени виконання заметк примечани
    分析 实现 實現 实施 實施 實作 实作 実装
    実施 执行 執行 実行 분석 구현 실행"""
)
"""Every name of a part holds one of these stems; `_` stands for a space."""
