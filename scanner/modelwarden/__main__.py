"""`python -m modelwarden`."""

from modelwarden.cli import main

if __name__ == "__main__":
    main()
