"""For maintainers: records the built-in templates that were edited as new versions.

    python tools/publish_templates.py "What changed, in one line"

Prompts refer to built-ins by version, so an edited one ships with a new version, and all old ones stay. Nothing
happens to templates whose prompts are the same as those of a version that is there.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from orch.library.layers import open_library
from orch.library.publishing import publish
from orch.library.resolution import all_templates, find_working_copy
from orch.model.config import Configuration
from orch.model.reference import BUILTIN, BadReference
from orch.storage.disk import DiskStorage

TEMPLATES = Path(__file__).absolute().parents[1] / "templates"


def main() -> int:
    """Publishes every built-in that needs it; 1 when one cannot be."""
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        print(__doc__, file=sys.stderr)
        return 2
    storage = DiskStorage(TEMPLATES)
    library = open_library(storage, TEMPLATES, TEMPLATES, TEMPLATES, Configuration())
    ids = [template for template, _ in all_templates(library) if template.layer == BUILTIN]
    # the general ones first: those of a type extend them, and pin a published version that way
    for template in sorted(ids, key=lambda template: (template.feature_type or "", template.name)):
        found = find_working_copy(library, template)
        assert found is not None
        published = publish(library, found, message=sys.argv[1].strip(), author="Orch", created=datetime.now(UTC))
        if isinstance(published, BadReference):
            print(published.sentence, file=sys.stderr)
            return 1
        for path, text in published.writes:
            storage.write(path, text, replaces=None)
            print(f"{published.reference}  {path.relative_to(TEMPLATES)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
