"""Core Lightning's own reader in Python on repaired stores: does it count what the plan counts?

counts.py FULGURITE FOLDER: every store (*.gs) of the folder is repaired by that command, as
version 16 and as version 15 (the versions that pyln-client reads), and each outcome is read by
pyln.client.gossmap. Prints one line for each disagreement, then `N passed, N failed`.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from pyln.client.gossmap import Gossmap

VERSIONS = (16, 15)


def repaired(command, store, version, out):
    """The plan of a repair, or None where nothing could be saved."""
    run = [command, "repair", store, "-o", out, "--store-version", str(version), "--json"]
    done = subprocess.run(run, capture_output=True, text=True)
    if done.returncode != 0 and not out.exists():
        return None
    return json.loads(done.stdout)["plan"]


def planned(plan):
    """What the plan counts."""
    return {name: plan[name] for name in ("channels", "updates", "nodes", "announced_nodes")}


def read(path):
    """What pyln-client counts."""
    gossmap = Gossmap(str(path))
    halves = [half for channel in gossmap.channels.values() for half in channel.half_channels]
    return {
        "channels": len(gossmap.channels),
        "updates": sum(half is not None for half in halves),
        "nodes": len(gossmap.nodes),
        "announced_nodes": sum(node.announced for node in gossmap.nodes.values()),
    }


def main(command, folder):
    passed, failed, empty = 0, 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        for store in sorted(Path(folder).glob("*.gs")):
            for version in VERSIONS:
                out = Path(scratch) / f"{store.stem}.{version}"
                plan = repaired(command, store, version, out)
                if plan is None:
                    empty += 1
                    print(f"# {store.stem} as version {version}: nothing to write")
                    continue
                ours, theirs = planned(plan), read(out)
                if ours == theirs:
                    passed += 1
                else:
                    failed += 1
                    print(f"{store.stem} as version {version}: plan {ours}, pyln-client {theirs}")
    print(f"# {empty} without an outcome")
    print(f"{passed} passed, {failed} failed")
    return failed > 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
