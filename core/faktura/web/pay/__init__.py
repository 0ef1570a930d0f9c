"""Pages on which customers pay: opened by an unguessable token, without signing in (F089)."""
