"""How many responded, and the course of every patient."""
