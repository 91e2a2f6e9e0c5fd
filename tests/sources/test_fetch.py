"""A fetch against publishers that misbehave: nothing wrong reaches the cache, and every reason is said."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publisher_server import (
    Behaviour,
    Publisher,
    chunked,
    cut_off,
    dripping,
    dripping_headers,
    first,
    publisher,
    ranged,
    redirect,
    silent,
    status,
    whole,
)

from engine.contracts import BadInput, InputOutput, Locked
from engine.sources import (
    Fetched,
    FetchRequest,
    FetchRules,
    LedgerEntry,
    cache_folder,
    cached_sources,
    discover,
    fetch_source,
    load_ledger,
    skipped,
)

BODY = b"code\tlabel\n" + b"".join(b"%d\tinvented row\n" % n for n in range(500))
TAG = '"version-1"'
QUICK = FetchRules(
    connect_seconds=Decimal("0.5"), read_seconds=Decimal("0.3"), total_seconds=Decimal(2), attempts=3, backoff_seconds=Decimal("0.01"),
    backoff_most_seconds=Decimal("0.02"), retry_after_most_seconds=Decimal(5), redirects=3, caller="tests",
)  # fmt: skip


@dataclass
class House:
    """A publisher, a cache, and what was said and waited."""

    publisher: Publisher
    workspace: Path
    said: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    rules: FetchRules = QUICK

    def entry(self, *files: str, cap: int = 100_000, **more: Any) -> LedgerEntry:
        """A ledger entry whose files stand on the local publisher."""
        stated = load_ledger().entry("onet").model_dump(mode="json", exclude={"files", "archives", "sha256", "releases", "hosts"})
        listed = [{"name": name, "byte_cap": cap, "address": f"https://publisher.example/{quote(name)}"} for name in files]
        plain = LedgerEntry.model_validate(stated | {"releases": [{"release": "9.9", "release_date": "2026-01"}], "files": listed} | more)
        local = [f if f.address is None else f.model_copy(update={"address": f"{self.publisher.address}/{quote(f.name)}"}) for f in plain.files]
        zips = [a.model_copy(update={"address": f"{self.publisher.address}/{a.name}.zip"}) for a in plain.archives]
        return plain.model_copy(update={"files": tuple(local), "archives": tuple(zips)})

    def fetch(self, entry: LedgerEntry, **more: Any) -> Fetched:
        request = FetchRequest(entry, "9.9", cache_folder(self.workspace), self.rules, loopback=True, wait=self.waited.append)
        return fetch_source(replace(request, **more), self.said.append)

    def one(self, behaviour: Behaviour, **more: Any) -> Fetched:
        """Fetch `a.txt` from a publisher that behaves so."""
        self.publisher.behaviours["/a.txt"] = behaviour
        return self.fetch(self.entry("a.txt", **more))

    @property
    def cached(self) -> list[str]:
        folder = cache_folder(self.workspace) / "onet@9.9"
        return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with publisher() as told:
        yield House(told, tmp_path / "workspace")


def zipped(*members: tuple[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return sink.getvalue()


def test_a_good_file_stands_in_the_cache_with_its_receipt(house: House) -> None:
    done = house.one(whole(BODY, etag=TAG))
    (file,) = done.downloaded
    assert (file.sha256, file.size, file.etag) == (hashlib.sha256(BODY).hexdigest(), len(BODY), TAG)
    assert (done.folder / "a.txt").read_bytes() == BODY
    receipt = json.loads((done.folder / "fetched.json").read_text(encoding="utf-8"))
    assert receipt["files"][0]["address"] == f"{house.publisher.address}/a.txt"
    assert (done.skips, skipped(house.workspace), house.cached) == ((), (), ["a.txt", "fetched.json"])
    assert cached_sources(house.workspace) == cache_folder(house.workspace)
    assert not list((cache_folder(house.workspace) / ".partial").rglob("*.part*"))


REFUSED: list[tuple[str, Behaviour, str, str]] = [
    ("a silent publisher", silent(1), "network", "no answer within 0.3 s"),
    ("a file that drips", dripping(b"x" * 5000, 0.02), "network", "too slow"),
    ("headers that drip", dripping_headers(0.05), "network", "too slow"),
    ("an answer that ends within its headers", lambda a: (a.wfile.write(b"HTTP/1.1 200 OK\r\nX: y"), a.hang_up())[1], "network", "before a byte came"),
    ("a body without a length that never ends", lambda a: (a.head(), a.wfile.write(BODY), time.sleep(0.25), a.wfile.write(b"x"), time.sleep(0.25), a.wfile.write(b"x"), dripping(b"x" * 300, 0.02)(a))[0], "network", "too slow"),
    ("a file that is always cut off", cut_off(BODY, 700), "network", "connection failed"),
    ("chunks without an end", chunked([BODY[:500]], end=False), "network", "connection failed"),
    ("a redirect to itself", redirect("/a.txt"), "network", "redirect loop"),
    ("a host that is not listed", redirect("https://elsewhere.example/a.txt"), "refused", "elsewhere.example is not among those"),
    ("a redirect to plain http", redirect("http://publisher.example/a.txt"), "refused", "is not https"),
    ("a redirect to a file of this machine", redirect("file" + ":///etc/hostname"), "refused", "is not https"),
    ("a redirect with a name and a password", redirect("https://me:secret@www.onetcenter.org/a.txt"), "refused", "user's name"),
    ("a redirect to another port", redirect("https://www.onetcenter.org:8443/a.txt"), "refused", "port 8443"),
    ("a redirect to nowhere", status(302), "network", "without a place to go"),
    ("too many bytes, announced", lambda a: a.head(content_length=10**12), "refused", "announces 1,000,000,000,000 bytes"),
    ("too many bytes, not announced", chunked([b"x" * 50_000] * 3), "refused", "more than the cap of 100,000 bytes came"),
    ("nothing there", status(404), "network", "nothing stands at this address"),
    ("nobody let in", status(403), "network", "--contact"),
    ("always out of order", status(503), "network", "status 503 (3 attempts)"),
    ("a wait that is too long", status(429, retry_after=4000), "network", "asks to wait 4000 s"),
    ("a wait until a day that is far away", status(503, retry_after="Wed, 01 Jan 2200 00:00:00 GMT"), "network", "asks to wait"),
    ("a wait that cannot be read", status(503, retry_after="soon"), "network", "status 503 (3 attempts)"),
    ("a web page in place of the file", whole(b"\n<!DOCTYPE html><html>gone</html>"), "refused", "a web page"),
    ("an empty file", whole(b""), "refused", "an empty file"),
    ("a coding that was not asked for", whole(BODY, content_encoding="gzip"), "refused", "coding that was not asked for"),
    ("a part of a whole that was asked for", lambda a: a.head(206, content_length=3, content_range="bytes 7-9/10"), "refused", "another part"),
    ("a hidden server fault", lambda a: a.wfile.write(b"this is no HTTP\r\n\r\n"), "network", "connection failed"),
]


@pytest.mark.parametrize(("_what", "behaviour", "kind", "words"), REFUSED, ids=[r[0] for r in REFUSED])
def test_what_cannot_be_had_is_skipped_with_its_reason_and_nothing_is_cached(house: House, _what: str, behaviour: Behaviour, kind: str, words: str) -> None:
    began = time.monotonic()
    done = house.one(behaviour)
    (skip,) = done.skips
    assert (skip.kind, skip.file) == (kind, "a.txt")
    assert words in skip.reason
    assert (done.had, house.cached, cached_sources(house.workspace)) == (False, [], None)
    assert skipped(house.workspace) == done.skips
    assert time.monotonic() - began < 60  # no wait of a publisher's choosing is kept


def test_a_host_that_never_answers_is_not_asked_for_every_file(house: House) -> None:
    entry = house.entry("a.txt", "b.txt")
    gone = entry.model_copy(update={"files": tuple(f.model_copy(update={"address": f"http://127.0.0.1:9/{f.name}"}) for f in entry.files)})
    done = house.fetch(gone)
    assert [s.kind for s in done.skips] == ["network", "network"]
    assert len(house.waited) == QUICK.attempts - 1
    assert "object at" not in done.skips[0].reason


def test_a_fault_that_passes_is_waited_for(house: House) -> None:
    done = house.one(first(2, status(503), whole(BODY)))
    assert [f.name for f in done.downloaded] == ["a.txt"]
    assert house.waited == [0.01, 0.02]
    assert any("again in" in line for line in house.said)


def test_a_wait_that_the_publisher_asks_for_is_kept_within_bounds(house: House) -> None:
    assert house.one(first(1, status(503, retry_after=1), whole(BODY))).had
    assert house.waited == [1.0]


def test_a_wrong_length_is_a_cut(house: House) -> None:
    done = house.one(first(1, cut_off(BODY, len(BODY) - 1), whole(BODY)))
    assert (done.folder / "a.txt").read_bytes() == BODY


def test_a_length_that_is_too_short_is_met_by_the_checksum(house: House) -> None:
    done = house.one(lambda a: (a.head(content_length=10), a.wfile.write(BODY), a.hang_up())[0], sha256={"9.9": {"a.txt": hashlib.sha256(BODY).hexdigest()}})
    assert ([s.kind for s in done.skips], house.cached) == (["integrity"], [])


def test_a_cut_file_is_gone_on_with_and_not_begun_anew(house: House) -> None:
    done = house.one(first(1, cut_off(BODY, 3000, etag=TAG), ranged(BODY, TAG)))
    assert (done.folder / "a.txt").read_bytes() == BODY
    second = house.publisher.asked[1][1]
    assert (second["Range"], second["If-Range"]) == ("bytes=3000-", TAG)


def test_a_cut_file_is_gone_on_with_by_a_later_run(house: House) -> None:
    house.rules = QUICK.model_copy(update={"attempts": 1})
    assert not house.one(cut_off(BODY, 2000, etag=TAG)).had
    assert house.one(ranged(BODY, TAG)).had
    assert house.publisher.asked[1][1]["Range"] == "bytes=2000-"
    assert skipped(house.workspace) == ()


@given(cuts=st.lists(st.integers(0, len(BODY) - 1), max_size=5), knows_ranges=st.booleans(), tagged=st.booleans())
@settings(max_examples=25, deadline=None)
def test_wherever_it_is_cut_the_file_is_whole_in_the_end(cuts: list[int], knows_ranges: bool, tagged: bool) -> None:
    left = list(cuts)

    def answer_it(answer: Any) -> None:
        told = {"etag": TAG} if tagged else {}
        start = int(answer.headers["Range"].removeprefix("bytes=").rstrip("-")) if knows_ranges and "Range" in answer.headers else 0
        end = max(start, left.pop(0)) if left else len(BODY)
        more = {"content_range": f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"} if start else {}
        answer.head(206 if start else 200, content_length=len(BODY) - start, **told, **more)
        answer.wfile.write(BODY[start:end])
        answer.hang_up()

    with publisher() as told, tempfile.TemporaryDirectory() as folder:
        house = House(told, Path(folder), rules=QUICK.model_copy(update={"attempts": 6}))
        done = house.one(answer_it)
        assert (done.folder / "a.txt").read_bytes() == BODY
        assert len(told.asked) == len(cuts) + 1


def test_a_file_that_changed_meanwhile_is_begun_anew(house: House) -> None:
    other = BODY.replace(b"invented", b"reworked")
    done = house.one(first(1, cut_off(BODY, 3000, etag=TAG), ranged(other, '"version-2"')))
    assert (done.folder / "a.txt").read_bytes() == other


def test_a_publisher_that_glues_two_versions_together_is_found_out(house: House) -> None:
    def lie(answer: Any) -> None:
        if "Range" in answer.headers:
            answer.head(206, content_length=len(BODY) - 3000, content_range=f"bytes 3000-{len(BODY) - 1}/{len(BODY)}", etag='"version-2"')
            answer.wfile.write(b"?" * (len(BODY) - 3000))
        else:
            answer.whole(BODY, etag='"version-2"')

    done = house.one(first(1, cut_off(BODY, 3000, etag=TAG), lie))
    assert (done.folder / "a.txt").read_bytes() == BODY


def test_a_weak_tag_vouches_for_nothing(house: House) -> None:
    house.one(first(1, cut_off(BODY, 3000, etag="W/" + TAG), whole(BODY)))
    assert "Range" not in house.publisher.asked[1][1]


def test_a_lying_checksum_is_an_integrity_fault_and_the_file_is_thrown_away(house: House) -> None:
    done = house.one(whole(BODY), sha256={"9.9": {"a.txt": "0" * 64}})
    assert [s.kind for s in done.skips] == ["integrity"]
    assert "is not the pinned" in done.skips[0].reason
    assert house.cached == []
    assert not list((cache_folder(house.workspace) / ".partial").rglob("*.part"))


def test_redirects_between_permitted_places_are_followed(house: House) -> None:
    house.publisher.behaviours |= {"/b": redirect("c?x=1#part"), "/c": whole(BODY)}
    assert house.one(redirect("/b")).had
    assert house.publisher.paths() == ["/a.txt", "/b", "/c?x=1"]


def test_too_many_redirects_are_refused(house: House) -> None:
    house.publisher.behaviours |= {f"/{n}": redirect(f"/{n + 1}") for n in range(9)}
    assert "more than 3 redirects" in house.one(redirect("/0")).skips[0].reason


def test_without_leave_not_even_this_machine_is_asked(house: House) -> None:
    house.publisher.behaviours["/a.txt"] = whole(BODY)
    done = house.fetch(house.entry("a.txt"), loopback=False)
    assert [s.kind for s in done.skips] == ["refused"]
    assert house.publisher.asked == []


def test_a_contact_address_reaches_the_publisher_and_no_coding_is_asked_for(house: House) -> None:
    house.publisher.behaviours["/a.txt"] = whole(BODY)
    house.fetch(house.entry("a.txt"), contact="me@example.org")
    headers = house.publisher.asked[0][1]
    assert (headers["User-Agent"], headers["Accept-Encoding"]) == ("tests (me@example.org)", "identity")


def test_one_file_that_fails_does_not_stop_the_others(house: House) -> None:
    house.publisher.behaviours |= {"/a.txt": status(404), "/b.txt": whole(BODY)}
    done = house.fetch(house.entry("a.txt", "b.txt"))
    assert ([f.name for f in done.downloaded], [s.file for s in done.skips]) == (["b.txt"], ["a.txt"])
    house.publisher.behaviours["/a.txt"] = whole(BODY)
    later = house.fetch(house.entry("a.txt", "b.txt"))
    assert ([f.name for f in later.downloaded], [f.name for f in later.proved]) == (["a.txt"], ["b.txt"])
    assert skipped(house.workspace) == ()


def test_a_second_run_works_offline_and_proves_it(house: House) -> None:
    first_time = house.one(whole(BODY))
    house.publisher.behaviours.clear()
    house.publisher.asked.clear()
    again = house.fetch(house.entry("a.txt"), offline=True)
    assert (again.proved, again.downloaded, again.skips) == (first_time.downloaded, (), ())
    assert house.publisher.asked == []


def test_offline_altered_bytes_are_told_and_online_they_are_fetched_anew(house: House) -> None:
    done = house.one(whole(BODY))
    (done.folder / "a.txt").write_bytes(BODY[:-1] + b"!")
    told = house.fetch(house.entry("a.txt"), offline=True)
    assert [s.kind for s in told.skips] == ["integrity"]
    assert "not those that were fetched" in told.skips[0].reason
    mended = house.fetch(house.entry("a.txt"))
    assert ([f.name for f in mended.downloaded], (done.folder / "a.txt").read_bytes()) == (["a.txt"], BODY)


def test_offline_with_an_empty_cache_every_file_is_skipped(house: House) -> None:
    done = house.fetch(house.entry("a.txt", "b.txt"), offline=True)
    assert [s.kind for s in done.skips] == ["offline", "offline"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": [{"name": "a.txt"}]}', '{"files": 3}'])
def test_a_garbled_receipt_is_as_good_as_none(house: House, text: str) -> None:
    done = house.one(whole(BODY))
    (done.folder / "fetched.json").write_text(text, encoding="utf-8")
    assert [f.name for f in house.fetch(house.entry("a.txt")).downloaded] == ["a.txt"]


def test_what_is_cached_is_fetched_again_only_on_request(house: House) -> None:
    house.one(whole(BODY))
    other = BODY + b"501\tone more\n"
    house.publisher.behaviours["/a.txt"] = whole(other)
    assert house.fetch(house.entry("a.txt")).proved
    assert house.fetch(house.entry("a.txt"), again=True).downloaded[0].size == len(other)


ARCHIVE = {"archives": [{"name": "db", "address": "https://publisher.example/db.zip", "byte_cap": 200_000}],
           "files": [{"name": "a.txt", "byte_cap": 20_000, "archive": "db"}, {"name": "b.txt", "byte_cap": 20_000, "archive": "db", "optional": True}]}  # fmt: skip


def test_a_zip_is_unpacked_and_its_files_stand_alone(house: House) -> None:
    body = zipped(("db_9_9/a.txt", BODY), ("db_9_9/unwanted.txt", b"?"), ("db_9_9/deep/b.txt", b"x\n"))
    house.publisher.behaviours["/db.zip"] = whole(body)
    done = house.fetch(house.entry(**ARCHIVE))
    assert house.cached == ["a.txt", "b.txt", "fetched.json"]
    assert {f.archive_sha256 for f in done.downloaded} == {hashlib.sha256(body).hexdigest()}
    assert house.fetch(house.entry(**ARCHIVE), offline=True).proved == done.downloaded


def test_a_file_that_the_zip_lacks_is_told(house: House) -> None:
    house.publisher.behaviours["/db.zip"] = whole(zipped(("a.txt", BODY)))
    done = house.fetch(house.entry(**ARCHIVE))
    assert ([f.name for f in done.downloaded], [(s.file, s.kind) for s in done.skips]) == (["a.txt"], [("b.txt", "absent")])


ZIPS: list[tuple[str, Callable[[], bytes], str]] = [
    ("an entry that points outside", lambda: zipped(("a.txt", BODY), ("../../a.txt", BODY)), "points outside"),
    ("an entry from the root", lambda: zipped(("/a.txt", BODY)), "points outside"),
    ("an entry of a drive", lambda: zipped(("C:\\a.txt", BODY)), "points outside"),
    ("a bomb", lambda: zipped(("a.txt", b"0" * 30_000_000)), "unpacks to more than 40000 bytes"),
    ("a name that stands twice", lambda: zipped(("x/a.txt", BODY), ("y/a.txt", BODY)), "twice"),
    ("no zip", lambda: BODY, "not a whole zip"),
    ("half a zip", lambda: zipped(("a.txt", bytes(range(256)) * 60))[:150], "not a whole zip"),
    ("a broken entry", lambda: (z := zipped(("a.txt", BODY)))[:60] + b"\0\0\0\0" + z[64:], "cannot be unpacked"),
    ("too many entries", lambda: zipped(*((f"{n}.x", b"") for n in range(2001))), "2001 entries"),
]


@pytest.mark.parametrize(("_what", "body", "words"), ZIPS, ids=[z[0] for z in ZIPS])
def test_a_bad_zip_leaves_nothing_behind(house: House, _what: str, body: Callable[[], bytes], words: str) -> None:
    house.publisher.behaviours["/db.zip"] = whole(body())
    more = ARCHIVE | {"archives": [ARCHIVE["archives"][0] | {"byte_cap": 2_000_000}]}
    done = house.fetch(house.entry(**more))
    assert {s.kind for s in done.skips} == {"refused"}
    assert words in done.skips[0].reason
    assert house.cached == []
    assert [p.name for p in house.workspace.rglob("*") if p.name == "a.txt"] == []
    assert not list((cache_folder(house.workspace) / ".partial").rglob("*.part"))


def test_a_source_without_an_address_is_skipped_with_the_ledgers_words(tmp_path: Path) -> None:
    ledger = load_ledger()
    esco = ledger.entry("esco")
    done = fetch_source(FetchRequest(esco, "1.2.0", cache_folder(tmp_path), ledger.fetching), lambda _: None)
    assert {(s.kind, s.reason) for s in done.skips} == {("stated", esco.not_fetchable)}
    assert {s.name for s in skipped(tmp_path)} == {"esco"}


def test_the_big_folders_of_gdpval_are_never_fetched(tmp_path: Path) -> None:
    ledger = load_ledger()
    entry = ledger.entry("gdpval")
    done = fetch_source(FetchRequest(entry, "2025-10", tmp_path, ledger.fetching, offline=True), lambda _: None)
    assert {part.split(":")[0] for part in done.withheld} == {"reference_files/", "deliverable_files/"}
    assert not any("_files" in (f.address or "") for f in entry.files)


def test_a_release_that_the_ledger_does_not_know_is_refused(house: House) -> None:
    with pytest.raises(BadInput, match=r"SRC303[\s\S]*use one of 9.9"):
        house.fetch(house.entry("a.txt"), release="10.1")


def test_a_second_fetch_into_the_same_cache_is_locked_out(house: House) -> None:
    met: list[str] = []

    def meanwhile(answer: Any) -> None:
        try:
            fetch_source(FetchRequest(house.entry("a.txt"), "9.9", cache_folder(house.workspace), QUICK, offline=True), lambda _: None)
        except Locked as error:
            met.append(error.diagnostics[0].code)
        answer.whole(BODY)

    assert house.one(meanwhile).had
    assert met == ["SRC304"]


def test_a_machine_that_refuses_to_write_is_not_taken_for_a_bad_network(house: House) -> None:
    (cache_folder(house.workspace) / ".partial" / "onet@9.9" / "a.txt.part").mkdir(parents=True)
    with pytest.raises(InputOutput, match="SRC302"):
        house.one(whole(BODY))
    assert house.waited == []


def test_an_offline_run_keeps_the_reasons_of_the_run_before(house: House) -> None:
    told = house.one(status(404)).skips
    house.fetch(house.entry("a.txt"), offline=True)
    assert skipped(house.workspace) == told


def test_the_cache_is_a_folder_that_discovery_reads(house: House, onet_folder: Path) -> None:
    names = [p.name for p in onet_folder.iterdir() if p.name != "Read Me.txt"]
    house.publisher.behaviours |= {f"/{quote(n)}": whole((onet_folder / n).read_bytes()) for n in names}
    assert len(house.fetch(house.entry(*names)).downloaded) == len(names)
    house.one(status(404))  # leaves notes and partial folders beside it
    (delivery,) = discover(cache_folder(house.workspace), load_ledger()).deliveries
    assert (delivery.publisher.name, delivery.origin.release) == ("onet", "9.9")


def test_garbled_notes_of_skips_are_no_skips(house: House) -> None:
    house.one(status(404))
    (note,) = (cache_folder(house.workspace) / ".skipped").iterdir()
    note.write_text('{"skips": [{"name": 1}]}', encoding="utf-8")
    assert skipped(house.workspace) == ()
