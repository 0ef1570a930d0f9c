"""EN 16931 invoices: code tables, pre-checks with the BT in the message, and the CII writer.

A library for the plugins that write e-invoices; start at `checks.py` and `cii.py`.
"""
