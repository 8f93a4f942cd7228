"""The language every stage speaks: words, settings, tables."""
