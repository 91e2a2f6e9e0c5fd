"""Adjudication without a model in the loop: questions for reviewers, their verdicts read back, and what may be promoted to a proposed patch.

In: titles with their decisions, a snapshot, transcripts of reviewers (models or people) as files. Out: review bundles, agreement, outcomes
with every obstacle, patches. Refuses to know: any model or network, how anything is drawn, and how a patch is applied (nothing here does).
"""

from engine.adjudication.agreement import (
    AgreementReport,
    Coefficient,
    PairAgreement,
    agreement,
    answers_of,
    cohens_kappa,
    fleiss_kappa,
    krippendorffs_alpha,
)
from engine.adjudication.agreement_reports import agreement_reports
from engine.adjudication.bundle import ReviewBundle, Reviewing
from engine.adjudication.bundle_files import AskedQuestions, read_bundle, write_bundle
from engine.adjudication.bundle_form import bundle_schema, transcript_schema
from engine.adjudication.coverage_titles import coverage_titles
from engine.adjudication.promotion import PROMOTIONS, Adjudication, Basis, Obstacle, PromotionOutcome, adjudicate
from engine.adjudication.proposals import Proposal, read_proposals, refuse_unknown
from engine.adjudication.question import OTHER_ANSWERS, Candidate, LeftOut, Proposer, Question, Statement
from engine.adjudication.receipts import receipt_id, receipt_of
from engine.adjudication.transcripts import Transcripts, Verdict, read_transcripts
from engine.adjudication.unread import Unread
from engine.adjudication.verdict_patches import verdict_patches, write_promotion
from engine.adjudication.voices import Standing, Voice, Vote

__all__ = [
    "OTHER_ANSWERS", "PROMOTIONS", "Adjudication", "AgreementReport", "AskedQuestions", "Basis", "Candidate", "Coefficient", "LeftOut", "Obstacle", "PairAgreement", "PromotionOutcome", "Proposal", "Proposer",
    "Question", "ReviewBundle", "Reviewing", "Standing", "Statement", "Transcripts", "Unread", "Verdict", "Voice", "Vote", "adjudicate", "agreement", "agreement_reports", "answers_of", "bundle_schema", "cohens_kappa",
    "coverage_titles", "fleiss_kappa", "krippendorffs_alpha", "read_bundle", "read_proposals", "read_transcripts", "receipt_id", "receipt_of", "refuse_unknown", "transcript_schema", "verdict_patches",
    "write_bundle", "write_promotion",
]  # fmt: skip
