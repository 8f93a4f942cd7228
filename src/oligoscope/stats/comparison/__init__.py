"""Groups compared: tests, summaries, agreement."""
