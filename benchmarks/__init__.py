"""Speed, side by side in one run. Start at run.main; docs/benchmarks.md explains the rows."""
