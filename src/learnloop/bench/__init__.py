"""How long an update takes, measured fairly: peers in turn with us, on the same data, the machine's peak beside it."""
