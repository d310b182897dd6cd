"""Receipts: stored raw as they come in, applied later in batches, in any order, once each."""
