"""What a licence lets leave the machine: every exit asks here, and carries attributions with what it carries.

In: records with their source, a way out, the published pack `licence`. Out: what passes, what is refused and why, the citations
owed. Refuses to know: how anything is drawn, and how a record was made.
"""

from engine.licensing.answer_exit import AnswerCitations
from engine.licensing.exits import Admitted, Attribution, Exit, LicensedSource, Refused, Verdict
from engine.licensing.findings_exit import admit_findings
from engine.licensing.neighbourhood_exit import AdmittedGraph, admit_graph, closed_targets
from engine.licensing.policy import LicencePolicy, attributions_text, licence_policy
from engine.licensing.query_reach import Reach, reach_of

__all__ = [
    "Admitted", "AdmittedGraph", "AnswerCitations", "Attribution", "Exit", "LicencePolicy", "LicensedSource", "Reach", "Refused", "Verdict",
    "admit_findings", "admit_graph", "attributions_text", "closed_targets", "licence_policy", "reach_of",
]  # fmt: skip
