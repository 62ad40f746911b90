"""The ways in which people use the callback, combined pairwise: a small program for each row of a covering array.

:mod:`.axes` has the values, :mod:`.cover` chooses the rows, :mod:`.compose` writes the programs, :mod:`.play` plays
and records them, and :mod:`.results` keeps where they were played and what each was found to log.
"""
