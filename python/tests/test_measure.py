"""`measure` and `measure_against` on maps whose errors are known in closed form, with NumPy alone."""

from __future__ import annotations

import json

import numpy as np
import pytest

from conftest import GAUSSIAN, gaussian_of
from conftest import MEAN as CENTRE

from consistency_pde import CommandLineError, Integration, Measurement, measure, measure_against, measure_pairs

MEAN = np.array(CENTRE)


def true_map(t, x):
    """Of N(m, 4 I): f(t, x) = m + 2 (x - m) / sqrt(4 + t^2)."""
    return MEAN + 2 * (x - MEAN) / np.sqrt(4 + t * t)


def velocity(t, x):
    return t * (x - MEAN) / (4 + t * t)


def denoiser(t, x):
    return MEAN + 4 * (x - MEAN) / (4 + t * t)


def shifted(t, x):
    """Off by 0.1 t in all coordinates: 0.05 t of the data's standard deviation."""
    return true_map(t, x) + 0.1 * t


def noise(n, time, seed=0):
    return MEAN + np.sqrt(4 + time * time) * np.random.default_rng(seed).standard_normal((n, 3))


@pytest.fixture(scope="module")
def planted() -> Measurement:
    return measure(shifted, GAUSSIAN, 5.0, samples=512)


def test_the_true_map_has_no_error(gaussian):
    result = measure(true_map, gaussian, 5.0, samples=256)
    assert result.error < 1e-8
    assert str(result).startswith("relative error")


def test_a_planted_error_is_found_with_when_it_arises(planted):
    result = planted
    assert result.error == pytest.approx(0.05 * 5, rel=1e-6)
    low, high = result.interval
    assert low <= result.error <= high
    for at in result.by_time:
        assert at.error == pytest.approx(0.05 * at.time, rel=1e-6, abs=1e-9)
    assert sum(at.increment for at in result.by_time) == pytest.approx(0.25, rel=1e-6)


def test_time_as_a_vector_or_a_number(gaussian):
    def with_vector(t, x):
        assert t.shape == (len(x),)
        return true_map(t[:, None], x)

    def with_number(t, x):
        assert t.shape == ()
        return true_map(float(t), x)

    for f, shape in ((with_vector, "vector"), (with_number, "scalar")):
        assert measure(f, gaussian, 5.0, samples=64, time_shape=shape).error < 1e-8


def test_a_problem_file_and_batches_do_not_change_the_result(gaussian, planted, tmp_path):
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(gaussian))
    sizes = []

    def counted(t, x):
        sizes.append(len(x))
        return shifted(t, x)

    parts = measure(counted, path, 5.0, samples=512, batch=100)
    assert max(sizes) == 100
    assert parts.error == planted.error


def test_times_of_ones_own(gaussian):
    asked = []

    def integer(t, x):
        asked.append(int(t[0, 0]))
        assert np.all(t == asked[-1])
        return shifted(t, x)

    result = measure(integer, gaussian, 5, samples=256, times=range(1, 6))
    assert set(asked) == {1, 2, 3, 4, 5}
    assert [at.time for at in result.by_time] == [1, 2, 3, 4, 5]
    assert [at.error for at in result.by_time] == pytest.approx([0.05 * t for t in range(1, 6)], rel=1e-6)
    assert result.record["by"] == "increments"


def test_a_map_to_a_later_time(gaussian):
    def to_one(t, x):
        return MEAN + np.sqrt(5 / (4 + t * t)) * (x - MEAN) + 0.1 * (t - 1)

    result = measure(to_one, gaussian, 5.0, samples=256, to=1.0, start=1.0)
    assert result.error == pytest.approx(0.05 * 4, rel=1e-6)


def test_maps_of_two_times(gaussian, tmp_path):
    def flow(t, u, x):
        return MEAN + np.sqrt((4 + u * u) / (4 + t * t)) * (x - MEAN) + 0.1 * (t - u)

    result = measure_pairs(flow, gaussian, 5.0, samples=256, times=[1.0, 3.0, 5.0])
    assert {(pair.start, pair.end) for pair in result.pairs} == {(t, u) for t in (1, 3, 5) for u in (0, 1, 3) if u < t}
    for pair in result.pairs:
        assert pair.error == pytest.approx(0.1 * (pair.start - pair.end) / np.sqrt(4 + pair.end**2), rel=0.05)
    assert result.error == pytest.approx(0.25, rel=1e-6)
    page = result.report(tmp_path / "page").read_text(encoding="utf-8")
    assert "Error from each time t to each earlier one u" in page


def test_a_map_that_is_not_the_same_function_at_every_call_is_refused(gaussian):
    random = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"the same points again another value.*model\.eval\(\)"):
        measure(lambda t, x: x * random.binomial(1, 0.9, x.shape), gaussian, 5.0, samples=64)
    with pytest.raises(ValueError, match="the same points again"):
        measure(lambda t, x: x + 0.001 * random.standard_normal(x.shape), gaussian, 5.0, samples=64)
    with pytest.raises(ValueError, match="a point alone another value"):
        measure(lambda t, x: x - x.mean(0), gaussian, 5.0, samples=64)


def test_values_that_are_no_numbers_are_refused_with_how_many(gaussian):
    with pytest.raises(ValueError, match="f returned inf for 1 of 64 points"):
        measure(lambda t, x: np.where(np.arange(len(x))[:, None] == 20, np.inf, x), gaussian, 5.0, samples=64)


def test_what_the_command_line_refuses_is_its_sentence(gaussian):
    with pytest.raises(CommandLineError, match="procss"):
        measure(true_map, {"procss": {}, **gaussian}, 5.0, samples=64)
    with pytest.raises(CommandLineError, match="--time"):
        measure(true_map, gaussian, -1.0, samples=64)


def test_a_map_that_returns_another_shape_is_refused(gaussian):
    for framework in ("numpy", None):
        with pytest.raises(ValueError, match=r"f returned the shape \[16\] for x of shape \[16, 3\] and t of shape \[16, 1\]"):
            measure(lambda t, x: x[:, 0], gaussian, 5.0, samples=64, framework=framework)
    with pytest.raises(ValueError, match=r"teacher returned the shape \[8\]"):
        measure_against(true_map, lambda t, x: x[:, 0], noise(8, 1.0), [0.0, 1.0])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (lambda x: x + 0j, "values of complex128"),
        (lambda x: x > 0, "values of bool"),
        (lambda x: x.astype(object), "values of object"),
        (lambda x: (x, 1), "an object of type tuple"),
        (lambda x: None, "an object of type NoneType"),
    ],
)
def test_values_that_are_no_real_numbers_are_refused(gaussian, values, said):
    with pytest.raises(ValueError, match=f"f returned {said}; expected an array of real numbers"):
        measure(lambda t, x: values(x), gaussian, 5.0, samples=64, framework="numpy")


def test_what_a_map_raises_is_said_in_a_line(gaussian):
    def broken(t, x):
        raise RuntimeError("mat1 and mat2 cannot be multiplied\nmore")

    with pytest.raises(TypeError, match=r"^f does not run .*: RuntimeError: mat1 and mat2 cannot be multiplied \(.*numpy\)\. ") as raised:
        measure(broken, gaussian, 5.0, samples=64)
    assert "\n" not in str(raised.value)
    with pytest.raises(TypeError, match="f is of type int; expected a function"):
        measure(5, gaussian, 5.0, samples=64)  # type: ignore[arg-type]


def test_a_map_may_change_what_it_is_given(gaussian):
    def in_place(t, x):
        x *= 0.5
        t += 1
        return x

    half = measure(lambda t, x: 0.5 * x, gaussian, 5.0, samples=64)
    assert measure(in_place, gaussian, 5.0, samples=64).error == half.error


def test_unknown_names_are_refused_with_those_there_are():
    z, times = noise(8, 1.0), [0.0, 1.0]
    with pytest.raises(ValueError, match="framework is 'tensorflow'; expected one of torch, jax, numpy"):
        measure_against(true_map, velocity, z, times, framework="tensorflow")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="time_shape is 'column'; expected one of broadcast, vector, scalar"):
        measure_against(true_map, velocity, z, times, time_shape="column")  # type: ignore[arg-type]


@pytest.mark.parametrize(("teacher", "predicts"), [(velocity, "velocity"), (denoiser, "denoiser")])
def test_against_a_teacher(teacher, predicts):
    times = 2 * np.tan(np.linspace(0, np.arctan(5 / 2), 17))
    z = noise(512, 5.0)
    exact = measure_against(true_map, teacher, z, times, predicts=predicts, integration=Integration(steps=16))
    # a step to t = 0 of a denoiser is Euler's
    assert exact.error < (1e-6 if predicts == "velocity" else 1e-3)
    wrong = measure_against(shifted, teacher, z, times, predicts=predicts)
    # the data that these rows end in have a spread of their own
    spread = np.sqrt(np.sum(np.var(true_map(5.0, z), axis=0)))
    assert wrong.error == pytest.approx(0.5 * np.sqrt(3) / spread, rel=1e-3)
    assert wrong.record["solverError"] < 1e-2
    assert [at.time for at in wrong.by_time] == pytest.approx(list(times))


def test_the_solver_error_falls_with_the_steps_as_its_order_says():
    times = np.array([0.5, 5.0])
    found = [
        measure_against(true_map, velocity, noise(64, 5.0), times, integration=Integration(steps=steps)).record["solverError"]
        for steps in (8, 16)
    ]
    assert 3.5 < np.log2(found[0] / found[1]) < 4.5


def test_images_and_weights():
    z = np.random.default_rng(1).standard_normal((32, 3, 4, 4))
    f = lambda t, x: x / np.sqrt(1 + t * t)
    weights = np.linspace(0, 1, 32)
    result = measure_against(f, lambda t, x: t * x / (1 + t * t), z, np.linspace(0.1, 4, 9), weights=weights)
    assert result.record["shape"] == [3, 4, 4]
    assert len(result.worst) == 8
    # a map that is the identity at 0 and not at 0.1 is off by that
    start = (z * np.sqrt(1.01 / 17)).reshape(32, -1)
    off = np.average(np.sum((start - start / np.sqrt(1.01)) ** 2, axis=1), weights=weights)
    centred = start - np.average(start, axis=0, weights=weights)
    assert result.error == pytest.approx(np.sqrt(off / np.average(np.sum(centred**2, axis=1), weights=weights)), rel=1e-4)


@pytest.mark.parametrize("times", [[1.0], [2.0, 1.0], [0.0, 0.0, 1.0], [[0.0, 1.0]]])
def test_times_that_do_not_ascend_are_refused(times):
    with pytest.raises(ValueError, match="times are not ascending"):
        measure_against(true_map, velocity, noise(8, 1.0), times)


def test_odd_steps_and_unknown_predictions_are_refused():
    with pytest.raises(ValueError, match="steps is 3"):
        Integration(steps=3)
    with pytest.raises(ValueError, match="predicts is 'x'"):
        measure_against(true_map, velocity, noise(8, 1.0), [0.0, 1.0], predicts="x")  # type: ignore[arg-type]


def test_a_report_is_written_from_the_values_that_were_measured(tmp_path):
    calls = []

    def watched(t, x):
        calls.append(len(x))
        return MEAN[:2] + 2 * (x - MEAN[:2]) / np.sqrt(4 + t * t) + 0.1 * t

    result = measure(watched, gaussian_of(CENTRE[:2]), 5.0, samples=256, intervals=16)
    asked = len(calls)
    page = result.report(tmp_path / "page")
    # f is not asked again: it may have been trained on
    assert len(calls) == asked
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    results = json.loads((page.parent / "results.json").read_text(encoding="utf-8"))
    assert results["trueError"] == result.record["trueError"]
    assert (page.parent / "figures" / "error-maps.svg").exists()
    worst = np.load(page.parent / "worst.npy")
    assert worst.shape == (len(results["worstRows"]), 2)
    assert result.diagnose()["cause"] is None


def test_the_cause_of_an_error_is_named(gaussian):
    result = measure(lambda t, x: true_map(0.5 * t, x), gaussian, 5.0, samples=256, intervals=16)
    found = result.diagnose()
    assert found["cause"] == "time-scale"
    assert found["fits"][0]["parameter"] == pytest.approx(0.5, rel=0.02)


def test_trajectories_of_a_teacher_that_are_off_are_told():
    # the step of a denoiser that ends at t = 0 is Euler's: with even times it is too long, with graded ones it is not
    noise = np.sqrt(1 + 10.0**2) * np.random.default_rng(0).standard_normal((64, 1))

    def exact(t, x):
        return x / np.sqrt(1 + t**2)

    def denoiser(t, x):
        return x / (1 + t**2)

    even = measure_against(exact, denoiser, noise, np.linspace(0, 10, 11), predicts="denoiser")
    assert even.error > 1e-3
    assert "The trajectories of the teacher are themselves off by about" in str(even)
    graded = measure_against(lambda t, x: exact(t, x) + 0.1 * t / (1 + t), denoiser, noise, 10 * np.linspace(0, 1, 33) ** 3, predicts="denoiser")
    assert "trajectories" not in str(graded)


def test_a_report_against_a_teacher(tmp_path):
    result = measure_against(shifted, velocity, noise(64, 5.0), np.linspace(0, 5, 9))
    page = result.report(tmp_path / "page")
    assert "flow of its teacher" in page.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="has no problem"):
        result.diagnose()
