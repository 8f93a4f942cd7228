"""What questions are asked of: patients selected, completed, matched, and how their columns are read."""
