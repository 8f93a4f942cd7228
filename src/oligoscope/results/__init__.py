"""Every reported number once, as a row with its keys."""
