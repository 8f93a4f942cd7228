"""`python -m oligoscope`: the command, where a script of that name is not on the path."""

from oligoscope.cli import main

if __name__ == "__main__":
    main()
