"""The comments by which users exclude a line or a whole file from the codemods."""

from __future__ import annotations

import re

IGNORE_COMMENT = re.compile(r"#\s*wandb-keras-compat:\s*ignore(?P<file>-file)?\b", re.IGNORECASE)
"""The group ``file`` is there if the comment speaks of the whole file."""
