-- Orch for Neovim 0.11 or later, in one file: plan features with prompts that are versioned and checked.
--
-- Put it into `lua/` and say `require("orch").setup()`, or into `plugin/`, or `:source` it: then it sets itself up.
-- Everything it does is done by the server, `orch lsp`; here are only the `:Orch` command, the input boxes and the
-- registers. docs/editors.md tells how to use it.

local M = {}

local NAME = "orch"
local PHASES = { "planning", "analysis", "implementation" }
local STEPS = {
  "plan", "process", "analyze", "saveAnalysis", "implement", "saveImplementation",
  "complete", "reopen", "abandon", "next", "answer", "fill",
}
local OUTCOMES = { "success", "partial", "failure" }

local options = {
  cmd = { "orch", "lsp" }, -- the server's command line
  save = true, -- write a session after a step, unless it had unsaved changes before
  lenses = true, -- keep the code lenses up to date
  folds = true, -- fold sessions and templates, the long texts closed at first
}

local function say(sentence, level)
  vim.notify("Orch: " .. sentence, level or vim.log.levels.INFO)
end

local function complain(sentence)
  say(sentence, vim.log.levels.ERROR)
end

-- The server ---------------------------------------------------------------------------------------------------------

--- The project that a buffer belongs to: the folder above it that holds `.orch`, else the working directory's; where
--- there is none yet, the git repository, in which `plan` will make one.
local function root_of(buffer)
  local path, here = vim.api.nvim_buf_get_name(buffer), vim.fn.getcwd()
  local from = vim.bo[buffer].buftype == "" and path ~= "" and path or here
  return vim.fs.root(from, ".orch") or vim.fs.root(here, ".orch") or vim.fs.root(from, ".git") or here
end

--- The server for the project in `root`, started if it does not run. Nil, and a message, when it cannot be had.
local function server_for(root)
  local program = options.cmd[1]
  if vim.fn.executable(program) == 0 then
    complain(("the server %s is not installed; `pip install orch-lsp` brings it."):format(program))
    return nil
  end
  local config = vim.tbl_extend("force", vim.lsp.config[NAME], { root_dir = root })
  local id = vim.lsp.start(config, { attach = false }) -- gives the one that runs for this root already
  local client = id and vim.lsp.get_client_by_id(id)
  local function settled()
    return client.initialized or client:is_stopped()
  end
  if not (client and vim.wait(10000, settled, 10)) or client:is_stopped() then
    complain("the server did not start; `:checkhealth vim.lsp` names its log.")
    return nil
  end
  return client
end

--- Runs a server command and hands its result to `done`. A refusal is shown; one that names candidates asks which.
local function execute(name, params, done)
  local buffer = vim.api.nvim_get_current_buf()
  local root = root_of(buffer)
  local client = server_for(root)
  if not client then
    return
  end
  local given = vim.tbl_extend("keep", params, { root = vim.uri_from_fname(root) })
  local function answered(err, result)
    local candidates = err and type(err.data) == "table" and err.data.candidates or {}
    if not err then
      done(result)
    elseif #candidates > 0 and not params.session then
      vim.ui.select(candidates, {
        prompt = err.message,
        format_item = function(session)
          return ("%s (%s)"):format(session.title, session.status)
        end,
      }, function(session)
        if session then
          execute(name, vim.tbl_extend("force", params, { session = session.id }), done)
        end
      end)
    else
      complain(err.message)
    end
  end
  client:request("workspace/executeCommand", { command = name, arguments = { given } }, answered, buffer)
end

-- Texts --------------------------------------------------------------------------------------------------------------

local function has_clipboard()
  return vim.fn.has("clipboard") == 1
end

--- Puts a text into the unnamed register, and on the clipboard where there is one.
local function copy(text)
  vim.fn.setreg('"', text, "c")
  if has_clipboard() then
    vim.fn.setreg("+", text, "c")
  end
end

--- What was copied last: the clipboard's text, else the unnamed register's.
local function copied()
  local text = has_clipboard() and vim.fn.getreg("+") or ""
  return text ~= "" and text or vim.fn.getreg('"')
end

--- The text of a command's range: what is selected, where the range is the selection, else its lines.
local function text_of_range(command)
  local from, to = vim.fn.getpos("'<"), vim.fn.getpos("'>")
  if from[2] == command.line1 and to[2] == command.line2 and vim.fn.visualmode() ~= "" then
    return table.concat(vim.fn.getregion(from, to, { type = vim.fn.visualmode() }), "\n")
  end
  local ends = command.line2 < vim.api.nvim_buf_line_count(0) or vim.bo.endofline
  return table.concat(vim.api.nvim_buf_get_lines(0, command.line1 - 1, command.line2, false), "\n") .. (ends and "\n" or "")
end

local function text_of_file(path)
  local file, problem = io.open(vim.fs.normalize(path), "rb")
  local text = file and file:read("*a")
  if file then
    file:close()
  end
  if not text then
    complain(("cannot read %s."):format(problem or path))
  end
  return text
end

--- The text that `:Orch answer` is about: of the range, of the register `@x`, of the named file, or what was copied.
local function text_for(command, argument)
  if command.range > 0 then
    return text_of_range(command)
  end
  local register = argument and argument:match("^@(.)$")
  if register then
    return vim.fn.getreg(register)
  end
  return argument and text_of_file(argument) or not argument and copied() or nil
end

-- Sessions -----------------------------------------------------------------------------------------------------------

--- The session in the current window, as its URI; nil elsewhere, and then the server knows which is meant or asks.
local function current_session()
  local name = vim.api.nvim_buf_get_name(0)
  return vim.bo.filetype == "orch" and name ~= "" and vim.uri_from_fname(name) or nil
end

--- Asks for the buffer's lenses and shows them, unless the text has changed meanwhile: then others are asked for.
local function refresh_lenses(buffer)
  if not options.lenses then
    return
  elseif vim.lsp.codelens.enable then -- from 0.12 on, which keeps them up to date itself
    return vim.lsp.codelens.enable(true, { bufnr = buffer })
  end
  local asked_at = vim.api.nvim_buf_get_changedtick(buffer)
  for _, client in ipairs(vim.lsp.get_clients({ name = NAME, bufnr = buffer })) do
    local params = { textDocument = vim.lsp.util.make_text_document_params(buffer) }
    client:request("textDocument/codeLens", params, function(problem, lenses, context)
      if vim.api.nvim_buf_is_loaded(buffer) and vim.api.nvim_buf_get_changedtick(buffer) == asked_at then
        vim.lsp.codelens.on_codelens(problem, lenses, context)
      end
    end, buffer)
  end
end

local function refresh_all_lenses()
  for _, client in ipairs(vim.lsp.get_clients({ name = NAME })) do
    for buffer in pairs(client.attached_buffers) do
      refresh_lenses(buffer)
    end
  end
end

local function open(uri)
  local path = vim.uri_to_fname(uri)
  if vim.api.nvim_buf_get_name(0) ~= path then
    vim.cmd.edit(vim.fn.fnameescape(path))
  end
end

local function hand_over(prompt, missing)
  copy(prompt)
  local where = has_clipboard() and "on the clipboard" or 'in the register "'
  if missing and #missing > 0 then
    local names = table.concat(missing, ", ", 1, math.min(#missing, 5))
    say(("the prompt is %s; without a value yet: %s. `:Orch fill` asks for them."):format(where, names))
  else
    say(("the prompt is %s. Give it to a model, then `:Orch answer`."):format(where))
  end
end

local function unsaved_sessions()
  local unsaved = {}
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    unsaved[buffer] = vim.bo[buffer].modified
  end
  return unsaved
end

--- Asks where a session stands and what can be done in it.
local function standing(session, done)
  execute("orch.session.standing", { session = session }, done)
end

--- Takes a step: runs the command, saves what it changed, and copies the prompt it made. A new session is opened.
local function take(name, params)
  local unsaved = unsaved_sessions()
  execute(name, params, function(result)
    local buffer = result.uri and vim.fn.bufnr(vim.uri_to_fname(result.uri)) or -1
    if options.save and buffer > 0 and vim.bo[buffer].modified and not unsaved[buffer] then
      vim.api.nvim_buf_call(buffer, function()
        vim.cmd("silent write")
      end)
    end
    vim.cmd("silent! checktime")
    if name == "orch.session.plan" and result.uri then
      open(result.uri)
    end
    if result.prompt and result.prompt ~= vim.NIL then
      hand_over(result.prompt, result.missing)
    elseif result.id then
      standing(result.uri or result.id, function(where)
        say(("%s: %s, next: %s."):format(where.title, where.status, where.next))
      end)
    end
    refresh_all_lenses()
  end)
end

-- The subcommands: each takes the command's record, its words, and what a lens gave ({session, phase ...}) ------------

local subcommands = {}

subcommands.plan = {
  summary = "plan a feature: the request as words, as a range, or asked for",
  run = function(command, words, given)
    if given.session then
      return take("orch.session.plan", { session = given.session })
    end
    local kind = words[1] and words[1]:match("^%-%-type=(.+)$")
    local request = table.concat(words, " ", kind and 2 or 1)
    if command.range > 0 then
      request = text_of_range(command)
    end
    if request:match("%S") then
      return take("orch.session.plan", { request = request, featureType = kind })
    end
    vim.ui.input({ prompt = "What do you want? " }, function(typed)
      if not typed or not typed:match("%S") then
        return
      end
      execute("orch.session.featureTypes", { request = typed }, function(offered)
        local types = vim.tbl_filter(function(name)
          return name ~= offered.suggested
        end, offered.types)
        table.insert(types, 1, offered.suggested)
        vim.ui.select(types, { prompt = "What kind of change is it?" }, function(chosen)
          if chosen then
            take("orch.session.plan", { request = typed, featureType = chosen })
          end
        end)
      end)
    end)
  end,
}

subcommands.next = {
  summary = "take the step that is due and copy its prompt",
  run = function(command, _, given)
    standing(given.session, function(where)
      if where.due == "complete" then
        subcommands.complete.run(command, {}, { session = where.id })
      else
        take("orch.session.next", { session = given.session or where.id })
      end
    end)
  end,
}

subcommands.answer = {
  summary = "file the model's answer: of the range, of @x (a register), of a file, or what was copied",
  files = true,
  run = function(command, words, given)
    local text = text_for(command, words[1])
    if text then
      take("orch.session.answer", { session = given.session, text = text })
    end
  end,
}

subcommands.fill = {
  summary = "give the prompt's open places their values",
  run = function(_, _, given)
    standing(given.session, function(where)
      local values = vim.empty_dict()
      local function ask(index)
        local name = where.missing[index]
        if not name then
          if next(values) then
            take("orch.session.fill", { session = given.session or where.id, phase = where.fill, values = values })
          end
          return
        end
        local number = ("%d of %d"):format(index, #where.missing)
        vim.ui.input({ prompt = ("%s (%s; @x takes register x): "):format(name, number) }, function(typed)
          if typed and typed ~= "" then
            local register = typed:match("^@(.)$")
            values[name] = register and vim.fn.getreg(register) or typed
          end
          ask(typed and index + 1 or #where.missing + 1)
        end)
      end
      if #where.missing == 0 then
        return say("every place of the prompt has a value.")
      end
      ask(1)
    end)
  end,
}

subcommands.complete = {
  summary = "end the session and say how it went: success, partial or failure, a rating, a comment",
  words = OUTCOMES,
  run = function(_, words, given)
    local function finish(outcome, rating, comment)
      take("orch.session.complete", {
        session = given.session,
        outcome = outcome,
        rating = rating,
        comment = comment and comment:match("%S") and comment or nil,
      })
    end
    local outcome = words[1] or given.outcome
    if words[1] then
      local rating = tonumber(words[2])
      return finish(outcome, rating, table.concat(words, " ", rating and 3 or 2))
    end
    local function ask_the_rest(chosen)
      if not chosen then
        return
      end
      vim.ui.select({ "5", "4", "3", "2", "1", "no rating" }, { prompt = "How good were the prompts?" }, function(rating)
        if rating then
          vim.ui.input({ prompt = "What is worth remembering? " }, function(comment)
            finish(chosen, tonumber(rating), comment)
          end)
        end
      end)
    end
    if outcome then
      return ask_the_rest(outcome)
    end
    vim.ui.select(OUTCOMES, { prompt = "How did it go?" }, ask_the_rest)
  end,
}

subcommands.reopen = {
  summary = "go back to a phase; the texts stay",
  words = PHASES,
  run = function(_, words, given)
    if words[1] then
      return take("orch.session.reopen", { session = given.session, phase = words[1] })
    end
    standing(given.session, function(where)
      if #where.reopen == 0 then
        return complain(("this session is in %s; there is no phase to go back to."):format(where.status))
      end
      vim.ui.select(where.reopen, { prompt = "Back to which phase?" }, function(phase)
        if phase then
          take("orch.session.reopen", { session = given.session or where.id, phase = phase })
        end
      end)
    end)
  end,
}

subcommands.abandon = {
  summary = "end the session without a result; it can be reopened",
  run = function(_, _, given)
    take("orch.session.abandon", { session = given.session })
  end,
}

subcommands.list = {
  summary = "choose a session and open it; `list all` shows the ended ones too",
  words = { "all" },
  run = function(_, words)
    execute("orch.session.list", { status = words[1] ~= "all" and "open" or nil }, function(result)
      if #result.sessions == 0 then
        return say("there is no session here; `:Orch plan` makes one.")
      end
      vim.ui.select(result.sessions, {
        prompt = "Which session?",
        format_item = function(session)
          return ("%s (%s, next: %s)"):format(session.title, session.status, session.next)
        end,
      }, function(session)
        if session then
          open(session.uri)
        end
      end)
    end)
  end,
}

subcommands.copy = {
  summary = "copy a phase's prompt once more",
  words = PHASES,
  run = function(_, words, given)
    local asked = { session = given.session, phase = words[1] or given.phase }
    execute("orch.session.prompt", asked, function(result)
      hand_over(result.text, result.missing)
    end)
  end,
}

subcommands.prompt = {
  summary = "show a phase's prompt as Markdown beside the session",
  words = PHASES,
  run = function(_, words, given)
    local asked = { session = given.session, phase = words[1] or given.phase }
    execute("orch.session.prompt", asked, function(result)
      vim.cmd("vertical new")
      vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(result.text, "\n"))
      vim.bo.buftype, vim.bo.bufhidden, vim.bo.modified, vim.bo.modifiable = "nofile", "wipe", false, false
      vim.bo.filetype = "markdown"
    end)
  end,
}

-- What a lens runs ---------------------------------------------------------------------------------------------------

local function from_lens(subcommand)
  return function(command)
    subcommands[subcommand].run({ range = 0 }, {}, (command.arguments or {})[1] or {})
  end
end

--- The commands of this client that the server may put on a lens or a code action, and what they run.
local lens_commands = {
  ["orch.plan"] = from_lens("plan"),
  ["orch.next"] = from_lens("next"),
  ["orch.pasteAnswer"] = from_lens("answer"),
  ["orch.fill"] = from_lens("fill"),
  ["orch.copyPrompt"] = from_lens("copy"),
  ["orch.openPrompt"] = from_lens("prompt"),
  ["orch.complete"] = from_lens("complete"),
  ["orch.copyText"] = function(command)
    copy(command.arguments[1].text)
    say("copied. Give it to the model, then `:Orch answer`.")
  end,
}

local client_commands = vim.fn.sort(vim.tbl_keys(lens_commands))

-- A lens's step goes the same way as the command's, so that its prompt is copied too.
for _, step in ipairs(STEPS) do
  local name = "orch.session." .. step
  lens_commands[name] = function(command)
    take(name, command.arguments[1])
  end
end

--- Makes a step's edit, unless the text changed after the server worked it out: then it must do so again.
local function apply_edit(_, params, context)
  for _, change in ipairs(params.edit.documentChanges or {}) do
    local document = change.textDocument
    local version = document and vim.lsp.util.buf_versions[vim.uri_to_bufnr(document.uri)]
    if version and type(document.version) == "number" and version > document.version then
      return { applied = false, failureReason = "the text changed meanwhile" }
    end
  end
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  local applied, problem = pcall(vim.lsp.util.apply_workspace_edit, params.edit, client.offset_encoding)
  return { applied = applied, failureReason = not applied and problem or nil }
end

-- Setting up ---------------------------------------------------------------------------------------------------------

local function run(command)
  local words = vim.list_slice(command.fargs, 2)
  local name = command.fargs[1] or "list"
  local subcommand = subcommands[name]
  if not subcommand then
    local known = table.concat(vim.fn.sort(vim.tbl_keys(subcommands)), ", ")
    return complain(("there is no `:Orch %s`; there are %s."):format(name, known))
  end
  subcommand.run(command, words, { session = current_session() })
end

local function complete_words(lead, line)
  local typed = line:sub(1, #line - #lead):gsub("^.-Orch%s*", "")
  local before = vim.split(typed, "%s+", { trimempty = true })
  local words
  if #before == 0 then
    words = vim.fn.sort(vim.tbl_keys(subcommands))
  elseif #before == 1 and (subcommands[before[1]] or {}).files then
    return vim.fn.getcompletion(lead, "file")
  else
    words = #before == 1 and (subcommands[before[1]] or {}).words or {}
  end
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, words)
end

local function attached(buffer, client)
  local group = vim.api.nvim_create_augroup("orch_lenses_" .. buffer, { clear = true })
  -- the server sends diagnostics for every text it has read, so then its lenses are of that text too
  vim.api.nvim_create_autocmd({ "BufEnter", "InsertLeave", "DiagnosticChanged" }, {
    group = group,
    buffer = buffer,
    callback = function()
      if not vim.startswith(vim.api.nvim_get_mode().mode, "i") then
        refresh_lenses(buffer)
      end
    end,
  })
  refresh_lenses(buffer)
  if not (options.folds and client:supports_method("textDocument/foldingRange")) then
    return
  end
  for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
    local local_to = vim.wo[window][0]
    local_to.foldmethod, local_to.foldexpr, local_to.foldlevel = "expr", "v:lua.vim.lsp.foldexpr()", 99
    vim.lsp.foldclose("imports", window) -- the kind that the server gives to long texts
  end
end

local function create_autocmds()
  local group = vim.api.nvim_create_augroup("orch", { clear = true })
  vim.api.nvim_create_autocmd("FileType", {
    group = group,
    pattern = { "orch", "orch-template" },
    callback = function(event)
      local session = event.match == "orch"
      vim.bo[event.buf].syntax = session and "toml" or "jinja"
      vim.bo[event.buf].commentstring = session and "# %s" or "{# %s #}"
    end,
  })
  vim.api.nvim_create_autocmd("LspAttach", {
    group = group,
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == NAME then
        attached(event.buf, client)
      end
    end,
  })
end

--- Sets everything up. `given` may change `options` above, `cmd` for one: { cmd = { "python3", "-m", "orch", "lsp" } }.
function M.setup(given)
  options = vim.tbl_extend("force", options, given or {})
  vim.filetype.add({
    extension = { orch = "orch" },
    pattern = { [".*/%.orch/templates/.*%.j2"] = { "orch-template", { priority = 10 } } },
  })
  vim.lsp.config(NAME, {
    cmd = options.cmd,
    cmd_cwd = vim.uv.os_homedir(), -- outside the project, so that no file of it can be taken for the server's
    filetypes = { "orch", "orch-template" },
    root_dir = function(buffer, on_dir)
      on_dir(root_of(buffer))
    end,
    init_options = { clientCommands = client_commands },
    commands = lens_commands,
    handlers = { ["workspace/applyEdit"] = apply_edit },
    capabilities = { workspace = { workspaceEdit = { documentChanges = true } } }, -- edits carry a version
    flags = { debounce_text_changes = 0 }, -- the server merges bursts itself, and knows the text at once
  })
  vim.lsp.enable(NAME)
  create_autocmds()
  vim.api.nvim_create_user_command("Orch", run, {
    nargs = "*",
    range = true,
    complete = complete_words,
    desc = "Plan a feature and take it through its phases",
  })
end

-- `require` passes the module's name; a file that is sourced gets nothing, and nobody will call `setup`
if select("#", ...) == 0 then
  M.setup()
end

return M
