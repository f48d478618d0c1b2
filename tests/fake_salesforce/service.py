# SPDX-License-Identifier: Apache-2.0
"""Both endpoints as one aiohttp application."""

from email.utils import formatdate

from aiohttp import web

from . import control
from .authorization import AuthorizationServer, OAuthError
from .misbehaviour import Misbehaviours
from .org import Org
from .recorder import Recorder
from .soap import SoapService
from .wire import Answer, WireResponse

MAX_BODY = 256 << 20  # bytes; more than any test sends


class Service:
    def __init__(self, public_key):
        self.org = Org(public_key)
        self.authorization = AuthorizationServer(self.org)
        self.soap = SoapService(self.org)
        self.soap_recorder = Recorder()
        self.token_recorder = Recorder()
        self.soap_misbehaviours = Misbehaviours()
        self.token_misbehaviours = Misbehaviours()

    def forget(self):
        self.soap_recorder.forget()
        self.token_recorder.forget()

    def reset(self):
        self.forget()
        self.org.reset()
        self.authorization.assertions.clear()
        self.soap_misbehaviours.reset()
        self.token_misbehaviours.reset()

    def application(self):
        app = web.Application(client_max_size=MAX_BODY, middlewares=[control.refuse_mistakes])
        app.add_routes(control.routes(self))
        app.router.add_route("*", "/services/oauth2/token", self._token)
        app.router.add_route("*", "/{anything:.*}", self._soap)
        return app

    async def _token(self, request):
        record = await self.token_recorder.record(request)
        answer = self.authorization.answer(record)
        user = record.notes.get("user")
        self.token_recorder.by_user[user or "?"] += 1
        misbehaviour = self.token_misbehaviours.next_for(user=user)
        await self.token_misbehaviours.wait(misbehaviour)
        if misbehaviour.error:
            answer = OAuthError(*misbehaviour.error).answer()
        answer.set_header("Date", formatdate(self.authorization.now(), usegmt=True))
        return WireResponse(answer, misbehaviour.change(answer))

    async def _soap(self, request):
        """Everything that is no token request, so that nothing can arrive unrecorded."""
        record = await self.soap_recorder.record(request)
        answer, call = None, None
        if record.method == "POST":
            read = self.soap.read(record)
            answer, call = (read, None) if isinstance(read, Answer) else (None, read)
        misbehaviour = self.soap_misbehaviours.next_for(record.notes.get("user"), record.notes.get("operation"))
        await self.soap_misbehaviours.wait(misbehaviour)
        if misbehaviour.fault:
            answer = self.soap.fault(self.soap.namespace_of(record.path), *misbehaviour.fault)
        elif call:
            answer = self.soap.answer(call, record)
        elif answer is None:
            answer = Answer(405, [("Content-Type", "text/plain")], b"SOAP needs POST\n")
        record.notes["status"] = answer.status
        return WireResponse(answer, misbehaviour.change(answer))
