"""Who was addressed, and what worked for them."""
