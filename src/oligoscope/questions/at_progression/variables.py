"""The variables of the comparison at progression: what may be adjusted for, and what is described only."""

from __future__ import annotations

# They define the patterns: adjusting for them would take away what is compared.
OF_THE_GROUPS = ("n_progressing_lesions", "n_progressing_organs")
# Treatment after progression comes after time zero: it is no confounder, and enters no score and no model.
AFTER_PROGRESSION = ("local_after_progression", "beyond_progression", "line_regimen")
