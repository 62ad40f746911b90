"""What W&B's own newer callbacks do otherwise than the package's of the same names, use by use."""
