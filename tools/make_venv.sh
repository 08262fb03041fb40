#!/bin/sh
# Make the virtual environment $1 from the first Python >= 3.11 that is found, unless it is there and new enough.
set -eu
venv=$1
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c "$new_enough" 2>/dev/null; then
    exit 0
fi
for python in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 python; do
    if "$python" -c "$new_enough" >/dev/null 2>&1; then
        rm -rf "$venv"
        exec "$python" -m venv "$venv"
    fi
done
echo "Orch needs Python 3.11 or newer, and none was found on the PATH." >&2
exit 1
