"""What goes with the pattern."""
