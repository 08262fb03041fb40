-- `:source` alone sets Orch up; what is wrong is said in plain words.

local t = dofile(vim.env.ORCH_E2E_DRIVER)
local given = vim.json.decode(vim.env.ORCH_E2E)

vim.cmd.source(vim.fn.fnameescape(given.orch))
t.equal(vim.fn.exists(":Orch"), 2, "the command after :source")
t.equal(vim.fn.getcompletion("Orch an", "cmdline"), { "answer" }, "completion of a subcommand")
t.equal(vim.fn.getcompletion("Orch reopen a", "cmdline"), { "analysis" }, "completion of a phase")
t.equal(vim.fn.getcompletion("Orch answer shop/ca", "cmdline"), { "shop/cart.py", "shop/catalog.py" }, "of a file")

vim.cmd("Orch plam")
t.heard("there is no `:Orch plam`; there are abandon, answer, complete")

t.setup()
package.loaded.orch = nil
local orch = assert(loadfile(given.orch))("orch", given.orch)
orch.setup({ cmd = { "no-such-orch", "lsp" } })
vim.cmd("Orch next")
t.heard("the server no-such-orch is not installed")
