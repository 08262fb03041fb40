"""What a model says around its answer: closing words, offers, questions. They belong to no part."""

import re

from orch.workflow.answer.part_names import STRONG, part_named

_OFFERS = (
    "let me know|feel free|would you like|do you want|want me to|shall i|should i|i can also|i could also|happy to",
    "i hope|hope th(?:is|ese|at)|if you(?:'d| would)? like|if you need|if you want|if you have (?:any )?questions",
    "please (?:review|confirm|tell me)|good luck|you can now|ready to (?:use|go)",
    "i(?:'ve| have) (?:also )?(?:tried|kept|made|written|prepared|assumed|included|based)",
    "i (?:just )?(?:noticed|realis?ze)|i(?:'ve| have)? made an? (?:mistake|error)|oops",
    "^\\W*(?:wait|actually|correction)\\b",
    "i forgot|looking (?:back|again)|on (?:reflection|second thought)|let me (?:fix|correct|revise)",
    "th(?:ese|e) (?:three|two|above) (?:templates|prompts|parts|sections|documents)",
    "these (?:templates|prompts|parts)",
    "this (?:completes|concludes)|that(?:'s| is) (?:all|it|everything)|end of (?:response|answer|document|output)",
    "copy (?:the|each)|run the analysis (?:prompt|template) first",
    "sag(?:en sie)? (?:mir )?bescheid|lass (?:es )?mich wissen|lassen sie (?:es )?mich|möchtest du|möchten sie",
    "soll ich|wenn du (?:möchtest|willst)|gerne kann ich",
    "avísame|av[ií]seme|h[aá]zme saber|¿quieres|¿desea|si necesitas|si quieres",
    "n['’]hésite|dites[- ]moi|souhaitez|veux[- ]tu|voulez[- ]vous|si vous (?:voulez|souhaitez)",
    "fammi sapere|mi faccia sapere|vuoi che|se vuoi|me avise|avise[- ]me|gostaria|quer que eu|se quiser",
    "laat (?:het )?me weten|laat maar weten|wil je",
    "дайте знать|дай знать|сообщите|если (?:нужно|хотите|потребуется)|хотите",
    "如果(?:你|您)?(?:需要|有|想|希望)|需要我|希望(?:这|對|对)|ご不明|必要であれば|お知らせ|いかがでしょう",
)
_OFFER = re.compile("|".join(_OFFERS), re.IGNORECASE)
_END_OF = re.compile(
    r"\W*end of (?:the |this |my )?(?:response|answer|documents?|output|plan|prompts?|templates?|message)\W*$",
    re.IGNORECASE,
)
_BOLD_START = re.compile(r"\*\*(?P<words>[^*:]{3,80})\*\*")
_PROSE = re.compile(r"[ \t]{0,4}(?![-*+•#|>`~\d\[]|\*\*)\S")


def is_closing_word(paragraph: list[str]) -> bool:
    """Whether the lines are a short paragraph of prose in which the model speaks to the person who asked."""
    if not 1 <= len(paragraph) <= 4 or sum(map(len, paragraph)) > 700:
        return False
    text = paragraph[0].lstrip()
    if len(paragraph) == 1 and _END_OF.match(text):
        return True
    if (bold := _BOLD_START.match(text)) and _OFFER.match(bold["words"]):
        return True
    emphasised = text.startswith(("*", "_", ">")) and not text.startswith(("* ", "**"))
    if not emphasised and not all(_PROSE.match(line) for line in paragraph):
        return False
    return _OFFER.search(" ".join(paragraph)) is not None


_TRANSITION = re.compile(
    r"\W*(?:here|now|next|below|finally|and|lastly|then|the following|let'?s|moving on|second|third|hier|nun"
    r"|als nächstes|voici"
    r"|ensuite|enfin|ahora|aquí|a continuación|agora|aqui|ecco|ora|dan|hier|теперь|далее|вот"
    r"|接下来|以下|下面|次に|最後に)",
    re.IGNORECASE,
)


def leads_to(sentence: str, part: str) -> bool:
    """Whether `sentence` only announces the part that follows it: "Next, the implementation template:"."""
    names = names_in_sentence(sentence)
    return len(sentence) <= 160 and _TRANSITION.match(sentence) is not None and names == {part}


def names_in_sentence(text: str) -> set[str]:
    """The parts that a sentence calls by their full names."""
    words = re.findall(r"[\w’'\-]+", text)
    names: set[str] = set()
    if not 2 <= len(words) <= 30:
        return names
    for size in (2, 3, 4):
        for at in range(len(words) - size + 1):
            name = part_named(" ".join(words[at : at + size]))
            if name and name.strength == STRONG:
                names.add(name.part)
    return names


_USAGE = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:how to (?:use|proceed|run)|usage\b|using (?:these|the)|instructions for use|workflow\b"
    r"|verwendung|anleitung|mode d'emploi|utilisation|uso\b|cómo usar|como usar|come usare|gebruik\b"
    r"|использование|使用方法|使い方)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:next steps?|summary|conclusion|final (?:notes?|thoughts|remarks|words)|closing"
    r"|in summary"
    r"|nächste schritte|zusammenfassung|conclusion|prochaines étapes|próximos pasos|próximos passos|resumen"
    r"|resumo|总结|まとめ)\W*$",
    re.IGNORECASE,
)


def closing_title(title: str) -> str | None:
    """ "usage" for a heading that tells how to use the parts, "closing" for "Next steps" and the like."""
    if _USAGE.match(title):
        return "usage"
    return "closing" if _CLOSING.match(title) else None


_CORRECTION = re.compile(
    r"\b(?:(?:correct|revis|updat|fix|improv|rewritten|rework|adjust|amend)\w*|new|final|better|second)\b.{0,40}"
    r"\b(?:version|templates?|prompts?|parts?|sections?|notes|answer|one|plan|output)\b"
    r"|\b(?:corrections?|corrected|revised|mistakes?|on second thought|once (?:again|more)|instead"
    r"|let me (?:fix|correct|redo|rewrite))\b"
    r"|\b(?:korrigiert|überarbeitet|verbesserte|corrigé|révisé|corregid|revisad|corrigid|corrett|gecorrigeerd"
    r"|herzien)"
    r"|исправлен|обновл|修正|更正|修订|修訂|改訂",
    re.IGNORECASE,
)


def has_correction(text: str) -> bool:
    """Whether a sentence says that something is given anew."""
    return _CORRECTION.search(text) is not None


_CHANGES = re.compile(r"\b(?:should (?:read|say|be)|replace|change|insert|add|append|swap|remove)\b", re.IGNORECASE)


def part_changed_by(sentence: str) -> str | None:
    """The part that a sentence says to change ("In the implementation template, step 2 should read:"), if one."""
    text = sentence.strip().strip("*_ ")
    names = names_in_sentence(text) if text.endswith((":", "：")) and _CHANGES.search(text) else set()
    return names.pop() if len(names) == 1 else None
