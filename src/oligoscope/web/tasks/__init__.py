"""What the pages ask of a study beside the commands: each runs in a process of its own and answers in JSON."""
