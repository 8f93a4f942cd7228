"""A report is a value; one writer a format."""
