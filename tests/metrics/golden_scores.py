"""Prints the rows of the table in confusion_matrix_test.cpp, computed by scikit-learn.

    pip install scikit-learn && python tests/metrics/golden_scores.py
"""

from sklearn.metrics import accuracy_score, precision_recall_fscore_support

# name, classes, actual labels, predicted labels (a digit per sample)
CASES = [
    ("all right", 3, "0012", "0012"),
    ("all wrong", 2, "0011", "1100"),
    ("mixed", 3, "000011112222", "001112112202"),
    ("class 2 is never predicted", 3, "001122", "001101"),
    ("class 1 has no sample", 3, "000222", "011220"),
    ("class 3 neither occurs nor is predicted", 4, "001122", "011022"),
    ("one class", 1, "000", "000"),
    ("ten classes", 10, "01234567890123456789", "01235567891123456780"),
]


def numbers(values):
    return "{" + ", ".join(repr(float(v)) for v in values) + "}"


for name, classes, actual, predicted in CASES:
    y_true, y_pred = [int(c) for c in actual], [int(c) for c in predicted]
    labels = list(range(classes))
    per_class = precision_recall_fscore_support(y_true, y_pred, labels=labels, zero_division=0)
    macro = precision_recall_fscore_support(y_true, y_pred, labels=labels, average="macro", zero_division=0)
    precision, recall, f1, support = per_class
    print(f'{{"{name}", {classes}, "{actual}", "{predicted}", {accuracy_score(y_true, y_pred)!r},')
    print(f" {numbers(precision)}, {numbers(recall)}, {numbers(f1)},")
    print(" {" + ", ".join(str(int(n)) for n in support) + "}, " + numbers(macro[:3]) + "},")
