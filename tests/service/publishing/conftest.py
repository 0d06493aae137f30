"""Publishing with stores in memory and the shipped book."""

from tests.publishing_in_memory import deploy, outside, publishing, shipped_files

__all__ = ["deploy", "outside", "publishing", "shipped_files"]  # fixtures
