"""Matching on the propensity score: balance and overlap."""
