"""NXCloud's codes as data (nxcloud.md sections 5 and 6), and Zalo's own codes as NXCloud reports them.

The class, retry and failover are this house's reading of the reference. The reasons are in the README.
"""
