"""``python -m drugscan`` is the command line."""

from drugscan.cli import main

if __name__ == "__main__":
    main()
