"""Infobip's statuses, errors and refusals as data, one module a group."""
