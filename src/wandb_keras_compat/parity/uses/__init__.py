"""The distinct forms of use, crossed pairwise: a small program for each row.

:mod:`.axes` is the table, :mod:`.cover` chooses the rows, :mod:`.compose` writes the programs, :mod:`.play` plays
and records them, and :mod:`.results` keeps where that was done and what came of it.
"""
