# SPDX-License-Identifier: Apache-2.0
"""Applications that sign in by login(): passwords, handles, the response, logout."""

import concurrent.futures
import http.client
import re
import socket
from xml.etree import ElementTree

import pytest

import callers
import sealed
import sections
from fake_salesforce.calls import JANE, envelope
from gateway_httpd import DEADLINE
from http2_client import Http2Connection
from real_messages import ABSENT, WSDLS
from soap_fault import SOAP_1_1, SOAP_1_2, fault_in

PARTNER = "urn:partner.soap.sforce.com"
LOGIN = "/services/Soap/u/64.0"
PARTNER_WSDL, TOOLING = WSDLS / "partner-38.0.wsdl", WSDLS / "tooling-44.0.wsdl"
USERS_FILE = 'AuthUserFile "{folder}/run/users"'


def login_body(user=JANE, password=callers.PASSWORD, version=SOAP_1_1):
    return (
        f'<e:Envelope xmlns:e="{version}" xmlns:m="{PARTNER}"><e:Body><m:login><m:username>{user}</m:username>'
        f"<m:password>{password}</m:password></m:login></e:Body></e:Envelope>"
    ).encode()


def gateway(httpd, salesforce, *lines, start=True, modules=("authn_core", "authn_file"), **directives):
    directives = {"SFJwtLogin": "file", "SFJwtAllowSubject": "login", **directives}
    server = httpd(sections.gateway(salesforce, USERS_FILE, *lines, **directives), modules=modules, start=False)
    (server.folder / "run" / "users").write_text(callers.user_file())
    return server.start() if start else server


def log_in(server, user=JANE, password=callers.PASSWORD, path=LOGIN, **headers):
    return server.post(login_body(user, password), path=path, headers=headers)


def result_of(answer):
    """The children of the result, by name; that of userInfo is another dictionary."""
    assert answer.status == 200, answer.body
    (result,) = ElementTree.fromstring(answer.body).iter(f"{{{PARTNER}}}result")

    def fields(element):
        return {child.tag.removeprefix(f"{{{PARTNER}}}"): fields(child) if len(child) else child.text for child in element}

    return fields(result)


def own_address():
    """An address of this machine that is not a loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
            return probe.getsockname()[0]
        except OSError:
            pytest.skip("this machine has no other address than those of loopback")


def path_of(url):
    return "/" + url.split("/", 3)[3]


def assert_session_over(answer):
    """That the fault is the one of Salesforce for a session that has ended."""
    assert answer.status == 500 and answer.header("Content-Type") == ["text/xml; charset=utf-8"]
    fault = ElementTree.fromstring(answer.body).find(f".//{{{SOAP_1_1}}}Fault")
    assert fault.findtext("faultcode").partition(":")[2] == "INVALID_SESSION_ID"
    assert fault.findtext("faultstring").startswith("INVALID_SESSION_ID: Invalid Session ID found in SessionHeader")
    assert [element.text for element in fault.iter() if element.tag.endswith("exceptionCode")] == ["INVALID_SESSION_ID"]


def assert_invalid_login(answer):
    fault = fault_in(answer)
    assert (answer.status, fault.code) == (500, "SFJ0411")
    assert "Invalid username, password, security token; or user locked out." in fault.text
    assert b"LoginFault>" in answer.body and b"INVALID_LOGIN</" in answer.body


def test_login_query_logout(salesforce, httpd):
    server = gateway(httpd, salesforce)
    result = result_of(log_in(server))
    host = f"http://localhost:{server.port}"
    organization = result["userInfo"]["organizationId"]
    assert result["serverUrl"] == f"{host}{LOGIN}/{organization[:15]}"
    assert result["metadataServerUrl"] == f"{host}/services/Soap/m/64.0/{organization[:15]}"
    assert (result["passwordExpired"], result["sandbox"]) == ("false", "false")
    assert result["userInfo"]["userName"] == JANE and result["userId"] == result["userInfo"]["userId"]
    handle, path = result["sessionId"], path_of(result["serverUrl"])
    assert re.fullmatch(r"[A-Za-z0-9_.-]{50,511}", handle)

    assert server.post(envelope(handle), path=path).status == 200
    assert [request.user for request in salesforce.requests()] == [JANE, JANE]
    assert all(handle.encode() not in request.body for request in salesforce.requests())

    assert server.post(envelope(handle, "<m:logout/>"), path=path).status == 200
    server.expect_log("SFJ0410")
    assert_session_over(server.post(envelope(handle), path=path))
    assert len(salesforce.requests()) == 2

    again = result_of(log_in(server))["sessionId"]
    assert again != handle and server.post(envelope(again), path=path).status == 200


def test_a_session_header_of_a_login_is_ignored(salesforce, httpd):
    """Some clients send the same header blocks with every operation, with the session that has ended or an empty one."""
    server = gateway(httpd, salesforce)
    header = "<m:SessionHeader e:mustUnderstand='1'><m:sessionId>{}</m:sessionId></m:SessionHeader>"
    for session in ("", "sfjwt-ended", JANE):
        body = login_body().replace(b"<e:Body>", f"<e:Header>{header.format(session)}</e:Header><e:Body>".encode())
        assert result_of(server.post(body, path=LOGIN))["userInfo"]["userName"] == JANE
    assert all(b"mustUnderstand" not in request.body for request in salesforce.requests())


def test_a_password_goes_nowhere(salesforce, httpd):
    server = gateway(httpd, salesforce, "LogLevel trace8")
    server.canary(callers.PASSWORD)
    handle = result_of(log_in(server))["sessionId"]
    server.canary(handle)
    assert server.post(envelope(handle)).status == 200
    for request in salesforce.requests():
        assert callers.PASSWORD.encode() not in request.body
    assert callers.PASSWORD not in server.error_log() and handle not in server.error_log()


@pytest.mark.parametrize(
    "user, password",
    [(JANE, "wrong"), ("unknown@corp.example", callers.PASSWORD), (JANE, ""), (JANE, callers.PASSWORD + " ")],
)
def test_a_wrong_password_and_an_unknown_user_look_the_same(salesforce, httpd, user, password):
    server = gateway(httpd, salesforce)
    server.allow_log("AH01618|AH01617|SFJ0411")
    assert_invalid_login(log_in(server, user, password))
    assert salesforce.requests() == [] == salesforce.token_requests()


def test_without_sfjwtlogin_it_is_refused(salesforce, httpd):
    server = httpd(sections.gateway(salesforce))
    server.expect_log("SFJ0308")
    login = "<m:login><m:username>a</m:username><m:password>b</m:password></m:login>"
    for body in (login_body(), envelope(JANE, login)):
        assert fault_in(server.post(body, path=LOGIN)).code == "SFJ0308"


def test_only_a_handle_proves_the_user(salesforce, httpd):
    server = gateway(httpd, salesforce)
    server.expect_log("SFJ0403")
    assert fault_in(server.post(envelope(JANE))).code == "SFJ0403"


def test_a_tampered_handle_is_refused(salesforce, httpd):
    server = gateway(httpd, salesforce)
    handle = result_of(log_in(server))["sessionId"]
    server.allow_log("SFJ0302|SFJ0410")
    changed = handle[:-5] + ("A" if handle[-5] != "A" else "B") + handle[-4:]
    assert_session_over(server.post(envelope(changed)))


def test_a_handle_is_of_its_section_unless_they_share_a_realm(salesforce, httpd):
    for realm in (None, "corp"):
        extra = {} if realm is None else {"SFJwtLoginRealm": realm}
        first = sections.gateway(salesforce, USERS_FILE, SFJwtLogin="file", SFJwtAllowSubject="login",
                                 path="/a/services/Soap/", **extra)  # fmt: skip
        second = sections.gateway(salesforce, USERS_FILE, SFJwtLogin="file", SFJwtAllowSubject="login",
                                  path="/b/services/Soap/", tls=False, **extra)  # fmt: skip
        server = httpd(first + second, modules=("authn_core", "authn_file"), start=False)
        (server.folder / "run" / "users").write_text(callers.user_file())
        server.start()
        handle = result_of(log_in(server, path="/a/services/Soap/u/64.0"))["sessionId"]
        if realm is None:
            server.expect_log("SFJ0410")
        assert server.post(envelope(handle), path="/a/services/Soap/u/64.0").status == 200
        assert server.post(envelope(handle), path="/b/services/Soap/u/64.0").status == (200 if realm else 500)


def test_handles_survive_a_graceful_restart(salesforce, httpd):
    server = gateway(httpd, salesforce)
    handle = result_of(log_in(server))["sessionId"]
    gone = result_of(log_in(server))["sessionId"]
    assert server.post(envelope(gone, "<m:logout/>")).status == 200
    server.graceful()
    assert server.post(envelope(handle)).status == 200
    server.expect_log("SFJ0410")
    assert server.post(envelope(gone)).status == 500


def test_the_caller_of_httpd_instead_of_a_password(salesforce, httpd):
    server = callers.gateway(httpd, salesforce, SFJwtLogin="caller", SFJwtAllowSubject="same")
    answer = callers.call(server, login_body(JANE, "whatever"), JANE)
    handle = result_of(answer)["sessionId"]
    assert callers.call(server, envelope(handle), JANE).status == 200
    server.allow_log("SFJ0410|SFJ0403")
    assert_session_over(callers.call(server, envelope(handle), "joe@corp.example"))
    assert fault_in(callers.call(server, login_body(JANE, "whatever"), "joe@corp.example")).code == "SFJ0403"


def test_too_many_wrong_passwords_stop_the_right_one(salesforce, httpd):
    server = gateway(httpd, salesforce)
    server.allow_log("AH01617|SFJ0411")
    for _ in range(10):
        assert log_in(server, password="wrong").status == 500
    assert log_in(server).status == 500
    assert "too many failed logins of this user from this address" in server.error_log()
    assert result_of(log_in(server, "joe@corp.example"))["userInfo"]["userName"] == "joe@corp.example"


def test_the_address_that_is_limited_is_the_one_of_mod_remoteip(salesforce, httpd):
    remote = ("RemoteIPHeader X-Forwarded-For", "RemoteIPInternalProxy 127.0.0.1")
    section = sections.gateway(salesforce, USERS_FILE, SFJwtLogin="file", SFJwtAllowSubject="login")
    server = httpd("\n".join((*remote, section)), modules=("authn_core", "authn_file", "remoteip"), start=False)
    (server.folder / "run" / "users").write_text(callers.user_file())
    server.start()
    server.allow_log("AH01617|SFJ0411")
    here, there = ({"X-Forwarded-For": address} for address in ("192.0.2.1", "192.0.2.2"))
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: log_in(server, password="wrong", **here), range(10)))
    assert log_in(server, **here).status == 500 and log_in(server, **there).status == 200


def test_host_headers_do_not_reach_the_server_url(salesforce, httpd):
    server = gateway(httpd, salesforce)
    result = result_of(log_in(server, Host="evil.example"))
    assert "evil" not in result["serverUrl"] and result["serverUrl"].startswith("http://")
    public = gateway(httpd, salesforce, SFJwtPublicUrl="https://gateway.corp.example")
    assert result_of(log_in(public))["serverUrl"].startswith("https://gateway.corp.example/services/Soap/u/64.0/00D")


@pytest.mark.parametrize(
    "directives, complaint",
    [
        ({"SFJwtLogin": "nosuch"}, "no loaded module provides authentication provider nosuch"),
        ({"SFJwtLogin": "caller", "SFJwtAllowSubject": "same"}, "relies on authentication by httpd"),
        ({"SFJwtLogin": "Off"}, "SFJwtAllowSubject login admits nobody without SFJwtLogin"),
        ({"SFJwtSubject": '"%{REMOTE_USER}"'}, "SFJwtLogin with providers takes the user from the login"),
        ({"SFJwtLogin": "caller"}, "proves who the caller is, and not the user in login"),
        ({"SFJwtPublicUrl": "ftp://x"}, "SFJwtPublicUrl: must be"),
        ({"SFJwtLoginLifetime": "1"}, "SFJwtLoginLifetime: must be"),
    ],
)
def test_configtest_refuses(salesforce, httpd, directives, complaint):
    server = gateway(httpd, salesforce, start=False, **directives)
    accepted, said = server.configtest()
    assert not accepted and complaint in said


def test_configtest_says_why_the_login_of_a_wsdl_cannot_be_answered(salesforce, httpd, tmp_path):
    file = tmp_path / "login.wsdl"
    file.write_text(sections.SAMPLE_WSDL.read_text().replace('operation name="getUserInfo"', 'operation name="getOtherInfo"'))
    accepted, said = gateway(httpd, salesforce, start=False, SFJwtWsdl=f'"{file}"').configtest()
    assert not accepted
    assert f"the one in {file} cannot be answered: there is no operation getUserInfo that takes a session" in said


# What the other side says


def test_a_dead_session_is_renewed_once(salesforce, httpd):
    server = gateway(httpd, salesforce)
    assert log_in(server).status == 200
    salesforce.expire()
    salesforce.forget()
    assert result_of(log_in(server))["userInfo"]["userName"] == JANE
    assert len(salesforce.requests()) == 2 and len(salesforce.token_requests()) == 1


def test_a_session_that_is_never_accepted_is_no_session_for_the_client(salesforce, httpd):
    server = gateway(httpd, salesforce)
    salesforce.misbehave_soap(fault=["INVALID_SESSION_ID", "Illegal Session"], times=None)
    server.allow_log("SFJ0414|SFJ0703")
    answer = log_in(server)
    assert fault_in(answer).code == "SFJ0414" and b"INVALID_SESSION_ID" not in answer.body
    assert b"LoginFault>" in answer.body


def test_a_user_without_token_is_told_why(salesforce, httpd):
    salesforce.users({JANE: "unapproved"})
    server = gateway(httpd, salesforce)
    server.allow_log("SFJ0601")
    answer = log_in(server)
    assert fault_in(answer).code == "SFJ0601" and b"LoginFault>" in answer.body and b"INVALID_LOGIN</" in answer.body


@pytest.mark.parametrize(
    "how, code",
    [
        ({"status": 500, "body": "<html>no</html>"}, "SFJ0414"),
        ({"status": 200, "body": "<html>no</html>"}, "SFJ0704"),
        ({"status": 200, "body": "x" * 70000}, "SFJ0702"),
        ({"status": 503, "body": "busy"}, "SFJ0414"),
        ({"cut": 300}, "SFJ0702"),
        ({"headers": [["Content-Encoding", "br"]]}, "SFJ0704"),
    ],
)
def test_answers_that_are_no_user_info(salesforce, httpd, how, code):
    server = gateway(httpd, salesforce)
    salesforce.misbehave_soap(**how)
    server.allow_log("SFJ0[47]|AH0")
    answer = log_in(server)
    assert fault_in(answer).code == code
    assert result_of(log_in(server))["userInfo"]["userName"] == JANE


@pytest.mark.parametrize("way", [{"gzip": True}, {"chunked": 7}])
def test_user_info_in_another_form(salesforce, httpd, way):
    server = gateway(httpd, salesforce)
    salesforce.misbehave_soap(**way)
    assert result_of(log_in(server))["userInfo"]["userName"] == JANE


def test_cookies_of_salesforce_stay_there(salesforce, httpd):
    server = gateway(httpd, salesforce)
    salesforce.misbehave_soap(headers=[["Set-Cookie", "sid=secret"], ["X-Other", "1"]])
    answer = log_in(server)
    assert answer.status == 200 and answer.header("Set-Cookie") == [] == answer.header("X-Other")


# The ways in


def with_1_2(document):
    return document.replace(SOAP_1_1.encode(), SOAP_1_2.encode())


def test_soap_1_2(salesforce, httpd, tmp_path):
    both = tmp_path / "both.wsdl"
    text = sections.SAMPLE_WSDL.read_text()
    both.write_text(text.replace("http://schemas.xmlsoap.org/wsdl/soap/", "http://schemas.xmlsoap.org/wsdl/soap12/"))
    server = gateway(httpd, salesforce, SFJwtWsdl=f'"{both}"')
    media = {"Content-Type": "application/soap+xml; charset=utf-8"}
    assert log_in(server).status == 500  # the WSDL binds SOAP 1.2 alone
    user_info = with_1_2(httpd(sections.gateway(salesforce)).post(envelope(JANE)).body)
    salesforce.misbehave_soap(status=200, body=user_info.decode())  # Salesforce itself has no SOAP 1.2
    answer = server.post(login_body(version=SOAP_1_2), path=LOGIN, headers=media)
    assert answer.header("Content-Type") == ["application/soap+xml; charset=utf-8"]
    handle = result_of(answer)["sessionId"]
    server.allow_log("SFJ0302|SFJ0410")
    changed = server.post(with_1_2(envelope(handle + "A")), headers=media)
    assert changed.status == 500 and b":INVALID_SESSION_ID</" in changed.body


@pytest.mark.parametrize("mode", ["strict", "report", "structure"])
def test_every_mode_of_validation(salesforce, httpd, mode):
    server = gateway(httpd, salesforce, SFJwtValidate=mode)
    assert result_of(log_in(server))["userInfo"]["userName"] == JANE


@pytest.mark.skipif(not PARTNER_WSDL.is_file(), reason=ABSENT)
def test_header_blocks_that_login_declares(salesforce, httpd):
    server = gateway(httpd, salesforce, SFJwtValidate="strict", SFJwtWsdl=f'"{PARTNER_WSDL}"')
    blocks = (
        "<m:CallOptions><m:client>app/1</m:client><m:defaultNamespace>app</m:defaultNamespace></m:CallOptions>"
        "<m:LoginScopeHeader><m:organizationId>00D000000000062EAA</m:organizationId></m:LoginScopeHeader>"
    )
    body = login_body().replace(b"<e:Body>", f"<e:Header>{blocks}</e:Header><e:Body>".encode())
    assert result_of(server.post(body, path=LOGIN))["userInfo"]["userName"] == JANE
    (request,) = salesforce.requests()
    assert b"LoginScopeHeader" not in request.body


def test_the_soap_action_of_login_is_not_forwarded(salesforce, httpd):
    server = gateway(httpd, salesforce)
    assert log_in(server, SOAPAction='"login"').status == 200
    (request,) = salesforce.requests()
    assert request.operation == "getUserInfo" and request.header("SOAPAction") == ['""']
    assert b"password" not in request.body and request.header("Content-Length") == [str(len(request.body))]


def test_a_password_in_the_clear_is_refused_from_another_machine(salesforce, httpd):
    address = own_address()
    for insecure, status in (("Off", 500), ("On", 200)):
        text = sections.gateway(salesforce, USERS_FILE, SFJwtLogin="file", SFJwtAllowSubject="login",
                                SFJwtLoginInsecure=insecure)  # fmt: skip
        config = f"Listen {address}:{{port}}\n{text}"
        server = httpd(config, modules=("authn_core", "authn_file"), start=False)
        (server.folder / "run" / "users").write_text(callers.user_file())
        server.start()
        server.allow_log("SFJ0412|SFJ0941|SFJ0926")
        connection = http.client.HTTPConnection(address, server.port, timeout=30)
        connection.request("POST", LOGIN, login_body(), {"Content-Type": "text/xml"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert answer.status == status and (b"SFJ0412" in body) == (status == 500)
    assert len(salesforce.requests()) == 1


def test_the_user_name_is_mapped(salesforce, httpd):
    users = callers.user_file() + callers.user_file().replace("billing:", "jane@elsewhere.example:")
    server = gateway(httpd, salesforce, 'SFJwtSubjectMap "(.+)@elsewhere\\.example" "$1@corp.example"', start=False)
    (server.folder / "run" / "users").write_text(users)
    server.start()
    assert result_of(log_in(server, "jane@elsewhere.example"))["userInfo"]["userName"] == JANE


def test_nobody_who_may_not_act_logs_in(salesforce, httpd):
    server = gateway(httpd, salesforce, SFJwtAllowSubject=r"match joe@corp\.example")
    server.expect_log("SFJ0403")
    answer = log_in(server)
    assert fault_in(answer).code == "SFJ0403" and b"LoginFault>" in answer.body
    assert salesforce.requests() == [] == salesforce.token_requests()


def test_operations_can_be_denied(salesforce, httpd):
    server = gateway(httpd, salesforce, SFJwtDenyOperation="login")
    server.expect_log("SFJ0406")
    assert fault_in(log_in(server)).code == "SFJ0406"


def test_logout_ends_the_handle_even_without_the_guard(salesforce, httpd):
    server = gateway(httpd, salesforce, SFJwtSessionGuard="Off")
    handle = result_of(log_in(server))["sessionId"]
    salesforce.forget()
    assert server.post(envelope(handle, "<m:logout/>")).status == 200
    assert salesforce.requests() == []
    server.expect_log("SFJ0410")
    assert_session_over(server.post(envelope(handle)))


def test_handles_of_a_configured_key_are_those_of_another_gateway(salesforce, httpd):
    key = sealed.new_key()
    handles = []
    for lines in ((), (sealed.new_key(),)):
        config = "".join(f'SFJwtLoginKey "file:{{folder}}/run/key{i}"\n' for i in range(1 + len(lines)))
        text = sections.gateway(salesforce, USERS_FILE, SFJwtLogin="file", SFJwtAllowSubject="login",
                                SFJwtLoginRealm="corp")  # fmt: skip
        server = httpd(config + text, modules=("authn_core", "authn_file"), start=False)
        (server.folder / "run" / "users").write_text(callers.user_file())
        for i, word in enumerate((*lines, key)):
            file = server.folder / "run" / f"key{i}"
            file.write_text(word)
            file.chmod(0o600)
        server.start()
        for handle in handles:
            assert server.post(envelope(handle)).status == 200
        handles.append(result_of(log_in(server))["sessionId"])


def test_failing_logins_leave_threads_for_others(salesforce, httpd):
    """Of those that have a handle; at most a quarter of the threads wait with the answer to a failed login."""
    server = gateway(httpd, salesforce)
    server.allow_log("AH01617|AH01618|SFJ0411|AH00161")  # prefork: 40 clients are more than it has processes
    handle = result_of(log_in(server))["sessionId"]
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        wrong = [pool.submit(log_in, server, f"user{i}@corp.example", "wrong") for i in range(300)]
        assert all(server.post(envelope(handle)).status == 200 for _ in range(50))
        assert all(future.result().status == 500 for future in wrong)


@pytest.mark.parametrize("method, header", [("GET", "Authorization"), ("POST", "Authorization"), ("POST", "X-SFDC-Session")])
def test_other_apis_than_soap_learn_what_a_handle_is_for(salesforce, httpd, method, header):
    server = gateway(httpd, salesforce)
    handle = result_of(log_in(server))["sessionId"]
    headers = {header: f"Bearer {handle}" if header == "Authorization" else handle, "Content-Type": "application/json"}
    answer = server.request(method, "/services/Soap/u/64.0", b"{}" if method == "POST" else None, headers)
    assert answer.status in (405, 415) and b"is for SOAP requests" in answer.body
    assert handle.encode() not in answer.body


@pytest.mark.parametrize("mpm", ["event", "worker"], indirect=True)  # prefork has no HTTP/2
def test_http_2(salesforce, httpd):
    section = sections.gateway(salesforce, USERS_FILE, SFJwtLogin="file", SFJwtAllowSubject="login")
    server = httpd("Protocols h2c http/1.1\nH2Direct On\n" + section, modules=("authn_core", "authn_file", "http2"), start=False)
    (server.folder / "run" / "users").write_text(callers.user_file())
    server.start()
    connection = Http2Connection(socket.create_connection(("127.0.0.1", server.port), DEADLINE))

    def send(body):
        return connection.response(connection.request(body, [("Content-Type", "text/xml")], LOGIN))

    result = result_of(send(login_body()))
    assert result["serverUrl"].startswith(f"http://localhost:{server.port}{LOGIN}/")
    assert send(envelope(result["sessionId"])).status == 200


@pytest.mark.skipif(not TOOLING.is_file(), reason=ABSENT)
def test_the_tooling_api(salesforce, httpd):
    """Its WSDL declares no faults."""
    namespace, path = "urn:tooling.soap.sforce.com", "/services/Soap/T/44.0"
    server = gateway(httpd, salesforce, SFJwtWsdl=f'"{TOOLING}"')
    server.allow_log("SFJ0411|AH01617")
    login = login_body().replace(PARTNER.encode(), namespace.encode())
    answer = server.post(login, path=path)
    handle = re.search(rb"<sessionId>([^<]+)</sessionId>", answer.body)[1].decode()
    assert server.post(envelope(handle, namespace=namespace), path=path).status == 200
    refused = server.post(login.replace(callers.PASSWORD.encode(), b"wrong"), path=path)
    assert fault_in(refused).code == "SFJ0411"
