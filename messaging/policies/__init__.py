"""When a message may go: windows, pace and quotas. Pure, exact, without a clock of its own."""
