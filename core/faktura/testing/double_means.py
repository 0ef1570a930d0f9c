"""The payment double's saved means of payment."""

from typing_extensions import override

from faktura.kernel.terms import PaymentMethod
from faktura.plugin import MeansKeeping, MeansReference, SavedMeans
from faktura.testing.double_base import DoublePart


class DoubleMeans(DoublePart, MeansKeeping):
    """Says what became of means that tests put into its books."""

    @override
    async def describe_means(self, means: MeansReference) -> SavedMeans | None:
        """What it is; None where it is not known or gone."""
        return self.saved(means.reference)

    @override
    async def forget_means(self, means: MeansReference) -> None:
        """Delete it; one that is not known counts as deleted."""
        with self.store.changing() as books:
            books.execute("UPDATE means SET gone = 1 WHERE reference = ?", [means.reference])

    def saved(self, token: str) -> SavedMeans | None:
        """The means behind a token; None where it is not known or gone."""
        with self.store.changing() as books:
            found = books.execute(
                "SELECT method, label, fingerprint, gone FROM means WHERE reference = ?", [token]
            ).fetchone()
        if found is None or found[3]:
            return None
        return SavedMeans(
            means=MeansReference(reference=token, customer="dc_1"),
            method=PaymentMethod(found[0]),
            label=found[1],
            fingerprint=found[2],
        )
