"""Synthetic reports, training, evaluation. Start at synthetic.report.sample."""
