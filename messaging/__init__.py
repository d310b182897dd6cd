"""The engine: intake, dispatch and receipts of messages."""
