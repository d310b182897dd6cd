"""Reading what the engine wrote: messages, legs, timelines."""
