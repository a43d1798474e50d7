"""Sign-in, sessions, the permission map and the guards of views."""
