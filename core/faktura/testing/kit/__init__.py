"""The connector kit: what a connector inherits in its tests, gets every scenario by, and must pass.

Needs pytest (`pip install faktura[testing]`). Start at the README beside this file.
"""
