"""The trace: what runs sent to W&B as one canonical JSON document, the same whichever door saw it.

``trace.schema.json`` is the format; :mod:`.normalize` makes a trace of a store's snapshot by the named rules of
:mod:`.rules`, :mod:`.compare` compares two. A trace holds nothing volatile and no reference to a file: an image is
its pixels, a histogram its bins and counts, a table its cells, a graph its nodes and edges, a model its weights.

A door cannot see everything (a server is not sent upload policies, an offline log has no ``use_artifact``). What it
cannot see is listed in ``blind`` as path patterns; a comparison leaves out what either side is blind to, and says so.

Paths are written as in ``runs[0].history[3].examples[1].pixels``; a key that is no identifier is quoted, as in
``runs[0].files["media/x.png"]``, and an item of what has no order is named by itself, as in
``runs[0].telemetry["feature.keras"]``. In a pattern ``[*]`` is any index or any key, ``*`` inside a name any text, and
``.**`` at the end anything below; see :mod:`.paths`.
"""
