"""Times to events: curves, tests and models."""
