"""A synthetic cohort calibrated to a paper, at lesion level."""
