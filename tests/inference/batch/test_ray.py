"""The engine of a cluster writes what the local one writes, also when a machine is lost.

Run by `make ray-test`: it needs Ray, which the other tests do not.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from nianbao.inference.batch.local import run_local
from nianbao.inference.batch.options import Options
from nianbao.inference.batch.run import Summary, batch
from nianbao.models.errors import NianbaoError

ROOT = Path(__file__).parents[3]
Write = Callable[..., Path]
Contents = Callable[[str], dict[str, bytes]]

pytestmark = [
    pytest.mark.ray,
    # Ray leaves sockets open and speaks of changes to come
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
    pytest.mark.filterwarnings(
        "ignore::FutureWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
    ),
]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Of two nodes with a processor each; the second can be lost."""
    from ray.cluster_utils import Cluster

    paths = os.pathsep.join((str(ROOT / ".dev"), str(Path(__file__).parent)))
    monkeypatch.setenv("PYTHONPATH", paths)  # for the workers of the nodes
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    store = {"object_store_memory": 80 << 20}
    found = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, **store})
    found.second = found.add_node(num_cpus=1, **store)
    found.wait_for_nodes()
    yield found
    found.shutdown()


def run_on(cluster: Any, source: Path, out: Path, **options: Any) -> Summary:
    from nianbao.inference.batch.ray_engine import ray_engine

    stopping = options.pop("stopping", bool)
    chosen, engine = Options(**options), ray_engine(cluster.address)
    return batch([str(source)], out, chosen, run=engine, stopping=stopping)


def test_a_node_killed_in_the_middle_changes_no_byte(
    cluster: Any, write: Write, contents: Contents, tmp_path: Path
) -> None:
    reports = [path.read_text("utf-8") for path in sorted((ROOT / "examples").glob("*.txt"))]
    for number in range(200):
        write(f"in/{number:03}.txt", f"{reports[number % len(reports)]}\n{number}\n")
    write("in/bad.pdf", "%PDF-1.7\n")
    source, out = tmp_path / "in", tmp_path / "ray"
    options = Options(shard_size=4, workers=1)
    assert batch([str(source)], tmp_path / "local", options, run=run_local).tally.parsed == 200

    lost: list[Path] = []

    def kill() -> None:
        """As soon as the second node has a document in hand and shards are done."""
        own = f".batch/tmp/{cluster.second.node_id}-*/worker-0"
        while not (found := list(out.glob(own))) or len(list(out.glob("reports/*"))) < 5:
            time.sleep(0.01)
        lost.extend(found)
        cluster.remove_node(cluster.second, allow_graceful=False)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    summary = run_on(cluster, source, out, shard_size=4)
    killer.join(timeout=1)
    assert lost and len(cluster.list_all_nodes()) == 1
    assert (summary.tally.parsed, summary.tally.failed, summary.n_left) == (200, 1, 0)
    assert contents("ray") == contents("local")
    assert sum("part-" in line for line in log_of(out)) == 51


def log_of(out: Path) -> list[str]:
    return (out / "run.log").read_text("utf-8").splitlines()


def test_documents_that_hang_or_crash_cost_themselves_alone(
    cluster: Any, write: Write, contents: Contents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent)
    load = import_module("reports_for_batch").load
    poison = {3: "HANG", 7: "STUCK", 12: "CRASH", 13: "HUGE", 20: "NOT"}
    for number in range(24):
        write(f"in/{number:02}.txt", f"{poison.get(number, '报告')}{number}")
    given = {"load": load, "shard_size": 4, "timeout": 1.5, "max_memory": 800}
    batch([str(tmp_path / "in")], tmp_path / "local", Options(workers=1, **given), run=run_local)
    summary = run_on(cluster, tmp_path / "in", tmp_path / "ray", **given)
    assert (summary.tally.parsed, summary.tally.failed) == (19, 5)
    assert contents("ray") == contents("local")


def test_a_run_that_was_stopped_goes_on_elsewhere(
    cluster: Any, write: Write, contents: Contents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent)
    load = import_module("reports_for_batch").load
    for number in range(60):
        write(f"in/{number:02}.txt", "SLOW" * 3 + str(number))
    source, out = tmp_path / "in", tmp_path / "ray"
    given: dict[str, Any] = {"load": load, "shard_size": 1}

    def begun() -> bool:
        return len(list(out.glob("reports/*"))) > 3

    summary = run_on(cluster, source, out, stopping=begun, **given)
    assert 0 < summary.n_left < 57
    assert batch([str(source)], out, Options(**given), run=run_local).tally.parsed == 60
    batch([str(source)], tmp_path / "local", Options(**given), run=run_local)
    assert contents("ray") == contents("local")


def test_a_machine_with_another_version_is_refused(
    cluster: Any, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("in/1.txt")
    other = {"code": "another"}
    monkeypatch.setattr("nianbao.inference.batch.run.fingerprint", lambda options: other)
    with pytest.raises(NianbaoError, match="E406.*another version.*code"):
        run_on(cluster, tmp_path / "in", tmp_path / "out")


def test_the_command_starts_a_ray_of_its_own_and_says_nothing_of_it(
    write: Write, tmp_path: Path
) -> None:
    write("in/1.txt", (ROOT / "examples/01-county-bureau.txt").read_text("utf-8"))
    words = ["-m", "nianbao", "batch", "in", "-o", "out", "--engine", "ray", "--quiet"]
    done = subprocess.run(
        [sys.executable, *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / ".dev")},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert len(list(tmp_path.glob("out/reports/*.parquet"))) == 1


def test_no_cluster_at_an_address_is_told(write: Write, tmp_path: Path) -> None:
    from nianbao.inference.batch.ray_engine import ray_engine

    write("in/1.txt")
    with pytest.raises(NianbaoError, match="E406"):
        engine = ray_engine("127.0.0.1:1")
        batch([str(tmp_path / "in")], tmp_path / "out", Options(), run=engine)
