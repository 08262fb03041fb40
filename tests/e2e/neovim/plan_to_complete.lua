-- A session from a buffer that has nothing to do with Orch to its end, by `:Orch` alone.
-- The project is the working directory; `answers` in ORCH_E2E are the files that a model "wrote".

local t = dofile(vim.env.ORCH_E2E_DRIVER)
local answers = vim.json.decode(vim.env.ORCH_E2E).answers
t.setup()

vim.cmd.edit("shop/cart.py")
t.equal(#vim.lsp.get_clients({ name = "orch" }), 0, "servers before the first command")

-- plan: the request and its type are asked for; the session opens and its prompt is on the clipboard
t.replies = { "Add user authentication", "feature" }
vim.cmd("Orch plan")
t.heard("the prompt is on the clipboard")
t.equal(vim.bo.filetype, "orch", "the session's file type")
assert(t.clipboard:find("Add user authentication", 1, true), "the clipboard holds the planning prompt")
t.equal(vim.fn.getreg('"'), t.clipboard, "the unnamed register")
local session = vim.api.nvim_buf_get_name(0)
assert(session:find("/.orch/sessions/", 1, true), session)
t.wait("the lenses", function()
  return t.has_lens("next: paste the answer")
end)
t.equal(#vim.lsp.get_clients({ name = "orch" }), 1, "servers for one project")

-- the prompt itself is no answer: refused in plain words, and nothing changes
local before = t.text()
vim.cmd("Orch answer")
t.equal(t.heard("That is the prompt").level, vim.log.levels.ERROR, "how a refusal is shown")
t.equal(t.text(), before, "the session after a refusal")

-- diagnostics while typing, at the exact place, and gone when mended
t.wait("no diagnostics in a new session", function()
  return #t.codes() == 0
end)
local line, column = t.find('"planning"')
vim.api.nvim_buf_set_text(0, line, column, line, column + #'"planning"', { '"plannin"' })
t.wait("the diagnostic", function()
  return #t.codes() > 0
end)
local found = vim.diagnostic.get(0)[1]
t.equal({ found.lnum, found.code, found.source }, { line, "invalid-value", "orch" }, "the diagnostic")
t.equal({ found.col, found.end_col }, { column, column + #'"plannin"' }, "its range")
vim.cmd("silent undo")
t.wait("the diagnostic to go", function()
  return #t.codes() == 0
end)
vim.cmd("silent write")

-- the answer from a file: one edit, saved, and one undo takes it back
vim.cmd("Orch answer " .. vim.fn.fnameescape(answers.planning))
t.heard("next:")
assert(t.text():find("[analysis]", 1, true), "the analysis template is in the session")
t.equal(vim.bo.modified, false, "whether the session is unsaved after a step")
t.equal(t.file(session), t.text(), "the file on disk")
vim.cmd("silent undo")
t.equal(t.text(), before, "the session after one undo")
vim.cmd("silent redo")
vim.cmd("silent write")

-- next: the analysis prompt, and its open places are asked for
vim.cmd("Orch next")
t.heard("Orch fill")
t.replies = { "shop", "@a" }
vim.fn.setreg("a", "two\nlines")
vim.cmd("Orch fill")
t.heard("the prompt is on the clipboard. Give it")
t.equal(#t.replies, 0, "values left over")
assert(t.clipboard:find("Analyse shop", 1, true), "the first value is in the prompt")
assert(t.clipboard:find("two\nlines", 1, true), "the second value is in the prompt")

-- the answer from a range of another buffer: it finds its session by itself
vim.cmd.edit(vim.fn.fnameescape(answers.analysis))
vim.cmd("%Orch answer")
t.heard("implementation")
vim.cmd.buffer(vim.fn.bufnr(session))
vim.cmd("checktime")
assert(t.text():find("[analysis]", 1, true))

-- the implementation, from the clipboard this time, and from a lens
vim.cmd("Orch next")
t.heard("the prompt is on the clipboard")
t.clipboard = t.file(answers.implementation)
vim.cmd("Orch answer")
t.heard("next:")

-- the end, asked for
t.replies = { "success", "4", "Went well" }
vim.cmd("Orch next")
t.heard("completed")
t.equal(#t.replies, 0, "answers left over")
local text = t.file(session)
for _, part in ipairs({ 'status = "completed"', 'result = "success"', "rating = 4", "Went well" }) do
  assert(text:find(part, 1, true), part .. " is not in the file")
end
t.wait("the completed session to be without diagnostics", function()
  return #t.codes() == 0
end)
