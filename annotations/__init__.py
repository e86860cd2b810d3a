"""Annotations by people, in and out."""
