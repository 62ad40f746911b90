"""The doors: three ways to receive what a run sends. A recorder in the process, a server, a reader of run logs."""
