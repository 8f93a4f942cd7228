"""Files to validated tables."""
