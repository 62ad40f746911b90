"""The engine of the codemods: finds the files, applies the rules to each, writes the results and the reports."""
