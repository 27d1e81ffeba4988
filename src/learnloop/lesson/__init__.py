"""Lessons: a document becomes one page in which a real run is shown, narrated and lived through."""
