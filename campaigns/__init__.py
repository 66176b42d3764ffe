"""What was posted, whom it reached, what it cost: the core of bereik."""
