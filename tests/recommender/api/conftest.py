import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client


@pytest.fixture
def member(db) -> Client:
    """Signed in, but no member of staff."""
    client = Client()
    client.force_login(User.objects.create_user("member"))
    return client


@pytest.fixture
def staff(db) -> Client:
    client = Client()
    user = User.objects.create_user("admin", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__model="clusteringrun"))
    client.force_login(user)
    return client
