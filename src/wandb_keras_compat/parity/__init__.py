"""Whether trainings log what the real legacy class logged: scenarios, its goldens, the judge, the known differences, and a model of it."""
