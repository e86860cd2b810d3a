"""Synthetic reports with gold labels. Start at report.sample."""
