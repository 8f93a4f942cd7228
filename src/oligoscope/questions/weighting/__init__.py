"""Weights in place of matches."""
