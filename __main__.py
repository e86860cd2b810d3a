"""`python -m nianbao`: the same command as `nianbao`."""

from .cli import main

if __name__ == "__main__":
    main()
