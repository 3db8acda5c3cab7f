from django.urls import path

from rulebooks import views

app_name = "rulebooks"
urlpatterns = [
    path("rulebook/", views.editions, name="editions"),
    path("editions/draft/", views.draft, name="draft"),
    path("rulebook/<str:code>/", views.edition, name="edition"),
    path("rulebook/<str:code>/source/", views.source, name="source"),
    path("rulebook/<str:code>/adopt/", views.adopt, name="adopt"),
]
