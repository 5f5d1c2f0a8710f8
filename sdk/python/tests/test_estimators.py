from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from server import ADMIN, PASSWORD, Server
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_digits, make_friedman1
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator

from hanami_sdk import Hanami, HanamiClassifier, HanamiRegressor, NotFoundError


@pytest.mark.parametrize("kind", [HanamiClassifier, HanamiRegressor])
def test_scikit_learn_takes_it_for_an_estimator(kind: Any) -> None:
    checks = check_estimator(kind(embedded=True), on_skip=None)
    assert len(checks) > 40
    skipped = {check["check_name"] for check in checks if check["status"] != "passed"}
    # Needs SCIPY_ARRAY_API in the environment, and is for those who say they support it.
    assert skipped <= {"check_array_api_input"}


def test_raw_features_of_wild_scales_need_no_scaling() -> None:
    X, y = load_breast_cancer(return_X_y=True)
    wild = X * 10.0 ** np.arange(-15, 15)
    for features in (X, wild):
        scores = cross_val_score(HanamiClassifier(embedded=True, random_state=0), features, y, cv=5)
        assert scores.mean() > 0.94


def test_numbers_are_predicted() -> None:
    X, y = make_friedman1(1000, random_state=0)
    model = HanamiRegressor(embedded=True, random_state=0).fit(X[:800], y[:800])
    assert model.score(X[800:], y[800:]) > 0.9
    both = HanamiRegressor(embedded=True, random_state=0).fit(X, np.column_stack([y, -y]))
    assert both.predict(X[:3]).shape == (3, 2)


def test_the_same_random_state_gives_the_same_model() -> None:
    X, y = load_digits(return_X_y=True)
    first, second = (
        HanamiClassifier(embedded=True, random_state=3, epochs=1).fit(X[:300], y[:300])
        for _ in range(2)
    )
    assert np.array_equal(first.predict_proba(X), second.predict_proba(X))


def test_it_learns_bit_by_bit_and_goes_on_after_pickling() -> None:
    X, y = load_digits(return_X_y=True)
    model = HanamiClassifier(embedded=True, random_state=0)
    for rows in np.array_split(np.arange(1200), 6):
        model.partial_fit(X[rows], y[rows], classes=range(10))
    assert model.score(X[1200:], y[1200:]) > 0.8
    again = pickle.loads(pickle.dumps(model))
    for goes_on in (model, again):
        goes_on.partial_fit(X[1200:1300], y[1200:1300])
    assert np.array_equal(model.predict_proba(X), again.predict_proba(X))


def test_the_first_part_has_to_name_the_classes() -> None:
    with pytest.raises(ValueError, match="classes"):
        HanamiClassifier(embedded=True).partial_fit([[1.0], [2.0]], [0, 1])
    model = HanamiClassifier(embedded=True).partial_fit([[1.0], [2.0]], [0, 1], classes=[0, 1])
    with pytest.raises(ValueError, match="classes"):
        model.partial_fit([[1.0]], [7])


def test_it_works_in_pipelines_and_searches() -> None:
    X, y = load_digits(return_X_y=True)
    pipeline = make_pipeline(FunctionTransformer(np.sqrt), HanamiClassifier(embedded=True))
    search = GridSearchCV(pipeline, {"hanamiclassifier__epochs": [1, 3]}, cv=2, n_jobs=2)
    assert search.fit(X[:400], y[:400]).best_score_ > 0.7


def test_the_password_is_not_shown() -> None:
    model = HanamiClassifier(address="http://garden", user="anna", password="planted in spring")
    shown = [repr(model), repr(make_pipeline(model)), model._repr_html_()]
    shown.append(make_pipeline(model)._repr_html_())
    for text in shown:
        assert "planted" not in text
        assert "garden" in text
    assert clone(model).password == "planted in spring"


def test_without_a_server_it_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match="embedded=True"):
        HanamiClassifier().fit([[1.0], [2.0]], [0, 1])


def test_it_learns_on_a_server_what_it_would_embedded(server: Server, hanami: Hanami) -> None:
    X, y = load_digits(return_X_y=True)
    options: dict[str, Any] = {"epochs": 2, "random_state": 0}
    embedded = HanamiClassifier(embedded=True, **options).fit(X[:200], y[:200])
    served = HanamiClassifier(address=server.address, user=ADMIN, password=PASSWORD, **options).fit(
        X[:200], y[:200]
    )
    assert np.array_equal(served.predict_proba(X[:300]), embedded.predict_proba(X[:300]))

    first = served.cluster_
    served.set_params(client=hanami).fit(X[:50], y[:50])
    with pytest.raises(NotFoundError):
        hanami.cluster(first.uuid)
    served.partial_fit(X[50:100], y[50:100])
    network = served.cluster_.refresh().network
    assert network is not None
    assert network.steps == 150
    served.backend_.discard()


def test_a_regressor_learns_on_a_server(hanami: Hanami) -> None:
    X = np.linspace(0, 6, 100).reshape(-1, 1)
    y = np.sin(X).ravel()
    model = HanamiRegressor(client=hanami, epochs=10, random_state=0).fit(X, y)
    assert model.score(X, y) > 0.8
    model.backend_.discard()
