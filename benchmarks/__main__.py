"""`python -m benchmarks`: print the figures and write bench.json."""

from benchmarks.run import main

if __name__ == "__main__":
    main()
