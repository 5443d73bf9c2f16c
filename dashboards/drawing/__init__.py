"""Tables as pictures: where each mark stands. They are SVG, so that a page needs no script.

Every drawing is made of plain numbers and words; svg.py and plots.py write them.
"""
