"""Tables as pictures: where each mark stands. Templates draw them, so that a page needs no script.

Every drawing is made of plain numbers and words; templates/dashboards/charts/ has one for each.
"""
