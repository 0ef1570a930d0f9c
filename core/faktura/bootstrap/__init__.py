"""The composition root: settings in, a running application out."""

from faktura.bootstrap.app import App, connect, content_store, open_app
from faktura.bootstrap.reachability import PublicUrl
from faktura.bootstrap.settings import Settings, read_settings

__all__ = ["App", "PublicUrl", "Settings", "connect", "content_store", "open_app", "read_settings"]
