"""What kind of booking it is: ISO bank transaction code and German GVC (reference 2.3)."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple


class BankCode(NamedTuple):
    """`iso` is domain/family/sub-family, e.g. PMNT/RCDT/ESCT; `gvc` three digits, e.g. 166."""

    iso: str | None = None
    gvc: str | None = None

    def or_else(self, other: "BankCode") -> "BankCode":
        """Each code from here, else from `other`: a detail knows more than its entry."""
        if self is NO_CODE:
            return other
        return BankCode(self.iso or other.iso, self.gvc or other.gvc)


NO_CODE = BankCode()


def code_paths(at: str = "") -> dict[str, tuple[str, ...]]:
    """Where the words of BkTxCd stand below the path `at`."""
    return {
        "domain": (f"{at}BkTxCd/Domn/Cd",),
        "family": (f"{at}BkTxCd/Domn/Fmly/Cd",),
        "sub_family": (f"{at}BkTxCd/Domn/Fmly/SubFmlyCd",),
        "proprietary": (f"{at}BkTxCd/Prtry/Cd",),
    }


def bank_code(words: Mapping[str, str]) -> BankCode:
    """The code of the words at code_paths(); an empty BkTxCd, as some banks send, says nothing."""
    iso = [words[name].strip() for name in ("domain", "family", "sub_family") if name in words]
    gvc = _gvc(words.get("proprietary", "").strip())
    return BankCode("/".join(iso) or None, gvc) if iso or gvc else NO_CODE


def _gvc(code: str) -> str | None:
    """The second part of SWIFT+GVC+Primanota+Textschlüsselergänzung; a lone number also counts."""
    parts = code.split("+")
    gvc = parts[1] if len(parts) > 1 else parts[0]
    return gvc if len(gvc) == 3 and gvc.isascii() and gvc.isdigit() else None


# Who paid whom in the original payment: its debtor is the interesting side of what we collected.
_GVC_DEBTOR = frozenset({"108", "109", "171", "174", "192", "193", "196"})
_GVC_CREDITOR = frozenset({"159", "160", "181", "184"})


@lru_cache(maxsize=256)
def counterparty_is_debtor(code: BankCode, sign: int, *, returned: bool) -> bool:
    """Whether the other side of a booking is the debtor of the payment (2.2).

    Incoming: the debtor. Outgoing: the creditor. In a return the parties stay those of the first
    payment: the debtor in our returned direct debit, the creditor in our bounced transfer.
    """
    if code.gvc in _GVC_DEBTOR or code.gvc in _GVC_CREDITOR:
        return code.gvc in _GVC_DEBTOR
    family = code.iso.split("/")[1:] if code.iso else []
    match family:
        case ["IDDT", *_]:
            return True
        case ["RDDT" | "ICDT", *_] | ["RCDT", "RRTN"]:
            return False
        case _:
            return sign > 0 or returned
