"""What can be read and what is derived: every column, level, outcome and definition, declared once."""
