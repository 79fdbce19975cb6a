"""From identified health-registry data to a research extract that may leave the house."""
