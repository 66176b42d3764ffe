"""Benchmarks: what campaigns reached and cost, beside what it can be compared with.

references   figures that others published: the shipped list and a user's own
own          how the own posts spread, by platform and month
comparisons  published figures beside the own ones, or why not
peers        competitors, from LinkedIn's export
tables       the tables of the export, declared once
remarks      what a reader must know
benchmark    all of it, from one moment of the store
package      the tables as a data package: CSV, JSON, Parquet
workbook     the same for reading: XLSX
files        putting files in a folder, whole or not at all
"""

from campaigns.benchmarks.benchmark import Benchmark, Request, benchmark
from campaigns.benchmarks.files import export
from campaigns.benchmarks.references import Reference, collected, shipped

__all__ = ["Benchmark", "Reference", "Request", "benchmark", "collected", "export", "shipped"]
