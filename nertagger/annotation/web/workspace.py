"""What the requests of the page work with: the project, the queue, the trainings, and the latest model."""

from __future__ import annotations

import threading

from nertagger.annotation.learning.background import Background
from nertagger.annotation.project import Project
from nertagger.annotation.ranking.queue import Queue
from nertagger.annotation.ranking.uncertainty import predict
from nertagger.annotation.store.database import ProjectError
from nertagger.annotation.store.models import Proposal
from nertagger.annotation.store.texts import StoredSentence
from nertagger.runtime import Tagger


class Workspace:
    """A project that is open in the page.

    Attributes:
        project: the project.
        queue: chooses what to label next.
        background: its trainings; None if it was opened for reading only.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.queue = Queue(project)
        self.background = None if project.database.read_only else Background(project)
        self._lock = threading.Lock()
        self._loaded: tuple[int, Tagger] | None = None

    @property
    def trainings(self) -> Background:
        """The trainings.

        Raises:
            ProjectError: if the project was opened for reading only.
        """
        if self.background is None:
            raise ProjectError("the project was opened with --read-only, nothing is trained")
        return self.background

    def sentence(self, number: int) -> StoredSentence:
        """Return a sentence.

        Raises:
            ProjectError: if there is none of this number.
        """
        found = self.project.texts.get(number)
        if found is None:
            raise ProjectError(f"there is no sentence {number} in this project")
        return found

    def proposals(self, sentence: StoredSentence) -> tuple[int | None, list[Proposal]]:
        """Return what the latest model proposes, and its number; what was read with the text if there is no model."""
        known = self.project.models.propose(sentence.number)
        latest = self.project.models.latest()
        if latest is not None and (known is None or known[0] != latest.number):
            ((found,),) = predict(self._tagger(), [sentence])
            if not self.project.database.read_only:
                self.project.models.predict(latest.number, [found])
            known = latest.number, found.proposals
        model, proposals = known or (None, [])
        labels = self.project.settings.load().labels  # a model from elsewhere may know others
        return model, [proposal for proposal in proposals if proposal.span.label in labels]

    def _tagger(self) -> Tagger:
        """Return the latest model, which is loaded once."""
        with self._lock:
            latest = self.project.models.latest()
            assert latest is not None
            if self._loaded is None or self._loaded[0] != latest.number:
                self._loaded = latest.number, self.project.load_model(latest)
            return self._loaded[1]
