"""Title lists of the market: what comes in, what the guard keeps out and counts, and that no message shows what it kept out."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from growth import grows_in_step
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from market_lists import manifest_text, write_list

from engine.contracts import BadInput, EngineError, InputOutput
from engine.sources import Intake, load_intake_policy, load_ledger, read_market, title_key
from engine.sources.market.policy import plain_words

LEDGER, POLICY = load_ledger(), load_intake_policy()
PERSON, MAIL, PHONE, LINK = "Margaret Quxley", "margaret.quxley@example.org", "+44 20 7946 0958", "https://example.org/in/quxley"
SECRETS = ("Quxley", "quxley", "7946")


def _read(folder: Path) -> Intake:
    return read_market(folder, LEDGER, POLICY)


def _codes(folder: Path) -> list[str]:
    """Codes of the faults of a refused folder; no message may show what stood in the file."""
    with pytest.raises(EngineError) as raised:
        _read(folder)
    assert not any(secret in str(raised.value) for secret in SECRETS)
    return [d.code for d in raised.value.diagnostics]


def test_titles_that_fold_to_one_are_one_with_their_counts_summed(tmp_path: Path) -> None:
    folder = write_list(tmp_path, "title,seen\nKite Tester,2\nkite  tester,5\nKITE TESTER,5\nLantern Planner,1\n")
    met = _read(folder)
    (rows,) = met.rows(frozenset({title_key("lantern planner")}))
    assert [(r["label"], r["observations"], r["source_ref"]) for r in rows.rows["ObservedTitle"]] == [("KITE TESTER", "12", "titles.csv:2"), ("Lantern Planner", "1", "titles.csv:5")]
    (spelled,) = rows.rows["SPELLED_AS.ObservedTitle.Title"]
    assert (spelled["to"], spelled["join_method"]) == (title_key("Lantern Planner"), "same_text")
    assert set(rows.rows) == {"ObservedTitle", "SPELLED_AS.ObservedTitle.Title"}
    (finding,) = met.findings
    assert (finding.rows_in, finding.rows_kept, finding.titles, finding.dropped) == (4, 4, 2, ())


def test_a_list_is_a_source_of_its_own_under_what_its_manifest_says(tmp_path: Path) -> None:
    (rows,) = _read(write_list(tmp_path, "title,seen\nKite Tester,2\n", licence="CC0-1.0")).rows()
    source = rows.origin.source_record()
    assert (source["id"], source["layer"], source["licence"], source["owner"]) == ("source/market@nordic-postings-2026-10-01", "market_signal", "CC0-1.0", "An invented board")
    assert "An invented board" in source["citation"]
    observed = rows.rows["ObservedTitle"][0]
    assert (observed["licence"], observed["source"], observed["release"], observed["derived_by"]) == ("CC0-1.0", source["id"], "nordic-postings-2026-10-01", "market.titles")


@pytest.mark.parametrize("use", ["internal_practice_only", "measurement_only"])
def test_a_list_that_may_not_be_served_is_checked_and_not_taken_in(tmp_path: Path, use: str) -> None:
    met = _read(write_list(tmp_path, "title,seen\nKite Tester,2\n", allowed_use=use))
    assert (met.lists, met.findings[0].titles) == ((), 1)
    assert f"its allowed use is {use}" in met.gaps[0]


def test_no_list_is_no_fault(tmp_path: Path) -> None:
    assert _read(tmp_path) == _read(Path(tmp_path / "nowhere")) == Intake((), (), ())
    assert read_market(None, LEDGER, POLICY).lists == ()


DROPPED_TITLES = [
    ("an e-mail", f"Planner {MAIL}", ("SRC375", "email")), ("a phone", f"Planner {PHONE}", ("SRC375", "phone")), ("a link", f"Planner {LINK}", ("SRC375", "profile_link")),
    ("a number without signs", "Planner 77779460", ("SRC375", "number_or_link")), ("a person", PERSON, ("SRC376", "person_name")), ("a person, turned", "Quxley, Margaret", ("SRC376", "person_name")),
    ("a form of address", "Frau Quxley", ("SRC376", "person_name")), ("nothing", " ", ("SRC377", "empty")), ("a text", "Planner " * 40, ("SRC378", "too_long")),
    ("an invisible sign", "Plan\u202ener", ("SRC378", "control_characters")), ("figures", "12 / 34", ("SRC378", "no_letters")),
    ("a wide at sign", "Planner margaret＠example．org", ("SRC375", "email")), ("an at in brackets", "Planner margaret [at] example [dot] org", ("SRC375", "email")),
    ("an at in words", "Planner margaret AT example DOT org", ("SRC375", "email")), ("an ideographic full stop", "Planner margaret@example。org", ("SRC375", "email")),
    ("an address for mail", "mailto:margaret", ("SRC375", "email")), ("a hidden hyphen", "Plan\xadner", ("SRC378", "control_characters")), ("a word joiner", "Plan\u2060ner", ("SRC378", "control_characters")),
    ("a hidden tag", "Planner\U000e0041", ("SRC378", "control_characters")), ("wide figures", "Planner ０７９４６０９５８１２", ("SRC375", "phone")), ("other figures", "Planner ٠٧٩٤٦٠٩٥٨", ("SRC375", "number_or_link")),
    ("single figures", "Planner 0 7 9 4 6 0 9 5 8", ("SRC375", "phone")), ("hyphens of another kind", "Planner 0794‑609‑581", ("SRC375", "phone")), ("a short number that says so", "Planner tel. 555-0123", ("SRC375", "phone")),
    ("a link in capitals", "LINKEDIN.COM/in/quxley", ("SRC375", "profile_link")), ("a link in wide letters", "Planner linkedin．com／in／quxley", ("SRC375", "profile_link")),
    ("a link with a comma", "Planner linkedin,com/in/quxley", ("SRC375", "profile_link")), ("a short link", "Planner lnkd.in/abc", ("SRC375", "profile_link")), ("a handle", "Planner @margaret_q", ("SRC375", "profile_link")),
    ("a person before a title", f"{PERSON} - Planner", ("SRC376", "person_name")), ("a person in brackets", f"Planner ({PERSON})", ("SRC376", "person_name")), ("a person in capitals", PERSON.upper(), ("SRC376", "person_name")),
    ("a formula", "=Planner(A1)", ("SRC378", "markup")), ("a tag", "<b>Planner</b>", ("SRC378", "markup")), ("a short text about oneself", "Planner since 2012, I love kites", ("SRC378", "sentence")),
    ("many short words", "kite " * 19, ("SRC378", "too_long")),
]  # fmt: skip


@pytest.mark.parametrize(("_what", "title", "expected"), DROPPED_TITLES, ids=[d[0] for d in DROPPED_TITLES])
def test_a_title_that_is_none_goes_and_is_counted(tmp_path: Path, _what: str, title: str, expected: tuple[str, str]) -> None:
    others = "".join(f"Kite Tester {chr(97 + n)},1\n" for n in range(9))
    met = _read(write_list(tmp_path, f'title,seen\n"{title}",3\n"{title}",4\n{others}'))
    (finding,) = met.findings
    assert [(d.code, d.kind, d.column, d.count) for d in finding.dropped] == [(*expected, 0, 2)]
    assert (finding.rows_in, finding.rows_kept, finding.titles) == (11, 9, 9)
    assert not any(secret in gap for gap in met.gaps for secret in SECRETS)


KEPT_TITLES = [
    "C++ Developer (m/w/d)", "Engineer @ Green House", "Maria Kitchen Chef", "Paul Driver", "Level 3 Technician", "Sales Manager 2024-2025", "Controller 100 %", "Sr Java", "MS SQL DBA", "Dr. med. Facharzt",
    "Менеджер", "看護師", "Grant Writer", "24/7 Support Agent", ".Net/C# Developer", "ASP.Net/Web Developer", "Nurse (Hospital)", "Planner / Buyer", "We are hiring a Planner", "Planner – Team 1–3",
]  # fmt: skip


@pytest.mark.parametrize("title", KEPT_TITLES)
def test_a_title_that_only_looks_odd_stays(tmp_path: Path, title: str) -> None:
    met = _read(write_list(tmp_path, f'title,seen\n"{title}",3\n'))
    assert [label for _, label, _, _ in met.lists[0].titles] == [title]


COLUMN_NAMES = [
    ("Full Name", "person_name"), ("firstName", "person_name"), ("LAST_NAME", "person_name"), ("Nachname", "person_name"), ("prénom", "person_name"), ("Recruiter-Name", "person_name"), ("姓名", "person_name"),
    ("E-Mail", "email"), ("contactEmail", "email"), ("Courriel", "email"), ("Handynummer", "phone"), ("Tel.", "phone"), ("Téléphone", "phone"), ("LinkedIn", "profile_link"), ("apply_url", "profile_link"),
    ("job_description", "free_text"), ("Bio", "free_text"), ("Lebenslauf", "free_text"), ("Straße", "address"), ("home address", "address"),
    ("ｅｍａｉｌ", "email"), ("\u0435mail", "email"), ("e\u200bmail", "email"), ("E M A I L", "email"), ("e_mail_2", "email"), ("phones", "phone"), ("telephone1", "phone"), ("LinkedIn URL", "profile_link"),
    ("fname", "person_name"), ("Name des Bewerbers", "person_name"), ("contact_1", "person_name"), ("bio_text", "free_text"),
]  # fmt: skip
REFUSED_NAMES = ["Geburtsdatum", "date_of_birth", "DOB", "fecha de nacimiento", "SSN", "Passport Number", "gender", "Religion", "nationality"]


@pytest.mark.parametrize(("column", "kind"), COLUMN_NAMES)
def test_a_column_goes_by_its_name(tmp_path: Path, column: str, kind: str) -> None:
    met = _read(write_list(tmp_path, f"title,seen,{column}\nKite Tester,1,x\nKite Flyer,1,\n", columns=["title", "seen", column]))
    assert [(d.code, d.kind, d.column, d.count) for d in met.findings[0].dropped] == [("SRC373", kind, 3, 1)]


@pytest.mark.parametrize("column", REFUSED_NAMES)
def test_a_file_is_refused_for_a_column_of_persons(tmp_path: Path, column: str) -> None:
    assert _codes(write_list(tmp_path, f"title,seen,{column}\nKite Tester,1,x\n", columns=["title", "seen", column])) == ["SRC368"]


@pytest.mark.parametrize("column", ["job title", "posted", "city", "country", "company", "position name", "salary", "titel", "industry", "seniority"])
def test_a_column_without_persons_is_no_matter(tmp_path: Path, column: str) -> None:
    assert POLICY.kind_of_column(column) == ""
    assert not _read(write_list(tmp_path, f"title,seen,{column}\nKite Tester,1,Oslo\n", columns=["title", "seen", column])).findings[0].dropped


CELLS = [("email", MAIL), ("phone", PHONE), ("profile_link", LINK), ("person_name", PERSON), ("free_text", "we look for you " * 20)]


@pytest.mark.parametrize(("kind", "cell"), CELLS)
def test_a_column_goes_by_what_stands_in_it(tmp_path: Path, kind: str, cell: str) -> None:
    rows = "".join(f'Kite Tester,1,"{cell}"\n' for _ in range(10))
    met = _read(write_list(tmp_path, f"title,seen,remark\n{rows}Kite Flyer,1,\n", columns=["title", "seen", "remark"]))
    assert [(d.code, d.kind, d.column, d.count) for d in met.findings[0].dropped] == [("SRC374", kind, 3, 10)]
    assert not any(secret in gap for gap in met.gaps for secret in SECRETS)


@pytest.mark.parametrize("column", ["email", "Full Name", "linkedin"])
def test_a_manifest_that_calls_persons_titles_is_refused(tmp_path: Path, column: str) -> None:
    assert _codes(write_list(tmp_path, f"{column},seen\n{PERSON},1\n", title_column=column, columns=[column, "seen"])) == ["SRC369"]


@pytest.mark.parametrize("cell", [PERSON, MAIL, PHONE, "Quxley, Margaret"])
def test_a_title_column_full_of_persons_is_refused(tmp_path: Path, cell: str) -> None:
    assert _codes(write_list(tmp_path, f'title,seen\n"{cell}",1\nKite Tester,1\n')) == ["SRC369"]


@pytest.mark.parametrize("count", ["", "0", "-1", "1.5", "many", "1e3", "9999999999", "²"])
def test_a_count_that_is_none_drops_its_row(tmp_path: Path, count: str) -> None:
    met = _read(write_list(tmp_path, f"title,seen\nKite Tester,{count}\nKite Flyer,7\n"))
    assert [(d.code, d.count) for d in met.findings[0].dropped] == [("SRC379", 1)]
    assert [(label, n) for _, label, n, _ in met.lists[0].titles] == [("Kite Flyer", 7)]


FILES = [
    ("another encoding", "title,seen\nKüster,1\n".encode("latin-1"), "SRC366"), ("two encodings", "title,seen\nKüster,1\n".encode() + "Küster,1\n".encode("cp1252"), "SRC366"),
    ("UTF-16", "title,seen\nKite,1\n".encode("utf-16"), "SRC366"), ("a NUL byte", b"title,seen\nKi\0te,1\n", "SRC366"), ("nothing", b"", "SRC364"), ("white space", b" \n \n", "SRC364"),
    ("a row too short", f"title,seen\nKite,1\n{PERSON}\n".encode(), "SRC367"), ("a row too long", f"title,seen\nKite,1,{MAIL}\n".encode(), "SRC367"), ("an open quote", f'title,seen\n"{PERSON},1\n'.encode(), "SRC367"),
    ("a huge cell", b"title,seen\n" + b"x" * 2_000_000 + b",1\n", "SRC367"), ("no header", f"{PERSON},1\nKite,1\n".encode(), "SRC365"), ("a column twice", b"title,seen,title\nKite,1,x\n", "SRC365"),
    ("a web page", f"<!DOCTYPE html>\n<html>{MAIL}</html>\n".encode(), "SRC365"),
]  # fmt: skip


@pytest.mark.parametrize(("_what", "raw", "code"), FILES, ids=[f[0] for f in FILES])
def test_a_damaged_file_is_refused_with_its_place(tmp_path: Path, _what: str, raw: bytes, code: str) -> None:
    assert set(_codes(write_list(tmp_path, raw))) == {code}


def test_the_place_of_a_fault_is_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as raised:
        _read(write_list(tmp_path, 'title,seen\n"Kite\nTester",1\nlonely\n'))
    assert raised.value.diagnostics[0].place.line == 4


MANIFESTS = [
    ("a layer", {"layer": "canonical_taxonomy"}, "SRC363"), ("a target", {"target": "Occupation"}, "SRC363"), ("a source", {"source": "source/onet@30.1"}, "SRC363"), ("confidence", {"confidence": "1.0"}, "SRC363"),
    ("a rank", {"rank": "0"}, "SRC363"), ("no licence", {"licence": None}, "SRC363"), ("no date", {"collected": None}, "SRC363"), ("no owner", {"owner": ""}, "SRC363"),
    ("another use", {"allowed_use": "anything"}, "SRC363"), ("a name that is a path", {"name": "../onet"}, "SRC363"), ("a name in quotes", {"name": "x'; DROP TABLE y"}, "SRC363"),
    ("a file elsewhere", {"file": "../titles.csv"}, "SRC363"), ("a hidden file", {"file": ".titles"}, "SRC363"), ("a workbook", {"format": "xlsx"}, "SRC363"),
    ("a title that is not declared", {"title_column": "name of job"}, "SRC363"), ("one column for both", {"count_column": "title"}, "SRC363"), ("columns twice", {"columns": ["title", "seen", "title"]}, "SRC363"),
    ("no columns", {"columns": []}, "SRC363"), ("a column that is not there", {"columns": ["title", "seen", "place"]}, "SRC365"),
]  # fmt: skip


@pytest.mark.parametrize(("_what", "changes", "code"), MANIFESTS, ids=[m[0] for m in MANIFESTS])
def test_a_cunning_or_broken_manifest_is_refused(tmp_path: Path, _what: str, changes: dict[str, object], code: str) -> None:
    write_list(tmp_path, "title,seen\nKite Tester,1\n")
    (tmp_path / "list" / "intake.toml").write_text(manifest_text(**changes), encoding="utf-8")
    assert set(_codes(tmp_path)) == {code}


def test_a_manifest_that_is_no_toml_is_refused_at_its_place(tmp_path: Path) -> None:
    write_list(tmp_path, "title,seen\nKite Tester,1\n")
    for raw in (f'owner = "{PERSON}'.encode(), b'owner = "K\xfc"'):
        (tmp_path / "list" / "intake.toml").write_bytes(raw)
        assert _codes(tmp_path) == ["SRC362"]


def test_a_file_that_is_not_there_or_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    write_list(tmp_path / "in", "title,seen\nKite Tester,1\n")
    path = tmp_path / "in" / "list" / "titles.csv"
    path.rename(tmp_path / "outside.csv")
    assert _codes(tmp_path / "in") == ["SRC364"]
    path.symlink_to(tmp_path / "outside.csv")
    assert _codes(tmp_path / "in") == ["SRC364"]


def test_two_lists_of_one_name_and_date_are_refused_and_all_faults_are_told_at_once(tmp_path: Path) -> None:
    write_list(tmp_path, "title,seen\nKite Tester,1\n", own="a")
    write_list(tmp_path, "title,seen\nKite Flyer,1\n", own="b")
    write_list(tmp_path, "name,seen\nKite Flyer,1\n", own="c", name="other")
    assert sorted(_codes(tmp_path)) == ["SRC365", "SRC370"]


def test_lists_come_in_order_whatever_their_folders_are_called(tmp_path: Path) -> None:
    write_list(tmp_path, "title\tseen\nKite Tester\t1\n", own="z", name="alpha", format="tsv")
    write_list(tmp_path, b"\xef\xbb\xbf" + b"title,seen,other\r\nKite Flyer,1,x\r\n", own="a", name="beta")
    met = _read(tmp_path)
    assert [m.origin.release for m in met.lists] == ["alpha-2026-10-01", "beta-2026-10-01"]
    assert met.findings[1].unread == 1
    assert [f.name for f in met.fingerprints] == sorted(f.name for f in met.fingerprints)
    assert len(met.fingerprints) == 4


TEDIOUS = ["x" + " " * 99_000 + "y", "a@" + "b." * 49_000, "1 " * 49_000, "-" * 99_000, " -" * 49_000, "at a " * 19_000, "(" * 99_000, "\u0661" * 99_000, "@" * 99_000, "tel" * 33_000, "\ufdfa" * 5_000, ",Margaret" * 11_000]


@pytest.mark.parametrize("cell", TEDIOUS, ids=[c[:4].strip() for c in TEDIOUS])
def test_a_cell_made_to_take_long_takes_time_in_step_with_its_length(tmp_path: Path, cell: str) -> None:
    folders = {}
    for eighths in (1, 8):
        part, folder = cell[: len(cell) * eighths // 8], tmp_path / str(eighths)
        folder.mkdir()
        folders[eighths] = write_list(folder, "title,seen,remark\n" + "".join(f'Kite {c},1,"{part}"\n' for c in "abcdef"), columns=["title", "seen", "remark"])

    def read(eighths: int) -> None:
        assert _read(folders[eighths]).findings[0].titles == 6

    assert grows_in_step(read, 1)


def test_a_plain_list_has_one_title_to_a_line(tmp_path: Path) -> None:
    met = _read(write_list(tmp_path, "Kite Tester\r\n\nLantern, Planner \"A\"\nKite Tester\n", file="titles.txt", format="txt", count_column=None, columns=["title"]))
    assert [(label, n, line) for _, label, n, line in met.lists[0].titles] == [("Kite Tester", 2, 1), ('Lantern, Planner "A"', 1, 3)]


@pytest.mark.parametrize("changes", [{"columns": ["title", "seen"]}, {"columns": ["title", "seen"], "count_column": None}])
def test_a_plain_list_has_one_column(tmp_path: Path, changes: dict[str, object]) -> None:
    assert _codes(write_list(tmp_path, "Kite Tester\n", format="txt", **changes)) == ["SRC363"]


def _parquet(**columns: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


POSTINGS = {"file": "postings.parquet", "format": "parquet"}


def test_a_table_of_postings_passes_the_same_guard(tmp_path: Path) -> None:
    raw = _parquet(
        title=["Kite Tester", f"Planner {MAIL}", "kite tester", None, *(f"Lantern {c}" for c in "abcdefgh")], seen=[3, 1, 2, 5, *range(1, 9)], remark=[MAIL] * 12,
        poster=[PERSON] * 12, posted=[date(2026, 10, 1)] * 12, place=[{"city": "Oslo"}] * 12,
    )  # fmt: skip
    met = _read(write_list(tmp_path, raw, **POSTINGS))
    (finding,) = met.findings
    assert [(d.code, d.kind, d.column, d.count) for d in finding.dropped] == [("SRC374", "email", 3, 12), ("SRC374", "person_name", 4, 12), ("SRC375", "email", 0, 1), ("SRC377", "empty", 0, 1)]
    assert [t[1:] for t in met.lists[0].titles if t[0].startswith("kite")] == [("Kite Tester", 5, 1)]
    assert (finding.rows_in, finding.rows_kept) == (12, 10)


PARQUETS = [
    ("a lying footer", lambda: _parquet(title=["Kite"], seen=[1])[:-9] + b"\xff" * 5 + b"PAR1", "SRC271"), ("cut", lambda: _parquet(title=["Kite"], seen=[1])[:-20], "SRC271"),
    ("text", lambda: b"title,seen\nKite,1\n", "SRC271"), ("bytes for text", lambda: _parquet(title=[PERSON.encode()], seen=[1]), "SRC276"), ("a huge cell", lambda: _parquet(title=["x" * 1_000_000], seen=[1]), "SRC225"),
    ("another column", lambda: _parquet(name=[PERSON], seen=[1]), "SRC365"), ("birth dates", lambda: _parquet(title=["Kite"], seen=[1], dob=[PERSON]), "SRC368"), ("persons", lambda: _parquet(title=[PERSON], seen=[1]), "SRC369"),
]  # fmt: skip


@pytest.mark.parametrize(("_what", "raw", "code"), PARQUETS, ids=[p[0] for p in PARQUETS])
def test_a_damaged_or_forbidden_table_is_refused(tmp_path: Path, _what: str, raw: Callable[[], bytes], code: str) -> None:
    assert _codes(write_list(tmp_path, raw(), **POSTINGS)) == [code]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["Kite Tester", "kite tester", "KITE  TESTER", "Lantern Planner", PERSON, f"x {MAIL}"] + [f"Kite {c}" for c in "abcdefghijkl"]), min_size=20, max_size=60), st.randoms())
def test_rows_are_kept_or_counted_and_their_order_makes_no_difference(tmp_path_factory: pytest.TempPathFactory, titles: list[str], shuffle: random.Random) -> None:
    """Every row is kept or counted as dropped; shuffled rows give the same titles and counts."""
    seen = []
    titles = [*titles, *(f"Lantern {c}" for c in "abcdefghij")]  # enough that a list of persons is never what it is
    for _ in range(2):
        folder = write_list(tmp_path_factory.mktemp("market"), "title\n" + "".join(f'"{t}"\n' for t in titles), count_column=None, columns=["title"])
        met = _read(folder)
        (finding,) = met.findings
        assert finding.rows_in == len(titles) == finding.rows_kept + sum(d.count for d in finding.dropped)
        seen.append([(local, label, n) for local, label, n, _ in met.lists[0].titles])
        shuffle.shuffle(titles)
    assert seen[0] == seen[1]


def test_every_title_that_is_kept_passes_the_last_door(tmp_path: Path) -> None:
    """The guard is at least as strict as the contract on observed titles."""
    shape = (Path(__file__).resolve().parents[2] / "shapes" / "market.ttl").read_text(encoding="utf-8")
    told = re.search(r'sh:pattern "(.*)" \]', shape)
    assert told
    forbidden = re.compile(told[1].replace("\\\\", "\\"))
    made = random.Random(3)
    titles = ["".join(made.choice("ab1 @.:/+()-9") for _ in range(made.randrange(1, 30))) for _ in range(3_000)]
    titles += [f"Kite {n:05d} tester" for n in range(9_000)]
    met = _read(write_list(tmp_path, "title\n" + "".join(f'"{t}"\n' for t in titles), count_column=None, columns=["title"]))
    assert not [label for _, label, _, _ in met.lists[0].titles if forbidden.search(label) or len(label) > 200]


def test_words_of_a_column_name() -> None:
    assert [plain_words(t) for t in ("E-Mail_Adresse", "eMailAdresse", "PRÉNOM ", "first  name")] == ["e mail adresse", "e mail adresse", "prenom", "first name"]


POLICIES = [
    ("not TOML", "version = ", "SRC361"), ("a key too many", None, "SRC361"), ("a broken pattern", ("pattern = '://", "pattern = '((://"), "SRC361"), ("no e-mails", ("[kinds.email]", "[kinds.mail_of]"), "SRC361"),
    ("a limit without a reason", (', reason = "each becomes a record of the graph"', ""), "SRC361"), ("another action", ('action = "refuse_file"', 'action = "keep"'), "SRC361"),
]  # fmt: skip


@pytest.mark.parametrize(("_what", "change", "code"), POLICIES, ids=[p[0] for p in POLICIES])
def test_a_broken_policy_lets_nothing_in(tmp_path: Path, _what: str, change: object, code: str) -> None:
    text = (Path(__file__).resolve().parents[2] / "graph_data" / "intake_policy.toml").read_text(encoding="utf-8")
    path = tmp_path / "intake_policy.toml"
    path.write_text(change if isinstance(change, str) else text + "\n[more]\nx = 1\n" if change is None else text.replace(*change), encoding="utf-8")  # type: ignore[misc]
    with pytest.raises(BadInput) as raised:
        load_intake_policy(path)
    assert {d.code for d in raised.value.diagnostics} == {code}


def test_an_absent_policy_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputOutput, match="SRC360"):
        load_intake_policy(tmp_path / "nowhere.toml")


def test_the_policy_is_dated_and_every_number_has_unit_and_reason() -> None:
    assert POLICY.dated.year >= 2026
    assert all(limit.unit and limit.reason for limit in (*(k.share for k in POLICY.kinds.values() if k.share), POLICY.limits.title_characters))
