"""When which pattern appears."""
