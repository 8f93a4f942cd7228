"""What a source suggests after progression, by pattern and time."""
