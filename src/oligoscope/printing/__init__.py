"""A kit of tables and blocks without knowledge of a question: cells, notes, numbers to text."""
