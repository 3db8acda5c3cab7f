from django.urls import path

from members.views import applications, directory, letters, notices, people, signing

app_name = "members"
urlpatterns = [
    path("members/", directory.directory, name="directory"),
    path("members/<str:code>/", directory.member, name="member"),
    path("members/<str:code>/requirements/", signing.requirements, name="requirements"),
    path("members/<str:code>/requirements/sign/", signing.sign, name="sign"),
    path("members/<str:code>/requirements/decline/", signing.decline, name="decline"),
    path("members/<str:code>/requirements/document/", signing.lodge_document, name="lodge"),
    path("members/<str:code>/people/", people.people, name="people"),
    path("members/<str:code>/mandates/", people.give_mandate, name="give-mandate"),
    path("members/<str:code>/auditors/", people.assign_auditor, name="assign-auditor"),
    path("mandates/<int:pk>/end/", people.end_mandate, name="end-mandate"),
    path("assignments/<int:pk>/end/", people.end_assignment, name="end-assignment"),
    path("rulebook/<str:code>/notice/", notices.notice, name="notice"),
    path("organisations/", people.organisations, name="organisations"),
    path("organisations/<int:pk>/", people.organisation, name="organisation"),
    path("applications/", applications.applications, name="applications"),
    path("applications/new/", applications.apply, name="apply"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path("applications/<int:pk>/admit/", applications.admit, name="admit"),
    path("applications/<int:pk>/refuse/", applications.refuse, name="refuse"),
    path("outbox/", letters.outbox, name="outbox"),
    path("outbox/decide/", letters.decide, name="decide-letters"),
    path("outbox/<str:template>/mode/", letters.mode, name="letter-mode"),
    path("letters/", letters.inbox, name="inbox"),
    path("letters/<int:pk>/", letters.letter, name="letter"),
]
