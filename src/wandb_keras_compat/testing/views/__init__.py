"""Shows traces in the terminal and as an HTML page. Comparing is done elsewhere; this shows what :func:`..diff` found.

:mod:`.describe` makes one line of any value of a trace, :mod:`.history_columns` sorts a history into columns,
:mod:`.findings` answers where two traces differ, :mod:`.build_report` puts these together for :mod:`.html_page` (one
HTML file) and :mod:`.terminal`. Everything shown was written by the program that was traced and is taken as hostile:
markup is escaped, control characters are made visible, and a picture is shown only after it was decoded.
"""
