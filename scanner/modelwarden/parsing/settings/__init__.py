"""Configurations, whatever they are written in: a tree of mappings and lists, and what in it makes a loader run or fetch code."""
