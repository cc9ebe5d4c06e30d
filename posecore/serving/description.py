"""What the service offers, for programs: OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from posecore.detection.detector_settings import CLOSER, MOST_PEOPLE, DetectorSettings
from posecore.detection.models import QUALITIES
from posecore.exercises.exercise_files import exercise_names
from posecore.formats.file_formats import FORMATS
from posecore.skeleton import LANDMARKS
from posecore.version import __version__

TABLES = ("landmarks.csv", "angles.csv", "reps.csv")
MEDIATYPES = dict.fromkeys(TABLES, "text/csv") | {"annotated.mp4": "video/mp4"}
MEDIATYPES |= {name: one.mimetype for name, one in FORMATS.items()}

_NUMBER = {"type": ["number", "null"]}
_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}


def openapi(*, keyed: bool = False) -> dict[str, Any]:
    """The description; `keyed` where a key is asked for."""
    described: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "PoseLab",
            "version": __version__,
            "description": "Human pose estimation: pictures in, landmarks out; clips in, jobs with results to fetch.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/images": {"post": _image()},
            "/clips": {"post": _new_clip()},
            "/clips/{id}": {"parameters": [_ID], "get": _state(), "delete": _free()},
            "/clips/{id}/events": {"parameters": [_ID], "get": _events()},
            "/clips/{id}/{name}": {"parameters": [_ID, _NAME], "get": _result()},
            "/exercises": {"get": _exercises()},
            "/health": {"get": {"operationId": "health", "summary": "That it runs.", "responses": _answers(_HEALTH)}},
        },
        "components": {"schemas": _SCHEMAS, "responses": {"Problem": _PROBLEM}},
    }
    if keyed:
        described["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        described["security"] = [{"key": []}]
    return described


def _query(name: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": words}


_ID = {"name": "id", "in": "path", "required": True, "schema": _TEXT, "description": "Of a job."}
_NAME = {
    "name": "name",
    "in": "path",
    "required": True,
    "schema": {"enum": ["summary", *MEDIATYPES]},
    "description": "Of a result.",
}
_LANGUAGE = _query("lang", {"enum": ["en", "zh"]}, "Of problems; else by Accept-Language.")


def _detection(people: int) -> list[dict[str, Any]]:
    usual = DetectorSettings()
    many = {"type": "integer", "minimum": 1, "maximum": MOST_PEOPLE, "default": people}
    sure = {"type": "number", "minimum": 0, "maximum": 1, "default": usual.min_confidence}
    return [
        _query("model", {"enum": list(QUALITIES), "default": usual.model}, "Larger ones see better and take longer."),
        _query("people", many, "People to look for at most."),
        _query("min_confidence", sure, "From which a person counts as found."),
        _query("closer", {"enum": list(CLOSER), "default": usual.closer}, "Look at parts of the picture too."),
        _query("mirrored", {"type": "boolean", "default": False}, "Look at everything in the mirror too."),
        _LANGUAGE,
    ]


def _body(field: str) -> dict[str, Any]:
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    form = {"type": "object", "properties": {field: file}, "required": [field]}
    return {"required": True, "content": {"application/octet-stream": {}, "multipart/form-data": {"schema": form}}}


def _answers(content: dict[str, Any], status: str = "200", *problems: str, **headers: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "As asked.", "content": content}
    if headers:
        answer["headers"] = {name: {"schema": _TEXT, "description": words} for name, words in headers.items()}
    found = {status: answer if content or headers else {"description": "Done."}}
    return found | {one: {"$ref": "#/components/responses/Problem"} for one in (*problems, "401", "429", "500")}


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


_STREAM: dict[str, Any] = {"text/event-stream": {}}
_HEALTH = {
    "application/json": {
        "schema": {"type": "object", "properties": {"status": _TEXT, "version": _TEXT}, "required": ["status"]}
    }
}


def _image() -> dict[str, Any]:
    drawn = {"image/png": {"schema": {"type": "string", "contentMediaType": "image/png"}}}
    return {
        "operationId": "findPeople",
        "summary": "People in a picture, as JSON, or drawn where Accept asks for image/png.",
        "parameters": _detection(DetectorSettings.people),
        "requestBody": _body("image"),
        "responses": _answers(_json("Picture") | drawn, "200", "413", "422", "503", "507"),
    }


def _new_clip() -> dict[str, Any]:
    seconds = {"type": "number", "minimum": 0}
    return {
        "operationId": "addClip",
        "summary": "A clip becomes a job. With Accept: text/event-stream its progress is the answer, and it ends where "
        "the caller leaves before it is done.",
        "parameters": [
            *_detection(1),
            _query("start", seconds, "From this second on."),
            _query("end", seconds, "Up to this second."),
            _query("every", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 1}, "Every N-th frame."),
            _query("exercise", {"enum": list(exercise_names())}, "Whose repetitions are counted."),
            _query("name", _TEXT, "Of the clip, for the names of results."),
        ],
        "requestBody": _body("clip"),
        "responses": _answers(_json("Job"), "202", "413", "422", "503", "507", Location="Of the job.")
        | {"200": {"description": "Progress.", "content": _STREAM}},
    }


def _state() -> dict[str, Any]:
    answers = _answers(_json("Job"), "200", "404", "409")
    return {"operationId": "getClip", "summary": "How far a job is, and what there is to fetch.", "responses": answers}


def _events() -> dict[str, Any]:
    answers = _answers(_STREAM, "200", "404")
    return {"operationId": "watchClip", "summary": "The same as it changes, until it is over.", "responses": answers}


def _free() -> dict[str, Any]:
    answers = _answers({}, "204", "404")
    return {"operationId": "freeClip", "summary": "End a job and take its files away.", "responses": answers}


def _result() -> dict[str, Any]:
    content: dict[str, Any] = {mediatype: {} for mediatype in ("application/json", *MEDIATYPES.values())}
    answers = _answers(content, "200", "404", "409", "422", "507")
    return {"operationId": "getResult", "summary": "One of a finished job's results.", "responses": answers}


def _exercises() -> dict[str, Any]:
    answers = _answers({"application/json": {"schema": {"type": "array", "items": _named(("name", "title"))}}})
    return {
        "operationId": "listExercises",
        "summary": "What can be counted.",
        "parameters": [_LANGUAGE],
        "responses": answers,
    }


def _named(names: tuple[str, ...], schema: dict[str, Any] = _TEXT) -> dict[str, Any]:
    return {"type": "object", "properties": dict.fromkeys(names, schema), "required": list(names)}


def _points(names: tuple[str, ...]) -> dict[str, Any]:
    point = _named(names, _NUMBER)
    point["properties"]["name"] = {"enum": list(LANDMARKS)}
    return {"type": "array", "items": point, "minItems": len(LANDMARKS), "maxItems": len(LANDMARKS)}


_SCHEMAS: dict[str, Any] = {
    "Picture": {
        "type": "object",
        "properties": {
            "width": _COUNT,
            "height": _COUNT,
            "model": {"enum": list(QUALITIES)},
            "people": {"type": "array", "items": {"$ref": "#/components/schemas/Person"}},
        },
        "required": ["width", "height", "model", "people"],
    },
    "Person": {
        "type": "object",
        "description": "Landmarks in pixels, world landmarks in metres from the middle of the hips, angles in degrees.",
        "properties": {
            "landmarks": _points(("x", "y", "z", "visibility", "presence")),
            "world": _points(("x", "y", "z")),
            "angles": {"type": "object", "additionalProperties": _NUMBER},
            "doubtful": {"type": "boolean"},
        },
        "required": ["landmarks", "world", "angles"],
    },
    "Job": {
        "type": "object",
        "properties": {
            "id": _TEXT,
            "state": {"enum": ["working", "done", "failed"]},
            "done": _COUNT,
            "total": _COUNT,
            "results": {"type": "object", "additionalProperties": _TEXT, "description": "Addresses by name."},
            "problem": _TEXT,
        },
        "required": ["id", "state", "done", "total"],
    },
    "Problem": {
        "type": "object",
        "properties": {"type": _TEXT, "title": _TEXT, "status": _COUNT, "detail": _TEXT, "code": _TEXT},
        "required": ["type", "title", "status", "detail"],
    },
}
_PROBLEM = {
    "description": "What is wrong, in the caller's language.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
