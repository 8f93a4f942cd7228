"""Survival by what had happened until then: landmarks, and a time-dependent model."""
