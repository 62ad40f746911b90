"""What level 2 knows: the legacy arguments, the places a callback stands in, and what a project reads back."""
