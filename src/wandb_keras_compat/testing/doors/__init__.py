"""The ways in which what a run sends is seen: a recorder in the process, a server, and the run's own log file."""
