"""AWS on loopback under its own host names: moto as S3 and STS, and an instance's metadata as kube2iam would answer.

Writes a line of JSON for each request: where it went, by whose key, and what it said.
"""

import json
import re
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from moto.core import DEFAULT_ACCOUNT_ID
from moto.moto_proxy.proxy3 import MotoRequestHandler, ProxyRequestHandler
from moto.s3.models import s3_backends

certificate, key, requests, bucket, region, metadata_key = sys.argv[1:]


def write_down(host, path, key_id, body):
    line = {"host": host, "path": path, "keyId": key_id, "body": body}
    with open(requests, "a") as file:
        file.write(json.dumps(line) + "\n")


class Moto(MotoRequestHandler):
    def parse_request(self, method, host, path, headers, body):
        key_id = re.search(r"Credential=([A-Z0-9]+)/", headers.get("Authorization", ""))
        host_name = host.removeprefix("https://")
        said = body.decode() if host_name.startswith("sts.") else ""
        write_down(host_name, path, key_id and key_id[1], said)
        return super().parse_request(method, host, path, headers, body)


class Aws(ProxyRequestHandler):
    def _get_host_and_path(self, request):
        self.moto_request_handler = Moto(443)
        return super()._get_host_and_path(request)

    def log_message(self, *_):
        pass


class Metadata(BaseHTTPRequestHandler):
    def do_PUT(self):
        self.answer(b"token")

    def do_GET(self):
        if not metadata_key:
            return self.send_error(404)
        write_down("169.254.169.254", self.path, None, "")
        credentials = {
            "Code": "Success",
            "Type": "AWS-HMAC",
            "AccessKeyId": metadata_key,
            "SecretAccessKey": "secret",
            "Token": "token",
            "LastUpdated": "2026-01-01T00:00:00Z",
            "Expiration": "2099-01-01T00:00:00Z",
        }
        is_listing = self.path.endswith("/security-credentials/")
        self.answer(b"role-of-the-metadata" if is_listing else json.dumps(credentials).encode())

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "21600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


s3_backends[DEFAULT_ACCOUNT_ID]["aws"].create_bucket(bucket, region)
metadata = ThreadingHTTPServer(("169.254.169.254", 80), Metadata)
threading.Thread(target=metadata.serve_forever, daemon=True).start()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
aws = ThreadingHTTPServer(("127.0.0.1", 443), Aws)
# Shaken hands with in the thread of the request, so that one client cannot keep the others waiting.
aws.socket = context.wrap_socket(aws.socket, server_side=True, do_handshake_on_connect=False)
print("ready", flush=True)
aws.serve_forever()
