-- Steps from lenses, as a click or `vim.lsp.codelens.run()` takes them, while the person goes on typing.
-- The working directory holds a planned session whose answer has open places.

local t = dofile(vim.env.ORCH_E2E_DRIVER)
local given = vim.json.decode(vim.env.ORCH_E2E)
t.setup()

vim.cmd.edit(vim.fn.fnameescape(given.session))
t.run_lens("Fill 2 values")
t.replies = { "users", "@b" }
vim.fn.setreg("b", "core")
t.heard("next: start the analysis")
t.equal(t.asked, {
  "MODULE NAME (1 of 2; @x takes register x): ",
  "team (2 of 2; @x takes register x): ",
}, "what was asked")

-- a step and a line typed right after it: both are there, whichever came first
vim.fn.setreg('"', "")
t.run_lens("Start analysis")
local line = t.find('status = "planning"')
vim.api.nvim_buf_set_lines(0, line, line, false, { "# typed meanwhile" })
t.heard("the prompt is on the clipboard. Give it")
assert(t.clipboard:find("Analyse users for the team core", 1, true), t.clipboard)
assert(t.text():find('# typed meanwhile\nstatus = "analysis"', 1, true), t.text():sub(1, 300))
t.wait("the diagnostics of what was filled in to go", function()
  return vim.deep_equal(t.codes(), { "missing-file" }) -- the answer's key files belong to another project
end)
vim.cmd("silent write")

t.clipboard = "The users are in src/users.py."
t.run_lens("Paste answer")
t.heard("next:")
assert(t.text():find("The users are in src/users.py.", 1, true), "the analysis is stored")
t.equal(t.file(vim.api.nvim_buf_get_name(0)), t.text(), "the file on disk")

-- the long prompt can be read beside the session
vim.cmd("Orch prompt analysis")
t.wait("the prompt beside", function()
  return vim.bo.filetype == "markdown"
end)
assert(t.text():find("Analyse users for the team core", 1, true), "the prompt is shown")
