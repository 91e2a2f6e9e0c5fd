"""Review bundles as files: written with their schemas beside them, and read back only where every digest in them holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.adjudication.bundle import BUNDLE_SCHEMA, TRANSCRIPT_SCHEMA, ReviewBundle
from engine.adjudication.json_lines import parsed_object, read_bytes
from engine.adjudication.question import Question
from engine.contracts import BadInput, Corrupt, InputOutput, Place, digest_of

BUNDLE = "bundle.json"


@dataclass(frozen=True, slots=True)
class AskedQuestions:
    """The questions of a bundle that was read, by id, with its day and the digests of itself, the records and the rules; `by_digest`: ids by prompt digest."""

    name: str
    digest: str
    as_of: str
    record_digest: str
    rules_digest: str
    questions: Mapping[str, Question]
    by_digest: Mapping[str, str]


def write_bundle(bundle: ReviewBundle, folder: Path) -> tuple[str, ...]:
    """Write the bundle and both schemas into a new or empty folder; answers the names written.

    Raises BadInput ADJ213 where the folder holds anything, InputOutput ADJ201.
    """
    from engine.adjudication.bundle_form import bundle_schema, transcript_schema

    empty_folder(folder)
    return write_files(folder, {BUNDLE: bundle_text(bundle), BUNDLE_SCHEMA: bundle_schema(), TRANSCRIPT_SCHEMA: transcript_schema()})


def bundle_text(bundle: ReviewBundle) -> str:
    """The bundle's bytes as a file holds them."""
    return json.dumps(bundle.document(), ensure_ascii=False, indent=2) + "\n"


def empty_folder(folder: Path) -> None:
    """Make a folder, or find it empty. Raises BadInput ADJ213, InputOutput ADJ201."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BadInput.at("ADJ213", f"the folder {folder.name} is not empty", why="files of two runs would mix", fix="name an empty or a new folder", place=Place(str(folder)))
    except OSError as error:
        raise InputOutput.at("ADJ201", f"cannot write there: {error.strerror}", fix="check permission and space", place=Place(str(folder))) from None


def write_files(folder: Path, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Write files by name; answers the names. Raises InputOutput ADJ201."""
    try:
        for name, text in texts.items():
            (folder / name).write_bytes(text.encode())
    except OSError as error:
        raise InputOutput.at("ADJ201", f"cannot write there: {error.strerror}", fix="check permission and space", place=Place(str(folder))) from None
    return tuple(texts)


def read_bundle(path: Path) -> AskedQuestions:
    """The questions of a bundle; `path` is the file or the folder that holds it.

    Raises InputOutput ADJ101; BadInput ADJ102 (too large), ADJ202 (no JSON), ADJ105 (not in the form of a bundle, every fault), ADJ203 (a question
    twice); Corrupt ADJ301 (a digest does not hold).
    """
    from engine.adjudication.bundle_form import BundleForm, form_faults, question_of

    file = path / BUNDLE if path.is_dir() else path
    raw = read_bytes(file)
    try:
        document: dict[str, Any] = parsed_object(raw.decode("utf-8-sig"))
    except ValueError as error:
        raise BadInput.at("ADJ202", f"{file.name} is no bundle: {str(error).splitlines()[0][:120]}", fix="make one with `wig adjudicate bundle --out DIR`", place=Place(file.name)) from None
    form, faults = form_faults(BundleForm, document, Place(file.name))
    if form is None:
        raise BadInput(*faults)
    questions: dict[str, Question] = {}
    for stated in form.questions:
        question = question_of(stated)
        if question.question_id in questions:
            raise BadInput.at("ADJ203", f"{question.question_id} stands twice", why="a verdict would be on both", fix="make the bundle again", place=Place(file.name))
        questions[question.question_id] = question
        # the prompt and the answers are made anew from the parts, so none of them can say something else than the rest
        if (question.question_id, question.prompt_digest, question.prompt, list(question.allowed_answers)) != (stated.question, stated.prompt_digest, stated.prompt, stated.allowed_answers):
            raise _changed(file, stated.question)
    if digest_of({k: v for k, v in document.items() if k != "digest"}) != form.digest:
        raise _changed(file, "the bundle")
    return AskedQuestions(file.name, form.digest, form.as_of.isoformat(), form.records, form.rules, questions, {stated.prompt_digest: stated.question for stated in form.questions})


def _changed(file: Path, what: str) -> Exception:
    return Corrupt.at("ADJ301", f"{what} is not what its digest says", why="reviewers answer a question as it was put", fix="make the bundle again, and never edit it", place=Place(file.name))
