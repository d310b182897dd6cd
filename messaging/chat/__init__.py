"""The chat of official accounts: contacts, the conversation in and out, and what may be answered until when."""
