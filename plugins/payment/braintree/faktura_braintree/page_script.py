"""What runs in the customer's browser: Braintree's fields, and a script of ours that posts their nonce.

Card data go from the browser to Braintree; our page never sees them. The scripts come from
Braintree's and PayPal's own hosts only.
"""

_HOST = "https://js.braintreegateway.com"
_ASSETS = "https://assets.braintreegateway.com"
_BRAINTREE = (
    "https://api.braintreegateway.com",
    "https://api.sandbox.braintreegateway.com",
    "https://client-analytics.braintreegateway.com",
    "https://client-analytics.sandbox.braintreegateway.com",
    "https://*.braintree-api.com",
)
_PAYPAL = ("https://*.paypal.com", "https://www.paypalobjects.com")
_SECURE = "https://*.cardinalcommerce.com"

SCRIPT = """
(function () {
  "use strict";
  var form = document.getElementById("payment");
  var place = document.getElementById("payment-fields");
  var message = document.getElementById("payment-message");
  var button = document.getElementById("payment-submit");
  var given = JSON.parse(document.getElementById("payment-values").textContent);

  function show(error) {
    message.textContent = error && error.message ? error.message : String(error);
    message.hidden = false;
    button.disabled = false;
  }

  function finish(nonce) {
    form.elements.result.value = nonce;
    form.submit();
  }

  function box(id, text) {
    var label = document.createElement("label");
    var inner = document.createElement("div");
    inner.id = id;
    inner.style.height = "2.75rem";
    label.textContent = text;
    label.appendChild(inner);
    place.appendChild(label);
  }

  function card(client) {
    var german = given.language === "de";
    box("card-number", german ? "Kartennummer" : "Card number");
    box("card-expiry", german ? "G\\u00fcltig bis" : "Expiry date");
    box("card-cvv", german ? "Pr\\u00fcfziffer" : "Security code");
    return braintree.hostedFields.create({
      client: client,
      fields: {
        number: { selector: "#card-number" },
        expirationDate: { selector: "#card-expiry", placeholder: "MM/YY" },
        cvv: { selector: "#card-cvv" }
      }
    }).then(function (fields) {
      button.disabled = false;
      form.addEventListener("submit", function (event) {
        event.preventDefault();
        button.disabled = true;
        message.hidden = true;
        fields.tokenize().then(function (payload) {
          return given.secure === "yes" ? confirmed(client, payload) : payload.nonce;
        }).then(finish).catch(show);
      });
    });
  }

  function confirmed(client, payload) {
    return braintree.threeDSecure.create({ version: 2, client: client }).then(function (secure) {
      return secure.verifyCard({
        amount: given.amount,
        nonce: payload.nonce,
        bin: payload.details.bin,
        email: given.email || undefined,
        challengeRequested: given.flow === "vault",
        onLookupComplete: function (data, next) { next(); }
      });
    }).then(function (verified) { return verified.nonce; });
  }

  function paypalButton(client) {
    button.hidden = true;
    var vault = given.flow === "vault";
    return braintree.paypalCheckout.create({ client: client }).then(function (checkout) {
      return checkout.loadPayPalSDK({
        currency: given.currency, vault: vault, intent: vault ? "tokenize" : "capture"
      });
    }).then(function (checkout) {
      function open() {
        return checkout.createPayment({
          flow: given.flow,
          currency: given.currency,
          amount: given.amount || undefined,
          intent: vault ? "tokenize" : "capture"
        });
      }
      var options = {
        onApprove: function (data) {
          return checkout.tokenizePayment(data).then(function (payload) { finish(payload.nonce); });
        },
        onError: show
      };
      options[vault ? "createBillingAgreement" : "createOrder"] = open;
      return window.paypal.Buttons(options).render(place);
    });
  }

  braintree.client.create({ authorization: given.authorization })
    .then(given.method === "paypal" ? paypalButton : card)
    .catch(show);
})();
"""
"""Draws the fields into `#payment-fields` and posts their nonce as `result` of the form `#payment`."""


def scripts(version: str, *, paypal: bool) -> tuple[str, ...]:
    """Braintree's scripts of this version, in the order in which they are loaded."""
    parts = ["client"]
    parts += ["paypal-checkout"] if paypal else ["hosted-fields", "three-d-secure"]
    return tuple(f"{_HOST}/web/{version}/js/{part}.min.js" for part in parts)


def sources(*, paypal: bool, secure: bool) -> dict[str, tuple[str, ...]]:
    """Which hosts the page may load from, by directive of its content security policy."""
    allowed: dict[str, tuple[str, ...]] = {
        "script-src": (_HOST, _ASSETS),
        "frame-src": (_ASSETS,),
        "child-src": (_ASSETS,),
        "connect-src": _BRAINTREE,
        "img-src": (_ASSETS, "data:"),
    }
    more: dict[str, tuple[str, ...]]
    if paypal:
        more = dict.fromkeys(allowed, _PAYPAL)
    elif secure:
        # The bank's own page lies in a frame of this host's.
        more = dict.fromkeys(allowed, (_SECURE,))
    else:
        return allowed
    # Their scripts style what they draw.
    more["style-src"] = ("'unsafe-inline'",)
    return {name: allowed.get(name, ()) + more.get(name, ()) for name in more}
