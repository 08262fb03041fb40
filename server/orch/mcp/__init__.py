"""The MCP server, the third face beside `lsp` and `cli`: a model takes the steps itself, through its own client.

    main.py       `orch mcp`: the options, and what is said where the SDK is not installed
    server.py     the handlers, standard input and output
    client.py     the client: which folders it works in, what it is told without asking
    wire.py       plain data as the SDK wants it
    threads.py    work beside the event loop;  jobs.py  the calls that are under way
                  these five are all that knows the SDK
    tools.py      the tools: names, words for a model, which command each one is;  schemas.py  what they return
    calling.py    a call carried out: the project, the parameters, the lock
    replies.py    what a tool answers;  words.py  the same as text, and what to do next
    checking.py   the tool `check`
    prompts.py    templates as prompts, and completion
    resources.py  sessions as resources
    watching.py   what changed on the disk since the last look
    folders.py    which project is meant;  projects.py  the projects at hand

Importing this package imports nothing of the SDK. No tool runs a runner: the client is the model.
"""
