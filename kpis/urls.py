"""Addresses of returns, runs and scorecards."""

from __future__ import annotations

app_name = "kpis"
urlpatterns: list = []
