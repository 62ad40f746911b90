"""Reads and edits files: one module for each kind (Python, notebook, YAML, requirements).

Each kind has a class that follows :class:`.document.Document`: bytes in, text for the rules, bytes out with the
edits of the rules in place. :mod:`.kinds` lists the classes.
"""
