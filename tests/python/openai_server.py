"""A server on loopback that answers as OpenAI's images and speech do."""

from __future__ import annotations

import base64
import json
import threading
from email import message_from_bytes
from email.policy import HTTP
from typing import Any

from server import Exchange, Request, Service, png, sample

KEY = "sk-a-secret-of-the-test"


class OpenAiServer:
    """Answers for a ``Service``: pictures, edits, previews, speech and models."""

    def __init__(self) -> None:
        self.service = Service()
        self.service.answer = self.answer
        self.may_finish = threading.Event()
        """Streams wait for it before their last event."""

    def config(self, **more: Any) -> dict[str, Any]:
        """A configuration that leads here."""
        endpoint = f"{self.service.url}/v1"
        return {"protocol": "openai", "service_endpoint": endpoint, "api_key": KEY, **more}

    @property
    def last(self) -> Request:
        """What was asked last."""
        return self.service.requests[-1]

    def answer(self, request: Request, exchange: Exchange) -> None:
        """Answer one request."""
        key = request.headers.get("authorization", "")
        if key != f"Bearer {KEY}":
            message = f"Incorrect API key provided: {key.removeprefix('Bearer ')}."
            exchange.json(401, {"error": {"message": message, "code": "invalid_api_key"}})
            return
        match request.path:
            case "/v1/images/generations":
                self._pictures(request.json, exchange)
            case "/v1/images/edits":
                self._pictures(self.form(request), exchange)
            case "/v1/audio/speech":
                exchange.reply(200, sample(), "audio/wav")
            case "/v1/models":
                models = [{"id": name, "object": "model"} for name in ("painter-1", "speaker-1")]
                exchange.json(200, {"object": "list", "data": models})
            case _:
                exchange.json(404, {"error": {"message": f"Invalid URL ({request.path})"}})

    @staticmethod
    def form(request: Request) -> dict[str, Any]:
        """The fields of a ``multipart/form-data`` body; files as bytes."""
        head = f"content-type: {request.headers['content-type']}\r\n\r\n".encode()
        fields: dict[str, Any] = {}
        for part in message_from_bytes(head + request.body, policy=HTTP).iter_parts():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            fields[name] = content if part.get_filename() else content.decode()
        return fields

    def _pictures(self, order: dict[str, Any], exchange: Exchange) -> None:
        if order.get("stream"):
            self._stream(order, exchange)
            return
        made = [
            {"b64_json": encoded(png(16 + place, 16))} for place in range(int(order.get("n", 1)))
        ]
        exchange.json(200, {"created": 1795340420, "output_format": "png", "data": made})

    def _stream(self, order: dict[str, Any], exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("content-type", "text/event-stream; charset=utf-8")
        exchange.send_header("connection", "close")
        exchange.end_headers()
        exchange.close_connection = True
        for place in range(order["partial_images"]):
            preview = {"b64_json": encoded(png(2 + place, 2)), "partial_image_index": place}
            tell(exchange, "image_generation.partial_image", preview)
        assert self.may_finish.wait(10)
        tell(exchange, "image_generation.completed", {"b64_json": encoded(png(16, 16))})


def encoded(content: bytes) -> str:
    """Base64 text."""
    return base64.b64encode(content).decode()


def tell(exchange: Exchange, kind: str, members: dict[str, Any]) -> None:
    """Send one event."""
    data = {"type": kind, "output_format": "png", **members}
    exchange.wfile.write(f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode())
    exchange.wfile.flush()
