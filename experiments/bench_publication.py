"""How long the form for publication takes, what it hides, and how narrow the narrowest range is.

    python experiments/bench_publication.py --data DIR --area E09000002 --area E12000007 --year 2023/24

Prints one row an area: wards, seconds of the choice and its proof, counts hidden for being small, counts hidden because
others follow from them, the narrowest range. Reading the files and drawing the assessment are not in the seconds.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from wardcast_models.disclosure.public import publish
from wardcast_models.disclosure.rule import packaged_rule, read_rule
from wardcast_models.errors import WardcastError
from wardcast_models.panel.monitoring_assembly import read_monitoring
from wardcast_models.profile.assess import assess


def main() -> int:
    """Run the benchmark.

    Returns:
        Exit code: 0 where every area can be published.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of data files")
    parser.add_argument("--area", action="append", required=True, help="GSS code; repeat for several areas")
    parser.add_argument("--year", required=True, help="financial year, for example 2023/24")
    parser.add_argument("--wards", help="ward vintage, for example WD18")
    parser.add_argument("--rule", type=Path, help="small-number rule in place of the packaged one")
    options = parser.parse_args()
    try:
        rule = packaged_rule() if options.rule is None else read_rule(options.rule)
        print(f"{'area':<24}{'wards':>7}{'seconds':>9}{'small':>7}{'complements':>13}{'narrowest':>11}")
        for area in options.area:
            assessment = assess(read_monitoring(options.data, area=area, wards=options.wards), year=options.year)
            start = time.perf_counter()
            publication = publish(assessment, rule)
            seconds = time.perf_counter() - start
            reasons = publication.proof["reason"].value_counts()
            wards = len(assessment.ward_names)
            print(
                f"{assessment.area_name:<24}{wards:>7}{seconds:>9.1f}{reasons.get('small', 0):>7}"
                f"{reasons.get('complement', 0):>13}{publication.narrowest:>11g}"
            )
    except WardcastError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
