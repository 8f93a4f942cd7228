"""Logistic and ordinal regression, with limits by profile where Wald fails."""
