"""The pages: ES modules and styles, and what Python hands to them."""
