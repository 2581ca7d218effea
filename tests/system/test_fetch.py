# SPDX-License-Identifier: MPL-2.0
"""Images by URL: cut, killed, changed, wrong, too large for the disk; and SmartOS from its publication point."""

import contextlib
import hashlib
import json
import shutil
import subprocess

import image
import pytest
from conftest import TINY
from patience import until
from publisher import Publisher
from rack import run
from server import program

STAMP, NEWER = "20260101T000000Z", "20260303T030303Z"


class Site:
    """A state folder and a configuration, without a daemon."""

    def __init__(self, folder):
        self.folder, self.state, self.config = folder, folder / "state", folder / "slipway.toml"
        self.config.write_text(f'[server]\ninterfaces = ["lo"]\nstate = "{self.state}"\nsocket = "{folder}/none.sock"\n\n'
                               '[[subnet]]\ninterface = "lo"\nnetwork = "10.77.0.0/16"\nrange = ["10.77.0.10-10.77.0.20"]\n')

    def command(self, *arguments):
        return [str(word) for word in (program("slipway"), "--config", self.config, *arguments)]

    def cli(self, *arguments, check=True):
        return run(*self.command(*arguments), check=check)

    def versions(self):
        return [one["version"] for one in json.loads(self.cli("image", "list", "--json").stdout)["images"]]

    def left_over(self):
        """Files of downloads, and of images that were not finished."""
        return [path for path in self.state.glob("downloads/**/*") if path.is_file()] + list(self.state.glob("images/.staging*"))


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


@pytest.fixture(scope="module")
def publication(tmp_path_factory, kernel):
    """A mirror of SmartOS with two platforms."""
    top = tmp_path_factory.mktemp("publication")
    for stamp in (STAMP, NEWER):
        (top / stamp).mkdir()
        made = image.make_image(top / stamp, size=TINY, stamp=stamp, kernel=kernel)
        digest = hashlib.md5(made.read_bytes()).hexdigest()
        (top / stamp / "md5sums.txt").write_text(f"{'0' * 32}  smartos-{stamp}.iso\n{digest}  {made.name}\n")
    (top / "latest").write_text(f"/mirror/SmartOS/{NEWER}\n")
    return top


@pytest.fixture
def publisher(publication):
    with Publisher(publication) as publisher:
        yield publisher


PATH = f"/{STAMP}/platform-{STAMP}.tgz"


@pytest.fixture
def archive(publication):
    return publication / PATH.lstrip("/")


def test_nginx_serves_an_image_and_nothing_of_the_download_stays(site, publication, tmp_path):
    port = 18479
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; user root; pid {tmp_path}/nginx.pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log {tmp_path}/access.log; server {{ listen 127.0.0.1:{port}; root {publication}; }} }}\n")
    nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", tmp_path / "nginx.conf", "-e", tmp_path / "error.log"])
    try:
        until(lambda: run("curl", "-s", f"http://127.0.0.1:{port}/latest", check=False).returncode == 0)
        process = subprocess.Popen(site.command("image", "import", f"http://127.0.0.1:{port}{PATH}"))
        process.wait(60)
        assert process.returncode == 0 and site.versions() == [STAMP] and not site.left_over()
    finally:
        nginx.terminate()
        nginx.wait(10)


def test_a_cut_goes_on_where_it_was(site, publisher, archive):
    publisher.cut_after = archive.stat().st_size // 2
    site.cli("image", "import", publisher.url + PATH)
    first, second = publisher.asked(PATH)
    assert "Range" not in first and second["Range"] == f"bytes={archive.stat().st_size // 2}-"
    assert second["If-Range"].startswith('"')
    assert site.versions() == [STAMP] and not site.left_over()


def kill_in_the_middle(site, publisher, archive):
    """kill -9 while the archive comes; bytes that are here."""
    publisher.rate = archive.stat().st_size // 2
    process = subprocess.Popen(site.command("image", "import", publisher.url + PATH))
    part = until(lambda: [file for file in site.left_over() if file.suffix == ".tgz" and file.stat().st_size > 100_000])[0]
    process.kill()
    process.wait()
    publisher.rate = None
    assert site.versions() == [] and part.stat().st_size < archive.stat().st_size
    return part.stat().st_size


def test_a_killed_command_goes_on_where_it_was(site, publisher, archive):
    here = kill_in_the_middle(site, publisher, archive)
    site.cli("image", "import", publisher.url + PATH)
    assert publisher.asked(PATH)[-1]["Range"] == f"bytes={here}-"
    assert site.versions() == [STAMP] and not site.left_over()


def test_another_file_or_a_server_without_ranges_begins_anew(site, publisher, archive):
    whole = archive.read_bytes()
    try:
        kill_in_the_middle(site, publisher, archive)
        archive.write_bytes(whole[:-9] + bytes(9))  # another file of the same name
        assert site.cli("image", "import", publisher.url + PATH, check=False).returncode == 1
        archive.write_bytes(whole)
        kill_in_the_middle(site, publisher, archive)
        publisher.ranges = False
        site.cli("image", "import", publisher.url + PATH, "--sha256", hashlib.sha256(whole).hexdigest())
    finally:
        archive.write_bytes(whole)
    assert site.versions() == [STAMP] and not site.left_over()


def test_a_wrong_digest_leaves_nothing_and_a_right_one_is_checked(site, publisher, archive):
    url, whole = publisher.url + PATH, archive.read_bytes()
    words = site.cli("image", "import", url, "--sha256", "0" * 64, check=False).stderr
    assert hashlib.sha256(whole).hexdigest() in words and "nothing was imported" in words
    (site.folder / "SUMS").write_text(f"{'1' * 40} *{archive.name}\n")
    words = site.cli("image", "import", url, "--sums", site.folder / "SUMS", check=False).stderr
    assert "SHA-1" in words
    words = site.cli("image", "import", url, "--sums", publisher.url + f"/{NEWER}/md5sums.txt", check=False).stderr
    assert f"no digest of {archive.name}" in words
    assert site.versions() == [] and not site.left_over()
    site.cli("image", "import", url, "--sums", publisher.url + f"/{STAMP}/md5sums.txt")
    again = site.cli("image", "import", archive, "--sha256", hashlib.sha256(whole).hexdigest())
    assert "was here already" in again.stdout and site.versions() == [STAMP]


def test_what_cannot_be_fetched_says_why(site, publisher):
    def words(path):
        done = site.cli("image", "import", publisher.url + path if path.startswith("/") else path, check=False)
        assert done.returncode == 1 and not site.left_over()
        return done.stderr

    assert "answers 404" in words("/nothing.tgz")
    publisher.status["/late"] = 503
    assert "answers 503" in words("/late") and "try again later" in words("/late")
    publisher.redirects.update({"/a": "/b", "/b": "/a", "/out": "file:///etc/passwd"})
    assert "redirects" in words("/a").lower()
    assert "file" in words("/out")
    assert "only http and https" in words("ftp://127.0.0.1/a.tgz")
    assert "cannot be fetched" in words("http://127.0.0.1:9/a.tgz")


def test_credentials_are_used_and_never_said(site, publisher, archive):
    publisher.credentials = "me:secret-word"
    bare = publisher.url.removeprefix("http://")
    done = site.cli("image", "import", f"http://me:wrong-word@{bare}{PATH}?token=abc", check=False)
    assert "answers 401" in done.stderr and "-word" not in done.stderr and "abc" not in done.stderr
    done = site.cli("image", "import", f"http://me:secret-word@{bare}{PATH}")
    assert "-word" not in done.stdout + done.stderr and site.versions() == [STAMP]
    assert b"secret" not in b"".join(path.read_bytes() for path in site.left_over())


@pytest.fixture
def certificate(tmp_path):
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=publisher", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", tmp_path / "server.key",
        "-out", tmp_path / "server.crt")
    return tmp_path


def test_https_is_verified_and_never_goes_on_as_http(site, publication, publisher, certificate):
    with Publisher(publication, certificate) as secure:
        words = site.cli("image", "import", secure.url + PATH, check=False).stderr
        assert "--ca" in words and secure.asked(PATH) == []
        secure.redirects["/down"] = publisher.url + PATH
        words = site.cli("image", "import", secure.url + "/down", "--ca", certificate / "server.crt", check=False).stderr
        assert "http" in words and publisher.asked(PATH) == []
        site.cli("image", "import", secure.url + PATH, "--ca", certificate / "server.crt")
    assert site.versions() == [STAMP]


@contextlib.contextmanager
def small_disk(folder, size):
    folder.mkdir(exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder)
    try:
        yield
    finally:
        run("umount", folder)


def test_a_full_disk_is_foreseen_or_explained_and_goes_on_when_there_is_room(site, publisher, archive):
    whole = archive.stat().st_size
    with small_disk(site.state, whole // 2):
        words = site.cli("image", "import", publisher.url + PATH, check=False).stderr
        assert "free" in words and "make room" in words
        publisher.lengths = False
        words = site.cli("image", "import", publisher.url + PATH, check=False).stderr
        assert "the disk became full" in words and site.versions() == []
        publisher.lengths = True
        run("mount", "-o", "remount,size=64M", site.state)
        site.cli("image", "import", publisher.url + PATH)
        assert site.versions() == [STAMP] and not site.left_over()


def test_the_publication_point_has_the_latest_and_any_other(site, publisher):
    mirror = ("--from", publisher.url)
    assert "was here" not in site.cli("image", "import", "smartos@latest", *mirror).stdout
    assert site.versions() == [NEWER]
    fetched = len(publisher.asked(f"/{NEWER}/platform-{NEWER}.tgz"))
    assert "was here already" in site.cli("image", "import", "smartos@latest", *mirror).stdout
    assert len(publisher.asked(f"/{NEWER}/platform-{NEWER}.tgz")) == fetched
    listed = json.loads(site.cli("image", "list", "--available", "--json", *mirror).stdout)["available"]
    assert listed == [{"version": NEWER, "latest": True, "here": True}, {"version": STAMP, "latest": False, "here": False}]
    with site.config.open("a") as config:
        config.write(f'\n[images]\nsmartos-from = "{publisher.url}"\n')
    site.cli("image", "import", f"smartos@{STAMP}")
    assert site.versions() == [STAMP, NEWER] and not site.left_over()
    shown = json.loads(site.cli("image", "show", "smartos@latest", "--json").stdout)
    assert shown["version"] == NEWER, "the newest that was imported"


def test_an_import_says_what_would_go_wrong_for_those_who_boot_it(site, publication):
    archive = publication / STAMP / f"platform-{STAMP}.tgz"
    done = site.cli("image", "import", archive, "--json")
    assert {one["severity"] for one in json.loads(done.stdout)["findings"]} == {"note"}
    with site.config.open("a") as config:
        config.write('\n[profile.smartos]\nimage = "smartos@latest"\nproperties = { note = "%s" }\n' % ("x" * 400))
    done = site.cli("image", "import", archive, "--json")
    assert "error budget: a machine that the file does not name: " in done.stderr
    found = json.loads(done.stdout)["findings"]
    assert [one["severity"] for one in found if one["id"] == "budget"] == ["error"], found


def test_a_publication_point_may_ask_for_credentials(site, publisher):
    publisher.credentials = "me:secret-word"
    assert "answers 401" in site.cli("image", "import", "smartos@latest", "--from", publisher.url, check=False).stderr
    site.cli("image", "import", "smartos@latest", "--from", publisher.url.replace("//", "//me:secret-word@"))
    assert site.versions() == [NEWER]


def test_a_publication_point_that_lies_imports_nothing(site, publication, publisher, tmp_path):
    broken = shutil.copytree(publication, tmp_path / "broken")
    sums = broken / STAMP / "md5sums.txt"
    sums.write_text(f"{'2' * 32}  platform-{STAMP}.tgz\n")
    (broken / "latest").write_text("<html>moved</html>\n")
    with Publisher(broken) as liar:
        def words(name):
            done = site.cli("image", "import", name, "--from", liar.url, check=False)
            assert done.returncode == 1 and site.versions() == [] and not site.left_over()
            return done.stderr

        assert "does not name a STAMP" in words("smartos@latest")
        assert "has the MD5" in words(f"smartos@{STAMP}")
        assert "answers 404" in words("smartos@20200101T000000Z")
        assert "is no STAMP" in words("smartos@newest")
        assert "only SmartOS" in words("linux@latest")
        sums.write_bytes(b"x" * (2 << 20))
        assert "larger than" in words(f"smartos@{STAMP}")
