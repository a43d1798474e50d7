"""Twilio webhooks and the phone simulator."""
