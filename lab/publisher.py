# SPDX-License-Identifier: MPL-2.0
"""A web server with faults, for clients that must live with them.

    with Publisher(folder) as publisher:
        publisher.cut_after = 500_000        # bytes of a body, once
        fetch(publisher.url + "/file")
        publisher.requests                   # [("/file", {"Range": "bytes=500000-", ...}), ...]
"""

import base64
import email.utils
import hashlib
import http.server
import ssl
import threading
import time
from pathlib import Path


class Publisher:
    """Serves `folder` on a port of 127.0.0.1, with strong tags and ranges, unless it is told otherwise."""

    def __init__(self, folder, certificate=None):
        self.folder = Path(folder)
        self.requests = []
        self.cut_after = None  # close the connection after so many bytes of the next body, and forget it
        self.rate = None  # bytes a second
        self.ranges = True
        self.lengths = True  # Content-Length; without, the end of the connection is the end of the file
        self.redirects = {}  # path: where to
        self.status = {}  # path: what is answered instead
        self.credentials = None  # "user:password" that every request must have
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate / "server.crt", certificate / "server.key")
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def asked(self, path):
        """The headers of every request for this path."""
        return [headers for asked, headers in self.requests if asked == path]

    def _handler(publisher):
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                path = self.path.partition("?")[0]
                publisher.requests.append((path, dict(self.headers)))
                if publisher.credentials and not self.allowed():
                    return self.answer(401)
                if path in publisher.redirects:
                    return self.answer(302, Location=publisher.redirects[path])
                if path in publisher.status:
                    return self.answer(publisher.status[path])
                file = publisher.folder / path.lstrip("/")
                if file.is_dir():
                    return self.body(200, "".join(f'<a href="{n.name}/">{n.name}</a>\n' for n in file.iterdir()).encode(), {})
                return self.send_file(file) if file.exists() else self.answer(404)

            def allowed(self):
                return self.headers.get("Authorization") == \
                    "Basic " + base64.b64encode(publisher.credentials.encode()).decode()

            def answer(self, status, **headers):
                self.body(status, b"an error's page", headers)

            def send_file(self, file):
                content = file.read_bytes()
                tag = f'"{hashlib.md5(content).hexdigest()}"'
                headers = {"ETag": tag, "Last-Modified": email.utils.formatdate(file.stat().st_mtime, usegmt=True)}
                wanted = self.headers.get("Range")
                if wanted and publisher.ranges and self.headers.get("If-Range") == tag:
                    start = int(wanted.removeprefix("bytes=").rstrip("-"))
                    if start >= len(content):
                        return self.body(416, b"", {"Content-Range": f"bytes */{len(content)}"})
                    headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
                    return self.body(206, content[start:], headers)
                return self.body(200, content, headers)

            def body(self, status, content, headers):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if publisher.lengths:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                cut, publisher.cut_after = publisher.cut_after, None
                try:
                    self.send_slowly(content[:cut])
                except OSError:
                    pass
                self.close_connection = True

            def send_slowly(self, content):
                step = publisher.rate // 20 if publisher.rate else len(content) or 1
                for at in range(0, len(content), step):
                    self.wfile.write(content[at:at + step])
                    if publisher.rate:
                        time.sleep(0.05)

        return Handler
