"""The model of runs: the state that all doors write to, and frozen copies of it. Depends on no door."""
