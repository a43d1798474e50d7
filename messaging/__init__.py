"""Phones, texts and e-mails: the outbox, sending, replies, opt-out. Knows nothing of referrals."""
