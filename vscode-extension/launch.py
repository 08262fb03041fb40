"""Starts the server that this extension carries: `python -I -S launch.py lsp`. Any Python from 3.11 on will do.

Nothing but the standard library and the folder beside this file is imported, so it needs neither an installation
nor the network, and no file of the project that is served can get in its way.
"""

import sys
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("Orch needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])

sys.path.insert(0, str(Path(__file__).absolute().parent / "libs"))

from orch.__main__ import main

main()
