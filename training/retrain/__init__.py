"""From what people corrected to a model that has learnt it. Start at run.retrain."""
