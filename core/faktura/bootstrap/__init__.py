"""The composition root: settings in, a running application out."""

from faktura.bootstrap.app import App, connect, open_app
from faktura.bootstrap.reachability import PublicUrl
from faktura.bootstrap.settings import Settings, read_settings

__all__ = ["App", "PublicUrl", "Settings", "connect", "open_app", "read_settings"]
