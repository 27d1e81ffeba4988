"""One scale for signs everywhere, safe for colour-blind eyes; nothing is imported for it."""

NEGATIVE, ZERO, POSITIVE = "#f59322", "#e8eaeb", "#0877bd"
DARK_NEGATIVE = "#c2660a"
"""For lines and text on white, where the orange would be too light."""
