"""The patients of a question: selected, completed, matched, and how their columns are read."""
