"""Hundreds of thousands of reports: planned in shards, parsed by workers. Start at run.batch."""
