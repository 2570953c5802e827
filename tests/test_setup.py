import pytest
from django.db import connection


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_tests_on_postgresql_really_run_there():
    assert connection.vendor == "postgresql"


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_ordinary_tests_run_on_sqlite_in_a_file_like_production():
    assert connection.vendor == "sqlite"
