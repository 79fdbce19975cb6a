"""The release: gates, the act of publishing, and the pages that people read."""
