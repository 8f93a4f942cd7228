"""A kit of pictures without knowledge of a question: theme, sheet, axes, painters."""
