"""A run of the codemods: which files, how each goes through the rules, what is written and what is said."""
