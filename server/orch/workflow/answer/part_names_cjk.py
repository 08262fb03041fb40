"""The names of parts in Chinese and Japanese, which are written without spaces between words."""

import re

from orch.workflow.answer.part_strength import BARE, STRONG

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_TEMPLATE = r"(?P<template>模板|模版|範本|范本|提示词|提示詞|提示语|提示|テンプレート|プロンプト|ひな形|雛形)"
_OF = r"(?:代码|代碼|功能|特性|需求|コード|コードベース|機能)*(?:の)?"
_PHASE = r"(?:阶段|階段|フェーズ)?[用的の]*"
_NAMES = {
    "analysis": re.compile(f"{_OF}分析{_PHASE}{_TEMPLATE}*"),
    "implementation": re.compile(f"{_OF}(?:实现|實現|实施|實施|實作|实作|実装|実施){_PHASE}{_TEMPLATE}*"),
    "notes": re.compile(
        r"(?P<template>(?:执行|執行|実行|実施|实施)(?:时的|時の|に関する|上の|の|备忘)?"
        r"(?:说明|說明|备注|備註|備考|笔记|筆記|注意事项|注意事項|须知|要点|要點|メモ|ノート|ノーツ|注意点|注記"
        r"|留意事項|情報))"
    ),
}
_CORRECTED = re.compile(r"修正|更正|修订|修訂|改訂|更新|改进")
_AROUND = re.compile(
    r"^(?:第[一二三四1-4](?:部分|步|阶段|階段|部|章|节)?|[一二三四1-4①②③][、.．)）]?)|(?:版|后的|後の|的)$|^(?:版|后的|後の|的)"
)
_PART = re.compile(r"(?:部分|セクション|章节)$")


def is_corrected_in_cjk(piece: str) -> bool:
    """Whether `piece` holds a word for a corrected version."""
    return _CORRECTED.search(piece) is not None


def name_in_cjk(piece: str) -> tuple[str, int] | None:
    """The part that `piece` names, and how surely, if it is one of these languages."""
    if not _CJK.search(piece):
        return None
    text = _PART.sub("", _AROUND.sub("", _CORRECTED.sub("", piece.replace(" ", ""))))
    for part, pattern in _NAMES.items():
        if match := pattern.fullmatch(text):
            return (part, STRONG if match["template"] else BARE)
    return None
