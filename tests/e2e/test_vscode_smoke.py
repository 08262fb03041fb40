"""The extension starts."""

from support.vscode import Editor


def test_the_log_says_that_the_server_started(editor: Editor) -> None:
    editor.command("Orch: Show Log")
    editor.page.wait_for_timeout(8000)
    editor.shot("log")
