"""Lives through a year of a practice with everything going wrong, and holds what was told against what is on file.

python -m benchmarks.year               a year of 300 patients
python -m benchmarks.year --quick       two months of 20
python -m benchmarks.year --seed 7      the same again
"""
