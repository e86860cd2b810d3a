"""Theme classifiers: trained, calibrated, compared, shipped. Start at compare.main."""
