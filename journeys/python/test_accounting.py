"""Google's `dp-accounting` reckons the same costs as `cloister privacy`.

Random settings come from a fixed seed. The test run takes a sample; all 1,000 are compared with
CLOISTER_ACCOUNTING_SETTINGS=1000 (Rényi bounds, about a minute) and
CLOISTER_ACCOUNTING_DISTRIBUTIONS=1000 (privacy loss distributions, some hours of the other side's time).
"""

import json
import os
import pathlib
import random
import subprocess
import unittest

import dp_accounting
from dp_accounting import pld, rdp

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLOISTER = os.environ.get("CLOISTER_BIN", str(ROOT / "target" / "release" / "cloister"))
SETTINGS = int(os.environ.get("CLOISTER_ACCOUNTING_SETTINGS", "60"))
DISTRIBUTIONS = int(os.environ.get("CLOISTER_ACCOUNTING_DISTRIBUTIONS", "6"))

# sigma, sampling rate, steps, delta, RDP epsilon, PLD epsilon at interval 1e-5 (dp-accounting 0.6.0;
# the last column takes the other side minutes, so it is kept here).
REFERENCE = [
    (1.1, 256 / 60000, 3510, 1e-5, 1.2803655751530596, 1.1328637055259707),
    (0.6, 256 / 60000, 14040, 1e-5, 12.016497486098176, 10.756934282253255),
    (1.0, 0.016, 625, 1e-5, 2.757512319167674, 2.4256873436475637),
    (2.0, 0.016, 625, 1e-5, 0.8943433728090363, 0.8111617554414728),
    (1.0, 0.001, 10000, 1e-6, 0.9795416255105758, 0.5551421886184853),
    (10.0, 0.1, 1000, 1e-6, 1.4860047673282248, 1.3794505415432026),
    (20.0, 1.0, 100, 1e-5, 2.165715659029443, 1.9930914044622028),
    (4.0, 1.0, 1, 1e-5, 1.0125506277526433, 0.926341504096506),
    (0.5, 0.01, 1000, 1e-5, 15.4721334181956, 13.360824005399717),
    (1.3, 0.01, 100000, 1e-7, 19.309849369583148, 18.324188386809418),
    (1.5, 0.032, 310, 1e-4, 1.6962099179242704, 1.5012950452675058),
    (3.0, 0.5, 100, 1e-5, 9.152967456154892, 8.387476037618995),
]


def cloister(*words):
    """Runs the program; its exit code, its document, and its words to stderr."""
    said = subprocess.run(
        [CLOISTER, *words, "--json"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=300, check=False,
    )
    return said.returncode, json.loads(said.stdout) if said.stdout else None, said.stderr


def epsilon(sigma, rate, steps, delta):
    """What `cloister privacy epsilon` says."""
    code, document, complaint = cloister(
        "privacy", "epsilon", "--sigma", repr(sigma), "--sampling", repr(rate),
        "--steps", str(steps), "--delta", repr(delta),
    )
    if code != 0:
        raise AssertionError(complaint)
    return document


def settings(count, steps_max):
    """Random plans, the same in every run."""
    draw = random.Random(20261127)
    for _ in range(count):
        sigma = 0.4 * 25 ** draw.random()
        rate = 10 ** (-3.5 * draw.random()) if draw.random() < 0.95 else 1.0
        steps = int(steps_max ** draw.random())
        yield sigma, rate, steps, 10 ** -draw.uniform(3, 9)


def renyi(sigma, rate, steps, delta):
    """The other side's Rényi epsilon at its own list of orders."""
    accountant = rdp.RdpAccountant()
    event = dp_accounting.PoissonSampledDpEvent(rate, dp_accounting.GaussianDpEvent(sigma))
    accountant.compose(event, steps)
    return accountant.get_epsilon(delta)


def distribution(sigma, rate, steps, delta, interval, pessimistic):
    """The other side's epsilon by privacy loss distributions, from above or from below."""
    one = pld.privacy_loss_distribution.from_gaussian_mechanism(
        sigma, value_discretization_interval=interval, sampling_prob=rate,
        pessimistic_estimate=pessimistic, use_connect_dots=pessimistic,
    )
    return one.self_compose(steps).get_epsilon_for_delta(delta)


class Renyi(unittest.TestCase):
    """Rényi bounds agree to a billionth."""

    def test_the_twelve_reference_plans_agree(self):
        for sigma, rate, steps, delta, expected, _ in REFERENCE:
            with self.subTest(sigma=sigma, rate=rate, steps=steps):
                found = epsilon(sigma, rate, steps, delta)["rdp"]
                self.assertLess(abs(found / expected - 1), 1e-9)

    def test_random_plans_agree(self):
        for plan in settings(SETTINGS, 30000):
            with self.subTest(plan=plan):
                expected = renyi(*plan)
                found = epsilon(*plan)["rdp"]
                self.assertLess(abs(found - expected), 1e-9 * max(expected, 1e-3))


class Distributions(unittest.TestCase):
    """The bracket holds what the other side's distributions say."""

    def test_the_twelve_reference_plans_lie_in_their_brackets(self):
        for sigma, rate, steps, delta, _, expected in REFERENCE:
            with self.subTest(sigma=sigma, rate=rate, steps=steps):
                found = epsilon(sigma, rate, steps, delta)["pld"]
                # The other side rounds up: the truth lies under it, by at most 2e-5 here.
                self.assertLessEqual(found["lower"], expected)
                self.assertGreaterEqual(found["upper"], expected - 2e-5)
                self.assertLess(found["upper"] / expected - 1, 1e-3)

    def test_random_plans_lie_in_their_brackets(self):
        for sigma, rate, steps, delta in settings(DISTRIBUTIONS, 2000):
            with self.subTest(sigma=sigma, rate=rate, steps=steps, delta=delta):
                above = distribution(sigma, rate, steps, delta, 1e-4, True)
                below = distribution(sigma, rate, steps, delta, 1e-4, False)
                found = epsilon(sigma, rate, steps, delta)["pld"]
                self.assertLessEqual(found["lower"], above + 1e-9)
                self.assertGreaterEqual(found["upper"], below - 1e-9)
                self.assertLess(found["upper"] - above, 1e-3 * above + 1e-4)
                self.assertGreater(found["lower"] - above, -2e-3 * above - 1e-3)

    def test_gaussians_alone_are_exact(self):
        for sigma, steps, expected in (
            (4.0, 1, 0.9263415039982303), (20.0, 100, 1.9930914044151173), (1.0, 1, 4.377178095681225),
        ):
            found = epsilon(sigma, 1.0, steps, 1e-5)
            self.assertAlmostEqual(found["pld"]["upper"], expected, delta=1e-12)
            self.assertAlmostEqual(found["pld"]["lower"], expected, delta=1e-12)
            self.assertAlmostEqual(found["gdp_mu"], steps ** 0.5 / sigma, delta=1e-12)


class Calibration(unittest.TestCase):
    """Noise is found by the tighter accountant, and it keeps the budget."""

    def test_the_noise_of_the_census_plan(self):
        for budget, expected in ((1.0, 1.693), (3.0, 0.904)):
            code, document, complaint = cloister(
                "privacy", "sigma", "--epsilon", repr(budget), "--delta", "1e-5",
                "--sampling", repr(1 / 64), "--steps", "640",
            )
            self.assertEqual(code, 0, complaint)
            self.assertAlmostEqual(document["sigma"], expected, delta=2e-3)
            kept = epsilon(document["sigma"], 1 / 64, 640, 1e-5)["pld"]
            self.assertLessEqual(kept["upper"], budget)
            self.assertGreater(kept["upper"], budget * 0.999)

    def test_nonsense_is_refused(self):
        good = {"--sigma": "1", "--sampling": "0.01", "--steps": "10", "--delta": "1e-5"}
        for word, value in (
            ("--sigma", "0"), ("--sigma", "-1"), ("--sigma", "nan"), ("--sampling", "0"),
            ("--sampling", "1.5"), ("--steps", "0"), ("--delta", "0"), ("--delta", "1"),
        ):
            words = [part for pair in {**good, word: value}.items() for part in (f"{pair[0]}={pair[1]}",)]
            code, document, complaint = cloister("privacy", "epsilon", *words)
            self.assertEqual((code, document), (2, None), complaint)
            self.assertIn("CL6010", complaint)

    def test_an_epsilon_out_of_reach_is_refused(self):
        code, document, complaint = cloister(
            "privacy", "sigma", "--epsilon", "1e-9", "--delta", "1e-12", "--sampling", "1",
            "--steps", "18446744073709551615",
        )
        self.assertEqual((code, document), (3, None), complaint)
        self.assertIn("CL4002", complaint)


if __name__ == "__main__":
    unittest.main()
