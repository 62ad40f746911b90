"""What is drawn for each capability, and the property that is demanded of it."""
