"""A run of the codemods: finding files, applying the rules to each, writing, reporting."""
