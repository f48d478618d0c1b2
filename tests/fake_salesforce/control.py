# SPDX-License-Identifier: Apache-2.0
"""The control interface; its paths are listed in __init__.py."""

from dataclasses import asdict

from aiohttp import web


def routes(service):
    control = _Control(service)
    return [
        web.get("/_control/state", control.state),
        web.get("/_control/requests", control.requests),
        web.get("/_control/token-requests", control.token_requests),
        web.get("/_control/secrets", control.secrets),
        web.post("/_control/settings", control.settings),
        web.post("/_control/users", control.users),
        web.post("/_control/revoke", control.revoke),
        web.post("/_control/expire", control.expire),
        web.post("/_control/misbehave/{endpoint:token|soap}", control.misbehave),
        web.post("/_control/release", control.release),
        web.post("/_control/forget", control.forget),
        web.post("/_control/reset", control.reset),
    ]


@web.middleware
async def refuse_mistakes(request, handler):
    """A misspelt order is told to the test that gave it."""
    if not request.path.startswith("/_control/"):
        return await handler(request)
    try:
        return await handler(request)
    except (TypeError, ValueError, KeyError) as error:
        return web.json_response({"error": str(error)}, status=400)


class _Control:
    def __init__(self, service):
        self._service = service

    async def state(self, _request):
        service = self._service
        settings = asdict(service.org.settings)
        del settings["public_keys"]
        return web.json_response(
            {
                "soap_requests": service.soap_recorder.total,
                "soap_connections": len(service.soap_recorder.connections),
                "token_requests": service.token_recorder.total,
                "token_requests_by_user": dict(service.token_recorder.by_user),
                "token_connections": len(service.token_recorder.connections),
                "held": {**service.soap_misbehaviours.held(), **service.token_misbehaviours.held()},
                "living_tokens": service.org.living_tokens(),
                "settings": settings,
            }
        )

    async def requests(self, _request):
        return web.json_response([record.as_json() for record in self._service.soap_recorder.records])

    async def token_requests(self, _request):
        return web.json_response([record.as_json() for record in self._service.token_recorder.records])

    async def secrets(self, _request):
        service = self._service
        org = service.org
        return web.json_response(
            {"tokens": org.given_tokens, "owners": org.owners, "assertions": service.authorization.assertions}
        )

    async def settings(self, request):
        self._service.org.set(await request.json())
        return web.json_response({})

    async def users(self, request):
        self._service.org.set_users(await request.json())
        return web.json_response({})

    async def revoke(self, request):
        which = await request.json()
        if not which:
            raise ValueError("revoke needs a user or a token; expire ends all")
        return web.json_response({"ended": self._service.org.end(**which)})

    async def expire(self, _request):
        return web.json_response({"ended": self._service.org.end()})

    async def misbehave(self, request):
        service = self._service
        at_token = request.match_info["endpoint"] == "token"
        ordered = (service.token_misbehaviours if at_token else service.soap_misbehaviours).order(await request.json())
        token = (ordered.fields or {}).get("access_token")
        if isinstance(token, str) and token:
            service.org.given_tokens.append(token)
        return web.json_response({})

    async def release(self, request):
        name = (await request.json())["hold"]
        self._service.soap_misbehaviours.release(name)
        self._service.token_misbehaviours.release(name)
        return web.json_response({})

    async def forget(self, _request):
        self._service.forget()
        return web.json_response({})

    async def reset(self, _request):
        self._service.reset()
        return web.json_response({})
