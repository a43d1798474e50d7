"""People, needs, consent and the closed loop: its rules, without Flask."""
