"""What is in a model's answer: the workings of `workflow.extraction` and `workflow.notes`.

From the ground up: `markdown` (lines), `fences`, `part_names`; `markers` (lines that name a part), `tags`,
`json_parts` and `assignments` (parts that are delimited); `reading_steps` and `sections` (names and fences read
together); `bodies`, `edges` and `wrappers` (a part's text); `choosing`, `versions`, `unnamed` and `doubts`;
`note_*` (the notes' fields).
"""
