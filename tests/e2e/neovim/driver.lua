-- What the scenarios share: Orch set up as a user would, the boxes answered from a list, and waiting with a deadline.
-- `ORCH_E2E` in the environment holds JSON: {orch = the Lua file, cmd = the server's command line}.

local given = vim.json.decode(vim.env.ORCH_E2E)
local t = { said = {}, asked = {}, replies = {}, clipboard = "" }

vim.cmd("filetype on")
vim.cmd("syntax on")

-- the machine's clipboard is nobody's business in a test
vim.g.clipboard = {
  name = "test",
  copy = {
    ["+"] = function(lines)
      t.clipboard = table.concat(lines, "\n")
    end,
  },
  paste = {
    ["+"] = function()
      return { vim.split(t.clipboard, "\n"), "v" }
    end,
  },
}

vim.notify = function(message, level)
  table.insert(t.said, { message = message, level = level })
end

local function reply(prompt)
  table.insert(t.asked, prompt)
  assert(#t.replies > 0, "nobody expected to be asked: " .. prompt)
  return table.remove(t.replies, 1)
end

vim.ui.input = function(box, done)
  local typed = reply(box.prompt)
  vim.schedule(function()
    done(typed)
  end)
end

vim.ui.select = function(items, box, done)
  local wanted = reply(box.prompt)
  for index, item in ipairs(items) do
    local label = box.format_item and box.format_item(item) or item
    if label:find(wanted, 1, true) == 1 then
      return vim.schedule(function()
        done(item, index)
      end)
    end
  end
  error(("%q was not offered at %q, but %s"):format(wanted, box.prompt, vim.inspect(items)))
end

function t.setup()
  local orch = assert(loadfile(given.orch))("orch", given.orch)
  orch.setup({ cmd = given.cmd })
end

function t.wait(what, check)
  if not vim.wait(30000, check, 20) then
    local seen = { said = t.said, lenses = t.lenses(), codes = t.codes() }
    error(("waited in vain for %s; there is %s"):format(what, vim.inspect(seen)))
  end
end

--- Waits until something was said that holds `part`; what was said before does not count the next time.
function t.heard(part)
  local found
  t.wait(("%q to be said"):format(part), function()
    for _, said in ipairs(t.said) do
      found = found or (said.message:find(part, 1, true) and said)
    end
    return found ~= nil
  end)
  t.said = {}
  return found
end

function t.text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n") .. "\n"
end

--- Where `wanted` first stands in the buffer: line and column, both from 0.
function t.find(wanted)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local column = line:find(wanted, 1, true)
    if column then
      return number - 1, column - 1
    end
  end
  error(("%q is not in the buffer"):format(wanted))
end

--- The titles of the lenses that are shown in the buffer, as "line: title".
function t.lenses()
  return vim.tbl_map(function(lens)
    return ("%d: %s"):format(lens.range.start.line, lens.command and lens.command.title or "?")
  end, vim.lsp.codelens.get(0))
end

function t.has_lens(part)
  return vim.iter(t.lenses()):any(function(lens)
    return lens:find(part, 1, true) ~= nil
  end)
end

--- Runs the lens whose title holds `part`, as `vim.lsp.codelens.run()` does with the cursor on its line.
function t.run_lens(part)
  t.wait("the lens " .. part, function()
    return t.has_lens(part)
  end)
  for _, lens in ipairs(vim.lsp.codelens.get(0)) do
    if lens.command and lens.command.title:find(part, 1, true) then
      local client = vim.lsp.get_clients({ name = "orch", bufnr = 0 })[1]
      return client:exec_cmd(lens.command, { bufnr = 0 })
    end
  end
end

--- The codes of the diagnostics in the buffer, sorted.
function t.codes()
  local codes = vim.tbl_map(function(diagnostic)
    return diagnostic.code
  end, vim.diagnostic.get(0))
  table.sort(codes)
  return codes
end

function t.equal(got, wanted, what)
  assert(vim.deep_equal(got, wanted), ("%s: %s instead of %s"):format(what, vim.inspect(got), vim.inspect(wanted)))
end

function t.file(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

return t
