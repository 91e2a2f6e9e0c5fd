"""Work Intelligence Graph engine: build the map, ask for a route, judge the practice.

Read `engine/build.py` and `engine/ask.py` first: they tell the story in the order it happens.
"""

__version__ = "0.1.0"
