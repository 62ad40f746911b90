"""``wandb-keras-compat check``: plays the suite in the environment at hand, or in one that it makes, and judges it.

Plays run in processes of their own, several scenarios to each (:mod:`.retry`, :mod:`.process`); their traces are judged
by :mod:`.judge`. The matrix rests on the same parts.
"""
