"""The nouns: documents, labels, the statutory form, the report. Start at document.Document."""
