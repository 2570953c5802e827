"""What the lists of long work say of each row."""

from django.contrib import admin

from recommender.admin import ClusteringRunAdmin
from recommender.models import ClusteringRun
from tests.factories import make_catalogue, publish_run
from tracks.models import CatalogueImport


def test_the_list_of_runs_marks_the_active_one_and_no_other_as_a_fault(admin_client):
    make_catalogue()
    publish_run()
    publish_run()

    page = admin_client.get("/admin/recommender/clusteringrun/").content.decode()

    assert page.count("answers now") == 1
    assert "icon-no" not in page


def test_work_that_has_begun_but_named_no_phase_is_starting(db):
    run, _created = ClusteringRun.objects.start()
    work, _created = CatalogueImport.objects.start(source_name="x")

    assert ClusteringRunAdmin(ClusteringRun, admin.site).state(run) == "running"
    assert admin.site.get_model_admin(CatalogueImport).state(work) == "running: starting, 0 %"
