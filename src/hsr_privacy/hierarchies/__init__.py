"""Generalization hierarchies: from the value itself to nothing at all."""
