"""Migration judged by running: programs before the codemods, under the hook, and after them, without it.

:mod:`.programs_of` has the programs, :mod:`.migrated` what the codemods make of one, :mod:`.play` records what one
does, :mod:`.bridge` says what that is called after level 2, :mod:`.judge` compares, ``python -m`` of it shows.
"""
