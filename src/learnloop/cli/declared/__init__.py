"""The commands and their options, a module for each section of the help.

A command only gathers what was asked for and says what to do: ``main`` does it.
"""
