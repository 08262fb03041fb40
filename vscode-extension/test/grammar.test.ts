/** The grammars colour what they should, and an unclosed fence in a text does not swallow the rest of the file. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import * as path from "node:path";
import { test } from "node:test";
import type { IGrammar } from "vscode-textmate";

const require = createRequire(import.meta.url);
const { INITIAL, Registry, parseRawGrammar } = require("vscode-textmate") as typeof import("vscode-textmate");
const oniguruma = require("vscode-oniguruma") as typeof import("vscode-oniguruma");

/** What matters of Markdown here: headings, and fences that run to their end or to the end of the text. */
const MARKDOWN = JSON.stringify({
  scopeName: "text.html.markdown",
  patterns: [
    { match: "^(#+ (.*))$", name: "markup.heading.markdown", captures: { 1: { patterns: [{ match: "never" }] } } },
    { begin: "^```.*$", end: "^```$", name: "markup.fenced.markdown", patterns: [{ match: "\\w+", name: "code" }] },
  ],
});

async function grammar(scope: string): Promise<IGrammar> {
  const wasm = await readFile(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(new Uint8Array(wasm).buffer).catch(() => undefined);
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (name) => {
      if (name === "text.html.markdown") {
        return parseRawGrammar(MARKDOWN, "markdown.json");
      }
      const file = name === "source.orch" ? "orch.tmLanguage.json" : "orch-template.tmLanguage.json";
      return parseRawGrammar(await readFile(path.join("syntaxes", file), "utf-8"), file);
    },
  });
  const loaded = await registry.loadGrammar(scope);
  assert.ok(loaded);
  return loaded;
}

/** The scopes of `word`, the first time it stands in the text. */
function scopesOf(loaded: IGrammar, text: string, word: string): string {
  let stack = INITIAL;
  for (const line of text.split("\n")) {
    const result = loaded.tokenizeLine(line, stack);
    const column = line.indexOf(word);
    const token = result.tokens.find(({ startIndex, endIndex }) => startIndex <= column && column < endIndex);
    if (token) {
      return token.scopes.join(" ");
    }
    stack = result.ruleStack;
  }
  throw new Error(`${word} is not in the text`);
}

const SESSION = `schema = 1
title = "Add login" # a comment
created = 2026-11-21T02:10:00Z

[planning]
response = '''
# Heading
\`\`\`python
swallowed
'''
after = "text"
[planning.values]
"PROJECT NAME" = 'shop'
[notes]
text = """
# Second \\" heading
\`\`\`
last"""
dotted.key = [1, true]
inline = { inner = 'x' }
closed = '''one line'''
end = 3
`;

for (const [word, wanted, unwanted] of [
  ["schema", "support.type.property-name"],
  ["1", "constant.numeric"],
  ["Add login", "string.quoted.double"],
  ["a comment", "comment.line"],
  ["2026-11-21T", "constant.numeric.datetime"],
  ["planning", "entity.name.type"],
  ["Heading", "meta.embedded.block.markdown markup.heading"],
  ["swallowed", "meta.embedded.block.markdown markup.fenced"],
  ["after", "support.type.property-name", "markdown"],
  ["PROJECT NAME", "support.type.property-name", "markdown"],
  ["shop", "string.quoted.single"],
  ["Second", "meta.embedded.block.markdown markup.heading"],
  ["dotted", "support.type.property-name", "markdown"],
  ["true", "constant.language.boolean"],
  ["inner", "support.type.property-name"],
  ["one line", "meta.text.single", "markdown"],
  ["end", "support.type.property-name", "meta.text"],
] as const) {
  test(`session: ${word} is ${wanted}`, async () => {
    const scopes = scopesOf(await grammar("source.orch"), SESSION, word);
    assert.ok(scopes.includes(wanted), scopes);
    assert.ok(unwanted === undefined || !scopes.includes(unwanted), scopes);
  });
}

const TEMPLATE = `+++
description = "Asks"
+++
# Title {{ request | upper }}
{# a note #}
{% for item in things %}
\`\`\`
{{ fenced }}
\`\`\`
{% raw %}{{ kept }}{% endraw %}
{% if "%}" is defined %}x{% endif %}
plain
`;

for (const [word, wanted, unwanted] of [
  ["description", "meta.embedded.block.frontmatter support.type.property-name"],
  ["Title", "markup.heading", "frontmatter"],
  ["request", "markup.heading.markdown meta.tag.jinja variable.other"],
  ["upper", "support.function.filter"],
  ["a note", "comment.block.jinja"],
  ["for", "keyword.control.jinja"],
  ["fenced", "meta.tag.jinja variable.other"],
  ["kept", "markup.raw.jinja"],
  ["%}\"", "string.quoted.double.jinja"],
  ["defined", "support.function.test"],
  ["plain", "text.orch-template", "jinja"],
] as const) {
  test(`template: ${word} is ${wanted}`, async () => {
    const scopes = scopesOf(await grammar("text.orch-template"), TEMPLATE, word);
    assert.ok(scopes.includes(wanted), scopes);
    assert.ok(unwanted === undefined || !scopes.includes(unwanted), scopes);
  });
}
