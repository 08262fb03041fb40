"""What a model says around its answer: closing words, offers, questions. They belong to no part."""

import re

_OFFERS = (
    "let me know|feel free|would you like|do you want|want me to|shall i|should i|i can also|i could also|happy to",
    "i hope|hope th(?:is|ese|at)|if you(?:'d| would)? like|if you need|if you want|if you have (?:any )?questions",
    "please (?:review|confirm|tell me)|good luck|you can now|ready to (?:use|go)",
    "i(?:'ve| have) (?:also )?(?:tried|kept|made|written|prepared|assumed|included|based)",
    "th(?:ese|e) (?:three|two|above) (?:templates|prompts|parts|sections|documents)|these (?:templates|prompts|parts)",
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
_PROSE = re.compile(r"[ \t]{0,4}(?![-*+•#|>`~\d\[]|\*\*)\S")


def is_closing_word(paragraph: list[str]) -> bool:
    """Whether the lines are a short paragraph of prose in which the model speaks to the person who asked."""
    if not 1 <= len(paragraph) <= 4 or sum(map(len, paragraph)) > 700:
        return False
    text = paragraph[0].lstrip()
    emphasised = text.startswith(("*", "_", ">")) and not text.startswith(("* ", "**"))
    if not emphasised and not all(_PROSE.match(line) for line in paragraph):
        return False
    return _OFFER.search(" ".join(paragraph)) is not None
