"""Progression-free survival as known from assessments: progression lies between two of them."""
