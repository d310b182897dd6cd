"""The codes of Zalo's business host as data (zalo-zns-oa.md section 8.1).

Two full enumerations of Zalo's own tables agree on the codes and meanings; class, retry and failover are this house's
reading of them. A compound class counts by its first letter. Reasons for the choices are in the README.
"""
