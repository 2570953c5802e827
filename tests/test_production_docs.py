"""The example of docs/production.md, checked by the program that reads it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

DOCS = Path(settings.BASE_DIR, "docs", "production.md").read_text()


def nginx_example() -> str:
    found = re.search(r"```nginx\n(.*?)```", DOCS, re.DOTALL)
    assert found
    return found[1]


def test_the_proxy_takes_every_upload_that_the_site_takes():
    limit = re.search(r"client_max_body_size (\d+)m", nginx_example())
    assert limit and int(limit[1]) > settings.UPLOAD_LIMIT_MB


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx, which reads its example in docs/production.md")
@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl, for the certificate of nginx's example")
def test_nginx_accepts_its_example(tmp_path):
    certificate, key = tmp_path / "own.pem", tmp_path / "own.key"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=music.example.org"]
    subprocess.run([*request, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server = re.sub(r"/etc/ssl/certs/\S+?;", f"{certificate};", nginx_example())
    server = re.sub(r"/etc/ssl/private/\S+?;", f"{key};", server)
    file = tmp_path / "nginx.conf"
    outside = f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\n"
    file.write_text(f"{outside}http {{\naccess_log off;\n{server}\n}}\n")

    done = subprocess.run(["nginx", "-t", "-p", tmp_path, "-c", file], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
