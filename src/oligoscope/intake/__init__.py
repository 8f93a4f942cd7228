"""Files to tables we can trust."""
