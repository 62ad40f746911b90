"""What people see of traces: the terminal and the page. Nothing here compares; it draws what :func:`..diff` found.

:mod:`.words` puts any value of a trace into a few words, :mod:`.columns` sorts a history into columns, :mod:`.findings`
answers where two traces differ, :mod:`.report` puts these together for :mod:`.page` (one HTML file) and
:mod:`.terminal`. Everything shown was written by the program that was traced and is taken as hostile: markup is
escaped, control characters are made visible, and a picture is shown only after it was decoded.
"""
