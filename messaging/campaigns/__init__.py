"""Campaigns: one template to everybody in a file; each run is a bulk that is loaded, paced and steered."""
