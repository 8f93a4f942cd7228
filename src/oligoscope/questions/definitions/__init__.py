"""What the choice of a definition does."""
