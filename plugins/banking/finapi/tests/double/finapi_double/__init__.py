"""A finAPI of our own: Access V2 and Web Form 2.0 with their rules, scripted banks, faults by switch."""
