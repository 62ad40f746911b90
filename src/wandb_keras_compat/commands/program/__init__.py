"""Running a user's program with the hook, its processes too, and saying what would help where it ends in an error."""
