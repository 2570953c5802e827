"""The lock that tells on one machine whether the process of some work lives."""

import fcntl

from tracks.jobs.presence import is_gone, present


def test_work_is_gone_when_its_process_ended_without_a_word(tmp_path):
    assert not is_gone(tmp_path, 1), "nobody knows of it here"
    with present(tmp_path, 1):
        assert not is_gone(tmp_path, 1)
    assert not is_gone(tmp_path, 1), "it ended in order"

    (tmp_path / "work-1.lock").touch()  # what a killed process leaves

    assert is_gone(tmp_path, 1)
    assert not is_gone(tmp_path, 1), "that is told once"


def test_work_that_is_about_to_lock_its_file_is_not_gone(tmp_path, monkeypatch):
    lock, asked = fcntl.flock, []

    def ask_first(file, operation):
        if operation == fcntl.LOCK_EX and not asked:
            asked.append(is_gone(tmp_path, 1))
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", ask_first)
    with present(tmp_path, 1):
        assert asked == [False]
        assert not is_gone(tmp_path, 1)
        assert [path.name for path in tmp_path.glob("*work-1*")] == ["work-1.lock"]


def test_a_lock_that_was_replaced_meanwhile_is_left_to_its_process(tmp_path, monkeypatch):
    lock = fcntl.flock
    path = tmp_path / "work-1.lock"
    path.touch()

    def replace_first(file, operation):
        lock(file, operation)
        (tmp_path / "other").touch()
        (tmp_path / "other").rename(path)

    monkeypatch.setattr(fcntl, "flock", replace_first)

    assert not is_gone(tmp_path, 1)
    assert path.exists()
