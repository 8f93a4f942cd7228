"""What all stages share: words, settings, tables."""
