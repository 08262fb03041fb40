-- Everything without input boxes: a draft from completion, the Plan lens, and values typed into the file.

local t = dofile(vim.env.ORCH_E2E_DRIVER)
t.setup()

vim.cmd.edit("login.orch")
t.wait("the server", function()
  return #vim.lsp.get_clients({ name = "orch", bufnr = 0 }) == 1
end)

local client = vim.lsp.get_clients({ name = "orch", bufnr = 0 })[1]
local function ask(method)
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  return assert(client:request_sync(method, params, 10000, 0)).result
end

local result = ask("textDocument/completion")
local items = result.items or result
local draft
for _, item in ipairs(items) do
  draft = draft or (item.textEdit and item.textEdit.newText:find("[request]", 1, true) and item)
end
assert(draft, "an empty session offers a draft: " .. vim.inspect(items))
local text = draft.textEdit.newText:gsub("%$%{%d+:([^}]*)%}", "%1"):gsub("%$%d", "")
vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(text, "\n"))
local line = t.find("text = ")
vim.api.nvim_buf_set_lines(0, line, -1, false, { "text = '''", "Add a login page.", "'''" })
vim.cmd("silent write")

t.run_lens("Plan")
t.heard("the prompt is on the clipboard")
assert(t.clipboard:find("Add a login page.", 1, true), "the prompt holds the request")
assert(t.text():find('status = "planning"', 1, true), "the draft became a session")
