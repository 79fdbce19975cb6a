"""Pseudonyms: the same person in one project, a stranger in every other."""
