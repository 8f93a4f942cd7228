"""What can be read and named, each thing declared once."""
