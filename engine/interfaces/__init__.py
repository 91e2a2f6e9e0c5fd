"""The doors: command line and drawings. Thin: they parse what was asked, call the engine, draw the value that comes back.

In: arguments, files named by the user. Out: text, JSON, diagrams. Refuses to know: how anything is decided.
"""
