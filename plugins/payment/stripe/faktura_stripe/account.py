"""What everything that asks over an account at Stripe shares: its settings and the gateway."""

from typing import ClassVar

from faktura.kernel.errors import SettingMissing
from faktura.kernel.outside_errors import OutcomeUnknown
from faktura.plugin import Adapter, AdapterSettings, Runtime, SandboxAddress, Unclear
from faktura_stripe.answers import KeyMixedUp
from faktura_stripe.settings import StripeSettings


class StripeAccount(Adapter):
    """One account; importing it does not import the SDK, building one does."""

    provider: ClassVar[str] = "stripe"
    Settings: ClassVar[type[AdapterSettings]] = StripeSettings
    # One host serves both worlds: the key says which of them.
    sandbox: ClassVar[tuple[SandboxAddress, ...]] = (
        SandboxAddress("https://api.stripe.com", "Bearer sk_test_"),
        SandboxAddress("https://api.stripe.com", "Bearer rk_test_"),
    )

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        if not isinstance(settings, StripeSettings):
            raise SettingMissing("Stripe needs settings of its own", mend="Set `api_key`")
        from faktura_stripe.gateway import Gateway

        self._own = settings
        self._gateway = Gateway(settings, runtime.http)

    def _unclear(self, lost: OutcomeUnknown) -> Unclear:
        """What is known after a lost answer; that a key was used for something else is logged."""
        if isinstance(lost, KeyMixedUp):
            self.runtime.log.error("stripe_key_mixed_up %s", lost)
        return Unclear(why=str(lost))
