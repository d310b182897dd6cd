"""Zalo's side of Mini Apps as the sandbox imitates it; written from zalo-mini-app.md, apart from the adapter."""
