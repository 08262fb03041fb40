"""Which titles are names of parts."""

import pytest

from orch.workflow.answer.part_names import BARE, FEEBLE, STRONG, part_named

FULL = {
    "analysis": """
        ANALYSIS TEMPLATE|Analysis Template:|1. Analysis Template|### ANALYSIS_TEMPLATE|analysisTemplate
        Part 1: Analysis prompt|Step 1 — Analysis Prompt|🔍 Analysis Template (copy this)|Prompt 1: Analysis
        ANALYSIS PROMPT - PHASE 1|Analysis Template: Dark Mode|Template A: Analysis|Prompt for the Analysis Phase
        Codebase Analysis Prompt|I. Analysis Template|analysis-template.md|Deliverable 1 of 3: Analysis Template
        Analysevorlage|Vorlage für die Analyse|Modèle d’analyse|Plantilla de análisis|Modelo de Análise
        Modello di analisi|Analysesjabloon|Шаблон анализа|分析模板|一、分析提示词|分析テンプレート
    """,
    "implementation": """
        IMPLEMENTATION TEMPLATE|2. IMPLEMENTATION_TEMPLATE|IMPLEMENTATION PROMPT - PHASE 2
        Implementation Template for LLM
        Corrected IMPLEMENTATION TEMPLATE|Implementation template (v2)|Implementierungsvorlage|Umsetzungsprompt
        Prompt d'implémentation|Modèle de mise en œuvre|Plantilla de implementación|Modelo de Implementação
        Prompt di implementazione|Implementatiesjabloon|Промпт для реализации|实现模板|實作模板|実装プロンプト
    """,
    "notes": """
        EXECUTION NOTES|3. EXECUTION_NOTES|Execution Notes & Metadata|Notes for execution
        Section 3 | Execution Notes
        Ausführungshinweise|Hinweise zur Ausführung|Notes d'exécution|Notas de ejecución|Notas de Execução
        Note di esecuzione|Uitvoeringsnotities|Примечания по выполнению|执行说明|執行說明|実行ノート
    """,
}


def names(text: str) -> list[str]:
    return [name for line in text.strip().splitlines() for name in line.strip().replace(" | ", "¦").split("|")]


@pytest.mark.parametrize(("part", "title"), [(part, title) for part, text in FULL.items() for title in names(text)])
def test_full_names(part: str, title: str) -> None:
    name = part_named(title.replace("¦", " | "))
    assert name is not None
    assert (name.part, name.strength) == (part, STRONG)


@pytest.mark.parametrize(
    ("title", "part", "strength"),
    [
        ("Analysis", "analysis", BARE),
        ("Phase 2: Implementation", "implementation", BARE),
        ("Analysis: Dark Mode", "analysis", BARE),
        ("Notes", "notes", FEEBLE),
        ("Complete implementation that", "implementation", FEEBLE),
    ],
)
def test_lesser_names(title: str, part: str, strength: int) -> None:
    name = part_named(title)
    assert name is not None
    assert (name.part, name.strength) == (part, strength)


@pytest.mark.parametrize(
    "title",
    [
        "Implementation Plan",
        "Implementation Notes",
        "Analysis Results",
        "Analysis and Implementation Templates",
        "Phase 3: Core Implementation",
        "Execution Plan",
        "Dark Mode – Analysis",
        "Analyze the code",
        "Template",
        "",
        "x" * 500,
    ],
)
def test_no_names(title: str) -> None:
    assert part_named(title) is None


def test_what_a_title_says_besides() -> None:
    corrected = part_named("IMPLEMENTATION TEMPLATE (corrected)")
    ends = part_named("END OF ANALYSIS TEMPLATE")
    assert corrected is not None
    assert corrected.corrected
    assert ends is not None
    assert ends.ends
