"""From a file to a checked report. Start at pipeline.parse."""
