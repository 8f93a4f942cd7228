"""CDISC SDTM domains to the tables of a study."""
