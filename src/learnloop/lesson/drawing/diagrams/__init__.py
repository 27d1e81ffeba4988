"""Diagrams of a run, drawn from plain values."""
