"""From the bell to the settled outcome: claim, send, settle, and the clock that watches over what waits."""
