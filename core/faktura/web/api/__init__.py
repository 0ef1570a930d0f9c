"""The REST door: operations declared once, checked, documented and answered alike."""
