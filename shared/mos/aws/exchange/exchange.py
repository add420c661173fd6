"""Make one call: to an allowed host, by right, within a time and a size."""

import ssl
from collections.abc import Mapping

from mos.aws.exchange.address import Egress, Resolve, is_mail, resolve_host
from mos.aws.exchange.credential import Credentials
from mos.aws.exchange.mail import send_mail
from mos.aws.exchange.wire import send
from mos.model.call import Call, CallReply
from mos.ports import Secrets

_UNAUTHORIZED = 401


class Exchange:
    """The one door out. Nothing is retried but a call whose token the provider had dropped."""

    def __init__(
        self,
        egress: Egress,
        secrets: Secrets,
        *,
        resolve: Resolve = resolve_host,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._egress, self._resolve = egress, resolve
        self._tls = tls or ssl.create_default_context()
        self._credentials = Credentials(secrets, self._send)

    def exchange(self, call: Call) -> CallReply:
        """Return what the provider answered, whatever it is: reading it is the channel's part.

        A call whose URL begins with `smtp` is a mail, and what is answered a mail server's code.

        Raises:
            BlockedCallError: it may not be called.
            CredentialError: nothing that is stored opens it.
            UnavailableError: it was certainly not taken: it may be sent again.
            UncertainError: it was sent, and nobody knows whether it was done.
        """
        if is_mail(call.url):
            target = self._egress.find_mail(call.url, self._resolve)
            return send_mail(call, target, self._credentials.find_login(call), self._tls)
        reply = self._send(call, self._credentials.find_headers(call))
        # Who is not let in has done nothing: a second try with a new token is a first one.
        if reply.status == _UNAUTHORIZED and self._credentials.forget(call):
            reply = self._send(call, self._credentials.find_headers(call))
        return reply

    def _send(self, call: Call, headers: Mapping[str, str]) -> CallReply:
        return send(call, self._egress.find(call.url, self._resolve), headers, self._tls)
