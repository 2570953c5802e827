"""Recommendations over HTTP at several sizes of the catalogue, and what importing and refitting them takes.

    python -m benchmarks.bench_scale [--folder FOLDER] [--sizes 90000 1000000] [--refit]

The catalogues are sampled from the loaded one (`make run` once; benchmarks/enlarged_catalogue.py says
how) and kept in the folder: only the first run makes them, a million tracks in some minutes and 3 GB. Then a
site of each size is served, and in every round each target is asked of each site in turn, as in
`bench_http`; a ratio is to the empty view of the same site. Beside the wall clock stands the processor time
of the web processes, which other work on the machine disturbs less.
"""

import argparse
import json
from contextlib import AbstractContextManager, ExitStack
from multiprocessing import Pool
from pathlib import Path
from statistics import median

from benchmarks.bench_http import FLOOR, Answered, answered, ratio, targets  # sets Django up
from benchmarks.enlarged_catalogue import tracks_asked_for
from benchmarks.enlarged_site import Cost, built_site, costs_of, environment_of
from benchmarks.site import Site, running_site

SEARCHES = "search"
Figures = dict[str, dict[int, list[Answered]]]


def main() -> None:
    options = arguments()
    sites = {size: built_site(options.folder, size, refit=options.refit) for size in options.sizes}
    if options.rounds:
        report(measure(sites, options), as_json=options.json)
    report_costs({size: costs_of(data) for size, data in sites.items()}, as_json=options.json)


def arguments() -> argparse.Namespace:
    from django.conf import settings

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--folder", type=Path, default=settings.DATA_DIR / "benchmarks", help="of the catalogues"
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[90_000, 1_000_000], help="numbers of tracks")
    parser.add_argument("--refit", action="store_true", help="fit the catalogues that are there anew")
    parser.add_argument("--rounds", type=int, default=5, help="0 only builds")
    parser.add_argument("--requests", type=int, default=100, help="per client, target, size and round")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


def measure(folders: dict[int, Path], options: argparse.Namespace) -> Figures:
    """Every round, by target and size."""
    asked = {size: targets(tracks_asked_for(data), [1]) for size, data in folders.items()}
    names = [name for name in asked[options.sizes[0]] if not name.startswith(SEARCHES)]
    figures: Figures = {name: {size: [] for size in folders} for name in names}
    with Pool(options.clients) as pool, ExitStack() as stack:
        sites = {size: stack.enter_context(_site(data)) for size, data in folders.items()}
        for number in range(options.rounds + 1):
            for name in names:
                for size, site in sites.items():
                    paths = asked[size][name]
                    value = answered(pool.map, site, paths, options.clients, options.requests)
                    if number:  # the first round warms caches and is not counted
                        figures[name][size].append(value)
    return figures


def _site(data: Path) -> AbstractContextManager[Site]:
    return running_site("config.wsgi", "/benchmark/empty", environment=environment_of(data))


def ratios(figures: Figures) -> dict[str, dict[int, Answered]]:
    """By target and size, how many times the empty view of the same site and round: the medians."""
    return {
        name: {size: ratio(values, figures[FLOOR][size]) for size, values in of_sizes.items()}
        for name, of_sizes in figures.items()
    }


def report(figures: Figures, *, as_json: bool) -> None:
    found = ratios(figures)
    if as_json:
        print(
            json.dumps(
                {
                    name: {str(size): [round(x, 2) for x in times] for size, times in row.items()}
                    for name, row in found.items()
                }
            )
        )
        return
    sizes = list(figures[FLOOR])
    print(
        "| target |"
        + "".join(f" {size:,}: p50, ms | × the empty view | in processor time |" for size in sizes)
        + " largest / smallest |"
    )
    print("|---" * (2 + 3 * len(sizes)) + "|")
    for name, row in found.items():
        p50s = {size: median(value.ms for value in figures[name][size]) for size in sizes}
        cells = "".join(
            f" {p50s[size]:.2f} | {row[size].ms:.2f} | {row[size].processor_ms:.2f} |" for size in sizes
        )
        apart = p50s[max(sizes)] / p50s[min(sizes)]
        print(f"| {name} |{cells} {apart:.2f} |")


def report_costs(costs: dict[int, list[Cost]], *, as_json: bool) -> None:
    if as_json:
        print(
            json.dumps(
                {
                    str(size): {c.step: [c.seconds, c.processor_seconds, c.peak_mb] for c in each}
                    for size, each in costs.items()
                }
            )
        )
        return
    print("\n| tracks | step | s | s of processor | peak of the process, MB |\n|---|---|---|---|---|")
    for size, each in costs.items():
        for cost in each:
            row = (f"{size:,}", cost.step, f"{cost.seconds:.1f}", f"{cost.processor_seconds:.1f}")
            print(f"| {' | '.join(row)} | {cost.peak_mb:,} |")


if __name__ == "__main__":
    main()
