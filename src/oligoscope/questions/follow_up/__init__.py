"""How long patients were followed."""
