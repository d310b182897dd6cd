"""What the gateway costs: every number of the design, measured beside what it is compared with, in one run."""
