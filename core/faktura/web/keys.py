"""What the application and each request carry, by typed keys."""

from uuid import UUID

from aiohttp import web

from faktura.bootstrap import App

APP = web.AppKey("app", App)
REQUEST_ID = web.RequestKey("request_id", UUID)
