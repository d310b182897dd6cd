"""The codes of the Mini App Open APIs as data (zalo-mini-app.md section 4), and our own for limits and gates.

The class, retry and failover are this house's reading of the reference. The reasons are in the README.
"""
