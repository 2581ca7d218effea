# SPDX-License-Identifier: MPL-2.0
"""The API from another machine: TLS, tokens, what the description promises against what the server answers."""

import json
import re
import subprocess

import jsonschema
import pytest
from certificate import make_pair
from patience import until
from rack import SERVER, run
from server import Server, program

PORT = 8443
URL = f"https://{SERVER}:{PORT}"


@pytest.fixture(scope="module")
def server(rack):
    with Server(rack) as server:
        folder = server.directory / "tls"
        folder.mkdir(mode=0o755)
        make_pair(folder, "first", "api")
        with server.config.open("a") as config:
            config.write(f'\n[api]\nlisten = "{SERVER}:{PORT}"\ncertificate = "{folder}/api.crt"\n'
                         f'key = "{folder}/api.key"\n')
        server.stop()
        server.start()
        yield server


@pytest.fixture(scope="module")
def tokens(server):
    """{scope: secret}"""
    return {scope: server.cli("token", "create", f"for-{scope}", "--scope", scope).stdout.strip()
            for scope in ("read", "write")}


class Api:
    """Requests as another machine sends them; every answer is held to the description."""

    def __init__(self, server):
        self.server = server
        self.ca = server.directory / "tls" / "api.crt"
        self.description = None

    def ask(self, method, path, token=None, body=None, headers=()):
        command = ["curl", "-sS", "-i", "--max-time", "10", "--cacert", self.ca, "-X", method, f"{URL}{path}"]
        if method == "HEAD":
            command[command.index("-X"):command.index("-X") + 2] = ["-I"]
        if token:
            command += ["-H", f"Authorization: Bearer {token}"]
        if body is not None:
            command += ["-H", "Content-Type: application/json", "--data-binary", body]
        for header in headers:
            command += ["-H", header]
        text = run(*self.server.host.within(*command)).stdout
        head, _, rest = text.replace("\r\n", "\n").partition("\n\n")
        lines = head.splitlines()
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        return int(lines[0].split()[1]), fields, rest


@pytest.fixture(scope="module")
def api(server, tokens):
    api = Api(server)
    status, _, text = api.ask("GET", "/api/v1/openapi.json", tokens["read"])
    assert status == 200
    api.description = json.loads(text)
    return api


def check(api, operation, status, fields, text):
    """An answer is what the description says of this status."""
    responses = operation["responses"]
    described = responses.get(str(status), responses["default"])
    kinds = described.get("content")
    if kinds is None:
        assert text == ""
        return
    kind = fields["content-type"].partition(";")[0]
    assert kind in kinds, (status, kind, text)
    if not kind.endswith("json"):
        return
    schema = {"components": api.description["components"], **kinds[kind]["schema"]}
    jsonschema.Draft202012Validator(schema).validate(json.loads(text))


FILLING = {"machine": "52:54:00:00:00:01", "boot": "1", "image": "0000000", "address": "10.77.0.250", "token": "nobody"}
BODIES = {"AssignmentOrder": {"to": "everyone", "image": "latest"}, "BootOnceOrder": {"what": "rescue"},
          "LeaseImport": {"leases": []}, "TokenOrder": {"name": "x", "scope": "read"}}


def operations(description):
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def body_of(operation):
    request = operation.get("requestBody")
    if not request:
        return None
    return json.dumps(BODIES[request["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]])


def test_every_endpoint_answers_as_it_is_described(api, tokens):
    seen = set()
    for path, method, operation in operations(api.description):
        target = re.sub(r"\{(\w+)\}", lambda name: FILLING[name[1]], path)
        answers = [api.ask(method, target, tokens["write"], body_of(operation))]
        if operation.get("security") != []:
            answers.append(api.ask(method, target, body=body_of(operation)))
            assert answers[-1][0] == 401, (method, path)
        if method != "GET":
            answers.append(api.ask(method, target, tokens["read"], body_of(operation)))
            assert answers[-1][0] == 403, (method, path)
            answers.append(api.ask(method, target, tokens["write"], body_of(operation), ['If-Match: "none"']))
            if path != "/api/v1/tokens" and not path.startswith("/api/v1/tokens/"):
                assert answers[-1][0] == 412, (method, path)
        if body_of(operation):
            answers.append(api.ask(method, target, tokens["write"], "{"))
            answers.append(api.ask(method, target, tokens["write"], "x" * 100_000))
            assert answers[-1][0] == 413
        for parameter in operation["parameters"]:
            if parameter["schema"]["type"] == "integer":
                answers.append(api.ask(method, f"{target}?{parameter['name']}=x", tokens["read"]))
                assert answers[-1][0] in (400, 404), (path, parameter)
        for status, fields, text in answers:
            seen.add(status)
            check(api, operation, status, fields, text)
    assert {200, 400, 401, 403, 404, 412, 413} <= seen


def described(api, method, path):
    return api.description["paths"][path][method.lower()]


def test_what_the_state_of_things_refuses_is_answered_as_it_is_described(server, api, tokens):
    answer = api.ask("POST", "/api/v1/assignments/rollback", tokens["write"], '{"to": "everyone"}')
    assert answer[0] == 409
    check(api, described(api, "POST", "/api/v1/assignments/rollback"), *answer)
    good = server.config.read_text()
    server.config.write_text(good + "\n[nonsense]\n")
    answer = api.ask("POST", "/api/v1/reload", tokens["write"])
    server.config.write_text(good)
    assert answer[0] == 422 and "nonsense" in answer[2]
    check(api, described(api, "POST", "/api/v1/reload"), *answer)


def test_one_address_may_follow_so_many_streams_and_no_more(server, api, tokens):
    command = ["curl", "-sS", "-N", "--cacert", api.ca, "-H", f"Authorization: Bearer {tokens['read']}",
               f"{URL}/api/v1/events?follow=true"]
    streams = [server.host.start(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(40)]
    try:
        until(lambda: any(stream.poll() is not None for stream in streams), says=lambda: "no stream was refused")
        answer = api.ask("GET", "/api/v1/events?follow=true", tokens["read"])
        assert answer[0] == 503, answer
        check(api, described(api, "GET", "/api/v1/events"), *answer)
    finally:
        for stream in streams:
            stream.kill()


def test_what_is_not_there_is_said_in_problem_details(api, tokens):
    operation = {"responses": {"default": {"content": {"application/problem+json": {
        "schema": {"$ref": "#/components/schemas/ProblemDetails"}}}}}}
    for status, method, path in ((404, "GET", "/api/v1/nothing"), (405, "PUT", "/api/v1/machines"), (404, "GET", "/nothing.txt"),
                                 (400, "GET", "/api/v1/%zz")):
        answer = api.ask(method, path, tokens["write"])
        assert answer[0] == status, (method, path, answer)
        check(api, operation, *answer)
        if status == 405:
            assert answer[1]["allow"] == "GET, HEAD"


def test_the_command_line_works_from_another_machine(server, tokens, tmp_path):
    def slipway(*arguments, token=tokens["write"], **options):
        kept = tmp_path / "token"
        kept.write_text(token + "\n")
        return run(*server.host.within(program("slipway"), "--server", URL, "--token-file", kept, "--ca",
                                       server.directory / "tls" / "api.crt", *arguments), **options)

    assert json.loads(slipway("status", "--json").stdout)["ready"]
    assert "new configuration is in force" in slipway("reload").stdout
    refused = slipway("reload", token=tokens["read"], check=False)
    assert refused.returncode == 1 and "for-read may only read" in refused.stderr
    assert "token is not known" in slipway("status", token="slipway_no", check=False).stderr
    assert "on the server itself" in slipway("token", "create", "x", "--scope", "read", check=False).stderr
    for command in ("image import x.tgz", "image list", "loader list", "boot preview --mac node1"):
        refused = slipway(*command.split(), check=False)
        assert refused.returncode == 1 and "on the server itself" in refused.stderr, command
        assert f"ssh {SERVER} slipway {' '.join(command.split()[:2])}" in refused.stderr
    unknown = run(*server.host.within(program("slipway"), "--server", URL, "status"), check=False)
    assert "is not to be trusted" in unknown.stderr and "--ca" in unknown.stderr


def test_idle_strangers_shut_nobody_out(server, api, tokens):
    """More than there is room for, from one address; each shook hands and says nothing."""
    holders = """
import socket, ssl, sys, time
context = ssl._create_unverified_context()
held = []
for _ in range(80):
    held.append(context.wrap_socket(socket.create_connection((sys.argv[1], int(sys.argv[2])))))
print("held", flush=True)
time.sleep(30)
"""
    idle = server.host.start("python3", "-c", holders, SERVER, str(PORT), stdout=subprocess.PIPE, text=True)
    try:
        assert idle.stdout.readline() == "held\n"
        assert api.ask("GET", "/api/v1/status", tokens["read"])[0] == 200
    finally:
        idle.kill()
        idle.wait()
    server.wait_log(r"api-tls: no room for \d+ new connections: .* those that showed no token make room")
    metrics = api.ask("GET", "/metrics", tokens["read"])[2]
    assert re.search(r'slipway_http_refused_total\{server="api-tls",reason="made_room"\} [1-9]', metrics)


def test_who_may_not_ask_is_told_before_the_body(server, api):
    text = run(*server.host.within(
        "sh", "-c", f"printf 'POST /api/v1/reload HTTP/1.1\\r\\nHost: h\\r\\nContent-Length: 60000\\r\\n\\r\\n' | "
                    f"timeout 5 openssl s_client -quiet -connect {SERVER}:{PORT} 2>/dev/null"), check=False).stdout
    assert text.startswith("HTTP/1.1 401 ") and "application/problem+json" in text


def test_a_revoked_token_opens_nothing_and_its_stream_ends(server, api):
    secret = server.cli("token", "create", "short", "--scope", "read", "--days", "1").stdout.strip()
    stream = server.host.start("curl", "-sSN", "--cacert", api.ca, "-H", f"Authorization: Bearer {secret}",
                               "-H", "Accept: text/event-stream", f"{URL}/api/v1/events?since=0",
                               stdout=subprocess.PIPE, text=True)
    assert stream.stdout.readline().startswith("id: ")
    assert server.cli("token", "revoke", "short").stdout == "token short opens nothing any more\n"
    assert api.ask("GET", "/api/v1/status", secret)[0] == 401
    stream.stdout.read()
    assert stream.wait(10) == 0
    assert secret not in server.log.read_text() and secret[8:].encode() not in (server.state / "slipway.db").read_bytes()


def test_tokens_and_changes_outlive_the_daemon(server, api, tokens):
    assert server.cli("reload").returncode == 0
    server.stop()
    server.start()
    assert api.ask("GET", "/api/v1/status", tokens["read"])[0] == 200
    audit = json.loads(server.cli("audit", "--json").stdout)["audit"]
    assert audit[0]["what"] == "POST /api/v1/reload" and audit[0]["who"] == "uid 0" and audit[0]["status"] == 200
    assert any(line["who"] == "token for-read" and line["status"] == 403 for line in audit)
    server.wait_log(r"audit \d+: token for-read \(10\.77\.0\.1\) ")


def test_a_new_certificate_is_in_force_with_a_reload(server, api):
    def presented():
        text = run(*server.host.within("sh", "-c", f"openssl s_client -connect {SERVER}:{PORT} </dev/null 2>&1")).stdout
        return re.search(r"subject=CN = (\w+)", text)[1]

    assert presented() == "first"
    make_pair(server.directory / "tls", "second", "api")
    server.cli("reload")
    assert presented() == "second"


def test_machines_find_no_api_where_they_boot_and_no_boot_files_in_the_api(server, api, tokens):
    got = run(*server.host.within("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", f"http://{SERVER}/api/v1/status"))
    assert got.stdout == "404"
    assert api.ask("GET", "/ipxe/undionly.kpxe", tokens["read"])[0] == 404


def test_pixiecore_is_answered_where_boot_files_are(server):
    got = run(*server.host.within("curl", "-s", "-i", f"http://{SERVER}/v1/boot/52:54:00:00:00:01")).stdout
    head, _, body = got.replace("\r\n", "\n").partition("\n\n")
    assert "200" in head.splitlines()[0] and "Content-Type: application/json" in head
    script = json.loads(body)["ipxe-script"]
    assert script.startswith("#!ipxe\n") and "no-image" in script


def test_who_guesses_tokens_has_to_wait(api):
    """The last of this file: nobody else comes from this address for a while."""
    for guess in range(30):
        answer = api.ask("GET", "/api/v1/status", f"guess-{guess}")
        if answer[0] != 401:
            break
    assert answer[0] == 429 and int(answer[1]["retry-after"]) > 0
    check(api, described(api, "GET", "/api/v1/status"), *answer)
