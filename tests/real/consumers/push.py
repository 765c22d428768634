"""Pushes a blob to the registry on loopback, and looks whether it is there."""

import hashlib
import sys
import time

import requests

registry, blob = sys.argv[1], b"a layer"
for _ in range(100):
    try:
        requests.get(f"{registry}/v2/", timeout=1)
        break
    except requests.ConnectionError:
        time.sleep(0.1)
begun = requests.post(f"{registry}/v2/a/b/blobs/uploads/", timeout=60)
print("begun", begun.status_code)
if begun.status_code == 202:
    digest = "sha256:" + hashlib.sha256(blob).hexdigest()
    place = begun.headers["Location"]
    done = requests.put(place + "&digest=" + digest, data=blob, timeout=60)
    print("done", done.status_code)
    found = requests.get(f"{registry}/v2/a/b/blobs/{digest}", allow_redirects=False, timeout=60)
    print("found", found.status_code)
