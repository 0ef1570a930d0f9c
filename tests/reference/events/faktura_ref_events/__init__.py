"""Facts as HTTP posts: a listener of faktura."""

from collections.abc import Sequence

from faktura.plugin import API_VERSION, EventListener, Family, PluginManifest, hookimpl


@hookimpl
def describe_plugin() -> PluginManifest:
    """Who this plugin is."""
    return PluginManifest(
        name="ref-events", version="0.1.0", api_version=API_VERSION, families=(Family.EVENTS,)
    )


@hookimpl
def register_event_listeners() -> Sequence[type[EventListener]]:
    """The listener that posts facts."""
    from faktura_ref_events.listener import RefEventListener

    return (RefEventListener,)
