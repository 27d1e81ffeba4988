"""Reading a lesson document."""
