"""Fairlearn, AIF360 and scikit-learn, from the Python package index, compute what `cloister validate` computes."""

import csv
import json
import math
import os
import pathlib
import subprocess
import tempfile
import unittest
import warnings

import numpy
import pandas
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2_contingency

warnings.filterwarnings("ignore")

from aif360.datasets import BinaryLabelDataset  # noqa: E402
from aif360.metrics import ClassificationMetric  # noqa: E402
from aif360.algorithms.preprocessing import Reweighing  # noqa: E402
from fairlearn import metrics as fairlearn  # noqa: E402
from sklearn.metrics import accuracy_score, roc_auc_score  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLOISTER = os.environ.get("CLOISTER_BIN", str(ROOT / "target" / "release" / "cloister"))
CLOSE = 1e-9


def cloister(*words, expect=0):
    """Runs the program; returns its JSON document."""
    said = subprocess.run(
        [CLOISTER, "--json", *map(str, words)], stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=300, check=False,
    )
    if said.returncode != expect:
        raise AssertionError(f"cloister {words}: {said.returncode}\n{said.stderr}")
    return json.loads(said.stdout)


def table(rows, seed):
    """Scores, outcomes and two groupings with a gap between their groups."""
    random = numpy.random.default_rng(seed)
    sex = random.choice(["F", "M"], rows)
    area = random.choice(["city", "coast", "hills"], rows, p=[0.5, 0.3, 0.2])
    merit = random.normal(size=rows) + 0.4 * (sex == "M") - 0.3 * (area == "hills")
    outcome = (merit + random.normal(size=rows) > 0.3).astype(int)
    score = 1 / (1 + numpy.exp(-(merit + 0.5 * random.normal(size=rows))))
    return pandas.DataFrame(
        {"sex": sex, "area": area, "outcome": outcome, "score": score, "merit": merit,
         "decision": (score > 0.5).astype(int)}
    )


class WithTable(unittest.TestCase):
    """A folder with one table."""

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.file = pathlib.Path(cls.place.name) / "scored.csv"
        cls.table = table(1500, 1)
        cls.table.to_csv(cls.file, index=False, quoting=csv.QUOTE_MINIMAL)

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def close(self, ours, theirs, what):
        self.assertLess(abs(ours - theirs), CLOSE, f"{what}: {ours} {theirs}")


class Fairness(WithTable):
    """Group fairness."""

    def setUp(self):
        self.ours = cloister(
            "validate", "fairness", self.file, "--label", "outcome", "--prediction", "decision",
            "--group", "sex,area", "--privileged", "M",
        )["columns"]

    def test_fairlearns_gaps_are_ours(self):
        y, d = self.table["outcome"], self.table["decision"]
        for column in ("sex", "area"):
            between = self.ours[column]["fairness"]["between"]
            for name in (
                "demographic_parity_difference", "demographic_parity_ratio",
                "equalized_odds_difference", "equalized_odds_ratio",
                "equal_opportunity_difference", "equal_opportunity_ratio",
            ):
                theirs = getattr(fairlearn, name)(y, d, sensitive_features=self.table[column])
                self.close(between[name]["value"], theirs, f"{column} {name}")

    def test_fairlearns_rates_of_each_group_are_ours(self):
        measures = {
            "selection_rate": fairlearn.selection_rate,
            "true_positive_rate": fairlearn.true_positive_rate,
            "false_positive_rate": fairlearn.false_positive_rate,
            "true_negative_rate": fairlearn.true_negative_rate,
            "false_negative_rate": fairlearn.false_negative_rate,
            "accuracy": accuracy_score,
        }
        for column in ("sex", "area"):
            frame = fairlearn.MetricFrame(
                metrics=measures, y_true=self.table["outcome"], y_pred=self.table["decision"],
                sensitive_features=self.table[column],
            )
            for group in self.ours[column]["fairness"]["groups"]:
                for name in measures:
                    theirs = frame.by_group.loc[group["name"], name]
                    self.close(group[name]["value"], theirs, f"{group['name']} {name}")

    def aif360(self, decisions):
        numbers = pandas.DataFrame(
            {"sex": (self.table["sex"] == "M").astype(float), "outcome": decisions.astype(float)}
        )
        return BinaryLabelDataset(
            df=numbers, label_names=["outcome"], protected_attribute_names=["sex"],
            favorable_label=1.0, unfavorable_label=0.0,
        )

    def test_aif360s_measures_are_ours(self):
        theirs = ClassificationMetric(
            self.aif360(self.table["outcome"]), self.aif360(self.table["decision"]),
            unprivileged_groups=[{"sex": 0.0}], privileged_groups=[{"sex": 1.0}],
        )
        found = self.ours["sex"]["fairness"]
        compared, individual = found["compared"], found["individual"]
        for name in (
            "statistical_parity_difference", "disparate_impact", "equal_opportunity_difference",
            "average_odds_difference", "error_rate_difference",
        ):
            self.close(compared[name]["value"], getattr(theirs, name)(), name)
        self.close(
            compared["average_abs_odds_difference"], theirs.average_abs_odds_difference(), "abs odds"
        )
        self.close(individual["theil_index"], theirs.theil_index(), "theil")
        self.close(
            individual["generalized_entropy_index"], theirs.generalized_entropy_index(), "entropy"
        )
        self.close(
            individual["coefficient_of_variation"], theirs.coefficient_of_variation(), "variation"
        )
        self.close(
            individual["between_group_generalized_entropy_index"],
            theirs.between_group_generalized_entropy_index(), "between groups",
        )

    def test_aif360s_weights_are_ours(self):
        dataset = self.aif360(self.table["outcome"])
        weighted = Reweighing(
            unprivileged_groups=[{"sex": 0.0}], privileged_groups=[{"sex": 1.0}]
        ).fit_transform(dataset)
        ours = cloister(
            "validate", "fairness", self.file, "--label", "outcome", "--prediction", "decision",
            "--group", "sex", "--mitigate", "reweighing",
        )["columns"]["sex"]["remedy"]["weights"]
        for row in range(0, len(self.table), 50):
            sex, label = self.table["sex"][row], self.table["outcome"][row]
            self.close(ours[sex][label], weighted.instance_weights[row], "weight")

    def test_consistency_is_that_of_the_five_nearest(self):
        from sklearn.neighbors import NearestNeighbors

        rows = self.table[["merit", "score"]].to_numpy()
        near = NearestNeighbors(n_neighbors=5).fit(rows).kneighbors(rows, return_distance=False)
        decisions = self.table["decision"].to_numpy()
        theirs = 1 - numpy.mean(numpy.abs(decisions - decisions[near].mean(axis=1)))
        ours = cloister(
            "validate", "fairness", self.file, "--label", "outcome", "--prediction", "decision",
            "--group", "sex", "--consistency", "merit,score",
        )["consistency"]
        self.close(ours, theirs, "consistency")

    def test_thresholds_close_the_gap_on_the_other_half(self):
        large = pathlib.Path(self.place.name) / "large.csv"
        table(12_000, 5).to_csv(large, index=False)
        for remedy, name in (
            ("demographic", "demographic_parity_difference"),
            ("equalized-odds", "equalized_odds_difference"),
        ):
            found = cloister(
                "validate", "fairness", large, "--label", "outcome", "--score", "score",
                "--group", "sex", "--mitigate", remedy,
            )["columns"]["sex"]["remedy"]
            before, after = found["before"][name]["value"], found["after"][name]["value"]
            self.assertGreater(before, 0.06)
            self.assertLess(after, before)

    def test_few_rows_are_not_shown_and_a_gap_can_be_a_gate(self):
        small = pathlib.Path(self.place.name) / "small.csv"
        self.table.head(30).to_csv(small, index=False)
        words = ["--label", "outcome", "--prediction", "decision", "--group", "area"]
        found = cloister("validate", "fairness", small, *words)["columns"]["area"]["fairness"]
        self.assertGreater(found["suppressed"], 0)
        for group in found["groups"]:
            self.assertFalse(0 < (group["rows"] or 0) < 11, group["name"])
        self.assertIsNone(found["individual"], "it would tell small counts")
        cloister("validate", "fairness", self.file, *words, "--max-gap", "0.01", expect=4)


class Drift(WithTable):
    """Movement of columns, and performance without outcomes."""

    def test_distances_between_tables_are_those_of_scipy(self):
        newer = table(1200, 2)
        newer["merit"] += 0.5
        file = pathlib.Path(self.place.name) / "newer.csv"
        newer.to_csv(file, index=False)
        found = cloister("validate", "drift", self.file, file, "--columns", "area,merit")
        area = found[0]["drift"]
        names = sorted(self.table["area"].unique())
        counts = [[(one["area"] == name).sum() for name in names] for one in (self.table, newer)]
        shares = [numpy.array(row) / sum(row) for row in counts]
        self.close(area["divergence"]["distance"], jensenshannon(*shares, 2), "Jensen-Shannon")
        self.close(area["divergence"]["p_value"], chi2_contingency(counts)[1], "p")
        merit = found[1]["drift"]
        self.assertLess(merit["divergence"]["p_value"], 1e-6)
        self.assertNotEqual(merit["verdict"], "stable")
        cloister(
            "validate", "drift", self.file, file, "--columns", "merit", "--max-psi", "0.05", expect=4
        )

    def test_the_estimate_without_outcomes_is_the_published_formula(self):
        """CBPE as NannyML publishes it: each row counts as a positive by its probability."""
        found = cloister("validate", "performance", self.file, "--score", "score")
        p = self.table["score"].to_numpy()
        accuracy = numpy.mean(numpy.where(p > 0.5, p, 1 - p))
        self.close(found["accuracy"]["value"], accuracy, "accuracy")
        # Every row twice, once as a positive and once as a negative, with its weights.
        auc = roc_auc_score(
            numpy.r_[numpy.ones_like(p), numpy.zeros_like(p)], numpy.r_[p, p],
            sample_weight=numpy.r_[p, 1 - p],
        )
        self.close(found["auc"]["value"], auc, "AUC")

    def test_calibrated_on_older_rows_it_is_near_the_truth(self):
        newer = table(6000, 3)
        file = pathlib.Path(self.place.name) / "unlabelled.csv"
        newer.drop(columns="outcome").to_csv(file, index=False)
        older = pathlib.Path(self.place.name) / "older.csv"
        table(6000, 4).to_csv(older, index=False)
        found = cloister(
            "validate", "performance", file, "--score", "score", "--reference", older,
            "--label", "outcome",
        )
        truth = roc_auc_score(newer["outcome"], newer["score"])
        self.assertLess(abs(found["auc"]["value"] - truth), 0.02)
        accuracy = accuracy_score(newer["outcome"], newer["decision"])
        self.assertLess(abs(found["accuracy"]["value"] - accuracy), 0.02)
        # What NannyML 0.13.1 says of the same rows, recorded: bench/peers/nannyml_cbpe.py.
        self.assertLess(abs(found["auc"]["value"] - 0.803262), 0.01)
        self.assertLess(abs(found["accuracy"]["value"] - 0.714331), 0.01)
        self.assertFalse(math.isnan(found["base_rate"]))


if __name__ == "__main__":
    unittest.main()
