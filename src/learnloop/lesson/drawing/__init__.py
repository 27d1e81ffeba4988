"""Pictures of lessons, drawn by our own layout."""
