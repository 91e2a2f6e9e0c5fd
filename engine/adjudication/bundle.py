"""A review bundle: questions about titles that the rules do not answer, made from one snapshot for one day.

The same titles, snapshot and day give the same bytes, in whatever order the titles come.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.adjudication.bounded_text import bounded_text, shortened
from engine.adjudication.candidate_records import CandidateRecords
from engine.adjudication.candidates import EXIT, Candidates, Shown
from engine.adjudication.proposals import Proposal
from engine.adjudication.question import INSTRUCTIONS, LeftOut, Proposer, Question
from engine.contracts import BadInput, Decision, digest_of
from engine.contracts.canonical import plain
from engine.graph import Snapshot
from engine.licensing import Attribution, Refused, licence_policy
from engine.resolver import Facts
from engine.rules import Rulebook
from engine.sources import title_key

PACK = "adjudication"
BUNDLE_SCHEMA, TRANSCRIPT_SCHEMA = "review_bundle.schema.json", "review_transcript.schema.json"
FORMAT = 1
EVERY = 500
_TODAY = ("fallback_tier", "service_tier", "runtime_action", "confidence")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ReviewBundle:
    """Questions in order of their ids, with the digests of what they were made from, what was left out and why, and the citations owed."""

    as_of: str
    record_digest: str
    rules_digest: str
    questions: tuple[Question, ...]
    left_out: tuple[LeftOut, ...]
    refused: tuple[Refused, ...]
    attributions: tuple[Attribution, ...]

    def document(self) -> dict[str, Any]:
        """The bundle as one JSON document; `digest` is the SHA-256 of the canonical JSON of all the rest."""
        body = {
            "$schema": BUNDLE_SCHEMA, "format": FORMAT, "as_of": self.as_of, "records": self.record_digest, "rules": self.rules_digest, "answers_to": TRANSCRIPT_SCHEMA,
            "instructions": list(INSTRUCTIONS), "questions": [q.document() for q in self.questions], "left_out": plain(self.left_out), "refused": plain(self.refused),
            "attributions": plain(self.attributions),
        }  # fmt: skip
        return {**body, "digest": digest_of(body)}


class Reviewing:
    """One snapshot on one day, as the reviewers' questions are put to it. `resolve` decides one title, as `wig resolve` does."""

    def __init__(self, snapshot: Snapshot, rulebook: Rulebook, facts: Facts, resolve: Callable[[str], Decision], as_of: date) -> None:
        """Raises BadInput ADJ210 where the rules of the snapshot hold no pack `adjudication`, LIC101."""
        if PACK not in rulebook.packs:
            raise BadInput.at("ADJ210", f"the rules of this snapshot hold no pack `{PACK}`", why="it decides what is asked and what is promoted", fix="build anew with `wig build`")
        self.snapshot, self.rulebook, self.as_of, self._resolve = snapshot, rulebook, as_of, resolve
        self.records = CandidateRecords(snapshot)
        self._policy = licence_policy(snapshot)
        shown = Shown(*(int(self.parameter(name)) for name in ("candidates_shown", "evidence_shown", "description_shown", "statement_shown")))
        self.candidates = Candidates(self.records, facts, rulebook, self._policy, as_of, shown)

    def parameter(self, name: str) -> Any:
        """A parameter of the pack, of the day."""
        return self.rulebook.parameter(PACK, name, self.as_of)

    def tiers(self) -> tuple[str, ...]:
        """Names of the service tiers, as the rules have them."""
        return tuple(str(v) for v in self.rulebook.pack("service").tables["service_tier"].outputs[0].values or ())

    def asked_tiers(self, wished: Collection[str] = ()) -> tuple[str, ...]:
        """Service tiers whose titles become questions."""
        tiers = self.tiers()
        told = self.rulebook.decide(PACK, "question", {"service_tier": tiers, "wished": [t in wished for t in tiers]}, self.as_of, trace=False).outputs["question"]
        return tuple(t for t, said in zip(tiers, told, strict=True) if said == "ask")

    def bundle(self, titles: Iterable[str], wished: Collection[str] = (), proposals: Sequence[Proposal] = (), say: Say = lambda _: None) -> tuple[ReviewBundle, tuple[Decision, ...]]:
        """The bundle of those titles that become questions, and the decisions that led there, in the same order.

        `wished` are service tiers whose titles are asked although the rules answer them. Raises BadInput ADJ211 (more questions than a bundle may
        hold), ADJ212 (an unknown tier).
        """
        unknown = sorted(set(wished) - set(self.tiers()))
        if unknown:
            raise BadInput.at("ADJ212", f"there is no service tier `{unknown[0]}`", fix=f"use one of {', '.join(self.tiers())}")
        fit, left_out = self._fit(titles)
        asked: list[Decision] = []
        because: list[str] = []
        named = list(fit.values())
        for start in range(0, len(named), EVERY):
            for decision, ask, sentence in self._sorted(named[start : start + EVERY], wished):
                if ask:
                    asked.append(decision)
                    because.append(sentence)
                else:
                    left_out.append(LeftOut(decision.outcome["title"], sentence))
            most = int(self.parameter("most_questions"))
            if len(asked) > most:  # told before the rest of a long list is decided
                raise BadInput.at("ADJ211", f"more than {most:,} titles would be asked, which is what a bundle holds", why="every question is read by several reviewers", fix="narrow the list of titles")
            say(f"  {min(start + EVERY, len(named)):,} of {len(named):,} titles")
        say(f"put {len(asked):,} questions")
        questions, refused, used = self._questions(asked, because, proposals)
        receipt = self.snapshot.receipt()
        told = tuple(sorted(left_out, key=lambda o: (o.title, o.because)))
        made = ReviewBundle(self.as_of.isoformat(), receipt.record_digest, receipt.rules_digest, questions, told, refused, self._policy.attributions(used, EXIT))
        return made, tuple(asked)

    def again(self, questions: Iterable[Question]) -> dict[str, tuple[Question, Decision]]:
        """The same titles put to this snapshot today, by question id: whatever their tier is now."""
        proposals = [Proposal(q.title, c.key, p) for q in questions for c in q.candidates for p in c.proposed_by]
        decisions = [self._resolve(q.title) for q in questions]
        made, _, _ = self._questions(decisions, [""] * len(decisions), proposals)
        by_title = {d.outcome["title"]: d for d in decisions}
        return {q.question_id: (q, by_title[q.title]) for q in made}

    def title_audience(self, decision: Decision) -> str | None:
        """For whom the title is as it is read: the output of the row of `fallback.title_audience` that fired; None where nothing is known."""
        table = "title_audience"
        fired = next((r for r in decision.reasons if r.pack == "fallback" and r.table == table), None)
        if fired is None:
            return None
        rule = next(r for r in self.rulebook.pack(fired.pack).tables[table].rules if r.id == fired.rule)
        return str(dict(rule.then)[table])

    def _fit(self, titles: Iterable[str]) -> tuple[dict[str, str], list[LeftOut]]:
        """Titles by key, each once, in order of their keys; and those that cannot be shown to a reviewer."""
        longest = int(self.parameter("title_characters"))
        fit: dict[str, str] = {}
        left_out = []
        for title in titles:
            text = bounded_text(title)
            if not text:
                left_out.append(LeftOut("", "nothing that can be read is in it"))
            elif len(text) > longest:
                left_out.append(LeftOut(shortened(text, longest), f"{len(text):,} characters are more than the {longest} of a title"))
            else:
                known = fit.setdefault(title_key(text), text)
                fit[title_key(text)] = min(known, text)  # of several spellings the same one, in whatever order they come
        return dict(sorted(fit.items())), left_out

    def _sorted(self, titles: Sequence[str], wished: Collection[str]) -> Iterator[tuple[Decision, bool, str]]:
        """Each title decided, whether it is asked, and the sentence of the row that says so."""
        decisions = [self._resolve(t) for t in titles]
        columns: dict[str, list[Any]] = {"service_tier": [d.outcome["service_tier"] for d in decisions], "wished": [d.outcome["service_tier"] in wished for d in decisions]}
        told = self.rulebook.decide(PACK, "question", columns, self.as_of, size=len(decisions), trace=False)
        yield from zip(decisions, (said == "ask" for said in told.outputs["question"]), told.sentences, strict=True)

    def _questions(self, decisions: Sequence[Decision], because: Sequence[str], proposals: Sequence[Proposal]) -> tuple[tuple[Question, ...], tuple[Refused, ...], frozenset[str]]:
        by_title: dict[str, dict[str, tuple[Proposer, ...]]] = {}
        for p in proposals:
            mine = by_title.setdefault(title_key(bounded_text(p.title)), {})
            mine[p.candidate] = tuple(dict.fromkeys((*mine.get(p.candidate, ()), p.proposer)))
        keys = [title_key(d.outcome["title"]) for d in decisions]
        found, refused, used = self.candidates.of(decisions, [dict(sorted(by_title.get(k, {}).items())) for k in keys])
        made = [
            Question(
                d.outcome["title"], title, d.outcome["normalized"], {name: d.outcome[name] for name in _TODAY}, (why, *_reasons(d)), tuple(d.outcome["review_tags"]), candidates, d.decision_id,
            ) for d, title, why, candidates in zip(decisions, keys, because, found, strict=True)
        ]  # fmt: skip
        return tuple(sorted(made, key=lambda q: q.question_id)), refused, used


def _reasons(decision: Decision) -> Sequence[str]:
    return [r.sentence for r in decision.reasons if r.table in ("fallback_tier", "service_tier")]
