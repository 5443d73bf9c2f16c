"""Invented people, partners, affiliates and meetings for demonstration data.

A library of pure functions: the same `random.Random` gives the same rows, nothing is read from the
network, and no person, organization, number or address in it is meant to be a real one.
"""
