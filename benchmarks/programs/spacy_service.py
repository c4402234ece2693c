"""spaCy behind FastAPI, for `service.py`: its small English pipeline with nothing but the named-entity recognizer.

PEERS/bin/python spacy_service.py PORT [PIPELINE]
"""

from __future__ import annotations

import sys
from typing import Any

import spacy
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
nlp = spacy.load((sys.argv[2:] or ["en_core_web_sm"])[0], exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])


class Request(BaseModel):
    text: str | list[str]


@app.post("/v1/tag")
def tag(request: Request) -> dict[str, Any]:
    texts = request.text if isinstance(request.text, list) else [request.text]
    return {"documents": [_record(document) for document in nlp.pipe(texts)]}


def _record(document: Any) -> dict[str, Any]:
    entities = [
        {"label": entity.label_, "start": entity.start_char, "end": entity.end_char, "text": entity.text}
        for entity in document.ents
    ]
    return {"text": document.text, "entities": entities}


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning")
