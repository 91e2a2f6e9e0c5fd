"""Building, in the order it happens: publishers' files and authored content become a published snapshot.

Nothing current is touched until the last step moves one pointer; a build that fails or is killed changes nothing.
"""
