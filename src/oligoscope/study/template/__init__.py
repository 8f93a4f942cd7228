"""The workbook that `oligoscope new` writes, made from the dictionary."""
