"""The addresses of all apps."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from kpis.api.contests import ContestViewSet
from kpis.api.results import ResultsViewSet
from kpis.api.returns import ReturnViewSet
from kpis.api.scores import ScorecardViewSet, ScoreRunViewSet
from members.api import ApplicantViewSet, ApplicationViewSet, MemberViewSet
from msi_platform import health
from reports.api import IssuedReportViewSet, MatrixViewSet, RegisterViewSet
from rulebooks.api import EditionViewSet
from suspensions.api import BreachViewSet, CaseViewSet, QuietViewSet
from targets.api import (
    InvoiceViewSet,
    MemberTargetViewSet,
    ObligationViewSet,
    PeriodViewSet,
    TargetViewSet,
)

router = SimpleRouter()
router.register("members", MemberViewSet, basename="member")
router.register("applications", ApplicationViewSet, basename="application")
router.register("applicants", ApplicantViewSet, basename="applicant")
router.register("editions", EditionViewSet, basename="edition")
router.register("returns", ReturnViewSet, basename="return")
router.register("runs", ScoreRunViewSet, basename="run")
router.register("scorecards", ScorecardViewSet, basename="scorecard")
router.register("results", ResultsViewSet, basename="result")
router.register("contests", ContestViewSet, basename="contest")
router.register("breaches", BreachViewSet, basename="breach")
router.register("cases", CaseViewSet, basename="case")
router.register("would-have-fired", QuietViewSet, basename="would-have-fired")
router.register("periods", PeriodViewSet, basename="period")
router.register("obligations", ObligationViewSet, basename="obligation")
router.register("invoices", InvoiceViewSet, basename="invoice")
router.register("matrix", MatrixViewSet, basename="matrix")
router.register("member-targets", MemberTargetViewSet, basename="member-target")
router.register("targets", TargetViewSet, basename="target")
router.register("reports", IssuedReportViewSet, basename="report")
router.register("register", RegisterViewSet, basename="register")

# The documentation page of the sidecar carries one inline style.
docs = csp_update({"style-src": UNSAFE_INLINE})(
    SpectacularSwaggerSplitView.as_view(url_name="schema")
)

urlpatterns = [
    path("", include("targets.urls")),
    path("", include("kpis.urls")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs/", docs, name="api-docs"),
    path("api/v1/", include(router.urls)),
    path("", include("accounts.urls")),
    path("", include("rulebooks.urls")),
    path("", include("members.urls")),
    path("", include("reports.urls")),
    path("", include("dashboard.urls")),
    path("", include("governance.urls")),
    path("", include("suspensions.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
