"""What a run is: the state behind every door, and frozen copies of it. Knows no door."""
