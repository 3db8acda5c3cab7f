from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.password, name="password"),
    path("users/", views.users, name="users"),
    path("users/new/", views.create_user, name="create-user"),
    path("users/<int:pk>/", views.user, name="user"),
    path("users/<int:pk>/roles/", views.grant_role, name="grant-role"),
    path("users/<int:pk>/password/", views.reset_password, name="reset-password"),
    path("roles/<int:pk>/end/", views.end_role, name="end-role"),
]
