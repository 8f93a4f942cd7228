"""Labels that the study team has given, beside what the rules would say."""
