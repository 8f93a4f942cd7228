"""The tables of a document as a workbook."""
