"""The rules for data, and what they find."""
