"""Whether trainings log what the real legacy class logs.

Scenarios, goldens of the real class, the judge with its ledger of known differences, and a model of the class; whole
programs in the spelling of Keras 2; the documented uses of W&B's newer callbacks. The compatibility matrix plays it in
each of its cells, the tests play it in theirs. Nothing of the package needs it.
"""
