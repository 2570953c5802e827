"""When tasks run by themselves: the tables of django-celery-beat, as web processes show and edit them."""
