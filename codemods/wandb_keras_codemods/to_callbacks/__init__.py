"""Level 2: legacy arguments, the new callbacks in their place, and what else in a project reads the old keys."""
