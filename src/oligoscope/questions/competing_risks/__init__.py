"""Which first event, and how often."""
