"""What was missing and how it was completed."""
