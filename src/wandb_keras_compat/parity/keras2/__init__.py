"""Whole programs in the spelling of Keras 2: as the real class logged them, and as they are run here."""
