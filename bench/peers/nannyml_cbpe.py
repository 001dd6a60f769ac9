"""What NannyML says of a table without outcomes: the figures `journeys/python/test_fairness.py` holds.

    nannyml_cbpe.py

It needs NannyML, which brings too much for the test command. The reference is 6,000 rows with
outcomes, the analysis 6,000 rows without; the tables are built as the test builds them. Prints the
estimated area under the curve and accuracy of the whole analysis as one chunk.
"""

import sys

import nannyml
import numpy
import pandas


def table(rows, seed):
    """As in `journeys/python/test_fairness.py`."""
    random = numpy.random.default_rng(seed)
    sex = random.choice(["F", "M"], rows)
    area = random.choice(["city", "coast", "hills"], rows, p=[0.5, 0.3, 0.2])
    merit = random.normal(size=rows) + 0.4 * (sex == "M") - 0.3 * (area == "hills")
    outcome = (merit + random.normal(size=rows) > 0.3).astype(int)
    score = 1 / (1 + numpy.exp(-(merit + 0.5 * random.normal(size=rows))))
    return pandas.DataFrame({"outcome": outcome, "score": score, "decision": (score > 0.5).astype(int)})


def main():
    estimator = nannyml.CBPE(
        y_pred_proba="score", y_pred="decision", y_true="outcome", metrics=["roc_auc", "accuracy"],
        chunk_size=6000, problem_type="classification_binary",
    )
    estimator.fit(table(6000, 4))
    result = estimator.estimate(table(6000, 3).drop(columns="outcome"))
    result = result.filter(period="analysis").to_df()
    for metric in ("roc_auc", "accuracy"):
        print(metric, f"{float(result[(metric, 'value')].iloc[0]):.6f}")


if __name__ == "__main__":
    sys.exit(main())
