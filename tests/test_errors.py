import pickle

import pytest

from posecore import LimitError, MediaError, PoseError


def test_one_tree() -> None:
    assert issubclass(MediaError, PoseError)
    assert issubclass(LimitError, PoseError)


def test_a_sentence_in_each_language() -> None:
    error = LimitError("picture_too_small", width=20, height=13, least=16)
    assert str(error) == "This picture is only 20 × 13 pixels; each side needs at least 16."
    assert "20 × 13" in error.message("zh")


def test_survives_the_way_back_from_a_worker_process() -> None:
    error = pickle.loads(pickle.dumps(LimitError("too_many_pixels", most=50)))
    assert isinstance(error, LimitError)
    assert "50" in str(error)


def test_a_code_without_a_sentence_is_found_at_once() -> None:
    with pytest.raises(KeyError):
        str(MediaError("no such code"))
